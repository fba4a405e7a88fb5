"""A contract server: it plays a Bluesky server (PDS with its AppView) from the published lexicons (app.bsky.*, com.atproto.*) and
the HTTP side of the AT protocol: sessions whose tokens run out, RateLimit-* headers, cursors. It is ours, no real Bluesky;
tests/real/bluesky.py holds the same kind against one.

    with Sky() as sky:
        root = sky.post(TOWN, "Avis")  ·  sky.post("odile", "Bonjour", to=root)  ·  sky.post("paul", "@ville …", mention=True)
        sky.drop(uri)  ·  sky.block("odile")  ·  sky.expire()  ·  sky.revoke()  ·  sky.password = "…"
        sky.next("503", "429:3", "cut:80", "wall", "bomb", "big", "type:text/html")     # one behaviour a request, then "ok"
        sky.about["getPostThread"] = "500"                                             # whenever that method is asked for
        sky.when["getRecord"] = threading.Event()                                      # its answer waits for it
    with Sky() as sky, Listener(sky, ", search: ['cantine']") as flow:                     # a town that listens to it
        flow.start()  ·  flow.hears("odile", "Bonjour", root)  ·  flow.looks(3)
"""
import gzip
import json
import os
import re
import time
import urllib.parse

from flow import Flow
from loopback import Loopback

TOWN = "ville"
POST, GATE = "app.bsky.feed.post", "app.bsky.feed.threadgate"
ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"
BOMB = 256 << 20


def did(name):
    return "did:plc:" + (name + "2" * 24)[:24]


def stamp(at):
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at)) + f".{int(at * 1000) % 1000:03d}Z"


