"""The common torture list (rough.py) against the running loop of every polled kind: storms, refusals, slow and cut answers, bombs,
pages of another kind, our own clock put forward and back: nothing lost, nothing twice."""
from hands import Hands
from rough import KINDS, heard, rows, say, texts, town
from town import main


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
                at = next(c.get("created_at", 0) for _, c in rows(flow) if c.get("text") == all_said[-1]["blog"])
                ok(at / 1000 < hands.now() + 600, "… and its dates are none for us", at)
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


def scenario(ok):
    tortures(ok)


main(scenario)
