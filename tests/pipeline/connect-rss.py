"""kind rss against a contract server of ours (feeds.py): new, changed, shuffled and doubled items, 304, storms, cut and
slow answers, bombs, redirects to inside, and every process killed at every step: nothing lost, nothing twice, the
server's wishes respected; from a comment's publication to its verdict at most the interval and two seconds."""
import os
import signal
import subprocess
import threading
import time

from town import main
from flow import Flow, children, cmdline, read_comment
from feeds import FeedServer

EVERY = 1


def source(site, more=""):
    return (f"  - {{id: blog, kind: rss, url: '{site.url}', every: {EVERY} s, "
            f"allow_internal: ['127.0.0.1:{site.port}']{more}}}\n")


def publish(flow, site, name, text, **more):
    site.add(name, text, **more)
    flow.sent["blog", name] = text


def stored(flow, name):
    texts, _ = flow.stored()
    return texts.get(("blog", name))


def has(flow, name, text, seconds=30):
    flow.wait_for(lambda: stored(flow, name) == text, seconds, f"{name} as {text}")


def asked_again(flow, site, times=1, seconds=30):
    n = len(site.asked) + times
    flow.wait_for(lambda: len(site.asked) >= n, seconds, "another look")


def life(ok):
    with FeedServer() as site, Flow(sources=source(site), clock="wall", extra="score: {workers: 1}\n") as flow:
        for i in range(30):
            publish(flow, site, f"vieux-{i}", f"Ancien commentaire n° {i} & « l'été »", at=site.started - 3600 * (30 - i))
        flow.start()
        has(flow, "vieux-29", "Ancien commentaire n° 29 & « l'été »")
        seqs = [name for _, name in flow.stored()[0]]
        ok(seqs == [f"vieux-{i}" for i in range(30)], "what was there comes in, the oldest first", seqs)

        took = []
        for i in range(5):
            name = f"neuf-{i}"
            publish(flow, site, name, f"Espèce de connard n° {i} !")
            begun = time.monotonic()
            has(flow, name, f"Espèce de connard n° {i} !")
            took.append(time.monotonic() - begun)
        print("# from publication to the verdict:", " ".join(f"{t:.2f} s" for t in took), f"(interval {EVERY} s)")
        ok(sorted(took)[2] <= EVERY + 2, "from publication to the verdict: the interval and two seconds at most", took)
        code, out, _ = flow.run("queue", "--json")
        ok(out.count('"seq"') == 5, "they wait in the queue", out)

        site.next("shuffled", "shuffled", "plain", "shuffled")
        asked_again(flow, site, 5)
        site.remove("vieux-3")  # fell off the page: not a deletion
        asked_again(flow, site, 2)
        before = len(site.asked)
        asked_again(flow, site, 3)
        ok(all("if-none-match" in r.headers for r in site.asked[before + 1:]), "asked for what is new only",
           site.asked[-1])
        publish(flow, site, "futur", "Je viens de demain", at=time.time() + 40 * 86400)
        has(flow, "futur", "Je viens de demain")
        publish(flow, site, "apres", "Et moi d'aujourd'hui")
        has(flow, "apres", "Et moi d'aujourd'hui")
        ok(True, "a date in the future holds nobody up")
        ledger = flow.ledger()
        ok(ledger.get("duplicate", 0) == 0, "nothing was sent twice", ledger)
        dates = [read_comment(body).get("created_at", 0) for body, in flow.rows("SELECT body FROM item")]
        ok(len(dates) == 37 and max(dates) < (time.time() + 600) * 1000, "such a date does not count", max(dates))
        flow.account(ok, name="life")

        ok(flow.stop() == 0, "stops")
        first = len(site.asked)
        publish(flow, site, "absence", "Pendant que personne n'écoutait")
        flow.start()
        has(flow, "absence", "Pendant que personne n'écoutait")
        ok("if-none-match" in site.asked[first].headers, "after a restart it goes on where it was", site.asked[first])
        ok(flow.ledger().get("duplicate", 0) == 0, "and sends nothing again", flow.ledger())
        flow.account(ok, name="after a restart")
        publish(flow, site, "neuf-0", "Pardon, je retire ce mot.")
        has(flow, "neuf-0", "Pardon, je retire ce mot.")
        ok(flow.ledger().get("version") == 1, "other words for the same comment are its new version", flow.ledger())


