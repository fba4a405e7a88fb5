#!/usr/bin/env python3
"""chaos.py SCENARIO [--comments N] [--seed N]: one storm over the real binaries, TAP; TOCSIN_BUILD names the build.

What holds after each: nothing lost, nothing twice, every byte as sent, the ledger balanced, the databases whole.
tools/chaos runs them all in full length and prints the table.
"""
import argparse
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from storm import Storm, say  # noqa: E402
from flow import many  # noqa: E402
from town import BUILD, Plan  # noqa: E402


def kills(ok, o, label):
    """kill -9 of one kind of process, o.times times, while comments flow."""
    with Storm(o.comments, o.seed, extra="score: {workers: 2}\n") as s:
        s.start()
        s.pour(o.seconds)
        s.strike(label, o.times, o.seconds)
        s.calm()
        ok(s.kills == o.times, f"{label} was killed {o.times} times", s.kills)
        ok(s.stop() == 0, "stops")
        s.reckon(ok, f"{o.times} kill -9 of {label}")


def kill_all(ok, o):
    """Supervisor and all its children at once; then a new start."""
    times = o.times
    with Storm(o.comments, o.seed) as s:
        s.start()
        s.pour(o.seconds)
        for _ in range(times):
            time.sleep(o.seconds / times * s.random.uniform(0.4, 1.6))
            s.kill_all()
            s.start()
        s.calm()
        ok(s.stop() == 0, "stops")
        s.reckon(ok, f"{times} kill -9 of everything", restarts=times)


def stops(ok, o):
    """SIGSTOP and, much later, SIGCONT; a scorer beyond its lease."""
    with Storm(o.comments, o.seed, extra="score: {workers: 2}\n") as s:
        s.start()
        s.pour(o.seconds)
        for label, pause in (("store", 6), ("ingest", 6), ("score.1", 34)):
            pids = s.processes(label)
            ok(len(pids) == 1, f"{label} runs", pids)
            os.kill(pids[0], signal.SIGSTOP)
            time.sleep(pause)
            os.kill(pids[0], signal.SIGCONT)
        s.calm()
        ok(s.stop() == 0, "stops")
        s.reckon(ok, "SIGSTOP of store, ingest and a scorer")


def disk_full(ok, o, base):
    """The disk under one database is full for a while, then has room again."""
    with Storm(o.comments, o.seed) as s:
        s.start()
        s.pour(o.seconds)
        time.sleep(o.seconds / 4)
        files = [s.path("state", n) for n in os.listdir(s.path("state")) if n.startswith(base)]
        room = sum(os.path.getsize(f) for f in files) + 20_000
        s.faults(f"budget /state/{base} {room}")
        s.pouring.join()
        time.sleep(2)
        first, waiting = s.seq(), s.waiting()
        time.sleep(1)
        ok(s.seq() == first and first < len(s.sent), "nothing more is committed while the disk is full", (first, s.seq()))
        ok(s.process.poll() is None, "the pipeline lives on")
        s.faults()
        s.calm()
        ok(s.stop() == 0, "stops")
        s.reckon(ok, f"full disk under {base}", committed_when_full=first, waiting_when_full=waiting)


def io_errors(ok, o):
    """Writes and fsyncs of both databases fail at random."""
    with Storm(o.comments, o.seed) as s:
        s.start()
        s.pour(o.seconds)
        s.faults("fail /state/journal.db write EIO p=0.03", "fail /state/journal.db fsync EIO p=0.1",
                 "fail /state/store.db write EIO p=0.005", "fail /state/store.db fsync EIO p=0.1")
        s.pouring.join()
        s.faults()
        s.calm()
        failed = s.log().count("\n")
        ok(s.stop() == 0, "stops")
        s.reckon(ok, "write and fsync errors", log_lines=failed)


def pushes(s, stop):
    """Signed pushes, one after the other: what got its 202 must be there, the rest may be."""
    from gate import SECRET, headers_for
    import http.client
    import json
    i = 0
    while not stop.is_set():
        port = int(s.gauges().get(("webhook_port", ""), 0))
        key = "formulaire", f"w{i}"
        body = json.dumps({"id": key[1], "text": f"poussé {i}", "author": "w"}).encode()
        s.authors[key] = "w"
        s.maybe[key] = f"poussé {i}"
        try:
            c = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            c.request("POST", "/v1/comments/formulaire", body, headers_for(body, secret=SECRET))
            if c.getresponse().status == 202:
                s.sent[key] = s.maybe[key]
            c.close()
        except OSError:
            pass
        except http.client.HTTPException:
            pass
        i += 1
        time.sleep(0.01)


