"""À répondre: a holding reply from the topic's model, the service reminded in working time, the answer; who comes second is told,
a double click is one decision, what is undone stands where it stood; texts go with their comment."""
import html
import os
import re
import sqlite3
import subprocess

from bell import parse, text_of
from desk import Desk, database
from town import BUILD, RULES, comment, main

TOPIC = """\
topics:
  - id: cantine
    title: Cantine scolaire
    status: live
    lane: reponse
    service: education
    reply: attente_cantine
    when: {words: [cantine]}
    tests: {match: ['la cantine est fermée ?'], no_match: ['la piscine']}
  - id: piscine
    title: Piscine
    status: live
    lane: reponse
    service: sports
    reply: attente_picine
    when: {words: [piscine]}
    tests: {match: ['la piscine est fermée ?'], no_match: ['la cantine']}
"""
REPLIES = """\
services:
  - {id: education, nom: "Service de l'éducation <écoles>"}
  - {id: sports, nom: Direction des sports}
réponses:
  - id: attente_piscine
    titre: Piscine, attente
    texte: 'Bonjour, {service} regarde, réponse {delai}. Voir {lien}. {ville}'
    lien: 'https://valmont.example/piscine'
    délai: 2 j
    relance: 4 h
"""
SOURCES = "  - {id: site, title: Site de la ville, kind: jsonl, path: site.jsonl, follow: yes}\n"
NAME = "Service de l&#39;éducation &lt;écoles&gt;"


def area(page):
    """What stands in the text for the public."""
    found = re.search(r'<textarea id="texte"[^>]*>\n(.*?)</textarea>', page.body, re.S)
    return found and found[1].replace("&#39;", "'").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def decider(page, seq):
    return page.form(f"/moderation/{seq}/decider")


def order(person, path="/reponse"):
    return [int(n) for n in re.findall(r'<article[^>]* id="c(\d+)"', person.get(path).body)]


def card(page, seq):
    return next(a for a in page.body.split("<article")[1:] if f'id="c{seq}"' in a)


def chosen(ok, anne, seq):
    page = anne.get(f"/moderation/{seq}/attente")
    text = area(page)
    ok(page.status == 200 and text.startswith("Bonjour") and "(Service de l'éducation <écoles>)" in text and
       "d'ici le mardi 3 novembre" in text and text.endswith("\nL'équipe de Valmont-sur-Orle"),
       "the topic's own model, filled in: town, service, day in working time", page.body)
    ok(re.search(r'value="attente_cantine" selected', page.body) and re.search(r'value="education" selected', page.body),
       "which model and which service is said")
    ok("n&#39;envoie rien" in page.body and 'data-copy="texte"' in page.body and "https://exemple.fr/3" in page.body,
       "what a person has to do: copy, go to the source")
    other = anne.get(f"/moderation/{seq}/attente?modele=attente_piscine&service=sports")
    ok(area(other) == "Bonjour, Direction des sports regarde, réponse d'ici le mardi 3 novembre. Voir https://valmont.example/piscine."
       " Valmont-sur-Orle", "another model and service, the town's own", area(other))
    ok("lundi à 12:30" in other.body, "its reminder: four working hours from Monday morning on", re.findall("<time.*?</time>", other.body))
    bare = anne.get(f"/moderation/{seq}/reponse")
    ok(bare.status == 200 and area(bare) == "" and "sans modèle" in bare.body, "the answer itself begins empty")
    for query in ("modele=inconnu", "service=%3Cscript%3E", "modele=%00"):
        page = anne.get(f"/moderation/{seq}/attente?{query}")
        ok(page.status in (200, 400) and "<script>" not in page.body, "an odd query: " + query, page.status)
    ok(anne.get(f"/moderation/{seq}/attente?modele=" + "x" * 60).status == 400, "a long one is refused")
    for path in ("/moderation/999999/attente", "/moderation/0/reponse", "/moderation/x/attente"):
        ok(anne.get(path).status == 404, "404: " + path)


