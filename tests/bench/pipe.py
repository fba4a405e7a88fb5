#!/usr/bin/env python3
"""How fast the whole pipeline goes, from a file to the committed verdict of every comment.

  tests/bench/pipe.py [--build build/check] [--lines 1000000] [--ids increasing|random] [--search] [--rules FOLDER] [--csv]
                      [--reference DIR]      a folder with bin/pipe, a corpus.jsonl and patterns: the bare
                                             reference pipeline, run before and after in the same minute
                      --csv: from a table (kind csv) instead of lines of JSON; the connector's peak memory beside it
  tests/bench/pipe.py --backlog 2000000      memory of ingest while so many comments wait
  tests/bench/pipe.py --latency 500          webhook to committed verdict, so many requests a second
  tests/bench/pipe.py --restart 365          trend killed after so many days of 150 comments, until it has read them again

Everything runs in a temporary folder with the shipped rules. Prints one line a figure: name, value, unit.
The rate counts from the first to the last commit, as the database says; synchronous=FULL throughout.
"""
import argparse
import csv
import hashlib
import hmac
import http.client
import json
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

NATIVE = re.compile(rb"w\d{8}")
ROOT = pathlib.Path(__file__).resolve().parents[2]


def say(name, value, unit):
    print(f"{name:<44} {value:>12,.1f} {unit}", flush=True)


def sentences():
    """Ordinary French sentences: those of the sample town, else a few of our own."""
    found = []
    sample = ROOT / "tools" / "sample-month"
    if sample.exists():
        out = subprocess.run([sys.executable, sample, "--seed", "1"], capture_output=True, text=True)
        found = [json.loads(line).get("text", "") for line in out.stdout.splitlines()]
    return [s for s in found if s] or [
        "Bonjour, le camion des poubelles n'est pas passé rue des Tilleuls ce matin.",
        "Merci aux agents pour le déneigement devant l'école, c'était parfait.",
        "Encore des travaux avenue Foch, on n'en voit pas le bout !",
    ]


def write_corpus(path, lines, ids, seed=7, a_second=20):
    rnd = random.Random(seed)
    texts = [json.dumps(s, ensure_ascii=False) for s in sentences()]
    sources = ["facebook", "instagram", "site", "courriel"]
    start = 1767600000
    with open(path, "w", encoding="utf-8") as out:
        for i in range(lines):
            native = f"{i:012d}" if ids == "increasing" else f"{rnd.getrandbits(64):016x}"
            stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(start + i / a_second))
            out.write(
                f'{{"id":"{native}","source":"{sources[i & 3]}","author":"u{rnd.randrange(lines // 4 + 1)}",'
                f'"created_at":"{stamp}","text":{texts[rnd.randrange(len(texts))]}}}\n'
            )


