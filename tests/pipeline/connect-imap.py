"""kind imap against a contract server of ours (mailboxes.py): what is read and what is trimmed, UIDVALIDITY, connections cut
at every byte, answers in pieces, mails that play the server, huge and broken ones, and the reader killed at any moment:
nothing lost, nothing twice, the mailbox untouched, no password without encryption."""
import base64
import os
import time

from town import main
from flow import Flow, read_comment
from mailboxes import MailServer, mail

EVERY = 1
OUTLOOK = ("Je ne suis pas d'accord.\n\nOdile\n\n________________________________\nDe : Mairie <mairie@valmont.example>\n"
           "Envoyé : lundi 24 novembre 2026 14:05\nÀ : Odile\nObjet : La benne\n\nBonjour, la benne passe mardi.")


def source(box, more="", host="127.0.0.1"):
    return (f"  - {{id: boite, kind: imap, url: 'imap://{host}:{box.port}', user: contact, password_file: secret, "
            f"every: {EVERY} s, allow_internal: ['{host}:{box.port}']{more}}}\n")


class Mailroom(Flow):
    def __init__(self, box, more="", host="127.0.0.1", **rest):
        self.box = box
        super().__init__(sources=source(box, more, host), clock="wall", extra="score: {workers: 1}\n", **rest)  # in their order
        self.write("secret", "secret\n")

    def texts(self):
        return [read_comment(body).get("text", "") for body, in self.rows("SELECT body FROM item ORDER BY seq")]

    def has(self, text, seconds=30):
        self.wait_for(lambda: text in self.texts(), seconds, f"the mail {text!r}")

    def looked(self, times=2):
        n = self.count("EXAMINE") + times
        self.wait_for(lambda: self.count("EXAMINE") >= n, 30, "another look")

    def count(self, word):
        return sum(c.startswith(word) for c in list(self.box.said))


def untouched(ok, box):
    verbs = {" ".join(c.split()[:2]) if c.startswith("UID") else c.split()[0] for c in box.said if c}
    ok(verbs <= {"CAPABILITY", "LOGIN", "EXAMINE", "UID SEARCH", "UID FETCH", "LOGOUT"} and
       all("BODY.PEEK[" in c for c in box.said if c.startswith("UID FETCH")), "the mailbox is only looked at", verbs)


def reading(ok):
    with MailServer() as box, Mailroom(box) as room:
        box.add("La benne n'est pas passée.\n\n-- \nOdile, 06 12 34 56 78", at=time.time() - 3600)
        box.add("Oui.\n\nLe 24/11/2026 à 14:05, Mairie a écrit :\n> Bonjour\n> Merci", subject="Re: La benne",
                more="References: <1@valmont.example>\r\n")
        box.add(OUTLOOK, subject="RE: La benne")
        box.add(mail("x", number=50).replace(b"text/plain; charset=utf-8", b"text/html; charset=windows-1252")
                .replace(b"8bit", b"base64").rsplit(b"\r\n\r\n", 1)[0] + b"\r\n\r\n" +
                base64.encodebytes("<p>L’été &amp; <b>la fête</b></p><script>x</script>".encode("cp1252")))
        box.add("Je suis absente", more="Auto-Submitted: auto-replied\r\n")
        box.add("Après", subject="=?utf-8?q?=C3=89t=C3=A9?=")
        room.start()
        room.has("Été\n\nAprès")
        expected = ["La benne\n\nLa benne n'est pas passée.", "Re: La benne\n\nOui.",
                    "RE: La benne\n\nJe ne suis pas d'accord.\n\nOdile", "La benne\n\nL’été & la fête", "Été\n\nAprès"]
        ok(room.texts() == expected, "each mail as its author wrote it, in order, no automatic answer", room.texts())
        rows = [read_comment(body) for body, in room.rows("SELECT body FROM item ORDER BY seq")]
        ok(rows[0]["thread"] == rows[1]["thread"] == "1@valmont.example" and rows[0]["kind"] == "mail",
           "an answer is in the thread of the first mail", rows[:2])
        ok(rows[1].get("parent") == rows[0]["id"] and not any(r.get("parent") for r in [rows[0], *rows[2:]]), "and its parent is the mail that it answers",
           [(r["id"], r.get("parent")) for r in rows])
        ok(abs(rows[0]["created_at"] / 1000 - (time.time() - 3600)) < 600, "its time is when it arrived", rows[0])
        begun = time.monotonic()
        box.add("Espèce de connard !", subject="Bravo")
        room.has("Bravo\n\nEspèce de connard !")
        took = time.monotonic() - begun
        print(f"# from the mailbox to the verdict: {took:.2f} s (interval {EVERY} s)")
        room.looked()
        ok(room.count("UID FETCH") == 7, "each mail is fetched once", box.said)
        ok(room.stop() == 0, "stops")
        box.add("Pendant l'absence")
        room.start()
        room.has("La benne\n\nPendant l'absence")
        ok(room.count("UID FETCH") == 8, "after a restart it goes on where it was", room.count("UID FETCH"))
        code, out, err = room.run("connect", "test", "boite")
        ok(code == 0 and "Odile D." in out and "7 à prendre" in out and "seulement regardée" in out, "connect test", out + err)
        box.renumber()
        room.looked(3)
        ok(len(room.texts()) == 7, "another UIDVALIDITY: all is read again, nothing comes in twice", room.texts())
        # somebody writes another one's Message-ID into a mail
        box.add(mail("Je retire tout.", number=1, sender="Autre <autre@valmont.example>"))
        room.has("La benne\n\nJe retire tout.")
        ok("La benne\n\nLa benne n'est pas passée." in room.texts(), "a Message-ID that is used again replaces nobody's words")
        ok(room.ledger()["version"] == 0, "and is no version of it", room.ledger())
        untouched(ok, box)


