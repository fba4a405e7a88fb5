"""kind mastodon against a contract server of ours (fediverse.py, from docs.joinmastodon.org; no real Mastodon): what was published
before us, page by page and through kills; the streams and what is missed while they are cut; edits, deletions, answers below the
town's posts; nothing that is not public; the server's quota."""
import re
import time

from fediverse import TOKEN, Fedi
from mastodon_town import asked, has, holds, row, say, town
from town import main


def backfill(ok):
    with Fedi() as site, town(site) as flow:
        start = time.time() - 86400 * 20
        for i in range(500):
            say(flow, site, f"Ancien n° {i}", mention=i % 2 == 0, tags=["valmont"] if i % 3 else [], at=start + 600 * i)
        for number, status in list(site.statuses.items()):  # neither mentioned nor tagged: nobody hears it
            if not status["mentions"] and not status["tags"]:
                del flow.sent["masto", number]
        flow.start()
        killed = 0
        for rows in (30, 120, 250):
            flow.wait_for(lambda: flow.seq() >= rows, 60, f"{rows} rows")
            flow.wait_for(lambda: flow.kill("connect.masto"), 20, "a connector to kill")
            killed += 1
            say(flow, site, f"Pendant la lecture {rows}", mention=True)  # the pages change meanwhile
        flow.settle(len(flow.sent), 90)
        print(f"# {len(flow.sent)} statuses in {len(site.asked)} requests, through {killed} kills")
        ok(all(a.headers.get("authorization") == f"Bearer {TOKEN}" for a in site.asked if a.path != "/api/v2/x"),
           "the token goes with every request")
        flow.account(ok, name="backfill")
    with Fedi() as site, town(site, ", backfill: 2 d") as flow:
        site.post("odile", "<p>Trop vieux</p>", mention=True, at=time.time() - 86400 * 4)
        recent = say(flow, site, "Récent", mention=True, at=time.time() - 86400)
        flow.start()
        has(flow, recent, "Récent")
        fresh = say(flow, site, "Nouveau", tags=["valmont"])
        has(flow, fresh, "Nouveau")
        flow.account(ok, name="what is older than backfill stays where it is")


def live(ok):
    with Fedi() as site, town(site) as flow:
        first = say(flow, site, "Le premier", mention=True)
        code, out, err = flow.run("connect", "test", "masto")
        ok(code == 0 and "Le premier" in out and "1 à prendre" in out, "connect test shows what would come in", out + err)
        flow.start()
        has(flow, first, "Le premier")
        flow.wait_for(site.heard, 30, "the streams")
        took = []
        for i in range(5):
            begun = time.monotonic()
            flow.wait_for(site.heard, 30, "the streams")
            number = say(flow, site, f"Espèce de connard n° {i} !", mention=i % 2 == 0, tags=["valmont"])
            has(flow, number, f"Espèce de connard n° {i} !")
            took.append(time.monotonic() - begun)
        print("# from publication to the verdict, by the stream:", " ".join(f"{t:.2f} s" for t in took))
        ok(sorted(took)[2] <= 3, "from publication to the verdict: the interval and two seconds at most", took)
        for kind in ("private", "direct"):
            site.post("odile", f"<p>Secret {kind}</p>", mention=True, tags=["valmont"], visibility=kind)
        quiet = say(flow, site, "Discret mais public", mention=True, visibility="unlisted")
        has(flow, quiet, "Discret mais public")
        asked(flow, site, "/api/v1/notifications", 3)
        ok(not holds(flow, "Secret"), "what only some may read is not kept")
        site.post("valmont", "<p>De la mairie elle-même</p>", tags=["valmont"])
        rich = site.post("zoe", '<p>Bonjour <span class="h-card"><a href="https://mastodon.example/@valmont" class="u-url mention">@'
                         '<span>valmont</span></a></span> &amp; merci<br>à tous</p>', mention=True, spoiler_text="Politique",
                         favourites_count=3, reblogs_count=2)
        text = "Politique\n\nBonjour @valmont & merci\nà tous"
        flow.sent["masto", rich] = text
        has(flow, rich, text)
        c = row(flow, rich)
        ok(c["lang"] == "fr" and
           c["url"].endswith(f"@zoe/{rich}") and c["likes"] == 3 and c["shares"] == 2, "where, in what language, how liked", c)
        site.statuses[rich]["favourites_count"] = 40
        asked(flow, site, "/api/v1/statuses", 3)
        ok(not holds(flow, "De la mairie"), "the town does not hear itself")
        flow.account(ok, name="live")

        site.edit(first, "<p>Le premier, corrigé</p>")
        flow.sent["masto", first] = "Le premier, corrigé"
        has(flow, first, "Le premier, corrigé")
        site.edit(quiet, "<p>Discret, corrigé</p>", notify=False)
        has(flow, quiet, "Discret, corrigé")
        flow.sent["masto", quiet] = "Discret, corrigé"
        ledger = flow.ledger()
        ok(ledger.get("version") == 2 and ledger.get("duplicate", 0) == 0,
           "an edit is a new version, told by the stream or found; one like more is not", ledger)
        site.delete(first)
        flow.wait_for(lambda: flow.ledger().get("tombstone") == 1, 60, "a deletion that the stream tells")
        site.about = {"/api/v1/statuses": "404"}  # a guard in front of the server
        site.delete(quiet, notify=False)
        asked(flow, site, "/api/v1/statuses", 6)
        ok(flow.ledger().get("tombstone") == 1, "a guard that says 404 to everything deletes nothing", flow.ledger())
        site.about = {}
        flow.wait_for(lambda: flow.ledger().get("tombstone") == 2, 60, "one that is found missing")
        ok(not holds(flow, "corrigé"), "their text is gone here")
        ok(not flow.crashes(), "nobody crashed", flow.crashes())


