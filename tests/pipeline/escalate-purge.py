"""A purge reaches the mails left in the folder: a planted word is in no file below it."""
import os
import signal
import sqlite3
import time

from bell import POLICY, Bell, main

WORD = "zyxwablette"


def holding(folder, word):
    found = []
    for at, _, names in os.walk(folder):
        for name in names:
            try:
                with open(os.path.join(at, name), "rb") as f:
                    if word.encode() in f.read():
                        found.append(os.path.relpath(os.path.join(at, name), folder))
            except OSError:  # gone meanwhile, or a socket
                pass
    return found


def together(ok):
    """A mail of several, also one that was written and that nobody has noted: the process died, and wrote it again."""
    with Bell(policy=POLICY.replace("policy: {", "policy: {group: 10 min, "), group=True) as bell:
        now = int(time.time() * 1000)
        bell.say("comment", 1, "facebook", "c1", now, f"Voici {WORD} et rien d'autre")
        bell.rise("orange", topic="a", title="Piscine")
        bell.settled(2)
        bell.rise("orange", topic="b", title="Cantine")
        bell.wait(lambda: len(bell.outbox()) == 2, 10, "the second, which waits")
        bell.rise("rouge", topic="c", title="Inondation", examples=[1])
        bell.wait(lambda: [r[3] for r in bell.outbox()] == [2] * 4, 10, "a rouge that takes it along")
        files = bell.files()
        ok(len(files) == 3 and len(holding(bell.path("outbox"), WORD)) == 2, "one of them for two alarms", files)
        bell.kill("escalate")
        bell.kill("store", signal.SIGTERM)
        db = sqlite3.connect(bell.path("state", "store.db"))
        db.execute("UPDATE outbox SET state = 1, detail = '', sent_at = 0, lease_until = 1 WHERE incident > 1 AND person = 'dircom'")
        db.commit()
        db.close()
        bell.restart("store")
        bell.restart("escalate")
        bell.wait(lambda: [r[3] for r in bell.outbox()] == [2] * 4, 20, "written again")
        ok(bell.files() == files, "into the same files", bell.files())
        bell.say("purge", "facebook", "c1")
        try:
            bell.wait(lambda: not holding(bell.folder, WORD), 20, "the word to be gone")
        except TimeoutError:
            pass
        ok(not holding(bell.folder, WORD), "after a purge it is in no file", holding(bell.folder, WORD))


def scenario(ok):
    together(ok)
    with Bell() as bell:
        now = int(time.time() * 1000)
        bell.say("comment", 1, "facebook", "c1", now, f"Voici {WORD} et rien d'autre")
        bell.say("comment", 2, "facebook", "c2", now, "Un autre avis")
        bell.rise("orange", examples=[1, 2])
        bell.wait(lambda: bell.outbox() and bell.outbox()[0][3] == 2, 10, "a mail")
        ok(holding(bell.path("outbox"), WORD) == bell.files(), "the mail quotes it")
        with open(bell.path("outbox", "20260101T000000-orange-x-00000000.eml.abcdef"), "w", encoding="utf-8") as f:
            f.write(WORD)
        os.utime(f.name, (1, 1))
        with open(bell.path("outbox", "lisez-moi.txt"), "w", encoding="utf-8") as f:
            f.write("à garder")
        bell.say("purge", "facebook", "c1")
        try:
            bell.wait(lambda: not holding(bell.folder, WORD), 20, "the word to be gone")
        except TimeoutError:
            pass
        left = holding(bell.folder, WORD)
        ok(not left, "after the purge it is in no file", left)
        ok(os.path.exists(bell.path("outbox", "lisez-moi.txt")), "other people's files stay")
        bell.rise("rouge", action=1, examples=[1, 2])
        bell.wait(lambda: len(bell.files()) == 2, 10, "the rise")
        ok(all(b"Un autre avis" in open(bell.path("outbox", n), "rb").read() for n in bell.files()),
           "the next alarm quotes what is left")
        ok(not holding(bell.folder, WORD), "and not what is gone")


main(scenario)
