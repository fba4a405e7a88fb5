"""kind meta against a contract server of ours (graph.py, from developers.facebook.com/docs; nothing of Meta's): webhooks and what they
miss, the past page by page and through kills, edits and deletions that are found, Instagram."""
import json
import os
import signal
import time
import urllib.parse

from graph import PAGE, WORD, Graph, ask
from meta_town import door, has, holds, looks, row, say, town
from town import main


def backfill(ok):
    with Graph() as site, town(site) as flow:
        start = time.time() - 86400 * 60
        for i in range(60):
            post = site.post(start + 86400 * i)
            for j in range(i % 3 * 120 if i in (1, 58) else 5):
                first = say(flow, site, post, f"Billet {i}, commentaire {j}", at=start + 86400 * i + 60 * j)
            if i % 3 != 0 or i not in (1, 58):
                say(flow, site, post, f"Billet {i}, réponse", parent=first, at=start + 86400 * i + 9000)
        site.comment(post, "La page elle-même", page=True)
        flow.start()
        for rows in (20, 150, 300):
            flow.wait_for(lambda: flow.seq() >= rows, 60, f"{rows} rows")
            flow.wait_for(lambda: flow.kill("connect.meta"), 20, "a connector to kill")
            say(flow, site, post, f"Pendant la lecture {rows}")  # the pages change meanwhile
        flow.settle(len(flow.sent), 90)
        looks(flow, site)
        print(f"# {len(flow.sent)} comments of 60 posts in {len(site.asked)} requests, through 3 kills")
        ok(not holds(flow, "La page elle-même"), "the page does not hear itself")
        ok(all("access_token" not in a.query for a in site.asked), "the token stands in no address")
        c = row(flow, next(n for (_, n), t in flow.sent.items() if "réponse" in t))
        ok(c["parent"] and c["thread"].startswith(PAGE) and c["kind"] == "reply" and c["url"].endswith(c["id"]), "thread, parent, address", c)
        flow.account(ok, name="backfill")


