"""Pages in no order and with things that stand twice on them, for every polled kind that speaks HTTP (rough.py): each list of each answer
is shuffled, and a third of it is there again. Nothing is lost, nothing comes twice."""
import json
import random
import re

from rough import KINDS, heard, texts, town
from town import main

PAST = 70  # some pages of those kinds whose pages are small


def mixed_list(luck, given):
    given = [mixed(luck, x) for x in given]
    if len(given) < 2 or not all(isinstance(x, dict) for x in given):
        return given
    again = given + luck.sample(given, (len(given) + 2) // 3)
    luck.shuffle(again)
    return again


def mixed(luck, value):
    if isinstance(value, list):
        return mixed_list(luck, value)
    return {k: mixed(luck, v) for k, v in value.items()} if isinstance(value, dict) else value


def mixed_feed(luck, body):
    items = re.findall(rb"<item>.*?</item>", body, re.S)
    if len(items) < 2:
        return body
    again = items + luck.sample(items, (len(items) + 2) // 3)
    luck.shuffle(again)
    start, end = body.index(b"<item>"), body.rindex(b"</item>") + len(b"</item>")
    return body[:start] + b"".join(again) + body[end:]


class Mixer:
    def __init__(self, seed):
        self.luck, self.changed = random.Random(seed), 0

    def __call__(self, body):
        if body.lstrip()[:1] in (b"{", b"["):
            other = json.dumps(mixed(self.luck, json.loads(body)), ensure_ascii=False).encode()
        else:
            other = mixed_feed(self.luck, body)
        self.changed += len(other) > len(body) + 20
        return other


def pages(ok):
    kinds = [k for k in KINDS if k.http]
    with town(kinds) as (flow, sites, roads):
        said, mixers = {}, {}
        for i, k in enumerate(kinds):
            mixers[k.name] = roads[k.name].mix = Mixer(i)
            said[k.name] = [f"Avis {n} de {k.kind}" for n in range(PAST)]
            for text in said[k.name]:
                k.past(sites[k.name], text)
        flow.start()
        flow.wait_for(lambda: all(set(said[k.name]) <= set(texts(flow).get(k.name, [])) for k in kinds), 120, "all that was there")
        for k in kinds:
            said[k.name].append(f"Après tout de {k.kind}")
            k.past(sites[k.name], said[k.name][-1])
        heard(flow, {k.name: said[k.name][-1] for k in kinds})
        for k in kinds:
            upto = roads[k.name].taken + 6
            flow.wait_for(lambda: roads[k.name].taken >= upto, 90, f"some more looks at {k.kind}")
        flow.wait_for(lambda: flow.waiting() == 0, 60, "an empty journal")
        found = texts(flow)
        for k in kinds:
            here = found[k.name]
            ok(mixers[k.name].changed > 2, f"{k.kind}: {mixers[k.name].changed} answers were mixed", mixers[k.name].changed)
            ok(sorted(here) == sorted(said[k.name]), f"{k.kind}: each of {len(said[k.name])} once",
               (sorted(set(said[k.name]) - set(here)), len(here), len(set(here))))
        ok(flow.ledger().get("quarantined", 0) == 0, "nothing was taken for broken", flow.ledger())
        ok(not flow.crashes(), "nobody crashed", flow.crashes())


main(pages)