def held(ok, anne, bob, seq):
    path = f"/moderation/{seq}/decider"
    seen = bob.get(f"/moderation/{seq}/attente")
    form = decider(anne.get(f"/moderation/{seq}/attente?modele=attente_piscine&service=education"), seq)
    ok(form["decision"] == "attente" and form["modele"] == "attente_piscine" and form["suite"] == "0", "the form knows what it decides", form)
    for name, fields in (("no text", {"texte": ""}), ("blank fields gone", {})):
        bad = anne.post(path, {**form, **fields})
        ok(bad.status == 400 and "texte pour le public est nécessaire" in bad.body and decider(bad, seq), name, bad.status)
    ok(anne.post(path, {**form, "texte": "x" * 5000}).status == 400, "too long a text")
    ok(anne.post(path, {**form, "texte": "x", "suite": "abc"}).status == 400, "no number")
    fields = {**form, "texte": "Bonjour, nous <regardons>."}
    done = anne.post(path, fields, follow=True)
    ok(done.status == 200 and "n&#39;envoie rien" in done.body and "publiez ce texte" in done.body and "Bonjour, nous &lt;regardons&gt;." in done.body
       and re.search(r'data-copy="reponse-\d+"', done.body), "recorded: the text is there to be copied", done.body)
    ok(f"En attente :</p>" not in done.body and NAME in done.body and "à relancer" in done.body and "lundi à 12:30" in done.body,
       "it waits for the service, until when", done.body)
    again = anne.post(path, fields)
    ok(again.status == 303 and anne.get(f"/moderation/{seq}").body.count("nous &lt;regardons&gt;") == 1, "a double click is one decision")
    stale = bob.post(path, {**decider(seen, seq), "texte": "le texte de bob"})
    ok(stale.status == 409 and "avant vous" in stale.body and "le texte de bob" in stale.body, "an older page is told, and has its text", stale.status)
    return done


def waits(ok, desk, anne, bob, first, second):
    page = anne.get("/reponse")
    ok(order(anne) == [second, first], "what waits for a service stands last", order(anne))
    shown = card(page, first)
    ok("En attente :" in shown and NAME in shown and "depuis " in shown and "À voir avant" not in shown, "and says for whom, since when", shown)
    ok("dont 1 attend un service" in page.body, "counted apart", page.body[:3000])
    ok(first not in order(anne, "/moderation"), "it is in no other file")
    undo = anne.get(f"/moderation/{first}")
    back = anne.post(f"/moderation/{first}/annuler", {"csrf": undo.csrf}, follow=True)
    ok("attend de nouveau" in back.body and order(anne) == [first, second] and "En attente :" not in anne.get("/reponse").body,
       "undone: it stands where it stood", order(anne))
    form = decider(bob.get(f"/moderation/{first}/attente"), first)
    ok(bob.post(f"/moderation/{first}/decider", {**form, "texte": "Bonjour, bientôt.", "modele": "attente_piscine"}).status == 303,
       "another holds it then")
    late = anne.post(f"/moderation/{first}/annuler", {"csrf": undo.csrf}, follow=True)
    ok("Trop tard" in late.body, "which the first one cannot undo")
    desk.comments("site.jsonl", [comment("lundi", "Bonjour à tous", "z", 1440 + 12 * 60)], "a")  # Monday, noon in UTC: past 12:30
    desk.wait_for(lambda: order(anne) == [first, second], 20, "the reminder")
    shown = card(anne.get("/reponse"), first)
    ok('class="due late"><strong>En retard de ' in shown and "à relancer :" in shown and "relance due " in shown, "its time over it comes first, and says so", shown)
    ok(order(anne)[0] == first and "dont 1 attend" not in anne.get("/reponse").body, "and is counted with the others")


def answered(ok, anne, first):
    path = f"/moderation/{first}/decider"
    form = decider(anne.get(f"/moderation/{first}/attente"), first)
    ok(anne.post(path, {**form, "texte": "Bonjour, encore un peu de patience."}).status == 303, "a second holding reply")
    ok(order(anne)[-1] == first, "waits anew", order(anne))
    form = decider(anne.get(f"/moderation/{first}/reponse"), first)
    done = anne.post(path, {**form, "texte": "La cantine rouvre lundi."}, follow=True)
    ok(done.status == 200 and first not in order(anne) and "La cantine rouvre lundi." in done.body, "answered, it waits no more")
    undone = anne.post(f"/moderation/{first}/annuler", {"csrf": done.csrf}, follow=True)
    ok("attend de nouveau" in undone.body and order(anne)[-1] == first and "En attente :" in card(anne.get("/reponse"), first),
       "undone, it waits for the service as before", order(anne))
    form = decider(anne.get(f"/moderation/{first}/reponse"), first)
    anne.post(path, {**form, "texte": "La cantine rouvre lundi."})
    history = anne.get(f"/moderation/{first}").body
    ok(history.count("Réponse d&#39;attente") >= 3 and history.count("La cantine rouvre lundi.") == 2 and "encore un peu" in history,
       "the history keeps all of it", history[-3000:])
    gone = anne.get(f"/moderation/{first}/attente")
    ok(gone.status == 200 and decider(gone, first) is None and "rouvre lundi" in gone.body, "there is nothing to write any more: its history")


