"""kind mastodon against a contract server of ours (fediverse.py, from docs.joinmastodon.org; no real Mastodon): what was published
before us, page by page and through kills; the streams and what is missed while they are cut; edits, deletions, answers below the
town's posts; nothing that is not public; the server's quota; hostile answers; replies and reports."""
import os
import threading
import time

from contract import torture
from desk import Desk
from fediverse import TOKEN, Fedi
from flow import Flow, children, cmdline, read_comment
from town import main


def source(site, more=""):
    return (f"  - {{id: masto, kind: mastodon, url: '{site.url}', every: 1 s, token_file: jeton.txt, hashtags: [valmont], "
            f"allow_internal: ['127.0.0.1:{site.port}']{more}}}\n")


def secret(flow):
    with open(os.open(flow.path("jeton.txt"), os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as f:
        f.write(TOKEN + "\n")


def town(site, more=""):
    flow = Flow(sources=source(site, more), clock="wall")
    secret(flow)
    return flow


def has(flow, number, text, seconds=60):
    flow.wait_for(lambda: flow.stored()[0].get(("masto", number)) == text, seconds, f"{number} as {text}")


def say(flow, site, text, author="odile", **more):
    number = site.post(author, f"<p>{text}</p>", **more)
    flow.sent["masto", number] = text
    return number


def holds(flow, text):
    return any(text.encode() in body for body, in flow.rows("SELECT body FROM item"))


def row(flow, number):
    return [c for c in (read_comment(body) for body, in flow.rows("SELECT body FROM item ORDER BY seq")) if c["id"] == number][-1]


def asked(flow, site, path, times=1):
    """So many more answers to requests that begin so."""
    def count():
        return sum(a.path.startswith(path) for a in site.asked)
    n = count() + times
    flow.wait_for(lambda: count() >= n, 60, f"{times} more of {path}")


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
        site.deaf = True
        site.cut_streams()
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
            say(flow, site, f"Beaucoup {i}", tags=["valmont"], notify=False)
        begun = time.monotonic()
        flow.start()
        flow.settle(1200, 120)
        with site.lock:
            early = [a for a in site.asked if a.at < begun + 10]
        ok(time.monotonic() - begun > 8 and len(early) <= 24, "a quota that is nearly used up is left alone until it is new",
           (len(early), time.monotonic() - begun))
        ok(flow.gauges()["source_error", "masto"] == 0, "and that is no trouble", flow.gauges())
        site.budget, site.reset = 0, time.time() + 8
        asked(flow, site, "/api/v1/accounts")
        refused = time.monotonic()
        number = say(flow, site, "Après le quota", mention=True, notify=False)
        has(flow, number, "Après le quota")
        ok(time.monotonic() - refused > 4, "a 429 without Retry-After waits for X-RateLimit-Reset", time.monotonic() - refused)
        flow.account(ok, name="quota")


def hostile(ok):
    with Fedi() as site, town(site) as flow:
        say(flow, site, "Bonjour", mention=True)
        torture(ok, flow, site, "masto", [("401", "jeton")])
        site.about = {}
        secret_path = flow.path("jeton.txt")
        with open(secret_path, "w", encoding="utf-8") as f:
            f.write("un autre\n")
        flow.start()
        flow.wait_for(lambda: "EN PANNE" in flow.run("status")[1], 60, "the trouble to be told")
        said = flow.run("status")[1]
        ok("jeton" in said and "Développement" in said, "an expired token: out of order, and what to do", said)
        secret(flow)
        number = next(iter(flow.sent))[1]
        has(flow, number, "Bonjour", 120)
        ok(True, "with another token it goes on")


def look_of(flow):
    for pid in flow.processes("connect.masto"):
        for child in children(pid):
            if "look" in cmdline(child):
                return child
    return None


def kills(ok):
    with Fedi() as site, town(site) as flow:
        flow.start()
        flow.wait_for(site.heard, 30, "the streams")
        done, number = [], 0

        def killer(step, victim):
            def tell(now):
                if now != step:
                    return
                if victim == "look":
                    child = look_of(flow)
                    if child:
                        os.kill(child, 9)
                        done.append((step, victim))
                elif flow.kill(victim):
                    done.append((step, victim))
            return tell

        last = None
        for victim in ("look", "connect.masto", "ingest", "store"):
            for step in ("asked", "half", "sent"):
                n = len(done)
                for i in range(20):
                    number += 1
                    last = say(flow, site, f"Message {number} pendant la mort de {victim}", mention=i % 2 == 0, tags=["valmont"])
                while len(done) == n:
                    site.next(killer(step, victim))
                    flow.wait_for(lambda: len(done) > n or not site.behaviours, 60, f"{victim} to die at {step}")
                has(flow, last, flow.sent["masto", last], 90)
        flow.settle(number)
        print(f"# {len(done)} deaths, {number} statuses")
        flow.account(ok, name="kills")


class Hands(Desk):
    def __init__(self, site, arm):
        super().__init__(source(site, ", arm: yes" if arm else ""), clock="wall")
        secret(self)

    def rows(self, sql, *values):
        return Flow.rows(self, sql, *values)

    def seq_of(self, number):
        found = []

        def look():
            found[:] = [seq for seq, body in self.rows("SELECT seq, body FROM item ORDER BY seq") if number.encode() in body]
            return found
        self.wait_for(look, 60, number)
        return found[-1]

    def decide(self, seq, what, **more):
        words = [w for name, value in more.items() for w in ("--" + name, value)]
        code, out, err = self.run("decide", str(seq), what, "--who", "anne", "--reason", "injure", *words)
        if code:
            raise RuntimeError(out + err)

    def page(self, seq, word, seconds=90):
        anne = self.anne = getattr(self, "anne", None) or self.person("anne", "moderation")
        body = []

        def look():
            body[:] = [anne.get(f"/moderation/{seq}").body]
            return word in body[0]
        self.wait_for(look, seconds, word)
        return body[0]


def acts(ok):
    with Fedi() as site, Hands(site, False) as desk:
        number = site.post("odile", "<p>Espèce de connard</p>", mention=True)
        desk.start()
        seq = desk.seq_of(number)
        desk.decide(seq, "masquer")
        desk.page(seq, "aurait été signalé")
        ok(not site.reports and not site.posted, "à blanc: said, not done", site.reports)
    with Fedi() as site, Hands(site, True) as desk:
        numbers = [site.post(f"qui{i}", f"<p>Espèce de connard n° {i}</p>", mention=True, visibility="unlisted") for i in range(5)]
        desk.start()
        seqs = [desk.seq_of(n) for n in numbers]
        site.hold_back = threading.Event()
        site.forgets = True  # by the time it tries again the server knows no key: the reply itself is found
        desk.decide(seqs[0], "repondre", text="Bonjour, le service vous répond <ici> & demain.")
        desk.wait_for(lambda: len(site.posted) == 1, 60, "the reply")
        os.kill(desk.pid("connect.masto"), 9)
        site.hold_back.set()
        site.hold_back = None
        desk.page(seqs[0], "réponse publiée à la source", 150)
        sent = site.posted[0][1]
        ok(len(site.posted) == 1, "killed between request and record: one reply", site.posted)
        ok(sent["status"].startswith("@qui0@ailleurs.example Bonjour") and sent["in_reply_to_id"] == numbers[0] and
           sent["visibility"] == "unlisted", "to its author, below it, as visible as it is", sent)
        desk.decide(seqs[1], "masquer")
        desk.decide(seqs[2], "masquer", category="spam")
        desk.decide(seqs[3], "masquer")
        desk.decide(seqs[4], "masquer")
        site.edit(numbers[3], "<p>Merci à tous</p>")
        site.delete(numbers[4])
        desk.wait_for(lambda: len(site.reports) == 2, 90, "two reports")
        by = {r["status_ids"][0]: r["category"] for r in site.reports}
        ok(by == {numbers[1]: "other", numbers[2]: "spam"}, "reported to the server's moderators", site.reports)
        page = desk.page(seqs[1], "signalé aux modérateurs")
        ok("masqué à la source" not in page, "and the page says what was done")
        desk.page(seqs[3], "modifié")
        desk.page(seqs[4], "plus là")
        ok(len(site.reports) == 2, "edited or vanished meanwhile: left alone")
        site.forbid = True
        another = site.post("zoe", "<p>Espèce d'abruti</p>", mention=True)
        seq = desk.seq_of(another)
        desk.decide(seq, "masquer")
        desk.page(seq, "write:reports")
        ok(True, "a token without the right: said")


def scenario(ok):
    backfill(ok)
    live(ok)
    below(ok)
    gaps(ok)
    hostile(ok)
    kills(ok)
    acts(ok)


main(scenario)
