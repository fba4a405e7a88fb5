"""A comment that kills its scorers, and ingest that dies after each such death: what was lost before counts on, so that
the comment goes to a human after six losses instead of killing for ever."""
import os
import sqlite3

from town import BUILD, main
from flow import Flow, many

PILL = 137
LOSSES = 6


def noted(flow):
    """What ingest remembers of comments that may have killed."""
    db = sqlite3.connect(f"file:{flow.path('state', 'journal.db')}?mode=ro", uri=True, timeout=20)
    try:
        return bytes((db.execute("SELECT value FROM note WHERE key = 'suspects'").fetchone() or [b""])[0])
    finally:
        db.close()


def scenario(ok):
    library = os.path.join(BUILD, "tests", "pipeline", "libpoison.so")
    with Flow(env={"LD_PRELOAD": library, "ASAN_OPTIONS": "verify_asan_link_order=0:detect_leaks=0"}) as flow:
        items = list(many(300))
        items[PILL]["text"] = "avant POISON-PILL-un après"
        flow.lines("site.jsonl", items)
        flow.start()
        deaths = lambda: sum("score." in line and "a été tué" in line for line in flow.log().splitlines())
        done = lambda: flow.seq() >= 300
        kills = seen = 0
        before = b""
        while not done() and kills < 3 * LOSSES:
            flow.wait_for(lambda: done() or deaths() > seen, 60, f"a scorer's death after {kills} of ingest")
            seen = deaths()
            flow.wait_for(lambda: done() or noted(flow) != before, 20, "the loss to be noted")
            before = noted(flow)
            if not done():
                old = flow.processes("ingest")
                kills += flow.kill("ingest")
                flow.wait_for(lambda: flow.processes("ingest") not in (old, []), 30, "ingest again")
        flow.settle(300)
        ok(kills >= 3, f"ingest was killed {kills} times", flow.log()[-3000:])
        # a death that ingest did not live to hear of is not counted; without a memory there is no end to them
        ok(kills < 3 * LOSSES and seen < 2 * LOSSES + 2, f"and the comment killed {seen} scorers, not more and more",
           flow.log()[-3000:])
        unscored = flow.account(ok)
        ok(unscored == {("site", items[PILL]["id"]): "attempts"}, "only the guilty is unscored", unscored)
        flow.lines("site.jsonl", many(500, 50_000))
        flow.settle(800)
        ok(flow.stop() == 0, "stops")


main(scenario)
