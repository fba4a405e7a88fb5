"""A purge reaches the mails left in the folder: a planted word is in no file below it."""
import os
import time

from bell import Bell, main

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


def scenario(ok):
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
