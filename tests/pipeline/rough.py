"""The common torture list: what every polled kind goes through, whatever its server is. A kind is one entry of KINDS, a torture one
word of TORTURES (of what acts: WRITES); connect-torture*.py run all against all.

    with Rough(site.port) as road: …         # a way to a contract server on which things happen
        road.next("503", "cut:40")               # one a connection, then "ok" again
        road.write("503", "cut:40")              # the same for what changes something there (no GET)
        road.played                              # what happened so far
    road.shut = "503"                        # every connection, until it is None again
    road.between = function                  # called before each thing that is asked goes on
Words: ok · STATUS · STATUS:RETRY-AFTER · cut:BYTES · drip (all of it, slowly) · bomb · big (50 MB) · endless · type (a page instead) ·
noise (no HTTP at all) · a function, called at "asked", "half" and "sent"
"""
import contextlib
import gzip
import os
import socket
import threading
import time

import blogs
import fediverse
import feeds
import graph
import mailboxes
import mastodon_town
import meta_town
import skies
from agora import Agora
from flow import Flow, read_comment
from loopback import Bare

BOMB = gzip.compress(bytes(64 << 20), 9)
WRITES = ["503", "429:2", "drip", "bomb", "big", "endless", "type", "noise", "cut:0", "cut:9", "cut:60"]
LISTEN = "webhook: {listen: '127.0.0.1:0'}\n"  # meta's source is one of webhooks too
TORTURES = ["503", "429:2", "401", "500", "drip", "bomb", "big", "endless", "type", "noise", "cut:0", "cut:9", "cut:200"]
PLAIN = ["drip", "noise", "cut:0", "cut:9", "cut:200"]  # of a server that speaks no HTTP


