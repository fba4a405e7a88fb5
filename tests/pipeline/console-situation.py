"""Point de situation: an alarm with its figures, what is said without who said it, taken in charge from the page."""
import os
import re
import subprocess
import time

from desk import Desk
from town import BUILD, comment, main

SECRETS = ["@jeanne_du_38", "06 12 34 56 78"]


def fill(person, one, act, **fields):
    """Fills in a form of the alarm's page, as it is now."""
    page = person.get(one)
    return person.post(f"{one}/{act}", {**(page.form(f"{one}/{act}") or {"csrf": page.csrf}), **fields}, follow=True)


def log_of(person, one):
    return re.sub(r"<[^>]+>", " ", person.get(one).body.split('class="log"')[-1])


def reasons(page):
    """What made it ring, as a page says it: of the whole, then of each alarm."""
    return re.findall(r'<p class="why">(?:Pourquoi : )?<bdi>(.*?)</bdi></p>', page.body)


def conducted(ok, desk, dircom, cabinet, moderator, number):
    """Consigne, éléments de langage, sourdine, clôture, from the page."""
    one = f"/situation/{number}"
    ok(moderator.get(one).form(one + "/consigne") is None and
       all(moderator.send(f"{one}/{act}", at=one).status == 403 for act in ("consigne", "elements", "sourdine", "clore")),
       "the moderation is told what to do and say, it does not decide it")
    stale = cabinet.get(one)
    page = fill(dircom, one, "consigne", conduite="3", texte="Jusqu'à <midi>")
    ok(page.status == 200 and "La consigne est à jour" in page.body and
       "Suspendre les publications programmées." in page.parsed.text and "Jusqu'à <midi>" in page.parsed.text and
       "<midi>" not in page.body, "an instruction of a choice and a precision", page.body)
    ok(desk.json("incident", str(number))[0]["instruction"]["text"] == "Suspendre les publications programmées.\nJusqu'à <midi>",
       "the command line says the same")
    late = cabinet.post(one + "/consigne", {**stale.form(one + "/consigne"), "conduite": "1", "texte": "mon texte"})
    ok(late.status == 409 and "Une autre version est en vigueur" in late.body and "mon texte" in late.body and
       "Suspendre" in late.parsed.text, "who had not read it is told so, and keeps what he typed", late.status)
    page = fill(cabinet, one, "elements", texte="Aucune décision n'est prise.\r\nNous répondrons jeudi.")
    ok(page.status == 200 and "éléments de langage sont à jour" in page.body and
       "Nous répondrons jeudi." in page.parsed.text, "wording of two lines", page.body)
    before = log_of(cabinet, one).count("Nous répondrons jeudi.")
    page = fill(cabinet, one, "elements", texte="Aucune décision n'est prise.\nNous répondrons jeudi.")
    ok(page.status == 200 and log_of(cabinet, one).count("Nous répondrons jeudi.") == before == 1, "the same twice is written once",
       before)
    page = fill(cabinet, one, "elements", texte="")
    ok("validé." in page.body and desk.json("incident", str(number))[0]["wording"] is None, "nothing is withdrawn silently: none is valid")
    ok(fill(dircom, one, "consigne", conduite="9", texte="x").status == 400 and
       fill(dircom, one, "consigne", texte="x").status == 400, "a choice that there is not")
    ok(fill(dircom, one, "consigne", conduite="0", texte="").status == 400, "another one without a word is none")
    page = fill(dircom, one, "consigne", conduite="4", texte="")
    ok(page.status == 200 and desk.json("incident", str(number))[0]["instruction"] is None and
       "lever la consigne" not in page.body, "lifted, with nothing left to lift", page.body)
    ok(dircom.get(one).form(one + "/sourdine") is None and
       fill(dircom, one, "sourdine", duree="1", texte="trop de bruit").status == 409, "a threat is not silenced")
    say = [os.path.join(BUILD, "tests", "pipeline", "escalate-say"), desk.path("run"), "observe"]
    at = int(time.time() * 1000)
    subprocess.run([*say, "0", "0", "1", "piscine", "Piscine", str(at), "9", "8", "1"], check=True, timeout=60)
    topic = [i for i in desk.json("incidents") if i["topic"] == "piscine"][0]["id"]
    two = f"/situation/{topic}"
    rises = reasons(cabinet.get(two))
    ok(len(rises) == 1 and re.match("9 messages depuis .*, de 8 personnes, sur 1 source", rises[0]) and
       reasons(cabinet.get("/situation")) == ["menace possible, à qualifier ; le sujet monte", "menace possible, à qualifier", *rises],
       "two rang for two reasons: at the head of all, the gravest first, and of each", reasons(cabinet.get("/situation")))
    ok(fill(dircom, two, "sourdine", duree="1", texte="").status == 400 and
       fill(dircom, two, "sourdine", duree="7", texte="x").status == 400, "a reason, and how long")
    page = fill(dircom, two, "sourdine", duree="1", texte="travaux <annoncés>")
    ok(page.status == 200 and "sourdine jusqu'" in page.parsed.text and "travaux <annoncés>" in page.parsed.text, "in silence", page.body)
    page = fill(dircom, two, "sourdine", duree="5", texte="le bassin ferme")
    ok("sourdine jusqu'" not in page.parsed.text and "le bassin ferme" in page.body, "and heard again", page.body)
    page = fill(cabinet, two, "clore", texte="")
    ok(page.status == 400, "no end without a reason")
    page = fill(cabinet, two, "clore", texte="réglé <hier>")
    ok(page.status == 200 and "Alerte close." in page.body and "réglé &lt;hier&gt;" in page.body and
       page.form(two + "/clore") is None and page.form(two + "/consigne") is None, "closed, nothing is left to conduct", page.body)
    ok(moderator.get(two).form(two + "/rouvrir") is None and moderator.send(two + "/rouvrir", at=two).status == 403 and
       fill(cabinet, two, "rouvrir", texte="").status == 400, "to open it again takes the same right, and a reason")
    stale = cabinet.get(two).form(two + "/rouvrir")
    page = fill(cabinet, two, "rouvrir", texte="fuite <encore>")
    ok(page.status == 200 and "Cette alerte est rouverte" in page.body and "fuite &lt;encore&gt;" in page.body and
       "réouverture" in log_of(cabinet, two) and page.form(two + "/rouvrir") is None and page.form(two + "/clore"),
       "open again, with who and why", page.body)
    page = cabinet.post(two + "/rouvrir", {**stale, "texte": "de même"})
    ok(page.status == 409 and "déjà ouverte" in page.body, "not twice", page.body)
    ok(fill(cabinet, two, "clore", texte="fini").status == 200, "and closed anew")
    subprocess.run([*say, "0", "0", "1", "piscine", "Piscine", str(at), "9", "8", "1"], check=True, timeout=60)
    desk.wait_for(lambda: [i for i in desk.json("incidents") if i["topic"] == "piscine"], 20, "another of the topic")
    page = fill(cabinet, two, "rouvrir", texte="celle d'avant")
    ok(page.status == 409 and "Une autre alerte est ouverte sur ce sujet" in page.body and "celle d&#39;avant" in page.body,
       "not beside another one of its topic", page.body)
    three = [i["id"] for i in desk.json("incidents") if i["topic"] == "piscine"][0]
    ok(fill(cabinet, f"/situation/{three}", "clore", texte="fini").status == 200, "that one is closed")
    page = fill(cabinet, one, "clore", texte="personne retrouvée")
    ok(page.status == 200 and not desk.json("incidents"), "the last one is closed")
    late = dircom.send(one + "/consigne", at="/situation", conduite="1", texte="trop tard")
    ok(late.status == 409 and "close" in late.body, "what is closed is not conducted", late.status)
    ok("trop tard" in dircom.send(one + "/noter", at="/situation", quand="", texte="trop tard, noté").body, "but may be noted")