def busy(ok, anne, bob, seq):
    bob.send(f"/moderation/{seq}/prendre", at="/reponse")
    page = anne.get(f"/moderation/{seq}/attente")
    ok(page.status == 200 and "s&#39;en occupe" in page.body and decider(page, seq) is None, "what bob works on anne cannot answer", page.body)
    form = {"csrf": page.csrf, "decision": "attente", "texte": "le texte d'anne", "modele": "", "service": "", "suite": "0"}
    late = anne.post(f"/moderation/{seq}/decider", form)
    ok(late.status == 409 and "d&#39;anne" in late.body, "nor by a form of her own, and her text stays", late.status)


def both_lanes(ok, desk, anne, bob, number):
    desk.comments("site.jsonl", [comment("deux", "La cantine, bande de connard !", "q", 30)], "a")
    desk.wait_for(lambda: "bande de" in anne.get("/moderation").body, 20, "it")
    page = anne.get("/moderation")
    seq = next(n for n in order(anne, "/moderation") if "bande de" in card(page, n))
    ok(seq in order(anne) and f"/moderation/{seq}/attente" in card(page, seq), "a question that may be an offence offers a holding reply too")
    one = f"/situation/{number}"
    ok("jeudi" in anne.get(f"/moderation/{seq}/attente").body, "with what is validated of its topic")
    bob.post(one + "/clore", {**bob.get(one).form(one + "/clore"), "texte": "réglé"})
    page = anne.get(f"/moderation/{seq}/attente")
    ok("Éléments de langage validés" not in page.body, "until the alarm is closed", page.body)
    form = decider(page, seq)
    anne.post(f"/moderation/{seq}/decider", {**form, "texte": "Bonjour."})
    ok(seq not in order(anne, "/moderation") and seq in order(anne), "looked at, it waits for its answer alone")


def forgotten(ok, desk, anne):
    code, out, err = desk.run("purge", "--author", "y", "--source", "site", "--who", "dpo", "--reason", "demande", timeout=60)
    with open(desk.path("state", "store.db"), "rb") as f:
        raw = f.read()
    ok(code == 0 and "rouvre lundi".encode() not in raw, "an erasure takes the answers to a comment too", out + err)
    with sqlite3.connect(desk.path("state", "store.db")) as db:
        kept = db.execute("SELECT count(*) FROM answer").fetchone()[0]
    ok(kept >= 4, "that there was one stays", kept)


def alarmed(desk, seq):
    """An alarm of the canteen, in which twelve questions were heard: its number."""
    at = database(desk, "SELECT max(flagged_at) FROM queue WHERE seq = ?", seq)[0][0]
    subprocess.run([os.path.join(BUILD, "tests", "pipeline", "escalate-say"), desk.path("run"), "observe", "0", "0", "3", "cantine",
                    "Cantine scolaire", str(at), "47", "39", "2"], check=True, timeout=60)
    return desk.wait_for(lambda: [i["id"] for i in desk.json("incidents") if i["topic"] == "cantine"], 20, "the alarm")[0]


def mails(desk):
    folder = desk.path("outbox")
    names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    for name in (n for n in names if n.endswith(".eml")):
        with open(os.path.join(folder, name), "rb") as f:
            yield parse(f.read())


def counted(ok, desk, person, number, said):
    """What the alarm says of what waits for an answer: the same on the page and in the report."""
    page = person.get(f"/situation/{number}").parsed.text
    ok(f"À répondre{said}" in page, "the alarm's page: " + said, re.findall("À répondre[^\n]*", page))
    report = desk.run("incident", "report", str(number))[1]
    ok(f"<td>{html.escape(said).replace('&#x27;', '&#39;')}</td>" in report, "… and its report", re.findall("[^>]*réponse[^<]*", report))


def validated(bob, number, text):
    one = f"/situation/{number}"
    return bob.post(one + "/elements", {**bob.get(one).form(one + "/elements"), "texte": text}, follow=True)


