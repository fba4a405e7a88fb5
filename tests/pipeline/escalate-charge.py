"""What a mail says is true when it goes out: who has taken charge, what has risen since; and how long a charge holds."""
import signal
import sqlite3
import time

from bell import POLICY, Bell, main, parse, text_of
from hands import Hands
from receivers import Smtp

OPEN, RAISE = 0, 1
MAIL = "{{url: '{0}', tls: none, from: t@v.example}}"


def attempted(bell, n=1):
    bell.wait(lambda: len(bell.outbox()) >= n and all(r[4] and r[3] in (0, 4) for r in bell.outbox()), 30, "an attempt of each")


def arrive(bell, smtp, n=1):
    """The server takes mails again, and nobody waits for the pause to end."""
    with smtp.lock:
        smtp.modes = ["ok"]
        del smtp.arrived[:]
    bell.hurry()
    bell.wait(lambda: len(smtp.arrived) >= n and all(r[3] >= 2 for r in bell.outbox()), 30, "the mails")
    time.sleep(0.5)
    return [parse(m.raw) for m in smtp.arrived]


def taken_meanwhile(ok):
    with Smtp(["4xx"]) as smtp, Bell(mail=MAIL.format(smtp.url)) as bell:
        bell.rise("orange")
        attempted(bell)
        bell.say("ack", 1, "C. Morel", int(time.time() * 1000) + 3600_000)
        mails = arrive(bell, smtp)
        ok(len(mails) == 1 and mails[0]["Subject"].endswith("prise en charge par C. Morel"), "the subject says who",
           [m["Subject"] for m in mails])
        text = text_of(mails[0])
        ok("par C. Morel (fin :" in text and "personne. Prévenus" not in text and "Sans réponse" not in text,
           "the mail asks for nothing", text)


def unknown_fate(ok):
    with Smtp(["cut"]) as smtp, Bell(mail=MAIL.format(smtp.url)) as bell:
        bell.rise("orange")
        attempted(bell)
        first = parse(smtp.arrived[0].raw)
        bell.say("ack", 1, "C. Morel", int(time.time() * 1000) + 3600_000)
        again = arrive(bell, smtp)[0]
        ok(again["Message-ID"] == first["Message-ID"], "an attempt of unknown fate keeps its name", again["Message-ID"])
        ok(again["Subject"].startswith("[doublon possible]") and "prise en charge par C. Morel" in again["Subject"],
           "marked, and true", again["Subject"])


def raised_meanwhile(ok):
    with Smtp(["4xx"]) as smtp, Bell(mail=MAIL.format(smtp.url)) as bell:
        bell.rise("jaune")
        attempted(bell)
        bell.rise("orange", action=RAISE)
        attempted(bell, 2)
        bell.rise("rouge", action=RAISE)
        attempted(bell, 4)
        mails = {m["To"].addresses[0].addr_spec.split("@")[0]: m for m in arrive(bell, smtp, 3)}
        ok(len(smtp.arrived) == 3 and set(mails) == {"morel", "dircom", "dgs"}, "one mail each", len(smtp.arrived))
        ok(all("tocsin ROUGE" in m["Subject"] for m in mails.values()), "with the level of now",
           [m["Subject"] for m in mails.values()])
        ok("Passage d'ORANGE à ROUGE" in text_of(mails["morel"]), "also to who was to be told of jaune",
           text_of(mails["morel"]))
        notes = bell.rows("SELECT text FROM entry WHERE kind = 7")
        ok(notes == [("dircom : message retiré avant l'envoi, remplacé par l'alerte plus récente",)],
           "the main courante: what was withdrawn", notes)


def reminders(ok):
    """A reminder that waited while somebody took charge, and one that a later one overtook."""
    with Smtp(["ok"]) as smtp, Bell(mail=MAIL.format(smtp.url), policy=POLICY.replace("after: 15 min", "after: 20 h")) as bell:
        bell.rise("orange")
        bell.wait(lambda: [r[3] for r in bell.outbox()] == [2], 20, "the alarm")
        with smtp.lock:
            smtp.modes = ["4xx"]
        for minutes in (31, 60):
            bell.kill("escalate", signal.SIGTERM)
            bell.kill("store", signal.SIGTERM)
            db = sqlite3.connect(bell.path("state", "store.db"), timeout=10)
            db.execute("UPDATE entry SET written_at = written_at - ?", (minutes * 60_000,))
            # the keys name the moment from which the steps count
            for row, key in db.execute("SELECT id, key FROM outbox").fetchall():
                head, tail = key.rsplit("/", 1)
                base, repeat = tail.split(".")
                db.execute("UPDATE outbox SET key = ? WHERE id = ?", (f"{head}/{int(base) - minutes * 60_000}.{repeat}", row))
            db.commit()
            db.close()
            rows = len(bell.outbox())
            bell.restart("store")
            bell.restart("escalate")
            bell.wait(lambda n=rows: len(bell.outbox()) > n, 20, "a reminder")
            # killed in the middle of an attempt its fate would be unknown, and it would not be withdrawn
            bell.wait(lambda: all(r[4] and r[3] != 1 for r in bell.outbox()), 20, "its attempt")
        mails = arrive(bell, smtp)
        ok(len(mails) == 1 and "Rappel : toujours ORANGE" in text_of(mails[0]), "one reminder, the latest",
           [text_of(m) for m in mails])
        ok([r[3] for r in bell.outbox()] == [2, 4, 2], "the one before was withdrawn", bell.outbox())


def how_long(ok):
    hands = Hands()
    with Bell(policy=POLICY.replace("policy: {", "policy: {ack: 90 min, "), env=hands.env) as bell:
        bell.rise("orange")
        holds = lambda: bell.rows("SELECT (ack_expires_at - acked_at) / 60000 FROM incident")[0][0]
        bell.say("ack", 1, "C. Morel", 0)
        ok(holds() == 90, "a charge holds as long as the policy says, whoever asks", holds())
        with open(bell.path("tocsin.yaml"), encoding="utf-8") as f:
            text = f.read()
        bell.write("tocsin.yaml", text.replace("ack: 90 min", "ack: 20 min"))
        bell.processes["store"].send_signal(signal.SIGHUP)

        def asked_again():
            bell.say("ack", 1, "A. Roche", 0)
            return holds() == 20
        ok(bell.wait(asked_again, 20, "the plan to be read"), "read again at HUP", holds())
        bell.write("tocsin.yaml", text.replace("ack: 90 min", "ack: 90 mon"))
        bell.processes["store"].send_signal(signal.SIGHUP)
        time.sleep(0.5)
        bell.say("ack", 1, "B. Faure", 0)
        ok(holds() == 20, "a mistake changes nothing", holds())
        bell.say("ack", 1, "C. Morel", int(time.time() * 1000) + 600_000)
        hands.put(601)
        text = bell.wait(lambda: next((t for t in map(text_of, bell.mails()) if "(C. Morel) à confirmer" in t), None), 20,
                         "the alarm again")
        ok("En charge : personne" in text, "one that has expired rings again", text)


def scenario(ok):
    taken_meanwhile(ok)
    unknown_fate(ok)
    raised_meanwhile(ok)
    reminders(ok)
    how_long(ok)


main(scenario)
