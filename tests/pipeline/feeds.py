"""A contract server: it plays a site's feed from the published formats (RSS 2.0, RFC 9110), and everything that sites do
wrong. It is ours, no real WordPress; what it proves is that our side keeps the contract.

    with FeedServer() as site:
        site.add("1", "Bonjour")
        site.next("503", "429:3", "cut:120")     # one behaviour a request, then "ok" again
        site.asked                               # [Request(at, path, headers, played)]
Behaviours: ok (304 when the validators fit) · plain (no validators) · STATUS · STATUS:RETRY-AFTER · spent:RATELIMIT-RESET · cut:BYTES · slow · hang ·
bomb · big · endless · type:MEDIA-TYPE · to:ADDRESS · shuffled · a function, called at "asked", "half" and "sent" (of a page behind the first: "asked").
"""
import gzip
import html
import random
import socket
import time
from collections import namedtuple

from loopback import Bare

Request = namedtuple("Request", "at path headers played")
BOMB = 256 << 20


class FeedServer(Bare):
    def __init__(self):
        super().__init__()
        self.items, self.version, self.asked, self.page = {}, 0, [], 100
        self.pinned = []  # names: they stand first on the first page as well
        self.paged = False  # pages say where the next one is (rel=next), as WordPress's ?paged=2
        self.url = f"http://127.0.0.1:{self.port}/comments/feed/"
        self.started = time.time()

    def add(self, name, text, author="Odile", at=None):
        """A new comment, or other words for one that is there."""
        with self.lock:
            self.version += 1
            before = self.items.get(name)
            self.items[name] = (text, author, at or (before[2] if before else time.time()))

    def remove(self, name):
        with self.lock:
            self.version += 1
            del self.items[name]

    def document(self, shuffled=False, number=1):
        with self.lock:
            newest = list(self.items.items())[::-1]
        entries = newest[(number - 1) * self.page:number * self.page]
        if number == 1:
            entries = [(name, self.items[name]) for name in self.pinned] + entries
        if shuffled:  # out of order, and some twice
            entries += random.sample(entries, len(entries) // 2)
            random.shuffle(entries)
        out = ['<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
               'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
               'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Commentaires sur Valmont</title>'
               "<language>fr-FR</language>"]
        if self.paged and len(newest) > number * self.page:
            out.append(f'<a:link xmlns:a="http://www.w3.org/2005/Atom" rel="next" href="{self.url}?paged={number + 1}"/>')
        for name, (text, author, at) in entries:
            date = time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime(at))
            out.append(f"<item><title>Par : {author}</title><link>https://valmont.example/piscine/#comment-{name}</link>"
                       f"<dc:creator>{author}</dc:creator><pubDate>{date}</pubDate><guid isPermaLink=\"false\">{name}</guid>"
                       f"<content:encoded><![CDATA[<p>{html.escape(text)}</p>]]></content:encoded></item>")
        return ("".join(out) + "</channel></rss>").encode()

    def meet(self, s):
        raw = b""
        while b"\r\n\r\n" not in raw:
            block = s.recv(65536)
            if not block:
                return
            raw += block
        lines = raw.decode("latin-1").split("\r\n")
        headers = {k.lower(): v.strip() for k, _, v in (x.partition(":") for x in lines[1:]) if k}
        with self.lock:
            what = self.behaviour()
            self.asked.append(Request(time.monotonic(), lines[0].split()[1], headers, what))
        number = int(lines[0].split()[1].partition("paged=")[2] or 1)
        if number > 1 and callable(what):
            what("asked")
            what = "ok"
        if number > 1 and what == "ok":
            s.sendall(answer(self.document(number=number)))
        elif callable(what):
            self.stepwise(s, headers, what)
        else:
            self.play(s, headers, what)

    def whole(self, headers, shuffled=False, validators=True):
        with self.lock:
            tag = f'"v{self.version}"'
            body = self.document(shuffled)
        if validators and headers.get("if-none-match") == tag:
            return b"HTTP/1.1 304 Not Modified\r\nETag: " + tag.encode() + b"\r\n\r\n"
        return answer(body, etag=tag if validators else None)

    def stepwise(self, s, headers, tell):
        tell("asked")
        raw = self.whole(headers)
        s.sendall(raw[:len(raw) // 2])
        time.sleep(0.02)
        tell("half")
        s.sendall(raw[len(raw) // 2:])
        s.shutdown(socket.SHUT_WR)
        tell("sent")

    def play(self, s, headers, what):
        word, _, rest = what.partition(":")
        if word in ("ok", "plain", "shuffled"):
            s.sendall(self.whole(headers, word == "shuffled", word != "plain"))
        elif word == "spent":  # the document, and no more for now
            s.sendall(answer(self.document(), more=f"RateLimit-Remaining: 0\r\nRateLimit-Reset: {rest}\r\n"))
        elif word.isdigit():
            retry = f"Retry-After: {rest}\r\n" if rest else ""
            s.sendall(f"HTTP/1.1 {word} No\r\n{retry}Content-Length: 0\r\n\r\n".encode())
        elif word == "cut":
            s.sendall(self.whole({})[:int(rest)])
        elif word == "bare":  # no length: only the document itself can tell that it was cut
            s.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nConnection: close\r\n\r\n" +
                      self.document()[:int(rest)])
        elif word == "slow":
            for byte in self.whole({}):
                s.sendall(bytes([byte]))
                time.sleep(0.1)
        elif word == "hang":
            time.sleep(50)
        elif word == "bomb":
            packed = gzip.compress(b"<rss>" + bytes(BOMB), 9)
            s.sendall(answer(packed, more="Content-Encoding: gzip\r\n"))
        elif word == "big":
            s.sendall(answer(b"<rss><channel>" + b"<item/>" * (50_000_000 // 7) + b"</channel></rss>"))
        elif word == "endless":
            s.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n<rss>")
            while True:
                s.sendall(b"<channel>" * 4096)
        elif word == "type":
            s.sendall(answer(self.document(), media=rest))
        elif word == "raw":
            s.sendall(answer(rest.encode()))
        elif word == "to":
            s.sendall(f"HTTP/1.1 302 Found\r\nLocation: {rest}\r\nContent-Length: 0\r\n\r\n".encode())


def answer(body, media="application/rss+xml; charset=UTF-8", etag=None, more=""):
    tag = f"ETag: {etag}\r\n" if etag else ""
    return f"HTTP/1.1 200 OK\r\nContent-Type: {media}\r\n{tag}{more}Content-Length: {len(body)}\r\n\r\n".encode() + body
