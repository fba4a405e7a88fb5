"""The common torture list (rough.py) against the running loop of every polled kind: storms, refusals, slow and cut answers, bombs,
pages of another kind, our own clock put forward and back: nothing lost, nothing twice. And looks that are cut at every byte."""
import contextlib
import json
import os
import subprocess

from acting import Acting
from flow import Flow, read_comment
from hands import Hands
from rough import KINDS, Rough, WRITES
from town import BUILD, main

LOOK = os.path.join(BUILD, "src/connect/tocsin-connect")
LISTEN = "webhook: {listen: '127.0.0.1:0'}\n"  # meta's source is one of webhooks too
CUTS = 40  # places of an answer in which a look is cut: all of a small one, and at most so many


@contextlib.contextmanager
def town(kinds, env=None):
    with contextlib.ExitStack() as stack:
        sites = {k.name: stack.enter_context(k.make()) for k in kinds}
        roads = {k.name: stack.enter_context(Rough(sites[k.name].port)) for k in kinds}
        sources = "".join(k.source(sites[k.name], roads[k.name]) for k in kinds)
        flow = stack.enter_context(Flow(sources=sources, clock="wall", env=env,
                                        extra=LISTEN))
        for k in kinds:
            k.prepare(flow)
        yield flow, sites, roads


def rows(flow):
    return [(source, read_comment(body)) for source, body in
            flow.rows("SELECT s.name, i.body FROM item i JOIN source s ON s.id = i.source ORDER BY i.seq")]


def texts(flow):
    """{source: [text, …]}"""
    found = {}
    for source, c in rows(flow):
        found.setdefault(source, []).append(c.get("text", "").rpartition("\n")[2])  # a mail's subject stands before
    return found


def heard(flow, said, seconds=120):
    def look():
        found = texts(flow)
        return all(text in found.get(name, []) for name, text in said.items())
    flow.wait_for(look, seconds, f"{said}")


def say(kinds, sites, what):
    said = {}
    for k in kinds:
        said[k.name] = f"Bonjour, {what}, par {k.kind}"
        k.say(sites[k.name], said[k.name])
    return said


def tortures(ok):
    hands = Hands()
    with town(KINDS, hands.env) as (flow, sites, roads):
        all_said = [say(KINDS, sites, "avant tout")]
        flow.start()
        heard(flow, all_said[0])
        for word in dict.fromkeys(w for k in KINDS for w in k.tortures):
            kinds = [k for k in KINDS if word in k.tortures]
            before = {k.name: roads[k.name].played.count(word) for k in kinds}
            for k in kinds:
                roads[k.name].next(word, word)
            all_said.append(say(kinds, sites, word))
            flow.wait_for(lambda: all(roads[k.name].played.count(word) >= before[k.name] + 2 for k in kinds), 120, f"{word} to be played")
            heard(flow, all_said[-1])
            ok(True, f"{word}: heard all the same, by {len(kinds)} kinds")
        for name, seconds in (("forward", 2 * 86400), ("back", -2 * 86400), ("right", 0)):
            hands.put(seconds)
            all_said.append(say(KINDS, sites, f"clock {name}"))
            heard(flow, all_said[-1])
            ok(True, f"our clock put {name} by two days: heard all the same")
            if seconds < 0:  # for us the site's dates are the future's: the time of arrival counts
                at = next(c["created_at"] for _, c in rows(flow) if c.get("text") == all_said[-1]["blog"])
                ok(abs(at / 1000 - hands.now()) < 600, "… and its dates are none for us", at)
        found, expected = texts(flow), {}
        for said in all_said:
            for name, text in said.items():
                expected.setdefault(name, []).append(text)
        for k in KINDS:
            ok(sorted(found[k.name]) == sorted(expected[k.name]), f"{k.kind}: nothing lost, nothing twice",
               sorted(set(found[k.name]) ^ set(expected[k.name])))
        ok(flow.ledger().get("tombstone", 0) == 0 and flow.ledger().get("quarantined", 0) == 0, "nothing was taken for deleted or broken",
           flow.ledger())
        ok(not flow.crashes(), "nobody crashed", flow.crashes())


