"""What people decide, carried out at a source whose server is slow, cut, broken or hostile (rough.py), for every kind that answers the
public: done in the end, and once."""
from acting import Acting
from rough import KINDS, WRITES, town
from town import main


def actions(ok):
    """An answer to the public whose request meets each torture: it is given in the end, once."""
    kinds = [k for k in KINDS if k.replies]
    with town(kinds, more=", arm: yes", make=lambda sources, **rest: Acting(sources, rest)) as (desk, sites, roads):
        for k in kinds:
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
        desk.wait_for(lambda: desk.read("SELECT count(*) FROM outbox WHERE key LIKE 'action/%' AND state = 2") == [(total,)], 150, "all told")
        for k in kinds:
            ok(sorted(k.replies(sites[k.name])) == sorted(expected), f"{k.kind}: through {len(WRITES)} tortures each answer is given, once",
               k.replies(sites[k.name]))


def scenario(ok):
    actions(ok)


main(scenario)
