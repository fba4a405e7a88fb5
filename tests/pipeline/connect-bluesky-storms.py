"""kind bluesky against a contract server of ours (skies.py): a server that asks for patience, storms, cut and monstrous answers; tokens
that run out, are withdrawn, and a password that is."""
import os
import time

from skies import Listener, Sky, TOWN
from town import main


def storms(ok):
    with Sky() as sky, Listener(sky) as flow:
        root = sky.post(TOWN, "Avis")
        has_soon = flow.publish("odile", "Avant l'orage", root)
        flow.start()
        flow.has(has_soon)
        sky.next("429:9")
        flow.wait_for(lambda: any(what == "429:9" for _, _, what, _ in sky.asked), 30, "the refusal")
        at = next(a for a, _, what, _ in sky.asked if what == "429:9")
        flow.hears("odile", "Après l'attente", root)
        pause = next(a for a, *_ in sky.asked if a > at) - at
        ok(pause >= 8, "RateLimit-Reset is respected", pause)
        for what in ("503", "cut:0", "cut:1", "cut:40", "cut:300", "garbage", "bomb", "big", "type:text/html", "wall", "502"):
            played = len(sky.asked)
            sky.next(what)
            flow.wait_for(lambda: any(w == what for _, _, w, _ in sky.asked[played:]), 60, what)
            flow.hears("odile", f"Après {what}", root, seconds=90)
        flow.account(ok, name="storms")


def sessions(ok):
    with Sky() as sky, Listener(sky) as flow:
        root = sky.post(TOWN, "Avis")
        first = flow.publish("odile", "Avec le premier jeton", root)
        flow.start()
        flow.has(first)
        mode = os.stat(flow.path("run", "session", "sky")).st_mode & 0o777
        ok(mode == 0o600, "the session is for us alone", oct(mode))
        for name, over in (("expire", sky.expire), ("revoke", sky.revoke), ("expire again", sky.expire)):
            over()
            flow.hears("odile", f"Après {name}", root)
        ok(flow.gauges()["connect_looks_failed_total", "sky"] == 0, "renewed, then begun anew, without a failed look", flow.gauges())
        entered = [m for _, m, _, _ in sky.asked if m in ("createSession", "refreshSession")]
        ok(entered == ["createSession", "refreshSession", "refreshSession", "createSession", "refreshSession"], "and never more than needed", entered)
        sky.password = "zzzz-zzzz-zzzz-zzzz"
        sky.revoke()

        def said():
            return [line for line in flow.run("status")[1].splitlines() if "est en panne depuis" in line]
        flow.wait_for(said, 60, "the source to be out of order")
        ok("mot de passe d'application" in said()[0], "a withdrawn password: out of order, and why", said())
        flow.secret()
        flow.hears("odile", "Avec le nouveau", root, seconds=90)
        logs = "".join(open(flow.path(n), encoding="utf-8", errors="replace").read() for n in os.listdir(flow.folder) if n.startswith("log"))
        ok("zzzz" not in logs and "access-" not in logs and "refresh-" not in logs, "no secret in the log")
        flow.account(ok, name="sessions")


def refused(ok):
    """A search that was refused has searched nothing: the next one goes as far back as it was to."""
    with Sky() as sky, Listener(sky, ", search: ['marché', 'cantine']") as flow:
        at = time.time() - 2 * 86400
        for i in range(250):
            flow.publish(f"h{i % 9}", f"La cantine n° {i}", at=at + i)
        sky.about["searchPosts"] = "500"
        flow.start()
        flow.looks()
        sky.about.clear()
        flow.settle(250)
        flow.account(ok, name="refused searches")


def scenario(ok):
    refused(ok)
    storms(ok)
    sessions(ok)


main(scenario)
