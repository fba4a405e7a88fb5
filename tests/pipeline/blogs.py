"""A contract server: it plays the comments of WordPress's REST API as its handbook describes them (developer.wordpress.org,
REST API, Comments): lists with per_page, page, offset, order, orderby=date or id, include, after, status, context and _fields; one
comment by its number; its error codes; Basic with an application password. What may not be read is left out of a page once the page is
counted; X-WP-Total and X-WP-TotalPages count it. It is ours, no real WordPress.

    with Blog() as site:
        site.add("Bonjour", at=…)  ·  site.edit(id, "…")  ·  site.set(id, "approved" | "hold" | "spam" | "trash")  ·  site.delete(id)
        site.next("503", "429:3", "cut:80", "wall")     # one behaviour a request, then "ok"
        site.about[str(id)] = "wall"                    # whenever that one is asked for
        site.add("…", private=True)  ·  site.totals = False                # on a private post; a proxy that drops the totals
        site.includes = False                                              # a site in whose lists include means nothing
"""
import base64
import datetime
import html
import json
import time
import urllib.parse

from loopback import Loopback

TOKEN = base64.b64encode(b"robot:abcd efgh ijkl mnop").decode()
AHEAD = 3600  # the site's clock is one hour ahead of UTC


class Blog(Loopback):
    def __init__(self, pause=0):
        super().__init__()
        self.url += "/"
        self.comments, self.last, self.asked, self.pause = {}, 0, [], pause
        self.posted, self.hold_back = [], None  # what was written; an Event: the answer waits for it
        self.forbid = False  # nothing may be written
        self.totals, self.includes = True, True
        self.about = {}  # number: the behaviour whenever that comment is asked for by itself

    def add(self, text, at=None, status="approved", parent=0, author="Odile", date=None, gmt=None,
            private=False):
        """date, gmt: what it says of its time instead of at, by the site's own clock and in UTC."""
        with self.lock:
            self.last += 1
            self.comments[self.last] = {"text": text, "at": int(at or time.time()), "status": status, "parent": parent,
                                        "author": author, "gmt": gmt, "private": private}
            self.comments[self.last]["date"] = date or stamp(self.comments[self.last]["at"] + AHEAD)
            return self.last

    def edit(self, number, text):
        with self.lock:
            self.comments[number]["text"] = text

    def set(self, number, status):
        with self.lock:
            self.comments[number]["status"] = status

    def delete(self, number):
        with self.lock:
            del self.comments[number]

    def shown(self, number, fields, edits=False):
        c = self.comments[number]
        whole = {"id": number, "post": 1, "parent": c["parent"], "author": 0, "author_name": c["author"], "author_url": "",
                 "date": c["date"], "date_gmt": c["gmt"] or stamp(c["at"]),
                 "content": {"rendered": f"<p>{html.escape(c['text'])}</p>\n"},
                 "author_user_agent": c.get("agent", ""),
                 "link": f"https://valmont.example/piscine/#comment-{number}", "status": c["status"], "type": "comment",
                 "author_avatar_urls": {"24": "https://secure.gravatar.example/x"}, "meta": []}
        if edits:
            whole["content"]["raw"] = c["text"]
        keep = fields.split(",") if fields else list(whole)  # no "content.rendered": the real one drops it
        return {k: v for k, v in whole.items() if k in keep}

    def serve(self, h, body=None):
        posted = None if body is None else json.loads(body)
        url = urllib.parse.urlparse(h.path)
        q = {k: v[0] for k, v in urllib.parse.parse_qs(url.query).items()}
        allowed = h.headers.get("Authorization") == f"Basic {TOKEN}"
        with self.lock:
            what = self.about.get(url.path.rpartition("/")[2]) or (self.behaviours.pop(0) if self.behaviours else "ok")
            self.asked.append((time.monotonic(), h.path, what))
            if posted is not None:
                self.posted.append((time.time(), h.path, posted))
            status, body, *heads = self.answer(url.path, q, allowed) if posted is None else self.write(url.path, posted, allowed)
        if posted is not None and self.hold_back:
            self.hold_back.wait()
        time.sleep(self.pause)
        raw = json.dumps(body).encode()
        word, _, rest = what.partition(":")
        if word.isdigit():
            status, raw = int(word), b"{}"
        if word in ("wall", "page"):  # a guard in front of the site
            status, raw = 403 if word == "wall" else 200, b"<html>Forbidden</html>"
        h.send_response(status)
        if rest and word == "429":
            h.send_header("Retry-After", rest)
        h.send_header("Content-Type", "text/html" if word in ("wall", "page") else "application/json; charset=UTF-8")
        for name, value in heads[0].items() if heads and self.totals else ():
            h.send_header(name, str(value))
        h.send_header("Content-Length", str(len(raw)))
        h.end_headers()
        h.wfile.write(raw[:int(rest)] if word == "cut" else raw)

    def write(self, path, posted, allowed):
        """POST /comments: a new one; POST /comments/N: its status."""
        name = path.rpartition("/")[2]
        if not allowed or self.forbid:
            return 401, {"code": "rest_cannot_edit", "message": "…", "data": {"status": 401}}
        if name == "comments":
            number = self.add(posted["content"], parent=posted["parent"], author="robot")
            self.comments[number]["agent"] = posted.get("author_user_agent", "")
            return 201, self.shown(number, None)
        if int(name) not in self.comments:
            return 404, {"code": "rest_comment_invalid_id", "message": "…", "data": {"status": 404}}
        self.comments[int(name)]["status"] = posted["status"]
        return 200, self.shown(int(name), None)

    def answer(self, path, q, allowed):
        root = "/wp-json/wp/v2/comments"
        if not path.startswith(root):
            return 404, {"code": "rest_no_route"}
        if q.get("context") == "edit" and not allowed:
            return 401, {"code": "rest_forbidden_context"}
        name = path[len(root):].strip("/")
        if name:
            number = int(name)
            if number not in self.comments:
                return 404, {"code": "rest_comment_invalid_id", "message": "…", "data": {"status": 404}}
            if (self.comments[number]["status"] != "approved" or self.comments[number]["private"]) and not allowed:
                return 401, {"code": "rest_cannot_read", "message": "…", "data": {"status": 401}}
            return 200, self.shown(number, q.get("_fields"))
        if "parent" in q:
            return 200, [self.shown(n, q.get("_fields")) for n, c in self.comments.items() if str(c["parent"]) == q["parent"]]
        wanted = ("approved", "hold") if q.get("status") == "all" and allowed else ("approved",)
        by_number = q.get("orderby") == "id"
        found = [("" if by_number else c["date"], n) for n, c in self.comments.items() if c["status"] in wanted]
        if "include" in q and self.includes:
            asked = {int(n) for n in q["include"].split(",")}
            found = [(date, n) for date, n in found if n in asked]
        if "after" in q:
            found = [(date, n) for date, n in found if self.comments[n]["date"] > q["after"]]
        found.sort(reverse=q.get("order", "desc") == "desc")
        size = int(q.get("per_page", 10))
        if not 1 <= size <= 100:
            return 400, {"code": "rest_invalid_param"}
        start = int(q["offset"]) if "offset" in q else (int(q.get("page", 1)) - 1) * size
        return (200, [self.shown(n, q.get("_fields"), q.get("context") == "edit") for _, n in found[start:start + size] if allowed or not self.comments[n]["private"]],
                {"X-WP-Total": len(found), "X-WP-TotalPages": -(-len(found) // size)})


def stamp(at):
    return datetime.datetime.fromtimestamp(at, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
