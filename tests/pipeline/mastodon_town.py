"""A town whose source is a Mastodon account, for connect-mastodon*.py."""
import os

from acting import Acting
from fediverse import TOKEN
from flow import Flow, read_comment


def source(site, more=""):
    return (f"  - {{id: masto, kind: mastodon, url: '{site.url}', every: 1 s, token_file: jeton.txt, hashtags: [valmont], "
            f"allow_internal: ['127.0.0.1:{site.port}']{more}}}\n")


def secret(flow):
    with open(os.open(flow.path("jeton.txt"), os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as f:
        f.write(TOKEN + "\n")


def town(site, more=""):
    flow = Flow(sources=source(site, more), clock="wall")
    secret(flow)
    return flow


def has(flow, number, text, seconds=60):
    flow.wait_for(lambda: flow.stored()[0].get(("masto", number)) == text, seconds, f"{number} as {text}")


def say(flow, site, text, author="odile", **more):
    number = site.post(author, f"<p>{text}</p>", **more)
    flow.sent["masto", number] = text
    return number


def holds(flow, text):
    return any(text.encode() in body for body, in flow.rows("SELECT body FROM item"))


def row(flow, number):
    return [c for c in (read_comment(body) for body, in flow.rows("SELECT body FROM item ORDER BY seq")) if c["id"] == number][-1]


def asked(flow, site, path, times=1):
    """So many more answers to requests that begin so."""
    def count():
        return sum(a.path.startswith(path) for a in site.asked)
    n = count() + times
    flow.wait_for(lambda: count() >= n, 60, f"{times} more of {path}")


class Hands(Acting):
    def __init__(self, site, arm):
        super().__init__(source(site, ", arm: yes" if arm else ""))
        secret(self)

    def seq_of(self, number):
        found = []

        def look():
            found[:] = [seq for seq, body in self.read("SELECT seq, body FROM item ORDER BY seq") if number.encode() in body]
            return found
        self.wait_for(look, 60, number)
        return found[-1]
