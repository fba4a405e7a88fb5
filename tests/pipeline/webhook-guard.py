"""What is no clean HTTP, byte by byte: one clear answer, the connection closed, nothing taken, others unharmed."""
import json
import socket

from gate import Gate, read_all, request
from smuggling import forms
from town import main


def item(i):
    return json.dumps({"id": f"c{i}", "text": "Bonjour"}).encode()


def refused(ok, gate):
    """Every form of a header that two readers could read differently."""
    cases = forms(request(item("no")), b"/v1/comments/formulaire")
    for name, (want, data) in cases.items():
        statuses, answer = gate.raw(data, 15)
        ok(statuses == [want] and b"close" in answer.lower() and b"microhttpd" not in answer.lower(),
           f"{name}: {want}", answer[:300])
        statuses, answer = gate.raw(data + request(item("behind")), 15)
        ok(statuses in ([want], []), f"{name}: what is pipelined behind it is not read", answer[:300])
    ok(gate.journal() == [], "nothing of all that is in the journal", gate.journal())


def one_a_connection(ok, gate):
    statuses, _ = gate.raw(request(item("p1")) + request(item("p2")) + request(item("p3")))
    ok(statuses == [202] and [i[2] for i in gate.journal()] == ["cp1"],
       "of pipelined requests the first is answered, the others neither read nor answered", statuses)
    body = item("ch")
    chunks = b"".join(b"%x\r\n%c\r\n" % (1, b) for b in body) + b"0\r\n\r\n"
    chunked = request(body, "Transfer-Encoding: chunked\r\n", length=False)[:-len(body)]
    ok(gate.raw(chunked + chunks)[0] == [202], "a body in chunks of one byte")
    ok(gate.raw(chunked + b"zz\r\n" + body)[0] == [400], "a chunk size that is none: 400")
    with gate.connect() as s:
        s.sendall(chunked + chunks[:-5])
        s.shutdown(socket.SHUT_WR)
        ok(read_all(s)[0] in ([], [400]), "chunks without an end: no 202")
    with gate.connect() as s:
        body = item("wait")
        data = request(body, "Expect: 100-continue\r\n")
        s.sendall(data[:-len(body)])
        first = s.recv(100)
        ok(first.startswith(b"HTTP/1.1 100"), "Expect: 100-continue is answered before the body", first)
        s.sendall(body)
        ok(read_all(s)[0][-1:] == [202], "… and then the body is taken")
    body = item("unsigned")
    with gate.connect() as s:
        s.sendall(b"POST /v1/comments/formulaire HTTP/1.1\r\nHost: gate\r\nContent-Type: application/json\r\n"
                  b"Expect: 100-continue\r\nContent-Length: 4000000\r\n\r\n")
        ok(read_all(s)[0] == [401], "without a signature the body is not even asked for")


def oversize(ok, gate):
    for n in (5 << 20, 12 << 20):
        statuses, data = gate.raw(request(b" " * n))
        ok(statuses == [413], f"{n >> 20} MiB: 413, and the sender gets to read it", (statuses, data[:100]))
    head = (b"POST /v1/comments/formulaire HTTP/1.1\r\nHost: gate\r\nContent-Type: application/json\r\n"
            b"X-Tocsin-Signature: x\r\nX-Tocsin-Timestamp: 1\r\n")
    statuses, _ = gate.raw(head + b"Content-Length: 99999999999\r\n\r\n")
    ok(statuses == [413], "93 GiB announced: 413 at once", statuses)
    with gate.connect() as s:
        s.sendall(head + b"Transfer-Encoding: chunked\r\n\r\n")
        sent = 0
        try:
            while sent < 64 << 20:
                s.sendall(b"10000\r\n" + bytes(65536) + b"\r\n")
                sent += 65536
        except OSError:
            pass
        ok(sent < 32 << 20, "a chunked body without end is cut off", sent)


def cut(ok, gate):
    """A connection that breaks after each byte in turn: either the whole request or nothing."""
    body = item("cut")
    data = request(body)
    before = len(gate.journal())
    for i in range(len(data)):
        s = gate.connect()
        s.sendall(data[:i])
        s.close()
    ok(gate.post(item("after"))[0] == 202, f"after {len(data)} broken requests the next one is taken")
    ok([i[2] for i in gate.journal()[before:]] == ["cafter"], "nothing of the broken ones is")
    ok(gate.raw(data)[0] == [202], "the whole one is taken")
    body = item("gone")
    with gate.connect() as s:
        s.sendall(request(body))
    ok(gate.post(item("after2"))[0] == 202 and "cafter2" in [i[2] for i in gate.journal()],
       "a sender that leaves before its answer disturbs nobody")


def scenario(ok):
    with Gate() as gate:
        refused(ok, gate)
        one_a_connection(ok, gate)
        oversize(ok, gate)
        cut(ok, gate)
        ok(gate.processes["webhook"].poll() is None and gate.processes["ingest"].poll() is None, "both are alive")
        ok(gate.gauge("webhook_waiting_bytes") == 0, "nothing is left in memory")


main(scenario)
