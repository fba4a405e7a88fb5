"""What goes together: alarms to one person within a short time, and what his limit held back; rouge and P1 never wait;
nothing is lost when the process dies in between."""
import time

from bell import POLICY, Bell, main, parse, text_of
from receivers import Smtp

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


def again(ok, close):
    """A message of two that may have arrived is the same one when it comes again: also beside a third alarm, also when
    one of the two is over by then."""
    what = "one of two over" if close else "with a third alarm"
    with Smtp(["ok", "hang", "ok"]) as server, \
            Bell(mail=f"{{url: '{server.url}', tls: none, from: t@v.example}}",
                 policy=POLICY.replace("policy: {", "policy: {group: 2 s, "), group=True) as bell:
        bell.rise("orange", topic="a", title="Piscine")
        bell.wait(lambda: len(server.arrived) == 1, 20, "the first")
        bell.rise("orange", topic="b", title="Cantine")
        bell.rise("orange", topic="c", title="Tram")
        bell.wait(lambda: len(server.arrived) == 2, 20, "the two others, on their way")
        bell.kill("escalate")
        bell.rise("orange", topic="d", title="Neige")
        if close:
            bell.say("close", 3, "C. Morel")
        bell.hurry()
        bell.restart("escalate")
        bell.wait(lambda: len(server.arrived) == 4, 30, "again, and the third")
        mails = [parse(m.raw) for m in server.arrived]
        first = mails[1]
        ok("2 alertes" in first["Subject"] and "doublon" not in first["Subject"], f"{what}: two together", first["Subject"])
        second = [m for m in mails[2:] if m["Message-ID"] == first["Message-ID"]]
        ok(len(second) == 1 and second[0]["Subject"].startswith("[doublon possible]"),
           f"{what}: the same message, marked", [(m["Message-ID"], m["Subject"]) for m in mails[1:]])
        text = second[0]["Subject"] + text_of(second[0])
        ok("Cantine" in text and ("Tram" in text) != close and "Neige" not in text, f"{what}: of the same alarms", text)
        third = next(m for m in mails[2:] if m is not second[0])
        ok("Neige" in third["Subject"] and "doublon" not in third["Subject"], f"{what}: the newcomer by itself", third["Subject"])
        want = [2, 2, 4 if close else 2, 2]
        bell.wait(lambda: [r[3] for r in bell.outbox()] == want, 10, "all settled")
        ok(True, f"{what}: each row is settled")


def failing(ok):
    """A message of three that does not get through is one message for the fallback."""
    plan = POLICY.replace("policy: {", "policy: {group: 2 s, fallback_after: 0 s, ")
    with Smtp(["ok", "5xx", "ok"]) as server, \
            Bell(mail=f"{{url: '{server.url}', tls: none, from: t@v.example}}", policy=plan, group=True) as bell:
        bell.rise("orange", topic="a", title="Piscine")
        bell.wait(lambda: len(server.arrived) == 1, 20, "the first")
        for title in ("Cantine", "Tram", "Neige"):
            bell.rise("orange", topic=title, title=title)
        bell.wait(lambda: len(server.arrived) == 2, 20, "the fallback's")
        mail = parse(server.arrived[1].raw)
        text = text_of(mail)
        ok("dgs@" in mail["To"] and "tocsin SECOURS · ORANGE · 3 messages non remis, dont " in mail["Subject"],
           "three alarms refused: one message for the fallback", mail["Subject"])
        ok(all(f"non remis à A. Roche (dir'com) : ORANGE · {t}" in text or f"jamais remis à A. Roche (dir'com) : ORANGE · {t}" in text
               for t in ("Cantine", "Tram", "Neige")) and "550" in text, "which, to whom, and why", text)
        bell.wait(lambda: sorted(r[3] for r in bell.outbox()) == [2, 2, 2, 2, 3, 3, 3], 10, "all settled")
        time.sleep(1)
        ok(len(server.arrived) == 2, "and no other", len(server.arrived))


def scenario(ok):
    together(ok)
    again(ok, False)
    again(ok, True)
    failing(ok)
    explained(ok)
    limited(ok)


main(scenario)
