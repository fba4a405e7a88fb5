"""A contract server: it plays a Mastodon server as docs.joinmastodon.org describes it (methods: accounts, notifications, timelines,
statuses, reports, instance, streaming; entities: Status, Notification, Account; rate limits; pagination by Link headers). It is ours,
no real Mastodon.

    with Fedi() as site:
        n = site.post("odile", "<p>Bonjour</p>", mention=True, tags=["valmont"], parent=…, visibility="public")
        site.edit(n, "<p>…</p>")  ·  site.delete(n)  ·  own = site.own("Travaux rue Foch")
        site.deaf = True            # no streams (404)
        site.cut_streams()  ·  site.budget = 40    # requests left until reset
"""
import datetime
import html
import json
import queue
import time

from contract import Contract

TOKEN = "jeton-de-valmont"
ME = "14715"


class Fedi(Contract):
    def __init__(self):
        super().__init__()
        self.statuses, self.notes, self.last = {}, [], 0
        self.accounts = {"valmont": ME}
        self.deaf, self.old, self.listeners, self.noted = False, False, [], 0
        self.blocking, self.suspended, self.members_only = set(), set(), False  # authors; nothing without a token
        self.budget, self.reset = 100_000, time.time() + 300
        self.posted, self.reports, self.hold_back, self.forbid, self.keys = [], [], None, False, {}

    # --- what happens there

    def post(self, author, content, mention=False, tags=(), parent=None, at=None, visibility="public", notify=True, **more):
        """notify: its streams say it."""
        with self.lock:
            self.last += 1
            number = str((int((at or time.time()) * 1000) << 16) + self.last)  # of its date, whenever it came here
            status = {
                "id": number, "created_at": stamp(at or time.time()), "in_reply_to_id": parent,
                "in_reply_to_account_id": self.statuses[parent]["account"]["id"] if parent in self.statuses else None,
                "sensitive": False, "spoiler_text": "", "visibility": visibility, "language": "fr",
                "uri": f"https://mastodon.example/users/{author}/statuses/{number}",
                "url": f"https://mastodon.example/@{author}/{number}", "replies_count": 0, "reblogs_count": 0,
                "favourites_count": 0, "edited_at": None, "content": content, "reblog": None, "account": self.account(author),
                "media_attachments": [], "mentions": [{"id": ME, "acct": "valmont"}] if mention else [],
                "tags": [{"name": t} for t in tags], "emojis": [], "card": None, "poll": None, **more}
            self.statuses[number] = status
            if parent in self.statuses:
                self.statuses[parent]["replies_count"] += 1
            note = None
            if mention:
                self.noted += 1  # of no other, whatever is deleted
                note = {"id": str(34_000_000 + self.noted), "type": "mention", "created_at": status["created_at"],
                        "account": status["account"], "status": status}
                self.notes.append(note)
        if notify and note:
            self.tell(None, "notification", note)
        if notify and visibility == "public":
            for tag in tags:
                self.tell(tag, "update", status)
        return number

    def own(self, text, **more):
        return self.post("valmont", f"<p>{text}</p>", **more)

    def edit(self, number, content, notify=True):
        with self.lock:
            status = self.statuses[number]
            status["content"], status["edited_at"] = content, stamp(time.time())
        if notify:
            for tag in [None] + [t["name"] for t in status["tags"]]:
                self.tell(tag, "status.update", status)

    def delete(self, number, notify=True):
        with self.lock:
            status = self.statuses.pop(number)
            self.notes = [n for n in self.notes if n["status"]["id"] != number]
        if notify:
            for tag in [None] + [t["name"] for t in status["tags"]]:
                self.tell(tag, "delete", number)

    def account(self, author):
        number = self.accounts.setdefault(author, str(20_000 + len(self.accounts)))
        return {"id": number, "username": author, "acct": author if author == "valmont" else f"{author}@ailleurs.example",
                "display_name": author.capitalize(), "url": f"https://ailleurs.example/@{author}",
                **({"suspended": True} if author in self.suspended else {})}

    # --- streams

    def tell(self, tag, event, data):
        text = data if isinstance(data, str) else json.dumps(data)
        with self.lock:
            for wanted, mail in self.listeners:
                if wanted == tag:
                    mail.put(f"event: {event}\ndata: {text}\n\n".encode())

    def cut_streams(self):
        with self.lock:
            for _, mail in self.listeners:
                mail.put(None)

    def heard(self, tags=1):
        """Whether the account's stream and those of so many hashtags are open."""
        with self.lock:
            return len(self.listeners) >= tags + 1

    def streams(self, path):
        return path.startswith("/api/v1/streaming/")

    def stream(self, h, ask):
        if self.deaf or ask.headers.get("authorization") != f"Bearer {TOKEN}":
            self.head(h, 404 if self.deaf else 401, 2)
            h.wfile.write(b"{}")
            return
        mine = (ask.query.get("tag", [None])[0], queue.Queue())
        with self.lock:
            self.listeners.append(mine)
        try:
            self.head(h, 200, media="text/event-stream")
            h.wfile.write(b":)\n")
            h.wfile.flush()
            while not self.stopping.is_set():
                try:
                    said = mine[1].get(timeout=1)
                except queue.Empty:
                    said = b":thump\n"
                if said is None:
                    return
                for i in range(0, len(said), 100):  # never whole
                    h.wfile.write(said[i:i + 100])
                    h.wfile.flush()
        finally:
            with self.lock:
                self.listeners.remove(mine)

    # --- requests

    def answer(self, ask):
        if ask.path == "/api/v2/instance":
            return 200, {"domain": "mastodon.example", "configuration": {"urls": {"streaming": f"ws://127.0.0.1:{self.port}"}}}
        anybody = "authorization" not in ask.headers
        if anybody and (self.members_only or not ask.path.startswith("/api/v1/statuses/")):
            return 401, {"error": "This method requires an authenticated user"}
        if not anybody and ask.headers["authorization"] != f"Bearer {TOKEN}":
            return 401, {"error": "The access token is invalid"}
        if time.time() > self.reset:
            self.budget, self.reset = 100_000, time.time() + 300
        self.budget -= 1
        limits = {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": str(max(self.budget, 0)),
                  "X-RateLimit-Reset": stamp(self.reset)}
        if self.budget < 0:
            return 429, {"error": "Too many requests"}, limits
        status, shown, *more = self.write(ask) if ask.method == "POST" else self.read(ask)
        return status, shown, {**limits, **(more[0] if more else {})}

    def read(self, ask):
        parts = ask.path.split("/")[3:]
        if parts == ["accounts", "verify_credentials"]:
            return 200, {**self.account("valmont"), "source": {}}
        if parts == ["notifications"]:
            return self.page(ask, self.notes)
        if parts[:2] == ["timelines", "tag"]:
            found = [s for s in self.statuses.values() if s["visibility"] == "public" and parts[2] in [t["name"] for t in s["tags"]]]
            return self.page(ask, found)
        if parts[0] == "accounts" and parts[2:] == ["statuses"]:
            return self.page(ask, [s for s in self.statuses.values() if s["account"]["id"] == parts[1]])
        if parts == ["statuses"] and not self.old:
            return 200, [self.statuses[i] for i in ask.query.get("id[]", []) if self.shows(i, ask)][:20]
        if parts[0] == "accounts" and len(parts) == 2:
            found = [a for a, number in self.accounts.items() if number == parts[1]]
            return (200, self.account(found[0])) if found else (404, {"error": "Record not found"})
        if parts[0] == "statuses" and len(parts) > 1 and self.shows(parts[1], ask):
            return 200, self.context(parts[1]) if parts[2:] == ["context"] else self.statuses[parts[1]]
        return 404, {"error": "Record not found"}

    def shows(self, number, ask):
        """StatusPolicy#show?: not to whom its author blocks, and to nobody when he is suspended."""
        author = self.statuses[number]["account"]["username"] if number in self.statuses else None
        return author and author not in self.suspended and (author not in self.blocking or "authorization" not in ask.headers)

    def page(self, ask, items):
        """Newest first; max_id goes back, min_id goes on."""
        limit = int(ask.query.get("limit", ["20"])[0])
        low = int(ask.query.get("min_id", ["0"])[0])
        high = int(ask.query.get("max_id", ["9" * 20])[0])
        found = sorted((i for i in items if low < int(i["id"]) < high), key=lambda i: int(i["id"]))
        found = (found[:limit] if "min_id" in ask.query else found[-limit:])[::-1]
        if not found:
            return 200, []
        at = f"{self.url}{ask.path}?limit={limit}"
        return 200, found, {"Link": f'<{at}&max_id={found[-1]["id"]}>; rel="next", <{at}&min_id={found[0]["id"]}>; rel="prev"'}

    def context(self, number):
        below, above, at = [], [], self.statuses[number]
        while at["in_reply_to_id"] in self.statuses:
            at = self.statuses[at["in_reply_to_id"]]
            above.insert(0, at)

        def down(parent):
            for s in list(self.statuses.values()):
                if s["in_reply_to_id"] == parent:
                    below.append(s)
                    down(s["id"])
        down(number)
        return {"ancestors": above, "descendants": below}

    def write(self, ask):
        body = json.loads(ask.body)
        if self.forbid:
            return 403, {"error": "This action is outside the authorized scopes"}
        if ask.path == "/api/v1/reports":
            self.reports.append(body)
            return 200, {"id": str(len(self.reports)), "action_taken": False, "category": body["category"]}
        key = ask.headers.get("idempotency-key")
        if key not in self.keys:
            number = self.post("valmont", f"<p>{html.escape(body['status'])}</p>", parent=body["in_reply_to_id"], visibility=body["visibility"])
            self.posted.append((time.time(), body))
            if not self.forgets:
                self.keys[key] = number
        else:
            number = self.keys[key]
        shown = self.statuses[number]
        if self.hold_back:
            self.lock.release()
            try:
                self.hold_back.wait()
            finally:
                self.lock.acquire()
        return 200, shown

    forgets = False  # no Idempotency-Key is known any more


def stamp(at):
    return datetime.datetime.fromtimestamp(at, datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
