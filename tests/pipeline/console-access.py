"""Coming into the console: the set-up link, passwords, sessions, forged forms. What each role may open: console-matrix."""
import re
import socket
import threading
import time
import urllib.parse

from desk import PASSWORD, Desk, Person, database
from town import comment, main

POLICY = ("default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
          "form-action 'self'; frame-ancestors 'none'; base-uri 'none'")


def first_account(ok, desk):
    link = desk.link()
    visitor = desk.visitor()
    page = visitor.get(link)
    ok(page.status == 200 and page.form(link), "the link opens a form", page.body)
    fields = {"csrf": page.csrf, "nom": "chef", "secret": PASSWORD, "encore": PASSWORD}
    for name, value in (("nom", "Chef é"), ("secret", "court"), ("encore", "un autre mot de passe")):
        ok(visitor.post(link, {**fields, name: value}).status == 400, f"a wrong {name} is said", name)
    wrong = "/premier-compte/" + "0" * 64
    ok(visitor.post(wrong, fields).status == 410, "another secret opens nothing")
    ok(not desk.json("user", "list"), "nobody has an account so far")
    ok(visitor.post(link, fields).status == 303, "the first account is made")
    ok(visitor.get(link).status == 410 and visitor.post(link, {**fields, "nom": "autre"}).status == 410,
       "the link serves once")
    accounts = desk.json("user", "list")
    ok([a["name"] for a in accounts] == ["chef"] and accounts[0]["roles"] == "moderation,dircom,admin,regles",
       "who has it may do everything", accounts)
    ok(PASSWORD.encode() not in open(desk.path("state", "store.db"), "rb").read(), "no password is in the database")
    return visitor


def passwords(ok, desk):
    visitor = desk.visitor()
    page = visitor.get("/connexion")
    cookie = page.headers["Set-Cookie"]
    ok(re.fullmatch(r"tocsin=[0-9a-f]{64}; Path=/; HttpOnly; SameSite=Strict", cookie), "the cookie", cookie)
    before = visitor.cookie
    ok(visitor.sign_in("chef", "faux mot de passe").status == 403, "a wrong password")
    unknown = desk.visitor()
    ok(unknown.sign_in("personne").status == 403, "an unknown name says the same")
    page = visitor.sign_in("chef")
    ok(page.status == 303 and visitor.cookie != before, "the right one, and a new cookie with it", page.status)
    ok(visitor.follow(visitor.get("/")).status == 200, "inside")
    ok(visitor.get("/connexion").status == 303, "who is inside is not asked again")
    page = visitor.send("/deconnexion")
    ok("secret" in page.body and visitor.get("/").headers["Location"] == "/connexion", "out again")


def limits(ok, desk):
    desk.account("lent", "cabinet")

    def tries(sender, n, password="mauvais mot de passe"):
        one = desk.visitor()
        fields = urllib.parse.urlencode({"csrf": one.get("/connexion").csrf, "nom": "lent", "secret": password})
        return [one.ask("POST", "/connexion", fields, {"Content-Type": "application/x-www-form-urlencoded",
                                                      "X-Forwarded-For": sender}).status for _ in range(n)]

    statuses = tries("198.51.100.1", 7)
    ok(statuses == [403] * 5 + [429] * 2, "five wrong passwords a minute from one sender", statuses)
    ok(tries("198.51.100.99", 1, PASSWORD) == [303], "who shuts himself out so does not shut out the account's owner")
    statuses = sum((tries(f"198.51.100.{i}", 5) for i in range(2, 5)), [])
    ok(statuses == [403] * 15, "many senders", statuses)
    ok(tries("198.51.100.99", 1, PASSWORD) == [429], "… are too many for one account")
    desk.account("autre", "cabinet")
    ok(desk.visitor().sign_in("autre").status == 303, "others do not wait")
    away = desk.visitor()
    csrf = away.get("/connexion").csrf
    body = f"csrf={csrf}&nom=inconnu{{}}&secret=mauvais+mot+de+passe"
    statuses = [away.ask("POST", "/connexion", body.format(i),
                         {"Content-Type": "application/x-www-form-urlencoded",
                          "X-Forwarded-For": "203.0.113.9"}).status for i in range(6)]
    ok(statuses == [403] * 5 + [429], "… nor one sender under many names", statuses)


def written(ok, desk, tried="lent"):
    """Who was not let in is in the account of what was done, bounded; a name that is none is not written down."""
    def refused():
        return database(desk, "SELECT who, what, CAST(substr(why, 10) AS INTEGER) FROM audit WHERE verb = 'refused'")

    def times(name):
        return sum(n for who, _, n in refused() if who == name)
    desk.wait_for(lambda: times("(inconnu)") >= 5 and times(tried) >= 20, 20, "the refusals in the account")
    ok(len([r for r in refused() if r[0] == tried]) <= 2 and times(tried) == 20, "one entry an account and hour, with how often", refused())
    ok({r[0] for r in refused()} <= {tried, "(inconnu)", "chef"} and not [r for r in refused() if "inconnu0" in r],
       "names that are no account are not written down", refused())