def storms(ok):
    with FeedServer() as site, Flow(sources=source(site), clock="wall") as flow:
        publish(flow, site, "a", "Avant l'orage")
        flow.start()
        has(flow, "a", "Avant l'orage")
        publish(flow, site, "b", "Pendant l'orage")
        site.next("429:12")
        flow.wait_for(lambda: any(r.played == "429:12" for r in site.asked), 30, "the refusal")
        at = next(r.at for r in site.asked if r.played == "429:12")
        flow.wait_for(lambda: flow.gauges().get(("source_error", "blog")) == 1, 10, "the trouble to be told")
        code, out, _ = flow.run("status")
        ok(code == 1 and "EN PANNE" in out, "tocsin status says it", out)
        has(flow, "b", "Pendant l'orage")
        pause = next(r.at for r in site.asked if r.at > at) - at
        ok(pause >= 12, "Retry-After is respected", pause)
        flow.wait_for(lambda: flow.gauges().get(("source_error", "blog")) == 0, 10, "calm")
        ok(True, "and says when it is over")

        publish(flow, site, "c", "Après la tempête de 503")
        site.next("503", "500", "502", "cut:90")
        has(flow, "c", "Après la tempête de 503", 60)
        start = next(i for i, r in enumerate(site.asked) if r.played == "503")
        gaps = [b.at - a.at for a, b in zip(site.asked[start:], site.asked[start + 1:])][:4]
        print("# pauses in a storm:", " ".join(f"{g:.1f} s" for g in gaps))
        ok(len(gaps) == 4 and gaps[1] > 0.9 and gaps[2] > 1.9 and gaps[3] > 3.9, "it knocks less and less often", gaps)
        flow.wait_for(lambda: flow.gauges().get(("connect_looks_failed_total", "blog"), 0) >= 5, 10, "the failures to be told")
        ok(flow.gauges()["connect_looks_failed_total", "blog"] == 5, "every failure is counted", flow.gauges())
        flow.account(ok, name="storms")


