"""Reminders of prescriptions: by mail to whom the plan names, once thirty and once seven days before the law's short clock
ends, whatever is killed; nothing of what was left online or of a dossier that was sent; under both clocks, in both languages."""
import datetime
import json
import zoneinfo

from bell import ZONE, Bell, main, text_of
from hands import Hands
from receivers import Http, Smtp
from town import levels

TOWN = zoneinfo.ZoneInfo(ZONE)
POLICY = """\
people:
  - {id: morel, name: C. Morel, mail: morel@ville.example}
  - {id: juriste, name: D. Lenoir, role: juriste, mail: juriste@ville.example}
  - {id: dircom, name: A. Roche, mail: dircom@ville.example}
""" + levels("morel") + """\
policy: {fallback: morel, prescriptions: {tell: [juriste, dircom], at: '07:30'}}
"""
SECRET = "Bourriquet de la mairie"


def ms(moment):
    return int(moment.timestamp() * 1000)


def months_later(day, months):
    month = day.month - 1 + months
    year, month, last = day.year + month // 12, month % 12 + 1, day.day
    while True:
        try:
            return day.replace(year=year, month=month, day=last)
        except ValueError:
            last -= 1


def morning(day, minute=31):
    return datetime.datetime(day.year, day.month, day.day, 7, minute, tzinfo=TOWN)


def reminders(bell):
    return [m for m in bell.mails() if "prescription" in m["Subject"] or "limitation" in m["Subject"]]


def reminded(bell):
    return [r for r in bell.outbox() if r[0].startswith("prescription/")]


def alarm(bell, name, at):
    """Everything that was due before it has been looked at."""
    bell.rise("orange", topic=name, title=name.capitalize(), at=at)
    bell.wait(lambda: [m for m in bell.mails() if name.capitalize() in m["Subject"]], 20, f"the alarm {name}")


def wall(ok):
    hands = Hands()
    said = datetime.datetime.now(TOWN).replace(hour=12, minute=0, second=0, microsecond=0) - datetime.timedelta(days=10)
    day = months_later(said.date(), 3)
    with Bell(policy=POLICY, env=hands.env, extra="console: {listen: '127.0.0.1:0', public: 'https://tocsin.ville.example'}\n") as bell:
        for n in range(1, 5):
            bell.say("flagged", n, "facebook", f"post-{n}", 3, ms(said), f"{SECRET} {n}")
        hands.reach(morning(day - datetime.timedelta(days=30), 29).timestamp())
        alarm(bell, "avant", int(hands.now() * 1000))
        ok(not reminded(bell), "not before its hour", bell.outbox())
        hands.reach(morning(day - datetime.timedelta(days=30)).timestamp())
        bell.wait(lambda: len(reminders(bell)) == 2, 20, "thirty days before")
        ok({m["To"].addresses[0].username for m in reminders(bell)} == {"juriste", "dircom"}, "to whom the plan names")
        mail = reminders(bell)[0]
        text = text_of(mail)
        ok(mail["Subject"] == f"tocsin · prescriptions : 4 délais finissent bientôt, le premier le {day:%d/%m/%Y}", "until when", mail["Subject"])
        ok(f"n° 4 · injure possible · agir avant le {day:%d/%m/%Y} (J-30)" in text and "Dans trente jours ou moins" in text, "which, how long", text)
        ok("https://tocsin.ville.example/conformite/prescriptions" in text, "where to look", text)
        ok(SECRET not in mail.as_string() and "Témoin" not in mail.as_string() and SECRET not in text, "no text and no name", text)

        bell.say("decide", 1, "anne")
        bell.say("dossier", 2, "anne")
        bell.say("dossier", 3, "anne")
        bell.say("sent", 2, "anne")  # the second dossier
        bell.wait(lambda: [r[3] for r in reminded(bell)] == [2, 2], 20, "both delivered")
        bell.kill()
        bell.restart()
        alarm(bell, "apres", int(hands.now() * 1000))
        hands.reach(morning(day - datetime.timedelta(days=29)).timestamp())
        alarm(bell, "lendemain", int(hands.now() * 1000))
        ok(len(reminded(bell)) == 2, "once, after a kill -9 and on the next day too", bell.outbox())

        bell.kill()  # the day of the second reminder passes without anybody
        hands.reach(morning(day - datetime.timedelta(days=6)).timestamp())
        bell.restart()
        bell.wait(lambda: len(reminders(bell)) == 4, 20, "seven days before, a day late")
        last = [text_of(m) for m in reminders(bell) if "2 délais" in m["Subject"]]
        ok(len(last) == 2 and "Dans sept jours ou moins" in last[0] and "(J-6)" in last[0], "the days that are left", last)
        ok("n° 2 ·" in last[0] and "n° 4 ·" in last[0] and "n° 1 ·" not in last[0] and "n° 3 ·" not in last[0],
           "nothing of what was left online, nor of a dossier that was sent", last)
        hands.reach(morning(day).timestamp())
        alarm(bell, "fini", int(hands.now() * 1000))
        ok(len(reminded(bell)) == 4, "and no more", bell.outbox())


