"""The trial (rodage): alarms go to the dir'com alone, whatever the level; an emergency to its whole chain; what nobody has
taken charge of rings for everybody when it ends, without a restart."""
import datetime
import time
import zoneinfo

from bell import ZONE, Bell, main, text_of
from hands import Hands

ENDS = (time.time() + 3600) // 60 * 60
POLICY = """\
people:
  - {id: morel, name: C. Morel, mail: morel@ville.example}
  - {id: dircom, name: A. Roche, mail: dircom@ville.example}
  - {id: dgs, name: B. Faure, mail: dgs@ville.example}
levels:
  jaune: [{tell: morel}]
  orange: [{tell: morel}, {tell: dgs, after: 15 min}]
  rouge: [{tell: [morel, dgs]}]
  gris: [{tell: morel}]
  P1: [{tell: [morel, dgs]}]
policy: {fallback: dgs, trial: {start: '%s', end: '%s', tell: dircom}}
"""


def moment(at):
    return datetime.datetime.fromtimestamp(at, zoneinfo.ZoneInfo(ZONE)).strftime("%Y-%m-%d %H:%M")


def told(bell, word):
    """Who got a mail of which the subject says this."""
    return sorted(m["To"].addresses[0].username for m in bell.mails() if word in m["Subject"])


def scenario(ok):
    hands = Hands()
    with Bell(policy=POLICY % (moment(ENDS - 86400), moment(ENDS)), env=hands.env) as bell:
        bell.rise("rouge", topic="tours", title="Les tours")
        bell.wait(lambda: told(bell, "tours"), 20, "the alarm's mail")
        bell.rise("rouge", topic="P1:menace", title="Menace", kind="P1")
        bell.wait(lambda: told(bell, "enace") == ["dgs", "morel"], 20, "the emergency's mails")
        ok(told(bell, "tours") == ["dircom"], "rouge goes to the dir'com alone", told(bell, "tours"))
        mail = text_of([m for m in bell.mails() if "tours" in m["Subject"]][0])
        ok("Rodage :" in mail and "les alertes ne vont qu'à A. Roche." in mail, "and says so", mail)
        urgent = text_of([m for m in bell.mails() if "enace" in m["Subject"]][0])
        ok("celle-ci va à tous" in urgent, "an emergency says that it goes to everybody", urgent)
        hands.reach(ENDS + 1)
        bell.wait(lambda: {"dgs", "morel"} <= set(told(bell, "tours")), 30, "everybody, when the trial ends")
        late = [m for m in bell.mails() if "tours" in m["Subject"] and m["To"].addresses[0].username == "dgs"]
        ok("Rodage" not in text_of(late[0]), "which is over then", text_of(late[0]))


main(scenario)
