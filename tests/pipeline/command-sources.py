#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""SIGHUP: sources that are new are started, those that changed are started again, those that went are stopped, and
nobody else notices; a configuration with a mistake changes nothing, and the mistake is said with its place."""
import os
import re
import signal

from town import Town, alive, comment, main

A = "  - {id: a, kind: jsonl, path: a.jsonl, follow: yes}\n"
B = "  - {id: b, kind: jsonl, path: b.jsonl, follow: yes}\n"
B2 = "  - {id: b, kind: jsonl, path: b2.jsonl, follow: yes}\n"
C = "  - {id: c, title: La page C, kind: jsonl, path: c.jsonl, follow: yes, silence: 2 h}\n"
ONCE = "  - {id: once, kind: command, command: [/bin/cat, a.jsonl]}\n"
HOOK = "  - {id: formulaire, kind: webhook, secret_file: secret.key}\n"


def members(town):
    return {label: int(v) for (name, label), v in town.gauges().items() if name == "member_pid" and v > 0}


class Reloading(Town):
    number = 0

    def configure(self, sources, text=None):
        """The configuration with these sources, and SIGHUP."""
        text = text or self.plain
        self.write("tocsin.yaml", text[:text.index("sources:\n")] + "sources:\n" + sources)
        self.process.send_signal(signal.SIGHUP)

    def feed(self, name, n):
        self.comments(name, [comment(self.number + i, "Bonjour", f"h{i}", self.number + i) for i in range(n)], "a")
        self.number += n

    def expect(self, rows):
        self.wait_for(lambda: self.committed() == rows, 20, f"{rows} comments")
        return True


def scenario(ok):
    with Reloading(sources=A + B) as town:
        with open(town.path("tocsin.yaml"), encoding="utf-8") as f:
            town.plain = f.read()
        with open(os.open(town.path("secret.key"), os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as f:
            f.write("0123456789abcdef0123456789abcdef\n")
        for name in ("a.jsonl", "b.jsonl", "b2.jsonl", "c.jsonl"):
            town.comments(name, [])
        town.start()
        town.feed("a.jsonl", 2)
        town.feed("b.jsonl", 3)
        town.feed("c.jsonl", 4)
        town.expect(5)
        everybody = {"store", "ingest", "score.1", "score.2", "trend", "escalate", "search", "connect.a", "connect.b"}
        town.wait_for(lambda: set(members(town)) == everybody, 5, "the metrics")
        before = members(town)

        def same(but=()):
            now = members(town)
            return {k: v for k, v in now.items() if k not in but} == {k: v for k, v in before.items() if k not in but}

        town.configure(A + B + C)
        town.expect(9)
        town.wait_for(lambda: "connect.c" in members(town), 5, "its number")
        ok(same(but=("connect.c",)), "a new source is heard, nobody else was touched", (before, members(town)))
        town.wait_for(lambda: "sources relues : 3" in town.log(), 5, "trend")
        ok(True, "trend knows its silence")

        before = members(town)
        town.feed("b2.jsonl", 5)
        town.configure(A + B2 + C)
        town.expect(14)
        town.wait_for(lambda: members(town).get("connect.b", 0) not in (0, before["connect.b"]), 5, "its number")
        ok(same(but=("connect.b",)), "a source that changed reads where it is told to; nobody else was touched",
           (before, members(town)))
        ok(not alive(before["connect.b"]), "the old one is gone")

        before = members(town)
        os.kill(before["connect.b"], signal.SIGSTOP)
        town.configure(A + C)
        town.wait_for(lambda: "connect.b" not in members(town), 20, "b to go")
        ok(not alive(before["connect.b"]) and same(but=("connect.b",)),
           "a source that went is stopped, even one that hangs; nobody else was touched", (before, members(town)))
        town.feed("b2.jsonl", 2)
        town.feed("a.jsonl", 1)
        town.expect(15)
        ok(True, "it is not read any more, the others are")

        before = members(town)
        asked = town.log().count("dernière bonne reste")
        town.configure(A.replace("jsonl,", "jsnol,") + B2 + C)
        town.wait_for(lambda: town.log().count("dernière bonne reste") > asked, 10, "a refusal")
        line = town.plain[:town.plain.index("sources:\n")].count("\n") + 2
        ok(re.search(rf"tocsin\.yaml:{line}:\d+: .*jsnol", town.log()), "a mistake is said with line and column", town.log())
        town.configure(A + B2 + C, town.plain.replace("{tell: dircom}", "{tell: dircmo}"))
        town.wait_for(lambda: town.log().count("dernière bonne reste") > asked + 1, 10, "a refusal")
        ok(re.search(r"tocsin\.yaml:\d+:\d+: .*dircmo", town.log()), "one in the plan of alarms too", town.log())
        town.feed("a.jsonl", 1)
        town.expect(16)
        ok(same(), "and nothing has changed", (before, members(town)))

        town.configure(A + B2 + C + ONCE + HOOK, town.plain.replace(
            "sources:\n", "webhook: {listen: '127.0.0.1:0'}\nscore: {workers: 3}\nsources:\n"))
        town.wait_for(lambda: "webhook" in members(town), 20, "the webhook")
        town.expect(18 + 4)
        ok("« score » a changé : pris en compte au prochain lancement" in town.log(), "what only a start takes is said",
           town.log())
        ok(same(but=("webhook", "connect.b", "connect.once")), "a webhook, and b again where it was",
           (before, members(town)))
        town.configure(A)
        town.wait_for(lambda: set(members(town)) & {"webhook", "connect.c", "connect.b"} == set(), 20, "most to go")
        ok(same(but=("webhook", "connect.c", "connect.b", "connect.once")), "one source is left")
        ok("il repart" not in town.log(), "nobody was taken for dead", town.log())
        ok(town.stop() == 0, "stops")
        ledger = town.json("verify")
        ok(all(r["balanced"] for r in ledger) and sum(r["new"] for r in ledger) == 22, "counts are right", ledger)


main(scenario)
