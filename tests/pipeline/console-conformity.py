"""Conformity in the console: what is kept, a purge with its proof, the calendar of prescriptions, the account of what was done,
exports that are read again, a person's rights. A planted word is in no file after the purge that the page asked for."""
import csv
import datetime
import hashlib
import hmac
import html
import io
import json
import os
import re
import socket
import sqlite3
import struct
import urllib.parse
import zoneinfo

from desk import Desk
from town import RULES, ZONE, holding, main

SOURCE = "  - {id: site, kind: jsonl, path: site.jsonl, follow: yes}\n"
WORD = "zanzibarderie"
HANDLE = "mandragore77"
GONE = "ellebore88"
NOW = datetime.datetime(2026, 11, 20, 10, tzinfo=datetime.timezone.utc)
FORMULAS = ["=1+1", "+33 6", "-2 euros", "@mairie", "  =HYPERLINK(\"http://x\")", "＝1+1", "\t=2"]
LONG = 40  # comments of 300 kB: more than a system keeps of what nobody reads
HATE = """\
  - id: haine.essai
    title: Injure par l'origine
    status: live
    category: injure_discriminatoire
    priority: P2
    score: 8
    when: {words: [basketteux]}
    tests: {match: ['sale basketteux'], no_match: ['le basket']}
"""


def said(number, text, days_ago, author="passant", **more):
    at = (NOW - datetime.timedelta(days=days_ago)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"id": str(number), "text": text, "author": author, "created_at": at, **more}


def rows(page):
    """{first cell: other cells} of every table of a page."""
    found = {}
    for row in re.findall(r"<tr>(.*?)</tr>", page.body, re.S):
        cells = [html.unescape(re.sub(r"<[^>]*>", "", c)).strip() for c in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)]
        if cells:
            found[cells[0]] = cells[1:]
    return found


def audit(desk):
    with sqlite3.connect(f"file:{desk.path('state', 'store.db')}?mode=ro", uri=True) as db:
        return db.execute("SELECT who, verb, what, why FROM audit ORDER BY id").fetchall()


def items():
    """What the town has heard: old and new, flagged or not, formulas, one person."""
    heard = [said(f"o{i}", f"vieille {WORD} {i}", 50) for i in range(7)]
    heard += [said(f"n{i}", f"message récent {i}", 3) for i in range(5)]
    heard += [said("f1", "Espèce de connard !", 100), said("f2", "espèce d'abruti", 88), said("f3", "quel abruti", 65),
              said("f4", "sale basketteux", 340), said("f5", "connard", 10), said("f6", "abruti fini", 66)]
    heard += [said(f"c{i}", text, 2, author=text.strip()) for i, text in enumerate(FORMULAS)]
    heard += [said("p1", "quel connard ce maire", 4, HANDLE), said("p2", "bonne journée", 3, HANDLE),
              said("p3", "pauvre abruti", 2, HANDLE),
              said("e1", "quel abruti", 3, GONE, author_name="Ellébore"), said("e2", "à bientôt", 2, GONE)]
    return heard


def kept(ok, dpo, admin):
    page = dpo.get("/conformite")
    table = rows(page)
    ok(page.status == 200 and table["non signalés"][:2] == ["35 j", "21"], "what is kept and how long", table)
    ok(table["signalés, ou décidés par quelqu'un"][1] == "7", "what is flagged", table)
    ok(table["injure discriminatoire ou provocation à la haine possibles"][:2] == ["390 j", "1"], "… for a year", table)
    ok(rows(admin.get("/conformite"))["non signalés"] == table["non signalés"], "the administration sees the same numbers")
    ok(WORD not in page.body and HANDLE not in page.body, "and no content")


