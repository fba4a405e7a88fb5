#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A new tocsin, or a new library, gives the same packs another hash: what was published from elsewhere than the folder stays in
force all the same, also when the folder is refused; what does not load any more gives way to the folder."""
import os
import sqlite3

from town import Town, comment, main

SOURCE = "  - {id: site, kind: jsonl, path: site.jsonl, follow: yes}\n"
THREATS = """\
tocsin: 1
pack: menaces
owner: moderation@ville.example
rules:
  - {id: menace.a, title: Menace, status: live, category: menace, priority: P1, score: 9, when: {words: [fusil]}, tests: {match: [fusil]}}
"""
PACK = """\
tocsin: 1
pack: essai
owner: moderation@ville.example
rules:
  - {id: injure.a, title: Injure, status: live, category: injure_publique, priority: P3, score: 6, when: {words: [%s]}, tests: {match: [abruti]}}
"""
FOLDER, PUSHED = PACK % "abruti", PACK % "abruti, goujat"


class Upgraded(Town):
    round = 0

    def active(self):
        return self.json("status")[0]["bundle"]

    def ages(self):
        """Stopped, as another tocsin would have left it: the same packs under other hashes."""
        self.round += 1
        old = f"{self.round:02x}" * 31
        with sqlite3.connect(self.path("state", "store.db")) as db:
            active = db.execute("SELECT hex(value) FROM note WHERE key = 'bundle'").fetchone()[0].lower()
            folder = db.execute("SELECT value FROM note WHERE key = 'bundle_folder'").fetchone()[0]
            names = {active: old + "01", folder: old + "02"}
            for hash_, name in names.items():
                os.rename(self.path("state", "bundles", hash_), self.path("state", "bundles", name))
            db.execute("UPDATE note SET value = ? WHERE key = 'bundle'", (bytes.fromhex(old + "01"),))
            db.execute("UPDATE note SET value = ? WHERE key = 'bundle_folder'", (old + "02",))
        return old + "01"

    def again(self):
        if os.path.exists(self.path("log.txt")):
            os.remove(self.path("log.txt"))
        self.start()

    def flags(self, number, text):
        n = len(self.json("queue"))
        self.comments("site.jsonl", [comment(number, text, "a", number)], "a")
        self.wait_for(lambda: len(self.json("queue")) == n + 1, 20, text)


def upgrade(ok, town):
    town.start()
    folder = town.active()
    town.write("autre/essai.yaml", PUSHED)
    town.write("autre/menaces.yaml", THREATS)
    code, _, err = town.run("rules", "push", town.path("autre"), "--who", "anne", "--reason", "goujat")
    pushed = town.active()
    ok(code == 0 and pushed != folder, "rules from elsewhere", err)
    town.stop()
    town.ages()
    town.again()
    town.wait_for(lambda: town.active() == pushed, 20, "the same rules under their new hash")
    town.flags(1, "Quel goujat")
    ok(True, "what was pushed is in force, and scores")
    log = town.json("rules", "log")[0]
    ok(log["who"] == "tocsin run" and "tocsin a changé" in log["reason"], "the log says why", log)
    town.stop()
    town.again()
    ok(town.active() == pushed, "at the next start it is old news")
    town.stop()
    return folder, pushed


def refused(ok, town, pushed):
    town.ages()
    town.write("rules/menaces.yaml", THREATS.replace("status: live", "status: shadow"))
    town.again()
    town.wait_for(lambda: town.active() == pushed and "règles refusées" in town.log(), 20, "the refusal, and the same rules")
    town.flags(2, "Je viens avec un fusil")
    ok(True, "a folder that takes a threat away is refused, and the town is not deaf")
    town.stop()


def gone(ok, town, folder):
    active = town.ages()
    os.rename(town.path("state", "bundles", active), town.path("state", "perdu"))
    town.write("rules/menaces.yaml", THREATS)
    town.again()
    town.wait_for(lambda: town.active() == folder, 20, "the folder's rules")
    ok("ne se chargent plus" in town.log(), "rules that are there no more give way to the folder's, and that is said", town.log())
    town.flags(3, "Quel abruti")
    ok(town.stop() == 0, "stops")


def scenario(ok):
    with Upgraded(sources=SOURCE, rules=FOLDER) as town:
        town.comments("site.jsonl", [])
        town.write("rules/menaces.yaml", THREATS)
        folder, pushed = upgrade(ok, town)
        refused(ok, town, pushed)
        gone(ok, town, folder)


main(scenario)
