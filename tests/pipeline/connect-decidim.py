"""kind decidim against a contract server of ours (agora.py, from the published schema; no real Decidim): every comment of every
component, through kills and while pages change; edits, answers to answers, deletions that two whole rounds show; an older schema; what a
round that could not be read whole must not conclude; hostile answers."""
import json
import os
import re
import subprocess
import threading

from agora import Agora
from contract import torture
from flow import Flow, children, cmdline, read_comment
from town import BUILD, main


def source(site, more=""):
    return (f"  - {{id: agora, kind: decidim, url: '{site.url}', every: 1 s, "
            f"allow_internal: ['127.0.0.1:{site.port}']{more}}}\n")


def say(flow, site, place, text, **more):
    number = site.comment(place, text, **more)
    flow.sent["agora", number] = text
    return number


def has(flow, number, text, seconds=60):
    flow.wait_for(lambda: flow.stored()[0].get(("agora", number)) == text, seconds, f"{number} as {text}")


def holds(flow, text):
    return any(text.encode() in body for body, in flow.rows("SELECT body FROM item"))


def row(flow, number):
    return [c for c in (read_comment(body) for body, in flow.rows("SELECT body FROM item ORDER BY seq")) if c["id"] == number][-1]


def rounds(flow, n=2):
    def count():
        return flow.gauges().get(("connect_looks_total", "agora"), 0)
    upto = count() + n + 1
    flow.wait_for(lambda: count() >= upto, 60, f"{n} whole rounds")


def gone(flow):
    return flow.ledger().get("tombstone", 0)


def backfill(ok):
    with Agora() as site, Flow(sources=source(site), clock="wall") as flow:
        for edge in ("proposals", "debates", "meetings", "pages"):
            for i in range(70):
                place = site.place(edge, f"processus-{i % 3}")
                for j in range(20 if edge == "proposals" else 2):
                    if edge == "pages":  # a component that we do not know
                        site.comment(place, "Personne ne m'entend")
                    else:
                        say(flow, site, place, f"{edge} {i}, commentaire {j}")
        flow.start()
        for rows in (100, 600, 1200):
            flow.wait_for(lambda: flow.seq() >= rows, 60, f"{rows} rows")
            flow.wait_for(lambda: flow.kill("connect.agora"), 20, "a connector to kill")
            say(flow, site, place if edge != "pages" else next(iter(site.places)), f"Pendant la lecture {rows}")
        flow.settle(len(flow.sent), 90)
        rounds(flow)
        print(f"# {len(flow.sent)} comments in {len(site.asked)} requests, through 3 kills; the heaviest query weighs {max(site.costs)}")
        ok(max(site.costs) <= 5000 / 3, "no query is heavier than a third of what a server takes", max(site.costs))
        ledger = flow.ledger()
        ok(gone(flow) == 0, "nothing was taken for deleted", ledger)
        flow.account(ok, name="backfill")
        before = ledger.get("duplicate", 0)
        rounds(flow)
        ok(flow.ledger().get("duplicate", 0) == before, "more than the frame remembers, and nothing is sent again", ledger)


def live(ok):
    with Agora() as site, Flow(sources=source(site), clock="wall") as flow:
        place = site.place("proposals")
        one = say(flow, site, place, "Plutôt contre & <3", alignment=-1)
        code, out, err = flow.run("connect", "test", "agora")
        ok(code == 0 and "Plutôt contre" in out and "1 à prendre" in out, "connect test shows what would come in", out + err)
        flow.start()
        has(flow, one, "Plutôt contre & <3")
        deep = one
        for i in range(3):
            deep = say(flow, site, place, f"Réponse {i}", parent=deep)
        has(flow, deep, "Réponse 2")
        c = row(flow, deep)
        ok(c["kind"] == "reply" and c["parent"] and "/processes/plan-velo/f/" in c["thread"] and f"#comment_{deep}" in c["url"],
           "answers to answers, with thread, parent and address", c)
        ok('"alignment":-1' in row(flow, one).get("extra", ""), "for or against is kept", row(flow, one))
        site.comments[one]["votes"] = 12
        site.edit(deep, "Réponse corrigée")
        flow.sent["agora", deep] = "Réponse corrigée"
        has(flow, deep, "Réponse corrigée")
        ok(flow.ledger().get("version") == 1 and flow.ledger().get("duplicate", 0) == 0, "an edit is a new version, a vote is not",
           flow.ledger())
        page = site.comment(place, "<p>Avec <b>un éditeur</b></p>")
        has(flow, page, "Avec un éditeur")
        broken = site.comment(place, "Avant \0 après \ud83d")
        has(flow, broken, "Avant \ufffd après \ufffd")
        site.translated = True
        new = say(flow, site, place, "Dans un ancien schéma")
        has(flow, new, "Dans un ancien schéma")
        ok(not holds(flow, "in English"), "an older schema: the French words")

        site.translated = False
        new = say(flow, site, place, "Dans un nouveau schéma")
        has(flow, new, "Dans un nouveau schéma")
        ok(True, "and when the site is brought up to date it is heard as before")

        number = next(n for n in site.spaces["plan-velo"])
        site.closed.add(number)
        rounds(flow, 3)
        ok(gone(flow) == 0, "a site that shows nothing at all deletes nothing", flow.ledger())
        site.closed.clear()
        site.next("ok", "503", "ok", "cut:90", "ok", "raw:{\"data\":{\"component\":null}}", "ok",
                  "raw:{\"data\":{\"participatoryProcesses\":[]}}", "raw:{\"data\":{\"participatoryProcesses\":null},\"errors\":[]}")
        flow.wait_for(lambda: not site.behaviours, 90, "the storm to pass")
        rounds(flow)
        ok(gone(flow) == 0, "a round that is not whole deletes nothing", flow.ledger())
        site.delete(deep)
        flow.wait_for(lambda: gone(flow) == 1, 60, "a deletion")
        ok(not holds(flow, "corrigée") and holds(flow, "Réponse 1"), "what two whole rounds do not show is gone here too")
        ok(not flow.crashes(), "nobody crashed", flow.crashes())