def worded(ok, anne, bob, number, first, second):
    """What the town hall has validated to say is offered to who answers, while its alarm is open."""
    offered = "Éléments de langage validés"
    ok(offered not in anne.get(f"/moderation/{first}/reponse").body, "nothing is validated, nothing is offered")
    validated(bob, number, "La cantine <rouvre> lundi.")
    validated(bob, number, "La cantine <rouvre> mardi.\nLes menus sont remboursés.")
    for path in ("reponse", "attente"):
        page = anne.get(f"/moderation/{first}/{path}")
        text = " ".join(page.parsed.text.split())
        ok(offered in text and "La cantine <rouvre> mardi. Les menus sont remboursés. version 2 · bob, " in text and
           "<rouvre>" not in page.body and "lundi." not in area(page) and f'href="/situation/{number}"' in page.body,
           "validated words, with version, who and when: " + path, page.body)
        block = re.search(rf'<div id="elements{number}">\n(.*?)</div>', page.body, re.S)
        ok(block and "remboursés." in block[1] and "version" not in block[1] and f'data-copy="elements{number}"' in page.body,
           "… and a button that copies them, and them alone", page.body)
    ok(offered not in anne.get(f"/moderation/{second}/reponse").body and offered not in anne.get(f"/moderation/{first}/transferer").body,
       "not for another topic, nor for a service")
    ok("version 2 · bob, " in " ".join(bob.get(f"/situation/{number}").parsed.text.split()), "the alarm's page has the version too")
    validated(bob, number, "")
    ok(offered not in anne.get(f"/moderation/{first}/reponse").body, "withdrawn, they are offered no more")
    ok("version 3 · bob, " in validated(bob, number, "La cantine rouvre jeudi.").parsed.text and
       "jeudi" in anne.get(f"/moderation/{first}/reponse").body, "a third version")


def asked(ok, anne, bob, number, first, second):
    """What the teams are asked to do is said before anybody writes to the public."""
    one = f"/situation/{number}"
    form = bob.get(one).form(one + "/consigne")
    bob.post(one + "/consigne", {**form, "conduite": "1", "texte": "Le maire <parle> à 18 h."}, follow=True)
    for path in ("reponse", "attente"):
        text = " ".join(anne.get(f"/moderation/{first}/{path}").parsed.text.split())
        ok("Consigne · " in text and "Le maire <parle> à 18 h." in text, "the consigne is on the page: " + path, text)
    ok("Le maire" not in anne.get(f"/moderation/{second}/reponse").body, "not for another topic")
    form = bob.get(one).form(one + "/consigne")
    bob.post(one + "/consigne", {**form, "conduite": "4", "texte": ""}, follow=True)
    ok("Le maire" not in anne.get(f"/moderation/{first}/reponse").body, "lifted, it is gone")


def refused(ok):
    """Mistakes are said with their place before anything starts."""
    wrong = "replies:\n  - {id: a, titre: A, texte: 'Bonjour {servce}', service: habitt}\nservices: [{id: habitat, nom: Habitat}]\n"
    with Desk(SOURCES, extra=wrong, rules=RULES) as desk:
        desk.write("site.jsonl", "")
        code, out, err = desk.run("run", "--until-done")
        said = out + err
        ok(code == 2 and re.search(r"tocsin\.yaml:\d+:\d+: [^\n]*\{servce\}\n\s+[^\n]*\{service\}", said) and
           re.search(r"service inconnu : habitt\n\s+[^\n]*habitat", said), "path:line:column, and did you mean", said)


def scenario(ok):
    with Desk(SOURCES, rules=RULES + TOPIC, extra=REPLIES) as desk:
        desk.comments("site.jsonl", [
            comment(1, "Bonjour à tous", "x", 1),
            comment(2, "La cantine est fermée demain ?", "y", 2, url="https://exemple.fr/3"),
            comment(3, "La piscine est fermée ?", "z", 3)])
        desk.start()
        desk.wait_for(lambda: "sujet « piscine »" in desk.log(), 10, "the word on a topic's model")
        ok("sujet « piscine » : aucun modèle de réponse « attente_picine » (attente_piscine)" in desk.log(), "a topic's model that is none is said",
           desk.log())
        anne, bob = desk.person("anne", "moderation"), desk.person("bob", "dircom")
        desk.wait_for(lambda: len(order(anne)) == 2, 20, "two questions")
        first, second = order(anne)
        chosen(ok, anne, first)
        number = alarmed(desk, first)
        counted(ok, desk, bob, number, "1 message attend une réponse")
        text = text_of(desk.wait_for(lambda: next((m for m in mails(desk) if "Cantine scolaire" in m["Subject"]), None), 20, "its mail"))
        ok("À traiter : 1 message attend une réponse. " in text, "… and its mail", text)
        worded(ok, anne, bob, number, first, second)
        asked(ok, anne, bob, number, first, second)
        held(ok, anne, bob, first)
        counted(ok, desk, bob, number, "1 message a une réponse d'attente")
        waits(ok, desk, anne, bob, first, second)
        counted(ok, desk, bob, number, "1 message attend une réponse")
        answered(ok, anne, first)
        counted(ok, desk, bob, number, "12 questions ou demandes, qui n'attendent plus de réponse")
        busy(ok, anne, bob, second)
        both_lanes(ok, desk, anne, bob, number)
        forgotten(ok, desk, anne)
        ok(desk.stop() == 0, "the town stops")
    refused(ok)


main(scenario)
