"""The account of what people did says what was decided, of what and as what; and which rights were given to whom. What an earlier
version wrote stays readable."""
import csv
import io
import sqlite3

from desk import Desk, database, seq_of
from town import comment, main

HEARD = "  - {id: site, kind: jsonl, path: site.jsonl, follow: yes}\n"
SERVICES = "services:\n  - {id: education, nom: Service de l'éducation}\n"


def entries(desk, verb):
    return database(desk, "SELECT who, what, why FROM audit WHERE verb = ? ORDER BY id", verb)


def spoken(page):
    """The page's text, each run of blanks one blank."""
    return " ".join(page.parsed.text.split())


def decide(desk, seq, *words):
    code, out, err = desk.run("decide", str(seq), *words)
    if code != 0:
        raise RuntimeError(out + err)


def decisions(ok, desk, dpo):
    first, second, third = (seq_of(desk, f"abruti {i}") for i in range(3))
    anne = desk.person("anne", "moderation")
    decide(desk, first, "masquer", "--category", "menace", "--who", "anne", "--reason", "À vous.")
    form = anne.get(f"/moderation/{second}/transferer").form(f"/moderation/{second}/decider")
    sent = anne.post(f"/moderation/{second}/decider", {**form, "service": "education", "motif": "À vous."})
    ok(sent.status == 303, "one is sent to a service", sent.body)
    page = anne.get(f"/moderation/{third}")
    form = page.form(f"/moderation/{third}/decider")
    ok(anne.post(f"/moderation/{third}/decider", {**form, "decision": "laisser", "motif": "ironie"}).status == 303, "one is left")
    ok(anne.post(f"/moderation/{third}/annuler", {"csrf": page.csrf}).status == 303, "… and taken back")
    found = entries(desk, "decide")
    ok(found == [("anne", f"{first}, masquer (menace)", "À vous."), ("anne", f"{second}, transferer (education)", "À vous."),
                 ("anne", f"{third}, laisser", "ironie"), ("anne", f"{third}, annuler", "")], "what was decided is written down", found)
    text = spoken(dpo.get("/conformite/journal?quoi=decisions"))
    ok(all(f"n° {n} · {what}" in text for n, what in ((first, "Masquer · menace possible, à qualifier"), (second, "Transférer · education"),
                                                    (third, "Laisser"), (third, "Décision annulée"))), "and shown", text)
    with sqlite3.connect(desk.path("state", "store.db")) as db:
        db.execute("INSERT INTO audit(at, who, verb, what, why) VALUES(1, 'eve', 'decide', '7', 'avant')")
        db.execute("INSERT INTO audit(at, who, verb, what, why) VALUES(1, 'eve', 'decide', '8, <i>danser</i> (', 'avant')")
    page = dpo.get("/conformite/journal?quoi=decisions")
    ok('<td class="text">commentaire n° 7</td>' in page.body and "<i>danser" not in page.body and "<i>danser</i>" in page.parsed.text,
       "an entry of an earlier version says what it knows", page.body)


def rights(ok, desk, dpo):
    steps = [("user", "add", "lea", "--roles", "moderation", "--sources", "site"), ("user", "set", "lea", "--sources", "tout"),
             ("user", "set", "lea", "--roles", "moderation,service", "--services", "education"), ("user", "set", "lea", "--language", "en"),
             ("token", "add", "robot", "--account", "lea", "--scope", "queue:read,queue:decide", "--days", "3")]
    for words in steps:
        code, out, err = desk.run(*words, input="le bon mot de passe\n")
        ok(code == 0, " ".join(words), out + err)
    desk.run("user", "set", "lea", "--password", input="un autre mot de passe\n")
    found = [why for _, what, why in entries(desk, "account") if what == "lea"]
    ok(found[:4] == ["ajouté ; rôles : moderation ; sources : site", "changé ; sources : site → toutes",
                     "changé ; rôles : moderation → moderation,service ; services : aucun → education", "changé"], "which rights, and what was before", found)
    ok(found[4:] == ["changé ; mot de passe"], "a password too", found)
    why = entries(desk, "token")[-1][2]
    ok(why.startswith("ajouté ; compte : lea ; portées : queue:read,queue:decide ; jusqu'au 2"), "a token: whose, what it may, until when", why)
    text = spoken(dpo.get("/conformite/journal?quoi=comptes"))
    ok("moderation → moderation,service" in text and "portées : queue:read" in text, "and shown", text)


def table(desk, dpo):
    page = dpo.get("/conformite/exports")
    page = dpo.post("/conformite/exports", {"csrf": page.csrf, "quoi": "journal", "motif": "contrôle"})
    return list(csv.DictReader(io.StringIO(page.raw.decode("utf-8-sig"), newline=""), delimiter=";", strict=True))


def scenario(ok):
    with Desk(HEARD, extra=SERVICES) as desk:
        desk.comments("site.jsonl", [comment(i, f"abruti {i}", f"a{i}", i) for i in range(3)])
        desk.start()
        desk.wait_for(lambda: desk.committed() == 3, 30, "everything")
        dpo = desk.person("dpo", "dpo")
        decisions(ok, desk, dpo)
        rights(ok, desk, dpo)
        ok("transferer (education)" in "".join(r["objet"] for r in table(desk, dpo)), "the file says what too")
        ok(desk.stop() == 0, "the town stops", desk.log())


main(scenario)
