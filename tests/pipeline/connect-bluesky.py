"""kind bluesky against a contract server of ours (skies.py): what was published before us through kills, then what is new, deep in
a thread, behind an old date, deleted; posts that would break a reader. tests/real/bluesky.py is the same against a real one."""
import time

from skies import Listener, Sky, TOWN
from town import main

MANY = 1500


def backfill(ok):
    with Sky() as sky, Listener(sky, ", search: ['cantine', '#valmont']") as flow:
        start = time.time() - 86400 * 60
        roots = [sky.post(TOWN, f"Avis n° {i}", at=start + i) for i in range(120)]
        for i in range(MANY):  # two hundred of them in one moment
            at = start + 1000 + (i if i < 300 or i >= 500 else 300)
            flow.publish(("odile", "rene")[i % 2], f"Réponse n° {i}", roots[i % 120], at=at)
        deep = roots[0]
        for i in range(20):
            deep = flow.publish("paul", f"Branche, étage {i}", deep, at=start + 5000 + i)
        for i in range(130):
            flow.publish("rene", f"La cantine, encore {i}", at=start + 6000 + i)
        flow.publish("paul", "Vive #Valmont", at=start + 7000)
        sky.post("paul", "Rien qui regarde la ville", at=start + 7001)
        flow.start()
        for rows in (150, 600, 1300):
            flow.wait_for(lambda: flow.seq() >= rows, 90, f"{rows} rows")
            flow.wait_for(lambda: flow.kill("connect.sky"), 20, "a connector to kill")
        flow.settle(len(flow.sent), 120)
        ok(sky.sessions == 1, "one session for all looks, through kills", sky.sessions)
        flow.account(ok, name="backfill")


def live(ok):
    with Sky() as sky, Listener(sky) as flow:
        root = sky.post(TOWN, "Avis")
        old = flow.publish("odile", "Un ancien", root)
        code, out, err = flow.run("connect", "test", "sky")
        ok(code == 0 and "Un ancien" in out and "1 à prendre" in out, "connect test shows it", out + err)
        flow.start()
        flow.has(old)
        begun = time.monotonic()
        uri = flow.publish("paul", "Espèce d'abruti !", root)
        flow.has(uri)
        print(f"# from publication to the verdict: {time.monotonic() - begun:.2f} s (interval 1 s)")
        ok(True, "a reply has its verdict")
        flow.hears("rene", "Et vous, @ville.example ?", mention=True)
        for i in range(8):
            uri = flow.publish("rene", f"Étage {i}", uri)
        flow.has(uri)
        ok(True, "a mention; a reply deep in a thread, of which nobody tells the town")
        flow.looks()
        ok(flow.ledger().get("duplicate", 0) == 0, "nothing was sent twice", flow.ledger())
        hostile(ok, sky, flow, root)
        gone(ok, sky, flow, root)


def hostile(ok, sky, flow, root):
    """Posts that would break a reader of the page they stand in."""
    flow.publish("rene", "Avant \u0000 après", root, shown="Avant \ufffd après")
    flow.publish("rene", "Au fond", root, record={"tags": "@DEEP@"})
    flow.publish("rene", "De travers", root, record={"langs": 7, "facets": {"a": 1}, "embed": [1], "createdAt": "jamais"})
    flow.publish("rene", "De demain", root, created=time.time() + 40 * 86400)
    last = flow.publish("odile", "Après eux", root)
    flow.has(last)
    flow.looks()
    flow.hears("odile", "Toujours là", root)
    flow.account(ok, name="hostile posts")


def gone(ok, sky, flow, root):
    drops = flow.publish("rene", "Retirée par son auteur", root)
    hides = flow.publish("paul", "De qui bloque la ville", root)
    stays = flow.publish("odile", "Elle reste", root)
    for uri in (drops, hides, stays):
        flow.has(uri)
    sky.about = {"getPosts": "wall", "getRecord": "wall"}
    sky.drop(drops)
    sky.block("paul")
    flow.looks(4)
    ok(flow.ledger().get("tombstone", 0) == 0, "a guard that refuses everything deletes nothing", flow.ledger())
    sky.about = {"getRecord": "wall"}
    flow.looks(3)
    ok(flow.ledger().get("tombstone", 0) == 0, "nor what is missing while nobody says why", flow.ledger())
    sky.about = {}
    flow.wait_for(lambda: flow.ledger().get("tombstone", 0) == 1, 60, "a deletion")
    flow.looks(3)
    ok(flow.ledger().get("tombstone", 0) == 1, "deleted there: gone here; who blocks the town has deleted nothing", flow.ledger())
    sky.about = {"getPostThread": "500"}
    sky.post("odile", "Pendant que les fils sont en panne", root)
    flow.wait_for(lambda: any("Pendant que les fils".encode() in body for body, in flow.rows("SELECT body FROM item")), 60, "the next one")
    flow.looks()
    gauges = flow.gauges()
    ok(gauges["connect_looks_failed_total", "sky"] == 0 and gauges["source_error", "sky"] == 0, "what fails by itself fails alone", gauges)
    ok(not flow.crashes(), "nobody crashed", flow.crashes())


def refused(ok):
    """A search that is always refused, the town's own posts too: told, and everything else is heard all the same."""
    with Sky() as sky, Listener(sky, ", search: ['cantine']") as flow:
        root = sky.post(TOWN, "Avis")
        flow.start()
        flow.hears("odile", "Avant", root)
        for method, said in (("searchPosts", "la recherche « cantine » est refusée par le serveur (HTTP 400)"),
                             ("getAuthorFeed", "le serveur refuse la liste des messages de la ville (HTTP 500)")):
            sky.about = {method: "400" if method == "searchPosts" else "500"}
            flow.wait_for(lambda: said in flow.run("status")[1], 60, f"to be told: {said}")
            flow.hears("rene", f"Sans {method}", root)
            ok(True, f"without {method}: told, and heard all the same")
            sky.about = {}
            flow.wait_for(lambda: "EN PANNE" not in flow.run("status")[1], 60, "the trouble to be over")
        flow.account(ok, name="refused")


def behind(ok):
    """An author's date in the past hides nothing for longer than an hour; more than a page since the last look is all heard."""
    with Sky() as sky, Listener(sky) as flow:
        root = sky.post(TOWN, "Avis")
        first = flow.publish("odile", "Le premier", root)
        flow.start()
        flow.has(first)
        flow.stop()
        for i in range(350):
            flow.publish("odile", f"Pendant l'absence {i}", root)
        flow.start()
        flow.settle(len(flow.sent), 90)
        flow.hears("rene", "D'une vieille date", root, created=time.time() - 86400 * 20)
        ok(True, "a reply with a date of long ago is found in its thread")
        flow.account(ok, name="behind")


def scenario(ok):
    backfill(ok)
    live(ok)
    refused(ok)
    behind(ok)


main(scenario)
