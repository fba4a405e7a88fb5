"""The look, the connector, ingest and the store killed (kill -9) at each step of an answer, for every polled kind (rough.py): when a
request is on its way, when half of what was asked for is here, when all of it is. Nothing lost, nothing twice."""
import contextlib
import os
import threading

from flow import children, cmdline
from rough import KINDS, heard, texts, town
from town import main

STEPS = ("asked", "half", "sent")


def kill_of(flow, name, victim):
    """Whether it ran, and does no more."""
    if victim != "look":
        return flow.kill(victim)
    for pid in flow.processes(f"connect.{name}"):
        for child in children(pid):
            if "look" in cmdline(child):
                os.kill(child, 9)
                return True
    return False


class Dying:
    """What was said in a town while it dies: something more before each attempt, for some steps are taken for what is new alone."""

    def __init__(self, flow, sites, roads):
        self.flow, self.sites, self.roads = flow, sites, roads
        self.said = {k.name: [] for k in KINDS}

    def attempt(self, k, killer):
        self.roads[k.name].next(killer)
        self.said[k.name].append(f"Avis {len(self.said[k.name])} de {k.kind}")
        k.say(self.sites[k.name], self.said[k.name][-1])

    def hear(self):
        heard(self.flow, {name: said[-1] for name, said in self.said.items()})

    def alone(self, victim, step):
        """One death of what each kind has of its own, at that step of its own answer."""
        def killer(name, done):
            def tell(now):
                if now == step and not done and kill_of(self.flow, name, victim if victim == "look" else f"connect.{name}"):
                    done.append(name)
            return tell

        for k in KINDS:
            road, done = self.roads[k.name], []
            while not done:
                upto = road.taken + 2
                self.attempt(k, killer(k.name, done))
                self.flow.wait_for(lambda: done or (road.taken >= upto and not road.behaviours), 90, f"{victim} of {k.kind} to die at {step}")

    def together(self, victim, step):
        """One death of what all kinds share, when all of them are at that step."""
        done = []

        def end():
            if self.flow.kill(victim):
                done.append(victim)

        def killer(gate):
            passed = []

            def tell(now):
                if now == step and not passed:
                    passed.append(now)
                    with contextlib.suppress(threading.BrokenBarrierError):  # one came too late: all of them again
                        gate.wait(20)
            return tell

        while not done:
            gate = threading.Barrier(len(KINDS), end)
            for k in KINDS:
                self.attempt(k, killer(gate))
            self.flow.wait_for(lambda: done or gate.broken, 90, f"{victim} to die at {step}")


def kills(ok):
    with town(KINDS) as (flow, sites, roads):
        dying = Dying(flow, sites, roads)
        for k in KINDS:
            dying.attempt(k, "ok")
        flow.start()
        dying.hear()
        for victim, death in (("look", dying.alone), ("connector", dying.alone), ("ingest", dying.together), ("store", dying.together)):
            for step in STEPS:
                death(victim, step)
                dying.hear()
                ok(True, f"{victim} killed at {step}: heard all the same, by {len(KINDS)} kinds")
        flow.wait_for(lambda: flow.waiting() == 0, 60, "an empty journal")
        found = texts(flow)
        for k in KINDS:
            expected = dying.said[k.name]
            ok(sorted(found[k.name]) == sorted(expected), f"{k.kind}: nothing lost, nothing twice, of {len(expected)}",
               sorted(set(found[k.name]) ^ set(expected)))
        ledger = flow.ledger()
        ok(ledger.get("tombstone", 0) == 0 and ledger.get("quarantined", 0) == 0, "nothing was taken for deleted or broken", ledger)
        ok(not flow.crashes(), "nobody crashed", flow.crashes())


main(kills)
