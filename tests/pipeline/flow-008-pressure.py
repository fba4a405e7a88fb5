"""Store stops: nothing is lost, the backlog has its limit, connectors wait; it goes on where it stood."""
import os
import signal
import time

from town import main
from flow import Flow, many


def scenario(ok):
    with Flow(extra="ingest: {backlog: 40000}\n") as flow:
        flow.start()
        flow.lines("site.jsonl", many(2_000))
        flow.settle(2_000)
        store = flow.processes("store")[0]
        os.kill(store, signal.SIGSTOP)
        flow.lines("site.jsonl", many(120_000, 10_000))
        flow.wait_for(lambda: flow.waiting() >= 40_000, 30, "a full backlog")
        time.sleep(3)
        waiting = flow.waiting()
        ok(40_000 <= waiting <= 40_000 + 8 * 512 + 8192, "the backlog stays at its limit", waiting)
        ingest = flow.processes("ingest")[0]
        with open(f"/proc/{ingest}/status", encoding="ascii") as f:
            rss = next(int(x.split()[1]) for x in f if x.startswith("VmRSS"))
        ok(rss < 64 * 1024, "ingest stays below 64 MiB", rss)
        os.kill(store, signal.SIGCONT)
        flow.settle(122_000, 90)
        unscored = flow.account(ok, name="after a store that slept")
        ok(not unscored, "nobody is unscored")
        ok(flow.stop() == 0, "stops")


main(scenario)
