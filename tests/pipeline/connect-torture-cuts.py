"""Looks whose answers are cut anywhere (rough.py), for every polled kind: what the look after it brings is what was missing.
TOCSIN_CUTS=100000 cuts at every byte."""
import json
import os
import subprocess

from rough import KINDS, say, town
from town import BUILD, PATIENCE, main

LOOK = os.path.join(BUILD, "src/connect/tocsin-connect")
CUTS = int(os.environ.get("TOCSIN_CUTS", "25"))  # places of an answer in which a look is cut


def look(flow, name, cursor=""):
    """A look to its end: ({id: text}, the cursor it leaves, its last word)."""
    done = subprocess.run([LOOK, "--config", flow.path("tocsin.yaml"), "--instance", name, "look"], input=cursor, text=True,
                          capture_output=True, timeout=60 * PATIENCE, check=False)
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
            whole, _, _ = look(flow, k.name)
            flow.wait_for(lambda: len(road.carried) == road.taken, 20, "the last bytes to be counted")
            lengths = list(road.carried)[:4]
            for nth, length in enumerate(lengths):
                for at in places(length):
                    road.behaviours[:] = ["ok"] * nth + [f"cut:{at}"]
                    first, cursor, last = look(flow, k.name)
                    road.behaviours.clear()
                    second, _, _ = look(flow, k.name, cursor)
                    tried += 1
                    if first is None or second is None or {**first, **second} != whole:
                        wrong.append((nth, at, length, last))
            print(f"# {k.kind}: {len(lengths)} answers of {lengths} bytes, cut in {tried} places")
            ok(whole and len(whole) >= 3 and tried >= min(CUTS, sum(lengths)) and not wrong, f"{k.kind}: cut anywhere, nothing is lost and no word is another one", wrong[:5])


def scenario(ok):
    cuts(ok)


main(scenario)