def torture(ok):
    with MailServer() as box, Mailroom(box) as room:
        box.add("A" * 40)
        total = 700
        for cut in (1, 40, 90, 130, 250, 330, 400, 480):
            box.next(f"cut:{cut}", "split")  # a look that goes well ends the growing pauses
        box.next("bye", "drip")
        expected = {"La benne\n\n" + "A" * 40}
        for i in range(120):
            text = f"t{i + 1} OK FETCH done\nt3 OK\n* BYE\n)\n{{9}}\nmail {i}"
            box.add(text)
            expected.add("La benne\n\n" + text)
        room.start()
        room.wait_for(lambda: len(room.texts()) >= 60, 120, "the first mails")
        for _ in range(3):
            room.wait_for(lambda: room.kill("connect.boite"), 20, "a connector to kill")
            box.next(f"cut:{total}", "split")
            total += 3000
        room.wait_for(lambda: set(room.texts()) >= expected, 120, "all mails")
        ok(sorted(room.texts()) == sorted(expected), "cut, in pieces, killed: each mail once", len(room.texts()))

        huge = box.add(mail("Le début\n" + "x" * 100, more="X: y\r\n") + b"\r\n" + b"Z" * (30 << 20))
        box.add(b"")
        box.add(b"no mail at all \x00\xff\xfe")
        box.add(mail("perdu").replace(b"text/plain; charset=utf-8", b"multipart/mixed; boundary=\"nulle part\""))
        box.odd.add(box.add("abîmé"))
        gone = box.add("parti")
        del box.mails[gone]
        box.add("Et la suite")
        room.has("La benne\n\nEt la suite", 60)
        big = [t for t in room.texts() if t.startswith("La benne\n\nLe début")]
        ok(len(big) == 1 and len(big[0]) < 1 << 20, "a mail of 30 MB: its beginning is read", [len(t) for t in big])
        room.wait_for(lambda: room.quarantined(), 30, "the one in quarantine")
        found = list(room.quarantined().values())
        ok(len(found) == 1 and "SERVERBUG" in found[0][1], "one that the server does not give is shown in quarantine", found)
        ok("no mail at all  \ufffd\ufffd" in room.texts(), "what is no mail is read as it stands", room.texts()[-6:])
        ok(huge and not [t for t in room.texts() if "parti" in t], "one that left in between is none")
        untouched(ok, box)
        code, _, err = room.run("verify")
        ok(code == 0, "tocsin verify", err)


def backfill(ok):
    with MailServer() as box, Mailroom(box, more=", backfill: 5 d") as room:
        for i in range(9):
            box.add(f"vieux {i}", at=time.time() - (9 - i) * 2 * 86400 + 7200)
        room.start()
        room.has("La benne\n\nvieux 8")
        ok(room.texts() == ["La benne\n\nvieux 7", "La benne\n\nvieux 8"], "backfill: nothing older", room.texts())
        box.renumber()
        room.looked(3)
        box.add("nouveau")
        room.has("La benne\n\nnouveau")
        ok(room.texts() == ["La benne\n\nvieux 7", "La benne\n\nvieux 8", "La benne\n\nnouveau"],
           "nor with another UIDVALIDITY", room.texts())


def secrets(ok):
    with MailServer() as box, Mailroom(box, host="0.0.0.0") as room:
        box.add("secret")
        room.start()
        room.wait_for(lambda: "ne chiffre pas" in room.log(), 30, "the complaint")
        ok(box.logins == 0 and room.texts() == [], "no password without encryption, but on the loopback", box.said)
        ok("secret" not in " ".join(box.said), "nobody has heard it", box.said)
    with MailServer() as box, Mailroom(box) as room:
        with open(room.path("secret"), "w") as f:
            f.write("faux\n")
        room.start()
        room.wait_for(lambda: "mot de passe refusé" in room.log(), 30, "the complaint")
        ok("faux" not in room.log(), "a wrong password is said, without it", room.log())
    with MailServer() as box, Mailroom(box) as room:
        path = room.path("tocsin.yaml")
        with open(path) as f:
            text = f.read()
        with open(path, "w") as f:
            f.write(text.replace(f", allow_internal: ['127.0.0.1:{box.port}']", ""))
        room.start()
        room.wait_for(lambda: "adresse interne" in room.log(), 30, "the complaint")
        ok(not box.said, "no inner address that is not named", box.said)


def scenario(ok):
    reading(ok)
    torture(ok)
    backfill(ok)
    secrets(ok)


main(scenario)
