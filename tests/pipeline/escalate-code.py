"""Taking charge from a telephone: the code of a mail, the page that asks for it, and what becomes of every other code."""
import http.client
import re
import signal
import sqlite3
import time
import urllib.parse

from bell import UNTIL, Bell, main, text_of
from hands import Hands

OPEN, RAISE, CLOSE = 0, 1, 4
PAGE = "webhook: {listen: '127.0.0.1:0', public: 'https://tocsin.ville.example/'}\n"


class Phone(Bell):
    """A bell with a page to answer on."""

    def __init__(self, extra=PAGE, **words):
        super().__init__(extra=extra, **words)

    def __enter__(self):
        super().__enter__()
        self.open_page()
        return self

    def open_page(self):
        self.start("webhook", self.binary("webhook"))
        self.wait(lambda: "écoute sur" in self.log("webhook"), 20, "webhook")
        self.port = int(re.findall(r"port (\d+)", self.log("webhook"))[-1])

    def ask(self, method="GET", path="/a", body=None, **headers):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            c.request(method, path, body, {"Host": "tocsin.ville.example", **headers})
            r = c.getresponse()
            return r.status, r.read().decode(), r.headers
        finally:
            c.close()

    def send(self, code, sender="10.0.0.1, 198.51.100.7"):
        """(status, what the page says)"""
        headers = {"X-Forwarded-For": sender} if sender else {}
        status, page, _ = self.ask("POST", body=urllib.parse.urlencode({"code": code}), **{
            "Content-Type": "application/x-www-form-urlencoded", **headers})
        said = re.search(r'<p role="status">(.*?)</p>', page)
        return status, said.group(1) if said else page

    def code(self, n=1, person=None):
        """The code of the n-th mail."""
        self.wait(lambda: len(self.files()) >= n, 20, f"mail {n}")
        return re.search(r"code (\w{4}-\w{4}), sur https://tocsin.ville.example/a\b", text_of(self.mails()[n - 1])).group(1)

    def codes(self, level, n):
        """Those of the first n mails of a level; a slow machine may remind somebody of another one between them."""
        def of_level():
            return [m for m in self.mails() if level in m["Subject"]]
        self.wait(lambda: len(of_level()) >= n, 20, f"{n} mails {level}")
        return [re.search(r"code (\w{4}-\w{4}), sur https://tocsin.ville.example/a\b", text_of(m)).group(1) for m in of_level()[:n]]

    def incident(self, n=1):
        return self.rows("SELECT state, acked_by, ack_expires_at FROM incident WHERE id = ?", n)[0]

    def entries(self, kind, n=1):
        return self.rows("SELECT who, text FROM entry WHERE incident = ? AND kind = ? ORDER BY id", n, kind)

    def change(self, sql):
        """While nobody writes."""
        self.kill("store", signal.SIGTERM)
        db = sqlite3.connect(self.path("state", "store.db"), timeout=10)
        db.execute(sql)
        db.commit()
        db.close()
        begun = self.log("store").count("prêt")
        self.restart("store")
        self.wait(lambda: self.log("store").count("prêt") > begun, 30, "store")


ACKED = 3