def hooks(ok):
    with Graph() as site, town(site) as flow:
        post = site.post()
        flow.start()
        port = door(flow)
        query = urllib.parse.urlencode({"hub.mode": "subscribe", "hub.verify_token": WORD, "hub.challenge": "1158201444"})
        ok(ask(port, "GET", f"/v1/comments/meta?{query}") == (200, "1158201444"), "the challenge, for whoever knows the word")
        for bad in (query.replace(WORD, WORD[:-1]), query.replace("subscribe", "x"), "", query.replace(WORD, "")):
            status, body = ask(port, "GET", f"/v1/comments/meta?{bad}")
            ok(status == 403 and "1158" not in body, "and for nobody else", (status, body))
        with open(flow.path("mot.txt"), "w", encoding="utf-8") as f:
            f.write("un-autre-mot-pour-meta\n")
        os.kill(flow.pid("webhook"), signal.SIGHUP)
        other = query.replace(WORD, "un-autre-mot-pour-meta")
        flow.wait_for(lambda: ask(port, "GET", f"/v1/comments/meta?{other}") == (200, "1158201444"), 30, "the new word")
        ok(ask(port, "GET", f"/v1/comments/meta?{query}")[0] == 403, "SIGHUP: another word, and the old one is of no use")
        site.about = {"/v25.0": "503"}  # the webhook alone
        took = []
        numbers = []
        for i in range(3):
            number = say(flow, site, post, f"Espèce de connard n° {i} !")
            begun = time.monotonic()
            told = site.change(number, "add")
            if i == 1:
                told["value"]["post"] = {"permalink_url": "javascript:alert(1)"}
            status, body = site.push(port, "meta", told)
            ok(status == 200, "taken: 200, as Meta wants it", (status, body))
            has(flow, number, f"Espèce de connard n° {i} !")
            took.append(time.monotonic() - begun)
            numbers.append(number)
        print("# from the webhook to the verdict:", " ".join(f"{t:.2f} s" for t in took))
        ok(sorted(took)[1] <= 2, "in two seconds at most", took)
        found = [row(flow, number)["url"] for number in numbers[:2]]
        ok(found == ["https://www.facebook.example/1", f"https://www.facebook.com/{numbers[1]}"], "with its address", found)
        body = site.envelope(site.change(numbers[0], "add"))
        answers = {site.push(port, "meta", body=body)[0] for _ in range(3)}
        ok(answers == {200}, "sent again, word for word: 200 again", answers)
        half = say(flow, site, post, "Un demi \ud83d caractère et un zéro \0")
        flow.sent["meta", half] = "Un demi \ufffd caractère et un zéro \ufffd"
        ok(site.push(port, "meta", site.change(half, "add"))[0] == 200, "half a character is no reason to refuse all of it")
        has(flow, half, flow.sent["meta", half])
        status, body = site.push(port, "meta", site.change(numbers[0], "add"), secret="une-autre-cle-tout-a-fait")
        ok(status == 401 and "signature" in body, "signed with another secret: refused", (status, body))
        before = flow.seq()
        odd = [{"field": "feed", "value": {"item": "reaction", "verb": "add", "post_id": post}},
               {"field": "feed", "value": {"item": "comment", "verb": "add"}}, {"field": "feed"}, "x", 4, None,
               {"field": "messages", "value": {"text": "privé"}},
               {"field": "feed", "value": {"item": "comment", "verb": "add", "comment_id": "../1", "message": "x"}},
               site.change(numbers[1], "hide"),
               site.change("", "add", **{**site.comments[numbers[0]], "author": PAGE})]
        ok(site.push(port, "meta", *odd)[0] == 200, "what is no comment is passed by")
        other = site.comments[numbers[0]]
        ok(site.push(port, "meta", site.change("77_1", "add", **other), page="4242")[0] == 200, "another page's too")
        ok(site.push(port, "meta", body=b"{}")[0] == 400 and site.push(port, "meta", body=b"[")[0] == 400, "no envelope: 400")
        site.edit(numbers[1], "Pardon, je retire ce mot.")
        site.push(port, "meta", site.change(numbers[1], "edited"))
        has(flow, numbers[1], "Pardon, je retire ce mot.")
        ok(flow.seq() == before + 1, "and gave nothing", flow.seq() - before)
        late = say(flow, site, post, "Dit il y a longtemps", at=time.time() - 1200)
        old = json.loads(site.envelope(site.change(numbers[1], "edited", **{**other, "text": "Un mot repris depuis"})))
        old["entry"][0]["time"] -= 1200
        old["entry"][0]["changes"][0]["value"]["message"] = "Un mot repris depuis"
        answers = (site.push(port, "meta", site.change(late, "add"))[0], site.push(port, "meta", body=json.dumps(old).encode())[0])
        ok(answers == (200, 200), "what is told late: 200", answers)
        gone = site.comments[numbers[2]]
        site.delete(numbers[2])
        site.push(port, "meta", site.change(numbers[2], "remove", **gone))
        flow.wait_for(lambda: flow.ledger().get("tombstone") == 1, 60, "the deletion")
        ok(not holds(flow, "n° 2"), "its text is gone here")
        ok(flow.ledger().get("version") == 1, "an edit is a new version", flow.ledger())
        ok(not holds(flow, "Dit il y a longtemps") and not holds(flow, "Un mot repris depuis"), "and left to the API")
        flow.wait_for(lambda: "EN PANNE" in flow.run("status")[1], 60, "the trouble of the looks to be told")
        site.about = {}
        site.comment(post, "Que le webhook a manqué")
        flow.wait_for(lambda: holds(flow, "Que le webhook a manqué"), 120, "what the webhook missed")
        flow.wait_for(lambda: holds(flow, "Dit il y a longtemps"), 120, "what came late")
        ok(not flow.crashes(), "nobody crashed", flow.crashes())


def found(ok):
    """What webhooks never told: edits and deletions that a look finds; an Instagram account."""
    for network in ("facebook", "instagram"):
        with Graph(network) as site, town(site) as flow:
            post = site.post()
            one = say(flow, site, post, "Bonjour & merci <b>")
            two = say(flow, site, post, "Je réponds", parent=one)
            site.comment(post, "Un demi \ud83d caractère", page=True)
            code, out, err = flow.run("connect", "test", "meta")
            ok(code == 0 and "Bonjour & merci" in out and "2 à prendre" in out, f"{network}: connect test", out + err)
            flow.start()
            has(flow, one, "Bonjour & merci <b>")
            has(flow, two, "Je réponds")
            ok(row(flow, two)["parent"] == one and row(flow, two)["thread"] == post, f"{network}: thread and parent", row(flow, two))
            flow.account(ok, name=network)
            site.edit(one, "Bonjour")
            has(flow, one, "Bonjour")
            site.about = {f"/v25.0/{two}": "404"}
            site.delete(two)
            looks(flow, site, 20)
            ok(flow.ledger().get("tombstone", 0) == 0, f"{network}: a 404 that is not the API's deletes nothing", flow.ledger())
            site.about = {}
            flow.wait_for(lambda: flow.ledger().get("tombstone") == 1, 90, "the deletion")
            ok(not holds(flow, "Je réponds"), f"{network}: an edit and a deletion are found by the looks")
            if site.instagram:
                port = door(flow)
                number = site.comment(post, "Par le webhook")
                ok(site.push(port, "meta", site.change(number, "add"))[0] == 200, "instagram: a webhook")
                flow.wait_for(lambda: holds(flow, "Par le webhook"), 60, "it")


def scenario(ok):
    backfill(ok)
    hooks(ok)
    found(ok)


main(scenario)
