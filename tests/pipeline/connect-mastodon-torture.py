"""kind mastodon: hostile and broken answers, an expired token, every process killed at every step (fediverse.py, no real Mastodon)."""
import os

from contract import torture
from fediverse import Fedi
from flow import children, cmdline
from mastodon_town import has, say, secret, town
from town import main


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


def scenario(ok):
    hostile(ok)
    kills(ok)


main(scenario)
