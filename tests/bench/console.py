#!/usr/bin/env python3
"""How long the console takes for a page, with 1 million comments of which 50,000 are open.

  tests/bench/console.py [--build build/check] [--comments 1000000] [--asked 300]

The database is filled by bench-store, through the verbs of lib/db; then the real town runs on it and a moderator asks for
pages, one after the other: the first, the one after 20,000 items, a filter that nothing passes, À répondre, Tout lire with
its filters, the team's statistics as a page and for programs, the rules (while what they found is counted). Prints one line a figure: name,
median and 95th percentile in ms as the browser sees it, CPU of the console for one; and the bytes of a first visit.

Then 200 people look on: the console's memory; and how long after its commit a flagged comment is on screen, in real Chromium
(tools/browser-modules). Exit 1 when a figure of the goal is missed: the queue's page in 50 ms (95 %), 100 MiB, one second.
"""
import argparse
import contextlib
import http.client
import os
import pathlib
import re
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]


def cpu(pid):
    """Milliseconds of CPU that a process has used."""
    fields = open(f"/proc/{pid}/stat", encoding="ascii").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def measure(desk, person, name, path, asked):
    took, pid = [], desk.pid("console")
    used = cpu(pid)
    for _ in range(asked):
        began = time.perf_counter()
        page = person.get(path)
        took.append((time.perf_counter() - began) * 1000)
        if page.status != 200:
            raise RuntimeError(f"{path}: {page.status}")
    took.sort()
    used = (cpu(pid) - used) / asked
    print(f"{name:<46} {statistics.median(took):8.1f} ms {took[int(len(took) * .95)]:8.1f} ms (95 %) {used:8.2f} ms of CPU",
          flush=True)
    return page, took[int(len(took) * .95)]


def after(desk, n):
    """The address of the page behind the n-th item."""
    import sqlite3
    db = sqlite3.connect(f"file:{desk.path('state', 'store.db')}?mode=ro", uri=True)
    key = db.execute("SELECT rank, flagged_at, row FROM queue ORDER BY rank, flagged_at, row LIMIT 1 OFFSET ?", (n,)).fetchone()
    db.close()
    return "/moderation?apres=" + "-".join(map(str, key))


