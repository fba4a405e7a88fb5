#!/usr/bin/env python3
"""test-fault.py FAULT.so MARKER-PROBE: the fault library by itself. TAP."""
import errno
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import power_cut

LIBRARY, PROBE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
PYTHON = sys.executable
count = failed = 0


def ok(condition, name, detail=None):
    global count, failed
    count += 1
    failed += not condition
    print(f"{'ok' if condition else 'not ok'} {count} - {name}", flush=True)
    if not condition:
        print(f"# {detail}", flush=True)


class Place:
    """A folder with files that fail: root, the shadow, the control file."""

    def __init__(self, **env):
        self.folder = tempfile.mkdtemp(prefix="tocsin-fault-")
        self.root, self.shadow = self.path("root"), self.path("shadow")
        os.mkdir(self.root)
        self.env = {**os.environ, "LD_PRELOAD": LIBRARY, "TOCSIN_FAULT": self.path("control"),
                    "TOCSIN_FAULT_ROOT": self.root, "TOCSIN_FAULT_SHADOW": self.shadow, **env}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def control(self, text):
        with open(self.path("new"), "w", encoding="utf-8") as f:
            f.write(text)
        os.rename(self.path("new"), self.path("control"))

    def run(self, code, *words, **env):
        """Python code under the library; what it prints."""
        head = ("import errno, os, sys, time, sqlite3\n"
                "def tell(f, *a):\n"
                "    try: print(f(*a))\n"
                "    except OSError as e: print(errno.errorcode[e.errno])\n"
                "def make(name, flags=0): return os.open(name, os.O_RDWR | os.O_CREAT | flags, 0o600)\n")
        done = subprocess.run([PYTHON, "-c", head + code, *words], cwd=self.root, env={**self.env, **env},
                              capture_output=True, text=True, timeout=60)
        self.code = done.returncode
        if done.returncode not in (0, -signal.SIGKILL):
            print("# " + done.stderr.replace("\n", "\n# "))
        return done.stdout.split()

    def cut(self, seed=None):
        return power_cut.cut(self.root, self.shadow, seed)

    def check(self):
        return power_cut.check(self.root, self.shadow)

    def files(self):
        found = {}
        for name in sorted(os.listdir(self.root)):
            with open(os.path.join(self.root, name), "rb") as f:
                found[name] = f.read()
        return found


def rules():
    write = "f = make('a.db')\nfor i in range(6): tell(os.write, f, b'12345678')\n"
    table = {
        "": ["8"] * 6,
        "fail a.db write EIO": ["EIO"] * 6,
        "fail a.db write ENOSPC after=2": ["8"] * 2 + ["ENOSPC"] * 4,
        "fail a.db write EIO after=1 count=2": ["8", "EIO", "EIO", "8", "8", "8"],
        "fail b.db write EIO": ["8"] * 6,
        "fail a.db fsync EIO": ["8"] * 6,
        "fail a.db write EIO program=tocsin-store": ["8"] * 6,
        "short a.db after=5": ["8"] * 5 + ["4"],
        "budget a.db 20": ["8", "8"] + ["ENOSPC"] * 4,
        "# fail a.db write EIO": ["8"] * 6,
    }
    for text, want in table.items():
        with Place() as p:
            p.control(text + "\n")
            got = p.run(write)
            ok(got == want, f"control: {text or '(empty)'}", got)
    with Place() as p:
        p.control("fail a write EIO p=0.5\n")
        runs = [p.run("f = make('a')\nfor i in range(64): tell(os.write, f, b'x')", TOCSIN_FAULT_SEED=seed)
                for seed in ("1", "1", "2")]
        ok(runs[0] == runs[1] != runs[2] and 16 < runs[0].count("EIO") < 48, "p=0.5 by seed: the same again", runs)
    calls = {
        "fsync": "tell(os.fsync, f)\ntell(os.fdatasync, f)", "truncate": "tell(os.ftruncate, f, 3)\n"
        "tell(os.truncate, 'a', 3)", "rename": "tell(os.rename, 'a', 'ab')\ntell(os.replace, 'a', 'ab')",
        "unlink": "tell(os.unlink, 'a')\ntell(os.remove, 'a')", "open": "tell(make, 'a')\ntell(make, os.getcwd() + '/a')",
    }
    for call, code in calls.items():
        with Place() as p:
            got = p.run(f"f = make('a')\nopen('../control', 'w').write('fail root/a {call} EIO')\ntime.sleep(.02)\n{code}")
            ok(got == ["EIO", "EIO"], f"{call} fails", got)
            ok(list(p.files()) == ["a"], "… and changes nothing", p.files())
    with Place() as p:
        p.control("budget root/ 100\n")
        got = p.run("f = make('x.db'); g = make('x.db-wal')\n"
                    "tell(os.write, f, bytes(60)); tell(os.write, g, bytes(60)); tell(os.write, g, bytes(40))\n"
                    "tell(os.pwrite, f, b'over', 0); tell(os.posix_fallocate, f, 0, 50)\n"
                    "open('../control', 'w').close(); time.sleep(.02)\n"
                    "tell(os.write, g, bytes(60))")
        ok(got == ["60", "ENOSPC", "40", "4", "None", "60"], "a budget is one disk; what is there may be "
           "overwritten; the control file frees it", got)
    with Place() as p:
        p.control("kill a write after=3\n")
        got = p.run("f = make('a')\nfor i in range(9): os.write(f, b'x'); print(i, flush=True)")
        ok(got == ["0", "1", "2"] and p.code == -signal.SIGKILL, "kill: dead before the call", (got, p.code))


