"""kind imap against a real Dovecot (Debian's) in a private debootstrap: STARTTLS and TLS with an authority of ours, folders with
accents, another UIDVALIDITY, and not a mail of the mailbox marked as read.

    TOCSIN_BUILD=build/check python3 tests/real/dovecot.py FOLDER     # as root; FOLDER is made, and kept for the next time
"""
import glob
import os
import shutil
import socket
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "pipeline"))
from flow import Flow, read_comment  # noqa: E402
from mailboxes import mail  # noqa: E402
from town import main  # noqa: E402

FOLDER = "Élus & quartiers"
CODED = ".&AMk-lus &- quartiers"  # RFC 3501 section 5.1.3
CONFIG = """protocols = imap
base_dir = /srv/run
log_path = /srv/log
listen = 127.0.0.1
ssl = required
ssl_cert = </srv/cert.pem
ssl_key = </srv/key.pem
disable_plaintext_auth = yes
auth_mechanisms = plain login
mail_location = maildir:/srv/mail/%u
first_valid_uid = 1
passdb {
  driver = passwd-file
  args = /srv/users
}
userdb {
  driver = static
  args = uid=mail gid=mail home=/srv/home/%u
}
service imap-login {
  inet_listener imap {
    port = STARTTLS
  }
  inet_listener imaps {
    port = TLS
    ssl = yes
  }
}
"""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Dovecot:
    def __init__(self, folder):
        subprocess.run([os.path.join(HERE, "dovecot-setup.sh"), folder], check=True)
        self.root, self.ports, self.number = os.path.join(folder, "mail"), (free_port(), free_port()), 0

    def path(self, *names):
        return os.path.join(self.root, "srv", *names)

    def inside(self, *words):
        return subprocess.run(["chroot", self.root, *words], check=True, capture_output=True, text=True).stdout

    def __enter__(self):
        for name in ("mail", "home", "run", "log"):
            shutil.rmtree(self.path(name), ignore_errors=True)
        for name in ("mail", "home", "run"):
            os.makedirs(self.path(name))
        self.inside("chown", "mail:mail", "/srv/mail", "/srv/home")
        self.inside("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost", "-keyout", "/srv/key.pem", "-out", "/srv/cert.pem")
        with open(self.path("dovecot.conf"), "w") as f:
            f.write(CONFIG.replace("STARTTLS", str(self.ports[0])).replace("= TLS", f"= {self.ports[1]}"))
        with open(self.path("users"), "w") as f:
            f.write("contact:{PLAIN}le secret\n")
        print("# Dovecot", self.inside("dovecot", "--version").strip())
        self.process = subprocess.Popen(["chroot", self.root, "dovecot", "-F", "-c", "/srv/dovecot.conf"],
                                        stderr=subprocess.DEVNULL)
        end = time.monotonic() + 30
        while True:
            with socket.socket() as s:
                if s.connect_ex(("127.0.0.1", self.ports[1])) == 0:
                    return self
            if time.monotonic() > end:
                raise TimeoutError("Dovecot does not start")
            time.sleep(0.1)

    def __exit__(self, *trace):
        self.process.terminate()
        self.process.wait(30)

    def deliver(self, text, folder="", **more):
        """As a delivery agent does: written beside, then moved."""
        self.number += 1
        box = self.path("mail", "contact", folder)
        if not os.path.isdir(os.path.join(box, "new")):
            for name in ("tmp", "new", "cur"):
                os.makedirs(os.path.join(box, name))
            self.inside("chown", "-R", "mail:mail", "/srv/mail/contact")
        name = f"{int(time.time())}.{self.number:04d}.valmont"
        with open(os.path.join(box, "tmp", name), "wb") as f:
            f.write(mail(text, number=self.number, **more).replace(b"\r\n", b"\n"))
        self.inside("chown", "mail:mail", "/srv/" + os.path.relpath(os.path.join(box, "tmp", name), self.path()))
        os.rename(os.path.join(box, "tmp", name), os.path.join(box, "new", name))

    def marked(self):
        return [p for p in glob.glob(self.path("mail", "contact", "**", "cur", "*"), recursive=True) +
                glob.glob(self.path("mail", "contact", ".*", "cur", "*")) if "S" in p.rpartition(":2,")[2]]


def source(name, scheme, port, more):
    return (f"  - {{id: {name}, kind: imap, url: '{scheme}://127.0.0.1:{port}', user: contact, password_file: secret, "
            f"every: 1 s, allow_internal: ['127.0.0.1:{port}']{more}}}\n")


def scenario(ok):
    with Dovecot(sys.argv[1]) as box:
        sources = (source("boite", "imap", box.ports[0], ", ca_file: ca.pem") +
                   source("elus", "imaps", box.ports[1], f", ca_file: ca.pem, mailbox: '{FOLDER}'") +
                   source("inconnue", "imaps", box.ports[1], ""))
        with Flow(sources=sources, clock="wall", extra="score: {workers: 1}\n") as flow:  # in their order
            flow.write("secret", "le secret\n")
            shutil.copy(box.path("cert.pem"), flow.path("ca.pem"))

            def texts(name):
                rows = [read_comment(body) for body, in flow.rows("SELECT body FROM item ORDER BY seq")]
                return [c["text"] for c in rows if c["source"] == name]

            def has(name, text):
                flow.wait_for(lambda: text in texts(name), 60, text)

            for i in range(60):
                box.deliver(f"Mail {i} : l'été\n\n-- \nOdile")
            box.deliver("Du quartier", folder=CODED)
            flow.start()
            has("boite", "La benne\n\nMail 59 : l'été")
            has("elus", "La benne\n\nDu quartier")
            ok(texts("boite") == [f"La benne\n\nMail {i} : l'été" for i in range(60)], "STARTTLS: each mail, in order", texts("boite"))
            ok(texts("elus") == ["La benne\n\nDu quartier"], "TLS, a folder with an accent and an ampersand", texts("elus"))
            flow.wait_for(lambda: "inconnue : 127.0.0.1" in flow.log(), 60, "the complaint about the certificate")
            ok(texts("inconnue") == [], "a certificate that nobody vouches for: nothing is asked", flow.log())
            begun = time.monotonic()
            box.deliver("Espèce de connard !\n\nLe 24/11/2026 à 14:05, Mairie a écrit :\n> Bonjour")
            has("boite", "La benne\n\nEspèce de connard !")
            print(f"# from the delivery to the verdict: {time.monotonic() - begun:.2f} s (interval 1 s)")
            ok(box.marked() == [], "not one mail is marked as read", box.marked())
            before = len(texts("boite"))
            for name in glob.glob(box.path("mail", "contact", "dovecot*")):
                os.unlink(name)
            box.deliver("Après le déménagement")
            has("boite", "La benne\n\nAprès le déménagement")
            ok(len(texts("boite")) == before + 1, "another UIDVALIDITY: nothing comes in twice", texts("boite")[before:])
            ok(box.marked() == [], "still not one", box.marked())
            code, _, err = flow.run("verify")
            ok(code == 0 and "le secret" not in flow.log(), "tocsin verify; the log holds no password", err)


main(scenario)
