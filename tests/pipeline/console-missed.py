"""What people say against tocsin: a decision with their own category, and what it missed, put into the queue and kept as a test
for the authors of rules, without names."""
import email
import email.policy
import os
import re

from desk import Desk, database
from town import RULES, comment, main

SOURCES = "  - {id: site, title: Site de la ville, kind: jsonl, path: site.jsonl, follow: yes}\n"


def numbers(page):
    return [int(n) for n in re.findall(r'<article[^>]* id="c(\d+)"', page.body)]


def requalified(ok, desk, anne, seq):
    path = f"/moderation/{seq}/decider"
    page = anne.get(f"/moderation/{seq}")
    form = page.form(path)
    ok('name="categorie"' in page.body and "Requalifier" in page.body, "one's own category can be given")
    fields = {**form, "decision": "masquer", "motif": "vise une origine"}
    ok(anne.post(path, {**fields, "categorie": "bannissable"}).status == 400, "an unknown one is refused")
    done = anne.post(path, {**fields, "categorie": "injure_discriminatoire"})
    ok(done.status == 303, "decided with it", done.status)
    ok(anne.post(path, {**fields, "categorie": "injure_discriminatoire"}).status == 303, "a double click")
    other = anne.post(path, {**fields, "categorie": "menace"})
    ok(other.status == 409, "another category from an old page is another decision, and too late", other.status)
    page = anne.get(f"/moderation/{seq}")
    ok("qualifié : injure discriminatoire possible" in page.body, "the history says it", page.body)


def rows(page):
    """{number of a comment: its row in the calendar of prescriptions}"""
    return {int(n): row for n, row in re.findall(r'<tr><th scope="row"><a href="/moderation/(\d+)">(.*?)</tr>', page.body, re.S)}


def clocks(ok, anne, insult, threat):
    """What a human calls it has the clock of that: a year, three months, or none."""
    calendar = "/conformite/prescriptions"
    before = rows(anne.get(calendar))
    ok("injure possible" in before.get(insult, "") and threat not in before, "as tocsin supposes: three months, and none of a threat", before)
    for seq, category in ((insult, "injure_discriminatoire"), (threat, "diffamation")):
        path = f"/moderation/{seq}/decider"
        form = anne.get(f"/moderation/{seq}").form(path)
        ok(anne.post(path, {**form, "decision": "masquer", "motif": "vu", "categorie": category}).status == 303, f"called {category}")
    after = rows(anne.get(calendar))
    ok(insult not in after, "a year is not nearly over", after)
    ok("accusation précise, à vérifier" in after.get(threat, "") and "20/11" in after[threat], "three months are", after)


def missed(ok, desk, anne, bob, seq):
    path = f"/moderation/{seq}/oubli"
    page = anne.get(f"/moderation/{seq}")
    form = page.form(path)
    ok(form is not None and "rien de signalé" in page.body, "what tocsin left alone can be reported")
    for name, fields in (("no note", {"categorie": "menace", "note": ""}), ("no category", {"categorie": "", "note": "x"}),
                         ("an unknown category", {"categorie": "x", "note": "x"}), ("too long", {"categorie": "menace", "note": "x" * 5000})):
        ok(anne.post(path, {**form, **fields}).status == 400, f"{name}: refused")
    fields = {**form, "categorie": "menace", "note": "« attendre à la sortie », d'après Durand"}
    done = anne.post(path, fields, follow=True)
    ok(done.status == 200 and "Oubli signalé" in done.body and seq in numbers(anne.get("/moderation")), "it waits in the queue", done.body)
    shown = anne.get(f"/moderation/{seq}").body
    ok("menace possible, à qualifier (signalé par un humain)" in shown, "as what, and that a human said so", shown)
    first = anne.get("/moderation").body.split("<article")[1]
    ok(f'id="c{seq}"' in first and '<span class="badge p1">P1' in first and "À voir tout de suite" in first,
       "and is as urgent as that is: before the insults", first)
    ok(anne.post(path, fields).status == 303, "a double click is one report")
    late = bob.post(path, {"csrf": bob.get("/moderation").csrf, "categorie": "outrage", "note": "ma note"})
    ok(late.status == 409 and "attend déjà" in late.body, "who comes second is told", late.status)
    ok(len(rings(desk, seq)) == 1, "the alarm rings as for a rule's", desk.json("incidents"))
    undone = anne.post(f"/moderation/{seq}/annuler", {"csrf": form["csrf"]}, follow=True)
    ok("Décision annulée : le commentaire n&#39;attend plus" in undone.body and seq not in numbers(anne.get("/moderation")), "undone, it waits no more")
    ok(not rings(desk, seq), "and rings no more")
    ok(desk.json("rules", "missed") == [], "and is no example")
    anne.post(path, fields)
    ok(len(desk.json("rules", "missed")) == 1 and len(rings(desk, seq)) == 1, "reported anew, it rings anew")
    told = desk.wait_for(lambda: mails(desk, "signalé par un humain"), 20, "the mail")
    ok("menace" in told[0] and "06 12 34" not in told[0], "the town is told by whose word", told)
    code, out, err = desk.run("rules", "missed")
    ok(code == 0 and "    - 'On l''attendra à la sortie avec […], [téléphone]'\n" in out and "# menace · " in out and "exemples:\n  oui:\n" in out,
       "a test to be put under a rule, without number and name", out + err)
    ok("06 12 34 56 78" not in out and "Martin" not in out and "Durand" not in out, "nobody is in it", out)
    ok(anne.post(f"/moderation/{seq}/decider", {**anne.get(f"/moderation/{seq}").form(f"/moderation/{seq}/decider"), "decision": "laisser",
                                                "motif": ""}).status == 303 and len(desk.json("rules", "missed")) == 1,
       "decided, it stays an example")


