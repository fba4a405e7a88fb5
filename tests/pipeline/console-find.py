"""Finding in the files: filters that stand in the address, and full text over everything, each search with its reason."""
import os
import re
import signal
import sqlite3
import urllib.parse

from desk import Desk
from town import RULES, comment, main


def numbers(page):
    return [int(n) for n in re.findall(r'<article[^>]* id="c(\d+)"', page.body)]


def next_page(page):
    found = re.search(r'<a rel="next" href="([^"]+)"', page.body)
    return found and found[1].replace("&amp;", "&")


def filters(ok, desk, anne, bob):
    pages = [anne.get("/moderation")]
    while next_page(pages[-1]):
        pages.append(anne.get(next_page(pages[-1])))
    everything = set(sum((numbers(p) for p in pages), []))
    ok(len(everything) == 82, "82 wait", len(everything))
    page = anne.get("/moderation?source=forum&categorie=&priorite=&suivi=")
    ok(len(numbers(page)) == 20 and "20 commentaires attendent" in page.body, "of one source", numbers(page))
    ok('<option value="forum" selected>Forum &lt;citoyen&gt;</option>' in page.body and "Tout montrer" in page.body,
       "the form says which", page.body[1500:4000])
    ok(page.body.count(" selected>") == 1, "once")
    first = anne.get("/moderation?source=site&priorite=3")
    second = anne.get(next_page(first))
    ok(len(numbers(first)) == 40 and len(numbers(second)) == 20 and not set(numbers(first)) & set(numbers(second)) and
       "source=site" in next_page(first), "page by page", next_page(first))
    ok(len(numbers(anne.get("/moderation?categorie=menace"))) == 2 and len(numbers(anne.get("/moderation?priorite=1"))) == 2 and
       not numbers(anne.get("/moderation?categorie=menace&source=forum")), "by supposition, by priority, by both")
    seq = numbers(page)[0]
    anne.post(f"/moderation/{seq}/prendre", {"csrf": page.csrf})
    ok(numbers(anne.get("/moderation?suivi=moi")) == [seq] and numbers(bob.get("/moderation?suivi=autres")) == [seq] and
       not numbers(bob.get("/moderation?suivi=moi")) and "81 commentaires" in bob.get("/moderation?suivi=personne").body,
       "who is on it")
    form = page.form(f"/moderation/{numbers(page)[1]}/decider")
    done = anne.post(f"/moderation/{numbers(page)[1]}/decider", {**form, "decision": "laisser", "motif": ""}, follow=True)
    ok(len(numbers(done)) == 19 and 'value="forum" selected' in done.body, "a decision leads back to the same part", form)
    empty = anne.get("/moderation?source=" + urllib.parse.quote("\"><script>alert(1)</script>"))
    ok(empty.status == 200 and not numbers(empty) and "<script>alert" not in empty.body and "Rien n&#39;attend" in empty.body,
       "a source that there is not", empty.body[:500])
    for bad in ("priorite=5", "priorite=12", "suivi=elle", "source=a&source=b", "source=" + "x" * 100, "categorie=%00"):
        ok(anne.get("/moderation?" + bad).status == 400, "400: " + bad[:30])


def log_of(desk):
    db = sqlite3.connect(f"file:{desk.path('state', 'store.db')}?mode=ro", uri=True)
    try:
        return db.execute("SELECT who, what, why FROM audit WHERE verb = 'search' ORDER BY id").fetchall()
    finally:
        db.close()


def look_for(person, q, why="plainte du 3 mars"):
    return person.get("/recherche?" + urllib.parse.urlencode({"q": q, "motif": why}))