class Sky(Loopback):
    def __init__(self):
        super().__init__()
        self.posts, self.asked, self.about, self.when = {}, [], {}, {}
        self.blocked, self.gates, self.reports, self.written = set(), {}, [], []
        self.password, self.sessions, self.token, self.renewal = "abcd-efgh-ijkl-mnop", 0, None, None
        self.ticks = 0

    def __exit__(self, *trace):
        for event in self.when.values():
            event.set()
        super().__exit__(*trace)

    # what people do there
    def post(self, who, text, to=None, at=None, created=None, mention=False, record=None):
        """at: when the server hears of it; created: what its author says. The record's own fields, if any, in record."""
        with self.lock:
            self.ticks += 1
            at = at or time.time()
            number, key = (int(at * 1e6) << 10) + self.ticks % 1024, ""
            for _ in range(13):
                key, number = ALPHABET[number % 32] + key, number // 32
            uri = f"at://{did(who)}/{POST}/{key}"
            value = {"$type": POST, "text": text, "createdAt": stamp(created or at), "langs": ["fr"], **(record or {})}
            root = to and self.posts.get(to, {}).get("root", to)
            if to:
                value["reply"] = {"root": {"uri": root, "cid": "c" + root[-13:]}, "parent": {"uri": to, "cid": "c" + to[-13:]}}
            self.posts[uri] = {"who": who, "at": at, "sort": min(at, created or at), "root": root or uri, "to": to, "mention": mention, "value": value}
            return uri

    def drop(self, uri):
        with self.lock:
            del self.posts[uri]

    def block(self, who):
        with self.lock:
            self.blocked.add(who)

    def expire(self):
        with self.lock:
            self.token = None

    def revoke(self):
        with self.lock:
            self.token = self.renewal = None

    # what the server shows of it
    def view(self, uri):
        p = self.posts[uri]
        return {"uri": uri, "cid": "c" + uri[-13:], "author": {"did": did(p["who"]), "handle": p["who"] + ".example", "viewer": {"muted": False}},
                "record": p["value"], "replyCount": sum(q["to"] == uri for q in self.posts.values()), "likeCount": 0, "repostCount": 0,
                "quoteCount": 0, "indexedAt": stamp(p["at"]), "labels": []}

    def shown(self, uri):
        return uri in self.posts and self.posts[uri]["who"] not in self.blocked

    def branch(self, uri, depth):
        node = {"$type": "app.bsky.feed.defs#threadViewPost", "post": self.view(uri)}
        if depth:
            node["replies"] = [self.branch(u, depth - 1) for u, p in self.posts.items() if p["to"] == uri and self.shown(u)]
        return node

    def page(self, found, q, name, show):
        """found: [(time, uri)]; the newest first, from a cursor on."""
        found = sorted(found, reverse=True)
        if "cursor" in q:
            at, _, uri = q["cursor"].partition("::")
            found = [f for f in found if f < (float(at), uri)]
        size = int(q.get("limit", 50))
        more = {"cursor": f"{found[size - 1][0]!r}::{found[size - 1][1]}"} if len(found) > size else {}
        return 200, {name: [show(uri) for _, uri in found[:size]], **more}

    def told(self, uri, p):
        """Why the town is told of a post, if it is: the real server looks up some generations too."""
        if p["who"] == TOWN or p["who"] in self.blocked:
            return None
        if p["mention"]:
            return "mention"
        above = p["to"]
        for _ in range(3):
            if above in self.posts and self.posts[above]["who"] == TOWN:
                return "reply"
            above = self.posts.get(above, {}).get("to")
        return None

    def listNotifications(self, q):
        return self.page([(p["sort"], u) for u, p in self.posts.items() if self.told(u, p)], q, "notifications", self.notification)

    def notification(self, uri):
        view = self.view(uri)
        return {**{k: view[k] for k in ("uri", "cid", "author", "record", "labels")}, "reason": self.told(uri, self.posts[uri]),
                "isRead": False, "indexedAt": stamp(self.posts[uri]["sort"])}

    def searchPosts(self, q):
        return self.page([(p["sort"], u) for u, p in self.posts.items() if q["q"].lower() in p["value"]["text"].lower() and self.shown(u)],
                         q, "posts", self.view)

    def getAuthorFeed(self, q):
        return self.page([(p["sort"], u) for u, p in self.posts.items() if did(p["who"]) == q["actor"] and not p["to"]], q, "feed",
                         lambda u: {"post": self.view(u)})

    def getPostThread(self, q):
        if q["uri"] not in self.posts:
            return 400, {"error": "NotFound", "message": "Post not found: " + q["uri"]}
        return 200, {"thread": self.branch(q["uri"], int(q.get("depth", 6)))}

    def getPosts(self, q):
        if len(q["uris"]) > 25:
            return 400, {"error": "InvalidRequest", "message": "too many"}
        return 200, {"posts": [self.view(u) for u in q["uris"] if self.shown(u)]}

    def getRecord(self, q):
        uri = f"at://{q['repo']}/{q['collection']}/{q['rkey']}"
        found = self.gates.get(uri) or (self.posts[uri]["value"] if uri in self.posts else None)
        if not found:
            return 400, {"error": "RecordNotFound", "message": "Could not locate record: " + uri}
        return 200, {"uri": uri, "cid": cid_of(found), "value": found}

    def listRecords(self, q):
        return 200, {"records": [{"uri": u, "cid": "c", "value": p["value"]} for u, p in reversed(self.posts.items()) if did(p["who"]) == q["repo"]]}

    def createRecord(self, body):
        record = body["record"]
        if len(record["text"]) > 300:
            return 400, {"error": "InvalidRequest", "message": "Invalid app.bsky.feed.post record: grapheme too big (maximum 300, got 400) at $.record.text"}
        uri = self.post(TOWN, record["text"], to=record["reply"]["parent"]["uri"], record={k: v for k, v in record.items() if k != "reply"})
        return 200, {"uri": uri, "cid": "c"}

    def putRecord(self, body):
        uri = f"at://{body['repo']}/{body['collection']}/{body['rkey']}"
        if body["swapRecord"] != (cid_of(self.gates[uri]) if uri in self.gates else None):
            return 400, {"error": "InvalidSwap", "message": "Record was at another version"}
        self.gates[uri] = body["record"]
        return 200, {"uri": uri, "cid": cid_of(body["record"])}

    def createReport(self, body):
        self.reports.append(body)
        return 200, {"id": len(self.reports)}

    def session(self):
        self.sessions += 1
        self.token, self.renewal = f"access-{self.sessions}", f"refresh-{self.sessions}"
        return 200, {"did": did(TOWN), "handle": TOWN + ".example", "accessJwt": self.token, "refreshJwt": self.renewal}

    def enter(self, method, body, bearer):
        if method == "createSession":
            if body == {"identifier": TOWN + ".example", "password": self.password}:
                return self.session()
            return 401, {"error": "AuthenticationRequired", "message": "Invalid identifier or password"}
        if not self.renewal or bearer != self.renewal:
            return 400, {"error": "ExpiredToken", "message": "Token has expired"}
        return self.session()

    def answer(self, method, q, body, bearer):
        if method in ("createSession", "refreshSession"):
            return self.enter(method, body, bearer)
        if not self.token or bearer != self.token:
            return 400, {"error": "ExpiredToken", "message": "Token has expired"}
        if body is not None:
            self.written.append((time.time(), method, body))
        known = ("listNotifications", "searchPosts", "getAuthorFeed", "getPostThread", "getPosts", "getRecord", "listRecords", "createRecord",
                 "putRecord", "createReport")
        return getattr(self, method)(body if body is not None else q) if method in known else (501, {"error": "MethodNotImplemented"})

    def serve(self, h, body=None):
        body = json.loads(body) if body else None
        url = urllib.parse.urlparse(h.path)
        method = url.path.rpartition(".")[2]
        q = {k: v if k == "uris" else v[0] for k, v in urllib.parse.parse_qs(url.query).items()}
        with self.lock:
            what = self.about.get(method) or (self.behaviours.pop(0) if self.behaviours else "ok")
            self.asked.append((time.monotonic(), method, what, q))
            status, answer = self.answer(method, q, body, (h.headers.get("Authorization") or "").removeprefix("Bearer ")) if what in (
                "ok", "bare") or what.startswith(("cut", "raw", "type")) else (200, {})
        if method in self.when:
            self.when[method].wait(60)
        self.play(h, what, status, re.sub(r'"@DEEP@"', "[" * 60 + "1" + "]" * 60, json.dumps(answer)).encode())

    def play(self, h, what, status, raw):
        word, _, rest = what.partition(":")
        kind, packed = "application/json; charset=utf-8", None
        if word.isdigit():
            status, raw = int(word), b'{"error":"Trouble","message":"as was asked"}'
        if word == "wall":  # a guard in front of it
            status, raw, kind = 403, b"<html>Forbidden</html>", "text/html"
        if word == "type":
            kind = rest
        if word == "bomb":
            packed = gzip.compress(b'{"notifications":[' + b" " * BOMB + b"]}", 9)
        if word == "big":
            raw = b'{"notifications":[' + b" " * 50_000_000 + b"]}"
        if word == "garbage":
            raw = b'{"notifications":[{"uri":7,"author":[],"record":"x","reason":"reply"},null,3]} trailing'
        h.send_response(status)
        if rest and word == "429":
            h.send_header("RateLimit-Limit", "3000")
            h.send_header("RateLimit-Remaining", "0")
            h.send_header("RateLimit-Reset", str(int(time.time()) + int(rest)))
        if packed:
            h.send_header("Content-Encoding", "gzip")
        h.send_header("Content-Type", kind)
        h.send_header("Content-Length", str(len(packed or raw)))
        h.end_headers()
        h.wfile.write(packed or (raw[:int(rest)] if word == "cut" else raw))