def by_the_page(ok):
    with Phone() as bell:
        bell.rise("orange")
        code = bell.code()
        ok(re.fullmatch("([2-9AC-HJKMNP-RTV-Y]{4})-([2-9AC-HJKMNP-RTV-Y]{4})", code), "the mail has a code of eight clear signs", code)
        html = bell.mails()[0].get_body(("html",)).get_content()
        ok('<a href="https://tocsin.ville.example/a">' in html and code in html, "… and a link to the page", html)
        status, page, headers = bell.ask()
        ok(status == 200 and 'name="code"' in page and "<script" not in page, "GET /a: a form, no script", page)
        ok(not any(word in page for word in ("Peupliers", "ORANGE", "Valmont", code)), "… that says nothing", page)
        ok("default-src 'none'" in headers["Content-Security-Policy"] and "noindex" in headers["X-Robots-Tag"] and
           headers["Cache-Control"] == "no-store" and headers["Referrer-Policy"] == "no-referrer", "… and is guarded",
           dict(headers))
        for path in (f"/a?code={code}", f"/a?{code.replace('-', '')}"):
            bell.ask("GET", path)
            bell.ask("HEAD", path)
        ok(bell.incident()[0] == 0, "no GET takes charge", bell.incident())
        status, said = bell.send(" " + code.lower().replace("-", " "))
        state, who, until = bell.incident()
        ok(status == 200 and re.fullmatch(rf"Pris en charge {UNTIL}\.", said), "POST /a takes charge", (status, said))
        ok(state == 1 and who == "A. Roche" and abs(until / 1000 - time.time() - 3600) < 60, "… for the person, for as long "
           "as the policy says", bell.incident())
        ok(bell.entries(ACKED) == [("A. Roche", "code, par la page")], "the main courante names person and means",
           bell.entries(ACKED))
        ok("Peupliers" not in said and "Roche" not in said, "the answer names nobody", said)
        status, said = bell.send(code)
        ok(status == 200 and re.search(rf"^Code déjà reçu : pris en charge {UNTIL}", said), "sent twice: still in charge", said)
        ok(len(bell.entries(ACKED)) == 1, "… and written once")
        time.sleep(1.5)
        ok([r[2] for r in bell.outbox()] == ["dircom"], "nobody else is called", bell.outbox())
        blob = b"".join(open(bell.path("state", n), "rb").read() for n in ("store.db", "store.db-wal"))
        ok(code.encode() not in blob and code.replace("-", "").encode() not in blob, "the code itself is in no byte of the database")


def steps_stop(ok):
    """The second step would come after a quarter of an hour."""
    for taken in (True, False):
        hands = Hands()
        with Phone(env=hands.env) as bell:
            bell.rise("orange")
            first = bell.code()
            if taken:
                status, said = bell.send(first)
                ok(status == 200, "taken charge of before the second step", said)
            bell.settled(2)
            hands.put(16 * 60)
            if taken:
                time.sleep(4)
                ok([r[2] for r in bell.outbox()] == ["dircom"], "the second step is not called", bell.outbox())
                continue
            bell.wait(lambda: len(bell.files()) == 2, 20, "the second step")
            ok([r[2] for r in bell.outbox()] == ["dircom", "dgs"] and len({bell.code(1), bell.code(2), first}) == 2,
               "without an answer it is, with a code of its own", bell.outbox())


def of_no_use(ok):
    with Phone() as bell:
        bell.rise("orange")
        old = bell.code()
        for wrong in ("", "4KPM7TX", "4KPM7TXWW", "é" * 8, "bonjour monsieur"):
            status, said = bell.send(wrong)
            ok(status == 400 and "huit lettres" in said, f"{wrong!r} is no code", (status, said))
        wrong = ("2" if old[0] != "2" else "3") + old[1:]
        status, said = bell.send(wrong)
        ok(status == 404 and said.startswith("Code inconnu"), "a wrong code", (status, said))
        bell.change("UPDATE code SET expires_at = 1")
        status, said = bell.send(old)
        ok(status == 410 and "expiré" in said, "an expired code", (status, said))
        bell.change("UPDATE code SET expires_at = 9000000000000")
        bell.rise("rouge", action=RAISE)
        new = bell.codes("ROUGE", 2)
        status, said = bell.send(old)
        ok(status == 410 and "montée depuis" in said, "a code of a level that is surpassed", (status, said))
        ok(bell.incident()[0] == 0 and old not in new and new[0] != new[1], "nobody is in charge yet", bell.incident())
        ok(bell.send(new[0])[0] == 200, "the newest code takes charge")
        bell.rise("rouge", action=2, messages=200)
        bell.wait(lambda: bell.incident()[0] == 0, 20, "the charge to break")
        status, said = bell.send(new[0])
        ok(status == 410 and "déjà servi" in said, "used, and nobody in charge any more", (status, said))
        bell.say("close", 1, "C. Morel")
        status, said = bell.send(new[1])
        ok(status == 410 and "close" in said, "a code of an incident that is closed", (status, said))


