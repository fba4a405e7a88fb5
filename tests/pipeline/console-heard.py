"""Point de situation: the words of a topic that nobody declared, and the sources that are not heard."""
import os
import subprocess
import time

from desk import Desk
from town import BUILD, POLICY, main

TERMS = "Mots qui montent : <bdi>passerelle &lt;b&gt;</bdi>, <bdi>fermée</bdi>"
ELECTION = "{from: 2020-01-01, to: 2090-01-01}"


def observe(desk, kind, level, topic, title):
    """Trend saw that."""
    at = int(time.time() * 1000)
    say = [os.path.join(BUILD, "tests", "pipeline", "escalate-say"), desk.path("run"), "observe"]
    subprocess.run([*say, "0", kind, level, topic, title, str(at), "9", "8", "1"], check=True, timeout=60)
    desk.wait_for(lambda: [i for i in desk.json("incidents") if i["topic"] == topic], 20, topic)
    return [i["id"] for i in desk.json("incidents") if i["topic"] == topic][0]


def scenario(ok):
    for election in (False, True):
        policy = POLICY.replace("policy: {", f"policy: {{election: {ELECTION}, ") if election else POLICY
        with Desk("  - {id: site, kind: jsonl, path: site.jsonl, follow: yes}\n", policy=policy, clock="wall") as desk:
            desk.comments("site.jsonl", [])
            desk.start()
            cabinet = desk.person("roy", "cabinet")
            one = f"/situation/{observe(desk, '1', '2', 'emergent:passerelle', 'Sujet émergent')}"
            pages = [cabinet.get(path) for path in ("/situation", one)]
            if election:
                ok(not [p for p in pages if "Mots qui montent" in p.body], "in an election period the cabinet does not read the words")
                continue
            ok(all(TERMS in p.body and "<b>" not in p.body for p in pages), "the words that rise", pages[1].body)
            ok("un sujet que personne n&#39;avait déclaré" in pages[1].body, "and why it rang")
            ok("Non entendus" not in pages[0].body, "every source is heard")
            observe(desk, "5", "4", "source:site", "Site <i> de la ville")
            page = cabinet.get("/situation")
            ok("<strong>Non entendus :</strong> <bdi>Site &lt;i&gt; de la ville</bdi></p>" in page.body and
               '<p class="whole">tocsin <span class="level orange">' in page.body, "one is not: it is said, and is no level", page.body)
            ok(desk.stop() == 0, "the town stops")


main(scenario)
