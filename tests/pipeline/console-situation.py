"""Point de situation: an alarm with its figures, what is said without who said it, taken in charge from the page."""
import re

from desk import Desk
from town import comment, main

SECRETS = ["@jeanne_du_38", "06 12 34 56 78"]


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
        note = cabinet.send(one + "/noter", at=one, texte="Le maire est <prévenu>\r\nà 12:05")
        ok(note.status == 200 and "Le maire est &lt;prévenu&gt;\nà 12:05" in note.body and "Écrit dans" in note.body, "a note",
           note.body[-1500:])
        ok(cabinet.send(one + "/noter", at=one, texte="").status == 400, "an empty one is none")
        code, _, err = desk.run("incident", "langage", str(number), "Nous suivons <de près>.", "--who", "dircom")
        ok(code == 0, "wording by the command line", err)
        ok(desk.run("incident", "consigne", str(number), "Attendre", "--who", "dircom")[0] == 0, "and an instruction")
        page = moderator.get("/situation")
        ok("Nous suivons &lt;de près&gt;." in page.body and "Attendre" in page.body and "Éléments de langage" in page.body,
           "the moderation reads what to say and to do")
        for path in ("/situation/0", "/situation/77", "/situation/x"):
            ok(cabinet.get(path).status == 404 and cabinet.send(path + "/prendre", at=one).status == 404, "404: " + path)
        ok(desk.run("close", str(number), "--who", "dircom")[0] == 0, "closed")
        late = cabinet.send(one + "/prendre", at=one, ici="1")
        ok("close" in late.body and 'role="alert"' in late.body, "what is closed is not taken")
        ok("Aucune alerte" in cabinet.get("/situation").body, "and leaves the page")
        ok("No alarm is open" in desk.again("roy", "en").get("/situation").body, "in English")
        ok(desk.stop() == 0, "the town stops")


main(scenario)