def spaces(ok):
    """Assemblies and initiatives beside the processes, everything in them that has comments, and what is said of an initiative itself; a
    site that has not all of these; one that says nothing of them today."""
    with Agora() as site, Flow(sources=source(site), clock="wall") as flow:
        said = {}
        for slug, root, folder in (("plan-velo", "participatoryProcesses", "processes"), ("conseil", "assemblies", "assemblies"),
                                   ("i-7", "initiatives", "initiatives")):
            for edge in ("proposals", "debates", "meetings", "posts", "results"):
                place = site.place(edge, slug, root)
                said[say(flow, site, place, f"Un mot des {edge}, {folder}")] = f"{site.url}/{folder}/{slug}/f/"
        petition = site.initiative("i-7")
        own = say(flow, site, petition, "Je signe & <3")
        said[own] = f"{site.url}/initiatives/i-7?commentId={own}"
        below = say(flow, site, petition, "Moi aussi", parent=own)
        said[below] = f"{site.url}/initiatives/i-7?commentId={below}"
        flow.start()
        flow.settle(len(said))
        for number, begin in said.items():
            url = row(flow, number)["url"]
            ok(url.startswith(begin) and url.endswith(f"#comment_{number}"), f"{flow.sent['agora', number]}: heard, with its address", url)
        ok(max(site.costs) <= 5000 / 3, "no query is heavier than a third of what a server takes", max(site.costs))
        rounds(flow, 3)
        flow.account(ok, name="spaces")
        last = say(flow, site, site.initiative("i-8"), "Une autre pétition")
        has(flow, last, "Une autre pétition")
        site.ill = {"initiatives"}
        rounds(flow, 3)
        new = say(flow, site, site.place("debates"), "Pendant ce temps")
        has(flow, new, "Pendant ce temps")
        ok(gone(flow) == 0 and "EN PANNE" not in flow.run("status")[1], "initiatives that give an error: the others are heard, nothing is deleted",
           flow.ledger())
        site.ill = set()
        site.delete(below)
        flow.wait_for(lambda: gone(flow) == 1, 60, "a deletion below an initiative")
        ok(not holds(flow, "Moi aussi") and holds(flow, "Je signe"), "what is gone from an initiative is gone here")
    with Agora() as site, Flow(sources=source(site), clock="wall") as flow:
        site.without = {"assemblies", "initiatives"}
        place = site.place("debates")
        first, other = say(flow, site, place, "Ici rien d'autre"), say(flow, site, place, "Sauf ceci")
        flow.start()
        has(flow, first, "Ici rien d'autre")
        has(flow, other, "Sauf ceci")
        ok("EN PANNE" not in flow.run("status")[1], "a site without assemblies and initiatives is in order")
        site.delete(other)
        flow.wait_for(lambda: gone(flow) == 1, 60, "a deletion")
        ok(holds(flow, "Ici rien d'autre"), "and its rounds are whole: a deletion is seen")


def hostile(ok):
    with Agora() as site, Flow(sources=source(site), clock="wall") as flow:
        say(flow, site, site.place("debates"), "Bonjour")
        torture(ok, flow, site, "agora", [("raw:{\"errors\":[{\"message\":\"Parse error\"}]}", "Parse error"),
                                           ("raw:{\"data\":{\"participatoryProcesses\":4}}", "ce n'est pas")], posts=True)
        site.next("429:3")
        flow.start()
        flow.wait_for(lambda: any(a.played == "429:3" for a in site.asked), 30, "the refusal")
        flow.wait_for(lambda: flow.seq() == 1, 60, "the comment")
        at = next(i for i, a in enumerate(site.asked) if a.played == "429:3")
        ok(site.asked[at + 1].at - site.asked[at].at >= 3, "Retry-After is respected", site.asked[at + 1].at - site.asked[at].at)
        flow.account(ok, name="hostile")


