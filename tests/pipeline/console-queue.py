"""À modérer: a comment goes from its source to the page, is taken by one, decided, undone, and leaves; hostile texts in
every field stay texts."""
import os
import re
import signal

from desk import Desk
from town import RULES, Watch, comment, main

SOURCES = "  - {id: site, title: 'Site <de> la \"ville\"', kind: jsonl, path: site.jsonl, follow: yes}\n"
HOSTILE = ["<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)", "</p></blockquote><h1>x",
           "\u202eabruti\u2066", "a\u200bb\ufeffc", "&lt;b&gt;&amp;", "]]><!--", "Z\u0351\u036b\u0343\u036a\u0302\u036f\u033f!",
           "{{7*7}}${7*7}", "x" * 2000, "\U000e0041\u2028"]
FIELDS = ["author", "author_name", "url", "thread", "parent", "channel", "lang", "kind"]


def clean(page):
    """Nothing in a page but what our own code writes."""
    tags = {t for t, _ in page.parsed.elements}
    odd = tags - {"html", "head", "meta", "title", "link", "script", "body", "a", "header", "p", "strong", "nav", "ul", "li", "form",
                  "input", "span", "button", "main", "div", "footer", "h1", "h2", "ol", "article", "blockquote", "bdi", "mark",
                  "time", "label", "section", "h3", "br", "table", "tr", "th", "td", "details", "summary", "dl", "dt", "dd", "kbd", "select", "option"}
    handlers = [(t, a) for t, attrs in page.parsed.elements for a in attrs if a.startswith("on") or a == "style"]
    scripts = [a for t, a in page.parsed.elements if t == "script" and set(a) != {"type", "src"}]
    links = [a.get("href", "") for t, a in page.parsed.elements if t == "a"]
    return not odd and not handlers and not scripts and not [x for x in links if not re.match(r"(/|#|https?://)", x)]


def hostile(ok, desk, anne):
    n = 0
    for i, text in enumerate(HOSTILE):
        item = comment(f"h{i}", f"abruti {text} abruti", minute=5)
        item.update({name: text[:400] for name in FIELDS})
        if i % 2:
            item["url"] = "javascript:alert(1)//" + text[:100]
        desk.comments("site.jsonl", [item], "a")
        n += 1
    desk.wait_for(lambda: anne.get("/moderation").body.count("<article") >= n + 2, 20, "the hostile ones")
    page = anne.get("/moderation")
    ok(page.status == 200 and clean(page), "the queue holds no markup of theirs",
       {t for t, _ in page.parsed.elements})
    seqs = [int(s) for s in re.findall(r'id="c(\d+)"', page.body)]
    pages = [anne.get(f"/moderation/{s}") for s in seqs]
    ok(len(pages) >= n and all(p.status == 200 and clean(p) for p in pages), f"nor do {len(pages)} pages of one")
    body = page.body + "".join(p.body for p in pages)
    ok("\u202e" not in body and "\u200b" not in body and "\U000e0041" not in body and "‹U+202E›" in body and
       "‹U+E0041›" in body, "what is invisible is shown")
    ok('href="javascript' not in body and "javascript:alert(1)" in body, "an address that is a script is no link")
    ok("&lt;script&gt;alert(1)&lt;/script&gt;" in body and "‹+3›" in body, "texts stay texts, piles are counted")
    said = re.findall(r'<blockquote class="said"><p><bdi>(.*?)</bdi></p></blockquote>', page.body, re.S)
    ok(len(said) == len(seqs) and sum(x.count("<mark") >= 2 for x in said) >= n - 1, "each text is isolated and marked",
       [x[:80] for x in said])
    ok('Site &lt;de&gt; la &quot;ville&quot;' in page.body, "the source's title too")


