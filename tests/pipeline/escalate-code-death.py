"""Whoever dies between making a code, mailing it and taking it back: the same code comes again, and it counts."""
import importlib
import random
import re
import signal
import time

from bell import Watch, main, parse, text_of
from receivers import Smtp

phone = importlib.import_module("escalate-code")
MAIL = "{{url: '{0}', tls: none, from: t@v.example}}"


def code_of(raw):
    found = re.search(r"code (\w{4}-\w{4}), sur", text_of(parse(raw)))
    return found and found.group(1)


def sender_dies(ok):
    """escalate is killed when the whole mail has gone and no answer has come."""
    with Smtp(["hang"]) as smtp, phone.Phone(mail=MAIL.format(smtp.url)) as bell:
        bell.rise("orange")
        bell.wait(lambda: smtp.arrived, 20, "the mail")
        first = code_of(smtp.arrived[0].raw)
        bell.kill("escalate")
        with smtp.lock:
            smtp.modes = ["ok"]
        bell.hurry()
        bell.restart()
        bell.wait(lambda: len(smtp.arrived) >= 2, 20, "the mail again")
        again = parse(smtp.arrived[1].raw)
        ok(again["Subject"].startswith("[doublon possible]"), "it comes again, marked", again["Subject"])
        ok(first and code_of(smtp.arrived[1].raw) == first, "with the same code", (first, code_of(smtp.arrived[1].raw)))
        ok(bell.rows("SELECT count(*) FROM code") == [(1,)], "there is only one")
        ok(bell.send(first)[0] == 200 and bell.incident()[0] == 1, "and it counts")


def store_dies(ok):
    """Before, while and after rows are leased; every mail of one person and level has the same code."""
    chance = random.Random(7)
    with Smtp(["4xx", "cut", "4xx", "ok"]) as smtp, phone.Phone(mail=MAIL.format(smtp.url)) as bell:
        bell.rise("rouge")
        for _ in range(6):
            time.sleep(chance.uniform(0, 0.4))
            bell.kill("store")
            bell.hurry_dead()
        bell.wait(lambda: all(r[3] == 2 for r in bell.outbox()) and len(bell.outbox()) == 2, 60, "both mails")
        codes = {}
        for m in smtp.arrived:
            codes.setdefault(parse(m.raw)["To"], set()).add(code_of(m.raw))
        ok(len(codes) == 2 and all(len(c) == 1 and None not in c for c in codes.values()),
           "each person has one code, whatever died", codes)
        for n, (person, found) in enumerate(sorted(codes.items())):
            status, said = bell.send(found.pop(), f"198.51.100.{n}")
            ok(status == 200, f"that of {person} counts", (status, said))


def store_away(ok):
    with phone.Phone() as bell:
        bell.rise("orange")
        code = bell.code()
        bell.kill("store")
        status, said = bell.send(code)
        ok(status == 503 and "ne répond pas" in said, "without store: later", (status, said))
        watch = Watch()
        status, said = bell.send(code)
        ok(status == 503, "… each time", (status, said))
        ok.within(watch, 1, "… and nobody waits for it again")
        ok(bell.ask()[0] == 200, "the page is there")
        bell.restart("store")
        bell.wait(lambda: bell.send(code)[0] == 200, 20, "store")
        bell.kill("store")
        bell.restart("store")
        bell.wait(lambda: bell.rows("SELECT 1"), 20, "the database")
        ok(bell.incident()[:2] == (1, "A. Roche"), "what the page has said stays said", bell.incident())
        bell.kill("webhook", signal.SIGTERM)
        ok(bell.processes["webhook"].returncode == 0, "SIGTERM: exit 0")


def scenario(ok):
    sender_dies(ok)
    store_dies(ok)
    store_away(ok)


main(scenario)
