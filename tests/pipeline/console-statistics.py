"""Statistiques: of the team, per week and category, as a page, as CSV and over the API; nobody's name in them. What was promised
and came too late, or not at all; what came, per week and source."""
import csv
import datetime
import io
import json
import re
import sqlite3
import zoneinfo

from desk import Desk, database, seq_of
from town import RULES, ZONE, asked_topic, comment, main

SITE = "  - {id: site, title: Site de la ville, kind: jsonl, path: site.jsonl, follow: yes}\n"
FORUM = "  - {id: forum, title: 'Forum <des quartiers>', kind: jsonl, path: forum.jsonl, follow: yes}\n"
SERVICES = "services:\n  - {id: education, nom: Service de l'éducation}\n"
MONDAY = 1440 + 600  # 2 November 2026, about 11 o'clock in Paris


def rows(page, caption):
    """The cells of the table with this name."""
    table = re.search(rf'aria-label="{caption}">(.*?)</table>', page.body, re.S).group(1)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S) for row in re.findall(r"<tr>(.*?)</tr>", table, re.S)]
    return [[" ".join(re.sub(r"<[^>]+>", " ", c).split()) for c in row] for row in cells]


def sheet(person):
    """The lines of the file, by its heads."""
    text = person.get("/equipe/statistiques.csv").raw.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def program(desk, account):
    """What a program reads."""
    secret = desk.run("token", "add", "chiffres", "--account", account, "--scope", "statistics:read")[1].strip()
    return lambda: json.loads(desk.visitor().ask("GET", "/api/v1/statistics", headers={"Authorization": "Bearer " + secret}).body)


def decide(person, seq, page, **fields):
    form = person.get(f"/moderation/{seq}/{page}").form(f"/moderation/{seq}/decider")
    return person.post(f"/moderation/{seq}/decider", {**form, **fields}, follow=True)


def undo(person, seq):
    return person.post(f"/moderation/{seq}/annuler", {"csrf": person.get("/reponse").csrf}, follow=True)


def late(person):
    """(promises, services) of each week that has any, on the page and the same in the file."""
    page = {r[0]: (int(r[6]), int(r[7])) for r in rows(person.get("/equipe/statistiques"), "Par semaine")[1:]}
    found = {week: n for week, n in page.items() if any(n)}
    file = {}
    for line in sheet(person):
        week = "/".join(reversed(line["semaine du"].split("-")))
        n = file.get(week, (0, 0))
        file[week] = n[0] + int(line["promesses en retard"]), n[1] + int(line["services en retard"])
    return found if found == {week: n for week, n in file.items() if any(n)} else (found, file)