def mails(desk, word):
    """The texts of the mails with these words."""
    folder = desk.path("outbox")
    names = sorted(n for n in os.listdir(folder) if n.endswith(".eml")) if os.path.isdir(folder) else []
    found = [email.message_from_bytes(open(os.path.join(folder, n), "rb").read(), policy=email.policy.default) for n in names]
    return [text for text in (re.sub(r"\s+", " ", m.get_body(("plain",)).get_content()) for m in found) if word in text]


def rings(desk, seq):
    """The open alarms that a human's word about this comment has rung."""
    return [i for i in desk.json("incidents") if i["facts"]["trigger"] == "humain:menace" and seq in i["facts"]["examples"]]


def judged(desk, rule):
    """How often people called what it found something else."""
    return next(r["other"] for r in desk.json("rules", "list") if r["rule"] == rule)


def reclassified(ok, desk, anne, seq):
    """Said to be a threat while it waits: it is one for everybody, and undone it is none."""
    path = f"/moderation/{seq}/decider"
    page = anne.get(f"/moderation/{seq}")
    form, before = page.form(path), judged(desk, "injure.adressee")
    ok('value="requalifier"' in page.body and ">P3<" in page.body, "what waits can be called something else", page.body)
    bad = anne.post(path, {**form, "decision": "requalifier", "motif": "", "categorie": ""})
    ok(bad.status == 400 and "choisissez une catégorie" in bad.body, "a category is needed", bad.status)
    done = anne.post(path, {**form, "decision": "requalifier", "motif": "« on se retrouvera »", "categorie": "menace"}, follow=True)
    ok(done.status == 200 and "Requalifié : le commentaire attend toujours" in done.body and "(requalifié par un humain)" in done.body and
       '<span class="badge p1">P1' in done.body and "À voir tout de suite" in done.body and "<strong>Requalifié</strong>" in done.body,
       "it waits with the priority and the time of that; the history says it", done.body)
    ok(numbers(anne.get("/moderation"))[0] == seq, "before the others")
    ok(len(rings(desk, seq)) == 1, "the alarm rings", desk.json("incidents"))
    ok(judged(desk, "injure.adressee") == before + 1, "the rule has called it something else", judged(desk, "injure.adressee"))
    ok([r[0] for r in database(desk, "SELECT who FROM audit WHERE verb = 'requalify'")] == ["anne"], "the account has it")
    undone = anne.post(f"/moderation/{seq}/annuler", {"csrf": form["csrf"]}, follow=True)
    ok("attend de nouveau" in undone.body and ">P3<" in anne.get(f"/moderation/{seq}").body and not rings(desk, seq), "undone", undone.body)


def strangers(ok, anne, cabinet, flagged):
    csrf = anne.get("/moderation").csrf
    body = {"categorie": "menace", "note": "x"}
    for number in (999999, 0, "x"):
        ok(anne.post(f"/moderation/{number}/oubli", {"csrf": csrf, **body}).status == 404, f"404: {number}")
    ok(anne.get(f"/moderation/{flagged}").form(f"/moderation/{flagged}/oubli") is None, "what it flagged was not missed")
    ok(cabinet.post(f"/moderation/{flagged}/oubli", {"csrf": cabinet.get("/situation").csrf, **body}).status == 403, "not for the cabinet")


