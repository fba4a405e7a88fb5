"""Opposition in the console: recorded by the DPO for an account, decided with a reason, and what it does to what comes later; the
words that were looked for go with an erasure."""
import re

from desk import Desk, database
from town import RULES, holding, main

SOURCE = "  - {id: site, kind: jsonl, path: site.jsonl, follow: yes}\n"
HANDLE = "mandragore77"
WORD = "zanzibarderie"


def audit(desk):
    return database(desk, "SELECT verb, what, why FROM audit ORDER BY id")


def post(desk, *said):
    """They are committed when this returns."""
    before = desk.committed()
    desk.comments("site.jsonl", [{"id": i, "author": a, "text": t} for i, a, t in said], "a")
    desk.wait_for(lambda: desk.committed() == before + len(said), 30, "the comments")


def look(dpo, motif="demande d'opposition"):
    return dpo.send("/conformite/personne", "/conformite/personne", source="site", compte=HANDLE, motif=motif)


def recorded(ok, dpo, desk):
    page = look(dpo)
    fields = page.form("/conformite/personne/opposition")
    ok(page.status == 200 and fields and fields["compte"] == HANDLE, "the page of a person has the form", page.body)
    ok("l'identifiant que la source lui donne" in page.parsed.text and "empreinte du compte" in page.parsed.text, "it says what stays", page.parsed.text)
    for wrong in ({"motif": "x"}, {"motif": "", "decision": "noter"}, {"motif": "x", "decision": "refuser"}, {"motif": "x", "decision": "rien"},
                  {"motif": "x", "decision": "accepter", "compte": ""}):
        done = dpo.post("/conformite/personne/opposition", {**fields, **wrong}, follow=True)
        ok('class="told bad"' in done.body and not database(desk, "SELECT 1 FROM opposition"), f"not with {wrong}", done.body)
    done = dpo.post("/conformite/personne/opposition", {**fields, "motif": "ne souhaite pas être suivi", "decision": "noter"}, follow=True)
    text = " ".join(done.parsed.text.split())
    ok("à décider" in text and "répondre avant le" in text and "ne souhaite pas être suivi" in text and HANDLE not in done.body,
       "it waits, with the day by which the person is answered, without the name", text)
    also = dpo.post("/conformite/personne/opposition", {**fields, "motif": "le même, par un autre", "decision": "accepter"}, follow=True)
    ok(also.has("div", class_="told bad") and "n° 1" in also.body and "C'est inscrit" not in also.parsed.text,
       "who decides at once on one that waits learns that it is not done", also.body)
    again = look(dpo)
    ok("Opposition n° 1 : à décider" in " ".join(again.parsed.text.split()), "and the person's page says so")
    ok(dpo.post("/conformite/opposition/1", {"csrf": done.csrf, "decision": "refuser"}, follow=True).has("div", class_="told bad"),
       "no refusal without its grounds")
    ok(dpo.post("/conformite/opposition/9", {"csrf": done.csrf, "decision": "accepter"}, follow=True).has("div", class_="told bad"), "nor of none")
    done = dpo.post("/conformite/opposition/1", {"csrf": done.csrf, "decision": "accepter"}, follow=True)
    ok("acceptée" in done.parsed.text, "accepted", done.body)
    ok(("oppose", "opposition n° 1 acceptée") in [a[:2] for a in audit(desk)] and not [a for a in audit(desk) if HANDLE in "".join(a)],
       "written down without the name", audit(desk))
    ok("opposition n° 1 acceptée" in dpo.get("/conformite/journal").parsed.text, "where the DPO reads it")


def afterwards(ok, desk, dpo, anne):
    post(desk, ("p2", HANDLE, f"bonne journée {WORD}"), ("p3", HANDLE, "Espèce de connard !"), ("q1", "autre", "bonsoir"))
    ok(all("journal" in path or path == "site.jsonl" for path in holding(desk, WORD)), "what is not flagged is never in the database", holding(desk, WORD))
    code, out, err = desk.run("purge", "--who", "dpo", "--reason", "durées")
    ok(code == 0 and holding(desk, WORD) == [], "and after the daily purge in no file", (out, err, holding(desk, WORD)))
    queue = [q["comment"]["id"] for q in desk.json("queue")]
    ok(queue == ["p3"], "what is flagged waits as anybody's", queue)
    ok("connard" in anne.get("/moderation").body, "the moderation reads it")
    ok(database(desk, "SELECT count(*) FROM handled") == [(0,)], "it is in no statistics")
    table = " ".join(look(dpo, "demande d'accès").parsed.text.split())
    ok("2 textes sont gardés" in table, "access reaches what is kept all the same", table)
    ok(all(r["balanced"] for r in desk.json("verify")), "the ledger adds up", desk.json("verify"))


def erased(ok, desk, dpo, anne):
    for words in (HANDLE, "esp%C3%A8ce+connard", "bonsoir"):
        ok(anne.get(f"/recherche?q={words}&motif=signalement+{HANDLE}").status == 200, "somebody searches")
    fields = look(dpo, "effacement").form("/conformite/personne/effacer")
    page = dpo.post("/conformite/personne/effacer", {**fields, "motif": "effacement", "sur": "1"}, follow=True)
    ok("Preuve de la purge" in page.body, "an erasure", page.body)
    where = re.search(r"n° (\d+)</h1>", page.body).group(1)
    desk.wait_for(lambda: "suit encore" not in dpo.get(f"/conformite/purge/{where}").body, 60, "journal and search")
    searches = [a[1:] for a in audit(desk) if a[0] == "search"]
    ok([what.strip() for what, _ in searches] == ["", "", "bonsoir"] and {why.strip() for _, why in searches} == {"signalement"},
       "who looked and when stays, the words and the name do not", searches)
    ok(holding(desk, HANDLE) == [], "the name is in no file", holding(desk, HANDLE))


def lifted(ok, desk, dpo):
    page = dpo.get("/conformite/personne")
    done = dpo.post("/conformite/opposition/1", {"csrf": page.csrf, "decision": "lever"}, follow=True)
    ok("levée" in done.parsed.text, "the person takes it back", done.body)
    post(desk, ("p9", HANDLE, "de retour"))
    ok("1 texte est gardé" in look(dpo, "contrôle").parsed.text, "and is heard as anybody again")


def scenario(ok):
    with Desk(SOURCE, rules=RULES) as desk:
        desk.comments("site.jsonl", [{"id": "p1", "author": HANDLE, "text": "avant"}])
        desk.start()
        desk.wait_for(lambda: desk.committed() == 1, 30, "the comment")
        dpo, anne = desk.person("dpo", "dpo"), desk.person("anne", "moderation")
        recorded(ok, dpo, desk)
        afterwards(ok, desk, dpo, anne)
        erased(ok, desk, dpo, anne)
        lifted(ok, desk, dpo)


main(scenario)