def refused(ok):
    """Nobody can be reached by mail: the fallback is told, as of any other message."""
    hands = Hands()
    said = datetime.datetime.now(TOWN).replace(hour=12, minute=0, second=0, microsecond=0)
    day = months_later(said.date(), 3)
    with Smtp(["5xx"]) as smtp, Http() as http:
        plan = f"hooks: [{{id: salon, title: Salon, url: '{http.url}', allow_internal: [127.0.0.1]}}]\n" + POLICY.replace("fallback: morel", "fallback: salon")
        with Bell(policy=plan, mail=f"{{url: '{smtp.url}', tls: none, from: tocsin@ville.example}}", env=hands.env) as bell:
            bell.say("flagged", 1, "facebook", "post-1", 3, ms(said), SECRET)
            hands.reach(morning(day - datetime.timedelta(days=7)).timestamp())
            bell.wait(lambda: len(reminded(bell)) == 2 and all(r[3] == 3 for r in reminded(bell)), 20, "two dead letters")
            bell.wait(lambda: any("prescriptions" in json.loads(a.raw)["subject"] for a in list(http.arrived)), 20, "the fallback")
            ok(not any(SECRET in a.raw.decode() for a in http.arrived), "the fallback is told, without the text either")


def event(ok):
    """The past read in: the clock follows the comments."""
    said = datetime.datetime.now(TOWN).replace(hour=12, minute=0, second=0, microsecond=0) - datetime.timedelta(days=100)
    day = months_later(said.date(), 3)
    town = Bell(policy=POLICY, clock="event")
    with open(town.path("tocsin.yaml"), encoding="utf-8") as f:
        plan = f.read()
    town.write("tocsin.yaml", plan.replace(f"zone: {ZONE}", f"zone: {ZONE}, language: en"))
    with town as bell:
        bell.say("flagged", 1, "facebook", "post-1", 3, ms(said), SECRET)
        heard = 1

        def it_is(moment):
            """Three in a row agree: the clock follows."""
            nonlocal heard
            for _ in range(3):
                heard += 1
                bell.say("comment", heard, "facebook", f"c{heard}", ms(moment), "bonjour")

        it_is(morning(day - datetime.timedelta(days=30), 29))
        alarm(bell, "avant", ms(morning(day - datetime.timedelta(days=30), 29)))
        ok(not reminded(bell), "not before its hour")
        it_is(morning(day - datetime.timedelta(days=30)))
        bell.wait(lambda: len(reminders(bell)) == 2, 20, "thirty days before")
        text = text_of(reminders(bell)[0])
        ok("(D-30)" in text and "Within thirty days:" in text, "in English", text)
        it_is(morning(day - datetime.timedelta(days=7)))
        bell.wait(lambda: len(reminders(bell)) == 4, 20, "seven days before")
        it_is(morning(day - datetime.timedelta(days=6)))
        alarm(bell, "apres", ms(morning(day - datetime.timedelta(days=6))))
        ok(len(reminded(bell)) == 4, "each once", bell.outbox())


def scenario(ok):
    wall(ok)
    refused(ok)
    event(ok)


main(scenario)
