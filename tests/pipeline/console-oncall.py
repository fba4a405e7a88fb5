"""The roles « dgs » and « astreinte ». A DGS conducts alarms and has no file. Whoever is on the on-call plan looks at any time;
on duty he takes charge, and reads and decides what is urgent; an absence takes that from him at once, and gives it to whoever
replaces him."""
import datetime
import json
import zoneinfo

from desk import Desk, database, seq_of
from town import RULES, ZONE, comment, levels, main

PLAN = """\
calendars:
  on_call: [{id: cadre, title: cadre d'astreinte, turn: [dupont], start: 2026-01-01}]
people:
  - {id: roche, name: A. Roche, mail: roche@ville.example}
  - {id: dupont, name: L. Dupont, mail: dupont@ville.example}
  - {id: leroy, name: S. Leroy, mail: leroy@ville.example}
""" + levels("roche", p1="cadre")
MORE = """\
  - id: adresse.livree
    title: Adresse livrée
    status: live
    category: doxxing
    priority: P2
    score: 8
    when: {words: [digicode]}
    tests: {match: ['son digicode est le 12'], no_match: ['son code postal']}
"""
THREAT, DOXXING, INSULT = "on sait où tu habites", "est le 12", "ce guichetier" # what no <mark> cuts
CALM = "ce soir vers la fontaine"  # which no rule sees
TEXTS = ((THREAT, "plaignant"), ("son digicode " + DOXXING, "b"), ("Quel abruti, " + INSULT, "c"), ("Rendez-vous " + CALM, "d"))


def dgs(ok, desk, director):
    ok(director.get("/").headers["Location"] == "/situation", "the DGS begins at the situation")
    page = director.get("/situation/1")
    ok(page.status == 200 and THREAT in page.body and page.form("/situation/1/prendre") and page.form("/situation/1/consigne"),
       "reads an alarm and may conduct it", page.body)
    ok("plaignant" not in page.body and 'href="/moderation"' not in page.body, "sees no handle, and no way to a file", page.body)
    done = director.send("/situation/1/prendre", "/situation/1", ici="1")
    ok("Prise en charge" in done.parsed.text and database(desk, "SELECT count(*) FROM entry WHERE who = 'directrice'")[0][0] > 0,
       "takes charge under her name", done.body)
    done = director.send("/situation/1/consigne", "/situation/1", conduite="1", texte="", vu="0")
    ok(done.status == 200 and 'class="told bad"' not in done.body, "and says what is to be done", done.body)
    for path in ("/moderation", "/reponse", "/commentaires", "/recherche", f"/moderation/{seq_of(desk, THREAT)}", "/dossiers", "/regles", "/comptes"):
        ok(director.get(path).status == 403, "is not let to " + path)
    ok(director.get("/equipe").status == 200 and director.get("/equipe/statistiques").status == 200, "sees the team and its figures")


def on_duty(ok, desk, dupont):
    threat, doxxing, insult = (seq_of(desk, x) for x in (THREAT, DOXXING, INSULT))
    page = dupont.get("/moderation")
    ok(page.status == 200 and THREAT in page.body and INSULT not in page.body and DOXXING not in page.body, "on duty: P1 in the list", page.body)
    page = dupont.get("/moderation?priorite=2")
    ok(DOXXING in page.body and INSULT not in page.body, "… and P2", page.body)
    for query in ("?priorite=3", "?priorite=4", "?categorie=injure_publique", "?choisir=1", "?source=site"):
        page = dupont.get("/moderation" + query)
        ok(INSULT not in page.body and 'type="checkbox"' not in page.body, "never what is not urgent: " + query, page.body)
    ok('href="/recherche"' not in page.body and 'href="/reponse"' not in page.body, "no way to search, nor to another file")
    ok(dupont.get(f"/moderation/{threat}").status == 200 and dupont.get(f"/moderation/{doxxing}").status == 200, "the page of one that is urgent")
    csrf = dupont.get("/moderation").csrf
    before = database(desk, "SELECT count(*) FROM decision"), database(desk, "SELECT count(*) FROM claim")
    for action in ("", "/attente", "/reponse", "/transferer"):
        page = dupont.get(f"/moderation/{insult}{action}")
        ok(page.status == 404 and INSULT not in page.body, f"what is not urgent is not there: {action or 'page'}", page.status)
    for action in ("prendre", "rendre", "decider", "annuler"):
        page = dupont.post(f"/moderation/{insult}/{action}", {"csrf": csrf, "decision": "laisser", "motif": ""})
        ok(page.status == 404 and INSULT not in page.body, "nor is it for him to " + action, page.status)
    ok((database(desk, "SELECT count(*) FROM decision"), database(desk, "SELECT count(*) FROM claim")) == before, "and nothing was done by that")
    form = dupont.get(f"/moderation/{doxxing}").form(f"/moderation/{doxxing}/decider")
    done = dupont.post(f"/moderation/{doxxing}/decider", {**form, "decision": "masquer", "motif": "adresse d'un agent"}, follow=True)
    ok(done.status == 200 and database(desk, "SELECT who, decision FROM decision") == [("dupont", "masquer")], "he decides what is urgent", done.body)
    undone = dupont.post(f"/moderation/{doxxing}/annuler", {"csrf": csrf}, follow=True)
    ok("attend de nouveau" in undone.body, "and takes it back", undone.body)
    for path in ("/reponse", "/commentaires", "/recherche", "/vues", f"/moderation/{threat}/dossier", "/dossiers", "/regles"):
        ok(dupont.get(path).status == 403, "is not let to " + path)


