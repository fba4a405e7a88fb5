"""For scenarios of the no-loss protocol: what was sent against what is stored, byte by byte, and processes to kill.

flow = Flow(sources="…"); flow.lines("a.jsonl", items); flow.start(); …; flow.account(ok, expected)
"""
import os
import random
import re
import signal
import sqlite3
import struct
import time

from town import Town, alive

FIELDS = ["source", "id", "text", "author", "author_name", "url", "thread", "parent", "channel", "lang", "kind",
          "extra"]
CRASH = re.compile(r"Sanitizer|runtime error:|Segmentation fault|Aborted|assertion", re.I)
UNSCORED = {0: "", 1: "limit", 2: "attempts", 3: "unreadable"}
PIECES = ["La cantine était fermée lundi", "Merci pour la place de la mairie ☀️", "Quand passe la benne ? 🗑",
          "« L'été », c’est fini…", "on répare la rue Foch\tenfin", "J'ai vu 12 % de hausse & <b>rien</b>",
          "\"guillemets\" et \\barres\\", "e\u0301 n'est pas é", "ligne\nnouvelle ligne", "👩‍👩‍👧‍👦 famille", ""]


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def read_comment(data):
    """A wire comment (record/comment.h) as a dict of its fields."""
    if data[0] != 1:
        raise ValueError("version of a comment")
    found = {"type": data[1]}
    flags, at = varint(data, 2)
    for i, name in enumerate(FIELDS):
        if flags & 1 << i:
            n, at = varint(data, at)
            found[name] = bytes(data[at:at + n]).decode()
            at += n
    for i, name in enumerate(["created_at", "edited_at"]):
        if flags & 1 << (12 + i):
            found[name] = struct.unpack_from("<q", data, at)[0]
            at += 8
    for i, name in enumerate(["likes", "shares"]):
        if flags & 1 << (14 + i):
            found[name], at = varint(data, at)
    if at != len(data):
        raise ValueError("bytes behind a comment")
    return found


def many(n, first=0, source=None, seed=1):
    """n different comments with awkward texts."""
    rnd = random.Random(seed * 1000003 + first)
    for i in range(first, first + n):
        text = f"{i} " + " ".join(rnd.choice(PIECES) for _ in range(rnd.randrange(1, 6)))
        item = {"id": f"{i:07d}", "text": text, "author": f"u{i % 97}", "created_at":
                f"2026-11-{1 + i // 86400 % 28:02d}T{i // 3600 % 24:02d}:{i // 60 % 60:02d}:{i % 60:02d}Z"}
        if source:
            item["source"] = source
        yield item


