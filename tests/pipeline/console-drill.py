"""An exercise from the console: who will really be called is said before, a real alarm that is open is said and must be known, it rings,
is followed by who sees nothing else, and is ended; of a real alarm nothing is ended so."""
from desk import Desk, database
from town import comment, levels, main

POLICY = """\
people:
  - {id: morel, name: C. Morel, mail: morel@ville.example}
""" + levels("morel")
PAGE, END = "/situation/exercice", "/situation/exercice/arreter"
THREAT = "zinzolin"


def drills(desk):
    return database(desk, "SELECT id, state, title FROM incident WHERE topic GLOB 'exercice:*' ORDER BY id")


def confirm(page):
    """The fields of the form that makes it ring: the other one only asks who is called."""
    return next((dict(f["fields"]) for f in page.parsed.forms if f["action"] == PAGE and "csrf" in f["fields"]), None)


def begin(person, level, **more):
    form = confirm(person.get(f"{PAGE}?niveau={level}"))
    return person.post(PAGE, {**form, "sujet": "", **more})


def said(ok, desk, admin):
    page = admin.get(PAGE)
    ok(page.status == 200 and confirm(page) is None and not drills(desk), "nothing rings before it is said who is called", page.body)
    ok(admin.get("/equipe").has("a", href=PAGE), "the team's pages lead there")
    page = admin.get(PAGE + "?niveau=orange")
    ok("réellement appelées" in page.parsed.text and "C. Morel" in page.parsed.text and "aussitôt" in page.parsed.text and "mail" in page.parsed.text, "who, when and by which channel", page.body)
    ok("vraie alerte" not in page.parsed.text and not page.has("input", name="malgre"), "no real alarm is open")
    ok([admin.get(PAGE + "?niveau=" + x).status for x in ("violet", "x" * 50)] == [400] * 2, "a level that is none")
    ok(admin.post(PAGE, {"csrf": page.csrf, "niveau": "violet"}).status == 400 and not drills(desk), "… does not ring")


def rung(ok, desk, admin, nora):
    page = admin.follow(begin(admin, "orange", sujet="inondation <b>"))
    ok("L'exercice sonne" in page.parsed.text and "EXERCICE · inondation <b>" in page.parsed.text and len(drills(desk)) == 1, "it rings", page.body)
    page = admin.follow(begin(admin, "orange"))
    ok("déjà en cours" in page.parsed.text and len(drills(desk)) == 1, "of each level one at a time", page.body)
    desk.wait_for(lambda: "C. Morel" in admin.get(PAGE).body.split("</table>")[0], 30, "somebody is reached")
    ok("Personne ne l'a pris en charge" in admin.get(PAGE).parsed.text, "who was reached is followed, without any other alarm", admin.get(PAGE).body)
    ok(database(desk, "SELECT who, what, why FROM audit WHERE verb = 'drill'") == [("chef", "exercice:orange", "EXERCICE · inondation <b>")], "and written down")
    number, = [i for i, _, _ in drills(desk)]
    ok(nora.get(f"/situation/{number}").status == 200 and admin.get(f"/situation/{number}").status == 403, "its own page is for who sees alarms")
    code, out, err = desk.run("ack", str(number), "--who", "morel")
    ok(code == 0 and desk.wait_for(lambda: "Pris en charge par C. Morel" in admin.get(PAGE).parsed.text, 10, "who took charge"), "who took charge, and when", out + err)


def ended(ok, desk, admin, nora):
    ok("L'exercice sonne" in nora.follow(begin(nora, "rouge")).parsed.text, "the dir'com too")
    number = drills(desk)[-1][0]
    form = admin.get(PAGE).form(END)
    page = admin.follow(admin.post(END, form))
    ok("L'exercice est terminé" in page.parsed.text and drills(desk)[-1][1] == 2 and "terminé" in page.parsed.text and page.form(END) is None, "ended", page.body)
    ok("terminé" in admin.follow(admin.post(END, {**form, "numero": str(number)})).parsed.text, "twice is once")


def beside(ok, desk, admin, nora):
    """A real alarm is open."""
    desk.comments("site.jsonl", [comment(1, f"on sait où tu habites, {THREAT}", "v1", 1)])
    real = desk.wait_for(lambda: database(desk, "SELECT id FROM incident WHERE topic GLOB 'P1:*'"), 30, "the threat")[0][0]
    page = admin.get(PAGE + "?niveau=jaune")
    ok("1 vraie alerte est ouverte" in page.parsed.text and page.has("input", name="malgre") and THREAT not in page.body, "that it is open is said, without a word of it", page.body)
    n = len(drills(desk))
    page = begin(nora, "jaune", sujet="essai du soir")
    ok(page.status == 409 and "rien n'a sonné" in page.parsed.text and len(drills(desk)) == n and "essai du soir" in page.body, "nothing rings unless that is known, and what was typed stays", page.body)
    ok("L'exercice sonne" in nora.follow(begin(nora, "jaune", malgre="1")).parsed.text, "who knows it may")
    csrf = admin.get(PAGE).csrf
    wrong = [admin.post(END, {"csrf": csrf, "numero": x}).status for x in (str(real), "999", "x", "-1")]
    ok(wrong == [404, 404, 400, 400] and database(desk, "SELECT state FROM incident WHERE id = ?", real) == [(0,)], "a real alarm is not ended so", wrong)


def scenario(ok):
    with Desk("  - {id: site, kind: jsonl, path: site.jsonl, follow: yes}\n", policy=POLICY) as desk:
        desk.comments("site.jsonl", [])
        desk.start()
        admin, nora = desk.person("chef", "admin"), desk.person("nora", "dircom")
        said(ok, desk, admin)
        rung(ok, desk, admin, nora)
        ended(ok, desk, admin, nora)
        beside(ok, desk, admin, nora)
        anne = desk.person("anne", "moderation,cabinet")
        ok([anne.get(PAGE).status, anne.post(PAGE, {"csrf": anne.get("/situation").csrf, "niveau": "orange"}).status] == [403, 403], "nobody else rehearses")
        ok(desk.stop() == 0, "the town stops", desk.log())


main(scenario)
