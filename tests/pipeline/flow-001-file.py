"""A file to its end: every line a stored comment with a verdict, byte for byte; a second run adds nothing."""
from town import main
from flow import Flow, many

SOURCES = "  - {id: site, kind: jsonl, path: site.jsonl}\n  - {id: mairie, kind: jsonl, path: mairie.jsonl}\n"


def scenario(ok):
    with Flow(sources=SOURCES) as flow:
        flow.lines("site.jsonl", many(6000))
        flow.lines("site.jsonl", [{"id": "long", "text": "é" * 450_000}, {"id": "vide", "text": ""},
                                  {"id": "x" * 512, "text": "identifiant long"},
                                  {"id": "menace", "text": "on sait où tu habites"}])
        flow.lines("mairie.jsonl", many(3000, source="facebook", seed=2))
        flow.lines("mairie.jsonl", many(700, seed=3), source="mairie")
        total = len(flow.sent)
        process = flow.start("--until-done", wait=False)
        ok(process.wait(120) == 0, "tocsin run --until-done ends by itself", flow.log())
        ok(flow.seq() == total, f"{total} rows", flow.seq())
        unscored = flow.account(ok)
        ok(not unscored, "every one is scored", unscored)
        ok(len(flow.json("queue")) == 1, "and the threat is in the queue")
        before = flow.ledger()
        process = flow.start("--until-done", wait=False)
        ok(process.wait(120) == 0, "a second run ends too", flow.log())
        ok(flow.ledger() == before, "and reads nothing again", flow.ledger())


main(scenario)
