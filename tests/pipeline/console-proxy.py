"""A proxy that says who comes: over its Unix socket it is believed, and nobody else is; what is written down of it."""
import getpass
import http.client
import os
import signal
import socket
import urllib.parse

from desk import Desk, Page, Person
from town import comment, main

HOSTILE = "x\"><script>alert(1)</script>"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Line(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=30)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(30)
        self.sock.connect(self.path)


class Proxied(Person):
    """Somebody's browser behind the proxy, which names them: `names` may be none, or two."""

    def __init__(self, path, *names, lang="fr"):
        super().__init__(0, lang)
        self.path, self.names = path, names

    def ask(self, method, path, body=None, headers=None):
        c = Line(self.path)
        try:
            c.putrequest(method, path)
            for name in self.names:
                c.putheader("Remote-User", name)
            cookie = {"Cookie": self.cookie} if self.cookie else {}
            for name, value in {"Accept-Language": self.lang, "X-Forwarded-For": "192.0.2.7", **cookie, **(headers or {})}.items():
                c.putheader(name, value)
            if body is not None:
                c.putheader("Content-Length", str(len(body)))
            c.endheaders(body.encode() if body is not None else None)
            r = c.getresponse()
            page = Page(r.status, r.headers, r.read())
        finally:
            c.close()
        if page.headers["Set-Cookie"]:
            self.cookie = page.headers["Set-Cookie"].split(";")[0]
        return page


def desk_at(users, **more):
    return Desk(console="{listen: '127.0.0.1:0', proxy: {socket: prise, users: [%s], logout: 'https://acces.exemple.fr/logout?a=1&b=2'}}" % users, **more)


def believed(ok, desk, path):
    anne = Proxied(path, "anne")
    page = anne.follow(anne.get("/"))
    ok(page.status == 200 and "<bdi>anne</bdi>" in page.body and "connard" in page.body, "who is named is inside", page.body)
    seq = desk.json("queue")[0]["seq"]
    page = anne.get(f"/moderation/{seq}")
    fields = {"csrf": page.csrf, **page.form(f"/moderation/{seq}/decider"), "decision": "masquer", "motif": "injure nette"}
    ok(anne.post(f"/moderation/{seq}/decider", {**fields, "csrf": "0" * 64}).status == 403, "a forged form is none here either")
    ok("Décision enregistrée" in anne.post(f"/moderation/{seq}/decider", fields, follow=True).body, "and works", page.body)
    other = Proxied(path, "anne")
    ok(other.post(f"/moderation/{seq}/decider", fields).status == 403, "a form without its cookie is none")
    ok(anne.get("/connexion").headers["Location"] == "/", "nobody is asked for a password")
    ok(anne.post("/connexion", {"csrf": anne.get("/moderation").csrf, "nom": "dora", "secret": "x" * 12}).status == 403,
       "no password is taken here")
    page = anne.get("/mot-de-passe")
    ok(page.form("/mot-de-passe") is None and "se change là-bas" in page.parsed.text and "/mot-de-passe" not in anne.get("/moderation").body and
       anne.post("/mot-de-passe", {"csrf": page.csrf, "ancien": "x", "secret": "y" * 12, "encore": "y" * 12}).status == 403,
       "nor is one changed", page.body)
    ok(anne.get("/metrics").status == 403, "the numbers are not the proxy's")
    return anne


def doubted(ok, desk, path, anne):
    visitor = desk.visitor()
    ok(visitor.ask("GET", "/", headers={"Remote-User": "anne"}).headers["Location"] == "/connexion",
       "over the other way in the header says nothing")
    visitor.cookie = anne.cookie
    ok(visitor.get("/moderation").headers["Location"] == "/connexion", "and the cookie from here is worth nothing there")
    ok(anne.get("/moderation").status == 200, "but lives on here")
    for names, text, what in (((), "ne dit pas qui", "nobody named"), (("anne", "dora"), "ne dit pas qui", "two names"),
                              (("",), "ne dit pas qui", "an empty name"), (("zoe",), "pas de compte ici", "a name without an account"),
                              (("ANNE",), "pas de compte ici", "another spelling"), (("anne, dora",), "pas de compte ici", "a list"),
                              ((HOSTILE,), "pas de compte ici", "a hostile name"), (("x" * 5000,), "pas de compte ici", "a long name")):
        page = Proxied(path, *names).get("/moderation")
        ok(page.status == 403 and text in page.body and "connard" not in page.body and "<script>alert" not in page.body, what, page.body)
    ok("access server" in Proxied(path, "zoe", lang="en").get("/moderation").body, "in English")
    swapped = Proxied(path, "dora")
    swapped.cookie = anne.cookie
    page = swapped.follow(swapped.get("/"))
    ok("<bdi>dora</bdi>" in page.body and "<bdi>anne</bdi>" not in page.body, "with somebody else's cookie one is who the proxy says", page.body)
    local = desk.again("lise")
    ok(local.get("/situation").status == 200, "a password opens the other way in")
    taken = Proxied(path, "anne")
    taken.cookie = local.cookie
    page = taken.get("/situation")
    ok("<bdi>anne</bdi>" in page.body and "<bdi>lise</bdi>" not in page.body, "its cookie says nothing here", page.body)


