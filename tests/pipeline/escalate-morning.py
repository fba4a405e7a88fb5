"""When quiet hours end: one message a person with all that was held back, what still rings and what is over, whatever the
step; also when the process dies just then."""
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
    hands = Hands()
    ends_at = (NOW + 240) // 60 * 60
    policy = f"""\
people:
  - {{id: morel, name: C. Morel, mail: morel@ville.example}}
  - {{id: dircom, name: A. Roche, mail: dircom@ville.example}}
levels:
  jaune: [{{tell: morel}}]
  orange: [{{tell: dircom}}]
  rouge: [{{tell: dircom}}]
  gris: [{{tell: [morel, dircom]}}]
  P1: [{{tell: dircom}}]
policy: {{quiet: {{levels: [jaune, gris], from: '{clock(-3600)}', to: '{clock(240)}'}}}}
"""
    with Bell(policy=policy, env=hands.env) as bell:
        bell.rise("jaune", topic="nuit", title="Bruit de nuit")
        bell.rise("jaune", topic="tram", title="Tram en panne")
        bell.rise("jaune", topic="eau", title="Fuite d'eau")
        bell.rise("gris", topic="source:instagram", title="Source muette : Instagram", kind="grey", messages=0, authors=0, sources=0)
        bell.rise("orange", topic="haut", title="Le plus haut")
        bell.wait(bell.files, 20, "orange")
        bell.rise("vert", topic="nuit", title="Bruit de nuit", action=CLOSE)
        time.sleep(2)
        ok(len(bell.files()) == 1, "in quiet hours only orange rings", bell.files())
        hands.reach(ends_at - 1)
        bell.wait(lambda: len(bell.outbox()) > 1, 20, "the end of the quiet hours")
        bell.kill("escalate")
        bell.restart("escalate")
        bell.wait(lambda: len(bell.files()) == 3, 30, "the mails of the morning")
        time.sleep(12)
        ok(len(bell.files()) == 3 and hands.now() >= ends_at, "one a person, at their end", bell.files())
        mail = next(m for m in bell.mails() if "morel@" in m["To"])
        text = text_of(mail)
        ok("tocsin JAUNE · 3 alertes, dont Tram en panne" in mail["Subject"], "the highest in the subject", mail["Subject"])
        ok("Vos heures calmes ont pris fin : 3 alertes sonnent encore." in text and "JAUNE · Fuite d'eau" in text and
           "GRIS · Source muette : Instagram" in text, "what still rings", text)
        ok("Ce qui est passé : - JAUNE · Bruit de nuit" in text and "retombée à" in text, "and what is over", text)
        other = [m for m in bell.mails() if "dircom@" in m["To"] and "GRIS" in m["Subject"]]
        ok(len(other) == 1 and "Source muette" in other[0]["Subject"], "who has one alarm has it whole", [m["Subject"] for m in bell.mails()])
        bell.wait(lambda: all(r[3] in (2, 4) for r in bell.outbox()), 20, "the end of each row")
        ok(True, "each row has its end")


main(scenario)