def below(ok):
    """Answers below the town's own posts, to the second degree, mentioned or not; by an older server one by one."""
    with Fedi() as site, town(site) as flow:
        site.old = True
        mine = site.own("Travaux rue Foch lundi")
        flow.start()
        flow.wait_for(site.heard, 30, "the streams")
        one = say(flow, site, "Encore !", parent=mine, mention=True)
        two = say(flow, site, "Tu l'as dit", "zoe", parent=one)
        has(flow, one, "Encore !")
        has(flow, two, "Tu l'as dit")
        ok(row(flow, one)["thread"] == mine and row(flow, one)["parent"] == mine, "an answer has its thread and parent", row(flow, one))
        ok(row(flow, two)["thread"] == mine and row(flow, two)["parent"] == one, "an answer to an answer too", row(flow, two))
        flow.account(ok, name="below")
        site.delete(two, notify=False)
        flow.wait_for(lambda: flow.ledger().get("tombstone") == 1, 60, "the deletion of one")
        ok(not holds(flow, "Tu l'as dit") and holds(flow, "Encore"), "on an older server, asked one by one")


def blocked(ok):
    """Missing for the town is not deleted: its author blocks it, or is suspended. Deleted is what nobody gets."""
    with Fedi() as site, town(site) as flow:
        site.deaf = True
        by = {who: say(flow, site, f"Espèce de connard, dit {who}", who, mention=True) for who in ("odile", "zoe", "rene")}
        flow.start()
        for who, number in by.items():
            has(flow, number, f"Espèce de connard, dit {who}")
        site.blocking.add("odile")
        site.suspended.add("zoe")
        for who in ("odile", "zoe"):  # what is taken for deleted is not asked for again
            asked(flow, site, f"/api/v1/statuses/{by[who]}", 8)
        site.edit(by["odile"], "<p>Corrigé, et toujours bloqué</p>", notify=False)
        flow.sent["masto", by["odile"]] = "Corrigé, et toujours bloqué"
        has(flow, by["odile"], "Corrigé, et toujours bloqué")
        site.members_only = True
        site.delete(by["rene"], notify=False)
        for who in ("odile", "zoe", "rene"):
            asked(flow, site, f"/api/v1/statuses/{by[who]}", 8)
        ok(flow.ledger().get("tombstone", 0) == 0, "who blocks the town or is suspended has deleted nothing; nor has a server that "
           "answers nobody without an account", flow.ledger())
        ok(all(a.headers.get("authorization") == f"Bearer {TOKEN}" or a.path.startswith("/api/v1/statuses/") for a in site.asked),
           "without the token only what is missing is asked for")
        site.members_only = False
        flow.wait_for(lambda: not holds(flow, "dit rene"), 60, "the deleted one to be gone")
        ok(flow.ledger().get("tombstone") == 1 and holds(flow, "dit zoe"), "what nobody gets any more is deleted", flow.ledger())


def late(ok):
    """What another server sends late has an id of before what was seen."""
    with Fedi() as site, town(site) as flow:
        site.deaf = True
        first = say(flow, site, "Tout de suite", tags=["valmont"])
        flow.start()
        has(flow, first, "Tout de suite")
        asked(flow, site, "/api/v1/timelines/tag", 3)
        for minutes in (2, 50):
            number = say(flow, site, f"{minutes} min en route", "zoe", tags=["valmont"], at=time.time() - 60 * minutes)
            has(flow, number, f"{minutes} min en route")
        for i in range(100):
            say(flow, site, f"Ensemble {i}", "zoe", tags=["valmont"], at=time.time() - 600 + i)
        flow.settle(len(flow.sent), 60)
        asked(flow, site, "/api/v1/timelines/tag", 12)
        ok(flow.ledger().get("duplicate", 0) == 0, "read again and again, sent once", flow.ledger())
        flow.account(ok, name="late")


