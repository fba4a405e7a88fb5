"""Slow senders hold nobody up: they get so long in all and no longer, and make room when it is needed."""
import json
import socket

from gate import Gate, request
from slow import Slow, past
from town import main


def item(i):
    return json.dumps({"id": f"c{i}", "text": "Bonjour"}).encode()


def good(gate, name, statuses):
    """Posts the nth comment of that name; not to be answered at all is what the limit is for."""
    return lambda i: statuses.append(gate.post(item(f"{name}{i}"), timeout=120)[0])


def posts(gate, n, name):
    """What n good requests were answered."""
    statuses = []
    for i in range(n):
        good(gate, name, statuses)(i)
    return set(statuses)


def scenario(ok):
    with Gate() as gate:
        posts(gate, 1, "warm")
        data = request(item("slow") + b" " * 1000)
        head = data.index(b"\r\n\r\n") + 4
        slow = Slow(gate.connect, 150, data, 20, renew=True)
        slow_body = Slow(gate.connect, 150, data, head + 10, renew=True)
        idle = [gate.connect() for _ in range(50)]
        statuses = []
        free = past([slow, slow_body], 100, good(gate, "beside", statuses))
        ok(set(statuses) == {202} and free, "350 slow connections hold no good request up", (free, set(statuses)))
        slow.renew = slow_body.renew = False
        slow.join(120)
        ok(not slow.is_alive() and len(slow.lived) >= 150 and min(slow.lived) > 9,
           "a header has 10 s in all, however it trickles", sorted(slow.lived)[:3])
        ok(set(slow.answers) == {b"408"}, "… and 408 says so", set(slow.answers))
        slow_body.join(120)
        ok(not slow_body.is_alive() and len(slow_body.lived) >= 150 and min(slow_body.lived) > 19,
           "a body has 20 s in all", sorted(slow_body.lived)[:3])
        ok(set(slow_body.answers) == {b"408"}, "… and 408 says so", set(slow_body.answers))
        ok([s.recv(10) for s in idle] == [b""] * 50, "who says nothing is closed without a word")
        for s in idle:
            s.close()
        # More than there is room for.
        flood = Slow(gate.connect, 700, data, 20)
        statuses = posts(gate, 50, "flood")
        ok(statuses == {202}, "700 slow connections neither", statuses)
        flood.stop = True
        flood.join()
        gate.wait(lambda: (gate.gauge("webhook_guard_evicted_total") or 0) >= 100)
        ok(gate.gauge("webhook_guard_evicted_total") >= 100, "the oldest have made room",
           gate.gauge("webhook_guard_evicted_total"))
        # Bodies that fill the memory for bodies.
        head = data[:data.index(b"Content-Length")] + b"Content-Length: 4000000\r\n" + \
            data[data.index(b"Content-Type"):data.index(b"\r\n\r\n") + 4]
        heavy = []
        for _ in range(40):
            s = gate.connect()
            s.settimeout(2)
            try:
                s.sendall(head + bytes(3000000))
            except (OSError, socket.timeout):
                pass
            heavy.append(s)
        statuses = posts(gate, 50, "heavy")
        ok(statuses == {202}, "nor do 40 unfinished bodies of 3 MB", statuses)
        with open(f"/proc/{gate.processes['webhook'].pid}/status", encoding="ascii") as f:
            peak = next(int(line.split()[1]) for line in f if line.startswith("VmHWM"))
        with open(f"/proc/{gate.processes['webhook'].pid}/maps", encoding="ascii") as f:
            limit = 800000 if "libasan" in f.read() else 200000  # it keeps what was freed
        ok(peak < limit, "memory stays bounded", f"{peak} kB")
        for s in heavy:
            s.close()
        # One that never reads its answer.
        deaf = gate.connect()
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        deaf.sendall(request(item("deaf")))
        statuses = posts(gate, 5, "deaf")
        ok(statuses == {202}, "one that doesn't read its answer holds nobody up", statuses)
        ids = [i[2] for i in gate.journal()]
        want = 1 + 100 + 50 + 50 + 5 + 1
        ok(len(ids) == len(set(ids)) == want, f"the journal has the {want} good ones", len(ids))


main(scenario)
