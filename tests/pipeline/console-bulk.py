"""One decision on many: chosen in a list, seen before, decided at once, undone at once; what may not be decided so is left."""
import re

from desk import Desk, database, seq_of
from town import RULES, comment, main

SOURCES = "  - {id: site, title: Site de la ville, kind: jsonl, path: site.jsonl, follow: yes}\n"
MORE = """\
  - id: diffamation.fait
    title: Fait précis
    status: live
    category: diffamation
    priority: P3
    score: 6
    when: {words: [magouille]}
    tests: {match: ['quelle magouille'], no_match: ['quel beau temps']}
"""
HOSTILE = "<script>alert(1)</script>"


def waiting(desk):
    return database(desk, "SELECT count(*) FROM queue")[0][0]


def boxes(page, checked=None):
    return [a["name"] for t, a in page.parsed.elements if t == "input" and a.get("type") == "checkbox" and a.get("name") and
            (checked is None or ("checked" in a) == checked)]


def preview(person, page, names):
    return person.post("/moderation/lot", {**page.form("/moderation/lot"), **{n: "on" for n in names}})


def choosing(ok, desk, anne):
    ok("choisir=1" in anne.get("/moderation").body and not boxes(anne.get("/moderation"))[1:], "an ordinary list leads there, without boxes")
    page = anne.get("/moderation?choisir=1")
    ok(len(boxes(page, False)) == 100 and page.form("/moderation/lot") and "100 au plus" in page.body and
       "/decider" not in page.body, "a hundred boxes, none is checked, nothing is decided there", len(boxes(page)))
    ok(len(boxes(anne.get("/moderation?choisir=tout"), True)) == 100, "all that is shown, without a script")
    narrow = anne.get("/moderation?choisir=1&categorie=diffamation")
    ok(len(re.findall(r'name="c\d+"', narrow.body)) == 1 and "categorie=diffamation&amp;choisir=tout" in narrow.body, "a filtered list too")
    ok(anne.get("/moderation?choisir=x").status == 400, "another word is none of ours")
    none = preview(anne, page, [])
    ok(none.status == 200 and "Rien n&#39;est choisi" in none.body and none.form("/moderation/lot/decider") is None, "nothing chosen", none.body)
    for bad in ("x", "1", "1-", "-1", "1-2-3", "0-0", ",", "1-0,", "1-0;2-0", "9" * 30 + "-0", ",".join(["1-0"] * 101)):
        ok(anne.post("/moderation/lot", {"csrf": page.csrf, "liste": bad, "c1": "on"}).status in (200, 400) and
           anne.post("/moderation/lot/decider", {"csrf": page.csrf, "liste": bad, "cle": "0" * 64, "decision": "laisser", "motif": ""}).status
           in (400,), "a list that is none: " + bad[:20])
    return page


def seen_before(ok, desk, anne, bob):
    threat, slander, held, gone = (seq_of(desk, x) for x in ("où tu habites", "magouille", "numéro 5 ", "numéro 6 "))
    page = anne.get("/moderation?choisir=1")
    names = [f"c{n}" for n in (threat, slander, held, gone, *(seq_of(desk, f"numéro {i} ") for i in range(10, 20)))]
    bob.send(f"/moderation/{held}/prendre", at=f"/moderation/{held}", ici="1")
    form = bob.get(f"/moderation/{gone}").form(f"/moderation/{gone}/decider")
    bob.post(f"/moderation/{gone}/decider", {**form, "decision": "laisser", "motif": ""})
    before = waiting(desk)
    seen = preview(anne, page, names)
    ok(seen.status == 200 and "Laisser en ligne (11)" in seen.body and "Masquer (10)" in seen.body, "how many, of each decision", seen.body)
    able, _, barred = seen.body.partition("Ce qui resterait en attente")
    ok(f"/moderation/{slander}\"" in able and "pas pour masquer : second regard" in able, "what takes two is said", able)
    for seq, why in ((threat, "urgence : elle se décide seule"), (held, "autre s&#39;en occupe")):
        ok(f"/moderation/{seq}\"" in barred and why in barred, f"what is left, and why: {why}", barred)
    ok("attend plus" in barred and f"n° {gone}<" in barred, "what is decided meanwhile")
    ok(HOSTILE not in seen.body and "&lt;script&gt;" in seen.body, "texts are texts")
    ok(waiting(desk) == before, "nothing has changed")
    return seen, names


