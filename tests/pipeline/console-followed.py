"""« Suivre ce sujet »: a topic that emerged becomes a topic of the rules with one click, is counted under its name from then on,
stands on the point de situation with its curve and its alarms, outlives a restart, and ends with another click."""
import datetime
import os
import sqlite3
import subprocess

from desk import Desk, database
from town import BUILD, POLICY, RULES, comment, main

SOURCE = "  - {id: site, title: Site de la ville, kind: jsonl, path: site.jsonl, follow: yes}\n"
AT = 1793527200000 + 20 * 60000  # 1 November 2026, 10:20
LABEL = "passerelle du Moulin-Vert"
ELECTION = "{from: 2026-11-01, to: 2026-11-30, candidates: [Moulin-Vert]}"


def alarm(desk, kind, topic, title):
    """Its number, when it stands in the database."""
    subprocess.run([os.path.join(BUILD, "tests", "pipeline", "escalate-say"), desk.path("run"), "observe", "0", kind, "1", topic, title, str(AT),
                    "9", "8", "1"], check=True, timeout=60)
    return desk.wait_for(lambda: next((i["id"] for i in desk.json("incidents") if i["topic"] == topic), None), 20, topic)


def said(desk, n, text, author, total=None):
    """One more comment, when it is in the database."""
    desk.comments("site.jsonl", [comment(n, text, author, 700 + n)], "a")
    desk.wait_for(lambda: desk.committed() == (total or n), 20, text)


def followed_earlier(desk):
    """As if it had been nine days ago."""
    db = sqlite3.connect(desk.path("state", "store.db"))
    with db:
        db.execute("UPDATE audit SET at = at - 9 * 86400000 WHERE verb = 'bundle'")
    db.close()


def section(page):
    return page.body.split("Sujets suivis", 1)[1] if "Sujets suivis" in page.body else ""


def pack(number):
    return (f"tocsin: 1\npaquet: suivi-{number}\nresponsable: moderation@ville.example\nsujets:\n  - id: sujet_{number}\n    titre: Sujet {number}\n"
            f"    statut: active\n    quand: {{mots: [mot{number}x]}}\n    exemples: {{oui: [mot{number}x]}}\n")


def many(ok):
    """However many are followed, the page reads so much and no more: the first are counted, all stand there and can be stopped."""
    with Desk(SOURCE, rules=RULES) as desk:
        for number in range(1, 151):
            desk.write(f"rules/suivi-{number}.yaml", pack(number))
        desk.comments("site.jsonl", [comment(1, "mot1x", "a", 600), comment(2, "mot1x encore", "b", 601)])
        desk.start()
        desk.wait_for(lambda: desk.committed() == 2, 20, "the comments")
        shown = section(desk.person("dircom", "dircom").get("/situation"))
        left = shown.count("ses chiffres ne sont pas montrés ici")
        ok(shown.count("<article") == 150 == shown.count("/ne-plus-suivre"), "all stand there", shown[:2000])
        ok(shown.count("en 24 heures") + left == 150 and 10 <= left <= 140 and "2 messages en 24 heures · 2 personnes" in shown,
           "as many are counted as may be read at once, the others say so", left)
        ok(desk.stop() == 0, "the town stops")


