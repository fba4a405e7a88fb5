"""What was published before us changes while it is read page by page, for every polled kind (rough.py): before each thing that is
asked for something new comes, something old goes, and so does something of the newest. Nothing that stays is lost, nothing comes
twice."""
import threading

from rough import KINDS, heard, texts, town
from town import main

PAST = 230  # more than two pages of every kind
CHANGES = 24  # while they are read


class Moving:
    """A source whose content moves whenever it is asked."""

    def __init__(self, kind, site):
        self.kind, self.site, self.lock = kind, site, threading.Lock()
        self.there, self.gone, self.left = {}, set(), CHANGES
        for i in range(PAST):
            self.publish(f"Avis {i} de {kind.kind}")
        self.oldest, self.newest = list(self.there)[1::5], list(self.there)[-3::-5]

    def publish(self, text):
        self.there[text] = self.kind.past(self.site, text)

    def drop(self, texts):
        while texts:
            text = texts.pop(0)
            if text in self.there:
                self.kind.drop(self.site, self.there.pop(text))
                self.gone.add(text)
                return

    def move(self):
        with self.lock:
            if self.left == 0:
                return
            self.left -= 1
            self.drop(self.oldest)
            self.drop(self.newest)
            self.publish(f"Pendant la lecture {self.left} de {self.kind.kind}")


def pages(ok):
    with town(KINDS) as (flow, sites, roads):
        moving = {k.name: Moving(k, sites[k.name]) for k in KINDS}
        for k in KINDS:
            roads[k.name].between = moving[k.name].move
        flow.start()
        flow.wait_for(lambda: all(m.left == 0 for m in moving.values()), 120, "all changes")
        for k in KINDS:
            last = f"Après tout de {k.kind}"
            with moving[k.name].lock:
                moving[k.name].publish(last)
            heard(flow, {k.name: last})
            upto = roads[k.name].taken + 4
            flow.wait_for(lambda: roads[k.name].taken >= upto, 90, f"some more looks at {k.kind}")
        flow.wait_for(lambda: flow.waiting() == 0, 60, "an empty journal")
        found = texts(flow)
        for k in KINDS:
            m, here = moving[k.name], found[k.name]
            lost, strange = sorted(set(m.there) - set(here)), sorted(set(here) - set(m.there) - m.gone)
            ok(not lost, f"{k.kind}: none of {len(m.there)} is lost, while {len(m.gone)} went", lost)
            ok(not strange and len(here) == len(set(here)), f"{k.kind}: nothing twice", (strange, len(here), len(set(here))))
        ok(flow.ledger().get("quarantined", 0) == 0, "nothing was taken for broken", flow.ledger())
        ok(not flow.crashes(), "nobody crashed", flow.crashes())


main(pages)