def crowded(ok):
    """Comments come unpaged with what they are about: more than one answer holds is asked for in smaller parts; what is too much by
    itself is passed by, and nothing around it."""
    with Agora() as site, Flow(sources=source(site), clock="wall") as flow:
        places = [site.place("proposals") for _ in range(30)]
        for place in places:
            say(flow, site, place, f"Un mot sous {place}")
        for place in places[3:6]:  # five megabytes each
            for i in range(80):
                say(flow, site, place, f"{i} sous {place} " + "ô" * 10000)
        for _ in range(30):  # far behind them
            site.place("proposals")
        say(flow, site, site.place("debates"), "Un débat calme")
        for i in range(60):  # ten in one
            site.comment(places[11], f"{i} " + "é" * 30000)
        flow.sent.pop(("agora", next(iter(site.places[places[11]]))))
        flow.start()
        flow.settle(len(flow.sent), 120)
        rounds(flow)
        asked = [json.loads(a.body)["query"] for a in list(site.asked) if a.body]
        sizes = [int(n) for q in asked for n in re.findall(r"proposals\(first: (\d+), after:", q)]
        ok(10 in sizes and max(sizes) == 10, "behind them it asks for more again, and never for what no answer held", sizes[-60:])
        ok(not any("debates(first:" in q and "debates(first: 20" not in q for q in asked), "of another component at once", asked[-60:])
        said = flow.run("status")[1]
        ok("EN PANNE" not in said, "a proposal with too many comments for one answer is no failure", said)
        last = say(flow, site, places[20], "Et après ?")
        has(flow, last, "Et après ?")
        ok(max(site.costs) <= 5000 / 3 and gone(flow) == 0, "what stands around it is heard, nothing is deleted", flow.ledger())
        flow.account(ok, name="crowded")


def mute(ok):
    """A site that lists its components and shows none of them is out of order, not calm."""
    with Agora() as site, Flow(sources=source(site), clock="wall") as flow:
        place = site.place("proposals")
        first = say(flow, site, place, "Bonjour")
        flow.start()
        has(flow, first, "Bonjour")
        for why, said in ((None, "aucun espace"), ("Something went wrong", "Something went wrong")):
            site.mute, site.ails = True, why
            flow.wait_for(lambda: said in flow.run("status")[1], 60, f"the trouble to be told: {said}")
            ok("EN PANNE" in flow.run("status")[1], "a site of which no component can be read is out of order", said)
        site.mute, site.ails = False, "Une partie du site est en travaux"
        last = say(flow, site, place, "Toujours là")
        has(flow, last, "Toujours là")
        flow.wait_for(lambda: "EN PANNE" not in flow.run("status")[1], 60, "the trouble to be over")
        ok(gone(flow) == 0, "what can be read is heard, and nothing is deleted", flow.ledger())


def alive(ok):
    """A long round in which nothing is new: a sign of life after each answer, for what is silent is killed."""
    with Agora() as site, Flow(sources=source(site), clock="wall") as flow:
        for _ in range(100):
            site.place("debates")
        heard, late, news = [0], [], threading.Condition()

        def gate(n):
            def tell(now):
                with news:
                    if now == "asked" and not news.wait_for(lambda: heard[0] >= n, 30):
                        late.append(n)
            return tell

        site.next(*[gate(n) for n in range(8)])
        look = [os.path.join(BUILD, "src/connect/tocsin-connect"), "--config", flow.path("tocsin.yaml"), "--instance", "agora", "look"]
        with subprocess.Popen(look, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as p:
            for line in p.stdout:
                with news:
                    heard[0] += 1
                    news.notify_all()
        ok(len(site.asked) == 8 and not late and line.startswith("cursor "), "each answer is told before the next is asked for",
           (len(site.asked), late, line[:80]))


def look_of(flow):
    for pid in flow.processes("connect.agora"):
        for child in children(pid):
            if "look" in cmdline(child):
                return child
    return None


def kills(ok):
    with Agora() as site, Flow(sources=source(site), clock="wall") as flow:
        places = [site.place("proposals") for _ in range(50)]
        say(flow, site, places[0], "Le premier")
        flow.start()
        flow.wait_for(lambda: flow.seq() == 1, 60, "the first")
        done = []

        def killer(step, victim):
            def tell(now):
                if now != step:
                    return
                child = look_of(flow) if victim == "look" else None
                if child:
                    os.kill(child, 9)
                if child or (victim != "look" and flow.kill(victim)):
                    done.append((step, victim))
            return tell

        number = 1
        for victim in ("look", "connect.agora", "ingest", "store"):
            for step in ("asked", "half", "sent"):
                n = len(done)
                for i in range(20):
                    number += 1
                    last = say(flow, site, places[i], f"Commentaire {number} pendant la mort de {victim}")
                while len(done) == n:
                    site.next("ok", killer(step, victim))
                    flow.wait_for(lambda: len(done) > n or not site.behaviours, 60, f"{victim} to die at {step}")
                has(flow, last, flow.sent["agora", last], 90)
        flow.settle(number)
        print(f"# {len(done)} deaths, {number} comments")
        ok(gone(flow) == 0, "nobody's death deleted anything")
        flow.account(ok, name="kills")


def scenario(ok):
    backfill(ok)
    live(ok)
    spaces(ok)
    hostile(ok)
    crowded(ok)
    mute(ok)
    alive(ok)
    kills(ok)


main(scenario)