def actions(ok):
    """An answer to the public whose request meets each torture: it is given in the end, once."""
    kinds = [k for k in KINDS if k.replies]
    with contextlib.ExitStack() as stack:
        sites = {k.name: stack.enter_context(k.make()) for k in kinds}
        roads = {k.name: stack.enter_context(Rough(sites[k.name].port)) for k in kinds}
        sources = "".join(k.source(sites[k.name], roads[k.name], ", arm: yes") for k in kinds)
        desk = stack.enter_context(Acting(sources, {"extra": LISTEN}))
        for k in kinds:
            k.prepare(desk)
            for i in range(len(WRITES)):
                k.say(sites[k.name], f"Espèce de connard n° {i} de {k.kind} !")
        desk.start()
        expected = [f"Réponse n° {i}." for i in range(len(WRITES))]
        for k in kinds:
            for i, text in enumerate(expected):
                desk.decide(desk.seq_of(f"connard n° {i} de {k.kind} !"), "repondre", text=text)
            roads[k.name].write(*WRITES)
        desk.wait_for(lambda: not any(roads[k.name].writes for k in kinds), 120, "each torture to be played")
        for k in kinds:
            desk.wait_for(lambda: set(k.replies(sites[k.name])) >= set(expected), 150, f"{k.kind}: the answers")
        total = len(kinds) * len(WRITES)
        desk.wait_for(lambda: desk.read("SELECT count(*) FROM outbox WHERE channel = 'action' AND state = 2") == [(total,)], 150, "all told")
        for k in kinds:
            ok(sorted(k.replies(sites[k.name])) == sorted(expected), f"{k.kind}: through {len(WRITES)} tortures each answer is given, once",
               k.replies(sites[k.name]))


def look(flow, name, cursor=""):
    """A look to its end: ({id: text}, the cursor it leaves, its last word)."""
    done = subprocess.run([LOOK, "--config", flow.path("tocsin.yaml"), "--instance", name, "look"], input=cursor, text=True,
                          capture_output=True, timeout=60, check=False)
    found, last = {}, ""
    for line in done.stdout.splitlines():
        if line.startswith("{"):
            c = json.loads(line)
            found[c["id"]] = c.get("text")
        elif line.startswith("cursor "):
            cursor = line[7:]
        last = line or last
    return (found if done.returncode == 0 else None), cursor, last


def places(n):
    step = max(1, n // CUTS)
    return range(0, n, step)


def cuts(ok):
    """Each answer of a look cut in many places: what the look after it brings is what was missing, and no word is another one."""
    kinds = [k for k in KINDS if k.looks]
    with town(kinds) as (flow, sites, roads):
        for i in range(3):
            say(kinds, sites, f"coupé {i} & l'été")
        for k in kinds:
            road, wrong, tried = roads[k.name], [], 0
            road.carried.clear()
            whole, _, _ = look(flow, k.name)
            lengths = list(road.carried)[:4]
            for nth, length in enumerate(lengths):
                for at in places(length):
                    road.plan[:] = ["ok"] * nth + [f"cut:{at}"]
                    first, cursor, last = look(flow, k.name)
                    road.plan.clear()
                    second, _, _ = look(flow, k.name, cursor)
                    tried += 1
                    if first is None or second is None or {**first, **second} != whole:
                        wrong.append((nth, at, length, last))
            print(f"# {k.kind}: {len(lengths)} answers of {lengths} bytes, cut in {tried} places")
            ok(whole and len(whole) >= 3 and tried >= CUTS and not wrong, f"{k.kind}: cut anywhere, nothing is lost and no word is another one", wrong[:5])


def scenario(ok):
    tortures(ok)
    actions(ok)
    cuts(ok)


main(scenario)
