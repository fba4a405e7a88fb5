"""Rumours to check: what of an alarm may be one stands on its page, in its mails and in its report in its own words, never whose;
what was found of it goes into the main courante. What was closed is listed for a day."""
import email
import email.policy
import glob
import os
import subprocess

from desk import Desk, database, seq_of
from town import BUILD, POLICY, RULES, asked_topic, comment, main

TOPIC = RULES + """\
  - id: rumeur.fermeture
    title: Fermeture annoncée par ouï-dire
    status: live
    category: fausse_nouvelle
    priority: P4
    score: 6
    when: {phrase: 'il paraît'}
    tests: {match: ['il paraît que ça ferme'], no_match: ['ça ferme']}
""" + asked_topic("piscine")
ELECTION = "{from: 2026-11-01, to: 2026-11-30}"


def rumours_of(desk, level):
    """What the mail of this level says of rumours, when it is there."""
    for path in sorted(glob.glob(desk.path("outbox", "*.eml"))):
        with open(path, "rb") as f:
            mail = email.message_from_bytes(f.read(), policy=email.policy.default)
        if f"tocsin {level} " in mail["Subject"]:
            return mail.get_body(("plain",)).get_content().partition("Rumeurs à vérifier")[2].partition("À traiter")[0] or None
    return None


