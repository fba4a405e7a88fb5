"""Slow senders hold nobody up: they get so long in all and no longer, and make room when it is needed."""
import json
import socket
import time

from gate import Gate, request
from slow import Slow
from town import main


def item(i):
    return json.dumps({"id": f"c{i}", "text": "Bonjour"}).encode()


def quick(gate, n, name):
    """The slowest of n good requests, in seconds."""
    worst = 0
    for i in range(n):
        began = time.monotonic()
        status, answer, _ = gate.post(item(f"{name}{i}"), timeout=60)
        if status != 202:
            return f"{status} {answer}"
        worst = max(worst, time.monotonic() - began)
    return worst


def scenario(ok):
    with Gate() as gate:
        quick(gate, 1, "warm")
        data = request(item("slow") + b" " * 1000)
        head = data.index(b"\r\n\r\n") + 4
        slow = Slow(gate.connect, 150, data, 20)
        slow_body = Slow(gate.connect, 150, data, head + 10)
        idle = [gate.connect() for _ in range(50)]
        worst = quick(gate, 100, "beside")
        ok(isinstance(worst, float) and worst < 6, "beside 350 slow connections every good request is quick", worst)
        slow.join(60)
        ok(len(slow.lived) == 150 and max(slow.lived) < 30 and min(slow.lived) > 9,
           "a header has 10 s in all, however it trickles", sorted(slow.lived)[-3:])
        ok(set(slow.answers) == {b"408"}, "… and 408 says so", set(slow.answers))
        slow_body.join(90)
        ok(len(slow_body.lived) == 150 and max(slow_body.lived) < 60 and min(slow_body.lived) > 19,
           "a body has 20 s in all", sorted(slow_body.lived)[-3:])
        ok(set(slow_body.answers) == {b"408"}, "… and 408 says so", set(slow_body.answers))
        ok([s.recv(10) for s in idle] == [b""] * 50, "who says nothing is closed without a word")
        for s in idle:
            s.close()
        # More than there is room for.
        flood = Slow(gate.connect, 700, data, 20)
        worst = quick(gate, 50, "flood")
        ok(isinstance(worst, float) and worst < 6, "beside 700 slow connections too", worst)
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
        worst = quick(gate, 50, "heavy")
        ok(isinstance(worst, float) and worst < 6, "beside 40 unfinished bodies of 3 MB too", worst)
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
        worst = quick(gate, 5, "deaf")
        ok(isinstance(worst, float) and worst < 6, "one that doesn't read its answer holds nobody up")
        ids = [i[2] for i in gate.journal()]
        want = 1 + 100 + 50 + 50 + 5 + 1
        ok(len(ids) == len(set(ids)) == want, f"the journal has the {want} good ones", len(ids))


main(scenario)