def reported(ok, desk, cabinet, one):
    """The report as a file, whole and as it may be given to others."""
    page = cabinet.get(one)
    ok(page.has("a", href=one + "/rapport") and page.has("a", href=one + "/rapport?communicable=1"), "the alarm's page leads to its report")
    own, given = cabinet.get(one + "/rapport"), cabinet.get(one + "/rapport?communicable=1")
    file_name = "alerte-" + one.rsplit("/", 1)[1]
    for file, name in ((own, file_name + ".html"), (given, file_name + "-communicable.html")):
        ok(file.status == 200 and file.headers["Content-Disposition"] == f'attachment; filename="{name}"' and "size:A4" in file.body and
           "<script" not in file.body and not [s for s in SECRETS + ["Jeanne"] if s in file.body], name + ": a file, not who said it", file.body)
    ok("on sait où tu habites" in own.body and "Le maire est &lt;prévenu&gt;" in own.body and "A. Roche (dir&#39;com)" in own.body,
       "the town hall's own has what was said, written and who did it", own.body)
    ok("on sait" not in given.body and "prévenu&gt;" not in given.body and "Roche" not in given.body and "dir&#39;com" in given.body,
       "the one for others has functions, and nobody's words", given.body)
    ok("report of alarm no." in desk.again("roy", "en").get(one + "/rapport").body, "in English")
    ok(cabinet.get("/situation/77/rapport").status == 404 and cabinet.get("/situation/x/rapport").status == 404, "404: no such alarm")


