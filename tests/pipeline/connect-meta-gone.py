"""kind meta: what is not shown any more, and what of it is believed to be deleted (graph.py, nothing of Meta's)."""
from graph import Graph
from meta_town import holds, looks, say, town
from town import main


def buried(flow):
    return flow.ledger().get("tombstone", 0)


def lost(ok):
    """The application loses the comments: the same words from the API as for a deletion."""
    with Graph() as site, town(site) as flow:
        one, two = site.post(), site.post()
        said = [say(flow, site, post, f"Mot {i} sous {post}") for post in (one, two) for i in range(3)]
        flow.start()
        flow.settle(6, 60)
        looks(flow, site)
        with site.lock:
            site.blind = {said[0]}
        looks(flow, site, 6)
        ok(buried(flow) == 0, "missing, and said to be gone, while its post counts it: not believed", flow.ledger())
        with site.lock:
            site.blind = set(said)
        flow.wait_for(lambda: "ne montre plus les commentaires" in flow.run("status")[1], 90, "that nothing is shown to be told")
        ok("EN PANNE" in flow.run("status")[1], "all of them: it is out of order")
        with site.lock:
            site.fallen = {one: 3, two: 3}
        looks(flow, site, 6)
        ok(buried(flow) == 0, "all of them, counted no more: nothing is believed", flow.ledger())
        with site.lock:
            site.blind, site.fallen = set(), {}
        flow.wait_for(lambda: "EN PANNE" not in flow.run("status")[1], 90, "the end of it")
        looks(flow, site, 4)
        ok(buried(flow) == 0, "nor when they come back", flow.ledger())
        with site.lock:  # for one look alone: asked for once, it is there again
            site.blind, site.fallen = {said[1]}, {one: 1}
            site.once = said[1]
        flow.wait_for(lambda: site.once is None, 60, "it to be asked for")
        looks(flow, site, 4)
        ok(buried(flow) == 0, "gone in one look, there in the next: not believed", flow.ledger())
        flow.account(ok, name="lost")


def deleted(ok):
    """More at once than one look asks for, answers too, some while others are written."""
    for network in ("facebook", "instagram"):
        with Graph(network) as site, town(site) as flow:
            post, other = site.post(), site.post()
            said = [say(flow, site, post, f"Mot {i}.") for i in range(14)]
            said.append(say(flow, site, post, "Réponse.", parent=said[0]))
            say(flow, site, other, "Celui-ci reste")
            flow.start()
            flow.settle(16, 60)
            looks(flow, site)
            for number in reversed(said):
                site.delete(number)
            flow.wait_for(lambda: buried(flow) == 15, 120, "fifteen deletions")
            ok(not holds(flow, "Mot ") and not holds(flow, "Réponse."), f"{network}: what was deleted is deleted here")
            looks(flow, site, 4)
            ok(buried(flow) == 15 and holds(flow, "Celui-ci reste"), f"{network}: and nothing else", flow.ledger())


def scenario(ok):
    lost(ok)
    deleted(ok)


main(scenario)