class Flow(Town):
    def __init__(self, sources="  - {id: site, kind: jsonl, path: site.jsonl, follow: yes}\n", extra="", env=None,
                 **more):
        super().__init__(sources, "search: no\n" + extra, **more)
        self.env = env or {}
        self.sent = {}  # (source, id) → text, as last sent

    def start(self, *words, wait=True):
        saved = {name: os.environ.get(name) for name in self.env}
        os.environ.update(self.env)
        try:
            if os.path.exists(self.path("log.txt")):
                os.rename(self.path("log.txt"), self.path(f"log-{time.monotonic_ns()}.txt"))
            return super().start(*words, wait=wait)
        finally:
            for name, value in saved.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value

    def lines(self, name, items, mode="a", source="site"):
        """Comments into a file, remembered for account()."""
        items = list(items)
        for item in items:
            self.sent[item.get("source", source), item["id"]] = item["text"]
        self.comments(name, items, mode)
        return items

    def rows(self, sql, *values):
        path = self.path("state", "store.db")
        if not os.path.exists(path):
            return []
        db = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=20)
        try:
            return db.execute(sql, values).fetchall()
        finally:
            db.close()

    def seq(self):
        try:
            return self.rows("SELECT ifnull(max(seq), 0) FROM item")[0][0]
        except (sqlite3.OperationalError, IndexError):
            return 0

    def stored(self):
        """{(source, id): text} of the newest versions; {(source, id): why} of those without a score."""
        texts, unscored = {}, {}
        for body, verdict in self.rows("SELECT body, verdict FROM item ORDER BY seq"):
            c = read_comment(body)
            key = c["source"], c["id"]
            texts[key] = c.get("text", "")
            if verdict[4]:
                unscored[key] = UNSCORED[verdict[4]]
        return texts, unscored

    def quarantined(self):
        """{place: (reason, raw)}"""
        return {place: (reason, raw if isinstance(raw, str) else bytes(raw).decode())
                for place, reason, raw in self.rows("SELECT place, reason, raw FROM quarantine")}

    def ledger(self):
        total = {}
        for row in self.json("verify"):
            for name, value in row.items():
                if isinstance(value, (int, float)) and not isinstance(value, bool):
                    total[name] = total.get(name, 0) + value
        return total

    def account(self, ok, quarantined=0, name="everything"):
        """Nothing lost, nothing twice, every byte as sent, the ledger balanced."""
        texts, unscored = self.stored()
        lost = [k for k in self.sent if k not in texts]
        strange = [k for k in texts if k not in self.sent]
        wrong = [k for k in self.sent if k in texts and texts[k] != self.sent[k]]
        ok(not lost, f"{name}: none of {len(self.sent)} is lost", lost[:5])
        ok(not strange and not wrong, f"{name}: every text is as it was sent", (strange[:5], wrong[:5]))
        rows = self.rows("SELECT count(*) FROM item")[0][0]
        ok(rows == len(self.sent), f"{name}: one row each", rows)
        code, out, err = self.run("verify")
        ok(code == 0, f"{name}: tocsin verify", out + err)
        total = self.ledger()
        ok(total.get("quarantined", 0) == quarantined and total.get("dead", 0) == 0,
           f"{name}: {quarantined} in quarantine, none dead", total)
        crashes = self.crashes()
        ok(not crashes, f"{name}: nobody crashed", "\n".join(crashes[:30]))
        return unscored

    def crashes(self):
        """Lines of all logs so far that tell of a crash that nobody asked for."""
        found = []
        for name in sorted(os.listdir(self.folder)):
            if name.startswith("log") and name.endswith(".txt"):
                with open(self.path(name), encoding="utf-8", errors="replace") as f:
                    found += [x.rstrip() for x in f if CRASH.search(x)]
        return found

    def processes(self, label):
        """Pids of our own members whose name begins with label: store, ingest, score, score.1, connect.site …"""
        kind, _, instance = label.partition(".")
        found = []
        running = self.process and self.process.poll() is None
        for pid in children(self.process.pid) if running else []:
            words = cmdline(pid)
            if words and os.path.basename(words[0]) == f"tocsin-{kind}" and (
                    not instance or (instance in words)):
                found.append(pid)
        return found

    def kill(self, label, sig=signal.SIGKILL):
        """Signals one running member (any of them when several match); False when none runs."""
        pids = self.processes(label)
        if not pids:
            return False
        try:
            os.kill(random.choice(pids), sig)
        except ProcessLookupError:
            return False
        return True

    def settle(self, rows, seconds=60):
        """All rows are committed and the journal is empty."""
        self.wait_for(lambda: self.seq() >= rows, seconds, f"{rows} rows")
        self.wait_for(lambda: self.waiting() == 0, 30, "an empty journal")

    def waiting(self):
        db = sqlite3.connect(f"file:{self.path('state', 'journal.db')}?mode=ro", uri=True, timeout=20)
        try:
            return db.execute("SELECT ifnull(sum(count), 0) FROM batch").fetchone()[0]
        finally:
            db.close()


def children(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as f:
            return [int(p) for p in f.read().split() if alive(int(p))]
    except (FileNotFoundError, ProcessLookupError):
        return []


def cmdline(pid):
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as f:
            return f.read().decode(errors="replace").split("\0")[:-1]
    except (FileNotFoundError, ProcessLookupError):
        return []
