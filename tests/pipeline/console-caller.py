"""Whom a report asks to call back: found by name and by number whatever way they are written, copied, erased from every file, gone
with age; there is nothing to object to but being kept, and that is said. Erasures that a stop cut off are said to the DPO."""
import sqlite3
import time

from desk import Desk, database
from town import POLICY, comment, holding, main

SOURCE = "  - {id: site, title: Site de la ville, kind: jsonl, path: site.jsonl, follow: yes}\n"
PAGE, PERSON = "/signalement", "/conformite/personne"


def tell(desk, anne, text, caller, at=""):
    """Writes a report down, and waits until it is there. Its seq."""
    anne.post(PAGE, {**anne.get(PAGE).form(PAGE), "texte": text, "ou": "la place", "moyen": "telephone", "quand": at, "rappeler": caller})
    found = "SELECT seq FROM item WHERE instr(body, ?)"
    desk.wait_for(lambda: database(desk, found, text.encode()), 20, text)
    return database(desk, found, text.encode())[0][0]


def look(dpo, name):
    return dpo.send(PERSON, PERSON, source="signalements", compte=name, motif="demande d'accès")


def found(dpo, name):
    """The reports that are kept under this name, by what they say."""
    page = look(dpo, name)
    return [text for text in ("Le pont tremble", "Un trou", "Une fuite", "Des cris") if text in page.body]


def erase(desk, dpo, name):
    page = look(dpo, name)
    done = dpo.post(PERSON + "/effacer", {**page.form(PERSON + "/effacer"), "motif": "demande d'effacement", "sur": "1"}, follow=True)
    number = database(desk, "SELECT max(number) FROM purge")[0][0]
    desk.wait_for(lambda: "suit encore" not in dpo.get(f"/conformite/purge/{number}").body, 60, "journal and search")
    return done


def scenario(ok):
    with Desk(SOURCE, policy=POLICY) as desk:
        desk.comments("site.jsonl", [comment(1, "Bonjour", "a", 600)])
        desk.start()
        desk.wait_for(lambda: desk.committed() == 1, 20, "a comment")
        anne, dpo = desk.person("anne", "moderation"), desk.person("dora", "dpo")
        tell(desk, anne, "Le pont tremble", 'Mme "Rosalie" Mirabellier, 06 12 34 56 78')
        tell(desk, anne, "Un trou", "Paul Mirabellier (06.11.22.33.44, le soir)")
        tell(desk, anne, "Une fuite", "M. Tourniquet +33 6 98 76 54 32", at="2026-05-01T10:00")
        held = tell(desk, anne, "Des cris", "Élodie Grandjean")
        ok(desk.run("decide", str(held), "dossier", "--who", "lea", "--reason", "plainte")[0] == 0, "one is held")

        asked = {"+33 6 12 34 56 78": ["Le pont tremble"], "0612345678": ["Le pont tremble"], "MIRABELLIER Rosalie": ["Le pont tremble"],
                 "madame rosalie mirabellier": ["Le pont tremble"], "Mirabellier": ["Le pont tremble", "Un trou"],
                 "06 11 22 33 44": ["Un trou"], "elodie grandjean": ["Des cris"], "Mirab": [], "0612345679": [], "34 56 78": []}
        got = {name: found(dpo, name) for name in asked}
        ok(got == asked, "found by the name and the number, whatever way they are written; by no part of them", got)
        page = look(dpo, "0612345678")
        ok("Mirabellier" in page.body and "la place" in page.body, "what is kept of them is shown", page.body)
        ok("/opposition" not in page.body.split("Effacement")[-1], "nothing to object to")
        no = dpo.post(PERSON + "/opposition", {"csrf": page.csrf, "source": "signalements", "compte": "0612345678", "motif": "x", "decision": "noter"}, follow=True)
        ok("effacez ce qui en est gardé" in no.body and not database(desk, "SELECT 1 FROM opposition"), "and that is said", no.body)
        copy = dpo.post(PERSON + "/exporter", {**page.form(PERSON + "/exporter"), "motif": "demande d'accès"}).body
        ok("Mirabellier" in copy and "Tourniquet" not in copy, "a copy of it says whom to call back", copy)

        ok(holding(desk, "Rosalie") and holding(desk, "34 56 78"), "it is in the files first")
        erase(desk, dpo, "06 12 34 56 78")
        ok(holding(desk, "Rosalie") == holding(desk, "34 56 78") == [], "erased by the number, the name is in no file either",
           holding(desk, "Rosalie") + holding(desk, "34 56 78"))
        ok(found(dpo, "Mirabellier") == ["Un trou"], "only that one")
        code, out, err = desk.run("purge", "--author", "mirabellier paul", "--source", "signalements", "--who", "DPO", "--reason", "demande", timeout=90)
        ok(code == 0 and "1 commentaire effacé" in out and holding(desk, "irabellier") == [], "by the name, from the command line", f"{out}{err}{holding(desk, 'irabellier')}")
        code, out, err = desk.run("purge", "--who", "DPO", "--reason", "durées", timeout=90)
        ok(code == 0 and holding(desk, "ourniquet") == holding(desk, "98 76 54") == [], "with age it goes as well", f"{out}{err}{holding(desk, 'ourniquet')}")
        ok(look(dpo, "Élodie Grandjean").form(PERSON + "/effacer") is None, "of what a dossier holds alone no erasure is offered")
        code, out, err = desk.run("purge", "--author", "Élodie Grandjean", "--source", "signalements", "--who", "DPO", "--reason", "demande", timeout=90)
        ok(code == 0 and found(dpo, "Grandjean") == ["Des cris"], "asked for by the command, it stays, and is still found", out + err)
        left = database(desk, "SELECT DISTINCT seq FROM caller")
        ok(left == [(held,)], "no mark is left of what went", left)

        ok(desk.stop() == 0, "the town stops")
        db = sqlite3.connect(desk.path("state", "store.db"))
        db.execute("DELETE FROM caller")
        db.execute("DELETE FROM note WHERE key = 'callers'")
        # two erasures that a stop cut off, one of them long ago
        for mark, days in (("1a2b3c4d" + 24 * "0", 2), ("5e6f7a8b" + 24 * "0", 8)):
            db.execute("INSERT INTO note VALUES('erasing account ' || ?, ?)", (mark, f"\0Planteur {mark[:4]}\0".encode()))
            db.execute("INSERT INTO note VALUES('erasing since account ' || ?, ?)", (mark, int((time.time() - days * 86400) * 1000)))
        db.commit()
        db.close()
        desk.start()
        again = look(desk.again("dora"), "grandjean")
        ok("Des cris" in again.body, "a report from before there were marks is found", again.body)
        dpo = desk.again("dora")
        text = dpo.get("/conformite").parsed.text
        ok("Effacements inachevés" in text and all(f"une personne · n° {mark}" in text for mark in ("1a2b3c4d", "5e6f7a8b")) and "Planteur" not in text,
           "erasures that a stop cut off are said, without a name", text)
        code, out, err = desk.run("purge", "--who", "DPO", "--reason", "durées", timeout=90)
        ok(code == 0 and holding(desk, "Planteur 5e6f") == [] and holding(desk, "Planteur 1a2b"), "after a week their names go", out + err)
        text = dpo.get("/conformite").parsed.text
        ok("à refaire ; plus de nom à chercher" in text and "à refaire, au plus tard" in text, "and that they were begun stays said", text)
        ok(desk.stop() == 0, "the town stops again")


main(scenario)
