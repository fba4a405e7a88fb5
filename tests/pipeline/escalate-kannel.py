"""A real Kannel (Debian: kannel, kannel-extras) with its fake SMSC: an alarm goes out, the code comes back."""
import importlib
import os
import re
import shutil
import socket
import subprocess
import sys
import time

from bell import UNTIL, main

sms = importlib.import_module("escalate-sms")
FAKE = "/usr/lib/kannel/test/fakesmsc"
BOXES = [shutil.which(n, path=os.environ.get("PATH", "") + ":/usr/sbin") for n in ("bearerbox", "smsbox")]
CONF = """\
group = core
admin-port = {0}
admin-password = admin
smsbox-port = {1}
box-allow-ip = "127.0.0.1"
log-level = 1

group = smsc
smsc = fake
smsc-id = FAKE
port = {2}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {3}
log-level = 1

group = sendsms-user
username = tocsin
password = {secret}
max-messages = 2

group = sms-service
keyword = default
post-url = "http://tocsin:{reply}@127.0.0.1:{webhook}/sms"
send-sender = true
max-messages = 1
omit-empty = true
"""


def free_ports(n):
    held = [socket.socket() for _ in range(n)]
    for s in held:
        s.bind(("127.0.0.1", 0))
    ports = [s.getsockname()[1] for s in held]
    for s in held:
        s.close()
    return ports


class Kannel:
    def __init__(self):
        self.ports = free_ports(4)
        self.url = f"http://127.0.0.1:{self.ports[3]}/hook"
        self.started = []

    def start(self, bell, name, *command):
        with open(bell.path(name + ".log"), "ab") as log:
            self.started.append(subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=bell.folder))
        return self.started[-1]

    def open(self, bell):
        bell.write("kannel.conf", CONF.format(*self.ports, secret="sesame", reply=sms.REPLY, webhook=bell.port))
        self.start(bell, "bearerbox", BOXES[0], "kannel.conf")
        self.reach(bell, 1)
        self.start(bell, "smsbox", BOXES[1], "kannel.conf")
        self.reach(bell, 3)

    def reach(self, bell, i):
        def listening():
            with socket.socket() as s:
                return s.connect_ex(("127.0.0.1", self.ports[i])) == 0
        bell.wait(listening, 20, f"Kannel's port {i}")

    def smsc(self, bell, name, *messages):
        """Connects a fake SMSC, which sends these and prints what it gets."""
        return self.start(bell, name, FAKE, "-r", str(self.ports[2]), "-i", "0.2", "-m", str(len(messages)),
                          *(messages or ["1 2 text nothing"]))

    def close(self):
        for p in reversed(self.started):
            p.terminate()
        for p in reversed(self.started):
            try:
                p.wait(10)
            except subprocess.TimeoutExpired:
                p.kill()
                p.wait()


def scenario(ok):
    kannel = Kannel()
    sms.SECRET = "sesame"
    with sms.Gateway(kannel) as bell:
        try:
            kannel.open(bell)
            first = kannel.smsc(bell, "smsc")
            time.sleep(0.5)
            bell.rise("orange", title="Démolition des Peupliers")
            bell.wait(lambda: "Got message 1" in bell.log("smsc"), 30, "the SMS")
            said = [line for line in bell.log("smsc").splitlines() if "Got message" in line]
            ok(len(said) == 1 and "<38000 +33612345678 text tocsin ORANGE " in said[0] and "Démolition des Peupliers : 47 messages"
               in said[0], "the SMSC gets the alarm, in one part", said)
            bell.wait(lambda: bell.outbox()[0][3] == 2, 20, "Kannel's answer")
            ok(bell.outbox()[0][6] == "HTTP 202", "Kannel has accepted it", bell.outbox())
            code = sms.code_in(said[0])
            first.terminate()
            first.wait(10)
            kannel.smsc(bell, "stranger", f"+33699999999 38000 text {code}")
            time.sleep(2)
            ok(bell.incident()[0] == 0 and "Got message" not in bell.log("stranger"),
               "a stranger's SMS takes nothing and gets no answer", bell.log("stranger"))
            kannel.started[-1].terminate()
            kannel.started[-1].wait(10)
            kannel.smsc(bell, "answer", f"+33612345678 38000 text oui {code}")
            bell.wait(lambda: bell.incident()[0] == 1, 30, "the charge")
            bell.wait(lambda: "Got message 1" in bell.log("answer"), 20, "the answer")
            ok(re.search(rf"<38000 \+33612345678 text Pris en charge {UNTIL}", bell.log("answer")), "the telephone is told",
               bell.log("answer"))
            ok(bell.entries(sms.phone.ACKED) == [("A. Roche", "code, par SMS")], "the main courante names person and means")
        finally:
            kannel.close()


if None in BOXES or not os.path.exists(FAKE):
    print("1..0 # SKIP no Kannel here: tools/setup installs it (kannel, kannel-extras)")
    sys.exit(0)
main(scenario)