def write_table(path, lines, seed=7, a_second=20):
    """The same as a participation platform exports it."""
    rnd = random.Random(seed)
    texts, start = sentences(), 1767600000
    with open(path, "w", encoding="utf-8-sig", newline="") as out:
        table = csv.writer(out, delimiter=";", lineterminator="\r\n")
        table.writerow(["Numéro", "Date", "Pseudo", "Commentaire"])
        for i in range(lines):
            stamp = time.strftime("%d/%m/%Y %H:%M:%S", time.gmtime(start + i / a_second))
            table.writerow([f"{i:012d}", stamp, f"u{rnd.randrange(lines // 4 + 1)}", rnd.choice(texts)])


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def hundred_rules(folder, packs):
    """The packs, filled up to a hundred rules with words that French comments do use."""
    shutil.copytree(packs, folder)
    have = sum(len(re.findall(r"^\s*- id\s*:", p.read_text(encoding="utf-8"), re.M)) for p in folder.glob("*.yaml"))
    lines = ["tocsin: 1", "pack: banc", "owner: banc@banc.example", "rules:"]
    for i in range(max(1, 100 - have)):
        lines.append(f"  - {{id: banc.r{i}, title: Banc {i}, status: live, category: vulgarite, priority: P4, score: 1, "
                     f"when: {{words: [zozoter{chr(97 + i % 26)}, bricole{chr(97 + i // 26)}x]}}, "
                     f"tests: {{match: [zozoter{chr(97 + i % 26)}], no_match: [bonjour]}}}}")
    (folder / "banc.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return have + max(1, 100 - have)


class Town:
    """One pipeline in a folder of its own."""

    def __init__(self, build, corpus=None, workers=1, search=False, webhook=False, rules=None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tocsin-bench-"))
        self.port = free_port() if webhook else None
        self.rules = hundred_rules(self.folder / "rules", rules or ROOT / "rules" / "fr")
        lines = [
            "tocsin: 1",
            "town: {name: Banc, zone: Europe/Paris, language: fr}",
            f"folders: {{state: {self.folder}/state, run: {self.folder}/run, rules: {self.folder}/rules}}",
            "clock: event",
            "ingest: {backlog: 10000000}",
            f"score: {{workers: {workers}}}",
            f"search: {'yes' if search else 'no'}",
            f"mail: {{from: tocsin@banc.example, folder: {self.folder}/mails}}",
            "people: [{id: dircom, name: Dir Com, mail: dircom@banc.example}]",
            "levels: {jaune: [{tell: dircom}], orange: [{tell: dircom}], rouge: [{tell: dircom}], gris: [{tell: dircom}], P1: [{tell: dircom}]}",
            "policy: {fallback: [dircom]}",
            "sources:",
        ]
        if corpus:
            lines.append(f"  - {{id: banc, title: Banc, kind: jsonl, path: {corpus}}}" if corpus.suffix != ".csv" else
                         f"  - {{id: banc, title: Banc, kind: csv, path: {corpus}, "
                         "columns: {id: Numéro, created_at: Date, author: Pseudo, text: Commentaire}}")
        if webhook:
            (self.folder / "key").write_text("secret de banc d'essai, assez long")
            lines.append(f"  - {{id: crochet, title: Crochet, kind: webhook, secret_file: {self.folder}/key}}")
            lines.append(f"webhook: {{listen: 127.0.0.1:{self.port}}}")
        (self.folder / "tocsin.yaml").write_text("\n".join(lines) + "\n")
        self.process = subprocess.Popen(
            [build / "src/tocsin/tocsin", "run", "--config", self.folder / "tocsin.yaml"],
            stderr=open(self.folder / "log", "w"), stdout=subprocess.DEVNULL)

    def database(self, timeout=20):
        path = self.folder / "state" / "store.db"
        end = time.time() + timeout
        while time.time() < end:
            try:
                db = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)
                db.execute("SELECT count(*) FROM sqlite_master").fetchone()
                return db
            except sqlite3.Error:
                time.sleep(0.02)
        raise SystemExit(f"no database in {path}; see {self.folder}/log")

    def children(self):
        """{process name: pid} of the supervisor's children."""
        found = {}
        for entry in pathlib.Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = entry.read_text().rsplit(")", 1)
                if int(fields[1].split()[1]) == self.process.pid:
                    found.setdefault(fields[0].split("(", 1)[1], []).append(int(entry.parent.name))
            except (OSError, IndexError, ValueError):
                continue
        return found

    def cpu(self):
        """CPU seconds by process name so far."""
        tick = os.sysconf("SC_CLK_TCK")
        out = {}
        for name, pids in self.children().items():
            for pid in pids:
                fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
                out[name] = out.get(name, 0) + (int(fields[11]) + int(fields[12])) / tick
        return out

    def peak(self, name):
        """KiB that the process had at most; 0 when it is gone."""
        for pid in (p for known, pids in self.children().items() if name.startswith(known) for p in pids):
            try:
                status = pathlib.Path(f"/proc/{pid}/status").read_text()
            except OSError:
                continue
            return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")), 0)
        return 0

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def last_seq(db):
    try:
        return db.execute("SELECT max(seq) FROM item").fetchone()[0] or 0
    except sqlite3.OperationalError:
        return 0


def bench_rate(args, build):
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as folder:
        corpus = pathlib.Path(folder) / ("corpus.csv" if args.csv else "corpus.jsonl")
        if args.csv:
            write_table(corpus, args.lines)
        else:
            write_corpus(corpus, args.lines, args.ids)
        say("corpus", corpus.stat().st_size / args.lines, "bytes a line")
        town = Town(build, corpus, args.workers, args.search, rules=args.rules)
        try:
            say("rules", town.rules, "")
            db = town.database()
            patience = time.time() + 60
            while (first := last_seq(db)) == 0:
                time.sleep(0.005)
                if time.time() > patience or town.process.poll() is not None:
                    raise SystemExit(f"nothing is committed; see {town.folder}/log")
            began, marks, idle, peak = time.time(), [], 0, 0
            while True:
                time.sleep(0.1)
                now = last_seq(db)
                peak = town.peak("tocsin-connect") or peak
                marks.append((time.time(), now))
                if now >= args.lines:
                    break
                idle = idle + 1 if len(marks) > 1 and marks[-2][1] == now else 0
                if idle > 100 or town.process.poll() is not None:
                    raise SystemExit(f"stands still at {now} of {args.lines}; see {town.folder}/log")
            took = marks[-1][0] - began
            say(f"file to committed verdict, {args.ids} ids", (args.lines - first) / took, "comments/s")
            say("connect, peak memory", peak / 1024, "MiB")
            tail = next(m for m in marks if m[1] >= args.lines * 3 // 4)
            if marks[-1][0] > tail[0]:
                say("… the last quarter", (args.lines - tail[1]) / (marks[-1][0] - tail[0]), "comments/s")
            for name, seconds in sorted(town.cpu().items()):
                say(f"CPU of {name}", seconds / args.lines * 1e6, "µs/comment")
            if args.search:
                measure_search(town, args.lines)
        finally:
            town.stop()


def measure_search(town, lines):
    metric = town.folder / "run" / "metrics" / "tocsin-search.prom"
    began, start, where = time.time(), None, 0
    while where < lines:
        time.sleep(0.2)
        text = metric.read_text() if metric.exists() else ""
        where = next((float(l.split()[-1]) for l in text.splitlines() if l.startswith("tocsin_search_seq")), 0)
        if start is None:
            start = where
            say("full text behind at the last commit", lines - where, "comments")
        if time.time() - began > 600:
            raise SystemExit("full text does not catch up")
    if time.time() - began > 1:
        say("full text, catching up", (lines - start) / (time.time() - began), "comments/s")


def bench_backlog(args, build):
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as folder:
        corpus = pathlib.Path(folder) / "corpus.jsonl"
        write_corpus(corpus, args.backlog, "increasing")
        town = Town(build, corpus, 1)
        try:
            town.database()
            time.sleep(1)
            stopped = [p for name, pids in town.children().items() if "score" in name for p in pids]
            for pid in stopped:
                os.kill(pid, signal.SIGSTOP)
            journal = town.folder / "state" / "journal.db"
            ingest = town.children()["tocsin-ingest"][0]
            size = -1
            while True:
                time.sleep(3)
                now = journal.stat().st_size
                if now == size:
                    break
                size = now
            status = open(f"/proc/{ingest}/status").read()
            peak = next(l for l in status.splitlines() if l.startswith("VmHWM")).split()[1]
            say("journal", size / 2**20, "MiB")
            say(f"ingest, peak memory, {args.backlog} waiting", int(peak) / 1024, "MiB")
            for pid in stopped:
                os.kill(pid, signal.SIGCONT)
        finally:
            town.stop()


def bench_latency(args, build):
    town = Town(build, None, 1, webhook=True)
    key = (town.folder / "key").read_bytes()
    sent, seen, stop = {}, {}, threading.Event()
    seconds, text = args.seconds, sentences()

    def watch():
        db, after = town.database(), 0
        while not stop.is_set():
            for seq, body in db.execute("SELECT seq, body FROM item WHERE seq > ? ORDER BY seq", (after,)):
                seen[NATIVE.search(body)[0].decode()] = time.time()
                after = seq
            time.sleep(0.002)

    def send(worker, workers, numbers=None):
        rnd = random.Random(worker)
        conn = http.client.HTTPConnection("127.0.0.1", town.port, timeout=10)
        start = time.time()
        for i in numbers or range(worker, int(args.latency * seconds), workers):
            wait = 0 if numbers else start + i / args.latency - time.time()
            if wait > 0:
                time.sleep(wait)
            native = f"w{i:08d}"
            body = json.dumps({"id": native, "text": rnd.choice(text)}).encode()
            stamp = str(int(time.time()))
            mac = hmac.new(key, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
            sent[native] = time.time()
            conn.request("POST", args.path, body, {"Content-Type": "application/json",
                         "X-Tocsin-Timestamp": stamp, "X-Tocsin-Signature": "sha256=" + mac})
            answer = conn.getresponse()
            answer.read()
            if answer.status != 202:
                raise SystemExit(f"webhook answers {answer.status}")

    try:
        end = time.time() + 20
        while time.time() < end:
            try:
                socket.create_connection(("127.0.0.1", town.port), 1).close()
                break
            except OSError:
                time.sleep(0.05)
        watcher = threading.Thread(target=watch)
        watcher.start()
        send(0, 1, [10 ** 7])  # until the first verdict, rules are still being read
        while not seen:
            time.sleep(0.05)
        sent.clear()
        time.sleep(1)
        senders = [threading.Thread(target=send, args=(k, 8)) for k in range(8)]
        for t in senders:
            t.start()
        for t in senders:
            t.join()
        time.sleep(1)
        stop.set()
        watcher.join()
        delays = sorted((seen[k] - sent[k]) * 1000 for k in sent if k in seen)
        say("requests", len(sent), f"in {seconds} s")
        say("… of which committed", len(delays), "")
        for q in (50, 95, 99):
            say(f"webhook to committed verdict, p{q}", delays[min(len(delays) - 1, len(delays) * q // 100)], "ms")
    finally:
        stop.set()
        town.stop()


def trend_at(town):
    """Up to where tocsin-trend has read, as it said last; it says so every second."""
    metric = town.folder / "run" / "metrics" / "tocsin-trend.prom"
    try:
        text = metric.read_text()
    except FileNotFoundError:
        return 0
    return next((float(line.split()[-1]) for line in text.splitlines() if line.startswith("tocsin_trend_seq")), 0)


def wait_until(what, true, seconds):
    end = time.time() + seconds
    while not true():
        if time.time() > end:
            raise SystemExit(f"not within {seconds} s: {what}")
        time.sleep(0.005)


def bench_restart(args, build):
    lines = args.restart * 150
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as folder:
        corpus = pathlib.Path(folder) / "corpus.jsonl"
        write_corpus(corpus, lines, "increasing", a_second=150 / 86400)
        town = Town(build, corpus, 1)
        try:
            wait_until("all committed and counted", lambda: trend_at(town) >= lines, 300)
            for _ in range(5):
                old = town.children()["tocsin-trend"][0]
                (town.folder / "run" / "metrics" / "tocsin-trend.prom").unlink()
                began = time.time()
                os.kill(old, signal.SIGKILL)
                wait_until("counted again", lambda: trend_at(town) >= lines, 60)
                took = time.time() - began
                say(f"trend counts {lines} comments of {args.restart} days again", took, "s")
                say("… of which CPU", town.cpu()["tocsin-trend"], "s")
                time.sleep(12)  # a process that dies soon again is started later
        finally:
            town.stop()


def reference(folder):
    """bin/pipe PATTERNS CORPUS of the reference folder: its own lines, as they are."""
    base = pathlib.Path(folder)
    patterns = sorted(base.glob("patterns-clean-100*")) or sorted(base.glob("patterns*100*"))
    if not (base / "bin/pipe").exists() or not patterns or not (base / "corpus.jsonl").exists():
        print(f"reference: {folder} lacks bin/pipe, patterns or corpus.jsonl; left out")
        return
    out = subprocess.run([base / "bin/pipe", patterns[0], base / "corpus.jsonl"], cwd=base, capture_output=True, text=True)
    for line in out.stdout.splitlines():
        fields = line.split("\t")
        say(f"reference bin/pipe, {fields[1]}", float(fields[2]), "comments/s")


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--build", default="build/check")
    p.add_argument("--lines", type=int, default=1000000)
    p.add_argument("--ids", choices=["increasing", "random"], default="increasing")
    p.add_argument("--csv", action="store_true")
    p.add_argument("--workers", type=int, default=1)
    p.add_argument("--search", action="store_true")
    p.add_argument("--rules", help="a folder of packs; without it the shipped ones")
    p.add_argument("--reference")
    p.add_argument("--backlog", type=int)
    p.add_argument("--latency", type=int)
    p.add_argument("--restart", type=int)
    p.add_argument("--seconds", type=int, default=20)
    p.add_argument("--path", default="/v1/comments/crochet")
    args = p.parse_args()
    build = pathlib.Path(args.build).resolve()
    if args.reference:
        reference(args.reference)
    if args.backlog:
        bench_backlog(args, build)
    elif args.latency:
        bench_latency(args, build)
    elif args.restart:
        bench_restart(args, build)
    else:
        bench_rate(args, build)
    if args.reference:
        reference(args.reference)


if __name__ == "__main__":
    main()