def scenario(ok):
    with Desk("  - {id: site, title: Site de la ville, kind: jsonl, path: site.jsonl, follow: yes}\n", rules=TOPIC) as desk:
        desk.comments("site.jsonl", [
            comment(1, "Il paraît que la piscine ferme lundi <b> 06 12 34 56 78", "@jeanne_du_38", 600, author_name="Jeanne D."),
            comment(2, "La piscine est ouverte ?", "b", 601), comment(3, "Il paraît que le train est en retard", "c", 602),
            comment(4, "Il paraît que la piscine fermait déjà avant", "d", 30)])
        desk.start()
        desk.wait_for(lambda: database(desk, "SELECT count(*) FROM item") == [(4,)], 20, "the comments")
        at = 1793527200000 + 20 * 60000  # 1 November 2026, 10:20
        say = [os.path.join(BUILD, "tests", "pipeline", "escalate-say"), desk.path("run"), "observe"]
        subprocess.run([*say, "0", "0", "2", "piscine", "Piscine", str(at), "9", "8", "1"], check=True, timeout=60)
        desk.wait_for(lambda: desk.json("incidents"), 20, "the alarm")
        one = f"/situation/{desk.json('incidents')[0]['id']}"
        dircom, cabinet, jurist = desk.person("dircom", "dircom"), desk.person("roy", "cabinet"), desk.person("lea", "juriste")
        page = cabinet.get(one)
        listed = page.body.split("Rumeurs à vérifier", 1)[-1].split("</ul>", 1)[0]
        ok("Il paraît que la piscine ferme lundi &lt;b&gt;" in listed and "à vérifier" in listed and listed.count("<li") == 1,
           "the one of this topic, since it rises", page.body)
        ok("06 12" not in page.body and "jeanne" not in page.body.lower(), "not whose, no number")
        ok("Rumeurs à vérifier" in cabinet.get("/situation").body and cabinet.get("/situation").form(one + "/rumeur") is None,
           "among all alarms it is read")
        row = seq_of(desk, "piscine ferme lundi")
        form = dircom.get(one).form(one + "/rumeur")
        ok(form and form["rumeur"] == str(row) and jurist.post(one + "/rumeur", {**form, "csrf": jurist.get("/").csrf or ""}).status == 403,
           "whoever sees the situation says what it is", form)
        for wrong in ({"constat": "0"}, {"constat": "4"}, {"constat": "x"}, {"rumeur": "x"}, {}):
            ok(dircom.post(one + "/rumeur", {**form, "texte": "", **wrong}).status == 400, f"incomplete: {wrong}")
        for other in ("La piscine est ouverte", "le train", "fermait"):
            ok(dircom.post(one + "/rumeur", {**form, "rumeur": str(seq_of(desk, other)), "constat": "1", "texte": ""}).status == 409,
               "not one of this alarm's: " + other)
        desk.comments("site.jsonl", [comment(50, "Merci", "m", 640)], "a")  # the town's clock passes the alarm
        first = desk.wait_for(lambda: rumours_of(desk, "ORANGE"), 30, "the mail of the alarm")
        ok("Il paraît que la piscine ferme lundi" in first and "vérifiée" not in first and "06 12" not in first and "train" not in first and "Jeanne" not in first,
           "the mail says it, masked", first)
        sent = {**form, "constat": "2", "texte": "appel à la <direction>"}
        page = dircom.post(one + "/rumeur", sent, follow=True)
        ok(page.status == 200 and "vérifiée : fausse" in page.body.split("Rumeurs à vérifier", 1)[1].split("</ul>", 1)[0].split("<form", 1)[0] and
           f"n° {row} · vérifiée : fausse · appel à la &lt;direction&gt;" in page.body.split('class="log"')[-1] and "A. Roche" in page.body,
           "false: beside the rumour, and in the main courante", page.body)
        dircom.post(one + "/rumeur", sent)
        entries = [e for e in desk.json("incident", one.rsplit("/", 1)[1])[0]["entries"] if e["kind"] == "rumour"]
        ok(len(entries) == 1 and "piscine ferme" not in entries[0]["text"], "once, without the citizen's words", entries)
        subprocess.run([*say, "1", "0", "3", "piscine", "Piscine", str(at + 60000), "30", "28", "2"], check=True, timeout=60)
        second = desk.wait_for(lambda: rumours_of(desk, "ROUGE"), 30, "the mail of the rise")
        ok("ferme lundi" in second and "(vérifiée : fausse)" in second, "the next one what was found of it", second)
        whole, given = dircom.get(one + "/rapport").body, dircom.get(one + "/rapport?communicable=1").body
        part = whole.partition("Rumeurs à vérifier")[2].partition("</section>")[0]
        ok("ferme lundi" in part and "vérifiée : fausse" in part and "A. Roche" in part and "06 12" not in part, "the report says it", whole)
        ok("Rumeurs à vérifier" in given and "ferme lundi" not in given, "the one that is given away not in whose words", given)
        cabinet.post(one + "/rumeur", {**cabinet.get(one).form(one + "/rumeur"), "constat": "3", "texte": ""})
        ok("no further action" in desk.again("roy", "en").get(one).body and "sans suite" in dircom.get(one).body, "the latest word is what is shown")
        desk.comments("site.jsonl", [comment(100 + i, f"Il paraît que la piscine rouvre, version {i}", f"v{i}", 605) for i in range(12)], "a")
        desk.wait_for(lambda: database(desk, "SELECT count(*) FROM item") == [(17,)], 20, "twelve more")
        old = dircom.get(one)
        shown = old.body.split("Rumeurs à vérifier", 1)[1].split("</ul>", 1)[0]
        ok("piscine ferme lundi" in shown and "sans suite" in shown and shown.count("<li") == 11, "what was checked stays, and the ten newest", shown)
        hidden = next(r for r in database(desk, "SELECT seq FROM item ORDER BY seq") if r[0] > 5 and f'id="r{r[0]}"' not in shown)[0]
        done = dircom.post(one + "/rumeur", {**old.form(one + "/rumeur"), "rumeur": str(hidden), "constat": "1", "texte": ""}, follow=True)
        ok(done.status == 200 and f'id="r{hidden}"' in done.body and "vérifiée : vraie" in done.body,
           "one that has left the page since it was read can be answered, and is back", done.status)
        desk.comments("site.jsonl", [comment(1, "Il paraît que la piscine ferme mardi", "@jeanne_du_38", 600)], "a")
        listed = lambda: dircom.get(one).body.split("Rumeurs à vérifier", 1)[1].split("</ul>", 1)[0]
        desk.wait_for(lambda: "ferme mardi" in listed(), 20, "what it says now")
        shown = listed()
        ok(f" {row} · sans suite" in shown and "ferme lundi" not in shown and shown.count(f'id="r{row}"') == 1 and shown.count("<li") == 12,
           "one that was edited stands there once, with what was found of it", shown)
        again = dircom.post(one + "/rumeur", {**form, "csrf": dircom.get(one).csrf, "constat": "1", "texte": ""}, follow=True)
        ok(again.status == 200 and f" {row} · vérifiée : vraie" in listed(), "and can be answered again", again.body)
        desk.comments("site.jsonl", [{"id": "1", "deleted": True}, {"id": "111", "deleted": True}], "a")
        desk.wait_for(lambda: "ferme mardi" not in listed() and "version 11" not in listed(), 20, "two deletions")
        shown = listed()
        ok(f'id="r{row}"' not in shown and shown.count("<li") == 11, "what is gone leaves its place to an older one", shown)
        ok(dircom.post(one + "/rumeur", {**form, "csrf": dircom.get(one).csrf, "constat": "2", "texte": ""}).status == 409, "and has no answer")
        ok("Alertes closes" not in dircom.get("/situation").body, "nothing is over yet")
        dircom.send(one + "/clore", at=one, texte="démentie")
        over = dircom.get("/situation").body
        ok("Alertes closes depuis 24 heures" in over and f'<a href="{one}">' in over.split("Alertes closes", 1)[1] and f'action="{one}/prendre"' not in over and
           "Alertes closes" in cabinet.get("/situation").body, "what was closed is listed, and is no alarm any more", over)
        desk.comments("site.jsonl", [comment(900, "Bonjour", "w", 600 + 25 * 60)], "a")
        desk.wait_for(lambda: "Alertes closes" not in dircom.get("/situation").body, 20, "a day later it is not")
        ok(desk.stop() == 0, "the town stops")
    with Desk("  - {id: site, title: Site de la ville, kind: jsonl, path: site.jsonl, follow: yes}\n", rules=TOPIC,
              policy=POLICY.replace("policy: {", f"policy: {{election: {ELECTION}, ")) as desk:
        desk.comments("site.jsonl", [comment(1, "Il paraît que la piscine ferme lundi", "a", 600)])
        desk.start()
        desk.wait_for(lambda: database(desk, "SELECT count(*) FROM item") == [(1,)], 20, "the comment")
        subprocess.run([say[0], desk.path("run"), "observe", "0", "0", "2", "piscine", "Piscine", str(at), "9", "8", "1"], check=True, timeout=60)
        desk.wait_for(lambda: desk.json("incidents"), 20, "the alarm")
        dircom, cabinet = desk.person("dircom", "dircom"), desk.person("roy", "cabinet")
        ok("Rumeurs" in dircom.get("/situation").body and "Rumeurs" not in cabinet.get("/situation").body and
           cabinet.send("/situation/1/rumeur", at="/situation/1", rumeur="1", constat="1", texte="").status == 409,
           "in an election period the cabinet reads none")
        ok(desk.stop() == 0, "the town stops")


main(scenario)
