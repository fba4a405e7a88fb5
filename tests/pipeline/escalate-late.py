"""Alarms that are over before anybody could be told: said afterwards, once, in one mail a person; nothing twice."""
import signal
import sqlite3
import time

from bell import Bell, main, parse, text_of
from receivers import Smtp

OPEN, RAISE, LOWER, CLOSE = 0, 1, 3, 4
HOUR = 3600


def quiet(bell, seconds=2):
    """Whatever is to be told has been."""
    time.sleep(seconds)
    return len(bell.outbox())


def away(ok):
    with Bell() as bell:
        bell.rise("orange", topic="connu", title="Déjà dit")
        bell.wait(lambda: [r[3] for r in bell.outbox()] == [2], 20, "the alarm that is told in time")
        bell.kill("escalate")
        bell.rise("vert", topic="connu", title="Déjà dit", action=CLOSE)
        for n in range(30):
            bell.rise("jaune", topic=f"sujet{n}", title=f"Sujet {n}")
            bell.rise("orange", topic=f"sujet{n}", title=f"Sujet {n}", action=RAISE)
        bell.rise("rouge", topic="haut", title="Le plus haut")
        bell.rise("orange", topic="main", title="Close à la main")
        bell.rise("orange", topic="charge", title="Prise en charge")
        bell.back(20 * 60)  # so that the DGS was due as well
        for n in range(30):
            bell.rise("vert", topic=f"sujet{n}", title=f"Sujet {n}", action=CLOSE)
        bell.rise("vert", topic="haut", title="Le plus haut", action=CLOSE)
        ids = dict(bell.rows("SELECT topic, id FROM incident"))
        bell.say("close", ids["main"], "marc")
        bell.say("ack", ids["charge"], "C. Morel", 0)
        bell.back(HOUR)
        bell.restart("escalate")
        bell.wait(lambda: len(bell.files()) == 4 and all(r[3] in (2, 4) for r in bell.outbox()), 20, "the summaries")
        quiet(bell)
        mails = {m["To"].addresses[0].addr_spec: m for m in bell.mails() if "déjà" in m["Subject"]}
        ok(len(bell.files()) == 4 and set(mails) == {"dircom@ville.example", "dgs@ville.example", "morel@ville.example"},
           "thirty-three alarms of an hour: one mail a person", bell.files())
        dircom = text_of(mails["dircom@ville.example"])
        ok(mails["dircom@ville.example"]["Subject"] == "tocsin · 33 alertes déjà passées, dont ROUGE · Le plus haut",
           "the highest in the subject", mails["dircom@ville.example"]["Subject"])
        ok("Importance" not in mails["dircom@ville.example"], "what is over is not urgent")
        ok("ROUGE · Le plus haut" in dircom and "retombée à" in dircom and "et 13 autres, de même niveau ou moindre" in dircom,
           "the highest first, the rest counted", dircom)
        ok("Déjà dit" not in dircom, "what was told in time is not told again", dircom)
        dgs = text_of(mails["dgs@ville.example"])
        ok("Close à la main" not in dgs or "close à" in dgs, "by whom it was closed", dgs)
        ok("Prise en charge" not in dgs, "who would have been called later is not, when somebody took charge", dgs)
        everything = " ".join(r[0] for r in bell.rows("SELECT detail FROM outbox"))
        ok("dit après coup" in everything, "the other rows say where they were told", everything[:200])
        notes = bell.rows("SELECT count(DISTINCT incident) FROM entry WHERE kind = 7 AND text LIKE '%après coup%'")[0][0]
        ok(notes >= 31, "each main courante keeps that it was told late", notes)

        rows = len(bell.outbox())
        bell.kill("escalate")
        bell.restart("escalate")
        ok(quiet(bell, 3) == rows, "a restart tells nothing twice", bell.outbox()[rows:])


def taken_at_once(ok):
    """A P1 that somebody took before its first message was planned: the others are told that it was, and by whom, once."""
    with Bell() as bell:
        bell.processes["escalate"].send_signal(signal.SIGSTOP)
        bell.rise("orange", kind="P1", topic="P1:menace", title="Urgence : menace")
        bell.say("ack", 1, "C. Morel", int(time.time() * 1000) + HOUR * 1000)
        taken = bell.rows("SELECT acked_at - opened_at FROM incident")[0][0]
        bell.processes["escalate"].send_signal(signal.SIGCONT)
        ok(taken < 5000 and quiet(bell) == 0, "taken at once: nobody is rung", (taken, bell.outbox()))
        bell.kill("escalate")
        bell.restart("escalate")
        ok(quiet(bell) == 0, "nor after a death, before company was waited for", bell.outbox())
        bell.kill("escalate")
        bell.back(3 * 60)
        bell.restart("escalate")
        bell.wait(lambda: [r[3] for r in bell.outbox()] == [2, 2], 20, "the mails")
        bell.kill("escalate")
        bell.restart("escalate")
        quiet(bell)
        mails = {m["To"].addresses[0].addr_spec.split("@")[0]: m for m in bell.mails()}
        ok(len(bell.files()) == 2 and set(mails) == {"dircom", "dgs"}, "each of those whom it rings has one mail, over two deaths", bell.files())
        text = text_of(mails["dircom"])
        ok("URGENCE · menace possible" in mails["dircom"]["Subject"] and "C. Morel" in text and "prise en charge" in text,
           "it says that it happened, and who has it", (mails["dircom"]["Subject"], text))


