"""A question goes to a service and its answer comes back: transferred, seen by that service alone, proposed, published by the
moderation. What is another service's, or nobody's, is not there."""
import re

from desk import Desk
from town import RULES, comment, main

TOPIC = """\
topics:
  - id: cantine
    title: Cantine <scolaire>
    status: live
    lane: reponse
    service: education
    when: {words: [cantine, piscine]}
    tests: {match: ['la cantine est fermée ?'], no_match: ['le stade']}
"""
SERVICES = """\
services:
  - {id: education, nom: Service de l'éducation, courriel: ecoles@valmont.example}
  - {id: sports, nom: Direction des sports}
"""
SOURCES = "  - {id: site, title: Site de la ville, kind: jsonl, path: site.jsonl, follow: yes}\n"


def numbers(page):
    return [int(n) for n in re.findall(r'<article[^>]* id="c(\d+)"', page.body)]


def transferred(ok, anne, bob, school, sport, seq):
    path = f"/moderation/{seq}/decider"
    page = anne.get(f"/moderation/{seq}/transferer")
    form = page.form(path)
    ok(page.status == 200 and form["decision"] == "transferer" and re.search(r'value="education" selected', page.body) and
       "ne lui écrit pas" in page.body, "the topic's service is chosen; what a person has to do is said", page.body)
    stale = bob.get(f"/moderation/{seq}/transferer").form(path)
    bad = anne.post(path, {**form, "service": "education", "motif": ""})
    ok(bad.status == 400 and "motif est nécessaire" in bad.body and bad.form(path), "a reason is needed")
    ok(anne.post(path, {**form, "service": "a,b", "motif": "x"}).status == 400, "one service, not two")
    ok(not numbers(school.get("/service")) and "Rien n&#39;attend" in school.get("/service").body, "so far the service has nothing")
    fields = {**form, "service": "education", "motif": "Est-ce <vrai> ?"}
    done = anne.post(path, fields, follow=True)
    ok(done.status == 200 and "prévenez-le" in done.body and "mailto:ecoles@valmont.example" in done.body and "En attente :" in done.body,
       "transferred: whom to tell, until when", done.body)
    ok(anne.post(path, fields).status == 303, "a double click")
    late = bob.post(path, {**stale, "service": "sports", "motif": "mon motif"})
    ok(late.status == 409 and "mon motif" in late.body, "an older page is told, and its text stays")
    ok(numbers(school.get("/service")) == [seq] and not numbers(sport.get("/service")), "the service sees it, another does not")
    undone = anne.post(f"/moderation/{seq}/annuler", {"csrf": anne.get("/reponse").csrf}, follow=True)
    ok("attend de nouveau" in undone.body and not numbers(school.get("/service")) and school.get(f"/service/{seq}").status == 404,
       "undone, the service has it no more")
    form = anne.get(f"/moderation/{seq}/transferer").form(path)
    ok(anne.post(path, {**form, "service": "education", "motif": "Est-ce <vrai> ?"}).status == 303, "transferred anew")


def foreign(ok, sport, school, anne, seq, other):
    """Each route of the service for what is not its own: 404; for who has no such role: 403."""
    csrf = sport.get("/service").csrf
    for number in (seq, other, 999999, 0, "x"):
        ok(sport.get(f"/service/{number}").status == 404, f"not there for another service: {number}")
        for action, more in (("proposer", {"texte": "une réponse"}), ("annuler", {})):
            answer = sport.post(f"/service/{number}/{action}", {"csrf": csrf, **more})
            ok(answer.status == 404 and "cantine" not in answer.body, f"404: {action} {number}", answer.status)
    ok(school.get(f"/service/{other}").status == 404, "nor what was not transferred, for the service itself")
    ok(anne.get("/service").status == 403 and anne.get(f"/service/{seq}").status == 403, "a moderator is no service")
    for path in ("/moderation", f"/moderation/{seq}", "/reponse", "/commentaires", "/recherche", "/situation", "/comptes",
                 f"/moderation/{seq}/transferer", "/evenements"):
        ok(school.get(path).status == 403, "a service does not open " + path)
    ok(school.post(f"/moderation/{seq}/decider", {"csrf": csrf, "decision": "laisser", "motif": ""}).status == 403, "nor decides")
    ok(school.follow(school.get("/")).status == 200 and school.get("/").headers["Location"] == "/service", "its home is its list")


