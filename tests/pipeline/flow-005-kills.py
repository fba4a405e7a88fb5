"""kill -9 of scorers, of ingest, of store, of all of them, while comments flow: none lost, none twice."""
import threading
import time

from town import main
from flow import Flow, many

N = 30_000


def pour(flow, first, seconds):
    """Lines that go on coming, so that every kill hits something."""
    def work():
        for part in range(30):
            flow.lines("site.jsonl", many(N // 30, first + part * (N // 30)))
            time.sleep(seconds / 30)
    thread = threading.Thread(target=work)
    thread.start()
    return thread


def scenario(ok):
    with Flow() as flow:
        flow.start()
        total = 0
        for label, times in (("score", 12), ("ingest", 5), ("store", 5)):
            thread = pour(flow, total, 5)
            total += N
            done = flow.kill_through(label, times, 0)
            thread.join()
            flow.settle(total, 90)
            unscored = flow.account(ok, name=f"{done} times {label}")
            ok(done == times, f"{label} was killed {times} times", done)
            ok(not unscored, f"{label}: nobody is left without a score", list(unscored.items())[:5])
        thread = pour(flow, total, 4)
        total += N
        for _ in range(3):
            time.sleep(1)
            for label in ("store", "score", "score", "ingest", "connect"):
                flow.kill(label)
        thread.join()
        flow.settle(total, 90)
        flow.account(ok, name="all of them, 3 times")
        ok(flow.stop() == 0, "stops")
        flow.account(ok, name="after the stop")


main(scenario)