def purge(ok, desk, dpo):
    page = dpo.get("/conformite/purge")
    before = rows(page)
    ok(before["commentaires dont la durée est passée"] == ["7"] and before["textes gardés, car en dossier"] == ["1"],
       "what a purge would take", before)
    code, out, err = desk.run("purge", "--preview")
    ok(code == 0 and "7 commentaires partiraient ; textes gardés, car en dossier : 1" in out, "the command says the same", out + err)
    ok(desk.json("purge", "--preview") == [{"comments": 7, "versions": 0, "held": 1}], "… to machines too")
    ok(desk.run("purge", "--preview", "--author", "x", "--source", "site")[0] == 2, "of ages alone")
    ok(desk.committed() and len(holding(desk, WORD)) > 0, "the word is there first")
    page = dpo.post("/conformite/purge", {"csrf": page.csrf, "motif": "  "}, follow=True)
    ok("Un motif est nécessaire" in page.body and holding(desk, WORD), "not without a reason")
    page = dpo.send("/conformite/purge", "/conformite/purge", motif="durées, demandé par le DPO")
    proof = rows(page)
    ok("pas atteintes : celles d'avant cette purge" in proof["Sauvegardes"][0], "and what it does not reach: backups", proof)
    ok("Preuve de la purge" in page.body and proof["Commentaires effacés"] == ["7"], "as many as were announced", page.body)
    where = re.search(r"n° (\d+)</h1>", page.body).group(1)

    def followed():
        return "suit encore" not in dpo.get(f"/conformite/purge/{where}").body
    desk.wait_for(followed, 60, "journal and search")
    proof = rows(dpo.get(f"/conformite/purge/{where}"))
    ok(proof["Journal d'arrivée"] == ["a suivi"] and proof["Recherche"] == ["a suivi"], "journal and search have followed", proof)
    ok(proof["Chaîne de preuves"][0].startswith("intacte : 9 maillons"), "the chain holds", proof)
    ok(proof["Motif"] == ["durées, demandé par le DPO"], "and why", proof)
    ok(holding(desk, WORD) == [], "the word is in no file", holding(desk, WORD))
    again = rows(dpo.get("/conformite/purge"))
    ok(again["commentaires dont la durée est passée"] == ["0"], "nothing more would go", again)
    ok(where in "".join(rows(dpo.get("/conformite"))), "it stands among the purges")
    ok(dpo.get("/conformite/purge/999999").status == 404, "no purge, no proof")
    ledger = desk.json("verify")
    ok(all(r["balanced"] for r in ledger) and sum(r["purged"] for r in ledger) == 7, "the ledger knows", ledger)


def jurist(ok, desk, person, link, warned):
    """Who qualifies and verifies the date: the calendar and its warning, and of conformity only the papers besides."""
    page = person.get("/conformite/prescriptions")
    clocks = [v for k, v in rows(page).items() if k.startswith("n°")]
    ok(page.status == 200 and [v[0] for v in clocks] == ["J-6", "J-27", "J-27", "J-28"], "the jurist has the calendar", page.body)
    ok("connard" not in page.body and "/moderation/" not in page.body and person.get(link).status == 403, "… and no text", page.body)
    desk.wait_for(lambda: warned in person.get("/regles").body, 20, "the jurist to be warned on every page")
    door = person.get("/regles").has("a", href="/conformite/prescriptions")
    ok(door and page.has("a", href="/conformite/prescriptions", **{"aria-current": "page"}), "from each page one link leads there", page.body)
    opened = [p for p in ("", "/purge", "/personne", "/exports", "/journal", "/modeles") if person.get("/conformite" + p).status != 403]
    ok(opened == ["/modeles"] and all(f'"/conformite{p}"' not in page.body for p in ("", "/purge", "/personne", "/exports", "/journal")),
       "of the rest the papers alone", opened)


def prescriptions(ok, desk, dpo, admin, anne):
    page = dpo.get("/conformite/prescriptions")
    table = rows(page)
    clocks = [v for k, v in table.items() if k.startswith("n°")]
    ok("Rappels par courriel, à J-30 et à J-7 : personne" in " ".join(re.sub(r"<[^>]*>", "", page.body).split()), "nobody is reminded, and it says so")
    ok([v[0] for v in clocks] == ["J-6", "J-27", "J-27", "J-28"], "what ends within seven days, within thirty, the soonest first", table)
    ok([v[1] for v in clocks][:1] == ["24/11/2026"] and clocks[0][3] == "24/08/2026", "from date to date", clocks)
    ok(any("discriminatoire" in v[2] and v[3] == "15/12/2025" for v in clocks), "a year for an insult by origin", clocks)
    ok("connard" not in page.body and "/moderation/" not in page.body, "the DPO is shown no text")
    mine = anne.get("/conformite/prescriptions")
    link = re.search(r'href="(/moderation/\d+)"', mine.body)
    ok(mine.status == 200 and link and anne.get(link.group(1)).status == 200, "the moderation finds the comment")
    warned = 'title="1 prescription dans sept jours ou moins"'
    desk.wait_for(lambda: warned in anne.get("/moderation").body, 20, "a warning on every page")
    ok(warned in dpo.get("/conformite/exports").body and warned not in admin.get("/conformite").body, "who looks after it is warned")
    jurist(ok, desk, desk.person("juriste", "juriste"), link.group(1), warned)
    seq = link.group(1).rsplit("/", 1)[1]
    code, _, err = desk.run("decide", seq, "laisser", "--who", "anne", "--reason", "critique")
    ok(code == 0 and link.group(1) not in anne.get("/conformite/prescriptions").body, "what is left online has no clock", err)
    desk.wait_for(lambda: warned not in anne.get("/moderation").body, 20, "the warning to go")


