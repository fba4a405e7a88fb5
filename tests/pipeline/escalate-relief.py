"""Nobody of the level is on duty: rouge and P1 go to the fallback at once; orange waits. A level without steps is the
fallback's."""
import time

from bell import Bell, main, text_of

DAYS = ["lun", "mar", "mer", "jeu", "ven", "sam", "dim"]


def plan(levels):
    other = DAYS[(time.localtime().tm_wday + 3) % 7]
    return f"""\
people:
  - {{id: dircom, name: A. Roche, role: dir'com, mail: dircom@ville.example}}
  - {{id: dgs, name: B. Faure, role: DGS, mail: dgs@ville.example}}
calendars:
  hours: [{{id: bureau, days: {other}, from: '08:00', to: '09:00'}}]
levels: {{jaune: [{{tell: dircom}}], orange: [{{tell: dircom}}], gris: [{{tell: dircom}}]{levels}}}
policy: {{fallback: [dgs]}}
"""


def scenario(ok):
    with Bell(policy=plan(", rouge: [{tell: dircom}]")) as bell:
        bell.rise("orange", topic="calme", title="Sujet calme")
        bell.rise("rouge", topic="crise", title="Sujet de crise")
        mail = bell.wait(lambda: bell.files() and bell.mails()[0], 10, "the fallback")
        ok("dgs@" in mail["To"] and "ROUGE" in mail["Subject"], "a hole in the plan: the fallback at once", mail["To"])
        text = text_of(mail)
        ok("Vous êtes le secours : personne que ce niveau nomme n'est de service." in text and
           "Prévenus : B. Faure (DGS) (secours)" in text, "and why", text)
        bell.rise("orange", topic="P1:menace", title="Urgence : menace", kind="P1", messages=1, authors=1, sources=1)
        bell.wait(lambda: len(bell.files()) == 2, 10, "the emergency")
        ok("URGENCE" in " ".join(m["Subject"] for m in bell.mails()), "an emergency whose level names nobody: the fallback")
        bell.kill("escalate")
        bell.restart("escalate")
        time.sleep(2)
        ok(sorted(r[0].split("/")[1] for r in bell.outbox()) == ["P1", "rouge"], "orange waits for the first on duty", bell.outbox())
        bell.say("ack", 2, "B. Faure", 0)
        time.sleep(1.5)
        ok(len(bell.files()) == 2, "taken charge of: quiet", bell.files())


main(scenario)