def scenario(ok):
    many(ok)
    with Desk(SOURCE, rules=RULES) as desk:
        desk.comments("site.jsonl", [])
        desk.start()
        said(desk, 1, "La passerelle du Moulin-Vert est fermée", "a")
        one = alarm(desk, "1", "emergent:" + LABEL, f"Sujet émergent : « {LABEL} »")
        other = alarm(desk, "0", "eau", "Eau")
        page, follow, stop = (f"/situation/{one}{p}" for p in ("", "/suivre", "/ne-plus-suivre"))
        dircom, cabinet, author = desk.person("dircom", "dircom"), desk.person("roy", "cabinet"), desk.person("lea", "regles")
        form = dircom.get("/situation").form(follow)
        ok(form is not None and dircom.get(page).form(follow) is not None and f'value="{LABEL}"' in dircom.get(page).body, "the dir'com has the button, the name is there")
        ok(cabinet.get("/situation").form(follow) is None and cabinet.post(follow, {"csrf": cabinet.get("/situation").csrf, "nom": "x"}).status == 403,
           "the cabinet has not")
        ok(dircom.get(f"/situation/{other}").form(f"/situation/{other}/suivre") is None and
           dircom.post(f"/situation/{other}/suivre", {**form, "nom": "Eau"}).status == 409, "nor a topic of the rules")
        for wrong in ("", "x" * 81, "a\x01b"):
            ok(dircom.post(follow, {**form, "nom": wrong}).status == 400, f"no name: {wrong[:4]!r}")
        ok(not section(dircom.get("/situation")) and dircom.post(stop, form).status == 404, "nothing is followed so far")

        name = "Passerelle <du> l'Orle : 'fermée'"
        done = dircom.post(follow, {**form, "nom": name}, follow=True)
        shown = section(done)
        ok(done.status == 200 and "Ce sujet est suivi" in done.body and "Passerelle &lt;du&gt; l&#39;Orle" in shown.replace("&#x27;", "&#39;"), "one click, and it stands there",
           done.body)
        ok("0 message en 24 heures" in shown and f'href="/situation/{one}"' in shown and "Pas encore d'habitude" in shown.replace("&#39;", "'").replace("&#x27;", "'"),
           "with the alarm it comes from; the past is not made up", shown)
        said(desk, 2, "Encore fermée, la passerelle du moulin-vert !", "b")
        said(desk, 3, "La passerelle fermée du Moulin-Vert", "c")
        said(desk, 4, "La piscine est ouverte", "d")
        shown = section(dircom.get("/situation"))
        ok("2 messages en 24 heures · 2 personnes" in shown, "what comes is counted, and by how many", shown)
        ok("Encore fermée" not in shown and f"suivi-{one}<" not in shown, "how many, not what or who")
        later = alarm(desk, "0", f"suivi-{one}", name)
        shown = section(dircom.get("/situation"))
        ok(f'href="/situation/{later}"' in shown and f'href="/situation/{other}"' not in shown, "its alarms stand with it, no other", shown)
        ok("Sujet suivi" in cabinet.get(page).body and section(cabinet.get("/situation")) and cabinet.get("/situation").form(stop) is None,
           "the cabinet sees it")
        log = dircom.get(page).body.split('class="log"')[-1]
        ok(f"sujet suivi n° {one}" in log and "A. Roche" in log and "Passerelle" not in log, "the main courante says by whom, and no name that is made of citizens' words", log)
        ok("sujet suivi : Passerelle" in author.get("/regles/journal").body and LABEL in author.get(f"/regles/modifier/suivi-{one}").body and
           "Encore" not in author.get(f"/regles/modifier/suivi-{one}").body, "so do the versions; whoever writes rules may go on with it; no comment is quoted")
        again = dircom.post(follow, {**form, "nom": "autre"}, follow=True)
        ok(again.status == 200 and len(desk.json("rules", "log")) == 2, "a second click publishes nothing", desk.json("rules", "log"))

        ok(desk.stop() == 0, "the town stops")
        followed_earlier(desk)
        desk.start()
        dircom = desk.again("dircom")
        said(desk, 5, "passerelle du Moulin-Vert rouverte", "e")
        shown = section(dircom.get("/situation"))
        ok("3 messages en 24 heures · 3 personnes" in shown, "after a restart it is followed still", shown)
        begins = datetime.datetime.fromisoformat("2026-10-24T12:50:00+00:00")
        desk.comments("site.jsonl", [comment(100 + n, "passerelle du Moulin-Vert", f"g{n}", 0, created_at=(begins + datetime.timedelta(hours=n)).isoformat())
                                     for n in range(7 * 24 - 2)], "a")
        desk.wait_for(lambda: desk.committed() == 5 + 7 * 24 - 2, 40, "a week")
        shown = section(dircom.get("/situation"))
        ok("D&#39;habitude : 1 à 1 par heure" in shown.replace("D'h", "D&#39;h") and "3 messages en 24 heures" in shown and "Pas encore" not in shown,
           "after eight days its curve is held against the usual", shown)
        form = dircom.get("/situation").form(stop)
        done = dircom.post(stop, form, follow=True)
        ok("n&#39;est plus suivi" in done.body.replace("&#x27;", "&#39;").replace("n'est", "n&#39;est") and not section(done), "another click ends it", done.body)
        ok(f"sujet n° {one} plus suivi" in dircom.get(page).body and dircom.get(page).form(follow) is not None, "said as well, and it can be followed anew")
        ok(dircom.post(stop, form).status == 404, "once")
        said(desk, 600, "la passerelle du Moulin-Vert, encore", "f", 172)
        newest = database(desk, "SELECT verdict FROM item ORDER BY seq DESC LIMIT 2")
        ok([f"suivi-{one}".encode() in bytes(v[0]) for v in newest] == [False, True], "what comes then is of no topic", newest)
        ok(desk.stop() == 0, "the town stops")
    with Desk(SOURCE, rules=RULES, policy=POLICY.replace("policy: {", f"policy: {{election: {ELECTION}, ")) as desk:
        desk.comments("site.jsonl", [comment(1, "Bonjour", "a", 600)])
        desk.start()
        desk.wait_for(lambda: desk.committed() == 1, 20, "the comment")
        one = alarm(desk, "1", "emergent:" + LABEL, f"Sujet émergent : « {LABEL} »")
        dircom = desk.person("dircom", "dircom")
        form = dircom.get("/situation").form(f"/situation/{one}/suivre")
        done = dircom.post(f"/situation/{one}/suivre", {**form, "nom": "Le Moulin"}, follow=True)
        ok("candidat" in done.body and not section(done) and len(desk.json("rules", "log")) == 1, "in an election period no candidate is followed", done.body)
        other = alarm(desk, "1", "emergent:piscine", "Sujet émergent : « piscine »")
        form = dircom.get("/situation").form(f"/situation/{other}/suivre")
        ok("Ce sujet est suivi" in dircom.post(f"/situation/{other}/suivre", {**form, "nom": "La piscine de Cormier"}, follow=True).body, "another topic is")
        later = alarm(desk, "0", f"suivi-{other}", "La piscine de Cormier")
        pages = [f"/situation/{later}", f"/situation/{other}", "/situation"]
        cabinet = desk.person("roy", "cabinet")
        ok(all("Cormier" in dircom.get(p).body for p in (pages[0], pages[2])), "the dir'com reads its name")
        for p in pages:
            ok("Cormier" not in cabinet.get(p).body, f"the cabinet does not: {p}", cabinet.get(p).body)
        ok(f"Sujet suivi n° {other}" in cabinet.get(pages[0]).body, "it reads its number", cabinet.get(pages[0]).body)
        ok(desk.stop() == 0, "the town stops")


main(scenario)