def reported(ok, desk, dupont, anne):
    """What the moderation reported as a threat is urgent as what tocsin saw: in the list, and behind it."""
    calm = seq_of(desk, CALM)
    one = f"/moderation/{calm}"
    ok(CALM not in dupont.get("/moderation").body and dupont.get(one).status == 404, "what nobody reported is not there")
    form = anne.get(one).form(one + "/oubli")
    ok(anne.post(one + "/oubli", {**form, "categorie": "menace", "note": "rendez-vous"}).status == 303, "a moderator reports it as a threat")
    ok(CALM in dupont.get("/moderation").body, "it is in his list")
    page = dupont.get(one)
    ok(page.status == 200 and CALM in page.body, "and its page is there", page.status)
    csrf = dupont.get("/moderation").csrf
    ok(dupont.post(one + "/prendre", {"csrf": csrf}).status == 303 and database(desk, "SELECT who FROM claim") == [("dupont",)], "he takes it")
    form = dupont.get(one).form(one + "/decider")
    done = dupont.post(one + "/decider", {**form, "decision": "masquer", "motif": "menace voilée"})
    ok(done.status == 303 and ("dupont", "masquer", "menace voilée") in database(desk, "SELECT who, decision, reason FROM decision"),
       "decides it", done.status)
    undone = dupont.post(one + "/annuler", {"csrf": csrf}, follow=True)
    ok("attend de nouveau" in undone.body, "and takes that back, though it waited no more", undone.body)


def off_duty(ok, desk, person, name):
    threat = seq_of(desk, THREAT)
    page = person.get("/situation/1")
    ok(page.status == 200 and page.form("/situation/1/prendre") is None and page.form("/situation/1/noter") is None,
       f"{name}, off duty, reads an alarm", page.body)
    csrf = page.csrf
    for path in ("/moderation", "/moderation?priorite=1", f"/moderation/{threat}"):
        page = person.get(path)
        ok(page.status == 403 and THREAT not in page.body, "… and is not let to " + path, page.status)
    for path in ("/situation/1/prendre", "/situation/1/noter", f"/moderation/{threat}/prendre", f"/moderation/{threat}/decider"):
        ok(person.post(path, {"csrf": csrf, "texte": "x"}).status == 403, "… nor to do " + path)


def replaced(ok, desk, dupont, leroy):
    today = datetime.datetime.now(zoneinfo.ZoneInfo(ZONE)).strftime("%Y-%m-%d")
    roche = desk.person("roche", "dircom")
    roche.send("/equipe/absences", "/equipe", qui="dupont", remplacant="leroy", du=today, au=today)
    ok(database(desk, "SELECT count(*) FROM absence") == [(1,)], "an absence is entered")
    off_duty(ok, desk, dupont, "dupont")
    ok(THREAT in leroy.get("/moderation").body and leroy.get("/situation/1").form("/situation/1/noter"), "and his substitute is on duty")


def tokens(ok, desk):
    for name, most, refused in (("directrice", "incidents:read,incidents:ack,statistics:read,rules:read", "queue:read"),
                                ("dupont", "incidents:read,statistics:read,rules:read", "incidents:ack")):
        ok(desk.run("token", "add", "trop-" + name, "--account", name, "--scope", refused)[0] == 1, f"no token of {name}'s for {refused}")
        code, out, err = desk.run("token", "add", "jeton-" + name, "--account", name, "--scope", most)
        answer = desk.visitor().ask("GET", "/api/v1/incidents", headers={"Authorization": "Bearer " + out.strip()})
        ok(code == 0 and answer.status == 200 and json.loads(answer.body), f"{name}'s token reads alarms", err)


def scenario(ok):
    with Desk("  - {id: site, kind: jsonl, path: site.jsonl, follow: yes}\n", policy=PLAN, rules=RULES + MORE, clock="wall") as desk:
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        desk.comments("site.jsonl", [{**comment(i, text, author), "created_at": now} for i, (text, author) in
                                     enumerate(TEXTS)])
        desk.start()
        director = desk.person("directrice", "dgs")
        dupont, leroy = desk.person("dupont", "astreinte"), desk.person("leroy", "astreinte")
        desk.wait_for(lambda: len(desk.json("queue")) == 3, 30, "what waits")
        desk.wait_for(lambda: THREAT in director.get("/situation/1").body, 30, "the alarm")
        dgs(ok, desk, director)
        on_duty(ok, desk, dupont)
        reported(ok, desk, dupont, desk.person("anne", "moderation"))
        off_duty(ok, desk, leroy, "leroy")
        tokens(ok, desk)
        replaced(ok, desk, dupont, leroy)
        ok(desk.stop() == 0, "the town stops", desk.log())


main(scenario)
