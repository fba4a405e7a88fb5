"""Point de situation: the words of a topic that nobody declared, and the sources that are not heard."""
import http.client
import json
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


class News:
    """What an open page hears."""

    def __init__(self, person):
        self.connection = http.client.HTTPConnection("127.0.0.1", person.port, timeout=60)
        self.connection.request("GET", "/evenements", headers={"Cookie": person.cookie})
        self.lines = self.connection.getresponse()

    def alarm(self):
        """The next one."""
        for line in self.lines:
            if line == b"event: alarme\n":
                return json.loads(next(self.lines).decode().partition(": ")[2])
        return None


def by_token(desk, account):
    """All alarms, as the API gives them to a token of this account."""
    code, out, err = desk.run("token", "add", "jeton-" + account, "--account", account, "--scope", "incidents:read")
    if code != 0:
        raise RuntimeError(out + err)
    return desk.visitor().ask("GET", "/api/v1/incidents", headers={"Authorization": "Bearer " + out.strip()}).body


def quoting(ok, desk):
    """Titles are made of citizens' words: whoever sees but counts reads none of them, on no page."""
    roche, roy = desk.person("roche", "dircom"), desk.again("roy")
    news = News(roy)
    copied = observe(desk, "3", "2", "campagne:1", "Texte recopié : « rendez-nous le parvis »")
    heard = news.alarm()
    ok(heard["id"] == copied and heard["title"] == "Texte recopié", "the news of an alarm has no word of it", heard)
    thread = observe(desk, "6", "2", "fil:abc", "Beaucoup de messages sous la publication « rendez-nous le parvis » (Forum)")
    paths = ["/situation", f"/situation/{copied}", f"/situation/{thread}", f"/situation/{copied}/rapport?communicable=1",
             f"/situation/{thread}/rapport?communicable=1"]
    read = [roy.get(p).body for p in paths] + [by_token(desk, "roy")]
    ok(not [r for r in read if "parvis" in r or "passerelle" in r], "nor do pages, the report and the API",
       [p for p, r in zip(paths + ["API"], read) if "parvis" in r or "passerelle" in r])
    ok(all("Texte recopié" in read[i] for i in (0, 1, 3, 5)) and "Beaucoup de messages sous une même publication" in read[2],
       "they say what it is")
    whole = [roche.get(p).body for p in paths[:3]] + [by_token(desk, "roche")]
    ok(all("rendez-nous le parvis" in r for r in whole), "the dir'com reads them")


def scenario(ok):
    for election in (False, True):
        policy = POLICY.replace("policy: {", f"policy: {{election: {ELECTION}, ") if election else POLICY
        with Desk("  - {id: site, kind: jsonl, path: site.jsonl, follow: yes}\n", policy=policy, clock="wall") as desk:
            desk.comments("site.jsonl", [])
            desk.start()
            cabinet = desk.person("roy", "cabinet")
            one = f"/situation/{observe(desk, '1', '2', 'emergent:passerelle', 'Sujet émergent : « passerelle »')}"
            pages = [cabinet.get(path) for path in ("/situation", one)]
            if election:
                ok(not [p for p in pages if "Mots qui montent" in p.body], "in an election period the cabinet does not read the words")
                quoting(ok, desk)
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
