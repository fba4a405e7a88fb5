"""Quiet hours and duty: what rings in them is followed and not told; what is over by their end is said in one summary
then, and not before; who is off duty gets nothing while the astreinte is called at once."""
import datetime
import time
import zoneinfo

from bell import ZONE, Bell, main, text_of
from hands import Hands

CLOSE = 4


NOW = time.time()


def clock(seconds):
    """So many seconds from the beginning, as the town's clocks show it."""
    return datetime.datetime.fromtimestamp(NOW + seconds, zoneinfo.ZoneInfo(ZONE)).strftime("%H:%M")


def scenario(ok):
    # to the minute: quiet ends three to four minutes from now; "late" begins in two hours
    hands = Hands()
    end = clock(240)
    ends_at = (NOW + 240) // 60 * 60
    policy = f"""\
calendars:
  hours: [{{id: late, from: '{clock(7200)}', to: '{clock(10800)}'}}]
  on_call: [{{id: cadre, title: cadre d'astreinte, turn: [dgs]}}]
people:
  - {{id: morel, name: C. Morel, mail: morel@ville.example, hours: always}}
  - {{id: dircom, name: A. Roche, mail: dircom@ville.example}}
  - {{id: dgs, name: B. Faure, mail: dgs@ville.example}}
levels:
  jaune: [{{tell: morel}}]
  orange: [{{tell: dircom}}, {{tell: cadre, after: 15 min}}]
  rouge: [{{tell: [dircom, cadre]}}]
  gris: [{{tell: morel}}]
  P1: [{{tell: cadre}}]
policy: {{quiet: {{levels: jaune, from: '{clock(-3600)}', to: '{end}'}}}}
"""
    with Bell(policy=policy, env=hands.env) as bell:
        bell.rise("jaune", topic="nuit", title="Bruit de nuit")
        bell.rise("orange", topic="haut", title="Le plus haut")
        bell.wait(lambda: bell.files(), 20, "the astreinte's mail")
        time.sleep(2)
        to = [m["To"].addresses[0].addr_spec for m in bell.mails()]
        ok(to == ["dgs@ville.example"], "off duty is not called, the astreinte at once; jaune waits", to)
        ok("A. Roche" not in text_of(bell.mails()[0]), "nobody passes for told who was not", text_of(bell.mails()[0]))
        bell.rise("vert", topic="nuit", title="Bruit de nuit", action=CLOSE)
        bell.kill()
        bell.restart()
        time.sleep(3)
        ok(len(bell.files()) == 1, "over in quiet hours: nothing yet, not after a kill either", bell.files())
        hands.reach(ends_at - 1)
        time.sleep(3)
        hands.reach(ends_at + 120)  # the summary waits for company two minutes behind the close
        bell.wait(lambda: len(bell.files()) == 2, 20, "the summary after the quiet hours")
        mail = [m for m in bell.mails() if "déjà" in m["Subject"]][0]
        ok(hands.now() >= ends_at and mail["To"].addresses[0].addr_spec == "morel@ville.example" and "Bruit de nuit" in text_of(mail),
           "at their end one summary to whom the level names", (clock(0), end, mail["Subject"]))
        time.sleep(6)
        ok(len(bell.files()) == 2, "once", bell.files())


main(scenario)
