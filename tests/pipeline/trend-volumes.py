"""One post that is commented far more than any before, and one source that receives far more, about nothing that the rules know:
told of as such, once, at jaune, in words. What a topic explains is told of as the topic alone. Replay says the same."""
import datetime
import glob
import zoneinfo

from bell import parse, text_of
from town import Town, main, topics

PARIS = zoneinfo.ZoneInfo("Europe/Paris")
LAST = datetime.date(2026, 3, 2)
POST = "https://ville.example/actualites/0302-la-grande-roue-de-retour-place-foch/"
RULES = topics(("sport", "Sport", "stade", "Le stade est fermé", "La piscine"))


def said(day, hour, n, every, text="Bonjour", thread=None, who="a"):
    """n people, one every so many minutes, each in his own words."""
    at = datetime.datetime.combine(day, datetime.time(hour), PARIS)
    return [{"id": f"{day}-{hour}-{who}{i}", "source": "site", "author": f"{who}{i}", "text": f"{text} {day.toordinal() * 100 + i}",
             "created_at": (at + i * datetime.timedelta(minutes=every)).isoformat(), **({"thread": thread} if thread else {})}
            for i in range(n)]


def month(*last):
    """Four weeks with two posts a day and some letters, then the last day."""
    found = []
    for n in range(28, 0, -1):
        day = LAST - datetime.timedelta(days=n)
        found += said(day, 9, 10, 10, thread=f"https://ville.example/actualites/{day}-a", who=f"m{n % 7}.")
        found += said(day, 15, 8, 20, who=f"s{n % 5}.") + said(day, 20, 1, 1, who="z")
    return found + [c for part in last for c in part] + said(LAST, 22, 1, 1, who="z")


def told(alarms):
    return [(a["level"], a["kind"], a["topic"]) for a in alarms if a["kind"] != "grey"]


def scenario(ok):
    with Town(rules=RULES, extra="trend: {emergent: 0}\nscore: {workers: 1}\n") as town:  # in their order
        name = "Beaucoup de messages sous la publication « la grande roue de retour place foch » (site)"
        loud = said(LAST, 18, 90, 1, thread=POST, who="g")
        for what, last, alarms in (
                ("an ordinary day", [said(LAST, 18, 10, 10, thread=POST)], []),
                ("a post", [loud], [("jaune", "whole", name)]),
                ("a source", [said(LAST, 18, 90, 1)], [("jaune", "whole", "Beaucoup de messages : site")])):
            town.comments("site.jsonl", month(*last))
            found = told(town.json("replay", town.path("site.jsonl")))
            ok(found == alarms, f"{what}: {alarms}", found)
        town.comments("site.jsonl", month(said(LAST, 18, 90, 1, "Au stade", POST)))
        found = told(town.json("replay", town.path("site.jsonl")))
        ok(found and all(kind == "topic" for _, kind, _ in found), "what a topic explains is told of as that", found)

        town.comments("site.jsonl", month(loud))
        town.start("--until-done", wait=False)
        ok(town.process.wait(120) == 0, "everything is heard", town.log())
        alarms = [i for i in town.json("incidents", "--all") if i["kind"] == "whole"]
        ok(len(alarms) == 1 and alarms[0]["title"] == name and alarms[0]["topic"].startswith("fil:") and
           alarms[0]["peak"] == "jaune" and alarms[0]["facts"]["messages"] >= 90, "the town says what replay says", alarms)
        mails = []
        for path in glob.glob(town.path("outbox", "*.eml")):
            with open(path, "rb") as f:
                mails.append(parse(f.read()))
        mail = [m for m in mails if m["X-Tocsin-Incident"] == str(alarms[0]["id"])]
        ok(mail and "la grande roue de retour place foch" in mail[0]["Subject"] and
           "Une publication est bien plus commentée que d'habitude" in text_of(mail[0]), "and the mail, in words",
           [text_of(m) for m in mail])


main(scenario)