def counted(data):
    """Bytes behind their length in LEB128."""
    n, length = len(data), b""
    while n >= 0x80:
        length += bytes([n & 0x7f | 0x80])
        n >>= 7
    return length + bytes([n]) + data


def read_archive(lines):
    """An independent reader: (links, wiped) or an assertion."""
    head, end = json.loads(lines[0]), json.loads(lines[-1])
    assert head["tocsin"] == "preuves" and head["format"] == 1
    chain, wiped = bytes(32), 0
    for line in lines[1:-1]:
        link = json.loads(line)
        mark = bytes.fromhex(link["mark"])
        chain = hashlib.sha256(chain + counted(mark) + struct.pack("<qq", link["seq"], link["accepted"])).digest()
        assert chain.hex() == link["link"], link["seq"]
        if link.get("wiped"):
            wiped += 1
            continue
        handle, body = bytes.fromhex(link["handle"]), bytes.fromhex(link["body"])
        sealed = struct.pack("<q", link["accepted"]) + counted(handle) + counted(body)
        assert hmac.new(bytes.fromhex(link["salt"]), sealed, hashlib.sha256).hexdigest() == link["mark"]
        assert link["comment"]["text"].encode() in body
    assert end == {"links": len(lines) - 2, "last": chain.hex()}
    return len(lines) - 2, wiped


def export(person, kind, reason="contrôle de la CNIL"):
    page = person.get("/conformite/exports")
    return person.post("/conformite/exports", {"csrf": page.csrf, "quoi": kind, "motif": reason})


def exports(ok, desk, dpo):
    page = export(dpo, "csv")
    ok(page.status == 200 and page.headers["Content-Type"].startswith("text/csv") and
       re.fullmatch(r'attachment; filename="tocsin-csv-[0-9-]+\.csv"', page.headers["Content-Disposition"]),
       "a file for a spreadsheet", page.headers)
    ok(page.raw.startswith(b"\xef\xbb\xbf") and b"\r\n" in page.raw, "UTF-8 with its mark, lines of RFC 4180")
    table = list(csv.DictReader(io.StringIO(page.raw.decode("utf-8-sig"), newline=""), delimiter=";", strict=True))
    texts = {r["identifiant"]: r["texte"] for r in table}
    ok(len(table) == 23 and texts["n1"] == "message récent 1", "every text that is there, none that went", len(table))
    ok([texts[f"c{i}"] for i in range(len(FORMULAS))] == ["'" + f for f in FORMULAS], "no cell is a formula", texts)
    ok(not any(c.lstrip().startswith(("=", "+", "-", "@", "＝")) for r in table for c in r.values()), "none at all")
    ok({r["compte"] for r in table} >= {"'=1+1", HANDLE}, "… nor an author")
    code, out, err = desk.run("export", "csv", "--who", "DPO", "--reason", "contrôle")
    ok(code == 0 and out.encode() == page.raw.replace(b"\r\n", b"\n") or out.encode() == page.raw, "the command gives the same", err)
    page = export(dpo, "json")
    lines = [json.loads(line) for line in page.body.splitlines() if line]
    ok(len(lines) == 23 and {x["comment"]["id"] for x in lines} == set(texts), "JSON, one a line")
    page = export(dpo, "preuves")
    ok(read_archive(page.body.rstrip("\n").split("\n")) == (9, 0), "an archive that another reader can prove", page.body[:300])
    desk.write("preuves.jsonl", page.body)
    code, out, err = desk.run("verify", desk.path("preuves.jsonl"))
    ok(code == 0 and "archive intacte : 9 maillons" in out, "and tocsin verify", out + err)
    for name, old, new in (("a sealed text", '"body":"', '"body":"00'), ("a text to read", "connard", "bonhomme"),
                           ("a mark", '"mark":"', '"mark":"00')):
        desk.write("faux.jsonl", page.body.replace(old, new, 1))
        code, out, err = desk.run("verify", desk.path("faux.jsonl"))
        ok(code == 1 and "ligne" in err, f"{name} that was changed is found", out + err)
    whole = page.body.rstrip("\n").split("\n")
    for name, lines in (("without a link", whole[:3] + whole[4:]), ("without its end", whole[:-1]),
                        ("in another order", whole[:2] + [whole[3], whole[2]] + whole[4:]), ("that goes on", whole + whole[1:2])):
        desk.write("faux.jsonl", "\n".join(lines) + "\n")
        ok(desk.run("verify", desk.path("faux.jsonl"))[0] == 1, f"… and an archive {name}")
    ok(desk.run("verify", desk.path("rien.jsonl"))[0] == 2, "no file is misuse")
    page = export(dpo, "journal", "=audit")
    table = list(csv.DictReader(io.StringIO(page.raw.decode("utf-8-sig"), newline=""), delimiter=";"))
    ok(table[0]["quoi"] == "export" and table[0]["motif"] == "'=audit" and table[0]["qui"] == "dpo", "the account, its own export first",
       table[:2])
    ok(export(dpo, "csv", "").status == 400 and export(dpo, "tout").status == 400, "not without a reason, not what is none")
    for words in ((), ("tout", "--who", "x", "--reason", "y"), ("csv", "--who", "x"), ("csv", "--reason", "y")):
        ok(desk.run("export", *words)[0] == 2, "misuse: export " + " ".join(words))
    done = [(who, what) for who, verb, what, _ in audit(desk) if verb == "export"]
    ok(done == [("dpo", "csv"), ("DPO", "csv"), ("dpo", "json"), ("dpo", "preuves"), ("dpo", "journal")], "each is written down", done)


