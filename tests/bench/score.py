#!/usr/bin/env python3
"""CPU time of `tocsin score`, from JSON lines to verdict lines, and of loading its rules.

  tests/bench/score.py TOCSIN RULES COMMENTS.jsonl

Loading is a run over no comment. Dates that tocsin would refuse are set to one day first.
"""
import os
import re
import subprocess
import sys
import tempfile


def cost(command):
    """Seconds of CPU and KiB at most of one run."""
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    if status:
        sys.exit(f"{command[0]}: status {status}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    tocsin, rules, corpus = sys.argv[1:]
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".jsonl") as out:
        lines = 0
        with open(corpus, encoding="utf-8") as comments:
            for line in comments:
                out.write(re.sub(r'"ts":"[0-9.]*"', '"ts":"2026-01-01T12:00:00Z"', line, count=1))
                lines += 1
        out.flush()
        command = [tocsin, "score", "--rules", rules]
        load, memory = cost([*command, os.devnull])
        whole, _ = cost([*command, out.name])
    print(f"load {load:.2f} s, {memory / 1024:.0f} MiB; {(whole - load) / lines * 1e6:.2f} us a comment, {lines}")


main()
