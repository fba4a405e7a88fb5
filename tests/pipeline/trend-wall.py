#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""By the wall clock: minutes close though nothing more comes, the mail is there at most three seconds after
its minute closed; a future date moves nothing; trend alone may die without a second alarm."""
import datetime
import email
import email.policy
import os
import signal
import time

from town import Town, Watch, main, topics

RULES = topics(("eau", "Eau potable", "eau, robinet", "plus une goutte au robinet", "le bureau"))
LATE = 5  # seconds


def stamp(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).isoformat()


def mails(town):
    folder = town.path("outbox")
    found = []
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
        if name.endswith(".eml"):
            with open(os.path.join(folder, name), "rb") as f:
                mail = email.message_from_bytes(f.read(), policy=email.policy.default)
            found.append((os.stat(os.path.join(folder, name)).st_mtime, mail))
    return found


def scenario(ok):
    with Town(rules=RULES, clock="wall", extra=f"trend: {{late: {LATE} s}}\n",
              sources="  - {id: facebook, kind: jsonl, path: a.jsonl, follow: yes}\n"
                      "  - {id: site, kind: jsonl, path: b.jsonl, follow: yes}\n") as town:
        for name in ("a.jsonl", "b.jsonl"):
            town.comments(name, [])
        town.start()
        # a minute with room in it for what follows
        while time.time() % 60 > 40:
            time.sleep(0.2)
        minute = time.time() // 60 * 60
        now = time.time()
        town.comments("a.jsonl", [{"id": f"f{i}", "text": "Plus d'eau au robinet", "author": f"loin{i}",
                                   "created_at": stamp(now + 400 * 86400)} for i in range(3)], "a")
        for i in range(12):
            town.comments("ab"[i % 2] + ".jsonl", [{"id": str(i), "text": "Plus d'eau au robinet ?",
                                                    "author": f"voisin{i}", "created_at": stamp(now)}], "a")
        closes, watch = minute + 60 + LATE, Watch()
        town.wait_for(lambda: town.committed() == 15, 15, "15 comments")
        ok(not mails(town), "rien avant la fin de la minute")
        town.wait_for(lambda: any("ORANGE" in m["Subject"] for _, m in mails(town)), 90, "the mail")
        when, mail = next((t, m) for t, m in mails(town) if "ORANGE" in m["Subject"])
        ok(when >= closes, "pas avant que la minute soit close", when - closes)
        ok.within(watch, 3, f"le courriel est là {when - closes:.2f} s après la clôture (3 s au plus)", when - closes)
        ok("Eau potable" in mail["Subject"], "le sujet est nommé", mail["Subject"])
        os.kill(town.pid("trend"), signal.SIGKILL)
        town.wait_for(lambda: "historique relu : 15" in town.log(), 20, "trend again")
        time.sleep(3)
        incidents = town.json("incidents", "--all")
        ok(len(incidents) == 1, "une seule alerte après sa mort", incidents)
        ok(incidents and incidents[0]["facts"]["messages"] == 15, "elle compte 15 messages", incidents)
        ok(len([1 for _, m in mails(town) if "ORANGE" in m["Subject"]]) == 1, "un seul courriel orange")
        ok(town.stop() == 0, "l'arrêt est propre")


if __name__ == "__main__":
    main(scenario)
