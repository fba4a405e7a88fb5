"""kind wordpress against a contract server of ours (blogs.py): what was published before us, page by page and through
kills; then what is new, what waits for approval, what is edited, approved, thrown away; a guard in front of the site that
refuses everything deletes nothing."""
import os
import time

from town import main
from flow import Flow, read_comment
from blogs import Blog

MANY = 1200


def source(site, more=""):
    return (f"  - {{id: site, kind: wordpress, url: '{site.url}', every: 1 s, "
            f"allow_internal: ['127.0.0.1:{site.port}']{more}}}\n")


def secret(flow):
    with open(os.open(flow.path("robot.txt"), os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as f:
        f.write("abcd efgh ijkl mnop\n")


def texts(flow):
    return {name: text for (_, name), text in flow.stored()[0].items()}


def has(flow, number, text, seconds=30):
    flow.wait_for(lambda: texts(flow).get(str(number)) == text, seconds, f"{number} as {text}")


def holds(flow, text):
    """Whether any row has these words; a row whose text was erased is no comment any more."""
    return any(text.encode() in body for body, in flow.rows("SELECT body FROM item"))


def publish(flow, site, text, **more):
    number = site.add(text, **more)
    flow.sent["site", str(number)] = text
    return number


def asked_again(flow, site, times=2):
    n = len(site.asked) + times
    flow.wait_for(lambda: len(site.asked) >= n, 30, "another look")


def peak(flow):
    """KiB at most of the look that runs now, as its kernel counts it; 0 when none does."""
    for pid in flow.processes("connect.site"):
        try:
            with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as f:
                for child in f.read().split():
                    with open(f"/proc/{child}/status", encoding="ascii") as status:
                        for line in status:
                            if line.startswith("VmHWM"):
                                return int(line.split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
    return 0


def backfill(ok):
    with Blog(pause=0.05) as site, Flow(sources=source(site), clock="wall") as flow:
        start = int(time.time()) - 86400 * 60
        for i in range(MANY):  # a hundred and twenty of them in one second, as an import leaves them
            publish(flow, site, f"Ancien n° {i}", at=start + (600 * i if i < 300 or i >= 420 else 600 * 300))
        flow.start()
        highest, killed = 0, 0
        for rows in (100, 350, 700):
            flow.wait_for(lambda: flow.seq() >= rows, 60, f"{rows} rows")
            highest = max(highest, peak(flow))
            flow.wait_for(lambda: flow.kill("connect.site"), 20, "a connector to kill")
            killed += 1
        flow.settle(MANY, 90)
        n = len(site.asked)
        print(f"# {MANY} comments in {n} requests, through {killed} kills; a look took {highest} KiB at most")
        ok(n < MANY / 50 * 2, "it went on where it was", n)
        ok(highest < 32 << 10 or "sanitize" in os.environ.get("TOCSIN_BUILD", ""), "in 32 MiB at most", highest)
        flow.account(ok, name="backfill")


def live(ok):
    with Blog() as site, Flow(sources=source(site, ", user: robot, password_file: robot.txt"), clock="wall") as flow:
        secret(flow)
        old = publish(flow, site, "Un ancien")
        publish(flow, site, "Il attend", status="hold")
        code, out, err = flow.run("connect", "test", "site")
        ok(code == 0 and "Il attend" in out and "2 à prendre" in out, "connect test shows the newest, and what waits",
           out + err)
        flow.start()
        has(flow, old, "Un ancien")
        waits = publish(flow, site, "Espèce d'abruti !", status="hold")
        begun = time.monotonic()
        has(flow, waits, "Espèce d'abruti !")
        print(f"# from publication to the verdict: {time.monotonic() - begun:.2f} s (interval 1 s)")
        ok(True, "what waits for approval has its verdict")
        answer = publish(flow, site, "Je réponds", parent=old)
        has(flow, answer, "Je réponds")
        last = [read_comment(body) for body, in flow.rows("SELECT body FROM item ORDER BY seq")][-1]
        ok(last["parent"] == str(old) and last["thread"] == "https://valmont.example/piscine/", "thread and parent", last)
        site.next("503", "cut:40", "429:2", "wall")
        publish(flow, site, "Après l'orage", at=time.time() + 40 * 86400)  # and its clock is wrong
        number = publish(flow, site, "Encore après")
        has(flow, number, "Encore après", 60)
        flow.account(ok, name="live")

        site.set(waits, "approved")
        site.edit(old, "Un ancien, corrigé")
        has(flow, old, "Un ancien, corrigé")
        ok(flow.ledger().get("version", 0) == 1, "an edited comment is a new version, an approved one is the same", flow.ledger())

        def deleted():
            return flow.ledger().get("tombstone", 0)

        site.next("ok", "wall", "wall", "wall")
        site.set(number, "spam")
        site.delete(answer)
        flow.wait_for(lambda: deleted() == 2, 60, "two deletions")
        ok(not holds(flow, "Encore après") and not holds(flow, "Je réponds") and holds(flow, "Un ancien"),
           "thrown away there: their text is gone here")
        site.next("wall", "wall", "wall")
        asked_again(flow, site, 6)
        ok(deleted() == 2, "a guard that refuses everything deletes nothing", flow.ledger())
        site.add("Et la vie continue")
        flow.wait_for(lambda: holds(flow, "Et la vie continue"), 30, "the next one")
        ok(flow.ledger().get("duplicate", 0) == 0, "nothing was sent twice", flow.ledger())
        ok(not flow.crashes(), "nobody crashed", flow.crashes())


def late(ok):
    """Without an account: what is approved days after it was written is heard, on a busy site too."""
    with Blog() as site, Flow(sources=source(site), clock="wall") as flow:
        start = int(time.time()) - 86400 * 20
        waits = site.add("Approuvé bien tard", at=start + 86400 * 15, status="hold")
        for i in range(1100):
            publish(flow, site, f"Ancien n° {i}", at=start + 1500 * i)
        flow.start()
        flow.settle(1100)
        seen = len(site.asked)
        asked_again(flow, site, 45)
        ok(not any("order=asc" in path for _, path, _ in site.asked[seen + 1:]), "a thousand in a month are no absence",
           [path for _, path, _ in site.asked[seen + 1:]][:3])
        site.set(waits, "approved")
        flow.sent["site", str(waits)] = "Approuvé bien tard"
        has(flow, waits, "Approuvé bien tard")
        ok(True, "a comment approved late is heard")
        flow.account(ok, name="late")
    with Blog() as site, Flow(sources=source(site, ", backfill: 2 d"), clock="wall") as flow:
        site.add("Trop vieux", at=time.time() - 86400 * 4)
        recent = publish(flow, site, "Récent", at=time.time() - 86400)
        flow.start()
        has(flow, recent, "Récent")
        asked_again(flow, site, 4)
        number = publish(flow, site, "Nouveau")
        has(flow, number, "Nouveau")
        flow.account(ok, name="what is older than backfill stays where it is")


def holes(ok):
    """The past is read by its numbers: what was thrown away leaves holes; what they are of no use for is read by its dates."""
    for name, includes, thrown, most in (("holes", True, 900, 12), ("more holes than numbers are worth", True, 20000, 6),
                                         ("no include", False, 0, 7), ("414", True, 0, 8)):
        with Blog() as site, Flow(sources=source(site), clock="wall") as flow:
            site.includes = includes
            site.next(*["ok", "414"][:2 * (name == "414")])
            start = int(time.time()) - 86400 * 60
            for i in range(250):
                if i == 120:
                    site.last += thrown
                publish(flow, site, f"Ancien n° {i}", at=start + 600 * (i if i % 10 else 250 - i))  # not in the order of their dates
                if i % 125 == 7:
                    site.add("Indésirable", status="spam")
            flow.start()
            flow.settle(250)
            past = [path for _, path, _ in site.asked if "order=asc" in path]
            numbers = ["include=" in path for path in past]
            ok(len(past) <= most, f"{name}: in few requests", len(past))
            ok((all(numbers), any(numbers)) == ((includes and name != "414", True) if thrown < 20000 else (False, False)),
               f"{name}: by numbers where that pays", numbers)
            number = publish(flow, site, "Nouveau")
            has(flow, number, "Nouveau")
            flow.account(ok, name=name)


def changes(ok):
    """What is deleted and added while the past is read moves no other comment out of its page, be they all of one second."""
    with Blog(pause=0.05) as site, Flow(sources=source(site), clock="wall") as flow:
        at = int(time.time()) - 86400 * 60
        for i in range(700):
            publish(flow, site, f"Importé n° {i}", at=at)
        flow.start()
        flow.wait_for(lambda: flow.seq() >= 100, 60, "a page")
        for number in range(1, 51):
            site.delete(number)
        newest = publish(flow, site, "Pendant la lecture")
        has(flow, newest, "Pendant la lecture", 60)
        flow.settle(701)
        flow.account(ok, name="pages that change")


def hidden(ok):
    """Comments on a private post are left out of their page: a page that is short, or empty, is not the last one."""
    for totals in (True, False):
        with Blog() as site, Flow(sources=source(site), clock="wall") as flow:
            site.totals = totals
            start = int(time.time()) - 86400 * 90
            secret_ones = {7} | (set(range(100, 180)) if totals else set())
            for i in range(260):
                if i in secret_ones:
                    site.add("Privé", at=start + 600 * i, private=True)
                else:
                    publish(flow, site, f"Ancien n° {i}", at=start + 600 * i)
            flow.start()
            flow.settle(260 - len(secret_ones), 60)
            asked_again(flow, site)
            ok(flow.stop() == 0, "stops")
            now = int(time.time())
            for i in range(130):
                publish(flow, site, f"Pendant l'absence n° {i}", at=now - 130 + i)
            site.add("Privé", at=now, private=True)
            flow.start()
            flow.settle(390 - len(secret_ones), 60)
            flow.account(ok, name=f"hidden ones, {'with' if totals else 'without'} X-WP-Total")


def long_ones(ok):
    """More long comments than an answer may have bytes, before us and now, hold nobody up."""
    with Blog() as site, Flow(sources=source(site, ", user: robot, password_file: robot.txt"), clock="wall") as flow:
        secret(flow)
        for i in range(120):
            publish(flow, site, f"{i} " + ("é" * 30000 if 20 <= i < 60 else "court"), at=time.time() - 86400 * 9 + i)
        flow.start()
        flow.settle(120)
        for i in range(40):
            publish(flow, site, f"{i} attend " + "é" * 30000, status="hold")
        number = publish(flow, site, "Et la vie continue")
        has(flow, number, "Et la vie continue")
        flow.settle(161)
        code, out, err = flow.run("connect", "test", "site")
        ok(code == 0 and "Et la vie continue" in out, "connect test is not held up either", out + err)
        flow.account(ok, name="long comments")


ZERO = "-0001-11-30T00:00:00"  # how WordPress writes a date that is none


def dates(ok):
    """Dates that are wrong, one or the other or both, hold nobody up: not now, not while the past is read."""
    wrong = [{"date": "2091-03-01T00:00:00"}, {"gmt": "2091-03-01T00:00:00"}, {"gmt": ZERO},
             {"date": "2091-03-01T00:00:00", "gmt": ZERO}, {"date": ZERO}]
    with Blog() as site, Flow(sources=source(site), clock="wall") as flow:
        start = int(time.time()) - 86400 * 90
        for i in range(60):  # an import: more than a page
            publish(flow, site, f"Importé n° {i}", at=start, gmt=ZERO)
        last = publish(flow, site, "Après l'import", at=start + 86400)
        flow.start()
        has(flow, last, "Après l'import")
        for i, how in enumerate(wrong):
            name = " ".join(how) + " wrong"
            number = publish(flow, site, name, **how)
            if "date" not in how or how["date"] > "2":
                has(flow, number, name)
            else:
                del flow.sent["site", str(number)]  # a date before everything: not in the window
            asked_again(flow, site, 4)
            number = publish(flow, site, f"Après n° {i}")
            has(flow, number, f"Après n° {i}")
        flow.account(ok, name="wrong dates")


def unanswered(ok):
    """A missing comment about which the site says nothing clear holds up neither the looks nor what is asked about others."""
    with Blog() as site, Flow(sources=source(site), clock="wall") as flow:
        numbers = [publish(flow, site, f"Numéro {i}") for i in range(6)]
        flow.start()
        has(flow, numbers[-1], "Numéro 5")
        asked_again(flow, site)
        silent = dict(zip(numbers[2:], ("wall", "500", "page")))  # asked for first: the newest
        with site.lock:
            site.about = {str(n): how for n, how in silent.items()}
            for number in numbers[:5]:
                site.delete(number)
        flow.wait_for(lambda: flow.ledger().get("tombstone", 0) == 2, 60, "the two of which it says that they are gone")
        asked_again(flow, site, 8)
        site.add("Et la vie continue")
        flow.wait_for(lambda: holds(flow, "Et la vie continue"), 30, "the next one")
        gauges = flow.gauges()
        ok(gauges["connect_looks_failed_total", "site"] == 0 and gauges["source_error", "site"] == 0,
           "every look ends well", gauges)
        ok(all(holds(flow, f"Numéro {i}") for i in (2, 3, 4)), "what got no answer stays")
        site.about = {}
        flow.wait_for(lambda: flow.ledger().get("tombstone", 0) == 5, 60, "the answers to come")
        ok(not any(holds(flow, f"Numéro {i}") for i in range(5)) and holds(flow, "Numéro 5"),
           "and is asked for until there is one")


def scenario(ok):
    backfill(ok)
    holes(ok)
    changes(ok)
    hidden(ok)
    long_ones(ok)
    unanswered(ok)
    dates(ok)
    late(ok)
    live(ok)


main(scenario)
