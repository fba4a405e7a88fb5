"""A town for a story in the browser: stage.mjs starts this, and each line on standard input asks for one thing as JSON,
[name, argument…]; each is answered by one line, {"is": …} or {"wrong": "…"}. The town ends with its standard input.

    town_host.py small|valmont '{"rules": …, "extra": …, "policy": …, "console": …, "proxied": …, "lexicon": …, "clock": …}'

small: one source, tests/pipeline's rules. valmont: the sample town, whose month is heard piece by piece (`hear`).
"""
import datetime
import getpass
import json
import os
import re
import subprocess
import sys

SOURCE = os.environ.get("TOCSIN_SOURCE", os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
sys.path.insert(0, os.path.join(SOURCE, "tests", "pipeline"))
from desk import PASSWORD, Desk, routes, seq_of  # noqa: E402
from town import POLICY, RULES  # noqa: E402

HEARD = "  - {id: site, title: 'Site de la ville', kind: jsonl, path: site.jsonl, follow: yes}\n"

LAST_LINES = 30


def when(comment):
    return datetime.datetime.fromisoformat(comment.get("created_at", "1970-01-01T00:00:00Z").replace("Z", "+00:00"))


class Small(Desk):
    def __init__(self, rules="", extra="", policy=POLICY, proxied=False, console="", lexicon="", clock="event"):
        console = f"{{listen: '127.0.0.1:0'{', ' + console if console else ''}{', proxy: {socket: prise, users: [%s]}' % getpass.getuser() if proxied else ''}}}"
        super().__init__(HEARD, rules=RULES + rules, extra=extra, policy=policy, console=console, clock=clock)
        self.write("site.jsonl", "")
        if lexicon:
            self.write("rules/lexique.yaml", lexicon)
        self.sent = 0

    def say(self, items):
        """Comments, until each is committed or put aside; deletions, of which the pages tell."""
        self.comments("site.jsonl", items, "a")
        self.sent += sum(not item.get("deleted") for item in items)
        self.wait_for(lambda: self.committed() + self.gauges().get(("connect_quarantined_total", "site"), 0) >= self.sent,
                      60, "the comments")


class Valmont(Desk):
    def __init__(self):
        super().__init__(HEARD)
        subprocess.run([sys.executable, os.path.join(SOURCE, "tools", "sample-town"), self.folder, "--replay", "0",
                        "--console", "127.0.0.1:0"], check=True)
        os.remove(self.path("rules", "essai.yaml"))
        with open(self.path("month.jsonl"), encoding="utf-8") as f:
            self.month = [json.loads(line) for line in f]
        with open(self.path("tocsin.yaml"), encoding="utf-8") as f:
            text = re.sub(r"(?m)^(  - \{id: valmont,.*)\}$", r"\1, follow: yes}", f.read())
        assert "follow: yes" in text
        self.write("tocsin.yaml", text)
        self.write("month.jsonl", "")
        self.next = 0

    def hear(self, until):
        """The month as far as this time."""
        end = datetime.datetime.fromisoformat(until)
        first = self.next
        while self.next < len(self.month) and when(self.month[self.next]) < end:
            self.next += 1
        self.comments("month.jsonl", self.month[first:self.next], "a")
        done = self.committed
        before = -1
        while before != done() or done() < (self.next - first) // 2:
            before = done()
            self.wait_for(lambda: done() > before or self.quiet(before), 30, "the month")

    def quiet(self, seq):
        return self.gauges().get(("trend_seq", ""), 0) >= seq


class Verbs:
    """What a story may ask."""

    def __init__(self, town):
        self.town = town

    def start(self):
        self.town.start()
        return {"port": self.town.port, "password": PASSWORD, "socket": self.town.path("prise")}

    def link(self):
        return self.town.link()

    def account(self, name, roles, services=None):
        self.town.account(name, roles, PASSWORD, *(("--services", services) if services else ()))

    def say(self, items):
        self.town.say(items)

    def hear(self, until):
        self.town.hear(until)

    def json(self, *words):
        return self.town.json(*words)

    def run(self, *words):
        return self.town.run(*words)

    def routes(self):
        """[method, path, roles] of the console's table."""
        return [[method, path, sorted(roles)] for method, path, roles in routes()]

    def seq(self, text):
        return seq_of(self.town, text)

    def revive(self):
        self.town.revive()
        return self.town.port

    def log(self):
        """The last of it, for whoever reads why a story failed."""
        return self.town.log().splitlines()[-LAST_LINES:]

    def stop(self):
        return self.town.stop()


def main():
    with {"small": Small, "valmont": Valmont}[sys.argv[1]](**json.loads(sys.argv[2])) as town:
        verbs = Verbs(town)
        for line in sys.stdin:
            name, *arguments = json.loads(line)
            try:
                answer = {"is": getattr(verbs, name)(*arguments)}
            except Exception as problem:  # the story says what failed
                answer = {"wrong": f"{name}: {type(problem).__name__}: {problem}"}
            # the towns print what they keep on standard output too: an answer says that it is one
            print("= " + json.dumps(answer), flush=True)


main()
