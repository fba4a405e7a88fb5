"""Statistiques: of the team, per week and category, as a page, as CSV and over the API; nobody's name in them."""
import csv
import io
import json
import re

from desk import Desk, database
from town import comment, main

MONDAY = 1440 + 600  # 2 November 2026, about 11 o'clock in Paris


def rows(page, caption):
    """The cells of the table with this name."""
    table = re.search(rf'aria-label="{caption}">(.*?)</table>', page.body, re.S).group(1)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S) for row in re.findall(r"<tr>(.*?)</tr>", table, re.S)]
    return [[" ".join(re.sub(r"<[^>]+>", " ", c).split()) for c in row] for row in cells]


def scenario(ok):
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
           found["2026-11-02", "menace"] == {"week": "2026-11-02", "category": "menace", "flagged": 1, "late": 1, "first_look_seconds": None,
                                             "decision_seconds": None, "answer_seconds": None}, "over the API", answer["weeks"])
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