class Program:
    """Comes in with tokens, one after the other: each may ask 60 times at once (tocsin(1)), and that limit is not what is measured."""

    ASKED = 50

    def __init__(self, desk, asked):
        desk.account("robot", "moderation,dircom")
        self.tokens = [desk.run("token", "add", f"essai{n}", "--account", "robot", "--scope", "statistics:read")[1].strip().splitlines()[-1]
                       for n in range(-(-asked // self.ASKED))]
        self.visitor, self.asked = desk.visitor(), 0

    def get(self, path):
        token = self.tokens[self.asked // self.ASKED]
        self.asked += 1
        return self.visitor.ask("GET", path, headers={"Authorization": "Bearer " + token})


class Missed:
    """The goals, and which were missed."""

    def __init__(self):
        self.list = []

    def __call__(self, name, value, most, unit):
        print(f"{name:<46} {value:8.1f} {unit} (at most {most:g})", flush=True)
        if value > most:
            self.list.append(name)


def look_on(desk, n):
    """So many pages that listen; one browser has no more than a dozen."""
    people = [desk.person(f"foule{i}", "moderation") for i in range(-(-n // 12))]
    lines = []
    for i in range(n):
        line = http.client.HTTPConnection("127.0.0.1", desk.port, timeout=60)
        line.request("GET", "/evenements", headers={"Cookie": people[i // 12].cookie})
        if line.getresponse().status != 200:
            raise RuntimeError("a viewer is not let in")
        lines.append(line)
    return lines


def resident(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as f:
        return int(re.search(r"VmRSS:\s+(\d+)", f.read()).group(1)) / 1024


def newest(desk):
    import sqlite3
    with contextlib.closing(sqlite3.connect(f"file:{desk.path('state', 'store.db')}?mode=ro", uri=True)) as db:
        return db.execute("SELECT max(seq) FROM item").fetchone()[0]


def on_screen(desk, person, times):
    """Milliseconds from a commit to the open page, each time."""
    from town import comment
    script = [ROOT / "tests" / "browser" / "on-screen.mjs", f"http://127.0.0.1:{desk.port}", person.cookie, str(times)]
    took = []
    with subprocess.Popen(["node", *script], stdout=subprocess.PIPE, text=True) as browser:
        if browser.stdout.readline() != "open\n":
            raise RuntimeError("no browser: tools/setup test, tools/browser-modules")
        for n in range(times):
            before = newest(desk)
            desk.comments("site.jsonl", [comment(f"vu{n}", "Espèce d'abruti", minute=n)], "a")
            while newest(desk) == before:
                time.sleep(0.002)
            committed = time.time() * 1000
            took.append(int(browser.stdout.readline()) - committed)
    return took


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--build", default=str(ROOT / "build" / "check"))
    p.add_argument("--comments", type=int, default=1000000)
    p.add_argument("--asked", type=int, default=300)
    a = p.parse_args()
    os.environ["TOCSIN_BUILD"] = os.path.abspath(a.build)
    sys.path.insert(0, str(ROOT / "tests" / "pipeline"))
    from desk import Desk
    with Desk("  - {id: site, kind: jsonl, path: site.jsonl, follow: yes}\n") as desk:
        os.mkdir(desk.path("state"))
        subprocess.run([os.path.join(a.build, "tests", "bench", "bench-store"), desk.path("state"), "random", str(a.comments)],
                       check=True)
        desk.write("site.jsonl", "")
        desk.start()
        anne = desk.person("anne", "moderation")
        missed = Missed()
        page, late = measure(desk, anne, "À modérer", "/moderation", a.asked)
        missed("À modérer, 95 %", late, 50, "ms")
        assets = [anne.get(x).raw for x in re.findall(r'(?:href|src)="(/fixe/[^"]+)"', page.body)]
        measure(desk, anne, "À modérer, page 400", after(desk, min(20000, a.comments // 50)), a.asked)
        measure(desk, anne, "À modérer, none of the 50,000", "/moderation?categorie=menace&suivi=moi", a.asked)
        measure(desk, anne, "À modérer, a topic that is none", "/moderation?sujet=rien&du=2020-01-01&au=2039-01-01", a.asked)
        measure(desk, anne, "À modérer, to choose from", "/moderation?choisir=1", a.asked)
        measure(desk, anne, "À répondre", "/reponse", a.asked)
        measure(desk, anne, "Tout lire", "/commentaires", a.asked)
        measure(desk, anne, "Statistiques", "/equipe/statistiques", a.asked)
        measure(desk, desk.person("rosa", "regles"), "Règles", "/regles", a.asked)
        measure(desk, Program(desk, a.asked), "/api/v1/statistics", "/api/v1/statistics", a.asked)
        for name, query in (("a topic", "sujet=dechets"), ("a topic of a source", "sujet=dechets&source=facebook"),
                            ("a source", "source=facebook"), ("a topic, none of that supposition", "sujet=dechets&categorie=menace"),
                            ("a topic, on no such day", "sujet=dechets&du=2020-01-01&au=2020-12-31"),
                            ("a source that is silent", "source=silencieuse"), ("no such day", "du=2020-01-01&au=2020-12-31")):
            measure(desk, anne, "Tout lire, " + name, "/commentaires?" + query, a.asked)
        print(f"{'first visit':<46} {len(page.raw):8} + {sum(map(len, assets))} bytes")
        viewers = look_on(desk, 200)
        took = on_screen(desk, anne, 20)
        missed("a new comment on screen, at most", max(took), 1000, "ms")
        print(f"{'… its median':<46} {statistics.median(took):8.1f} ms")
        missed(f"{len(viewers)} viewers", resident(desk.pid("console")), 100, "MiB")
        desk.stop()
    return 1 if missed.list else 0


if __name__ == "__main__":
    sys.exit(main())