def guessing(ok):
    with Phone() as bell:
        bell.rise("orange")
        code = bell.code()
        answers = [bell.send("2222222" + c)[0] for c in "23456789"]
        begun = time.monotonic()
        ok(answers[:5] == [404] * 5 and set(answers[5:]) == {429}, "five wrong codes a minute from one sender", answers)
        status, said = bell.send(code)
        ok(status == 429 and "Trop d'essais" in said, "… then not even the right one", (status, said))
        ok(bell.incident()[0] == 0, "… which is not looked at")
        answers = [bell.send("3333333" + c, f"198.51.100.{n}")[0] for n in range(20, 40) for c in "234"]
        ok(set(answers) == {404}, "sixty in a minute from twenty others do not lock the page", answers)
        time.sleep(max(0, begun + 61 - time.monotonic()))
        ok(bell.send(code)[0] == 200, "a minute later a right one counts again")
        ok("codes de prise en charge inconnus" in bell.log("webhook"), "the log counts them", bell.log("webhook"))
        logs = bell.log("webhook") + bell.log("store") + bell.log("escalate")
        ok(code not in logs and code.replace("-", "") not in logs, "no log holds a code")


def behind_a_proxy(ok):
    """The proxy says who stands behind it; one that does not is not taken for a sender."""
    with Phone(extra=PAGE.replace("127.0.0.1", "[::ffff:127.0.0.1]")) as bell:
        bell.rise("orange")
        code = bell.code()
        answers = [bell.send("2222222" + c, f"2001:db8:1:2::{c}")[0] for c in "23456789"]
        ok(answers[:5] == [404] * 5 and set(answers[5:]) == {429}, "a whole /64 is one sender", answers)
        ok(bell.send("22222222", "2001:db8:1:3::2")[0] == 404, "… another is another")
        for name, sender in (("nothing", None), ("no address", "unknown"), ("itself", "198.51.100.9, 127.0.0.1")):
            answers = [bell.send("2222222" + c, sender)[0] for c in "23456789"]
            ok(answers == [404] * 8, f"the proxy says {name}: nobody is locked out for the others", answers)
        ok(bell.send(code, None)[0] == 200, "… and the right code takes charge")


def too_long(ok):
    with Phone() as bell:
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        ok(bell.ask("POST", body="code=" + "A" * 8187, **form)[0] == 400, "8 KiB are read")
        ok(bell.ask("POST", body="code=" + "A" * 8188, **form)[0] == 413, "one more byte is not")
        c = http.client.HTTPConnection("127.0.0.1", bell.port, timeout=20)
        c.request("POST", "/a", iter([b"code=", b"A" * 9000]), {"Host": "tocsin.ville.example", **form}, encode_chunked=True)
        ok(c.getresponse().status == 413, "nor in chunks")
        c.close()


def forms(ok):
    with Phone() as bell:
        bell.rise("orange")
        code, form = bell.code(), "application/x-www-form-urlencoded"
        for name, body, kind in (("two codes", f"code={code}&code={code}", form), ("another field", f"cde={code}", form),
                                 ("another type", f"code={code}", "text/plain"), ("nothing", "", form),
                                 ("a long one", "code=" + "A" * 500, form), ("json", f'{{"code":"{code}"}}', "application/json"),
                                 ("no type", f"code={code}", ""), ("a multipart", f"code={code}", "multipart/form-data")):
            status, page, _ = bell.ask("POST", body=body, **{"Content-Type": kind})
            ok(status == 400 and "huit lettres" in page, f"{name}: 400", (status, page))
        ok(bell.ask("PUT", body="x")[0] == 405 and bell.ask("GET", "/sms")[0] == 404, "no other method, no other path")
        ok(bell.incident()[0] == 0, "nobody is in charge")
        status, page, _ = bell.ask("POST", body=f"%63ode=+{code[0]}%{ord(code[1]):x}{code[2:].replace('-', '')}&autre=1",
                                   **{"Content-Type": form + "; charset=UTF-8"})
        ok(status == 200 and "Pris en charge" in page, "percent-encoded", (status, page))


def without_a_page(ok):
    with Bell() as bell:
        bell.rise("orange")
        bell.wait(bell.files, 20, "a mail")
        text = text_of(bell.mails()[0])
        ok("tocsin ack 1" in text and "code" not in text, "without a public address mails name the command alone", text)
        ok(bell.rows("SELECT count(*) FROM code") == [(0,)], "… and no code is made")


def scenario(ok):
    by_the_page(ok)
    steps_stop(ok)
    of_no_use(ok)
    guessing(ok)
    behind_a_proxy(ok)
    too_long(ok)
    forms(ok)
    without_a_page(ok)


if __name__ == "__main__":
    main(scenario)
