#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The machine's clock runs three days ahead for a while and is put right: alarms go on at once. What rose meanwhile is
said, nothing rings twice, and a step of seconds is no matter."""
import os
import signal
import sqlite3
import time

from hands import Hands
from town import Town, main, topics

RULES = topics(("eau", "Eau potable", "eau, robinet", "plus une goutte au robinet", "le bureau"),
               ("neige", "Neige", "neige, verglas", "la neige partout", "le bureau"))
AHEAD = 3 * 86400
PUT_BACK = "l'horloge de la machine a reculé"


class Shifted(Town):
    def __enter__(self):
        super().__enter__()
        self.hands = Hands()
        os.environ.update(self.hands.env)
        return self

    def __exit__(self, *what):
        del os.environ["LD_PRELOAD"]
        return super().__exit__(*what)

    def shift(self, seconds):
        self.hands.put(seconds)

    def observed(self):
        """The last minute that store was told, in seconds."""
        db = sqlite3.connect(f"file:{self.path('state', 'store.db')}?mode=ro", uri=True)
        row = db.execute("SELECT CAST(value AS TEXT) FROM note WHERE key = 'observed_minute'").fetchone()
        db.close()
        return int(row[0]) / 1000 if row else 0

    def flood(self, text, first, n=12):
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        for i in range(first, first + n):
            self.comments("ab"[i % 2] + ".jsonl", [{"id": str(i), "text": text, "author": f"voisin{i}",
                                                    "created_at": now}], "a")


def topics(town):
    return sorted((i["topic"], i["state"]) for i in town.json("incidents", "--all"))


def scenario(ok):
    with Shifted(rules=RULES, clock="wall", extra="trend: {late: 5 s}\n",
                 sources="  - {id: facebook, kind: jsonl, path: a.jsonl, follow: yes}\n"
                         "  - {id: site, kind: jsonl, path: b.jsonl, follow: yes}\n") as town:
        for name in ("a.jsonl", "b.jsonl"):
            town.comments(name, [])
        town.shift(AHEAD)
        town.start()
        town.flood("bonjour", 0, 1)
        town.wait_for(lambda: town.committed() == 1, 15, "one comment")
        town.wait_for(lambda: town.observed() > time.time() + AHEAD / 2, 15, "a minute told under the wrong clock")
        town.flood("Plus d'eau au robinet ?", 10)
        town.wait_for(lambda: town.committed() == 13, 15, "13 comments")
        time.sleep(2)
        ok(topics(town) == [], "trois jours trop tard, rien ne monte", topics(town))
        town.shift(0)
        town.wait_for(lambda: PUT_BACK in town.log(), 10, "trend to notice")
        town.wait_for(lambda: "historique relu : 13" in town.log(), 20, "trend again")
        town.flood("De la neige partout", 30)
        town.wait_for(lambda: len(topics(town)) == 2, 90, "both alarms")
        ok(topics(town) == [("eau", "open"), ("neige", "open")],
           "ce qui montait et ce qui monte est dit aussitôt", topics(town))
        ok(abs(town.observed() - time.time()) < 180, "les minutes sont celles d'aujourd'hui", town.observed())
        ok(town.log().count(PUT_BACK) == 1, "une fois suffit", town.log())
        # what is ordinary stays so: a step of seconds, and a death
        town.shift(-20)
        time.sleep(3)
        os.kill(town.pid("trend"), signal.SIGKILL)
        town.wait_for(lambda: "historique relu : 25" in town.log(), 20, "trend after its death")
        time.sleep(60 - (time.time() - 20) % 60 + 8)  # one more minute closes
        ok(len(town.json("incidents", "--all")) == 2, "rien ne sonne deux fois", topics(town))
        ok(town.log().count(PUT_BACK) == 1, "un pas de quelques secondes n'est rien")
        ok(town.stop() == 0, "l'arrêt est propre")


if __name__ == "__main__":
    main(scenario)
