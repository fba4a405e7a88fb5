"""Another program holds the console's address: said once, with the cure; the rest runs; the console comes when it is free."""
import random
import socket

from town import Town, main


def held(other):
    """A port that nobody is given who asks for any: it is still free when it is let go."""
    with open("/proc/sys/net/ipv4/ip_local_port_range", encoding="ascii") as f:
        low, high = map(int, f.read().split())
    outside = [p for p in range(1024, 65536) if not low <= p <= high]
    for port in [*random.sample(outside, len(outside)), 0]: # 0: any, where all are given out
        try:
            other.bind(("127.0.0.1", port))
            return other.getsockname()[1]
        except OSError: # somebody's
            pass
    raise RuntimeError("no port is free")


def scenario(ok):
    with socket.socket() as other:
        address = f"127.0.0.1:{held(other)}"
        other.listen()
        with Town(extra=f"console: {{listen: '{address}'}}\n") as town:
            town.comments("site.jsonl", [])
            town.start(wait=False)
            town.wait_for(lambda: "console attend encore, le reste tourne" in town.log(), 30, "the rest to run")
            ok(f"{address} est déjà pris" in town.log() and "écoute: 127.0.0.1:8799" in town.log(), "said, with the cure", town.log())
            ok("tout tourne" not in town.log() and "premier-compte" not in town.log(), "not all of it runs", town.log())
            other.close()
            town.wait_for(lambda: "tout tourne" in town.log(), 30, "the console")
            town.wait_for(lambda: f"http://{address}/premier-compte/" in town.log(), 30, "the way in")
            ok(town.log().count("est déjà pris") == 1 and "il repart" not in town.log(), "said once", town.log())
            ok(town.stop() == 0, "stops")


main(scenario)