def crowd(ok, desk):
    """Twenty at a time: each is answered, few are hashed."""
    statuses = []

    def come(i):
        statuses.append(Person(desk.port).sign_in(f"foule{i}").status)
    people = [threading.Thread(target=come, args=(i,)) for i in range(20)]
    for p in people:
        p.start()
    began = time.monotonic()
    ok(desk.visitor().get("/healthz").status == 200 and time.monotonic() - began < 1, "the loop goes on meanwhile")
    for p in people:
        p.join()
    ok(len(statuses) == 20 and set(statuses) <= {403, 503} and 403 in statuses, "a crowd of sign-ins is bounded", statuses)


def forged(ok, desk):
    anne = desk.person("anne", "moderation,dircom,admin")
    page = anne.follow(anne.get("/"))
    eve = desk.person("eve", "moderation")
    for name, csrf in (("none", None), ("another's", eve.follow(eve.get("/")).csrf), ("an invented one", "0" * 64)):
        fields = {} if csrf is None else {"csrf": csrf}
        ok(anne.post("/deconnexion", fields).status == 403, f"a form with {name} token is refused")
    twice = f"csrf={page.csrf}&csrf={page.csrf}"
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    ok(anne.ask("POST", "/deconnexion", twice, kind).status == 403, "… with two")
    ok(anne.ask("POST", "/deconnexion", f"csrf={page.csrf}", {"Content-Type": "text/plain"}).status == 403,
       "… of another type")
    alien = desk.visitor()
    alien.cookie = "tocsin=" + "a" * 64
    ok(alien.get("/").headers["Location"] == "/connexion", "an invented cookie is nobody's")
    alien.cookie = anne.cookie + "; " + eve.cookie
    ok(alien.get("/").headers["Location"] == "/connexion", "two cookies of one name are nobody's")
    ok(anne.follow(anne.get("/")).status == 200, "and nobody was signed out by all that")


def manners(ok, desk):
    visitor = desk.visitor()
    page = visitor.get("/connexion")
    h = page.headers
    ok(h["Content-Security-Policy"] == POLICY and h["X-Content-Type-Options"] == "nosniff" and
       h["Referrer-Policy"] == "no-referrer" and h["Cache-Control"] == "no-store", "the headers of a page", str(h))
    ok(not re.search(r"<script(?![^>]* src=)|<style|\son\w+=|\sstyle=", page.body), "nothing runs inside a page")
    ok(visitor.get("/rien").status == 404 and visitor.get("/../etc/passwd").status == 404, "404")
    wrong = visitor.ask("POST", "/comptes", "a=b", {"Content-Type": "application/x-www-form-urlencoded"})
    ok(wrong.status == 405 and wrong.headers["Allow"] == "GET, HEAD", "405 says what may be asked", wrong.headers)
    ok(visitor.ask("PUT", "/connexion", "x").status == 405, "… of an unknown method too")
    ok(visitor.ask("POST", "/connexion", "x" * 70000).status == 413, "413")
    ok(visitor.ask("HEAD", "/connexion").body == "", "HEAD has no body")
    ok(visitor.get("/healthz").raw == b"ok\n" and visitor.get("/readyz").status == 200, "health and readiness")
    for path, kind in (("/fixe/console.css", "text/css; charset=utf-8"), ("/fixe/console.js", "text/javascript; charset=utf-8"),
                       ("/fixe/direct.js", "text/javascript; charset=utf-8")):
        asset = visitor.get(path)
        ok(asset.status == 200 and asset.headers["Content-Type"] == kind and not asset.headers["Set-Cookie"] and
           "max-age" in asset.headers["Cache-Control"], path, asset.headers)
    english = desk.visitor("en-GB,en;q=0.9").get("/connexion")
    ok("Sign in" in english.body and '<html lang="en">' in english.body, "English for who asks for it")


def sessions(ok, desk):
    bob = desk.person("bob", "moderation,admin")
    ok(bob.get("/comptes").status == 200, "bob sees the accounts")
    code, _, err = desk.run("user", "set", "bob", "--roles", "moderation")
    ok(code == 0 and bob.get("/comptes").headers["Location"] == "/connexion", "an account that changes is signed out", err)
    bob = desk.again("bob")
    ok(bob.get("/comptes").status == 403, "… and has its new roles")
    code, _, err = desk.run("user", "set", "bob", "--password", input="un tout nouveau secret\n")
    ok(code == 0 and desk.visitor().sign_in("bob").status == 403 and
       desk.visitor().sign_in("bob", "un tout nouveau secret").status == 303, "a new password", err)
    carl = desk.person("carl", "cabinet", lang="de")
    code, _, err = desk.run("user", "remove", "carl")
    ok(code == 0 and carl.get("/").headers["Location"] == "/connexion", "an account that goes is signed out", err)
    for words in (("add", "bob", "--roles", "cabinet"), ("set", "personne", "--roles", "cabinet"), ("remove", "personne")):
        ok(desk.run("user", *words, input=PASSWORD + "\n")[0] == 1, "refused: user " + " ".join(words))
    for words in (("add", "x"), ("add", "x", "--roles", "roi"), ("add", "x", "--roles", "service"),
                  ("add", "x", "--roles", "cabinet", "--services", "eau"), ("add", "x", "--roles", "service", "--services", "eau,,"), ("add", "Éve", "--roles", "cabinet"), ("quoi",)):
        ok(desk.run("user", *words, input=PASSWORD + "\n")[0] == 2, "misuse: user " + " ".join(words))
    ok(desk.run("user", "add", "y", "--roles", "cabinet", input="court\n")[0] == 2, "a short password")


