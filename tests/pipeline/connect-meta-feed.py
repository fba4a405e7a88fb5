"""kind meta: how far the feed is read, and what is said when the API refuses (graph.py, nothing of Meta's)."""
import time

from graph import PAGE, Graph
from meta_town import say, town
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


def scenario(ok):
    calm(ok)


main(scenario)
