"""What people decide, carried out on Bluesky: a contract server of ours plays it (skies.py). Replies under the town's posts are hidden
with all that stands in the thread's gate, spam is reported, an answer is given once though the connector dies on it."""
import os
import threading

from acting import Acting, LEASE, UNDO
from skies import Sky, TOWN, did, source
from town import main


def acts(ok):
    with Sky() as sky, Acting(source(sky, ", arm: yes", "credential:ville"), ville=sky.password) as town:
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
        town.later()
        town.wait_for(lambda: sky.gates[gate]["hiddenReplies"] == ["at://x", uris[1]], 60, "shown again")
        ok(True, "decided otherwise: shown again")
        death(ok, sky, town, seqs[4], uris[4])


def death(ok, sky, town, seq, uri):
    """Killed while the server works on the request: done there, not known here; with a token that runs out on top of it."""
    sky.when["createRecord"] = threading.Event()
    wrote = len(sky.written)
    sky.expire()
    town.decide(seq, "repondre", text="Une seule fois.")
    town.later()
    town.wait_for(lambda: len(sky.written) == wrote + 1, 60, "the request")
    os.kill(town.pid("connect.sky"), 9)
    sky.when.pop("createRecord").set()
    town.later(LEASE + 1)
    town.page(seq, "réponse publiée à la source", 150)
    answers = [p["value"]["text"] for p in sky.posts.values() if p["to"] == uri]
    ok(answers == ["Une seule fois."], "killed between request and record: once", answers)


def scenario(ok):
    acts(ok)


main(scenario)
