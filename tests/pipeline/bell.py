"""Store and escalate alone, with whatever receivers a scenario puts before them: `escalate-say` plays trend.

with Bell(mail="{url: …}") as bell: bell.rise("orange", "peupliers"); bell.outbox()
"""
import email
import email.policy
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

from town import PATIENCE, ZONE, Plan, Watch  # noqa: F401  (scenarios take them from here)

BUILD = os.environ.get("TOCSIN_BUILD", "build")
STORE = os.path.join(BUILD, "src", "store", "tocsin-store")
ESCALATE = os.path.join(BUILD, "src", "escalate", "tocsin-escalate")
SAY = os.path.join(BUILD, "tests", "pipeline", "escalate-say")
LEVELS = {"vert": 0, "jaune": 1, "orange": 2, "rouge": 3, "gris": 4}
KINDS = {"topic": 0, "emergent": 1, "raid": 2, "campaign": 3, "P1": 4, "grey": 5, "whole": 6, "drill": 7, "overdue": 8}

POLICY = """\
people:
  - {id: morel, name: C. Morel, role: community manager, mail: morel@ville.example}
  - {id: dircom, name: A. Roche, role: dir'com, mail: dircom@ville.example}
  - {id: dgs, name: B. Faure, role: DGS, mail: dgs@ville.example}
levels:
  jaune: [{tell: morel}]
  orange: [{tell: dircom}, {tell: dgs, after: 15 min}]
  rouge: [{tell: [dircom, dgs]}]
  gris: [{tell: morel}]
  P1: [{tell: [dircom, dgs]}]
policy: {fallback: dgs}
"""
# how long a charge holds, on the phone; past midnight with its day
UNTIL = r"jusqu'(?:à|au \d\d/\d\d à) \d\d:\d\d"


def alone(policy):
    """The same plan, each alarm a message of its own."""
    if "policy: {" in policy:
        return policy.replace("policy: {", "policy: {group: no, ")
    return policy + "policy: {group: no}\n"


class Bell:
    """group: what is due to one person within two minutes goes together, as it does by default."""

    def __init__(self, mail="{folder: outbox}", policy=POLICY, clock="wall", extra="", env=None, group=False):
        self.policy = policy = policy if group else alone(policy)
        self.folder = tempfile.mkdtemp(prefix="tocsin-")
        self.env = env or {}
        self.processes = {}
        self.write("tocsin.yaml",
                   f"tocsin: 1\ntown: {{name: Valmont-sur-Orle, zone: {ZONE}}}\n"
                   "folders: {state: state, run: run, rules: rules}\n"
                   f"clock: {clock}\nmail: {mail}\n{extra}{policy}sources:\n"
                   "  - {id: facebook, title: Page Facebook, kind: jsonl, path: a.jsonl, follow: yes}\n"
                   "  - {id: instagram, title: Instagram, kind: jsonl, path: b.jsonl, follow: yes}\n"
                   "  - {id: site, title: Site de la ville, kind: jsonl, path: c.jsonl, follow: yes}\n")
        os.mkdir(self.path("rules"))

    def __enter__(self):
        try:
            self.start("store", STORE)
            self.wait(lambda: "prêt" in self.log("store"), 20, "the database")
            self.start("escalate", ESCALATE)
            self.wait(lambda: "prêt" in self.log("escalate"), 20, "escalate")
        except BaseException as e:
            self.__exit__(type(e), e, None)
            raise
        return self

    def __exit__(self, kind, value, trace):
        for process in self.processes.values():
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self.processes.values():
            try:
                process.wait(40)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if kind is None and not os.environ.get("TOCSIN_KEEP"):
            shutil.rmtree(self.folder, ignore_errors=True)
        else:
            print(f"# kept: {self.folder}")
            for name in self.processes:
                print("".join(f"# {line}\n" for line in self.log(name).splitlines()[-20:]), end="")

    @staticmethod
    def binary(name):
        return os.path.join(BUILD, "src", name, "tocsin-" + name)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as f:
            f.write(text)

    def start(self, name, binary):
        with open(self.path(name + ".log"), "ab") as log:
            self.processes[name] = subprocess.Popen(
                [binary, "--config", self.path("tocsin.yaml")], stdin=subprocess.DEVNULL, stdout=log,
                stderr=log, env={**os.environ, **self.env})

    def kill(self, name="escalate", sig=signal.SIGKILL):
        self.processes[name].send_signal(sig)
        return self.processes[name].wait(60)

    def restart(self, name="escalate"):
        self.start(name, self.binary(name))

    def log(self, name):
        try:
            with open(self.path(name + ".log"), encoding="utf-8", errors="replace") as f:
                return f.read()
        except FileNotFoundError:
            return ""

    def say(self, *words):
        subprocess.run([SAY, self.path("run"), *[str(w) for w in words]], check=True, timeout=60)

    def rise(self, level, topic="peupliers_demolition", title="Peupliers (démolition)", messages=47,
             authors=39, sources=4, kind="topic", action=0, examples=(), at=None):
        at = at or int(time.time() * 1000)
        self.say("observe", action, KINDS[kind], LEVELS[level], topic, title, at, messages, authors,
                 sources, *examples)

    def rows(self, sql, *values):
        db = sqlite3.connect(f"file:{self.path('state', 'store.db')}?mode=ro", uri=True, timeout=10)
        try:
            return db.execute(sql, values).fetchall()
        finally:
            db.close()

    def outbox(self):
        """[(key, channel, person, state, attempts, maybe_sent, detail)]; state 2 delivered, 3 dead."""
        return self.rows("SELECT key, channel, person, state, attempts, maybe_sent, detail FROM outbox ORDER BY id")

    def settled(self, *states):
        """Waits until the rows of the outbox have come to these ends, which is later than their mails."""
        self.wait(lambda: [r[3] for r in self.outbox()] == list(states), 20, f"the outbox at {states}")

    def hurry(self):
        """What waits for its next attempt goes now (store is stopped and started again for that); what goes together has
        the same moment still."""
        self.kill("store", signal.SIGTERM)
        self.hurry_dead()

    def hurry_dead(self):
        """The same when store is dead already."""
        db = sqlite3.connect(self.path("state", "store.db"), timeout=10)
        db.execute("UPDATE outbox SET next_at = next_at - 1000000000, lease_until = lease_until - 1000000000 WHERE state < 2")
        db.commit()
        db.close()
        self.restart("store")

    def back(self, seconds):
        """What the main courante says now was written earlier."""
        self.kill("store", signal.SIGTERM)
        db = sqlite3.connect(self.path("state", "store.db"), timeout=10)
        db.execute("UPDATE entry SET written_at = written_at - ?", (seconds * 1000,))
        db.commit()
        db.close()
        self.restart("store")

    def files(self):
        folder = self.path("outbox")
        return sorted(n for n in os.listdir(folder) if n.endswith(".eml")) if os.path.isdir(folder) else []

    def mails(self):
        return [parse(open(self.path("outbox", name), "rb").read()) for name in self.files()]

    def wait(self, what, seconds, name):
        end = time.monotonic() + PATIENCE * seconds
        while True:
            late = time.monotonic() >= end
            found = what()
            if found:
                return found
            if late:
                break
            time.sleep(0.05)
        raise TimeoutError(name)


def parse(raw):
    return email.message_from_bytes(raw, policy=email.policy.default)


def text_of(mail):
    """The readable part, its lines joined."""
    return " ".join(mail.get_body(("plain",)).get_content().split())


def main(scenario):
    with Plan() as ok:
        scenario(ok)
    sys.exit(1 if ok.failed else 0)
