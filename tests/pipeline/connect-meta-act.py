"""kind meta, acting: hide, show, delete, reply (graph.py, nothing of Meta's)."""
import os
import threading

from acting import LEASE
from graph import Graph
from meta_town import Hands
from town import main


def acts(ok):
    with Graph() as site, Hands(site, True) as desk:
        post = site.post()
        n = [site.comment(post, f"Espèce de connard n° {i}") for i in range(6)]
        desk.start()
        seqs = [desk.seq_of(i) for i in n]
        site.hold_back = threading.Event()
        desk.decide(seqs[0], "repondre", text="Bonjour, & merci.")
        desk.later()
        desk.wait_for(lambda: len(site.wrote) == 1, 60, "the reply")
        os.kill(desk.pid("connect.meta"), 9)
        desk.decide(seqs[1], "masquer")
        desk.decide(seqs[2], "supprimer")
        desk.decide(seqs[3], "masquer")
        desk.decide(seqs[4], "masquer")
        site.edit(n[3], "Merci à tous")
        site.delete(n[4])
        site.hold_back.set()
        site.hold_back = None
        desk.later(LEASE + 1)
        desk.page(seqs[0], "réponse publiée à la source")
        ok(sum(path.endswith("/comments") for path, _, _ in site.wrote) == 1, "killed between request and record: one reply", site.wrote)
        desk.page(seqs[1], "masqué à la source")
        desk.page(seqs[2], "mis à la corbeille")
        ok(site.comments[n[1]]["hidden"] and n[2] not in site.comments, "hidden, deleted")
        desk.page(seqs[3], "modifié")
        desk.page(seqs[4], "plus là")
        ok(not site.comments[n[3]]["hidden"] and len(site.wrote) == 3, "edited or vanished meanwhile: left alone", site.wrote)
        desk.decide(seqs[1], "laisser")
        desk.later()
        desk.wait_for(lambda: not site.comments[n[1]]["hidden"], 60, "shown again")
        ok(True, "decided otherwise: shown again")
        site.forbid = True
        desk.decide(seqs[5], "masquer")
        desk.later()
        desk.page(seqs[5], "droit de modérer")
        ok(True, "a token without the right: said")


def scenario(ok):
    acts(ok)


main(scenario)