def shadow():
    table = [
        ("what was not synced is gone", "f = make('a'); os.write(f, b'one'); os.fsync(f); os.write(f, b'two')", {"a": b"one"}),
        ("… also what overwrites", "f = make('a'); os.write(f, b'one'); os.fdatasync(f); os.pwrite(f, b'X', 1)", {"a": b"one"}),
        ("a file that was never synced is gone", "f = make('a'); os.write(f, b'one')", {}),
        ("truncation", "f = make('a'); os.write(f, b'one'); os.fsync(f); os.ftruncate(f, 1)", {"a": b"one"}),
        ("truncation, synced", "f = make('a'); os.write(f, b'one'); os.ftruncate(f, 1); os.fsync(f)", {"a": b"o"}),
        ("growing", "f = make('a'); os.write(f, b'one'); os.ftruncate(f, 5); os.fsync(f)", {"a": b"one\0\0"}),
        ("O_TRUNC", "f = make('a'); os.write(f, b'one'); os.fsync(f); make('a', os.O_TRUNC)", {"a": b"one"}),
        ("O_TRUNC, synced", "f = make('a'); os.write(f, b'one'); os.fsync(f); os.fsync(make('a', os.O_TRUNC))", {"a": b""}),
        ("O_APPEND", "f = make('a', os.O_APPEND); os.write(f, b'one'); os.lseek(f, 0, 0); os.write(f, b'two'); os.fsync(f)",
         {"a": b"onetwo"}),
        ("writev, pwritev", "f = make('a'); os.writev(f, [b'on', b'', b'e']); os.pwritev(f, [b'X', b'Y'], 1); os.fsync(f)",
         {"a": b"oXY"}),
        ("posix_fallocate", "f = make('a'); os.posix_fallocate(f, 0, 4); os.write(f, b'a'); os.fsync(f)", {"a": b"a\0\0\0"}),
        ("another descriptor's sync is the file's", "f = make('a'); os.write(f, b'one'); os.fsync(make('a'))", {"a": b"one"}),
        ("a removal is not durable", "f = make('a'); os.write(f, b'one'); os.fsync(f); os.unlink('a')", {"a": b"one"}),
        ("… until its folder is synced", "f = make('a'); os.write(f, b'one'); os.fsync(f); os.unlink('a')\n"
         "os.fsync(os.open('.', os.O_RDONLY))", {}),
        ("a rename is not durable", "f = make('a'); os.write(f, b'one'); os.fsync(f); os.rename('a', 'b')", {"a": b"one"}),
        ("… until its folder is synced", "f = make('a'); os.write(f, b'one'); os.fsync(f); os.rename('a', 'b')\n"
         "os.fsync(os.open('.', os.O_RDONLY))", {"b": b"one"}),
        ("a rename of what was not synced leaves an empty file", "f = make('a'); os.write(f, b'one'); os.rename('a', 'b')\n"
         "os.fsync(os.open('.', os.O_RDONLY))", {"b": b""}),
        ("replacing a file: the old one", "f = make('b'); os.write(f, b'old'); os.fsync(f)\n"
         "f = make('a'); os.write(f, b'new'); os.fsync(f); os.rename('a', 'b')", {"a": b"new", "b": b"old"}),
        ("… or the new one", "f = make('b'); os.write(f, b'old'); os.fsync(f)\n"
         "f = make('a'); os.write(f, b'new'); os.fsync(f); os.rename('a', 'b'); os.fsync(f)", {"b": b"new"}),
        ("removed and made anew, synced", "f = make('a'); os.write(f, b'one'); os.fsync(f); os.unlink('a')\n"
         "f = make('a'); os.write(f, b'2'); os.fsync(f)", {"a": b"2"}),
        ("removed and made anew, not synced", "f = make('a'); os.write(f, b'one'); os.fsync(f); os.unlink('a')\n"
         "f = make('a'); os.write(f, b'2')", {"a": b"one"}),
        ("dead in the middle: what was synced stays", "f = make('a'); os.write(f, b'one'); os.fsync(f); os.write(f, b'two')\n"
         "os.kill(os.getpid(), 9)", {"a": b"one"}),
    ]
    for name, code, want in table:
        with Place() as p:
            p.run(code)
            same = p.check()
            p.cut()
            ok(same == [] and p.files() == want, f"power cut: {name}", (same, p.files()))
    with Place() as p:
        with open(p.path("root", "old"), "wb") as f:
            f.write(b"before")
        p.run("f = make('old'); os.pwrite(f, b'XX', 0)")
        p.cut()
        ok(p.files() == {"old": b"before"}, "what was there before us is durable", p.files())
        p.run("f = make('old'); os.pwrite(f, b'XX', 0); os.fsync(f); os.write(f, b'YYYYYYYYY')")
        p.cut()
        ok(p.files() == {"old": b"XXfore"}, "… and the next cut begins anew", p.files())
    found = set()
    for seed in range(60):
        with Place() as p:
            p.run("f = make('a'); os.write(f, bytes(8192)); os.fsync(f); os.write(f, b'1' * 8192); os.pwrite(f, b'2' * 8192, 0)")
            p.cut(seed)
            data = p.files()["a"].ljust(16384, b"-")
            found.add("".join(chr(data[i]) if data[i] else "0" for i in (0, 4000, 4096, 8192, 12288)))
    ok(len(found) > 8 and "0000-" not in found and "22211" in found and any(s[0] != s[1] for s in found),
       "by seed: pages survive or not, in any order, some torn", sorted(found))


