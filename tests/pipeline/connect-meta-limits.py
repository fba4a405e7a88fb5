"""kind meta: storms, an expired token, quotas, hostile answers (graph.py, nothing of Meta's)."""
from contract import torture
from graph import TOKEN, Graph
from meta_town import has, looks, say, town
from town import main


def limits(ok):
    with Graph() as site, town(site) as flow:
        post = site.post()
        one = say(flow, site, post, "Avant")
        flow.start()
        has(flow, one, "Avant")
        site.next("503", "cut:10", "429:3", "500")
        two = say(flow, site, post, "Après l'orage")
        has(flow, two, "Après l'orage", 90)
        flow.wait_for(lambda: flow.gauges()["connect_looks_failed_total", "meta"] >= 4, 30, "the failures to be counted")
        site.token = "un autre"
        flow.wait_for(lambda: "code 190" in flow.run("status")[1], 60, "the expired token")
        said = flow.run("status")[1]
        ok("EN PANNE" in said and "business.facebook.com" in said, "an expired token: out of order, and what to do", said)
        site.token = TOKEN
        three = say(flow, site, post, "Avec un jeton neuf")
        has(flow, three, "Avec un jeton neuf", 120)
        flow.account(ok, name="limits")
        site.usage, site.regain = 85, 1
        looks(flow, site, 1)
        flow.wait_for(lambda: "quota" in flow.run("status")[1], 40, "the quota to be told")
        ok("EN PANNE" in flow.run("status")[1], "a quota that is nearly used up for longer than its interval: out of order")
        with site.lock:
            told = site.asked[-1].at
            n = len(site.asked)
            site.usage, site.regain = 1, 0
        flow.wait_for(lambda: len(site.asked) > n + 1, 90, "another look")
        gaps = [b.at - a.at for a, b in zip(site.asked[n - 2:], site.asked[n - 1:])]
        ok(max(gaps) >= 58, "a quota that is nearly used up: it waits as long as Meta says", (told, gaps))
    with Graph() as site, town(site) as flow:
        say(flow, site, site.post(), "Bonjour")
        torture(ok, flow, site, "meta", [("raw:{\"data\":4}", "ce n'est pas"), ("400", "HTTP 400")])


def scenario(ok):
    limits(ok)


main(scenario)
