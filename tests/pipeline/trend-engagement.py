"""Comments that come far more liked and shared than usual count for more, once; the alarm says so. What is liked later, or as
ever, rings nothing; replay says what the town says."""
import datetime
import glob
import zoneinfo

from bell import parse, text_of
from town import Town, main, topics

PARIS = zoneinfo.ZoneInfo("Europe/Paris")
LAST = datetime.date(2026, 3, 2)
RULES = topics(("sport", "Sport", "stade", "Le stade est fermé", "La piscine"))


def evening(day, n, every, likes, shares=0, again=()):
    """n people speak of the stadium, from 18:00 on; again: the same comments once more, with so many likes."""
    at = datetime.datetime.combine(day, datetime.time(18), PARIS)
    return [{"id": f"{day}-{i}", "author": f"a{i}", "text": f"Au stade : {day.toordinal() * 100 + i}", "likes": much,
             "shares": shares, "created_at": (at + i * datetime.timedelta(minutes=every)).isoformat()}
            for i in range(n) for much in (likes, *again)]


def month(**last):
    days = [LAST - datetime.timedelta(days=n) for n in range(28, 0, -1)]
    end = datetime.datetime.combine(LAST, datetime.time(20), PARIS).isoformat()
    return [c for day in days for c in evening(day, 12, 2, 2, 1)] + evening(LAST, 17, 1, **last) + [
        {"id": "fin", "author": "z", "text": "Bonjour", "created_at": end}]


def on_last(found, at):
    return [i for i in found if i["kind"] == "topic" and i[at].startswith(str(LAST))]


def scenario(ok):
    with Town(rules=RULES, extra="trend: {emergent: 0}\n") as town:
        for name, rings, last in (("as liked as ever", False, {"likes": 2, "shares": 1}), ("liked later", False, {"likes": 3, "again": (90, 900)}),
                                  ("without likes", False, {"likes": 0}), ("far more liked", True, {"likes": 60, "shares": 40})):
            town.comments("site.jsonl", month(**last))
            found = on_last(town.json("replay", town.path("site.jsonl")), "at")
            ok(bool(found) == rings, f"{name}: {'rings' if rings else 'nothing'}", found)
        town.start("--until-done", wait=False)
        ok(town.process.wait(120) == 0, "everything is heard", town.log())
        alarms = on_last(town.json("incidents", "--all"), "opened_at")
        ok(len(alarms) == 1 and alarms[0]["facts"]["echoed"] == 17 and alarms[0]["facts"]["engagement"] == 1700 and
           alarms[0]["facts"]["messages"] == 17, "the town says what replay says, with its figures", alarms)
        number = str(alarms[0]["id"])
        ok("j'aime et partages : 1700 ; messages bien au-dessus de l'habitude : 17" in town.run("incident", number)[1],
           "for people too", town.run("incident", number)[1])
        page = town.run("incident", "report", number)[1]
        ok("Messages bien plus aimés ou relayés que d&#39;habitude</th><td>17<" in page, "and in the report", page)
        mails = []
        for path in glob.glob(town.path("outbox", "*.eml")):
            with open(path, "rb") as f:
                mails.append(parse(f.read()))
        said = [text_of(m) for m in mails if m["X-Tocsin-Incident"] == number]  # that it was new, 27 days ago, may have rung too
        ok(said and all("aimés ou relayés que d'habitude, qui comptent davantage (j'aime et partages : " in s for s in said),
           "and in the mail", said)


main(scenario)