def promised(ok):
    """Sunday's last minute and Monday's first one are of two weeks; a deadline that is missed stays missed."""
    with Desk(SITE, rules=RULES + asked_topic("cantine"), extra=SERVICES) as desk:
        texts = {name: f"La cantine, question {name} ?" for name in ("dimanche", "lundi", "tenue", "reprise", "deux")}
        desk.comments("site.jsonl", [comment(i, text, f"u{i}", 22 * 60 + 59 + i) for i, text in enumerate(texts.values())])
        desk.start()
        anne, roy = desk.person("anne", "moderation"), desk.person("roy", "cabinet")
        desk.wait_for(lambda: len(desk.json("queue", "--lane", "reponse")) == 5, 30, "five questions")
        seq = {name: seq_of(desk, text) for name, text in texts.items()}
        wait = {"texte": "Bonjour, un instant.", "service": ""}
        decide(anne, seq["dimanche"], "attente", **wait)
        decide(anne, seq["lundi"], "transferer", service="education", motif="à vous")
        decide(anne, seq["tenue"], "attente", **wait)
        decide(anne, seq["tenue"], "reponse", texte="Oui.")
        decide(anne, seq["reprise"], "attente", **wait)
        undo(anne, seq["reprise"])
        decide(anne, seq["deux"], "transferer", service="education", motif="à vous")
        decide(anne, seq["deux"], "attente", texte="Bonjour, un instant.", service="education")
        ok(database(desk, "SELECT count(*) FROM follow")[0][0] == 5 and late(roy) == {}, "while it is time nothing is late", late(roy))
        desk.comments("site.jsonl", [comment(f"n{i}", "Bonjour.", "z", MONDAY + 7 * 1440) for i in range(3)], "a")
        missed = {"26/10/2026": (1, 0), "02/11/2026": (1, 2)}
        desk.wait_for(lambda: late(roy) == missed, 30, f"what ran out: {late(roy)}")
        ok(True, "owed and overdue, each in the week of its comment: two promises, two answers of a service")
        for name in ("dimanche", "lundi"):
            decide(anne, seq[name], "reponse", texte="Oui, lundi.")
        desk.wait_for(lambda: database(desk, "SELECT count(*) FROM handled WHERE answered_at > 0")[0][0] == 4, 20, "the answers")
        ok(late(roy) == missed, "an answer that comes too late is late", late(roy))
        undo(anne, seq["dimanche"])
        undo(anne, seq["lundi"])
        ok(database(desk, "SELECT count(*) FROM follow WHERE ended = 0")[0][0] == 3 and late(roy) == missed, "undone, it is owed again",
           late(roy))
        decide(anne, seq["lundi"], "reponse", texte="Oui, lundi.")
        desk.comments("site.jsonl", [comment(1, "La cantine, question lundi, encore ?", "u1", MONDAY + 7 * 1440 + 1)], "a")
        desk.wait_for(lambda: database(desk, "SELECT 1 FROM queue WHERE row = ?", seq["lundi"]), 30, "the edited question waits again")
        weeks = {r[0]: r for r in rows(roy.get("/equipe/statistiques"), "Par semaine")}
        ok(late(roy) == missed and weeks["26/10/2026"][1] == "1" and weeks["02/11/2026"][1] == "4", "reopened, it is no other one",
           (late(roy), weeks))
        answer = program(desk, "roy")()
        found = {w["week"]: (w["flagged"], w["promises_late"], w["services_late"]) for w in answer["weeks"]}
        ok(found == {"2026-10-26": (1, 1, 0), "2026-11-02": (4, 1, 2)} and answer["received"] is None, "over the API", answer)
        ok(desk.stop() == 0, "the town stops")


def shifted(desk, statements):
    """The database as those weeks would have left it."""
    desk.stop()
    with sqlite3.connect(desk.path("state", "store.db")) as db:
        for sql, values in statements:
            db.execute(sql, values)
    db.close()
    desk.start()


