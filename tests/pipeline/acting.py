"""What people decide, carried out at the source: a town whose queue, decisions and pages a scenario of any kind can use."""
import contextlib
import os
import sqlite3
import time
import unittest.mock

import hands
from desk import Desk

UNDO = 15  # seconds, record/account.h
LEASE = 60  # seconds, src/connect/hands.c


class Acting(Desk):
    """sources: its lines; a secret given by name is a credential, as systemd gives it."""

    def __init__(self, sources, plan=None, **secrets):
        super().__init__(sources, clock="wall", **(plan or {}))
        os.environ["CREDENTIALS_DIRECTORY"] = self.path("credentials")
        os.mkdir(self.path("credentials"))
        for name, text in secrets.items():
            with open(os.open(self.path("credentials", name), os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as f:
                f.write(text + "\n")
        self.hands = hands.Hands()

    def start(self, *words, wait=True):
        env = {**self.hands.env, "ASAN_OPTIONS": "verify_asan_link_order=0:detect_leaks=1"}
        with unittest.mock.patch.dict(os.environ, env):
            return super().start(*words, wait=wait)

    def later(self, seconds=UNDO + 1):
        """For its processes that much later than it was: what they have until then is due, nobody waits for it."""
        self.hands.put(self.hands.ahead + seconds)

    def seq_of(self, text):
        found = []

        def look():
            found[:] = [seq for seq, body in self.queued() if text.encode() in body]
            return found
        self.wait_for(look, 60, text)
        return found[0]

    def decide(self, seq, what, **more):
        words = [w for name, value in more.items() for w in ("--" + name, value)]
        code, out, err = self.run("decide", str(seq), what, "--who", "anne", "--reason", "injure", *words)
        if code:
            raise RuntimeError(out + err)
        return time.time()

    def page(self, seq, word, seconds=150):
        """What the comment's page says of it, once it says that word."""
        anne = self.anne = getattr(self, "anne", None) or self.person("anne", "moderation")
        body = []

        def look():
            body[:] = [anne.get(f"/moderation/{seq}").body]
            return word in body[0]
        self.wait_for(look, seconds, word)
        return body[0]

    def read(self, sql, *values):
        with contextlib.closing(sqlite3.connect(f"file:{self.path('state', 'store.db')}?mode=ro", uri=True)) as db:
            return db.execute(sql, values).fetchall()

    def rows_of(self, text):
        return sum(text.encode() in body for body, in self.read("SELECT body FROM item"))

    def states(self, seq):
        """Of the actions on a comment."""
        return [s for s, in self.read("SELECT o.state FROM outbox o JOIN decision d ON o.key = 'action/' || d.id WHERE d.row = ?", seq)]

    def waits(self, text):
        return any(text.encode() in body for _, body in self.queued())

    def queued(self):
        if not os.path.exists(self.path("state", "store.db")):
            return []
        return self.read("SELECT q.seq, i.body FROM queue q JOIN item i ON i.seq = q.seq")
