"""The Monday bulletin: each Monday morning of the town's zone to a team, also when nothing happened; once, whatever is killed."""
import datetime
import zoneinfo

from bell import ZONE, Bell, main, text_of
from hands import Hands

POLICY = """\
people:
  - {id: morel, name: C. Morel, mail: morel@ville.example}
  - {id: dircom, name: A. Roche, mail: dircom@ville.example, sms: '+33612345678'}
teams: [{id: com, members: [morel, dircom]}]
levels:
  jaune: [{tell: morel, by: mail}]
  orange: [{tell: morel, by: mail}]
  rouge: [{tell: morel, by: mail}]
  gris: [{tell: morel, by: mail}]
  P1: [{tell: morel, by: mail}]
policy: {fallback: morel, bulletin: {tell: com, at: '07:30'}}
"""
SMS = "sms: {url: 'http://127.0.0.1:9/?to={to}&text={text}'}\n"


def bulletins(bell):
    return [m for m in bell.mails() if "bulletin" in m["Subject"]]


def monday():
    """Half past seven of the Monday to come, two days ahead at least."""
    now = datetime.datetime.now(zoneinfo.ZoneInfo(ZONE)) + datetime.timedelta(days=2)
    day = now + datetime.timedelta(days=7 - now.weekday())
    return day.replace(hour=7, minute=30, second=0, microsecond=0)


def scenario(ok):
    hands = Hands()
    first = monday()
    hands.reach((first - datetime.timedelta(hours=1)).timestamp())
    with Bell(policy=POLICY, env=hands.env, extra=SMS) as bell:
        bell.rise("orange", topic="avant", title="Avant", at=int(hands.now() * 1000))
        bell.wait(lambda: [m for m in bell.mails() if "Avant" in m["Subject"]], 20, "the alarm's mail")
        ok(not bulletins(bell), "not before its time", [m["Subject"] for m in bell.mails()])
        hands.reach(first.timestamp() + 1)
        bell.wait(lambda: len(bulletins(bell)) == 2, 20, "the bulletins")
        ok(sorted(m["To"].addresses[0].username for m in bulletins(bell)) == ["dircom", "morel"], "one a member, by mail")
        text = text_of(bulletins(bell)[0])
        ok("Signalements reçus" not in text, "nobody reported anything: not a word of it", text)
        ok("Alertes : 1 ORANGE" in text and "Commentaires : 0 à traiter" in text and "Semaine qui vient :" in text, "what the week was", text)
        bell.kill()
        bell.restart()
        bell.rise("orange", topic="apres", title="Après", at=int(hands.now() * 1000))
        bell.wait(lambda: [m for m in bell.mails() if "Après" in m["Subject"]], 20, "the mail of an alarm after the death")
        ok(len(bulletins(bell)) == 2 and len([r for r in bell.outbox() if r[0].startswith("bulletin/")]) == 2, "once, after a kill -9 too")
        flagged = (("site", 3), ("signalements", 3), ("signalements", 1))
        for batch, (source, priority) in enumerate(flagged, 1):
            bell.say("flagged", batch, source, f"c{batch}", priority, int(hands.now() * 1000), f"texte {batch}")
        bell.wait(lambda: bell.rows("SELECT count(*) FROM queue")[0][0] == 3, 20, "a comment and two reports")
        hands.reach((first + datetime.timedelta(days=7)).timestamp() + 1)
        bell.wait(lambda: len(bulletins(bell)) == 4, 20, "those of the Monday after")
        text = next(t for t in [text_of(m) for m in bulletins(bell)] if "Signalements reçus" in t)
        ok("Signalements reçus : 2, par téléphone ou par des captures." in text and "Commentaires : 1 à traiter" in text and
           sum("Signalements reçus" in text_of(m) for m in bulletins(bell)) == 2, "what was reported is counted apart from what is heard", text)
        ok(len({m["Subject"].split("· ")[1] for m in bulletins(bell)}) == 2,  # one may be marked « doublon possible »
           "each Monday has its own", [m["Subject"] for m in bulletins(bell)])


main(scenario)