def between_two_looks(ok):
    """The running process sees neither the opening nor the fall: both come while it is stopped."""
    with Bell() as bell:
        escalate = bell.processes["escalate"]
        escalate.send_signal(signal.SIGSTOP)
        bell.rise("orange", title="Éclair")
        bell.rise("vert", title="Éclair", action=CLOSE)
        bell.back(3 * 60)  # company is waited for two minutes
        escalate.send_signal(signal.SIGCONT)
        mails = bell.wait(lambda: bell.files() and bell.mails(), 20, "the mail")
        ok(mails[0]["Subject"] == "tocsin · déjà passée : ORANGE · Éclair", "it is told that it is over", mails[0]["Subject"])
        ok("dircom@" in mails[0]["To"] and len(mails) == 1, "to who would have been rung", mails[0]["To"])
        bell.wait(lambda: bell.rows("SELECT 1 FROM entry WHERE kind = 2"), 10, "the entry")
        ok(bell.rows("SELECT who FROM entry WHERE kind = 2") == [("dircom",)], "the main courante: told")


def server_away(ok):
    """The mails wait before a server that is away; meanwhile all is over."""
    with Smtp(["4xx"]) as smtp:
        with Bell(mail=f"{{url: '{smtp.url}', tls: none, from: t@v.example}}") as bell:
            for n in range(5):
                bell.rise("orange", topic=f"sujet{n}", title=f"Sujet {n}")
            # killed in the middle of an attempt its fate would be unknown, and it would not be withdrawn
            bell.wait(lambda: all(r[4] and r[3] != 1 for r in bell.outbox()) and len(bell.outbox()) == 5, 20, "one attempt of each")
            bell.kill("escalate")
            for n in range(5):
                bell.rise("vert", topic=f"sujet{n}", action=CLOSE)
            with smtp.lock:
                smtp.modes = ["ok"]
            bell.back(3 * 60)
            bell.hurry()
            bell.restart("escalate")
            bell.wait(lambda: smtp.arrived and all(r[3] in (2, 4) for r in bell.outbox()), 30, "a mail")
            quiet(bell)
            ok(len(smtp.arrived) == 1, "five alarms, one mail", len(smtp.arrived))
            ok(parse(smtp.arrived[0].raw)["Subject"].startswith("tocsin · 5 alertes déjà passées"), "that they are over",
               parse(smtp.arrived[0].raw)["Subject"])
            dropped = bell.rows("SELECT detail FROM outbox WHERE state = 4 AND key NOT LIKE '%late'")
            ok(len(dropped) == 5 and all("alerte close à" in d for (d,) in dropped), "the mails that waited were withdrawn",
               dropped)


def highest_is_not_lost(ok):
    """The highest level still waits before the server when the rest is over: it is not forgotten for a later, lower one."""
    with Smtp(["4xx"]) as smtp:
        with Bell(mail=f"{{url: '{smtp.url}', tls: none, from: t@v.example}}") as bell:
            bell.rise("rouge", title="Haut puis bas")
            bell.wait(lambda: len(bell.outbox()) == 2 and all(r[4] and r[3] != 1 for r in bell.outbox()), 20, "an attempt of each")
            bell.kill("escalate")
            bell.rise("jaune", title="Haut puis bas", action=LOWER)
            bell.rise("orange", title="Haut puis bas", action=RAISE)
            bell.rise("vert", title="Haut puis bas", action=CLOSE)
            bell.kill("store", signal.SIGTERM)
            db = sqlite3.connect(bell.path("state", "store.db"), timeout=10)
            db.execute("UPDATE entry SET written_at = written_at - 180000")
            for row, key in db.execute("SELECT id, key FROM outbox").fetchall():  # a key names the opening
                head, base = key.removesuffix(".0").rsplit("/", 1)
                db.execute("UPDATE outbox SET key = ? WHERE id = ?", (f"{head}/{int(base) - 180000}.0", row))
            db.execute("UPDATE outbox SET next_at = ?, state = 0", (int(time.time() * 1000) + 600_000,))
            db.commit()
            db.close()
            bell.restart("store")
            bell.restart("escalate")
            time.sleep(3)
            late = bell.rows("SELECT key FROM outbox WHERE key LIKE '%late'")
            ok(not late, "nothing is said while a message is on its way", late)
            with smtp.lock:
                smtp.modes = ["ok"]
            bell.hurry()
            bell.wait(lambda: len(smtp.arrived) == 2, 30, "two summaries")
            subjects = {parse(m.raw)["Subject"] for m in smtp.arrived}
            ok(subjects == {"tocsin · déjà passée : ROUGE · Haut puis bas"}, "with the highest level", subjects)


def scenario(ok):
    highest_is_not_lost(ok)
    away(ok)
    taken_at_once(ok)
    between_two_looks(ok)
    server_away(ok)


main(scenario)
