"""Finding in the files: filters that stand in the address, and full text over everything, each search with its reason."""
import re
import sqlite3
import time
import urllib.parse

from desk import Desk
from town import RULES, comment, main


def numbers(page):
    return [int(n) for n in re.findall(r'<article[^>]* id="c(\d+)"', page.body)]


def next_page(page):
    found = re.search(r'<a rel="next" href="([^"]+)"', page.body)
    return found and found[1].replace("&amp;", "&")


def filters(ok, desk, anne, bob):
    everything = set(numbers(anne.get("/moderation")) + numbers(anne.get(next_page(anne.get("/moderation")))))
    ok(len(everything) == 82, "82 wait", len(everything))
    page = anne.get("/moderation?source=forum&categorie=&priorite=&suivi=")
    ok(len(numbers(page)) == 20 and "20 commentaires attendent" in page.body, "of one source", numbers(page))
    ok('<option value="forum" selected>Forum &lt;citoyen&gt;</option>' in page.body and "Tout montrer" in page.body,
       "the form says which", page.body[1500:4000])
    first = anne.get("/moderation?source=site&priorite=3")
    second = anne.get(next_page(first))
    ok(len(numbers(first)) == 50 and len(numbers(second)) == 10 and not set(numbers(first)) & set(numbers(second)) and
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
        ok("Nobody" not in anne.get("/moderation").body and "nobody is on it" in desk.again("anne", "en").get("/moderation").body,
           "in English")
        ok(desk.stop() == 0, "the town stops")


main(scenario)