def own_password(ok, desk):
    """Changed by whoever has it: the old one is asked for, the other sessions end, and wrong ones count as in signing in."""
    new = "un secret que je choisis"
    one = desk.person("odile", "cabinet")
    other = desk.again("odile")
    ok('href="/mot-de-passe"' in one.get("/situation").body and one.get("/mot-de-passe").form("/mot-de-passe"), "every page leads there")
    fields = {"csrf": one.get("/mot-de-passe").csrf, "ancien": PASSWORD, "secret": new, "encore": new}
    for what, more in (("too short", {"secret": "court", "encore": "court"}), ("typed wrong", {"encore": new + "x"}),
                       ("too long", {"secret": "x" * 201, "encore": "x" * 201}), ("without the old one", {"ancien": ""})):
        ok(one.post("/mot-de-passe", {**fields, **more}).status == 400, "refused: " + what)
    wrong = one.post("/mot-de-passe", {**fields, "ancien": "pas le mien du tout"})
    ok(wrong.status == 403 and "mot de passe actuel" in wrong.parsed.text and new not in wrong.body, "the old one is wrong", wrong.body)
    ok(desk.visitor().sign_in("odile").status == 303, "and holds still")
    done = one.follow(one.post("/mot-de-passe", fields, follow=True))
    ok("Mot de passe changé" in done.parsed.text, "changed, and this session goes on", done.body)
    ok(other.get("/situation").headers["Location"] == "/connexion", "the others are over")
    ok(desk.visitor().sign_in("odile").status == 403 and desk.visitor().sign_in("odile", new).status == 303, "the new one opens")
    ok(desk.json("user", "list")[-1]["roles"] == "cabinet" and
       ("odile", "account", "odile", "son mot de passe") in database(desk, "SELECT who, verb, what, why FROM audit"),
       "nothing else of the account changed, and it is written down")
    text = {"csrf": one.get("/mot-de-passe").csrf, "ancien": "faux mot de passe", "secret": new, "encore": new}
    statuses = [one.ask("POST", "/mot-de-passe", urllib.parse.urlencode(text), {"Content-Type": "application/x-www-form-urlencoded",
                                                                                "X-Forwarded-For": "203.0.113.77"}).status for _ in range(6)]
    ok(statuses == [403] * 5 + [429], "five wrong ones a minute", statuses)


def behind_https(ok):
    with Desk(console="{listen: '127.0.0.1:0', public: 'https://console.ville.example'}") as desk:
        desk.write("site.jsonl", "")
        desk.start()
        cookie = desk.visitor().get("/connexion").headers["Set-Cookie"]
        ok(re.fullmatch(r"__Host-tocsin=[0-9a-f]{64}; Path=/; HttpOnly; SameSite=Strict; Secure", cookie),
           "behind https the cookie is bound to the host", cookie)
        ok(desk.link() and "https://console.ville.example/premier-compte/" in desk.log(), "and so is the link")
        ok(desk.stop() == 0, "the town stops")


def until_done(ok):
    """A console is nothing to wait for, and a busy port keeps no town deaf."""
    with socket.create_server(("127.0.0.1", 0)) as busy:
        for name, port in (("a console", 0), ("one whose port is taken", busy.getsockname()[1])):
            with Desk(console=f"{{listen: '127.0.0.1:{port}'}}") as desk:
                desk.comments("site.jsonl", [comment(1, "Espèce de connard !")])
                code, _, err = desk.run("run", "--until-done")
                ok(code == 0 and desk.committed() == 1, f"--until-done comes to its end with {name}", err)


def scenario(ok):
    with Desk() as desk:
        desk.write("site.jsonl", "")
        desk.start()
        first_account(ok, desk)
        passwords(ok, desk)
        limits(ok, desk)
        written(ok, desk)
        crowd(ok, desk)
        forged(ok, desk)
        manners(ok, desk)
        sessions(ok, desk)
        own_password(ok, desk)
        ok(desk.stop() == 0, "the town stops", desk.log())
        desk.start()
        time.sleep(1.5)
        ok(desk.log().count("/premier-compte/") == 1, "with accounts there is no link any more", desk.log())
        ok(PASSWORD not in desk.log(), "no password in the log")
        desk.stop()
    with Desk(console="{listen: '0.0.0.0:8788'}") as desk:
        code, _, err = desk.run("status")
        ok(code == 2 and "console" in err, "it listens to this machine alone", err)
    behind_https(ok)
    until_done(ok)


main(scenario)