def received(ok):
    """By the wall clock: of each week and source what came, exactly; what a service answered too late."""
    with Desk(SITE + FORUM, rules=RULES + asked_topic("cantine"), extra=SERVICES, clock="wall") as desk:
        for name, texts in (("site", ["La cantine est fermée ?", "Bonjour.", "Espèce de connard !"]), ("forum", ["Bonsoir."])):
            desk.comments(name + ".jsonl", [{"id": str(i), "text": text, "author": f"u{i}"} for i, text in enumerate(texts)])
        desk.start()
        anne, school = desk.person("anne", "moderation"), desk.person("ecole", "service", services="education")
        desk.wait_for(lambda: desk.committed() == 4 and len(desk.json("queue")) == 2, 30, "four comments")
        desk.comments("site.jsonl", [{"id": "1", "text": "Bonjour !", "author": "u1"}, {"id": "2", "text": "Espèce de connard !", "author": "u2"}], "a")
        desk.wait_for(lambda: database(desk, "SELECT sum(version), sum(duplicate) FROM ledger") == [(1, 1)], 30, "one edited, one twice")
        seq = seq_of(desk, "cantine")
        decide(anne, seq, "transferer", service="education", motif="à vous")
        school.post(f"/service/{seq}/proposer", {"csrf": school.get("/service").csrf, "texte": "Lundi."})
        ok(database(desk, "SELECT state FROM follow") == [(2,)] and not any(int(r["services en retard"] or 0) for r in sheet(anne)),
           "a service that answers in time is not late", sheet(anne))

        today = datetime.datetime.now(zoneinfo.ZoneInfo(ZONE)).date()
        monday = [today - datetime.timedelta(days=today.weekday() + 7 * n) for n in range(12)]
        begins = [int(datetime.datetime.combine(day, datetime.time(), zoneinfo.ZoneInfo(ZONE)).timestamp()) * 1000 for day in monday]
        came = [(begins[0], "site", 3), (begins[0] - 3600000, "site", 5), (begins[1], "forum", 2), (begins[1] - 3600000, "forum", 70),
                (begins[11], "site", 4), (begins[11] - 3600000, "site", 1000)]
        shifted(desk, [("INSERT INTO ledger SELECT ?, id, ?, 50, 50, 50, 50, 50, 50 FROM source WHERE name = ?", (hour, n, source))
                       for hour, source, n in came] + [("UPDATE follow SET until = since - 1", ())])
        anne = desk.again("anne")
        page = anne.get("/equipe/statistiques")
        days = [day.strftime("%d/%m/%Y") for day in monday]
        weeks = {r[0]: r for r in rows(page, "Par semaine")}
        counts = [weeks[day][1] for day in days]
        ok(counts == ["7", "7", "70"] + ["0"] * 8 + ["4"] and "reçus" in weeks["semaine du"][1], "what came each week, to its hour", counts)
        ok(weeks[days[0]][2] == "2" and weeks[days[0]][8] == "1" and weeks[days[0]][7] == "0",
           "of which so many to handle; the service answered too late", weeks[days[0]])
        by = rows(page, "Reçus par source, les quatre dernières semaines")
        ok(by[0][1] == f"semaine du {days[0][:5]}" and by[1:] == [["Forum &lt;des quartiers&gt;", "1", "2", "70", "0"],
                                                                  ["Site de la ville", "6", "5", "0", "0"]], "per source", by)
        ok(page.body.count("<svg") == 2 and "au plus 70" in page.body and len(set(re.findall(r' id="([^"]+)"', page.body))) ==
           len(re.findall(r' id="([^"]+)"', page.body)), "on a curve of its own; no name stands twice")
        lines = [(r["semaine du"], r["source"], r["reçus"]) for r in sheet(anne) if r["reçus"]]
        iso = [day.isoformat() for day in monday]
        ok(lines == [(iso[11], "Site de la ville", "4"), (iso[2], "Forum <des quartiers>", "70"), (iso[1], "Forum <des quartiers>", "2"),
                     (iso[1], "Site de la ville", "5"), (iso[0], "Forum <des quartiers>", "1"), (iso[0], "Site de la ville", "6")],
           "in the file, in lines of their own", lines)
        ok(list(sheet(anne)[0])[-4:] == ["promesses en retard", "services en retard", "source", "reçus"] and
           sum(int(r["à traiter"] or 0) for r in sheet(anne)) == 2, "its columns can be added up", sheet(anne))
        answer = program(desk, "anne")()
        ok([tuple(r.values()) for r in answer["received"]] == [(iso[11], "site", 4), (iso[2], "forum", 70), (iso[1], "forum", 2),
                                                               (iso[1], "site", 5), (iso[0], "forum", 1), (iso[0], "site", 6)],
           "over the API, by the source's id", answer["received"])
        ok(sum(w["services_late"] for w in answer["weeks"]) == 1, "… and the late service", answer["weeks"])
        ok("Received per source" in desk.again("anne", "en").get("/equipe/statistiques").body, "in English")
        ok(desk.stop() == 0, "the town stops")


def scenario(ok):
    looked(ok)
    promised(ok)
    received(ok)