def deciding(ok, desk, anne, bob, seen):
    fields = seen.form("/moderation/lot/decider")
    before = waiting(desk)
    bare = anne.post("/moderation/lot/decider", {**fields, "decision": "masquer", "motif": ""})
    ok(bare.status == 400 and "motif" in bare.body and bare.form("/moderation/lot/decider")["cle"] == fields["cle"] and waiting(desk) == before,
       "hiding wants a reason")
    for wrong in ({"decision": "supprimer"}, {"cle": "x"}, {"decision": ""}, {"motif": "x" * 1001}):
        ok(anne.post("/moderation/lot/decider", {**fields, "decision": "masquer", "motif": "x", **wrong}).status == 400, f"not with {wrong}"[:40])
    late = seq_of(desk, "numéro 19 ")
    bob.send(f"/moderation/{late}/prendre", at=f"/moderation/{late}", ici="1")
    sent = {**fields, "decision": "masquer", "motif": "hors charte " + HOSTILE}
    done = anne.post("/moderation/lot/decider", sent)
    again = anne.post("/moderation/lot/decider", sent)
    ok(done.status == again.status == 303 and done.headers["Location"] == "/moderation?choisir=1", "back to the list", done.headers)
    page = anne.follow(again)
    ok("Décision enregistrée pour 9 commentaires" in page.body and "2 attendent toujours" in page.body, "done once, and what was not", page.parsed.text[:900])
    ok(waiting(desk) == before - 9 and database(desk, "SELECT count(*) FROM decision WHERE bulk = 1") == [(9,)], "a double click is one decision")
    one = seq_of(desk, "numéro 12 ")
    ok("décision groupée n° 1" in anne.get(f"/moderation/{one}").body, "its history says so", anne.get(f"/moderation/{one}").body[-2500:])
    undo = page.form("/moderation/lot/1/annuler")
    ok(undo is not None, "one undo is offered")
    ok(bob.post("/moderation/lot/1/annuler", {"csrf": bob.get("/moderation").csrf}).status == 404, "to who decided alone")
    page = anne.post("/moderation/lot/1/annuler", undo, follow=True)
    ok("Annulé : 9 commentaires attendent de nouveau" in page.body and waiting(desk) == before, "undone as a whole", page.parsed.text[:700])
    anne.post("/moderation/lot/1/annuler", undo)
    ok(waiting(desk) == before and database(desk, "SELECT count(*) FROM decision WHERE decision = 'annuler'") == [(9,)], "… once")
    seen = preview(anne, anne.get("/moderation?choisir=tout"), [f"c{seq_of(desk, 'magouille')}"])
    done = anne.post("/moderation/lot/decider", {**seen.form("/moderation/lot/decider"), "decision": "laisser", "motif": ""}, follow=True)
    ok("pour 1 commentaire." in done.body, "leaving online takes one person", done.body[:2000])
    dpo = desk.person("dpo", "dpo")
    page = dpo.get("/conformite/journal?quoi=decisions")
    ok("décision groupée" in page.body and "n° 1, masquer, 9" in page.body and "n° 1, annulée, 9" in page.body, "it is in the account", page.body)


def scenario(ok):
    with Desk(SOURCES, rules=RULES + MORE) as desk:
        desk.comments("site.jsonl", [comment(i, f"Quel abruti, numéro {i} {HOSTILE if i == 11 else ''}", f"a{i}", i) for i in range(120)] +
                      [comment(200, "on sait où tu habites", "x", 121), comment(201, "Quelle magouille", "y", 0)])
        desk.start()
        anne, bob = desk.person("anne", "moderation"), desk.person("bob", "dircom")
        desk.wait_for(lambda: desk.committed() == 122, 30, "everything")
        choosing(ok, desk, anne)
        seen, _ = seen_before(ok, desk, anne, bob)
        deciding(ok, desk, anne, bob, seen)
        ok("Decide on several at once" in desk.again("anne", "en").get("/moderation").body, "in English")
        ok(desk.stop() == 0, "the town stops", desk.log())


main(scenario)
