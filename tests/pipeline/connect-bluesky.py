"""kind bluesky against a contract server of ours (skies.py): what was published before us through kills, then what is new, deep in
a thread, behind an old date, deleted; tokens that run out, a server that asks for patience, storms, cut and monstrous answers, posts
that break a reader; what people decide, carried out there once. tests/real/bluesky.py is the same against a real one."""
import os
import threading
import time

from acting import Acting, UNDO
from flow import Flow
from skies import Sky, TOWN, did
from town import main

MANY = 1500


def source(sky, more=""):
    return (f"  - {{id: sky, kind: bluesky, url: '{sky.url}', user: ville.example, password_file: ville.txt, every: 1 s, "
            f"allow_internal: ['127.0.0.1:{sky.port}']{more}}}\n")


def secret(flow, text):
    with open(os.open(flow.path("ville.txt"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as f:
        f.write(text + "\n")


def publish(flow, sky, who, text, *words, shown=None, **more):
    uri = sky.post(who, text, *words, **more)
    flow.sent["sky", uri] = shown or text
    return uri


def has(flow, uri, seconds=60):
    flow.wait_for(lambda: ("sky", uri) in flow.stored()[0], seconds, uri)


def looks(flow, n=2):
    gauges = flow.gauges()
    begun = gauges.get(("connect_looks_total", "sky"), 0)
    flow.wait_for(lambda: flow.gauges().get(("connect_looks_total", "sky"), 0) >= begun + n + 1, 60, "some looks")


def backfill(ok):
    with Sky() as sky, Flow(sources=source(sky, ", search: ['cantine', '#valmont']"), clock="wall") as flow:
        secret(flow, sky.password)
        start = time.time() - 86400 * 60
        roots = [sky.post(TOWN, f"Avis n° {i}", at=start + i) for i in range(120)]
        for i in range(MANY):  # two hundred of them in one moment
            at = start + 1000 + (i if i < 300 or i >= 500 else 300)
            publish(flow, sky, ("odile", "rene")[i % 2], f"Réponse n° {i}", roots[i % 120], at=at)
        deep = roots[0]
        for i in range(20):
            deep = publish(flow, sky, "paul", f"Branche, étage {i}", deep, at=start + 5000 + i)
        for i in range(130):
            publish(flow, sky, "rene", f"La cantine, encore {i}", at=start + 6000 + i)
        publish(flow, sky, "paul", "Vive #Valmont", at=start + 7000)
        sky.post("paul", "Rien qui regarde la ville", at=start + 7001)
        flow.start()
        for rows in (150, 600, 1300):
            flow.wait_for(lambda: flow.seq() >= rows, 90, f"{rows} rows")
            flow.wait_for(lambda: flow.kill("connect.sky"), 20, "a connector to kill")
        flow.settle(len(flow.sent), 120)
        ok(sky.sessions == 1, "one session for all looks, through kills", sky.sessions)
        flow.account(ok, name="backfill")


def live(ok):
    with Sky() as sky, Flow(sources=source(sky), clock="wall") as flow:
        secret(flow, sky.password)
        root = sky.post(TOWN, "Avis")
        old = publish(flow, sky, "odile", "Un ancien", root)
        code, out, err = flow.run("connect", "test", "sky")
        ok(code == 0 and "Un ancien" in out and "1 à prendre" in out, "connect test shows it", out + err)
        flow.start()
        has(flow, old)
        begun = time.monotonic()
        uri = publish(flow, sky, "paul", "Espèce d'abruti !", root)
        has(flow, uri)
        print(f"# from publication to the verdict: {time.monotonic() - begun:.2f} s (interval 1 s)")
        ok(True, "a reply has its verdict")
        has(flow, publish(flow, sky, "rene", "Et vous, @ville.example ?", mention=True))
        for i in range(8):
            uri = publish(flow, sky, "rene", f"Étage {i}", uri)
        has(flow, uri)
        ok(True, "a mention; a reply deep in a thread, of which nobody tells the town")
        looks(flow)
        ok(flow.ledger().get("duplicate", 0) == 0, "nothing was sent twice", flow.ledger())
        hostile(ok, sky, flow, root)
        gone(ok, sky, flow, root)


def hostile(ok, sky, flow, root):
    """Posts that would break a reader of the page they stand in."""
    publish(flow, sky, "rene", "Avant \u0000 après", root, shown="Avant \ufffd après")
    publish(flow, sky, "rene", "Au fond", root, record={"tags": "@DEEP@"})
    publish(flow, sky, "rene", "De travers", root, record={"langs": 7, "facets": {"a": 1}, "embed": [1], "createdAt": "jamais"})
    publish(flow, sky, "rene", "De demain", root, created=time.time() + 40 * 86400)
    last = publish(flow, sky, "odile", "Après eux", root)
    has(flow, last)
    looks(flow)
    has(flow, publish(flow, sky, "odile", "Toujours là", root))
    flow.account(ok, name="hostile posts")


def gone(ok, sky, flow, root):
    drops = publish(flow, sky, "rene", "Retirée par son auteur", root)
    hides = publish(flow, sky, "paul", "De qui bloque la ville", root)
    stays = publish(flow, sky, "odile", "Elle reste", root)
    for uri in (drops, hides, stays):
        has(flow, uri)
    sky.about = {"getPosts": "wall", "getRecord": "wall"}
    sky.drop(drops)
    sky.block("paul")
    looks(flow, 4)
    ok(flow.ledger().get("tombstone", 0) == 0, "a guard that refuses everything deletes nothing", flow.ledger())
    sky.about = {"getRecord": "wall"}
    looks(flow, 3)
    ok(flow.ledger().get("tombstone", 0) == 0, "nor what is missing while nobody says why", flow.ledger())
    sky.about = {}
    flow.wait_for(lambda: flow.ledger().get("tombstone", 0) == 1, 60, "a deletion")
    looks(flow, 3)
    ok(flow.ledger().get("tombstone", 0) == 1, "deleted there: gone here; who blocks the town has deleted nothing", flow.ledger())
    sky.about = {"getPostThread": "500", "getAuthorFeed": "500"}
    sky.post("odile", "Pendant que les fils sont en panne", root)
    flow.wait_for(lambda: any("Pendant que les fils".encode() in body for body, in flow.rows("SELECT body FROM item")), 60, "the next one")
    looks(flow)
    gauges = flow.gauges()
    ok(gauges["connect_looks_failed_total", "sky"] == 0 and gauges["source_error", "sky"] == 0, "what fails by itself fails alone", gauges)
    ok(not flow.crashes(), "nobody crashed", flow.crashes())


def behind(ok):
    """An author's date in the past hides nothing for longer than an hour; more than a page since the last look is all heard."""
    with Sky() as sky, Flow(sources=source(sky), clock="wall") as flow:
        secret(flow, sky.password)
        root = sky.post(TOWN, "Avis")
        first = publish(flow, sky, "odile", "Le premier", root)
        flow.start()
        has(flow, first)
        flow.stop()
        for i in range(350):
            publish(flow, sky, "odile", f"Pendant l'absence {i}", root)
        flow.start()
        flow.settle(len(flow.sent), 90)
        has(flow, publish(flow, sky, "rene", "D'une vieille date", root, created=time.time() - 86400 * 20))
        ok(True, "a reply with a date of long ago is found in its thread")
        flow.account(ok, name="behind")


def storms(ok):
    with Sky() as sky, Flow(sources=source(sky), clock="wall") as flow:
        secret(flow, sky.password)
        root = sky.post(TOWN, "Avis")
        has_soon = publish(flow, sky, "odile", "Avant l'orage", root)
        flow.start()
        has(flow, has_soon)
        sky.next("429:9")
        flow.wait_for(lambda: any(what == "429:9" for _, _, what, _ in sky.asked), 30, "the refusal")
        at = next(a for a, _, what, _ in sky.asked if what == "429:9")
        has(flow, publish(flow, sky, "odile", "Après l'attente", root))
        pause = next(a for a, *_ in sky.asked if a > at) - at
        ok(pause >= 8, "RateLimit-Reset is respected", pause)
        for what in ("503", "cut:0", "cut:1", "cut:40", "cut:300", "garbage", "bomb", "big", "type:text/html", "wall", "502"):
            played = len(sky.asked)
            sky.next(what)
            flow.wait_for(lambda: any(w == what for _, _, w, _ in sky.asked[played:]), 60, what)
            has(flow, publish(flow, sky, "odile", f"Après {what}", root), 90)
        flow.account(ok, name="storms")


def sessions(ok):
    with Sky() as sky, Flow(sources=source(sky), clock="wall") as flow:
        secret(flow, sky.password)
        root = sky.post(TOWN, "Avis")
        first = publish(flow, sky, "odile", "Avec le premier jeton", root)
        flow.start()
        has(flow, first)
        mode = os.stat(flow.path("run", "session", "sky")).st_mode & 0o777
        ok(mode == 0o600, "the session is for us alone", oct(mode))
        for name, over in (("expire", sky.expire), ("revoke", sky.revoke), ("expire again", sky.expire)):
            over()
            has(flow, publish(flow, sky, "odile", f"Après {name}", root))
        ok(flow.gauges()["connect_looks_failed_total", "sky"] == 0, "renewed, then begun anew, without a failed look", flow.gauges())
        entered = [m for _, m, _, _ in sky.asked if m in ("createSession", "refreshSession")]
        ok(entered == ["createSession", "refreshSession", "refreshSession", "createSession", "refreshSession"], "and never more than needed", entered)
        sky.password = "zzzz-zzzz-zzzz-zzzz"
        sky.revoke()

        def said():
            return [line for line in flow.run("status")[1].splitlines() if "est en panne depuis" in line]
        flow.wait_for(said, 60, "the source to be out of order")
        ok("mot de passe d'application" in said()[0], "a withdrawn password: out of order, and why", said())
        secret(flow, sky.password)
        has(flow, publish(flow, sky, "odile", "Avec le nouveau", root), 90)
        logs = "".join(open(flow.path(n), encoding="utf-8", errors="replace").read() for n in os.listdir(flow.folder) if n.startswith("log"))
        ok("zzzz" not in logs and "access-" not in logs and "refresh-" not in logs, "no secret in the log")
        flow.account(ok, name="sessions")


def acts(ok):
    with Sky() as sky, Acting(source(sky, ", arm: yes").replace("ville.txt", "'credential:ville'"), ville=sky.password) as town:
        root = sky.post(TOWN, "Avis")
        uris = [sky.post("odile", f"Espèce de connard n° {i}", root) for i in range(5)]
        alien = sky.post("paul", "Espèce de connard n° 5", mention=True)
        gate = f"at://{did(TOWN)}/app.bsky.feed.threadgate/{root.rpartition('/')[2]}"
        sky.gates[gate] = {"$type": "app.bsky.feed.threadgate", "post": root, "createdAt": "2026-01-01T00:00:00Z", "allow": [], "hiddenReplies": ["at://x"]}
        town.start()
        seqs = [town.seq_of(f"Espèce de connard n° {i}") for i in range(6)]
        began = [town.decide(seqs[i], what, **more) for i, what, more in [
            (0, "masquer", {}), (1, "masquer", {"category": "spam"}), (2, "repondre", {"text": "Bonjour."}), (3, "masquer", {}), (5, "masquer", {})]]
        sky.drop(uris[3])
        ok(not sky.written, "nothing is sent at once")
        town.page(seqs[0], "masqué à la source")
        page = town.page(seqs[1], "signalé à Bluesky")
        town.page(seqs[2], "réponse publiée à la source")
        early = [method for at, method, _ in sky.written if at < min(began) + UNDO - 1]
        ok(not early, "nor while it can be undone", early)
        town.page(seqs[3], "plus là")
        town.page(seqs[5], "ne permet pas de la masquer")
        ok("fait à la source" in page, "reported: said as it is")
        now = sky.gates[gate]
        ok(now["hiddenReplies"] == ["at://x", uris[0], uris[1]] or now["hiddenReplies"] == ["at://x", uris[1], uris[0]], "hidden, what was there is kept", now)
        ok(now["allow"] == [] and now["createdAt"] == "2026-01-01T00:00:00Z", "who may answer is kept", now)
        ok([r["subject"]["uri"] for r in sky.reports] == [uris[1]], "one report", sky.reports)
        answers = [p["value"]["text"] for p in sky.posts.values() if p["to"] == uris[2]]
        ok(answers == ["Bonjour."], "answered", answers)
        ok(alien in sky.posts and not [p for p in sky.written if alien in str(p)], "what is not under ours is left alone")
        town.decide(seqs[0], "laisser")
        town.wait_for(lambda: sky.gates[gate]["hiddenReplies"] == ["at://x", uris[1]], 60, "shown again")
        ok(True, "decided otherwise: shown again")
        death(ok, sky, town, seqs[4], uris[4])


def death(ok, sky, town, seq, uri):
    """Killed while the server works on the request: done there, not known here; with a token that runs out on top of it."""
    sky.when["createRecord"] = threading.Event()
    wrote = len(sky.written)
    sky.expire()
    town.decide(seq, "repondre", text="Une seule fois.")
    town.wait_for(lambda: len(sky.written) == wrote + 1, 60, "the request")
    os.kill(town.pid("connect.sky"), 9)
    sky.when.pop("createRecord").set()
    town.page(seq, "réponse publiée à la source", 150)
    answers = [p["value"]["text"] for p in sky.posts.values() if p["to"] == uri]
    ok(answers == ["Une seule fois."], "killed between request and record: once", answers)


def scenario(ok):
    backfill(ok)
    live(ok)
    behind(ok)
    storms(ok)
    sessions(ok)
    acts(ok)


main(scenario)
