"""kill -9 of scorers, of ingest, of store, of all of them, while comments flow: none lost, none twice."""
import os
import random
import signal
import time

from town import main
from flow import Flow, many

CASES = [  # who, how often, comments a burst, what is written while they work, for how long (seconds)
    # A comment that six scorers died with goes to a human unscored: five deaths between two rests never are too many.
    (["score"], 5, 8_000, "store.db-wal", 0.1),
    (["score"], 5, 8_000, "store.db-wal", 0.1),
    (["ingest"], 10, 20_000, "journal.db-wal", 0.04),
    (["store"], 6, 8_000, "store.db-wal", 0.1),
    (["connect"], 3, 20_000, "journal.db-wal", 0.03),
    (["store", "score", "score", "ingest", "connect"], 3, 8_000, "store.db-wal", 0.1),
]


def busy(flow, name, seconds):
    """Waits until the file is written to, then some part of the time that a burst takes."""
    def stamp():
        try:
            st = os.stat(flow.path("state", name))
            return st.st_size, st.st_mtime_ns
        except FileNotFoundError:
            return None
    before, end = stamp(), time.monotonic() + 5
    while stamp() == before and time.monotonic() < end:
        time.sleep(0.0005)
    time.sleep(random.uniform(0, seconds))


def kill_in_the_middle(flow, labels, written, seconds, items, dead):
    """Looked up before, for a burst lasts some hundredths of a second only."""
    def there():
        return [pid for label in dict.fromkeys(labels) for pid in flow.processes(label)[:labels.count(label)]
                if pid not in dead]
    flow.wait_for(lambda: len(there()) == len(labels), 20, "everybody")
    pids = there()
    dead.update(pids)
    flow.lines("site.jsonl", items)
    busy(flow, written, seconds)
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    return len(pids)


def scenario(ok):
    with Flow() as flow:
        flow.start()
        total, dead = 0, set()
        for labels, times, burst, written, seconds in CASES:
            name = f"{times} times {', '.join(labels)}"
            done = 0
            for _ in range(times):
                items = list(many(burst, total))
                done += kill_in_the_middle(flow, labels, written, seconds, items, dead)
                total += burst
            flow.settle(total, 90)
            ok(done == times * len(labels), f"{name}: all killed", done)
            code, out, err = flow.run("verify")
            ok(code == 0 and flow.seq() == total, f"{name}: {total} rows, tocsin verify", out + err)
        ok(flow.stop() == 0, "stops")
        unscored = flow.account(ok)
        ok(not unscored, "nobody is left without a score", list(unscored.items())[:5])


main(scenario)