def searches(ok, desk, anne, bob):
    page = anne.get("/recherche")
    ok(page.status == 200 and page.has("input", name="q") and page.has("input", name="motif"), "a form for words and a reason")
    ok(look_for(anne, "carrousel", "").status == 400 and not log_of(desk), "no search without a reason")
    desk.wait_for(lambda: numbers(look_for(anne, "carrousel")), 20, "the full text")
    page = look_for(anne, "carrousel panne")
    ok(len(numbers(page)) == 1 and "Noël" in page.body and "rien de signalé" in page.body, "what nobody flagged is found", page.body)
    ok(log_of(desk)[-1] == ("anne", "carrousel panne", "plainte du 3 mars"), "who looked for what, and why, is written down",
       log_of(desk))
    page = look_for(anne, "abruti")
    ok(len(numbers(page)) == 50 and "Les 50 plus récents" in page.body and numbers(page) == sorted(numbers(page), reverse=True),
       "the newest 50", numbers(page))
    behind = anne.get(next_page(page))
    ok(len(numbers(behind)) == 10 and max(numbers(behind)) < min(numbers(page)) and not next_page(behind) and
       log_of(desk)[-1] == ("anne", "abruti", "plainte du 3 mars"), "and then the older ones, written down as well",
       numbers(behind))
    ok(anne.get("/recherche?q=abruti&motif=c&avant=x").status == 400, "before what is a number")
    page = look_for(anne, "habites")
    seq = numbers(page)[0]
    form = page.form(f"/moderation/{seq}/decider")
    done = anne.post(f"/moderation/{seq}/decider", {**form, "decision": "masquer", "motif": "menace"}, follow=True)
    ok("Masquer" in done.body and 'class="meta decided"' in done.body and len(numbers(done)) == 2,
       "decided from what was found, it stands there with its decision", done.body)
    hostile = "\"><script>alert(1)</script> \u202e"
    page = look_for(anne, hostile, hostile)
    ok(page.status == 200 and "<script>alert" not in page.body and "\u202e" not in page.body, "hostile words stay words",
       page.status)
    ok(look_for(anne, "-rien").status == 400 and look_for(anne, "x" * 300).status == 400 and
       anne.get("/recherche?q=a&q=b&motif=c").status == 400, "no words, too many, twice")
    before = len(log_of(desk))
    pid = desk.pid("store")
    os.kill(pid, signal.SIGSTOP)
    try:
        page = look_for(bob, "carrousel")
        ok(page.status == 503 and not numbers(page) and "journal" in page.body and 'value="carrousel"' in page.body,
           "what cannot be written down is not done; the words stay", page.status)
    finally:
        os.kill(pid, signal.SIGCONT)
    roy = desk.person("roy", "cabinet")
    ok(roy.get("/recherche?q=carrousel&motif=x").status == 403 and "/recherche" not in roy.get("/situation").body and
       [w for w, _, _ in log_of(desk)[before:]].count("roy") == 0, "the cabinet has no search")


def scenario(ok):
    sources = ("  - {id: site, title: Site de la ville, kind: jsonl, path: site.jsonl, follow: yes}\n"
               "  - {id: forum, title: 'Forum <citoyen>', kind: jsonl, path: forum.jsonl, follow: yes}\n")
    with Desk(sources, rules=RULES) as desk:
        desk.comments("site.jsonl", [comment(i, f"Quel abruti, numéro {i}", f"a{i}", i) for i in range(60)] +
                      [comment(100 + i, "on sait où tu habites", "x", 70) for i in range(2)] +
                      [comment(200, "Le carrousel est en panne depuis Noël", "z", 80)])
        desk.comments("forum.jsonl", [comment(i, f"Encore un connard {i}", f"b{i}", 90 + i) for i in range(20)])
        desk.start()
        anne, bob = desk.person("anne", "moderation"), desk.person("bob", "dircom")
        desk.wait_for(lambda: desk.committed() == 83, 30, "everything")
        filters(ok, desk, anne, bob)
        searches(ok, desk, anne, bob)
        ok("Nobody" not in anne.get("/moderation").body and "nobody is on it" in desk.again("anne", "en").get("/moderation?filtrer=1").body,
           "in English")
        ok(desk.stop() == 0, "the town stops")


main(scenario)