def two_moderators(ok, desk, anne, bob):
    page = anne.get("/moderation")
    order = re.findall(r'class="badge p(\d)"', page.body)
    ok(page.status == 200 and order[0] == "1" and order == sorted(order), "the urgent first", order)
    seq = int(re.findall(r'id="c(\d+)"', page.body[:page.body.index("Jeanne")])[-1])
    card = page.body[page.body.index(f'id="c{seq}"'):].partition("</article>")[0]
    ok("<mark>connard</mark>" in card and "injure possible, à qualifier" in card, "the match is marked, as a supposition", card)
    ok('<p class="meta">Relevé : <bdi>Injure adressée à une personne</bdi></p>' in card, "by which rule is said below, once", card)
    both = page.body.partition("on sait où tu habites</mark>")
    ok(both[0].endswith('<mark title="Menace adressée">') and both[2].startswith(', <mark title="Injure adressée à une personne">abruti</mark>') and
       re.search("Relevé : injure possible, à qualifier : <bdi>Injure adressée à une personne</bdi> · "
                 "menace possible, à qualifier : <bdi>Menace adressée</bdi></p>", both[2].partition("</article>")[0]),
       "where there are two, by which each", both)
    item = f"/moderation/{seq}"
    ok(re.search(r'class="deciding".*?<button disabled hidden></button>', page.body, re.S), "Enter in the reason decides nothing")
    taken = anne.send(item + "/prendre", at=item, ici="1")
    ok(taken.status == 200 and "Vous vous en occupez" in taken.body, "anne takes it")
    seen = bob.get(item)
    ok("s&#39;en occupe jusqu" in seen.body.replace("'", "&#39;") and seen.form(item + "/decider") is None,
       "bob sees that she is on it", seen.body)
    said = bob.send(item + "/prendre", at="/moderation")
    ok("anne s" in said.parsed.text and 'role="alert"' in said.body, "bob cannot take it too", said.parsed.text[:400])
    late = bob.post(item + "/decider", {"csrf": seen.csrf, "decision": "laisser", "motif": "un <mot> gardé"})
    ok(late.status == 409 and "autre" in late.body, "nor decide")
    bare = anne.post(item + "/decider", {"csrf": taken.csrf, "decision": "masquer", "motif": ""})
    ok(bare.status == 400 and "motif" in bare.body, "masking wants a reason")
    for name, fields in (("unknown", {"decision": "bannir", "motif": "x"}), ("no", {"motif": "x"}), ("lever", {"decision": "lever", "motif": ""})):
        ok(anne.post(item + "/decider", {"csrf": taken.csrf, **fields}).status == 400, f"{name} decision: refused")
    done = anne.post(item + "/decider", {"csrf": taken.csrf, "decision": "masquer", "motif": "injure <nette>"}, follow=True)
    ok(done.status == 200 and f'id="c{seq}"' not in done.body and "Décision enregistrée" in done.body, "decided, it leaves")
    undo = done.form(f"{item}/annuler")
    ok(undo is not None, "the page offers to undo")
    again = anne.post(f"{item}/annuler", undo, follow=True)
    ok(f'id="c{seq}"' in again.body and "attend de nouveau" in again.body, "undone, it waits again")
    ok("Trop tard" in bob.send(f"{item}/annuler", at="/moderation").body, "nobody else undoes")
    one = anne.post(item + "/decider", {"csrf": taken.csrf, "decision": "masquer", "motif": "injure <nette>"})
    ok(one.status == 303, "decided again")
    conflict = bob.post(item + "/decider", {"csrf": seen.csrf, "decision": "laisser", "motif": ""})
    ok(conflict.status == 409 and "avant vous" in conflict.body, "who comes second is told", conflict.status)
    double = anne.post(item + "/decider", {"csrf": taken.csrf, "decision": "masquer", "motif": "injure <nette>"})
    ok(double.status == 303, "a double click is one decision")
    page = bob.get(item)
    ok(page.status == 200 and page.form(item + "/decider") is None and page.body.count("injure &lt;nette&gt;") == 2 and
       "Décision annulée" in page.body, "the history keeps all of it", page.body[-1500:])
    rows = [x for x in desk.json("queue", "--limit", "100") if x["seq"] == seq]
    ok(not rows, "tocsin queue says the same", rows)


