"""On a public holiday the rhythm is a Sunday's: what is loud for a Monday is nothing on Easter Monday. The zone is the plan's;
replay says what the town says."""
import datetime
import os
import signal
import zoneinfo

from town import POLICY, Town, main, topics

PARIS = zoneinfo.ZoneInfo("Europe/Paris")
EASTER = datetime.date(2026, 4, 6)
RULES = topics(("marche", "Marché", "marché", "Le marché du dimanche", "La piscine"))


def morning(day, n, every):
    """n people speak of the market, from 10:10 on."""
    at = datetime.datetime.combine(day, datetime.time(10, 10), PARIS)
    return [{"id": f"{day}-{i}", "author": f"a{day}-{i}", "text": f"Au marché : étal {day.toordinal() * 100 + i}",
             "created_at": (at + i * datetime.timedelta(seconds=every)).isoformat()} for i in range(n)]


def quarter():
    """Sundays are loud, other days are not; Easter Monday is as loud as a weak Sunday."""
    days = [EASTER - datetime.timedelta(days=n) for n in range(91, 0, -1)]
    said = [c for day in days for c in morning(day, 40 if day.weekday() == 6 else 5, 60)]
    last = datetime.datetime.combine(EASTER, datetime.time(14), PARIS).isoformat()
    return said + morning(EASTER, 19, 60) + [{"id": "fin", "author": "z", "text": "Bonjour", "created_at": last}]


def on_easter(found, at):
    return [i for i in found if i["kind"] == "topic" and i[at].startswith(str(EASTER))]


def scenario(ok):
    for zone, rings in (("aucune", True), ("metropole", False)):
        policy = f"calendars: {{holidays: {zone}}}\n{POLICY}"
        with Town(rules=RULES, policy=policy, extra="trend: {emergent: 0}\n") as town:
            town.comments("site.jsonl", quarter())
            town.start("--until-done", wait=False)
            ok(town.process.wait(120) == 0, f"{zone}: everything is heard", town.log())
            found = on_easter(town.json("incidents", "--all"), "opened_at")
            ok(bool(found) == rings, f"{zone}: {'an alarm' if rings else 'nothing'} on Easter Monday", found)
            replayed = on_easter(town.json("replay", town.path("site.jsonl")), "at")
            ok(bool(replayed) == rings, f"{zone}: replay says the same", replayed)
            town.write("autre.yaml", policy.replace(zone, "metropole" if rings else "aucune"))
            replayed = on_easter(town.json("replay", town.path("site.jsonl"), "--policy", town.path("autre.yaml")), "at")
            ok(bool(replayed) != rings, f"{zone}: replayed by the other plan it is the other way", replayed)
    broken(ok)


def broken(ok):
    """A plan that is broken while it runs, and trend that starts anew on it."""
    with Town(rules=RULES, sources="  - {id: site, kind: jsonl, path: site.jsonl, follow: yes}\n") as town:
        town.start()
        town.write("tocsin.yaml", open(town.path("tocsin.yaml"), encoding="utf-8").read() + "calendars: {holidays: lune}\n")
        os.kill(town.pid("trend"), signal.SIGKILL)
        town.wait_for(lambda: "plan d'alerte refusé" in town.log(), 20, "what trend says of the plan")
        ok(town.log().rstrip().count("plan d'alerte refusé") == 1, "a broken plan: trend says which holidays it counts")


main(scenario)
