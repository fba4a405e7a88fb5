"""What contract servers share: a small HTTP server of ours that plays a vendor's API from its published documents, and everything
that servers do wrong. It is ours, none of the vendor's; what it proves is that our side keeps the contract.

    class Api(Contract):
        def answer(self, ask): return 200, {…}            # or (status, object, headers)
    with Api() as site:
        site.next("503", "429:3", "cut:80")                 # one behaviour a request, then "ok"
        site.about["/api/x"] = "503"                        # whenever a path begins so
        site.asked                                          # [Ask(at, method, path, query, headers, body, played)]
Behaviours: ok · STATUS · STATUS:RETRY-AFTER · cut:BYTES · slow · hang · bomb · big · endless · type:MEDIA-TYPE · page · raw:TEXT ·
to:ADDRESS · a function, called at "asked", "half" and "sent".
"""
import functools
import gzip
import json
import time
import urllib.parse
from collections import namedtuple

from loopback import Loopback

Ask = namedtuple("Ask", "at method path query headers body played")
BOMB = 256 << 20


@functools.cache
def bomb():
    return gzip.compress(b"[" + b" " * BOMB + b"]", 9)


class Contract(Loopback):
    media = "application/json; charset=utf-8"

    def __init__(self):
        super().__init__()
        self.asked, self.about = [], {}

    def played(self, path):
        for begin, what in self.about.items():
            if path.startswith(begin):
                return what
        return self.behaviours.pop(0) if self.behaviours else "ok"

    def answer(self, ask):
        raise NotImplementedError

    def serve(self, h, body=None):
        body = body or b""
        url = urllib.parse.urlparse(h.path)
        query = urllib.parse.parse_qs(url.query, keep_blank_values=True)
        headers = {k.lower(): v for k, v in h.headers.items()}
        with self.lock:
            what = "ok" if self.streams(url.path) else self.played(url.path)
            ask = Ask(time.monotonic(), h.command, url.path, query, headers, body, what)
            self.asked.append(ask)
        if self.streams(url.path):
            self.stream(h, ask)
            return
        with self.lock:
            status, shown, *more = self.answer(ask)
        self.play(h, what, status, json.dumps(shown).encode(), more[0] if more else {})

    def streams(self, path):
        return False

    def stream(self, h, ask):
        raise NotImplementedError

    def head(self, h, status, length=None, media=None, more=None):
        h.send_response(status)
        for name, value in (more or {}).items():
            h.send_header(name, value)
        h.send_header("Content-Type", media or self.media)
        if length is not None:
            h.send_header("Content-Length", str(length))
        h.end_headers()

    def play(self, h, what, status, raw, more):
        if callable(what):
            what("asked")
            self.head(h, status, len(raw), more=more)
            h.wfile.write(raw[:len(raw) // 2])
            h.wfile.flush()
            what("half")
            h.wfile.write(raw[len(raw) // 2:])
            h.wfile.flush()
            what("sent")
            return
        word, _, rest = what.partition(":")
        if word == "ok":
            self.head(h, status, len(raw), more=more)
            h.wfile.write(raw)
        elif word.isdigit():
            self.head(h, int(word), 2, more={**more, **({"Retry-After": rest} if rest else {})})
            h.wfile.write(b"{}")
        elif word == "cut":
            self.head(h, status, len(raw), more=more)
            h.wfile.write(raw[:min(int(rest), len(raw) - 1)])
        elif word == "slow":
            self.head(h, status, len(raw), more=more)
            for byte in raw:
                h.wfile.write(bytes([byte]))
                h.wfile.flush()
                if self.stopping.wait(0.1):
                    return
        elif word == "hang":
            self.stopping.wait(50)
        elif word == "bomb":
            self.head(h, 200, len(bomb()), more={"Content-Encoding": "gzip"})
            h.wfile.write(bomb())
        elif word == "big":
            self.head(h, 200, 50_000_000)
            h.wfile.write(b"[" + b"0," * 24_999_999 + b"]")
        elif word == "endless":
            self.head(h, 200)
            while not self.stopping.is_set():
                h.wfile.write(b"[" * 4096)
        elif word in ("type", "page"):
            self.head(h, status if word == "type" else 200, len(raw), rest or "text/html", more)
            h.wfile.write(raw)
        elif word == "raw":
            self.head(h, 200, len(rest.encode()))
            h.wfile.write(rest.encode())
        elif word == "to":
            self.head(h, 302, 0, more={"Location": rest})


WRONG = [("bomb", "trop grosse"), ("big", "trop grosse"), ("endless", "trop grosse"), ("page", "text/html"),
         ("type:image/png", "image/png"), ("to:http://localhost:1/", "adresse interne"), ("to:file:///etc/passwd", "adresse refusée"),
         ("raw:{", "ce n'est pas"), ("raw:[]", "ce n'est pas"), ("raw:", "ce n'est pas"), ("500", "HTTP 500"), ("404", "introuvable"),
         ("403", "refusé"), ("cut:20", ""), ("cut:0", "")]


def torture(ok, flow, site, name, wrong=(), first="", posts=False):
    """What a hostile or a broken server can cost: a look (connect test) that gives nothing, says why, and is over soon. first: the path
    whose answer is the wrong one. posts: it is asked by POST, which follows no redirect."""
    bomb()  # packed before anybody waits for it
    for what, say in [*WRONG, *wrong]:
        if posts and what.startswith("to:"):
            say = "HTTP 302"
        begun = time.monotonic()
        with site.lock:
            site.behaviours[:] = []
            site.about = {first: what} if first else {}
            if not first:
                site.next(what)
        code, out, err = flow.run("connect", "test", name, "--json", timeout=100)
        ok(code == 1 and not out and say in err and err and time.monotonic() - begun < 45, f"{what[:50]}: refused, and said",
           (code, out[:300], err))
    site.about = {}
