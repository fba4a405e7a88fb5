"""A town whose source is a page of Meta's, for connect-meta*.py."""
import os

from acting import Acting
from flow import Flow, read_comment
from graph import PAGE, SECRET, TOKEN, WORD


LISTEN = "webhook: {listen: '127.0.0.1:0'}\n"


def source(site, more=""):
    network = ", network: instagram" if site.instagram else ""
    return (f"  - {{id: meta, kind: meta, page: '{PAGE}', url: '{site.url}', every: 1 s, token_file: jeton.txt, secret_file: cle.txt, "
            f"verify_file: mot.txt{network}, allow_internal: ['127.0.0.1:{site.port}']{more}}}\n")


def secrets(flow):
    for name, text in (("jeton.txt", TOKEN), ("cle.txt", SECRET), ("mot.txt", WORD)):
        with open(os.open(flow.path(name), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as f:
            f.write(text + "\n")


def town(site, more=""):
    flow = Flow(sources=source(site, more), clock="wall", extra=LISTEN)
    secrets(flow)
    return flow


def door(flow):
    return flow.wait_for(lambda: int(flow.gauges().get(("webhook_port", ""), 0)), 30, "the door")


def say(flow, site, post, text, **more):
    number = site.comment(post, text, **more)
    flow.sent["meta", number] = text
    return number


def has(flow, number, text, seconds=60):
    flow.wait_for(lambda: flow.stored()[0].get(("meta", number)) == text, seconds, f"{number} as {text}")


def holds(flow, text):
    return any(text.encode() in body for body, in flow.rows("SELECT body FROM item"))


def row(flow, number):
    return [c for c in (read_comment(body) for body, in flow.rows("SELECT body FROM item ORDER BY seq")) if c["id"] == number][-1]


def looks(flow, site, n=2):
    def count():
        return sum(a.path.startswith(f"/v25.0/{PAGE}/") for a in site.asked)
    upto = count() + n
    flow.wait_for(lambda: count() >= upto, 60, "another look")


class Hands(Acting):
    def __init__(self, site, arm):
        super().__init__(source(site, ", arm: yes" if arm else ""), {"extra": LISTEN})
        secrets(self)

    def seq_of(self, number):
        found = []

        def look():
            found[:] = [seq for seq, body in self.read("SELECT seq, body FROM item ORDER BY seq") if number.encode() in body]
            return found
        self.wait_for(look, 60, number)
        return found[-1]