def gaps(ok):
    """Streams that are cut, refused, or talk nonsense; storms; a quota that is nearly used up."""
    with Fedi() as site, town(site) as flow:
        flow.start()
        flow.wait_for(site.heard, 30, "the streams")
        for i in range(3):
            site.cut_streams()
            number = say(flow, site, f"Pendant la coupure {i}", mention=True, notify=False)
            has(flow, number, f"Pendant la coupure {i}")
        flow.wait_for(site.heard, 30, "the streams once more")
        ok(True, "after a cut the gap is read, and it listens again")
        for nonsense in ("event: update\ndata: {\n\n", "data: x\r\n\r\n", "event: update\ndata: " + "[" * 5000 + "\n\n",
                         "event: update\ndata: {\"id\":\"1\"}\n\n", "event: delete\ndata: 999999\n\n", "event: \n\n:\n\0\n\n"):
            with site.lock:
                for _, mail in site.listeners:
                    mail.put(nonsense.encode())
        number = say(flow, site, "Après les sottises", tags=["valmont"])
        has(flow, number, "Après les sottises")
        with site.lock:
            for _, mail in site.listeners:
                mail.put(b"event: update\ndata: " + b"x" * (2 << 20))
        number = say(flow, site, "Après deux mébioctets", tags=["valmont"])
        has(flow, number, "Après deux mébioctets")
        number = site.post("zoe", "<p>Demi \ud83d paire</p>", mention=True)
        has(flow, number, "Demi \ufffd paire")
        flow.sent["masto", number] = "Demi \ufffd paire"
        site.deaf = True
        site.cut_streams()
        broken = site.post("zoe", "<p>Sans \ud83d flux</p>", mention=True)
        has(flow, broken, "Sans \ufffd flux")
        flow.sent["masto", broken] = "Sans \ufffd flux"
        number = say(flow, site, "Sans flux", mention=True)
        has(flow, number, "Sans flux")
        ok(flow.gauges()["source_error", "masto"] == 0, "without streams it is polled, and in order", flow.gauges())
        site.deaf = False
        failed = flow.gauges().get(("connect_looks_failed_total", "masto"), 0)
        site.next("503", "502", "cut:10", "429:3")
        number = say(flow, site, "Après l'orage", mention=True, notify=False)
        has(flow, number, "Après l'orage", 90)
        ok(flow.gauges()["connect_looks_failed_total", "masto"] > failed, "storms are counted", flow.gauges())
        flow.account(ok, name="gaps")
    with Fedi() as site, town(site) as flow:
        site.budget, site.reset = 24, time.time() + 12
        for i in range(1200):
            say(flow, site, f"Beaucoup {i}", tags=["valmont"], notify=False, at=time.time() - 86400 * 20 + 600 * i)
        begun = time.monotonic()
        flow.start()
        flow.settle(1200, 120)
        with site.lock:
            early = [a for a in site.asked if a.at < begun + 10]
        ok(time.monotonic() - begun > 8 and len(early) <= 24, "a quota that is nearly used up is left alone until it is new",
           (len(early), time.monotonic() - begun))
        ok(flow.gauges()["source_error", "masto"] == 0, "and that is no trouble", flow.gauges())
        until = time.time() + 8
        site.budget, site.reset = 0, until
        asked(flow, site, "/api/v1/accounts")
        number = say(flow, site, "Après le quota", mention=True, notify=False)
        has(flow, number, "Après le quota")
        ok(time.time() > until - 1, "a 429 without Retry-After waits for X-RateLimit-Reset", time.time() - until)
        flow.account(ok, name="quota")
        site.budget, site.reset = 10, time.time() + 8
        flow.wait_for(lambda: "quota épuisé" in flow.run("status")[1], 60, "a quota that lets nothing through to be told")
        number = say(flow, site, "Après rien", mention=True, notify=False)
        has(flow, number, "Après rien")
        flow.wait_for(lambda: "EN PANNE" not in flow.run("status")[1], 60, "the trouble to be over")
        ok(True, "a quota that lets nothing through is told, and over when it is new")
        site.budget, site.reset = 17, time.time() + 86400 * 3650
        flow.wait_for(lambda: "quota épuisé" in flow.run("status")[1], 60, "a quota of ten years to be told")
        waits = [int(s) for s in re.findall(r"quota épuisé.*nouvel essai dans (\d+) s", flow.log())]
        ok(80000 < max(waits) <= 86400 + 10, "nobody makes us wait longer than a day", waits)


def scenario(ok):
    backfill(ok)
    live(ok)
    below(ok)
    blocked(ok)
    late(ok)
    gaps(ok)


main(scenario)