def strangers(ok, anne):
    for path in ("/moderation/999999", "/moderation/0", "/moderation/-1", "/moderation/1x", "/moderation/" + "9" * 30):
        page = anne.get(path)
        ok(page.status == 404 and clean(page), "404: " + path, page.status)
    csrf = anne.get("/moderation").csrf
    for action in ("prendre", "rendre", "annuler"):
        ok(anne.post(f"/moderation/999999/{action}", {"csrf": csrf}).status == 404, "404: " + action)
    body = {"csrf": csrf, "decision": "laisser", "motif": ""}
    ok(anne.post("/moderation/999999/decider", body).status == 404, "404: decider")
    ok(anne.post("/moderation/abc/decider", body).status == 404, "404: no number")
    ok(anne.post("/moderation/1/decider", {**body, "motif": "x" * 5000}).status == 400, "too long a reason")


def gone(ok, desk, anne):
    """What its author deletes leaves the queue."""
    desk.comments("site.jsonl", [comment("part", "Encore un abruti", minute=6)], "a")
    desk.wait_for(lambda: "Encore un" in anne.get("/moderation").body, 10, "a new one on the page")
    desk.comments("site.jsonl", [{"id": "part", "deleted": True, "created_at": "2026-11-01T00:07:00Z"}], "a")
    desk.wait_for(lambda: "Encore un" not in anne.get("/moderation").body, 10, "its end")
    ok(True, "an item that is gone at its source leaves the page")


def away(ok, desk, anne):
    """Store is away: pages can be read, nothing is half done."""
    page = anne.get("/moderation")
    seq = int(re.search(r'id="c(\d+)"', page.body)[1])
    ok(anne.post(f"/moderation/{seq}/prendre", {"csrf": page.csrf}).status == 303,
       "taken: what was asked before it (a sign-in is written down) is answered")
    pid = desk.pid("store")
    os.kill(pid, signal.SIGSTOP)
    try:
        watch = Watch()
        answer = anne.post(f"/moderation/{seq}/decider", {"csrf": page.csrf, "decision": "laisser", "motif": "mot gardé"})
        ok(answer.status == 503 and "on ne sait pas si c&#39;est fait" in answer.body and "mot gardé" in answer.body,
           "store was asked and is silent: nobody knows, and what was typed stays", answer.body)
        ok.within(watch, 8, "and nobody waits for ever")
        answer = anne.post(f"/moderation/{seq}/decider", {"csrf": page.csrf, "decision": "laisser", "motif": "mot gardé"})
        ok(answer.status == 503 and "rien n&#39;a été changé" in answer.body and "mot gardé" in answer.body,
           "then it is not even asked: nothing is changed", answer.status)
        ok(anne.get("/moderation").status == 200, "the page is there meanwhile")
    finally:
        os.kill(pid, signal.SIGCONT)


def scenario(ok):
    with Desk(SOURCES, rules=RULES) as desk:
        desk.comments("site.jsonl", [
            comment(1, "Espèce de connard, ça suffit", "jeanne", 1, author_name="Jeanne D."),
            comment(2, "on sait où tu habites, abruti", "x", 2), comment(3, "Quel abruti", "y", 3), comment(4, "Merci bien", "z", 4)])
        desk.start()
        anne, bob = desk.person("anne", "moderation"), desk.person("bob", "dircom")
        desk.wait_for(lambda: len(desk.json("queue")) >= 3, 20, "three in the queue")
        two_moderators(ok, desk, anne, bob)
        hostile(ok, desk, anne)
        strangers(ok, anne)
        gone(ok, desk, anne)
        english = desk.again("anne", "en")
        ok("To moderate" in english.get("/moderation").body, "in English")
        away(ok, desk, anne)
        ok(desk.stop() == 0, "the town stops")


main(scenario)