def looked(ok):
    with Desk("  - {id: site, kind: jsonl, path: site.jsonl, follow: yes}\n") as desk:
        desk.comments("site.jsonl", [comment(1, "Espèce de connard !", "u1", MONDAY), comment(2, "on sait où tu habites", "u2", MONDAY + 1),
                                     comment(3, "Sale abruti !", "u3", MONDAY + 7 * 1440),
                                     # a clock goes so far ahead when three in a row agree
                                     comment(4, "Bonjour.", "u4", MONDAY + 7 * 1440), comment(5, "Merci.", "u5", MONDAY + 7 * 1440)])
        desk.start()
        anne, roy = desk.person("anne", "moderation"), desk.person("roy", "cabinet")
        desk.wait_for(lambda: len(desk.json("queue")) == 3 and desk.json("status")[0]["clock"] == "2026-11-09T10:00:00Z", 30, "the queue, and the week after")
        first = min(desk.json("queue"), key=lambda q: q["seq"])
        anne.send(f"/moderation/{first['seq']}/prendre", f"/moderation/{first['seq']}")
        page = roy.get("/equipe/statistiques")
        ok(page.status == 200, "the cabinet looks", page.status)
        weeks = {r[0]: r for r in rows(page, "Par semaine")}
        ok(len(weeks) == 13 and weeks["02/11/2026"][1] == "2" and weeks["09/11/2026"][1] == "1", "how many a week", weeks)
        ok(weeks["semaine du"] == ["semaine du", "à traiter", "premier regard", "décision", "réponse", "vus trop tard", "promesses en retard",
                                   "services en retard"] and page.body.count("<svg") == 1 and "Reçus" not in page.body,
           "what came is not counted by the clock of the comments", weeks["semaine du"])
        ok(weeks["02/11/2026"][2] == "7 j" and weeks["09/11/2026"][2] == "–", "how long until the first look", weeks["02/11/2026"])
        ok(weeks["02/11/2026"][5] == "2" and weeks["09/11/2026"][5] == "0", "how many too late", weeks["02/11/2026"])
        by = rows(page, "Par semaine et par catégorie")
        ok([r[1] for r in by[1:]] == ["injure possible", "menace possible", "injure possible"] or
           sorted(r[0] for r in by[1:]) == ["02/11/2026", "02/11/2026", "09/11/2026"], "per category", by)
        ok(page.has("svg", role="img") and "<desc" in page.body and "anne" not in page.body, "a curve with its words; nobody's name")
        file = anne.get("/equipe/statistiques.csv")
        table = list(csv.reader(io.StringIO(file.raw.decode("utf-8-sig")), delimiter=";"))
        ok(file.headers["Content-Type"].startswith("text/csv") and [r[0] for r in table[1:]] == ["2026-11-02", "2026-11-02", "2026-11-09"],
           "as CSV", table)
        ok(sum(int(r[2]) for r in table[1:]) == 3 and "anne" not in file.body and "u1" not in file.body, "… the same figures", table)
        code, out, err = desk.run("token", "add", "chiffres", "--account", "roy", "--scope", "statistics:read")
        secret = out.strip()
        answer = json.loads(desk.visitor().ask("GET", "/api/v1/statistics", headers={"Authorization": "Bearer " + secret}).body)
        found = {(w["week"], w["category"]): w for w in answer["weeks"]}
        ok(found["2026-11-02", "injure_publique"]["first_look_seconds"] == 7 * 86400 and
           found["2026-11-02", "menace"] == {"week": "2026-11-02", "category": "menace", "flagged": 1, "late": 1, "promises_late": 0,
                                             "services_late": 0, "first_look_seconds": None, "decision_seconds": None,
                                             "answer_seconds": None}, "over the API", answer["weeks"])
        accounts = database(desk, "SELECT count(*) FROM audit")
        other = max(desk.json("queue"), key=lambda q: q["seq"])["seq"]
        ok(anne.ask("HEAD", f"/moderation/{other}").status == 200 and anne.get(f"/moderation/{other}").status == 200, "a card is opened")
        desk.wait_for(lambda: {r[0]: r for r in rows(roy.get("/equipe/statistiques"), "Par semaine")}["09/11/2026"][2] != "–", 20, "the first look")
        ok(database(desk, "SELECT count(*) FROM audit") == accounts and not database(desk, "SELECT 1 FROM claim WHERE row = ?", other),
           "which counts as a look, and nobody's name is kept")
        ok(desk.person("dpo", "dpo").get("/equipe/statistiques").status == 403, "who has no part in it")
        counted = re.search(r'<p class="count">Compté <time datetime="([^"]*)"[^>]*>(.*?)</time>', desk.again("roy").get("/equipe/statistiques").body)
        ok(counted and re.fullmatch(r"(\w+ |le \d\d/\d\d )?à \d\d:\d\d", counted.group(2)), "and when it was counted", counted)
        ok("Statistics" in desk.again("roy", "en").get("/equipe/statistiques").body, "in English")
        ok(desk.stop() == 0, "the town stops")


main(scenario)