def cuts_of(o):
    return max(3, o.times // 2)


def power_cuts(ok, o, lie=False):
    """The machine loses its power at random moments; what was acknowledged is there afterwards."""
    sources = ("  - {id: site, kind: jsonl, path: site.jsonl, follow: yes}\n"
               "  - {id: formulaire, kind: webhook, secret_file: secret.key}\n")
    env = {"TOCSIN_FAULT_LIE": "1"} if lie else {}
    with Storm(o.comments, o.seed, env=env, cuts=True, sources=sources,
               extra="webhook: {listen: '127.0.0.1:0'}\n") as s:
        from gate import SECRET
        with open(os.open(s.path("secret.key"), os.O_WRONLY | os.O_CREAT, 0o600), "wb") as f:
            f.write(SECRET + b"\n")
        s.start()
        stop = threading.Event()
        pusher = threading.Thread(target=pushes, args=(s, stop))
        pusher.start()
        s.pour(o.seconds)
        cuts = cuts_of(o)
        try:
            for n in range(cuts):
                time.sleep(o.seconds / cuts * s.random.uniform(0.5, 1.5))
                if n == 0:
                    unseen = s.unseen()
                    s.kill_all()
                    ok(not unseen, "the library saw every change", unseen)
                s.power_cut(None if n % 2 else o.seed * 100 + n)
                if lie and n == cuts - 1:
                    break
                s.start()
        finally:
            stop.set()
            pusher.join()
        if lie:
            s.pouring.join()
            return s
        file = [k for k in s.sent if k[0] == "site"]
        s.pouring.join()
        count = "SELECT count(*) FROM item"
        s.wait_for(lambda: s.rows(count)[0][0] >= len(s.sent), 180, "every acknowledged comment")
        s.wait_for(lambda: s.waiting() == 0, 60, "an empty journal")
        ok(s.stop() == 0, "stops")
        s.reckon(ok, f"{cuts} power cuts", cuts=cuts, lines=len(file), pushes=len(s.sent) - len(file))
    return None


def lying_fsync(ok, o):
    """Negative control: with an fsync that lies, a power cut must lose what was acknowledged, and we must see it."""
    sources = "  - {id: site, kind: jsonl, path: site.jsonl}\n"
    with Storm(o.comments, o.seed, env={"TOCSIN_FAULT_LIE": "1"}, cuts=True, sources=sources) as s:
        s.lines("site.jsonl", many(min(o.comments, 20_000)))
        s.start()
        s.calm()
        s.power_cut()
        try:
            lost = s.differences()[0]
        except Exception as e:  # the database is gone with its first page
            lost = list(s.sent)
            print(f"# {e}")
        ok(len(lost) > 0, "the loss is seen", len(lost))
        say("negative control, fsync lies", sent=len(s.sent), lost=len(lost))
        s.sent.clear()


def poison(ok, o):
    """A few comments crash every scorer that looks at them."""
    guilty = sorted({11 % o.comments, o.comments // 2, o.comments - 5})
    env = {"TOCSIN_FAULT_MARKER": "zzfatalzz", "TOCSIN_FAULT_MARKER_AT": "receive"}
    with Storm(o.comments, o.seed, env=env) as s:
        items = list(many(o.comments))
        for i in guilty:
            items[i]["text"] += " zzfatalzz"
        s.lines("site.jsonl", items)
        s.start()
        s.calm()
        ok(s.stop() == 0, "stops")
        s.reckon(ok, f"{len(guilty)} comments that crash the scorer",
                 unscored=sorted((("site", items[i]["id"]) for i in guilty), key=order_of(s)))


def order_of(s):
    """Sorting key: the order in which the database has them."""
    from flow import read_comment
    place = {}
    for seq, body in s.rows("SELECT seq, body FROM item ORDER BY seq"):
        c = read_comment(body)
        place[c["source"], c["id"]] = seq
    return lambda key: place.get(key, 0)


def bad_row(ok, o):
    """A comment and a verdict that the store cannot read: dead letters, and their neighbours are stored."""
    from bell import Bell
    with Bell() as bell:
        tool = os.path.join(BUILD, "tests", "chaos", "bad-result")
        for batch in (1, 2):
            done = subprocess.run([tool, bell.path("run"), str(batch)], timeout=60, capture_output=True, text=True)
            ok(done.returncode == 0, f"batch {batch} is answered COMMITTED", done.stderr)
        again = subprocess.run([tool, bell.path("run"), "1"], timeout=60, capture_output=True, text=True)
        ok(again.returncode == 0, "and again when it is delivered again", again.stderr)
        items = bell.rows("SELECT count(*) FROM item")[0][0]
        dead = bell.rows("SELECT count(*), sum(length(comment) > 0) FROM dead")[0]
        ok(items == 4, "their neighbours are stored", items)
        ok(dead == (4, 4), "the bad ones are dead letters, raw", dead)
        say("rows that the store cannot take", results=8, stored=items, dead=dead[0])


def receivers(ok, o):
    """Threats come in while the mail server fails in every way and escalate is killed; every alarm arrives."""
    from bell import parse
    from receivers import Smtp
    modes = ["mute", "421", "cut", "4xx", "reset", "half", "4xx-data", "hang", "slow", "cut", "421", "reset", "4xx", "ok"]
    threats = 12
    policy = ("people: [{id: dircom, name: A. Roche, mail: dircom@ville.example}]\n"
              "levels:\n" + "".join(f"  {c}: [{{tell: dircom}}]\n" for c in ("jaune", "orange", "rouge", "gris", "P1")) +
              "policy: {fallback: [dircom]}\n")
    with Smtp(modes, limit=90) as server, Storm(o.comments, o.seed, policy=policy, clock="wall") as s:
        yaml = open(s.path("tocsin.yaml"), encoding="utf-8").read()
        s.write("tocsin.yaml", yaml.replace("mail: {folder: outbox}",
                f"mail: {{url: '{server.url}', tls: none, from: tocsin@ville.example}}"))
        items = list(many(2000))
        for n in range(threats):
            items[n * 150]["text"] = f"on sait où tu habites, numéro {n}"
            items[n * 150]["author"] = f"m{n}"
            s.authors["site", items[n * 150]["id"]] = f"m{n}"
        for item in items:
            del item["created_at"]
        s.lines("site.jsonl", items)
        s.start()
        s.wait_for(lambda: server.connections >= 3, 60, "attempts")
        for _ in range(3):
            s.kills += s.kill("escalate")
            time.sleep(2)
        s.calm()
        # five threats ring by themselves, the rest of the hour is a series that rings at 1, 2, 4 …
        untold = "SELECT count(*) FROM incident WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE incident = incident.id AND state = 2)"
        s.wait_for(lambda: s.rows("SELECT count(*) FROM incident WHERE kind = 4")[0][0] >= 6 and
                   s.rows(untold)[0][0] == 0 and s.rows("SELECT count(*) FROM outbox WHERE state < 2")[0][0] == 0,
                   240, "every alarm to be sent")
        heard = sum(i["facts"]["messages"] for i in s.json("incidents", "--all") if i["kind"] == "P1")
        ok(heard == threats, "every threat is in an alarm", heard)
        mails = [parse(m.raw) for m in server.arrived]
        ids = [m["Message-ID"] for m in mails]
        silent = [i for k, i in enumerate(ids) if i in ids[:k] and "doublon possible" not in mails[k]["Subject"]]
        sent = s.rows("SELECT count(*) FROM outbox WHERE state = 2")[0][0]
        ok(len(set(ids)) >= sent >= 6, "every alarm that was sent has arrived", (len(set(ids)), sent))
        ok(not silent, "no second copy is silent about it", silent)
        ok(s.stop() == 0, "stops")
        s.reckon(ok, "mail server fails in every way", alarms=sent, arrived=len(set(ids)), copies=len(ids) - len(set(ids)),
                 attempts=server.connections)


SCENARIOS = {
    "kill-score": lambda ok, o: kills(ok, o, "score"),
    "kill-store": lambda ok, o: kills(ok, o, "store"),
    "kill-ingest": lambda ok, o: kills(ok, o, "ingest"),
    "kill-connect": lambda ok, o: kills(ok, o, "connect"),
    "kill-trend": lambda ok, o: kills(ok, o, "trend"),
    "kill-all": kill_all,
    "stop": stops,
    "journal-full": lambda ok, o: disk_full(ok, o, "journal.db"),
    "store-full": lambda ok, o: disk_full(ok, o, "store.db"),
    "io-errors": io_errors,
    "power-cuts": power_cuts,
    "lying-fsync": lying_fsync,
    "poison": poison,
    "bad-row": bad_row,
    "receivers": receivers,
}


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("scenario", choices=SCENARIOS)
    p.add_argument("--comments", type=int, default=200_000)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--times", type=int, default=20, help="kills")
    p.add_argument("--seconds", type=float, default=30, help="how long comments flow")
    o = p.parse_args()
    print(f"# {o}", flush=True)
    with Plan() as ok:
        SCENARIOS[o.scenario](ok, o)
    sys.exit(1 if ok.failed else 0)


main()