WORK = """
mode, sync, die = sys.argv[1], sys.argv[2], int(sys.argv[3])
db = sqlite3.connect('t.db', isolation_level=None, timeout=10)
db.execute('pragma journal_mode=' + mode); db.execute('pragma synchronous=' + sync)
db.execute('pragma wal_autocheckpoint=40')
db.execute('create table if not exists t(i integer primary key, x)')
for i in range(die + 1):
    db.execute('begin')
    for j in range(10): db.execute('insert into t(x) values(?)', (os.urandom(300),))
    if i == die: os.kill(os.getpid(), 9)
    db.execute('commit')
    print((i + 1) * 10, flush=True)
"""


def survivors(p):
    """Rows after the cut, or None when the database is broken."""
    try:
        db = sqlite3.connect(os.path.join(p.root, "t.db"))
        if db.execute("pragma integrity_check").fetchone()[0] != "ok":
            return None
        return db.execute("select count(*) from t").fetchone()[0]
    except sqlite3.Error:
        return 0
    finally:
        db.close()


def databases():
    # delete: full does not sync the folder after the journal's removal, by SQLite's manual; extra does.
    for mode, sync in (("wal", "full"), ("delete", "extra"), ("truncate", "full"), ("persist", "full")):
        lost = []
        unseen = []
        chance = random.Random(mode)
        for seed in range(12):
            with Place() as p:
                said = p.run(WORK, mode, sync, str(chance.randint(1, 60)))
                unseen += p.check()
                p.cut(seed if seed % 3 else None)
                rows = survivors(p)
                if rows is None or rows < int(said[-1]):
                    lost.append((seed, rows, said[-1]))
        ok(unseen == [], f"SQLite, {mode}: the library has seen every change", unseen)
        ok(lost == [], f"SQLite, {mode}, synchronous={sync}: no commit is lost in 12 power cuts", lost)
    for name, env, sync in (("an fsync that lies", {"TOCSIN_FAULT_LIE": "1"}, "full"), ("synchronous=off", {}, "off")):
        lost = 0
        for seed in range(6):
            with Place(**env) as p:
                said = p.run(WORK, "wal", sync, "30")
                p.cut(seed if seed % 2 else None)
                rows = survivors(p)
                lost += rows is None or rows < int(said[-1])
        ok(lost >= 4, f"negative control: with {name} commits are lost", lost)
    with Place() as p:
        p.control("lie t.db-wal\n")
        said = p.run(WORK, "wal", "full", "20")
        p.cut()
        ok((survivors(p) or 0) < int(said[-1]), "… also by the control file, for one file", said[-1])


def markers():
    for how, at in (("hs", "scan"), ("pcre2", "scan"), ("zmq", "receive")):
        for name, text, env, want in (
                ("dies of the marker", "un mot zzfatalzz ici", {}, -signal.SIGABRT),
                ("lives without", "un mot ici", {}, 0),
                ("lives elsewhere", "un mot zzfatalzz ici", {"TOCSIN_FAULT_MARKER_IN": "tocsin-store"}, 0)):
            done = subprocess.run([PROBE, how, text], capture_output=True, env={
                **os.environ, "LD_PRELOAD": LIBRARY, "TOCSIN_FAULT_MARKER": "zzfatalzz", "TOCSIN_FAULT_MARKER_AT": at,
                "TOCSIN_FAULT_MARKER_IN": "marker-probe", **env})
            ok(done.returncode == want, f"{how}: {name}", (done.returncode, done.stderr))


rules()
shadow()
databases()
markers()
print(f"1..{count}")
sys.exit(1 if failed else 0)
