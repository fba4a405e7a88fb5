"""Quotas: a limit of requests that the town gives a source (`quota`), kept through deaths and restarts; what servers say is left of
theirs (RateLimit-*, X-RateLimit-*, X-App-Usage), by their own clock: two days from ours here. Said in `tocsin status` and metrics."""
import re
import time

from feeds import FeedServer
from flow import Flow
from hands import Hands
from rough import KINDS, heard, say, town
from town import main

VENDORS = [k for k in KINDS if k.kind in ("bluesky", "mastodon", "meta")]


def source(site, quota):
    return f"  - {{id: blog, kind: rss, url: '{site.url}', every: 1 s, quota: {quota}, allow_internal: ['127.0.0.1:{site.port}']}}\n"


def gauge(flow, name, label):
    return flow.gauges().get((name, label), 0)


def told(flow, name, seconds=60):
    """(what `status` says, when it goes on by the metrics)"""
    def look():
        said, at = flow.run("status")[1], gauge(flow, "source_quota_reset_seconds", name)
        return (said, at) if at and f"{name} : quota épuisé, reprend " in said else None
    return flow.wait_for(look, seconds, f"the quota of {name} to be told")


def failed(flow):
    return flow.log().count("2 demandes par heure ; nouvel essai")


def own(ok):
    hands = Hands()
    with FeedServer() as site, Flow(sources=source(site, "2/h"), clock="wall", env=hands.env) as flow:
        site.page, site.paged = 10, True
        for i in range(25):
            site.add(f"c{i}", f"Avis {i}")
        flow.start()
        said, at = told(flow, "blog")
        ok(re.search(r"blog : quota épuisé, reprend (à \d\d:\d\d|\S+ \d\d/\d\d \d\d:\d\d)\n", said), "status says when it goes on", said)
        ok(0 < at - hands.now() <= 3600, "which is within the hour", at - hands.now())
        ok("EN PANNE" in said and "2 demandes par heure" in said, "so long without hearing it is trouble", said)
        flow.wait_for(lambda: flow.seq() >= 20, 30, "what two requests bring")
        ok(len(site.asked) == 2, "two requests", len(site.asked))
        for _ in range(2):
            n = failed(flow)
            flow.wait_for(lambda: flow.kill("connect.blog"), 20, "a connector to kill")
            flow.wait_for(lambda: failed(flow) > n, 60, "it to look again")
        flow.stop()
        flow.start()
        flow.wait_for(lambda: failed(flow), 60, "it to look again")
        ok(len(site.asked) == 2, "no more of them, through kills and a restart", len(site.asked))
        hands.put(at - hands.now() + 5)
        flow.wait_for(lambda: flow.kill("connect.blog"), 20, "a connector to kill")
        flow.wait_for(lambda: len(site.asked) == 4, 60, "the next hour's")
        told(flow, "blog")
        ok(len(site.asked) == 4, "the next hour has two more", len(site.asked))
        flow.stop()
    with FeedServer() as site, Flow(sources=source(site, "3600/h"), clock="wall") as flow:
        site.add("c", "Bonjour")
        flow.start()
        flow.wait_for(lambda: gauge(flow, "source_quota_left", "blog") and len(site.asked) >= 3, 60, "some looks")
        ok(gauge(flow, "source_quota_left", "blog") < 3600 and "quota" not in flow.run("status")[1],
           "a quota that suffices says how much is left of it, and nothing else", flow.gauges())


def vendors(ok):
    hands = Hands()
    hands.put(2 * 86400)
    with town(VENDORS, hands.env) as (flow, sites, roads):
        said = say(VENDORS, sites, "avant")
        flow.start()
        heard(flow, said)
        sites["meta"].usage, sites["meta"].regain = 95, 7
        sites["masto"].budget, sites["masto"].reset = 0, time.time() + 420
        sites["sky"].about["listNotifications"] = "429:420"
        for k in VENDORS:
            before = hands.now()
            _, at = told(flow, k.name)
            ok(before + 300 < at < hands.now() + 425, f"{k.kind}: it goes on when the server says so, by the server's clock",
               (at - before, at - hands.now()))


def misuse(ok):
    for wrong in ("500", "0/h", "-1/h", "500/s", "/h", "many/h", "500/h/h"):
        with FeedServer() as site, Flow(sources=source(site, f"'{wrong}'")) as flow:
            code, out, err = flow.run("status")
            ok(code != 0 and "quota refusé" in out + err and "tocsin.yaml:" in out + err, f"quota: {wrong} is refused, with its line", out + err)
    with Flow(sources="  - {id: site, kind: jsonl, path: '-', quota: 5/h}\n") as flow:
        code, out, err = flow.run("status")
        ok(code != 0 and "n'a pas de sens" in out + err, "and means nothing for a file", out + err)


def scenario(ok):
    misuse(ok)
    own(ok)
    vendors(ok)


main(scenario)