def proposed(ok, anne, school, seq):
    path = f"/service/{seq}/proposer"
    page = school.get(f"/service/{seq}")
    ok(page.status == 200 and "Est-ce &lt;vrai&gt; ?" in page.body and "cantine" in page.body and "Cantine &lt;scolaire&gt;" in page.body and
       "réponse attendue " in page.body, "the service sees the question, its topic, why, and until when", page.body)
    ok("jeanne" not in page.body.lower() and "jeanne" not in school.get("/service").body.lower(), "and not who asks")
    form = page.form(path)
    for name, text in (("empty", ""), ("too long", "x" * 5000)):
        ok(school.post(path, {**form, "texte": text}).status == 400, f"{name}: refused")
    before = anne.get(f"/moderation/{seq}/reponse")
    done = school.post(path, {**form, "texte": "Oui, <b>lundi</b>."}, follow=True)
    ok(done.status == 200 and "la modération la publiera" in done.body and "&lt;b&gt;lundi" in done.body, "proposed", done.body)
    ok(school.post(path, {**form, "texte": "Oui, <b>lundi</b>."}).status == 303 and
       school.get(f"/service/{seq}").body.count("<strong>Réponse proposée</strong>") == 1, "a double click is one")
    ok(numbers(anne.get("/reponse"))[0] == seq and "Réponse proposée par :" in anne.get("/reponse").body, "it comes first for the moderation")
    undo = school.get("/service")
    back = school.post(f"/service/{seq}/annuler", {"csrf": undo.csrf}, follow=True)
    ok("Réponse retirée" in back.body and numbers(anne.get("/reponse"))[-1] == seq and "Réponse proposée par" not in anne.get("/reponse").body,
       "taken back, it waits as before", back.body)
    ok(school.post(path, {**form, "texte": "Oui, lundi à <huit> heures."}).status == 303, "proposed again")
    late = anne.post(f"/moderation/{seq}/decider", {**before.form(f"/moderation/{seq}/decider"), "texte": "Nous ne savons pas."})
    ok(late.status == 409 and "Nous ne savons pas." in late.body, "who was writing before it came is told", late.status)
    page = anne.get(f"/moderation/{seq}/reponse")
    ok("Oui, lundi à &lt;huit&gt; heures.</textarea>" in page.body, "the answer begins with what the service proposed", page.body)
    form = page.form(f"/moderation/{seq}/decider")
    done = anne.post(f"/moderation/{seq}/decider", {**form, "texte": "Bonjour, oui : lundi à huit heures."}, follow=True)
    ok(done.status == 200 and seq not in numbers(anne.get("/reponse")) and "Réponse proposée" in done.body, "published by the moderation")
    ok(school.get(f"/service/{seq}").status == 404 and not numbers(school.get("/service")), "and the service has nothing left")
    ok(school.post(path, {"csrf": undo.csrf, "texte": "encore"}).status == 404, "nor can it come back to it")


def kept(ok, desk, anne, school, seq):
    """A holding reply leaves the question with its service."""
    path = f"/moderation/{seq}/decider"
    form = anne.get(f"/moderation/{seq}/transferer").form(path)
    anne.post(path, {**form, "service": "education", "motif": "à vous"})
    form = anne.get(f"/moderation/{seq}/attente").form(path)
    anne.post(path, {**form, "service": "education", "texte": "Bonjour, un peu de patience."})
    page = school.get(f"/service/{seq}")
    ok(page.status == 200 and "Bonjour, un peu de patience." in page.body and "Dit au public" in page.body, "it sees what the public was told", page.body)
    code, _, err = desk.run("user", "set", "ecole", "--roles", "service", "--services", "sports")
    ok(code == 0 and school.get("/service").headers["Location"] == "/connexion", "a service account that changes is signed out", err)
    ok(not numbers(desk.again("ecole").get("/service")), "and sees what its new services have: nothing")
    ok([a["services"] for a in desk.json("user", "list") if a["name"] == "ecole"] == ["sports"], "as tocsin user says")
    form = anne.get(f"/moderation/{seq}/transferer").form(path)
    bad = anne.post(path, {**form, "service": "", "motif": "hors de la mairie"})
    ok(bad.status == 400 and "Un service est nécessaire" in bad.body and "hors de la mairie" in bad.body, "to nobody: refused", bad.body)
    named = anne.post(path, {**form, "service": "", "autre": "Syndicat <des eaux>", "motif": "hors de la mairie"}, follow=True)
    ok(named.status == 200 and seq in numbers(anne.get("/reponse")) and "Syndicat &lt;des eaux&gt;" in named.body and
       "à relancer" in named.body, "to one that tocsin does not know, by its name: it waits for that", named.body)


def scenario(ok):
    with Desk(SOURCES, rules=RULES + TOPIC, extra=SERVICES) as desk:
        desk.comments("site.jsonl", [
            comment(1, "La cantine est fermée demain ?", "jeanne", 1, author_name="Jeanne D."),
            comment(2, "La piscine est fermée ?", "z", 2)])
        desk.start()
        anne, bob = desk.person("anne", "moderation"), desk.person("bob", "dircom")
        school, sport = desk.person("ecole", "service", services="education"), desk.person("sport", "service", services="sports,habitat")
        desk.wait_for(lambda: len(numbers(anne.get("/reponse"))) == 2, 20, "two questions")
        first, second = numbers(anne.get("/reponse"))
        transferred(ok, anne, bob, school, sport, first)
        foreign(ok, sport, school, anne, first, second)
        proposed(ok, anne, school, first)
        kept(ok, desk, anne, school, second)
        ok(desk.stop() == 0, "the town stops")


main(scenario)