def cid_of(record):
    return "cid" + str(abs(hash(json.dumps(record, sort_keys=True))))


def source(sky, more="", secret="ville.txt"):
    return (f"  - {{id: sky, kind: bluesky, url: '{sky.url}', user: ville.example, password_file: '{secret}', every: 1 s, "
            f"allow_internal: ['127.0.0.1:{sky.port}']{more}}}\n")


class Listener(Flow):
    """A town that listens to sky; what is published is remembered for account()."""

    def __init__(self, sky, more=""):
        super().__init__(sources=source(sky, more), clock="wall")
        self.sky = sky
        self.secret()

    def secret(self):
        with open(os.open(self.path("ville.txt"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as f:
            f.write(self.sky.password + "\n")

    def publish(self, who, text, *words, shown=None, **more):
        uri = self.sky.post(who, text, *words, **more)
        self.sent["sky", uri] = shown or text
        return uri

    def has(self, uri, seconds=60):
        self.wait_for(lambda: ("sky", uri) in self.stored()[0], seconds, uri)

    def hears(self, who, text, *words, seconds=60, **more):
        uri = self.publish(who, text, *words, **more)
        self.has(uri, seconds)
        return uri

    def looks(self, n=2):
        """So many more, from their beginning to their end."""
        begun = self.gauges().get(("connect_looks_total", "sky"), 0)
        self.wait_for(lambda: self.gauges().get(("connect_looks_total", "sky"), 0) >= begun + n + 1, 60, "some looks")
