"""A contract server: it plays the Graph API and the webhooks of Meta as developers.facebook.com/docs describes them (Page feed, object
comments with filter=stream, comment node, paging by cursors, error codes, appsecret_proof, X-App-Usage and
X-Business-Use-Case-Usage, Instagram media and comments; webhooks of the objects page and instagram, X-Hub-Signature-256). It is ours,
nothing of Meta's.

    with Graph() as site:                         # network="instagram" for the other
        post = site.post(); n = site.comment(post, "Bonjour", parent=…)
        site.edit(n, "…")  ·  site.delete(n)
        site.push(port, "meta", site.change(n, "add"))      # what it would send: (status, body)
        site.usage = 95                           # percent of the quota
        site.blind.add(n)                         # n is there, and not for us: gone, says the API, and counts it
        site.shut[post] = (10, 403, None)         # its comments are refused
"""
import datetime
import hashlib
import hmac
import http.client
import json
import time

from contract import Contract

TOKEN, SECRET, WORD = "EAAjeton", "cle-secrete-de-l-application", "mot-de-verification-1"
PAGE = "1142469655832956"


class Graph(Contract):
    def __init__(self, network="facebook"):
        super().__init__()
        self.instagram = network == "instagram"
        self.posts, self.comments, self.last = {}, {}, 1_000_000
        self.token, self.usage, self.regain = TOKEN, 1, 0
        self.wrote, self.hold_back, self.forbid = [], None, False
        self.blind = set()  # comments that are there, but not for us
        self.once = None  # a comment that is gone when it is asked for, and then everything is there again
        self.fallen = {}  # post: how many of its comments are not counted
        self.shut = {}  # post: how its comments are refused, (code, HTTP, subcode)
        self.text, self.time = ("text", "timestamp") if self.instagram else ("message", "created_time")

    def number(self):
        self.last += 7
        return str(self.last)

    def post(self, at=None):
        with self.lock:
            number = self.number() if self.instagram else f"{PAGE}_{self.number()}"
            self.posts[number] = at or time.time()
            return number

    def comment(self, post, text, author="Odile", parent=None, at=None, page=False):
        with self.lock:
            number = self.number() if self.instagram else f"{post.rpartition('_')[2]}_{self.number()}"
            self.comments[number] = {"post": post, "text": text, "author": PAGE if page else str(900 + len(author)), "name": author,
                                     "parent": parent, "at": at or time.time(), "hidden": False}
            return number

    def edit(self, number, text):
        with self.lock:
            self.comments[number]["text"] = text

    def delete(self, number):
        with self.lock:
            del self.comments[number]

    # --- webhooks

    def change(self, number, verb, **more):
        """One change as a webhook tells it."""
        c = self.comments.get(number) or more
        if self.instagram:
            value = {"from": {"id": c["author"], "username": c["name"]}, "media": {"id": c["post"], "media_product_type": "FEED"},
                     "id": number, "text": c["text"]}
            if c["parent"]:
                value["parent_id"] = c["parent"]
            return {"field": "comments", "value": value}
        value = {"from": {"id": c["author"], "name": c["name"]}, "item": "comment", "verb": verb, "comment_id": number,
                 "post_id": c["post"], "parent_id": c["parent"] or c["post"], "created_time": int(c["at"]),
                 "post": {"id": c["post"], "permalink_url": "https://www.facebook.example/1"}}
        if verb != "remove":
            value["message"] = c["text"]
        return {"field": "feed", "value": value}

    def envelope(self, *changes, page=PAGE):
        return json.dumps({"object": "instagram" if self.instagram else "page",
                           "entry": [{"id": page, "time": int(time.time()), "changes": list(changes)}]}).encode()

    def push(self, port, source, *changes, secret=SECRET, body=None, page=PAGE):
        body = body or self.envelope(*changes, page=page)
        mac = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        return ask(port, "POST", f"/v1/comments/{source}", body,
                   {"Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={mac}"})

    # --- requests

    def refuse(self, code, message, status=400, sub=None):
        error = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "A"}
        if sub:
            error["error_subcode"] = sub
        return status, {"error": error}, self.heads()

    def heads(self):
        use = {"type": "pages", "call_count": self.usage, "total_cputime": 1, "total_time": 2,
               "estimated_time_to_regain_access": self.regain}
        return {"X-App-Usage": json.dumps({"call_count": 1, "total_time": 1, "total_cputime": 1}),
                "X-Business-Use-Case-Usage": json.dumps({PAGE: [use]})}

    def answer(self, ask):
        proof = hmac.new(SECRET.encode(), TOKEN.encode(), hashlib.sha256).hexdigest()
        if ask.headers.get("authorization") != f"Bearer {self.token}":
            return self.refuse(190, "Error validating access token: Session has expired", 401, 463)
        if ask.query.get("appsecret_proof") != [proof]:
            return self.refuse(100, "Invalid appsecret_proof provided in the API argument")
        parts = ask.path.split("/")[1:]
        if parts[0] != "v25.0":
            return self.refuse(2635, "You are calling a deprecated version")
        if ask.method == "POST":
            return self.write(ask, parts[1:])
        status, shown, *more = self.read(ask, parts[1:])
        return status, shown, more[0] if more else self.heads()

    def read(self, ask, parts):
        if parts[:1] == [PAGE] and parts[1:] == ["media" if self.instagram else "feed"]:
            return self.page(ask, [self.shown_post(n, "filter(stream)" in ask.query["fields"][0]) for n in sorted(self.posts, key=self.posts.get, reverse=True)])
        if len(parts) == 2 and parts[0] in self.shut:
            code, status, sub = self.shut[parts[0]]
            return self.refuse(code, "(#%d) no" % code, status, sub)
        if len(parts) == 2 and parts[0] in self.posts:
            found = [n for n, c in self.comments.items() if n not in self.blind and c["post"] == parts[0] and (not self.instagram or not c["parent"])]
            return self.page(ask, [self.shown(n) for n in sorted(found, key=lambda n: int(n.rpartition("_")[2]), reverse=True)])
        if len(parts) == 2 and parts[0] in self.comments:
            return self.page(ask, [self.shown(n) for n, c in self.comments.items() if c["parent"] == parts[0]])
        if len(parts) == 1 and parts[0] == self.once:
            self.blind, self.fallen, self.once = set(), {}, None
            return self.refuse(100, "Unsupported get request. Object does not exist", 400, 33)
        if len(parts) == 1 and parts[0] in self.comments and parts[0] not in self.blind:
            c = self.comments[parts[0]]
            return 200, {"id": parts[0], self.text: c["text"], "hidden" if self.instagram else "is_hidden": c["hidden"], "can_hide": True}
        return self.refuse(100, "Unsupported get request. Object does not exist", 400, 33)

    def page(self, ask, items):
        limit = int(ask.query.get("limit", ["25"])[0])
        after = ask.query.get("after", [""])[0]
        ids = [i["id"] for i in items]
        start = int(after[2:].split(".")[0]) if after else 0
        mark = after.partition(".")[2]  # the last one that was given: what came before it meanwhile moves nothing
        if mark in ids:
            start = ids.index(mark) + 1
        found = items[start:start + limit]
        shown = {"data": found}
        if found:
            end = start + len(found)
            shown["paging"] = {"cursors": {"before": "QV0", "after": f"QV{end}.{found[-1]['id']}"}}
            if end < len(items):
                shown["paging"]["next"] = f"https://graph.facebook.com/v25.0/x?access_token=SECRET&after=QV{end}"
        return 200, shown

    def shown_post(self, number, stream):
        n = sum(c["post"] == number and (stream or self.instagram or not c["parent"]) for c in self.comments.values())
        n -= self.fallen.get(number, 0)
        shown = {"id": number, self.time: stamp(self.posts[number])}
        if self.instagram:
            return {**shown, "comments_count": n}
        return {**shown, "comments": {"data": [], "summary": {"order": "chronological", "total_count": n, "can_comment": True}}}

    def shown(self, number):
        c = self.comments[number]
        shown = {"id": number, self.text: c["text"], self.time: stamp(c["at"]), "like_count": 0}
        if self.instagram:
            below = [self.shown(n) for n, other in self.comments.items() if other["parent"] == number and n not in self.blind]
            more = {"paging": {"cursors": {"after": "QV50"}, "next": "https://graph.facebook.com/v25.0/x"}} if below[50:] else {}
            return {**shown, "username": c["name"], "from": {"id": c["author"], "username": c["name"]},
                    **({"parent_id": c["parent"]} if c["parent"] else {}), **({"replies": {"data": below[:50], **more}} if below else {})}
        return {**shown, "from": {"id": c["author"], "name": c["name"]}, **({"parent": {"id": c["parent"]}} if c["parent"] else {}),
                "permalink_url": f"https://www.facebook.example/permalink/{number}"}

    def write(self, ask, parts):
        if self.forbid:
            return self.refuse(200, "Permissions error", 403)
        if parts[0] not in self.comments:
            return self.refuse(100, "Unsupported post request. Object does not exist", 400, 33)
        self.wrote.append((ask.path, ask.query, ask.body))
        shown = {"success": True}
        if len(parts) == 2:
            text = json.loads(ask.body)["message"]
            shown = {"id": self.comment(self.comments[parts[0]]["post"], text, "Valmont", parts[0], page=True)}
        elif ask.query.get("method") == ["delete"]:
            self.delete(parts[0])
        else:
            self.comments[parts[0]]["hidden"] = ask.query["hide" if self.instagram else "is_hidden"] == ["true"]
        if self.hold_back:
            self.lock.release()
            try:
                self.hold_back.wait()
            finally:
                self.lock.acquire()
        return 200, shown, self.heads()


def ask(port, method, path, body=None, headers=None):
    c = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        c.request(method, path, body, headers or {})
        r = c.getresponse()
        return r.status, r.read().decode()
    finally:
        c.close()


def stamp(at):
    return datetime.datetime.fromtimestamp(int(at), datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S+0000")
