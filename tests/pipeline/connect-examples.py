"""tools/examples: the two connectors that are shown to people, over the real binaries, and their lines against the schema of a
comment that is shown beside them; what the schema says against what the program takes; both are installed."""
import json
import os
import sqlite3
import subprocess

import jsonschema

from town import BUILD, main
from flow import Flow, read_comment

EXAMPLES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools", "examples")
AWKWARD = "Ligne \"un\"\nligne \\deux\\\tet l'été 👩‍👩‍👧"


def lines(*command):
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [json.loads(line) for line in out.splitlines()]


def installed(ok):
    """Where the manual says, by the build's own plan."""
    with open(os.path.join(BUILD, "meson-info", "intro-install_plan.json"), encoding="utf-8") as f:
        plan = {what["destination"] for group in json.load(f).values() for what in group.values()}
    wanted = ("{datadir}/tocsin/comment.schema.json", "{datadir}/doc/tocsin/examples/gazette.sh", "{datadir}/doc/tocsin/examples/livre-d-or.py")
    ok(plan.issuperset(wanted), "the schema and the examples are installed", sorted(d for d in plan if "share" in d or "datadir" in d)[:20])


def sizes(ok, schema, valid):
    """Each limit of the schema is the program's own, in bytes; `ts` as the schema has it."""
    good, bad = [], []
    for key, its in schema["properties"].items():
        if "maxBytes" in its:
            n = its["maxBytes"]
            good.append({"id": key, "text": "x", key: "é" * (n // 2)})
            bad.append({"id": f"trop-{key}", "text": "x", key: "é" * (n // 2) + "a"})
            ok(valid(good[-1]) and "octets" in its["description"], f"{key}: the schema says its size in bytes", its)
    stamps = (1790000000, 1790000000.5, "1790000000.060", "2026-11-28T14:05:00+01:00", None)
    good += [{"id": f"ts-{i}", "text": "x", "ts": ts} for i, ts in enumerate(stamps)]
    odd = [{"id": "ts-a", "text": "x", "ts": -1}, {"id": "ts-b", "text": "x", "ts": 4102444800}, {"id": "ts-c", "text": "x", "ts": True}]
    nulls = {"id": "nulls", "text": "x", **{key: None for key in schema["properties"] if key not in ("id", "text")}}
    ok(len(bad) == 10 and all(valid(line) for line in [*good, nulls]) and not any(valid(line) for line in odd),
       "the schema takes what the program takes", [line for line in [*good, nulls] if not valid(line)] + [x for x in odd if valid(x)])
    with Flow(sources="  - {id: site, kind: jsonl, path: site.jsonl}\n") as flow:
        flow.comments("site.jsonl", [*good, nulls, *bad, *odd], "w")
        ok(flow.start("--until-done", wait=False).wait(60) == 0, "all lines are read", flow.log())
        found = [c for c in (read_comment(body) for body, in flow.rows("SELECT body FROM item"))]
        ok(len(found) == len(good) + 1, "what fits is taken, to the byte", (len(found), len(good) + 1))
        ok(len(flow.quarantined()) == len(bad) + len(odd), "a byte more is not", flow.quarantined())
        at = {c["id"]: c.get("created_at") for c in found}
        ok((at["ts-0"], at["ts-1"], at["ts-2"], at["ts-3"]) == (1790000000000, 1790000000500, 1790000000060, 1795871100000), "ts is its date", at)


def scenario(ok):
    installed(ok)
    with open(os.path.join(EXAMPLES, "comment.schema.json"), encoding="utf-8") as f:
        schema = json.load(f)
    jsonschema.Draft202012Validator.check_schema(schema)
    valid = jsonschema.Draft202012Validator(schema).is_valid
    sizes(ok, schema, valid)
    shell, python = os.path.join(EXAMPLES, "gazette.sh"), os.path.join(EXAMPLES, "livre-d-or.py")
    sources = (f"  - {{id: gazette, kind: command, command: ['{shell}', gazette]}}\n"
               f"  - {{id: livre-d-or, kind: command, command: ['{python}', livre.db]}}\n")
    with Flow(sources=sources) as flow:
        os.mkdir(flow.path("gazette"))
        flow.write("gazette/un \"avis\".txt", AWKWARD)
        base = sqlite3.connect(flow.path("livre.db"))
        base.execute("CREATE TABLE message (id INTEGER PRIMARY KEY, auteur TEXT, texte TEXT, ecrit_le INTEGER, supprime INTEGER)")
        base.executemany("INSERT INTO message VALUES (?, ?, ?, ?, ?)",
                         [(1, "Odile", AWKWARD, 1790000000, 0), (2, "Jean", "Parti", 1790000001, 1)])
        base.commit()
        said = lines(shell, flow.path("gazette")) + lines(python, flow.path("livre.db"))
        ok(len(said) == 3 and all(valid(line) for line in said), "each line is a comment as the schema has it", said)
        wrong = [{}, {"id": ""}, {"id": 7, "text": "x"}, {"id": "x"}, {"id": "a\nb", "text": ""}, {"id": "x", "text": "", "likes": "3"}]
        ok(not any(valid(line) for line in wrong), "and the schema refuses what is none", [w for w in wrong if valid(w)])
        ok(flow.start("--until-done", wait=False).wait(60) == 0, "both run to their end", flow.log())
        rows = [read_comment(body) for body, in flow.rows("SELECT body FROM item")]
        found = {(c["source"], c["id"]): c.get("text", "") for c in rows}
        ok(found.get(("gazette", "un \"avis\".txt")) == AWKWARD and found.get(("livre-d-or", "1")) == AWKWARD,
           "what people wrote comes in as they wrote it", found)
        ok(not flow.quarantined() and not any("Parti" in text for text in found.values()), "nothing in quarantine", flow.quarantined())


main(scenario)
