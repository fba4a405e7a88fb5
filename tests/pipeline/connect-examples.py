"""tools/examples: the two connectors that are shown to people, over the real binaries, and their lines against the schema of a
comment that is shown beside them."""
import json
import os
import sqlite3
import subprocess

import jsonschema

from town import main
from flow import Flow, read_comment

EXAMPLES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools", "examples")
AWKWARD = "Ligne \"un\"\nligne \\deux\\\tet l'été 👩‍👩‍👧"


def lines(*command):
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [json.loads(line) for line in out.splitlines()]


def scenario(ok):
    with open(os.path.join(EXAMPLES, "comment.schema.json"), encoding="utf-8") as f:
        schema = json.load(f)
    jsonschema.Draft202012Validator.check_schema(schema)
    valid = jsonschema.Draft202012Validator(schema).is_valid
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
