"""What the chaos scenarios share: a pipeline under the fault library, comments that go on coming, the reckoning.

with Storm(comments=20000, seed=1) as s: s.start(); s.pour(10); …; s.reckon(ok)
"""
import os
import pathlib
import random
import signal
import sqlite3
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "pipeline"))

import power_cut  # noqa: E402
from flow import Flow, UNSCORED, many, read_comment  # noqa: E402
from town import BUILD, alive  # noqa: E402

FAULT = os.path.abspath(os.path.join(BUILD, "tests", "chaos", "fault.so"))


class Storm(Flow):
    def __init__(self, comments, seed=1, env=None, cuts=False, **more):
        self.control_folder = tempfile.mkdtemp(prefix="tocsin-fault-")
        self.control = os.path.join(self.control_folder, "control")
        self.shadow = os.path.join(self.control_folder, "shadow")
        faults = {"LD_PRELOAD": FAULT, "TOCSIN_FAULT": self.control, "TOCSIN_FAULT_SEED": str(seed)}
        super().__init__(env={**faults, **(env or {})}, **more)
        os.makedirs(self.path("state"), 0o700, exist_ok=True)
        if cuts:
            self.env.update(TOCSIN_FAULT_ROOT=self.path("state"), TOCSIN_FAULT_SHADOW=self.shadow)
        self.comments_wanted, self.random = comments, random.Random(seed)
        self.maybe = {}  # sent without an answer: may be there or not
        self.kills, self.began, self.pouring = 0, time.monotonic(), None
        self.authors = {}

    def __exit__(self, kind, value, trace):
        import shutil
        if self.pouring:
            self.pouring.join(60)
        self.kill_all()
        shutil.rmtree(self.control_folder, ignore_errors=True)
        return super().__exit__(kind, value, trace)

    def faults(self, *rules):
        """These and no others, from now on."""
        with open(self.control + ".new", "w", encoding="utf-8") as f:
            f.write("".join(rule + "\n" for rule in rules))
        os.rename(self.control + ".new", self.control)
        time.sleep(0.05)

    def pour(self, seconds, count=None, wait=False):
        """Lines into the followed file, spread over so long."""
        count = count or self.comments_wanted
        first, parts = len(self.sent), 60

        def work():
            for part in range(parts):
                n = count * (part + 1) // parts - count * part // parts
                self.lines("site.jsonl", many(n, first + count * part // parts))
                time.sleep(seconds / parts)
        self.pouring = threading.Thread(target=work)
        self.pouring.start()
        if wait:
            self.pouring.join()

    def strike(self, label, times, seconds):
        """kill -9, so many times over so long, each time a member that runs."""
        for _ in range(times):
            time.sleep(seconds / times * self.random.uniform(0.4, 1.6))
            end = time.monotonic() + 15
            while not self.kill(label) and time.monotonic() < end:
                time.sleep(0.02)
            self.kills += 1

    def kill_all(self):
        """Everything at once, the supervisor first."""
        if not self.process or self.process.poll() is not None:
            return
        pids = [self.process.pid] + self.processes_all()
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.process.wait()
        end = time.monotonic() + 10
        while any(alive(p) for p in pids) and time.monotonic() < end:
            time.sleep(0.01)
        self.kills += len(pids)

    def processes_all(self):
        from flow import children
        return children(self.process.pid)

    def power_cut(self, seed=None):
        self.kill_all()
        said = power_cut.cut(self.path("state"), self.shadow, seed)
        print(f"# power cut: {said}", flush=True)

    def unseen(self):
        """Files whose changes the fault library did not see: then a power cut proves nothing. All stand still meanwhile; a process
        that stopped between a change and the note of it goes on and is looked at again."""
        for _ in range(20):
            pids = [self.process.pid] + self.processes_all()
            for what in (signal.SIGSTOP, signal.SIGCONT):
                for pid in pids:
                    try:
                        os.kill(pid, what)
                    except ProcessLookupError:
                        pass
                if what == signal.SIGSTOP:
                    time.sleep(0.02) # the last system call comes to its end
                    found = power_cut.check(self.path("state"), self.shadow)
            if not found:
                break
            time.sleep(0.05)
        return found

    def calm(self, seconds=180):
        """Everything that was sent is committed and released."""
        if self.pouring:
            self.pouring.join()
        self.wait_for(lambda: self.seq() >= len(self.sent), seconds, f"{len(self.sent)} rows, {self.seq()} are there")
        self.wait_for(lambda: self.waiting() == 0, 60, "an empty journal")

    def differences(self):
        """(lost, twice, wrong, strange, unscored): what the database says against what was sent, byte by byte."""
        seen, wrong, strange, unscored, twice = set(), [], [], [], 0
        for body, verdict, handle in self.rows("SELECT body, verdict, handle FROM item ORDER BY seq"):
            c = read_comment(body)
            author = bytes(handle or b"").split(b"\0")[0].decode()
            key = c["source"], c["id"]
            twice += key in seen
            seen.add(key)
            want = self.sent.get(key, self.maybe.get(key))
            if want is None:
                strange.append(key)
            elif c.get("text", "") != want or author != self.author_of(key):
                wrong.append(key)
            if verdict[4]:
                unscored.append((key, UNSCORED[verdict[4]]))
        return [k for k in self.sent if k not in seen], twice, wrong, strange, unscored

    def author_of(self, key):
        if key in self.authors:
            return self.authors[key]
        return f"u{int(key[1]) % 97}" if key[1].isdigit() else ""

    def reckon(self, ok, name, unscored=(), **figures):
        """The points every scenario ends with, and its line of figures."""
        lost, twice, wrong, strange, left = self.differences()
        ok(not lost, f"{name}: none of {len(self.sent)} is lost", lost[:5])
        ok(twice == 0 and not strange, f"{name}: none is there twice", (twice, strange[:5]))
        ok(not wrong, f"{name}: every byte is as it was sent", wrong[:5])
        ok([k for k, _ in left] == list(unscored), f"{name}: {len(unscored)} without a score", left[:8])
        code, out, err = self.run("verify", timeout=120)
        ok(code == 0, f"{name}: the ledger is balanced", out + err)
        for base in ("store.db", "journal.db"):
            with sqlite3.connect(f"file:{self.path('state', base)}?mode=ro", uri=True, timeout=20) as db:
                said = db.execute("PRAGMA integrity_check").fetchone()[0]
            ok(said == "ok", f"{name}: {base} is whole", said)
        say(name, sent=len(self.sent), lost=len(lost), twice=twice, wrong=len(wrong), unscored=len(left), kills=self.kills,
            **figures, seconds=round(time.monotonic() - self.began, 1))


def say(name, **figures):
    print(f"# figures {name}: " + " ".join(f"{k}={v}" for k, v in figures.items()), flush=True)