def long_export(ok, desk, dpo):
    """Longer than what may wait unread: it comes whole."""
    text = "très long " * 30000
    desk.comments("site.jsonl", [said(f"l{i}", text + str(i), 1) for i in range(LONG)], "a")
    desk.wait_for(lambda: desk.committed() >= len(items()) + LONG, 60, "long comments")
    page = export(dpo, "json")
    got = [json.loads(line)["comment"]["text"] for line in page.body.splitlines()]
    ok(sorted(t for t in got if len(t) > 9999) == sorted(text + str(i) for i in range(LONG)), "megabytes come whole", len(page.raw))


def nobody_reads(ok, desk, dpo, admin):
    """Exports that nobody takes: bounded for one person, and others do not wait for him."""
    body = urllib.parse.urlencode({"csrf": dpo.get("/conformite/exports").csrf, "quoi": "json", "motif": "panne"})
    head = (f"POST /conformite/exports HTTP/1.1\r\nHost: x\r\nCookie: {dpo.cookie}\r\nContent-Length: {len(body)}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n\r\n")
    lines = [socket.socket() for _ in range(6)]
    statuses = []
    for line in lines:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.connect(("127.0.0.1", desk.port))
        line.sendall((head + body).encode())
        statuses.append(line.recv(100).split()[1])
    ok(statuses == [b"200"] * 4 + [b"503"] * 2, "four at a time for one person", statuses)
    ok(admin.get("/conformite").status == 200, "others are answered")
    for line in lines:
        line.close()
    desk.wait_for(lambda: export(dpo, "json").status == 200, 20, "room again")


