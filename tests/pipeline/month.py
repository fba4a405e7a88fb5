#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The month in Valmont-sur-Orle through the real pipeline, held against tests/data/valmont/truth.json; then
once more with trend and store killed again and again: the same incidents at the same times."""
import datetime
import html.parser
import json
import math
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from town import TOCSIN, main

SOURCE = os.environ.get("TOCSIN_SOURCE", os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
ENV = {**os.environ, "LC_ALL": "fr_FR.UTF-8"}
RHYTHM = ("threshold", "once_in_days", "usual_high", "usual_low", "max_before")


def when(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


class Valmont:
    def __init__(self, replay):
        self.folder = tempfile.mkdtemp(prefix="tocsin-")
        subprocess.run([sys.executable, os.path.join(SOURCE, "tools", "sample-town"), self.folder, "--replay", replay],
                       check=True)
        self.config = os.path.join(self.folder, "tocsin.yaml")
        self.process = None

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if kind is None and not os.environ.get("TOCSIN_KEEP"):
            shutil.rmtree(self.folder, ignore_errors=True)
        else:
            print(f"# kept: {self.folder}")

    def run(self, between=None):
        """`tocsin run` to its end; between(self) is called again and again meanwhile."""
        with open(os.path.join(self.folder, "log.txt"), "ab") as log:
            self.process = subprocess.Popen([TOCSIN, "run", "--config", self.config, "--until-done"],
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=ENV)
        end = time.monotonic() + 250
        while self.process.poll() is None:
            if time.monotonic() > end:
                raise TimeoutError("the month does not end: " + self.folder)
            if between:
                between(self)
            time.sleep(0.05)
        return self.process.returncode

    def json(self, *words):
        done = subprocess.run([TOCSIN, words[0], "--config", self.config, *words[1:], "--json"], capture_output=True,
                              text=True, timeout=240, env=ENV)
        if done.returncode not in (0, 1):
            raise RuntimeError(f"{words}: {done.returncode} {done.stderr}")
        return [json.loads(line) for line in done.stdout.splitlines()]

    def text(self, *words):
        return subprocess.run([TOCSIN, words[0], "--config", self.config, *words[1:]], capture_output=True, text=True,
                              timeout=240, env=ENV, check=True).stdout

    def alarms(self):
        """One for each level that an incident reached: at, level, kind, topic, authors."""
        found = []
        for incident in self.json("incidents", "--all"):
            full = self.json("incident", str(incident["id"]))[0]
            for entry in full["entries"]:
                if entry["kind"] in ("opened", "raised"):
                    found.append({"at": when(entry["at"]), "level": entry["level"], "kind": incident["kind"],
                                  "topic": incident["topic"], "authors": incident["facts"]["authors"]})
        return found

    def history(self):
        """Everything the machine said, for comparing two runs. What a comment asked is lost with its text when it
        was deleted before trend read it again; which comments are shown follows the order of commits; and an edited
        comment is read again at its new number, so that a rhythm may be one message off: silences without times, and
        once; what is usual as a number of its own, for same()."""
        found = []
        for incident in self.json("incidents", "--all"):
            full = self.json("incident", str(incident["id"]))[0]
            steps = [(e["kind"], e["level"], e["at"]) for e in full["entries"]
                     if e["kind"] in ("opened", "raised", "lowered", "closed")]
            facts = {k: v for k, v in incident["facts"].items()
                     if k not in ("examples", "questions", "copied") + RHYTHM}
            rhythm = [incident["facts"].get(k) or 0 for k in RHYTHM]
            if incident["kind"] == "grey":
                steps, facts, rhythm = [step[:2] for step in steps], None, []
            told = json.dumps([incident["kind"], incident["topic"], steps, facts], sort_keys=True)
            if incident["kind"] != "grey" or (told, rhythm) not in found:
                found.append((told, rhythm))
        return sorted(found)


def same(a, b):
    """Two histories: what is usual within one in twenty, or one message; the rest to the letter."""
    return len(a) == len(b) and all(
        said == other and len(x) == len(y) and all(abs(p - q) <= max(1, 0.05 * abs(p)) for p, q in zip(x, y))
        for (said, x), (other, y) in zip(a, b))


def meets(alarm, rule):
    if "kind" in rule and alarm["kind"] != rule["kind"]:
        return False
    if "topic" in rule and alarm["topic"] != rule["topic"]:
        return False
    if "level" in rule and alarm["level"] != rule["level"]:
        return False
    if "authors_max" in rule and alarm["authors"] > rule["authors_max"]:
        return False
    return when(rule["not_before"]) <= alarm["at"] <= when(rule["by"])


def breaks(alarm, rule):
    return (when(rule["from"]) <= alarm["at"] < when(rule["to"])
            and ("levels" not in rule or alarm["level"] in rule["levels"])
            and ("kinds" not in rule or alarm["kind"] in rule["kinds"])
            and alarm["kind"] not in rule.get("not_kinds", [])
            and ("topics" not in rule or alarm["topic"] in rule["topics"])
            and alarm["topic"] not in rule.get("not_topics", []))


def told(alarms):
    return "\n".join(f"{datetime.datetime.fromtimestamp(a['at']):%d %H:%M} {a['level']} {a['kind']} {a['topic']}"
                     for a in sorted(alarms, key=lambda a: a["at"]))


def rang(alarms):
    return sorted((a["at"], a["level"], a["kind"]) for a in alarms)


def near(stored, alarms):
    """What was deleted at the source since is not heard again: minutes more or less, and a later silence."""
    return len(stored) == len(alarms) and all(
        s[1:] == a[1:] and abs(s[0] - a[0]) <= (7200 if s[2] == "grey" else 600) for s, a in zip(stored, alarms))


def replays(ok, town, alarms):
    """`tocsin replay` of the file and of the history says what rang, and leaves nothing."""
    month = os.path.join(town.folder, "month.jsonl")
    again = [{**a, "at": when(a["at"])} for a in town.json("replay", month)]
    ok(rang(again) == rang(alarms), "le fichier rejoué sonne comme le mois", told(again) + "\n\n" + told(alarms))
    ok(town.text("replay", month, "--json") == town.text("replay", month, "--json"), "à l'octet près")
    stored = [{**a, "at": when(a["at"])} for a in town.json("replay")]
    ok(near(rang(stored), rang(alarms)), "l'historique rejoué presque", told(stored) + "\n\n" + told(alarms))
    leak = [a for a in again if a["level"] == "rouge"]
    ok(leak and all(a["ids"] and {t["by"] for t in a["told"]} == {"mail"} for a in leak),
       "avec des commentaires et les personnes à prévenir", leak)
    late = town.json("replay", month, "--from", "2026-01-27T12:00:00+01:00", "--to", "2026-01-27T13:00:00+01:00")
    ok(late and len(late) == sum("2026-01-27T11:00" <= a["at"] < "2026-01-27T12:00" for a in town.json("replay", month)),
       "d'une heure seulement, ce qui précède ayant été écouté", late)
    people = town.text("replay", month)
    ok("ROUGE" in people and "C. Morel (dir'com)" in people and "par semaine" in people, "lisible", people)
    with open(month, encoding="utf-8") as f:
        slow = subprocess.Popen([TOCSIN, "replay", "-", "--config", town.config], stdin=subprocess.PIPE,
                                stdout=subprocess.DEVNULL, env={**ENV, "TMPDIR": town.folder})
        slow.stdin.write(f.read(200000).encode())
        slow.stdin.flush()
        before = folders(town)
        slow.kill()
        slow.wait()
    ok(len(before) == 1 and gone(before), "tué, il n'en reste rien", before)


class Reader(html.parser.HTMLParser):
    """What a page says, and whether its tags close."""
    VOID = {"meta", "br"}

    def __init__(self, page):
        super().__init__()
        self.open, self.well, self.said = [], True, ""
        self.feed(page)
        self.well &= not self.open

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_starttag(self, tag, attrs):
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        self.well &= bool(self.open) and self.open.pop() == tag

    def handle_data(self, data):
        self.said += data


def reports(ok, town):
    """The page of an alarm, and the one that may be given away."""
    red = next(i for i in town.json("incidents", "--all") if i["peak"] == "rouge")
    page = Reader(town.text("incident", "report", str(red["id"])))
    ok(page.well and "Peupliers" in page.said and "C. Morel (dir'com)" in page.said and "Main courante" in page.said
       and "remis" in page.said, "le rapport d'une alerte", page.said)
    given = Reader(town.text("incident", "rapport", str(red["id"]), "--occult"))
    names = [name for name in ("Morel", "Lambin", "Delorme", "Garnier", "Belkacem") if name in given.said]
    quotes = [c for c in ("le Courrier", "tout le monde est invité") if c in given.said]
    ok(given.well and not names and not quotes and "dir'com" in given.said and "occulté" in given.said,
       "sans noms ni paroles quand il sort de la mairie", (names, quotes, given.said))


def folders(town):
    """The replay's folder, once its database is there."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        found = [os.path.join(town.folder, name) for name in os.listdir(town.folder) if name.startswith("tocsin-replay-")]
        if any(os.path.exists(os.path.join(name, "store.db")) for name in found):
            return found
        time.sleep(0.05)
    return []