def scenario(ok):
    with Desk("  - {id: site, title: Site de la ville, kind: jsonl, path: site.jsonl, follow: yes}\n") as desk:
        desk.comments("site.jsonl", [
            comment(1, "on sait où tu habites <script>alert(1)</script> 06 12 34 56 78 \u202egnp", "@jeanne_du_38", 1,
                    author_name="Jeanne D.")])
        desk.start()
        dircom, cabinet = desk.person("dircom", "dircom"), desk.person("roy", "cabinet")
        moderator = desk.person("anne", "moderation")
        desk.wait_for(lambda: desk.json("incidents"), 20, "the alarm")
        page = cabinet.follow(cabinet.get("/"))
        ok(page.status == 200 and "Point de situation" in page.body and "tocsin <span class=\"level orange\">ORANGE</span>" in
           page.body, "the cabinet comes in at the situation, whose level is the gravest", page.body)
        ok("on sait où tu habites" in page.body and "&lt;script&gt;" in page.body and "\u202e" not in page.body and
           "<script>alert" not in page.body, "what was said, harmless", page.body[page.body.find("verbatims"):][:800])
        ok(not [s for s in SECRETS + ["Jeanne"] if s in page.body], "not who said it, no number")
        ok(reasons(page) == ["menace possible, à qualifier"] * 2 and page.body.index('class="why"') < page.body.index("<article"),
           "why it rang, at the head", reasons(page))
        ok("Personne n&#39;en est chargé" in page.body and page.has("table", class_="facts"), "nobody is in charge; the figures",
           page.body)
        number = int(re.search(r'id="c(\d+)"', page.body)[1])
        one = f"/situation/{number}"
        ok("moderation" not in {x.strip("/") for x in re.findall(r'href="(/\w+)"', page.body)} and
           cabinet.get("/moderation").status == 403, "the cabinet has no way to the queue")
        taken = dircom.send(one + "/prendre", at="/situation")
        ok("Vous prenez en charge" in taken.body and "A. Roche (" in taken.parsed.text, "the dir'com takes charge, under his name",
           taken.body)
        state = desk.json("incidents")[0]
        ok(state["state"] == "acked" and state["acked_by"] == "dircom", "tocsin says the same", state)
        seen = cabinet.get(one)
        ok("Prise en charge" in seen.body and "A. Roche" in seen.parsed.text and "par la console" in seen.body and
           seen.form(one + "/noter"), "the cabinet reads who, and the main courante", seen.body)
        relay = cabinet.send(one + "/prendre", at=one, ici="1")
        ok("Vous prenez en charge" in relay.body and desk.json("incidents")[0]["acked_by"] == "roy", "it is handed over")
        note = cabinet.send(one + "/noter", at=one, quand="", texte="Le maire est <prévenu>\r\nà 12:05")
        ok(note.status == 200 and "Le maire est &lt;prévenu&gt;\nà 12:05" in note.body and "Écrit dans" in note.body, "a note",
           note.body[-1500:])
        ok(cabinet.send(one + "/noter", at=one, quand="", texte="").status == 400, "an empty one is none")
        code, _, err = desk.run("incident", "langage", str(number), "Nous suivons <de près>.", "--who", "dircom")
        ok(code == 0, "wording by the command line", err)
        ok(desk.run("incident", "consigne", str(number), "Attendre", "--who", "dircom")[0] == 0, "and an instruction")
        page = moderator.get("/situation")
        ok("Nous suivons &lt;de près&gt;." in page.body and "Attendre" in page.body and "Éléments de langage" in page.body,
           "the moderation reads what to say and to do")
        reported(ok, desk, cabinet, one)
        for path in ("/situation/0", "/situation/77", "/situation/x"):
            ok(cabinet.get(path).status == 404 and cabinet.send(path + "/prendre", at=one).status == 404, "404: " + path)
        conducted(ok, desk, dircom, cabinet, moderator, number)
        late = cabinet.send(one + "/prendre", at=one, ici="1")
        ok("close" in late.body and 'role="alert"' in late.body, "what is closed is not taken")
        ok("Aucune alerte" in cabinet.get("/situation").body, "and leaves the page")
        ok("No alarm is open" in desk.again("roy", "en").get("/situation").body, "in English")
        ok(desk.stop() == 0, "the town stops")


main(scenario)