def person(ok, desk, dpo):
    page = dpo.send("/conformite/personne", "/conformite/personne", source="site", compte=HANDLE, motif="demande d'accès")
    table = rows(page)
    ok(page.status == 200 and "3 textes sont gardés" in page.body and len(table) == 4, "what is held of a person", page.body)
    ok(any(v[3:] == ["en dossier : gardé"] for v in table.values()), "and what a dossier keeps", table)
    ok(any(v[3:] == ["décision : Laisser en ligne"] for v in table.values()), "and what people decided", table)
    ok(page.has("button", class_="grave") and not [t for t, a in page.parsed.elements if t == "label" and "choice" in a.get("class", "")],
       "an erasure looks like none of the other buttons", page.body)
    fields = page.form("/conformite/personne/exporter")
    copy = dpo.post("/conformite/personne/exporter", {**fields, "motif": "copie"})
    ids = sorted(json.loads(line)["comment"]["id"] for line in copy.body.splitlines())
    ok(copy.status == 200 and ids == ["p1", "p2", "p3"], "a copy for the person", copy.body)
    nobody = dpo.send("/conformite/personne", "/conformite/personne", source="site", compte="personne", motif="essai")
    ok("Aucun texte n'est gardé" in nobody.parsed.text, "nobody is nobody")
    for wrong in ({"source": "", "compte": "x", "motif": "y"}, {"source": "site", "compte": "x", "motif": ""},
                  {"source": "site", "compte": "x" * 600, "motif": "y"}):
        ok(dpo.post("/conformite/personne", {"csrf": page.csrf, **wrong}).status == 400, f"not without {wrong}"[:60])
    ok(dpo.post("/conformite/personne/effacer", {**fields, "motif": "x"}).status == 400, "not erased without being sure")
    done = dpo.post("/conformite/personne/effacer", {**fields, "motif": "demande d'effacement", "sur": "1"}, follow=True)
    ok(rows(done)["Commentaires effacés"] == ["2"] and rows(done)["Motif"] == ["demande d'effacement"], "erased but for the dossier",
       done.body)
    page = dpo.send("/conformite/personne", "/conformite/personne", source="site", compte=HANDLE, motif="contrôle")
    ok("1 texte est gardé" in page.body and "en dossier" in page.body, "one is left", page.body)
    held = [k for k, v in rows(page).items() if v[3:] == ["en dossier : gardé"]][0].removeprefix("n° ")
    ok(f"n° {held}" in rows(dpo.get("/conformite")), "the page of what is kept says who holds it, and why")
    page = dpo.send("/conformite/personne", "/conformite/personne", source="site", compte=GONE, motif="opposition")
    fields = page.form("/conformite/personne/effacer")
    page = dpo.post("/conformite/personne/effacer", {**fields, "motif": "opposition", "sur": "1"}, follow=True)
    desk.wait_for(lambda: "suit encore" not in dpo.get("/conformite/purge/3").body, 60, "journal and search")
    ok(rows(page)["Commentaires effacés"] == ["2"] and holding(desk, GONE) == [], "a name that was erased is in no file", holding(desk, GONE))
    names = [a for a in audit(desk) if HANDLE in " ".join(a)]
    ok(not names, "no account of it names the person", names)
    numbers = {what for _, verb, what, _ in audit(desk) if verb == "handle"}
    ok(len(numbers) == 3 and all(re.fullmatch(r"site, n° [0-9a-f]{8}", n) for n in numbers), "but they can be told apart", numbers)


def entries(page):
    """[who, what was done, about what, why] of each entry."""
    found = [[html.unescape(re.sub(r"<[^>]*>", "", c)).strip() for c in re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)]
             for row in re.findall(r"<tr>(.*?)</tr>", page.body, re.S)]
    return [cells[1:] for cells in found if cells]