def limits(ok):
    """What a hostile page can cost: the look's own limits, and a page just small enough of as many things as it can hold."""
    sanitized = "sanitize" in os.environ.get("TOCSIN_BUILD", "")
    with FeedServer() as site, Flow(sources=source(site), clock="wall") as flow:
        site.next("hang")
        flow.start()
        look = flow.wait_for(lambda: look_of(flow), 30, "a look")
        with open(f"/proc/{look}/limits", encoding="ascii") as f:
            bound = {line[:26].strip(): line[26:].split()[0] for line in f}
        ok(bound["Max file size"] != "unlimited" and bound["Max cpu time"] != "unlimited" and
           (sanitized or bound["Max address space"] != "unlimited"), "a look has its limits", bound)
    with FeedServer() as site, Flow(sources=source(site)) as flow:
        most = 8 << 20
        tags = "<a/>" * (most // 4 - 32)
        page = f"raw:<rss><channel>{tags}</channel></rss>"
        code, out, err = once(flow, site, page)
        ok(code == 1 and not out and "éléments" in err, "a page of two million elements: refused, and said", (code, err))
        breaks = "&lt;br&gt;" * (most // 10 - 64)
        inside = f"raw:<rss><channel><item><guid>1</guid><description>{breaks}fond</description></item></channel></rss>"
        code, out, err = once(flow, site, inside)
        ok(code == 0 and "fond" in out, "a comment of a million line breaks: read", (code, out[:200], err))
        for name, what in (("elements", page), ("breaks", inside)):
            peak = peak_of(flow, site, what)
            print(f"# memory of a look at 8 MiB of {name}: {peak >> 10} MiB")
            ok(peak < 128 << 10 or sanitized, f"8 MiB of {name} do not fill the memory", peak)


def full(ok):
    """A page of more than the window holds, while ingest takes nothing: each comment waits for its place."""
    with FeedServer() as site, Flow(sources=source(site), clock="wall") as flow:
        publish(flow, site, "0", "Le premier")
        flow.start()
        has(flow, "0", "Le premier")
        ingest = flow.processes("ingest")[0]
        os.kill(ingest, signal.SIGSTOP)
        with site.lock:  # all of them in one look
            site.page = 6000
            for i in range(1, 6000):
                publish(flow, site, str(i), f"Commentaire {i}")
        flow.wait_for(lambda: flow.gauges().get(("connect_lines_total", "blog"), 0) > 8 * 512, 60, "a full window")
        os.kill(ingest, signal.SIGCONT)
        flow.settle(6000)
        flow.account(ok, name="a full window")


def elsewhere(ok):
    """A page after the first that lies on another machine is read, without the password."""
    with FeedServer() as site, FeedServer() as other:
        more = f", '127.0.0.1:{other.port}'], user: robot, password_file: robot.txt}}"
        with Flow(sources=source(site).replace("]}", more), clock="wall") as flow:
            with open(os.open(flow.path("robot.txt"), os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as f:
                f.write("secret\n")
            publish(flow, other, "suite", "La page d'après")
            site.next('raw:<rss xmlns:a="http://www.w3.org/2005/Atom"><channel>'
                      f'<a:link rel="next" href="{other.url}"/></channel></rss>')
            flow.start()
            has(flow, "suite", "La page d'après")
            ok("authorization" in site.asked[0].headers, "the password is for the site", site.asked[0])
            ok(other.asked and not any("authorization" in r.headers for r in other.asked),
               "and for nobody whom its pages name", other.asked)


def calm(flow, site):
    """Until a look is one of the first page alone: pages that brought something new are read once more."""
    n = len(site.asked)
    flow.wait_for(lambda: any("paged" not in a.path and "paged" not in b.path for a, b in zip(site.asked[n:], site.asked[n + 1:])), 60,
                  "a look at the first page alone")


def gap(ok):
    """More came while nobody looked than one page shows: page by page until something is known, and not further."""
    with FeedServer() as site, Flow(sources=source(site), clock="wall") as flow:
        site.page, site.paged = 10, True
        for i in range(25):
            publish(flow, site, f"avant-{i}", f"Avant n° {i}", at=site.started - 86400 + i)
        flow.start()
        has(flow, "avant-0", "Avant n° 0")
        calm(flow, site)
        n = len(site.asked)
        asked_again(flow, site, 3)
        ok(not any("paged" in r.path for r in site.asked[n:]), "nothing new: the first page alone", site.asked[n:])
        ok(flow.stop() == 0, "stops")
        for i in range(47):
            publish(flow, site, f"pendant-{i}", f"Pendant n° {i}", at=site.started - 3600 + i)
        first = len(site.asked)
        site.next("ok", "ok", "503")  # the third page of the first try
        flow.start()
        for i in range(47):
            has(flow, f"pendant-{i}", f"Pendant n° {i}", 60)
        calm(flow, site)
        pages = [r.path.partition("paged=")[2] for r in site.asked[first:]]
        ok(pages[:3] == ["", "2", "3"], "a failure in the middle", pages)
        ok(pages[3:8] == ["", "2", "3", "4", "5"], "is begun again, and it stops at what is known", pages)
        ok(pages[8:14] == ["", "2", "3", "4", "5", ""], "and once more, for what moved while it was read", pages)
        ok(not any(pages[13:]), "then the first page alone", pages)
        moving_gap(ok, flow, site)
        lasting_gap(ok, flow, site)
        flow.account(ok, name="gap")


def moving_gap(ok, flow, site):
    """What this look itself brought is not known from before; nor is what a site has pinned to its top."""
    ok(flow.stop() == 0, "stops")
    site.pinned = ["avant-3"]
    for i in range(47):
        publish(flow, site, f"encore-{i}", f"Encore n° {i}", at=site.started - 1800 + i)

    def meanwhile(now):  # the second page is the first once more
        for i in range(site.page):
            publish(flow, site, f"entre-{i}", f"Entre deux pages, n° {i}")

    site.next("ok", meanwhile, "ok", lambda now: publish(flow, site, "entre", "Entre deux autres"))
    flow.start()
    for name in [*(f"encore-{i}" for i in range(47)), *(f"entre-{i}" for i in range(site.page)), "entre"]:
        has(flow, name, flow.sent["blog", name], 60)
    ok(True, "published between two pages, or pinned before them: it reads on")
    calm(flow, site)
    n = len(site.asked)
    asked_again(flow, site, 3)
    ok(not any("paged" in r.path for r in site.asked[n + 1:]), "then the first page alone", site.asked[n:])


def lasting_gap(ok, flow, site):
    """A page behind the first that stays ill: tried again, then given up, and the log says so."""
    ok(flow.stop() == 0, "stops")
    site.pinned = []
    for i in range(30):
        (site.add if i < 20 else lambda *words: publish(flow, site, *words))(f"loin-{i}", f"Loin n° {i}")
    first = len(site.asked)
    site.next("ok", "503", "ok", "500:1", "ok", "raw:<rss><channel>", "ok", "503")
    flow.start()
    flow.wait_for(lambda: "la page 2 ne se laisse pas lire" in flow.log(), 90, "it to be given up")
    asked_again(flow, site, 3)
    pages = [r.path.partition("paged=")[2] for r in site.asked[first:]]
    ok(pages[:8] == ["", "2"] * 4 and not any(pages[8:]), "a later page that stays ill is given up, and said", pages)
    publish(flow, site, "enfin", "Enfin")
    for name in [*(f"loin-{i}" for i in range(20, 30)), "enfin"]:
        has(flow, name, flow.sent["blog", name])
    ok(stored(flow, "loin-19") is None, "what stood there is not there")


def once(flow, site, behaviour):
    site.next(behaviour)
    return flow.run("connect", "test", "blog", "--json", timeout=100)


def hostile(ok):
    with FeedServer() as site, FeedServer() as inside, Flow(sources=source(site)) as flow:
        for i in range(12):
            site.add(f"{i}", f"Bonjour {i} " + "é" * 40)
        code, out, err = once(flow, site, "ok")
        ok(code == 0 and out.count("\n") == 12, "connect test shows what would come in", out + err)
        code, out, err = flow.run("connect", "test", "blog")
        ok(code == 0 and "12 à prendre" in out and "rien n'est enregistré" in out, "also to people", out + err)
        ok(not os.path.exists(flow.path("state", "store.db")), "and writes nothing", os.listdir(flow.folder))

        slow = {}
        threads = [threading.Thread(target=lambda: slow.update(slow=once(flow, slow_site, "slow")))]
        slow_site = site
        threads[0].start()
        flow.wait_for(lambda: not site.behaviours, 10, "the slow one to begin")

        length = len(site.whole({}))
        bad = []
        for at in sorted({*range(0, 120, 17), *range(120, length - 1, max(1, length // 24)), length - 1}):
            code, out, err = once(flow, site, f"cut:{at}")
            if code != 1 or out or not err:
                bad.append((at, code, out[:80], err))
        ok(not bad, "a connection cut at any byte gives nothing", bad[:3])
        bad = []
        document = len(site.document())
        for at in range(0, document - 1, max(1, document // 24)):
            code, out, err = once(flow, site, f"bare:{at}")
            if code != 1 or out:
                bad.append((at, code, out[:80], err))
        ok(not bad, "also when no length was promised", bad[:3])
        for what, say in [("bomb", "trop grosse"), ("big", "trop grosse"), ("endless", "trop grosse"),
                          ("type:text/html", "ce n'est pas l'adresse d'un flux"),
                          (f"to:http://127.0.0.1:{inside.port}/", "adresse interne"),
                          (f"to:http://localhost:{inside.port}/", "adresse interne"),
                          ("to:file:///etc/passwd", "adresse refusée"), ("404", "introuvable"), ("403", "refusé"),
                          ("raw:<rss><channel><item>", "mal formé ou coupé"), ("raw:<html><body/></html>", "ni RSS ni Atom"),
                          ("raw:<!DOCTYPE r [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><rss><channel>&a;</channel></rss>",
                           "entités"), ("raw:", "vide")]:
            begun = time.monotonic()
            code, out, err = once(flow, site, what)
            ok(code == 1 and not out and say in err and time.monotonic() - begun < 30, f"{what[:60]}: refused, and said",
               (code, out[:200], err))
        ok(not inside.asked, "nobody inside was asked", inside.asked)
        peak = peak_of(flow, site)
        print(f"# memory of a look at a gzip bomb of {256} MiB: {peak >> 10} MiB")
        ok(peak < 64 << 10 or "sanitize" in os.environ.get("TOCSIN_BUILD", ""), "a bomb does not fill the memory", peak)
        threads[0].join()
        code, out, err = slow["slow"]
        ok(code == 1 and not out and "lentement" in err, "a body that dribbles is given up", slow)


def peak_of(flow, site, page="bomb"):
    """KiB that one look at a hostile page takes."""
    site.next(page)
    program = os.path.join(os.environ.get("TOCSIN_BUILD", "build"), "src", "connect", "tocsin-connect")
    run = subprocess.run(["/usr/bin/python3", "-c",
                          "import resource,subprocess,sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL);"
                          "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)",
                          program, "--config", flow.path("tocsin.yaml"), "--instance", "blog", "test"],
                         capture_output=True, text=True, timeout=60, check=True)
    return int(run.stdout)


def look_of(flow):
    """The child that looks just now, or None."""
    for pid in flow.processes("connect.blog"):
        for child in children(pid):
            if "look" in cmdline(child):
                return child
    return None


def kills(ok):
    with FeedServer() as site, Flow(sources=source(site), clock="wall") as flow:
        site.page = 2000
        publish(flow, site, "0", "Le premier")
        flow.start()
        has(flow, "0", "Le premier")
        done = []

        def killer(step, victim):
            def tell(now):
                if now != step:
                    return
                if victim == "look":
                    child = look_of(flow)
                    if child:
                        os.kill(child, signal.SIGKILL)
                        done.append((step, victim))
                elif flow.kill(victim):
                    done.append((step, victim))
            return tell

        number = 1
        plan = [(step, victim) for victim in ("look", "connect.blog", "ingest", "store") for step in ("asked", "half", "sent")]
        for step, victim in plan:
            for _ in range(40):
                publish(flow, site, str(number), f"Commentaire {number} pendant la mort de {victim}")
                number += 1
            n = len(done)
            site.next(killer(step, victim))
            flow.wait_for(lambda: len(done) > n or not site.behaviours, 60, f"{victim} to die at {step}")
            while len(done) == n:  # it was faster
                site.next(killer(step, victim))
                asked_again(flow, site)
            last = str(number - 1)
            has(flow, last, flow.sent["blog", last], 90)
        ok(len(done) >= len(plan), "the look, the connector, ingest and store died at each step", done)
        flow.settle(number)
        flow.account(ok, name="kills")


def scenario(ok):
    life(ok)
    storms(ok)
    limits(ok)
    full(ok)
    elsewhere(ok)
    gap(ok)
    hostile(ok)
    kills(ok)


main(scenario)
