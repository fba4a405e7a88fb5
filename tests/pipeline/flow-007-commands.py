"""kind command, and standard input: what a program prints, its failures, its end; what is piped in."""
import json
import os
import subprocess
import sys

from town import TOCSIN, main
from flow import Flow, many

GOOD = """#!/usr/bin/env python3
import json, sys
for i in range(2000):
    print(json.dumps({"id": f"g{i}", "text": f"message {i} é", "source": "forgé"}, ensure_ascii=False))
print("pas du JSON")
print("je commence", "secret\\x1b[31m", file=sys.stderr)
print('{"id":"fin","text":"dernière, sans fin de ligne"}', end="")
"""
# Fails twice in the middle, then works.
FLAKY = """#!/usr/bin/env python3
import json, os, sys
tries = len(open("tries").read()) if os.path.exists("tries") else 0
open("tries", "a").write("x")
for i in range(1000):
    print(json.dumps({"id": f"f{i}", "text": f"message {i}"}))
    if tries < 2 and i == 300 * (tries + 1):
        sys.stdout.flush()
        sys.exit(3) if tries else os.kill(os.getpid(), 9)
"""
SOURCES = ("  - {id: bon, kind: command, command: [./good.py]}\n"
           "  - {id: instable, kind: command, command: [./flaky.py, --tout]}\n")


def write_program(flow, name, text):
    flow.write(name, text)
    os.chmod(flow.path(name), 0o700)


def programs(ok):
    with Flow(sources=SOURCES) as flow:
        write_program(flow, "good.py", GOOD)
        write_program(flow, "flaky.py", FLAKY)
        for i in range(2000):
            flow.sent["bon", f"g{i}"] = f"message {i} é"
        flow.sent["bon", "fin"] = "dernière, sans fin de ligne"
        for i in range(1000):
            flow.sent["instable", f"f{i}"] = f"message {i}"
        ok(flow.start("--until-done", wait=False).wait(120) == 0, "both programs to their end", flow.log())
        log = flow.log()
        ok("tué par le signal 9" in log and "terminé avec le code 3" in log, "failures are logged, with a pause", log)
        ok("je commence" in log and "\x1b" not in log, "its standard error is in the log, escaped", log)
        flow.account(ok, quarantined=1)
        ok(any(p.startswith("bon@") and p.endswith(":2001") for p in flow.quarantined()), "the bad line has its place",
           flow.quarantined())
        ledger = flow.ledger()
        ok(ledger["duplicate"] >= 900, "what was printed again is known as such", ledger)


def standard_input(ok):
    with Flow(sources="  - {id: entree, kind: jsonl, path: '-'}\n") as flow:
        items = list(many(20_000))
        for item in items:
            flow.sent["entree", item["id"]] = item["text"]
        data = "".join(json.dumps(i, ensure_ascii=False) + "\n" for i in items).encode()
        done = subprocess.run([TOCSIN, "run", "--config", flow.path("tocsin.yaml"), "--until-done"], input=data,
                              capture_output=True, timeout=120)
        ok(done.returncode == 0, "standard input to its end", done.stderr.decode()[-2000:])
        flow.account(ok, name="standard input")


def scenario(ok):
    programs(ok)
    standard_input(ok)


main(scenario)
