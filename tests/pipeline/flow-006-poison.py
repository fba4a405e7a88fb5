"""Comments that kill every scorer which receives them: they, and only they, go to a human without a score."""
import os

from town import BUILD, main
from flow import Flow, many

PILLS = {700: "un", 701: "deux", 9_000: "trois"}


def scenario(ok):
    library = os.path.join(BUILD, "tests", "pipeline", "libpoison.so")
    with Flow(env={"LD_PRELOAD": library, "ASAN_OPTIONS": "verify_asan_link_order=0:detect_leaks=0"}) as flow:
        items = list(many(10_000))
        for i, name in PILLS.items():
            items[i]["text"] = f"avant POISON-PILL-{name} après"
        flow.lines("site.jsonl", items)
        flow.start()
        flow.settle(10_000, 120)
        unscored = flow.account(ok)
        expected = {("site", items[i]["id"]): "attempts" for i in PILLS}
        ok(unscored == expected, "only the guilty are unscored", unscored)
        queue = flow.json("queue")
        ok(len(queue) == 3, "and wait for a human", queue)
        ok("sans note après 6 livraisons" in flow.log(), "the log says so", flow.log()[-1500:])
        flow.lines("site.jsonl", many(500, 50_000))
        flow.settle(10_500)
        ok(True, "life goes on")
        ok(flow.stop() == 0, "stops")


main(scenario)
