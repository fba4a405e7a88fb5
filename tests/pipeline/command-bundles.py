#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Old published rules go: not the ten that were active last, not those that a verdict or a waiting batch needs."""
import os
import re
import signal
import time

from town import RULES, Town, comment, main

KEEP = 10
DAYS = 3 * 86400


class Publishing(Town):
    version = 0

    def bundles(self):
        return {n for n in os.listdir(self.path("state", "bundles")) if re.fullmatch("[0-9a-f]{64}", n)}

    def active(self):
        """Once the status says it."""
        return self.wait_for(lambda: [line["bundle"] for line in self.json("status")], 15, "a status")[0]

    def publish(self):
        """Other rules: the hash of what was active until now."""
        before = self.active()
        self.version += 1
        self.write("rules/essai.yaml", RULES.replace("abruti", f"abruti, crétin{'e' * self.version}", 1))
        self.process.send_signal(signal.SIGHUP)
        self.wait_for(lambda: self.active() not in ("", before), 15, "the new rules")
        return before

    def age(self, names):
        """As if they had not been active for days."""
        for i, name in enumerate(sorted(names)):
            then = time.time() - DAYS - i
            os.utime(self.path("state", "bundles", name), (then, then))

    def pruned(self):
        return sum(int(n) for n in re.findall(r"(\d+) anciens? jeux? de règles effacés?", self.log()))


def scenario(ok):
    with Publishing(sources="  - {id: site, kind: jsonl, path: site.jsonl, follow: yes}\n") as town:
        town.comments("site.jsonl", [comment(1, "Merci", "jeanne", 1)])
        town.start()
        town.wait_for(lambda: town.committed() == 1, 20, "the comment")
        old = [town.publish() for _ in range(4)]  # the first one has a verdict
        pids = [town.pid("score.1"), town.pid("score.2")]
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        stamped = town.active()
        town.comments("site.jsonl", [comment(2, "Bonjour", "paul", 2)], "a")
        town.wait_for(lambda: town.gauges().get(("ingest_waiting", ""), 0) == 1, 10, "a batch that waits")
        for _ in range(KEEP + 2):
            town.publish()
        ok(town.bundles() >= set(old) | {stamped}, "while a batch waits since then, all stay", town.bundles())
        for pid in pids:
            os.kill(pid, signal.SIGCONT)
        town.wait_for(lambda: town.committed() == 2, 60, "the batch that waited")
        verdicts = len(town.bundles())

        town.age(old + [stamped])
        gone, busy, late = (town.path("state", "bundles", f".{'0a' * 32}.{pid}") for pid in (2 ** 22 + 1, os.getpid(), os.getppid()))
        for path in (gone, busy, late):
            os.mkdir(path)
        os.utime(late, (time.time() - DAYS, time.time() - DAYS))
        town.publish()
        town.wait_for(lambda: not os.path.exists(gone) and not os.path.exists(late), 15, "the copy of a publisher that was killed to go")
        ok(os.path.exists(busy), "one of a publisher at work stays, for a day",
           os.listdir(town.path("state", "bundles")))
        town.wait_for(lambda: town.pruned() > 0 and not town.bundles() & set(old[1:]), 15, "old rules to go")
        left = town.bundles()
        ok(old[0] in left, "the rules of a verdict stay", left)
        ok(not left & set(old[1:]), "those that nobody needs go", left)
        ok(len(left) >= KEEP and town.active() in left and len(left) <= verdicts + 1 - 3, "the last ten stay",
           (len(left), verdicts))

        code, out, err = town.run("purge", "--source", "site", "--author", "jeanne", "--who", "dpo", "--reason",
                                  "demande")
        ok(code == 0, "the comment of the first rules is erased", out + err)
        town.age(old[:1])
        town.publish()
        town.wait_for(lambda: old[0] not in town.bundles(), 15, "the first rules to go")
        ok(True, "then its rules go too")
        left = town.bundles()
        town.age(left - {town.active()})
        town.publish()
        time.sleep(2)
        ok(len(town.bundles() & left) >= KEEP - 1, "however old, the last ten stay", town.bundles())
        town.comments("site.jsonl", [comment(3, "espèce de crétin" + "e" * town.version, "luc", 3)], "a")
        town.wait_for(lambda: town.committed() == 3 and len(town.json("queue", "--lane", "moderation")) == 1, 20, "a verdict")
        ok(True, "and the active ones work")
        ok(town.stop() == 0, "stops")


main(scenario)