def changes(ok, desk, path, anne):
    ok(desk.run("user", "set", "anne", "--roles", "moderation,juriste")[0] == 0, "an account changes")
    anne.get("/moderation")
    ok('href="/dossiers"' in anne.get("/moderation").body, "and the next page knows it")
    page = anne.send("/deconnexion", at="/moderation")
    ok(page.status == 200 and 'href="https://acces.exemple.fr/logout?a=1&amp;b=2"' in page.body, "who leaves is told where to end the rest", page.body)
    ok(desk.run("user", "remove", "anne")[0] == 0 and anne.get("/moderation").status == 403, "an account that went opens nothing")


def newcomer(ok, desk, path):
    """Who comes by the proxy needs no password here, nor a link."""
    dora = Proxied(path, "dora")
    page = dora.get("/comptes-nouveau")
    ok("n'en faut pas ici, ni de lien" in page.parsed.text, "which the page of a new account says", page.body)
    made = dora.follow(dora.post("/comptes-nouveau", {**page.form("/comptes-nouveau"), "nom": "noe", "role-moderation": "1", "motif": "arrivée"}))
    ok("Le compte est ajouté" in made.parsed.text and 'id="lien"' not in made.body and "par le serveur d'accès" in made.parsed.text, "an account without a link", made.body)
    noe = Proxied(path, "noe")
    ok(noe.follow(noe.get("/")).status == 200 and desk.visitor().sign_in("noe", "!").status == 403, "opens there, and nowhere else")
    page = dora.get("/comptes/noe")
    ok(page.form("/comptes/noe/lien") is None and "se change là-bas" in page.parsed.text, "no link is offered", page.body)
    refused = dora.post("/comptes/noe/lien", {"csrf": page.csrf, "suite": "1", "cle": "x", "motif": "x"})
    ok(refused.status == 409 and "un lien n'y servirait à rien" in refused.parsed.text and noe.get("/moderation").status == 200, "nor made", refused.body)
    ok(Proxied(path, "noe").get("/mot-de-passe/" + "0" * 64).status == 403, "nor opened")
    dora.post("/comptes/noe/fermer", {**page.form("/comptes/noe/fermer"), "motif": "départ"})
    page = noe.get("/moderation")
    ok(page.status == 403 and "Votre accès est fermé" in page.parsed.text and "connard" not in page.body, "shut out, the next page says so", page.body)
    page = dora.get("/comptes/noe")
    dora.post("/comptes/noe/rouvrir", {**page.form("/comptes/noe/rouvrir"), "motif": "retour"})
    ok("mot de passe qu'il avait" not in page.parsed.text and noe.get("/moderation").status == 200, "let in again")


def audit(ok, desk, path):
    dora = Proxied(path, "dora")

    def lines():
        return dora.get("/conformite/journal?quoi=comptes").body
    desk.wait_for(lambda: "connexion" in lines() and "mot de passe" in lines(), 10, "the sign-ins in the account")
    ok("serveur d&#39;accès" in lines(), "who came in, and how", lines())


def restart(ok, desk, path):
    pid = next(int(p) for p in os.listdir("/proc") if p.isdigit() and is_console(p, desk))
    os.kill(pid, signal.SIGKILL)
    desk.wait_for(lambda: not os.path.exists(f"/proc/{pid}") and alive(path), 30, "another console at the same socket")
    ok(True, "what a killed one left is cleared away")


def is_console(pid, desk):
    try:
        words = open(f"/proc/{pid}/cmdline", "rb").read().split(b"\0")
    except OSError:
        return False
    return words[0].endswith(b"tocsin-console") and any(desk.path().encode() in w for w in words)


def alive(path):
    try:
        return Proxied(path, "dora").get("/healthz").status == 200
    except OSError:
        return False


def stranger(ok):
    with desk_at("nobody") as desk:
        desk.comments("site.jsonl", [])
        desk.start()
        try:
            Proxied(desk.path("prise"), "anne").get("/healthz")
            ok(False, "another user of this machine is let in")
        except (OSError, http.client.HTTPException):
            ok(True, "another user of this machine is not let in")
        ok(desk.visitor().get("/healthz").status == 200, "the other way in is open")
        ok(desk.stop() == 0, "the town stops", desk.log())


def scenario(ok):
    with desk_at(getpass.getuser()) as desk:
        desk.comments("site.jsonl", [comment(1, "Espèce de connard", "a1", 1), comment(2, "bonjour", "a2", 2)])
        desk.start()
        desk.wait_for(lambda: desk.committed() == 2, 30, "the comments")
        path = desk.path("prise")
        for name, roles in (("anne", "moderation"), ("dora", "dpo,admin"), ("lise", "dircom")):
            desk.account(name, roles)
        anne = believed(ok, desk, path)
        doubted(ok, desk, path, anne)
        changes(ok, desk, path, anne)
        newcomer(ok, desk, path)
        audit(ok, desk, path)
        restart(ok, desk, path)
        ok(desk.stop() == 0, "the town stops", desk.log())
    stranger(ok)


main(scenario)
