"""What goes together: alarms to one person within a short time, and what his limit held back; rouge and P1 never wait;
nothing is lost when the process dies in between."""
import time

from bell import POLICY, Bell, main, text_of

OPEN, RAISE, CLOSE = 0, 1, 4


def subjects(bell, who="dircom"):
    return [m["Subject"] for m in bell.mails() if f"{who}@" in m["To"]]


def together(ok):
    with Bell(policy=POLICY.replace("policy: {", "policy: {group: 6 s, "), group=True) as bell:
        began = time.monotonic()
        bell.rise("orange", topic="a", title="Piscine")
        bell.wait(lambda: len(bell.files()) == 1, 10, "the first")
        ok(time.monotonic() - began < 3, "the first waits for nobody")
        bell.rise("orange", topic="b", title="Cantine")
        bell.rise("orange", topic="c", title="Tram")
        time.sleep(1.5)
        ok(len(bell.files()) == 1, "what follows waits for company", bell.files())
        bell.kill("escalate")
        bell.restart("escalate")
        bell.wait(lambda: len(bell.files()) == 2, 15, "the two others")
        time.sleep(1)
        mail = bell.mails()[-1] if "2 alertes" in bell.mails()[-1]["Subject"] else bell.mails()[0]
        ok(mail["Subject"].startswith("tocsin ORANGE · 2 alertes, dont Cantine, à prendre en charge avant"),
           "in one message, also after a death", mail["Subject"])
        text = text_of(mail)
        ok("- ORANGE · Cantine : 39 personnes" in text and "- ORANGE · Tram" in text and "(n° 2)" in text and "(n° 3)" in text,
           "a line each", text)
        ok([r[3] for r in bell.outbox()] == [2, 2, 2], "each row is delivered", bell.outbox())
        told = bell.rows("SELECT incident FROM entry WHERE kind = 2 ORDER BY incident")
        ok(told == [(1,), (2,), (3,)], "each main courante says so", told)
        bell.rise("orange", topic="d", title="Neige")
        bell.rise("rouge", topic="e", title="Inondation")
        bell.wait(lambda: len(subjects(bell)) == 3, 5, "rouge")
        red = next(m for m in bell.mails() if "ROUGE" in m["Subject"] and "dircom@" in m["To"])
        ok("Et 1 autre alerte, qui attendait" in text_of(red) and "ORANGE · Neige" in text_of(red) and
           "Pourquoi" in text_of(red), "rouge goes at once, and takes along what waits", text_of(red))


def limited(ok):
    plan = POLICY.replace("mail: dircom@ville.example", "mail: dircom@ville.example, at_most: 1 par 1 min")
    with Bell(policy=plan.replace("after: 15 min", "after: 2 h")) as bell:
        bell.rise("orange", topic="a", title="Piscine")
        bell.wait(lambda: len(bell.files()) == 1, 10, "the first")
        first = time.monotonic()
        for topic in ("Cantine", "Tram", "Neige"):
            bell.rise("orange", topic=topic, title=topic)
        bell.wait(lambda: len(bell.outbox()) == 4, 10, "all rows")
        bell.say("ack", 2, "C. Morel", 0)
        bell.rise("vert", topic="Neige", title="Neige", action=CLOSE)
        time.sleep(2)
        ok(len(bell.files()) == 1, "over the limit: held", bell.files())
        bell.kill("escalate")
        bell.kill("store")
        bell.restart("store")
        bell.restart("escalate")
        time.sleep(3)
        ok(len(bell.files()) == 1, "also by a process that has just started", bell.files())
        bell.wait(lambda: len(bell.files()) == 2, 70, "what was held")
        ok(58 < time.monotonic() - first < 66, "when the first is a minute old", time.monotonic() - first)
        mail = next(m for m in bell.mails() if "2 alertes" in m["Subject"])
        text = text_of(mail)
        ok("2 alertes vous sont dites ensemble" in text and "au plus 1 message en 1 min" in text, "how many, and why together", text)
        ok("Cantine" in text and "prise en charge par C. Morel" in text and "Tram" in text, "which, as they are now", text)
        ok("Neige" not in text, "what is over is not among them", text)
        dropped = bell.wait(lambda: bell.rows("SELECT detail FROM outbox WHERE state = 4"), 5, "a row withdrawn")
        ok(len(dropped) == 1 and "alerte close à" in dropped[0][0], "and is withdrawn", dropped)
        bell.rise("orange", topic="f", title="Marché")
        bell.rise("rouge", topic="g", title="Inondation")
        bell.wait(lambda: any("ROUGE" in s for s in subjects(bell)), 5, "rouge")
        ok(any("Marché" in text_of(m) for m in bell.mails() if "ROUGE" in m["Subject"]), "rouge passes, and says what was held")
        bell.rise("orange", topic="P1:menace", title="Urgence : menace", kind="P1", messages=1, authors=1, sources=1)
        bell.wait(lambda: any("URGENCE" in s for s in subjects(bell)), 5, "P1")
        ok(True, "a P1 passes")


def explained(ok):
    with Bell() as bell:
        bell.rise("orange", topic="peupliers", title="Peupliers", messages=47)
        bell.rise("orange", topic="whole", title="Beaucoup de messages", kind="whole", messages=60)
        bell.wait(lambda: bell.rows("SELECT 1 FROM entry WHERE kind = 7"), 10, "a note")
        notes = bell.rows("SELECT incident, text FROM entry WHERE kind = 7")
        ok(notes == [(2, "A. Roche (dir'com) : pas appelé à part, l'alerte n° 1 (Peupliers) explique cette hausse")],
           "a rise of the whole that a topic explains: noted", notes)
        bell.wait(bell.files, 10, "the topic's own alarm")  # its picture takes a moment
        bell.kill("escalate")
        bell.restart("escalate")
        time.sleep(2)
        ok(len(bell.files()) == 1 and len(bell.rows("SELECT 1 FROM entry WHERE kind = 7")) == 1,
           "one alarm, one note, also after a death", bell.files())
        bell.rise("rouge", topic="whole", title="Beaucoup de messages", kind="whole", messages=200, action=RAISE)
        bell.wait(lambda: any("ROUGE" in s for s in subjects(bell)), 10, "the whole")
        ok(True, "above its topic it rings")
    with Bell() as bell:
        bell.rise("orange", topic="peupliers", title="Peupliers", messages=47)
        bell.rise("orange", topic="whole", title="Beaucoup de messages", kind="whole", messages=60)
        bell.wait(lambda: bell.rows("SELECT 1 FROM entry WHERE kind = 7"), 10, "a note")
        bell.say("close", 1, "C. Morel")
        bell.wait(lambda: len(bell.files()) == 2, 10, "the whole")
        ok("Beaucoup de messages" in subjects(bell)[-1] or "Beaucoup de messages" in subjects(bell)[0],
           "when the topic is closed it rings at once", subjects(bell))
    with Bell(policy=POLICY.replace("policy: {", "policy: {inhibit: no, ")) as bell:
        bell.rise("orange", topic="peupliers", title="Peupliers", messages=47)
        bell.rise("orange", topic="whole", title="Beaucoup de messages", kind="whole", messages=60)
        bell.wait(lambda: len(bell.files()) == 2, 10, "both")
        ok(True, "switched off: both ring")


def scenario(ok):
    together(ok)
    explained(ok)
    limited(ok)


main(scenario)
