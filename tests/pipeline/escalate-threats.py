"""Threats: each of an unknown author rings by itself; two hundred of them are a handful of mails; the edges of one."""
import signal
import sqlite3
import time

from bell import Bell, main, text_of


def scenario(ok):
    with Bell() as bell:
        now = int(time.time() * 1000)
        to = lambda who: [m for m in bell.mails() if f"{who}@" in m["To"]]
        for n in (1, 2):
            bell.say("threats", n, "facebook", 1, "-", now, f"on sait où tu habites {n}00")
        bell.wait(lambda: len(to("dircom")) == 2 and len(to("dgs")) == 2, 20, "two alarms")
        texts = [text_of(m) for m in to("dircom")]
        ok(any("habites 100 1" in t for t in texts) and any("habites 200 1" in t for t in texts),
           "two threats of nobody known: two mails, each with its own", texts)

        bell.say("threats", 3, "facebook", 2, "jean", now, "la même personne")
        bell.wait(lambda: len(to("dircom")) == 3, 20, "a third alarm")
        mail = next(m for m in to("dircom") if "la même personne 1" in text_of(m))
        ok("la même personne 2" in text_of(mail) and "2 messages depuis" in text_of(mail) and "jean" not in str(mail),
           "one author: one alarm, with both, without the name", text_of(mail))

        for n in range(10, 30):
            bell.say("threats", n, "facebook", 10, "-", now, f"flot {n},")
        series = lambda: [t for t in map(text_of, to("dircom")) if "messages depuis" in t and "« flot" in t and
                          "tous dans la file de modération" in t]
        bell.wait(series, 20, "the mail of the series")
        bell.wait(lambda: all(r[3] in (2, 4) for r in bell.outbox()), 20, "the end of each row")
        ok(True, "the series shows the newest and says how many; each is delivered or overtaken")
        time.sleep(3)
        told = to("dircom")
        ok(len(told) <= 14, "two hundred more: a handful of mails", len(told))
        ok(bell.rows("SELECT count(*) FROM queue") == [(204,)], "every one waits for a moderator",
           bell.rows("SELECT count(*) FROM queue"))

    # one incident whose facts cannot be read keeps no other waiting
    with Bell() as bell:
        bell.rise("orange", topic="abîmé")
        bell.wait(lambda: len(bell.files()) == 1, 20, "the first")
        damage(bell)
        bell.rise("orange", topic="autre", title="Autre sujet")
        bell.wait(lambda: any("Autre sujet" in m["Subject"] for m in bell.mails()), 10, "the other one")
        ok(True, "a damaged incident keeps no other waiting")
        bell.kill("escalate")
        damage(bell, "UPDATE outbox SET key = 'x' || key")
        bell.restart("escalate")
        bell.wait(lambda: any("illisibles" in text_of(m) for m in bell.mails()), 10, "the damaged one")
        ok(True, "and rings itself, saying that its figures are lost")


def damage(bell, sql="UPDATE incident SET facts = x'ff'"):
    bell.kill("store", signal.SIGTERM)
    db = sqlite3.connect(bell.path("state", "store.db"), timeout=10)
    db.execute(sql)
    db.commit()
    db.close()
    bell.restart("store")


main(scenario)
