"""kind meta: how far the feed is read, and what is said when the API refuses (graph.py, nothing of Meta's)."""
import time

from graph import PAGE, Graph
from meta_town import has, looks, say, town
from town import main


def begins(site):
    """Where each look begins in what was asked."""
    with site.lock:
        return [i for i, a in enumerate(site.asked) if a.path == f"/v25.0/{PAGE}/feed" and "after" not in a.query]


def one_look(flow, site, after=2):
    """What is asked in a look that begins from now on."""
    upto = len(begins(site)) + after + 1
    flow.wait_for(lambda: len(begins(site)) >= upto, 120, "a whole look")
    first, last = begins(site)[upto - 2:upto]
    with site.lock:
        return [a.path.rpartition("/")[2] for a in site.asked[first:last]]


def posts_of_one(flow, site, n):
    start = time.time() - 3600 * n
    posts = [site.post(start + 3600 * i) for i in range(n)]
    for post in posts:
        say(flow, site, post, f"Sous le billet {post}")
    return posts


def calm(ok):
    with Graph() as site, town(site) as flow:
        posts_of_one(flow, site, 130)
        flow.start()
        flow.settle(len(flow.sent), 120)
        asked = one_look(flow, site)
        ok(len(asked) <= 12, "130 posts without news: a look asks for little", (len(asked), asked[:20]))
        flow.account(ok, name="130 posts")


def old_posts(ok):
    """No webhook: comments on posts that are not among the newest, answers too."""
    with Graph() as site, town(site) as flow:
        posts = posts_of_one(flow, site, 30)
        answered = say(flow, site, posts[20], "Qui répond ?")
        flow.start()
        flow.settle(31, 60)
        looks(flow, site)
        late = say(flow, site, posts[0], "Une semaine après")
        has(flow, late, "Une semaine après", 60)
        answer = say(flow, site, posts[1], "Une réponse", parent=next(n for (_, n), t in flow.sent.items() if posts[1] in t))
        has(flow, answer, "Une réponse", 60)
        with site.lock:
            n = len(site.asked)
        answer = say(flow, site, posts[20], "Une réponse récente", parent=answered)
        has(flow, answer, "Une réponse récente", 60)
        with site.lock:
            feeds = [a for a in site.asked[n:] if a.path.endswith("/feed")]
        ok(len(feeds) <= 8, "comments on posts behind the newest 25, and answers, are heard by their number", len(feeds))
        flow.account(ok, name="old posts")
    with Graph("instagram") as site, town(site) as flow:
        post = site.post()
        first = say(flow, site, post, "La première")
        for i in range(120):
            say(flow, site, post, f"Réponse {i}", parent=first)
        flow.start()
        flow.settle(121, 60)
        flow.account(ok, name="121 answers")


def failures(flow):
    return flow.gauges().get(("connect_looks_failed_total", "meta"), 0)


def refused(ok):
    with Graph() as site, town(site) as flow:
        one, two = posts_of_one(flow, site, 2)
        flow.start()
        flow.settle(2, 60)
        looks(flow, site)
        before = failures(flow)
        with site.lock:
            site.shut = {one: (100, 400, 33)}
        looks(flow, site, 4)
        ok(failures(flow) == before, "a post that went meanwhile is no trouble", failures(flow))
        for how in ((10, 403, None), (100, 400, None), (2, 400, None), (100, 400, 33)):
            with site.lock:
                site.shut = {one: how} if how[2] is None else {one: how, two: how}
            flow.wait_for(lambda: f"(#{how[0]}) no" in flow.run("status")[1], 90, f"{how} to be told")
            said = flow.run("status")[1]
            ok("EN PANNE" in said, f"comments that are refused, {how}: out of order, and why", said)
            if how[0] == 10:
                heard = say(flow, site, two, "Sous l'autre billet")
                has(flow, heard, "Sous l'autre billet", 90)
            with site.lock:
                site.shut = {}
            missed = say(flow, site, one, f"Pendant la panne {how}")
            has(flow, missed, f"Pendant la panne {how}", 120)
            flow.wait_for(lambda: "EN PANNE" not in flow.run("status")[1], 90, "the end of it")
        flow.account(ok, name="refused")


def scenario(ok):
    calm(ok)
    old_posts(ok)
    refused(ok)


main(scenario)
