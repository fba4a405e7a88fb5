#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What sources do wrong is no rise: one comment edited again and again, a source that sends its whole history once more, comments
dated years ago or years ahead. Beside it what does rise rings, so that the silence is worth something; replay says the same."""
import datetime
import sqlite3

from town import Town, main, topics

RULES = topics(("eau", "Eau potable", "eau, robinet", "plus une goutte au robinet", "le bureau"))
SOURCES = ("  - {id: site, kind: jsonl, path: site.jsonl}\n"
           "  - {id: page, kind: jsonl, path: page.jsonl}\n")
BEGIN = datetime.datetime(2026, 3, 2, tzinfo=datetime.timezone.utc)  # a Monday
LAST = BEGIN + datetime.timedelta(days=28)
HOUR = datetime.timedelta(hours=1)
MINUTE = datetime.timedelta(minutes=1)
# Of fewer than eight words: no two are copies of each other.
PLACES = "rue quai place cour allée pont école halle tour serre mairie stade gare ferme côte forge".split()
WORDS = "trouble jaune tiède coupée froide chère dure claire rare sale salée lourde".split()


def water(name, at, n, author=None, **more):
    text = f"{PLACES[n % 16]} {PLACES[n // 16 % 16]} {n} : eau {WORDS[n % 12]} et {WORDS[n // 12 % 12]}"
    return {"id": name, "author": author or f"a{name}", "text": text, "created_at": at.isoformat(), **more}


def month():
    """Four weeks: of the water two a day, of other things twelve."""
    said = []
    for day in range(28):
        noon = BEGIN + datetime.timedelta(days=day) + 12 * HOUR
        said += [water(f"e{day}-{i}", noon + 3 * i * HOUR, day * 2 + i) for i in range(2)]
        said += [{"id": f"x{day}-{i}", "author": f"b{i}", "created_at": (noon + (i - 6) * HOUR).isoformat(),
                  "text": f"Merci pour {PLACES[i % 16]} et {PLACES[day % 16]}, bravo"}
                 for i in range(12)]
    return sorted(said, key=lambda c: c["created_at"])


def edits():
    """One comment on the water, its text changed every ten seconds."""
    first = LAST + 12 * HOUR
    said = [water("vif", first, 500)]
    for i in range(200):
        at = first + i * datetime.timedelta(seconds=10)
        said.append({**water("vif", first, 501 + i, "avif"), "edited_at": at.isoformat()})
    return said


def years():
    """An archive is read in: three hundred of one day years ago; among them two that a broken clock dates 2041, as three that
    agree are the time itself where comments are the only clock."""
    old = datetime.datetime(2019, 5, 6, 9, tzinfo=datetime.timezone.utc)
    ahead = datetime.datetime(2041, 5, 6, 9, tzinfo=datetime.timezone.utc)
    said = [water(f"v{i}", old + i * MINUTE, 900 + i) for i in range(300)]
    return said[:100] + [water("f0", ahead, 1300), water("f1", ahead, 1301)] + said[100:]


def rise():
    """Twelve people within ten minutes."""
    at = LAST + 36 * HOUR
    return [water(f"r{i}", at + i * MINUTE, 1400 + i) for i in range(12)]


def last():
    return [{"id": "fin", "author": "z", "text": "Bonsoir", "created_at": (LAST + 40 * HOUR).isoformat()}]


def alarms(town):
    return [(i["kind"], i["topic"]) for i in town.json("incidents", "--all")]


def replayed(town, items):
    town.comments("rejeu.jsonl", items)
    return [(a["kind"], a["topic"]) for a in town.json("replay", town.path("rejeu.jsonl"))]


def rows(town, sql):
    db = sqlite3.connect(f"file:{town.path('state', 'store.db')}?mode=ro", uri=True)
    found = db.execute(sql).fetchall()
    db.close()
    return found


def heard(ok, town, items, what):
    """Another day of the source: the file begins anew, as a source does that forgot where it was."""
    town.comments("site.jsonl", items)
    town.start("--until-done", wait=False)
    ok(town.process.wait(240) == 0, f"{what}: everything is heard", town.log()[-2000:])


def scenario(ok):
    with Town(rules=RULES, sources=SOURCES, extra="trend: {emergent: 0}\n") as town:
        town.comments("page.jsonl", [])
        heard(ok, town, month(), "four ordinary weeks")
        ok(alarms(town) == [], "nothing rings in them", alarms(town))
        heard(ok, town, month() + edits(), "two hundred edits of one comment")
        ok(alarms(town) == [], "an edit is no further message", alarms(town))
        versions = rows(town, "SELECT count(*) FROM item WHERE first IS NOT NULL OR prev IS NOT NULL")
        ok(versions[0][0] >= 100, "though they were stored as versions", versions)
        before = rows(town, "SELECT count(*), max(seq) FROM item")
        town.comments("page.jsonl", month())
        heard(ok, town, month() + edits(), "the whole history again")
        site = rows(town, "SELECT count(*) FROM item WHERE source = (SELECT id FROM source WHERE name = 'site')")
        ok(site[0][0] == before[0][0], "nothing of it is stored twice", (site, before))
        ok(alarms(town) == [], "the same history by another source, weeks late, rings nothing", alarms(town))
        heard(ok, town, month() + edits() + years(), "years ago, and years ahead")
        ok(alarms(town) == [], "a crowd of seven years ago rings nobody today", alarms(town))
        heard(ok, town, month() + edits() + years() + rise() + last(), "a true rise")
        ok(("topic", "eau") in alarms(town), "after all that a dozen people ring", alarms(town))
        ledger = town.json("verify")
        ok(all(row["balanced"] for row in ledger), "the ledger is balanced", ledger)
        ok(replayed(town, month() + edits()) == [], "replayed: edits ring nothing")
        ok(replayed(town, month() + month()) == [], "replayed: nor does the history twice")
        ok(("topic", "Eau potable") in replayed(town, month() + rise() + last()), "replayed: the rise does")


if __name__ == "__main__":
    main(scenario)
