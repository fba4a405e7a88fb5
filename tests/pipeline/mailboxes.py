"""A contract server: it plays a mailbox from the published protocol (IMAP4rev1, RFC 3501), and what servers do wrong. It is
ours, no real mail server; what it proves is that our side keeps the contract (tests/real/dovecot.py asks a real one).

    with MailServer() as box:
        uid = box.add("Bonjour")                 # a whole mail may be given instead, as bytes
        box.renumber()                           # another UIDVALIDITY, other UIDs, the same mails
        box.next("cut:300", "drip")              # one behaviour a connection, then "ok" again
        box.said                                 # [command], without its tag
Behaviours: ok · cut:BYTES (of all that is said) · drip (a few bytes at a time) · bye · split (SEARCH in many answers, mails
between quotes, answers that nobody asked for) · fake (a mail full of answers).
"""
import email.utils
import re
import time

from loopback import Bare

ZONE = "+0000"


def mail(text, subject="La benne", sender="Odile D. <odile@valmont.example>", more="", number=0):
    return (f"From: {sender}\r\nTo: mairie@valmont.example\r\nSubject: {subject}\r\nMessage-ID: <{number}@valmont.example>\r\n"
            f"Date: {email.utils.formatdate(1790000000 + number)}\r\n{more}MIME-Version: 1.0\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n"
            f"Content-Transfer-Encoding: 8bit\r\n\r\n").encode() + text.replace("\n", "\r\n").encode()


class MailServer(Bare):
    def __init__(self, starttls=False):
        self.mails, self.uid, self.validity, self.number = {}, 0, 7, 0
        self.said, self.odd, self.logins = [], set(), 0
        super().__init__("0.0.0.0")

    def add(self, text, at=None, **more):
        with self.lock:
            self.uid += 1
            self.number += 1
            whole = text if isinstance(text, bytes) else mail(text, number=self.number, **more)
            self.mails[self.uid] = (whole, at or time.time())
            return self.uid

    def renumber(self):
        with self.lock:
            self.validity += 1
            self.mails = {1000 + i: m for i, m in enumerate(self.mails.values())}
            self.uid = max(self.mails, default=1000)

    def arrives(self):
        return (self.behaviour(),)

    def meet(self, peer, how):
        left = int(how[4:]) if how.startswith("cut:") else None

        def send(data):
            nonlocal left
            if left is not None:
                data, cut = data[:left], len(data) >= left
                left -= len(data)
                peer.sendall(data)
                if cut:
                    raise OSError("cut")
            elif how == "drip":
                for i in range(0, len(data), 7):
                    peer.sendall(data[i:i + 7])
                    time.sleep(0.001)
            else:
                peer.sendall(data)

        self.talk(peer.makefile("rb"), send, how)

    def talk(self, lines, send, how):
        send(b"* OK [CAPABILITY IMAP4rev1] pret\r\n")
        for line in lines:
            tag, _, command = line.decode().strip().partition(" ")
            word = command.upper()
            with self.lock:
                self.said.append(command)
            if how == "bye" and word.startswith("EXAMINE"):
                send(b"* BYE trop de monde\r\n")
                return
            if word == "CAPABILITY":
                send(f"* CAPABILITY IMAP4rev1\r\n{tag} OK\r\n".encode())
            elif word.startswith("LOGIN"):
                self.logins += 1
                good = 'secret' in command
                send(f"{tag} {'OK' if good else 'NO [AUTHENTICATIONFAILED] non'}\r\n".encode())
            elif word.startswith("EXAMINE"):
                with self.lock:
                    send(f"* FLAGS (\\Seen)\r\n* {len(self.mails)} EXISTS\r\n* OK [UIDVALIDITY {self.validity}] ok\r\n"
                         f"* OK [UIDNEXT {self.uid + 1}] ok\r\n{tag} OK [READ-ONLY] fait\r\n".encode())
            elif word.startswith("UID SEARCH"):
                self.search(tag, command, send, how)
            elif word.startswith("UID FETCH"):
                self.fetch(tag, command, send, how)
            else:
                send(f"{tag} BAD quoi ?\r\n".encode())

    def search(self, tag, command, send, how):
        first = int(re.search(r"UID (\d+):\*", command).group(1))
        since = re.search(r"SINCE (\S+)", command)
        with self.lock:
            uids = [u for u in self.mails if u >= first] or list(self.mails)[-1:]  # "n:*" has the last one always
            if since:
                day = time.mktime(time.strptime(since.group(1), "%d-%b-%Y"))
                uids = [u for u in uids if self.mails[u][1] >= day]
        if how == "split":
            uids = uids[::-1]
            for u in uids + uids[:1]:
                send(f"* SEARCH {u}\r\n* 9 EXPUNGE\r\n".encode())
        else:
            send(("* SEARCH" + "".join(f" {u}" for u in uids) + "\r\n").encode())
        send(f"{tag} OK fait\r\n".encode())

    def fetch(self, tag, command, send, how):
        uid, maximum = map(int, re.search(r"UID FETCH (\d+) \(UID INTERNALDATE BODY\.PEEK\[\]<0\.(\d+)>\)$", command).groups())
        with self.lock:
            whole, at = self.mails.get(uid, (None, 0))
        if uid in self.odd:
            send(f"{tag} NO [SERVERBUG] message abime\r\n".encode())
            return
        if whole is not None:
            date = time.strftime("%d-%b-%Y %H:%M:%S ", time.gmtime(at)) + ZONE
            head = f'* 1 FETCH (UID {uid} INTERNALDATE "{date}" BODY[]<0> '.encode()
            part = whole[:maximum]
            if how == "split" and b"\n" not in part:
                send(head + b'"' + part.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'")\r\n')
            else:
                send(head + b"{%d}\r\n" % len(part) + part + b")\r\n")
            if how == "split":
                send(b"* 1 FETCH (FLAGS (\\Recent))\r\n* 3 EXISTS\r\n")
        send(f"{tag} OK fait\r\n".encode())