class Rough(Bare):
    def __init__(self, port, heart=None):
        """heart: what the answer holds whose half and whose end are those of a step; None: it is the whole."""
        super().__init__()
        self.to, self.writes, self.played, self.carried, self.taken = port, [], [], [], 0
        self.heart, self.between, self.shut = heart, lambda: None, None

    def write(self, *words):
        with self.lock:
            self.writes += words

    def arrives(self):
        with self.lock:
            self.taken += 1
            return (self.shut or self.behaviour(),)

    def meet(self, s, word):
        if self.writes and s.recv(1, socket.MSG_PEEK) not in (b"G", b""):
            with self.lock:
                word = self.writes.pop(0) if self.writes else word
        try:
            self.serve(s, word)
        finally:
            self.played.append(word)

    def serve(self, s, word):
        if callable(word):
            self.forward(s, None, False, word)
            return
        kind, _, rest = word.partition(":")
        if kind in ("ok", "cut", "drip"):
            self.forward(s, int(rest) if kind == "cut" else None, kind == "drip")
            return
        if kind == "noise":
            s.sendall(os.urandom(300) + b"\r\n\r\n")
            return
        asked = b""
        while b"\r\n\r\n" not in asked:
            block = s.recv(65536)
            if not block:
                return
            asked += block
        if kind.isdigit():
            more = f"Retry-After: {rest}\r\n" if rest else ""
            s.sendall(f"HTTP/1.1 {kind} Non\r\n{more}Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}".encode())
        elif kind == "bomb":
            s.sendall(head("application/json", len(BOMB), "Content-Encoding: gzip\r\n") + BOMB)
        elif kind == "big":
            s.sendall(head("application/json", 50_000_000) + b"[" + b" " * 49_999_998 + b"]")
        elif kind == "endless":
            s.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n")
            while not self.stopping.is_set():
                s.sendall(b"<a>[" * 4096)
        elif kind == "type":
            s.sendall(head("text/html", 13) + b"<html></html>")
        s.shutdown(socket.SHUT_WR)
        while s.recv(65536):  # what it still sends: a reset would take our answer with it
            pass

    def ask(self, s, there, tell):
        with contextlib.suppress(OSError):
            while block := s.recv(65536):
                self.between()
                tell("asked")
                there.sendall(block)
            there.shutdown(socket.SHUT_WR)

    def forward(self, s, left, slowly, tell=lambda step: None):
        """Both ways; of what comes back no more than `left` bytes."""
        with socket.create_connection(("127.0.0.1", self.to), 30) as there:
            threading.Thread(target=self.ask, args=(s, there, tell), daemon=True).start()
            n = 0
            while left is None or n < left:
                block = there.recv(65536)
                if not block:
                    break
                block = block[:left - n] if left is not None else block
                n += len(block)
                if slowly and n < 8192:
                    for i in range(0, len(block), 16):
                        s.sendall(block[i:i + 16])
                        time.sleep(0.002)
                elif self.heart and self.heart not in block:
                    s.sendall(block)
                else:
                    s.sendall(block[:len(block) // 2])
                    tell("half")
                    s.sendall(block[len(block) // 2:])
                    if self.heart:
                        tell("sent")
            tell("sent")
            self.carried.append(n)
            with contextlib.suppress(OSError):
                s.shutdown(socket.SHUT_RDWR)


def head(media, length, more=""):
    return f"HTTP/1.1 200 OK\r\nContent-Type: {media}\r\n{more}Content-Length: {length}\r\n\r\n".encode()


def write(flow, name, text):
    with open(os.open(flow.path(name), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as f:
        f.write(text + "\n")


class Kind:
    """name: the source's. make: its server. keys: what its source says besides. say(site, text): the native id of what was published,
    or None where the reader makes it. prepare(flow): its secrets. replies(site): the town's answers there, None where it gives none.
    past(site, text): something published among so much that it is read in several steps. drop(site, it): it goes, as past named it."""

    def __init__(self, name, kind, make, keys, say, prepare=lambda flow: None, url=None, http=True, looks=True,
                 replies=None, past=None, drop=None):
        self.name, self.kind, self.make, self.keys, self.say, self.prepare = name, kind, make, keys, say, prepare
        self.url, self.http, self.looks, self.replies = url, http, looks, replies
        self.past, self.drop = past or say, drop
        self.tortures = TORTURES if http else PLAIN

    def source(self, site, road, more=""):
        if self.http:
            site.url = site.url.replace(f":{site.port}", f":{road.port}")
        url = self.url(road) if self.url else site.url
        return f"  - {{id: {self.name}, kind: {self.kind}, url: '{url}', every: 1 s, allow_internal: [127.0.0.1]{self.keys}{more}}}\n"


def on_a_page(method):
    """Comments of a page that is there, one page for all."""
    def say(site, text):
        site.here = getattr(site, "here", None) or method(site)
        return site.comment(site.here, text)
    return say


def to_a_feed(site, text):
    name = f"c{site.version}"
    site.add(name, text)
    return name


def in_small_pages(site, text):
    site.paged, site.page = True, 20
    return to_a_feed(site, text)


def in_its_place(site, text):
    place = site.place("proposals")
    return place, site.comment(place, text)


def drop_place(site, it):
    with site.lock:
        site.component("Proposals").remove(it[0])
        site.delete(it[1])


def to_the_sky(site, text):
    site.here = getattr(site, "here", None) or site.post(skies.TOWN, "Avis")
    return site.post("odile", text, site.here)


KINDS = [
    Kind("blog", "rss", feeds.FeedServer, "", to_a_feed, past=in_small_pages, drop=feeds.FeedServer.remove),
    Kind("site", "wordpress", blogs.Blog, ", user: robot, password_file: robot.txt", lambda site, text: str(site.add(text)),
         lambda flow: write(flow, "robot.txt", "abcd efgh ijkl mnop"),
         replies=lambda site: [c["text"] for c in site.comments.values() if c["author"] == "robot"],
         drop=lambda site, it: site.delete(int(it))),
    Kind("sky", "bluesky", skies.Sky, ", user: ville.example, password_file: ville.txt", to_the_sky,
         lambda flow: write(flow, "ville.txt", "abcd-efgh-ijkl-mnop"),
         replies=lambda site: [p["value"]["text"] for p in site.posts.values() if "Réponse" in p["value"]["text"]], drop=skies.Sky.drop),
    Kind("masto", "mastodon", fediverse.Fedi, ", token_file: jeton.txt, hashtags: [valmont]",
         lambda site, text: site.post("odile", f"<p>{text}</p>", mention=True),
         lambda flow: write(flow, "jeton.txt", fediverse.TOKEN), looks=False,  # a look that listens has no end
         replies=lambda site: [posted["status"].partition(" ")[2] for _, posted in site.posted], drop=fediverse.Fedi.delete),
    Kind("meta", "meta", graph.Graph, f", page: '{graph.PAGE}', token_file: meta.txt, secret_file: cle.txt, verify_file: mot.txt",
         on_a_page(lambda site: site.post()),
         lambda flow: [write(flow, *pair) for pair in (("meta.txt", graph.TOKEN), ("cle.txt", graph.SECRET), ("mot.txt", graph.WORD))],
         replies=lambda site: [c["text"] for c in site.comments.values() if "Réponse" in c["text"]], drop=graph.Graph.delete),
    Kind("agora", "decidim", Agora, "", on_a_page(lambda site: site.place("proposals")), past=in_its_place, drop=drop_place),
    Kind("boite", "imap", mailboxes.MailServer, ", user: contact, password_file: boite.txt",
         lambda site, text: site.add(text) and None, lambda flow: write(flow, "boite.txt", "secret"),
         url=lambda road: f"imap://127.0.0.1:{road.port}", http=False, past=mailboxes.MailServer.add, drop=lambda site, it: site.mails.pop(it)),
]


@contextlib.contextmanager
def town(kinds, env=None, more="", make=lambda sources, **rest: Flow(sources=sources, clock="wall", **rest)):
    """A town that listens to all of them: (it, {name: site}, {name: road})."""
    with contextlib.ExitStack() as stack:
        sites = {k.name: stack.enter_context(k.make()) for k in kinds}
        roads = {k.name: stack.enter_context(Rough(sites[k.name].port, None if k.http else b"BODY[")) for k in kinds}
        sources = "".join(k.source(sites[k.name], roads[k.name], more) for k in kinds)
        flow = stack.enter_context(make(sources, extra=LISTEN, **({"env": env} if env else {})))
        for k in kinds:
            k.prepare(flow)
        yield flow, sites, roads


def rows(flow):
    return [(source, read_comment(body)) for source, body in
            flow.rows("SELECT s.name, i.body FROM item i JOIN source s ON s.id = i.source WHERE NOT i.state & 2 ORDER BY i.seq")]


def texts(flow):
    """{source: [text, …]}, but for what was deleted there."""
    found = {}
    for source, c in rows(flow):
        found.setdefault(source, []).append(c.get("text", "").rpartition("\n")[2])  # a mail's subject stands before
    return found


def heard(flow, said, seconds=120):
    def look():
        found = texts(flow)
        return all(text in found.get(name, []) for name, text in said.items())
    flow.wait_for(look, seconds, f"{said}")


def say(kinds, sites, what):
    said = {}
    for k in kinds:
        said[k.name] = f"Bonjour, {what}, par {k.kind}"
        k.say(sites[k.name], said[k.name])
    return said