def account(ok, desk, dpo, admin, anne):
    ok(anne.get("/recherche?q=bonjour&motif=curiosit%C3%A9").status == 200, "somebody searches")
    page = dpo.get("/conformite/journal")
    ok(all(w in page.parsed.text for w in ("bonjour", "curiosité", "contrôle de la CNIL", "demande d'accès")), "searches, access, exports with why")
    ok("demande d'effacement" in dpo.get("/conformite/journal?quoi=purges").parsed.text, "erasures")
    page = admin.get("/conformite/journal?quoi=comptes")
    ok("anne" in page.body and admin.get("/conformite/journal").status == 200, "the administration sees accounts")
    ok(admin.get("/conformite/journal?quoi=acces").status == 403 and admin.get("/conformite/journal?quoi=decisions").status == 403,
       "and not what was looked for")
    page = dpo.get("/conformite/journal?quoi=decisions")
    numbers = [v[2] for v in entries(page) if v[1] == "décision"]
    number = re.match(r"commentaire n° (\d+)", numbers[0])[1]
    ok(len(set(numbers)) == 3 and "/moderation/" not in page.body, "decisions, with their comments; no way to a text for the DPO", numbers)
    ok([v[2] for v in entries(dpo.get(f"/conformite/journal?quoi=decisions&numero={number}"))] == numbers[:1],
       "what was done about one comment")
    both = desk.person("deux", "dpo,moderation").get(f"/conformite/journal?quoi=decisions&numero={number}")
    ok(both.has("a", href=f"/moderation/{number}"), "who may open the comment finds the way", both.body)
    ok({v[0] for v in entries(dpo.get("/conformite/journal?quoi=decisions&qui=juriste"))} == {"juriste"}, "what one person did")
    local = datetime.datetime.now(zoneinfo.ZoneInfo(ZONE)).strftime("%Y-%m-%d")
    ok(len(entries(dpo.get(f"/conformite/journal?quoi=decisions&jour={local}"))) == len(numbers) and
       not entries(dpo.get("/conformite/journal?quoi=decisions&jour=2020-02-29")), "what was done on one day", local)
    wrong = [dpo.get(f"/conformite/journal?quoi=decisions&{w}").status for w in ("jour=hier", "jour=2026-02-30", "numero=x", "numero=-1", "numero=" + "9" * 40,
                                                                                "qui=" + "x" * 300)]
    ok(wrong == [400] * 6, "hostile filters", wrong)
    ok(dpo.get("/conformite/journal?avant=x").status == 400 and dpo.get("/conformite/journal?quoi=rien").status == 403, "hostile addresses")
    many = [dpo.get("/conformite/personne") for _ in range(3)]
    ok(all(p.status == 200 for p in many), "again and again")


def without_store(ok, desk, dpo):
    """What is not written down is not done."""
    with sqlite3.connect(desk.path("state", "store.db")) as db:
        db.execute("CREATE TRIGGER no_account BEFORE INSERT ON audit BEGIN SELECT raise(ABORT, 'pas de journal'); END")
    page = export(dpo, "csv", "sans journal")
    ok(page.status == 503 and "message" not in page.body, "no export that is not in the account", page.status)
    page = dpo.send("/conformite/personne", "/conformite/personne", source="site", compte="passant", motif="sans journal")
    ok("message récent" not in page.body, "… nor a look at a person")
    with sqlite3.connect(desk.path("state", "store.db")) as db:
        db.execute("DROP TRIGGER no_account")


def restored(ok, desk, dpo):
    """A backup in the place of the state: its mark says so (command-backup)."""
    ok("restaurée" not in dpo.get("/conformite").parsed.text, "a state of its own")
    desk.write("state/sauvegarde", "2026-11-20T02:00:00Z")
    page = dpo.get("/conformite").parsed.text
    ok("restaurée d'une sauvegarde du" in page and "Refaites ces effacements" in page, "a restored one owes erasures", page)
    os.remove(desk.path("state", "sauvegarde"))


def scenario(ok):
    with Desk(SOURCE, rules=RULES + HATE) as desk:
        desk.comments("site.jsonl", items())
        desk.start()
        desk.wait_for(lambda: desk.committed() == len(items()), 30, "the comments")
        desk.wait_for(lambda: desk.gauges().get(("search_seq", ""), 0) >= len(items()), 20, "search")
        dpo, admin = desk.person("dpo", "dpo"), desk.person("chef", "admin")
        anne = desk.person("anne", "moderation")
        held = next(q["seq"] for q in desk.json("queue") if q["comment"]["id"] == "p1")
        code, _, err = desk.run("decide", str(held), "dossier", "--who", "juriste", "--reason", "plainte")
        ok(code == 0, "one comment is held", err)
        left = next(q["seq"] for q in desk.json("queue") if q["comment"]["id"] == "p3")
        code, _, err = desk.run("decide", str(left), "laisser", "--who", "anne", "--reason", "critique")
        ok(code == 0, "one is decided", err)
        kept(ok, dpo, admin)
        restored(ok, desk, dpo)
        purge(ok, desk, dpo)
        prescriptions(ok, desk, dpo, admin, anne)
        exports(ok, desk, dpo)
        person(ok, desk, dpo)
        long_export(ok, desk, dpo)
        nobody_reads(ok, desk, dpo, admin)
        account(ok, desk, dpo, admin, anne)
        without_store(ok, desk, dpo)
        ok(desk.stop() == 0, "the town stops", desk.log())
        ok(holding(desk, WORD) == [], "the word is still in no file", holding(desk, WORD))


main(scenario)
