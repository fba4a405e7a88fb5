"""A scorer that sleeps (SIGSTOP): the other goes on; its work is given out again after the lease; when it wakes,
what it says late counts nothing."""
import os
import signal
import time

from town import Watch, main
from flow import Flow, many

LEASE = 30  # seconds


def scenario(ok):
    with Flow() as flow:
        flow.start()
        flow.lines("site.jsonl", many(1_000))
        flow.settle(1_000)
        # caught with work in its hands: stop it in the middle of a flood
        flow.lines("site.jsonl", many(60_000, 10_000))
        flow.wait_for(lambda: flow.seq() > 3_000, 20, "the flood")
        sleeper = flow.processes("score")[0]
        os.kill(sleeper, signal.SIGSTOP)
        watch = Watch()
        flow.wait_for(lambda: flow.seq() > 30_000, 60, "the other one")
        ok.within(watch, LEASE, "the other one works on, and waits for no lease")
        flow.lines("site.jsonl", many(1_000, 100_000))
        watch = Watch()
        flow.wait_for(lambda: flow.seq() >= 62_000, 60, "everything, after the lease")
        ok.within(watch, 45, "what it held is given out again after its lease")
        flow.settle(62_000)
        os.kill(sleeper, signal.SIGCONT)
        time.sleep(2)
        unscored = flow.account(ok)
        ok(not unscored, "nobody is unscored", unscored)
        ledger = flow.ledger()
        ok(ledger["received"] == 62_000 and ledger["duplicate"] == 0, "its late results count nothing", ledger)
        flow.lines("site.jsonl", many(1_000, 200_000))
        flow.settle(63_000)
        ok(flow.stop() == 0, "stops")


main(scenario)