def gone(paths):
    end = time.monotonic() + 30
    while time.monotonic() < end and any(map(os.path.exists, paths)):
        time.sleep(0.05)
    return not any(map(os.path.exists, paths))


def kill_often(seed):
    """Kills trend (mostly) or store with SIGKILL, ten times."""
    rand = random.Random(seed)
    state = {"left": 10, "next": time.monotonic() + 2}

    def between(town):
        if state["left"] == 0 or time.monotonic() < state["next"]:
            return
        label = "store" if state["left"] % 4 == 0 else "trend"
        name = os.path.join(town.folder, "run", "metrics", "tocsin-" + label + ".prom")
        try:
            with open(name, encoding="utf-8") as f:
                pid = next(int(float(line.split()[1])) for line in f if line.startswith("tocsin_process_pid "))
            os.kill(pid, signal.SIGKILL)
        except (FileNotFoundError, ProcessLookupError, StopIteration):
            state["next"] = time.monotonic() + 0.1
            return
        state["left"] -= 1
        state["next"] = time.monotonic() + rand.uniform(0.3, 1.0)

    between.state = state
    return between


def scenario(ok):
    with open(os.path.join(SOURCE, "tests", "data", "valmont", "truth.json"), encoding="utf-8") as f:
        truth = json.load(f)
    with Valmont("6 s") as town:
        with open(os.path.join(town.folder, "month.jsonl"), encoding="utf-8") as f:
            month = [json.loads(line) for line in f]
        ok(len(month) >= truth["comments"], f"le mois a {len(month)} lignes")
        started = time.monotonic()
        ok(town.run() == 0, "le mois se termine")
        lasted = time.monotonic() - started
        alarms = town.alarms()
        for rule in truth["must"]:
            found = any(meets(a, rule) for a in alarms)
            if found or not rule.get("soft"):
                ok(found, rule["name"], told(alarms))
            else:
                ok(True, rule["name"] + " # TODO pas encore")
        for rule in truth["never"]:
            broken = [a for a in alarms if breaks(a, rule)]
            ok(not broken, rule["name"], told(broken))
        protected = {(o["source"], o["id"]) for o in month if o.get("author_name") in truth["unflagged_authors"]}
        queue = {(q["comment"]["source"], q["comment"]["id"])
                 for q in town.json("queue", "--lane", "moderation", "--limit", "100000")}
        ok(len(queue) >= 20, f"la file de modération a {len(queue)} commentaires")
        ok(protected and not protected & queue, "la critique d'une élue n'y est jamais", protected & queue)
        ledger = town.json("verify")
        ok(ledger and all(row["balanced"] for row in ledger), "le compte est juste", ledger)
        ok(sum(row["received"] for row in ledger) == len(month), "chaque ligne du mois est comptée", ledger)
        history = town.history()
        replays(ok, town, alarms)
        reports(ok, town)
    # Time for ten deaths, also on a slow machine.
    with Valmont(f"{max(20, math.ceil(3 * lasted))} s") as town:
        between = kill_often(1)
        ok(town.run(between) == 0, "le mois se termine malgré les morts")
        ok(between.state["left"] == 0, "dix morts ont eu lieu", between.state)
        again = town.history()
        ok(same(history, again), "les mêmes alertes aux mêmes heures",
           "\n".join(["attendu :"] + [str(h) for h in history if h not in again] + ["obtenu :"] +
                     [str(h) for h in again if h not in history]))


if __name__ == "__main__":
    main(scenario)