def examples(ok, desk, anne, rosa, juriste, seq):
    """What was reported becomes an example of a rule, or is put aside."""
    path, page = f"/regles/oublis/{seq}", rosa.get("/regles/oublis")
    ok("attendra à la sortie avec […]" in page.body and "menace possible" in page.body and '<option value="menace.directe">' in page.body,
       "the authors of rules see it, masked", page.body)
    ok("06 12 34" not in page.body and "Martin" not in page.body and f"/moderation/{seq}" not in page.body, "and no more of it", page.body)
    ok("attendra" in juriste.get("/regles/oublis").body and juriste.get("/regles/oublis").form(path) is None, "a jurist reads alone")
    ok(anne.get("/regles/oublis").status == 403, "not for the moderation")
    offered = re.search(r'<select name="regle" required>(.*?)</select>', page.body, re.S).group(1)
    ok(re.findall(r'<option value="(.*?)">(.*?)</option>', offered)[1:-1] == [("menace.directe", "Menace adressée")],
       "the rules of its category are offered, by their titles", offered)
    every = re.search(r'<datalist id="regles">(.*?)</datalist>', page.body, re.S).group(1)
    ok(page.has("input", name="autre", list="regles") and '"injure.adressee"' in every, "any other one can be named", every)
    csrf = page.csrf
    for fields in ({}, {"faire": "exemple"}, {"faire": "exemple", "regle": "*", "phrase": "x"}, {"faire": "exemple", "regle": "", "phrase": "x"},
                   {"faire": "exemple", "regle": "menace.directe"}, {"faire": "exemple", "regle": "menace.directe", "phrase": " \n "}, {"faire": "ecarter", "motif": ""}, {"faire": "x", "motif": "x"}):
        ok(rosa.post(path, {"csrf": csrf, **fields}).status == 400, f"refused: {fields}")
    ok("un nom peut rester" in page.body and "avec […], [téléphone]</textarea>" in page.body,
       "a name may remain: the author reads it again and changes it", page.body)
    sample = {"csrf": csrf, "faire": "exemple", "regle": "menace.directe", "phrase": "On l'attendra\r\n à la sortie "}
    ok("plus là" in rosa.post(path, {**sample, "regle": "nulle"}, follow=True).body, "no such rule")
    ok("plus là" in rosa.post("/regles/oublis/999999", sample, follow=True).body, "nothing that was not reported")
    ok("plus là" in rosa.post(path, {**sample, "regle": "*", "autre": "nulle"}, follow=True).body, "nor under another name")
    done = rosa.post(path, {**sample, "regle": "*", "autre": "menace.directe"})
    ok(done.status == 303 and done.headers["Location"].startswith("/regles/modifier/essai"), "to the editor", done.headers["Location"])
    shown = rosa.follow(done)
    ok("match: ['On l''attendra à la sortie', 'on sait" in shown.body, "where it stands as it was left", shown.body)
    ok("déjà cet exemple" in rosa.post(path, sample, follow=True).body, "once")
    ok(rosa.post("/regles/oublis/999999", {"csrf": csrf, "faire": "ecarter", "motif": "x"}, follow=True).body.count("plus là") == 1, "a number that is none")
    ok(juriste.post(path, {"csrf": juriste.get("/regles").csrf, "faire": "ecarter", "motif": "x"}).status == 403, "a jurist puts nothing aside")
    again = rosa.post(path, {"csrf": csrf, "faire": "ecarter", "motif": "trop rare pour une règle"}, follow=True)
    ok("Mis de côté" in again.body and "Aucun oubli" in again.body and desk.json("rules", "missed") == [], "put aside, it is gone from both", again.body)
    ok(rosa.post(path, {"csrf": csrf, "faire": "ecarter", "motif": "encore"}).status == 303 and
       database(desk, "SELECT who, why FROM audit WHERE verb = 'missed'") == [("rosa", "trop rare pour une règle")], "once, by whom and why")


def scenario(ok):
    with Desk(SOURCES, rules=RULES) as desk:
        desk.comments("site.jsonl", [
            {**comment(4, "Un abruti d'août", "w", 1), "created_at": "2026-08-20T08:00:00Z"},
            {**comment(5, "on sait où tu habites, voleur", "v", 1), "created_at": "2026-08-20T09:00:00Z"},
            comment(1, "Quel abruti", "x", 1), comment(2, "Encore un abruti", "y", 2),
            comment(3, "On l'attendra à la sortie avec Martin, 06 12 34 56 78", "z", 3)])
        desk.start()
        anne, bob, cabinet = desk.person("anne", "moderation"), desk.person("bob", "dircom"), desk.person("carl", "cabinet")
        desk.wait_for(lambda: len(numbers(anne.get("/commentaires"))) == 5, 20, "five comments")
        by_text = {next(k for k in ("Quel", "Encore", "sortie", "août", "voleur") if k in a): int(re.search(r'id="c(\d+)"', a)[1])
                   for a in anne.get("/commentaires").body.split("<article")[1:]}
        requalified(ok, desk, anne, by_text["Quel"])
        clocks(ok, anne, by_text["août"], by_text["voleur"])
        reclassified(ok, desk, anne, by_text["Encore"])
        missed(ok, desk, anne, bob, by_text["sortie"])
        examples(ok, desk, anne, desk.person("rosa", "regles"), desk.person("jules", "juriste"), by_text["sortie"])
        strangers(ok, anne, cabinet, by_text["Encore"])
        ok(desk.stop() == 0, "the town stops")


main(scenario)
