"""For scenarios of the console: a town that has one, and people with a browser's manners (cookies, forms).

with Desk() as desk: desk.start(); anne = desk.person("anne", "moderation"); page = anne.get("/moderation")
"""
import html.parser
import http.client
import os
import signal
import sqlite3
import subprocess
import urllib.parse

from town import BUILD, Town

CONSOLE = os.path.join(BUILD, "src", "console", "tocsin-console")
PASSWORD = "le bon mot de passe"


def routes():
    """[(method, path, {roles})] of the route table; roles {"*"}: everybody."""
    text = subprocess.run([CONSOLE, "--routes"], capture_output=True, text=True, check=True).stdout
    return [(method, path, set(roles.split(","))) for method, path, roles in map(str.split, text.splitlines())]


def database(desk, sql, *values):
    """Rows of a query, read beside store."""
    db = sqlite3.connect(f"file:{desk.path('state', 'store.db')}?mode=ro", uri=True)
    try:
        return db.execute(sql, values).fetchall()
    finally:
        db.close()


def seq_of(desk, text):
    """The newest comment with this text."""
    return [int(seq) for seq, body in database(desk, "SELECT seq, body FROM item ORDER BY seq") if text.encode() in bytes(body)][-1]


class Forms(html.parser.HTMLParser):
    """Every element with its attributes; forms with their hidden fields; the text of all that is no script."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.forms, self.text = [], [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.elements.append((tag, attrs))
        if tag == "form":
            self.forms.append({"action": attrs.get("action"), "fields": {}})
        elif tag == "input" and attrs.get("type") == "hidden" and self.forms:
            self.forms[-1]["fields"][attrs["name"]] = attrs.get("value", "")

    def handle_data(self, data):
        self.text += data


class Page:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.raw = status, headers, body
        self.body = body.decode("utf-8", "replace")
        self._parsed = None

    @property
    def parsed(self):
        self._parsed = self._parsed or Forms(self.body)
        return self._parsed

    def form(self, action):
        """The fields of the form with this action."""
        return next((dict(f["fields"]) for f in self.parsed.forms if f["action"] == action), None)

    @property
    def csrf(self):
        return next((f["fields"]["csrf"] for f in self.parsed.forms if "csrf" in f["fields"]), None)

    def has(self, tag, **attrs):
        attrs = {k.rstrip("_"): v for k, v in attrs.items()}
        return any(t == tag and attrs.items() <= a.items() for t, a in self.parsed.elements)


class Person:
    """A browser: keeps its cookie, fills in forms."""

    def __init__(self, port, lang="fr"):
        self.port, self.lang, self.cookie = port, lang, None

    def ask(self, method, path, body=None, headers=None):
        headers = {"Accept-Language": self.lang, **(headers or {})}
        if self.cookie and "Cookie" not in headers:
            headers["Cookie"] = self.cookie
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            c.request(method, path, body, headers)
            r = c.getresponse()
            page = Page(r.status, r.headers, r.read())
        finally:
            c.close()
        if page.headers["Set-Cookie"]:
            self.cookie = page.headers["Set-Cookie"].split(";")[0]
        return page

    def get(self, path):
        return self.ask("GET", path)

    def follow(self, page):
        return self.get(page.headers["Location"].partition("#")[0]) if page.status == 303 else page

    def post(self, path, fields, follow=False):
        body = urllib.parse.urlencode(fields)
        page = self.ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})
        return self.follow(page) if follow else page

    def send(self, path, at="/", **fields):
        """Fills in a form that page `at` has, and follows where it leads."""
        page = self.get(at)
        page = self.follow(page)
        return self.post(path, {"csrf": page.csrf or "", **fields}, follow=True)

    def sign_in(self, name, password=PASSWORD):
        csrf = self.get("/connexion").csrf
        return self.post("/connexion", {"csrf": csrf or "", "nom": name, "secret": password})


class Desk(Town):
    def __init__(self, *words, extra="", console="{listen: '127.0.0.1:0'}", **more):
        super().__init__(*words, extra=f"console: {console}\n{extra}", **more)

    def start(self, *words, wait=True):
        process = super().start(*words, wait=wait)
        self.wait_for(lambda: self.gauges().get(("console_port", "")), 10, "the console's port")
        self.port = int(self.gauges()["console_port", ""])
        return process

    def revive(self):
        """Kills the console; its port is then that of the one which takes its place."""
        old = self.pid("console")
        os.kill(old, signal.SIGKILL)
        self.wait_for(lambda: self.pid("console") != old, 20, "another console")
        self.port = self.wait_for(self.serving, 20, "the console to serve")

    def serving(self):
        """The console's port, when it serves there."""
        port = int(self.gauges().get(("console_port", ""), 0))
        try:
            return port if port and Person(port).get("/readyz").status == 200 else None
        except OSError:
            return None

    def link(self):
        """The path of the set-up link that `tocsin run` printed last."""
        self.wait_for(lambda: "/premier-compte/" in self.log(), 10, "the set-up link")
        line = [x for x in self.log().splitlines() if "/premier-compte/" in x][-1]
        return line[line.index("/premier-compte/"):].strip()

    def account(self, name, roles, password=PASSWORD, *more):
        code, out, err = self.run("user", "add", name, "--roles", roles, *more, input=password + "\n")
        if code != 0:
            raise RuntimeError(out + err)

    def visitor(self, lang="fr"):
        return Person(self.port, lang)

    def person(self, name, roles, lang="fr", services=None):
        """An account with these roles, signed in."""
        self.account(name, roles, PASSWORD, *(("--services", services) if services else ()))
        return self.again(name, lang)

    def again(self, name, lang="fr"):
        """Somebody who has an account, in another browser."""
        person = self.visitor(lang)
        page = person.sign_in(name)
        if page.status != 303:
            raise RuntimeError(f"{name}: {page.status} {page.body}")
        return person
