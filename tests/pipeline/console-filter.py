"""Filters of the files: by any supposition, by topic, by day; each stands in the address, and as words that can be taken away."""
import re

from desk import Desk
from town import RULES, comment, main

TOPICS = """\
topics:
  - id: cantine
    title: Cantine <scolaire>
    status: live
    lane: reponse
    when: {words: [cantine]}
    tests: {match: ['la cantine est fermée ?'], no_match: ['la piscine']}
  - id: neige
    title: Neige
    status: live
    when: {words: [neige]}
    tests: {match: ['la neige'], no_match: ['la piscine']}
"""


def numbers(page):
    return [int(n) for n in re.findall(r'<article[^>]* id="c(\d+)"', page.body)]


def chosen(page):
    """{words of a filter: where they lead}."""
    part = page.body.partition('<ul class="chosen"')[2].partition("</ul>")[0]
    found = re.findall(r'<a href="([^"]+)">(.*?) <span', part)
    return {re.sub("<[^>]+>", "", text): to.replace("&amp;", "&") for to, text in found}


def everything(ok, desk, anne):
    """Tout lire has them too, whether a comment waits or not."""
    desk.comments("site.jsonl", [comment(100 + i, "Merci pour la neige", "g", 4 * 1440 + i) for i in range(60)] +
                  [comment(200, "La piscine est belle", "h", 5 * 1440)], "a")
    desk.wait_for(lambda: desk.committed() == 67, 30, "what is not flagged")
    form = anne.get("/commentaires?filtrer=1")
    ok(form.has("select", name="sujet") and form.has("input", type="date", name="au") and not form.has("select", name="suivi") and
       not form.has("select", name="priorite"), "Tout lire: what waits for nobody has no priority and nobody on it", form.body)
    for query, n in (("sujet=neige", 40), ("sujet=cantine", 2), ("categorie=injure_publique", 5), ("categorie=menace", 1),
                     ("categorie=injure_publique&sujet=cantine", 1), ("categorie=menace&sujet=cantine", 0), ("source=site&sujet=cantine", 2),
                     ("source=site", 40), ("source=ailleurs", 0), ("source=ailleurs&sujet=neige", 0), ("du=2026-11-06", 1),
                     ("du=2026-11-02&au=2026-11-03", 1), ("sujet=rien", 0)):
        page = anne.get("/commentaires?" + query)
        ok(page.status == 200 and len(numbers(page)) == n and ("Rien de reçu ne passe" in page.body) == (n == 0), f"… {query}: {n}", page.body)
    first = anne.get("/commentaires?sujet=neige")
    more = re.search(r'<a rel="next" href="([^"]+)"', first.body)[1].replace("&amp;", "&")
    rest = anne.get(more)
    both = numbers(first) + numbers(rest)
    ok("sujet=neige" in more and len(both) == len(set(both)) == 61 and both == sorted(both, reverse=True), "the next page keeps them", (more, both))
    words = chosen(anne.get("/commentaires?sujet=cantine&source=site"))
    ok(words["Source : Site de la ville"] == "/commentaires?sujet=cantine", "… each can be taken away", words)
    ok("/commentaires?sujet=neige" in anne.get("/commentaires?sujet=neige").body and
       'name="adresse" value="/commentaires?sujet=neige"' in first.body, "a view can be kept")
    for bad in ("suivi=moi", "priorite=2", "du=hier"):
        ok(anne.get("/commentaires?" + bad).status == 400, "400: /commentaires?" + bad)


def scenario(ok):
    with Desk("  - {id: site, title: Site de la ville, kind: jsonl, path: site.jsonl, follow: yes}\n", rules=RULES + TOPICS) as desk:
        desk.comments("site.jsonl", [
            comment(1, "on sait où tu habites, abruti", "a", 10), comment(2, "Quel abruti", "b", 20), comment(3, "Abruti, et la neige ?", "c", 30),
            comment(4, "La cantine est fermée ?", "d", 40), comment(5, "Connard de la cantine", "e", 2 * 1440), comment(6, "Quel abruti", "f", 3 * 1440)])
        desk.start()
        anne = desk.person("anne", "moderation")
        desk.wait_for(lambda: desk.committed() == 6, 30, "everything")
        plain = anne.get("/moderation")
        ok(len(numbers(plain)) == 5 and 'href="/moderation?filtrer=1">Filtrer' in plain.body and 'name="sujet"' not in plain.body,
           "the form comes when it is asked for", plain.body)
        form = anne.get("/moderation?filtrer=1")
        ok(numbers(form) == numbers(plain) and form.has("select", name="sujet") and form.has("input", type="date", name="du") and
           '<option value="cantine">Cantine &lt;scolaire&gt;</option>' in form.body and not chosen(form), "with the topics of the rules", form.body)
        both = anne.get("/moderation?categorie=injure_publique")
        ok(len(numbers(both)) == 5 and len(numbers(anne.get("/moderation?categorie=menace"))) == 1, "by any supposition, not the first alone")
        ok(len(numbers(anne.get("/moderation?sujet=cantine"))) == 1 and len(numbers(anne.get("/reponse?sujet=cantine"))) == 2 and
           len(numbers(anne.get("/moderation?sujet=neige"))) == 1 and not numbers(anne.get("/moderation?sujet=canti")), "by topic")
        for days, n in (("du=2026-11-02", 2), ("au=2026-11-01", 3), ("du=2026-11-03&au=2026-11-03", 1), ("du=2026-11-09", 0)):
            page = anne.get("/moderation?" + days)
            ok(len(numbers(page)) == n, f"by day: {days}", page.body)
        page = anne.get("/moderation?categorie=injure_publique&sujet=cantine&du=2026-11-02&priorite=3&suivi=personne")
        words = chosen(page)
        ok(len(numbers(page)) == 1 and set(words) == {"Supposition : injure possible, à qualifier", "Sujet : Cantine &lt;scolaire&gt;",
                                                      "Depuis le : 2026-11-02", "Priorité : P3", "Suivi : personne ne s&#39;en occupe"},
           "what is chosen stands in words", words)
        gone = anne.get(words["Sujet : Cantine &lt;scolaire&gt;"])
        ok("Sujet : Cantine &lt;scolaire&gt;" not in chosen(gone) and len(chosen(gone)) == 4 and len(numbers(gone)) == 2, "… each can be taken away",
           chosen(gone))
        ok(len(numbers(anne.get("/moderation?sujet=cantine&choisir=1"))) == 1, "a list to choose from keeps them")
        hostile = anne.get("/moderation?sujet=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
        ok(hostile.status == 200 and not numbers(hostile) and "<script>alert" not in hostile.body, "a topic that there is not", hostile.body)
        for bad in ("du=hier", "du=2026-02-30", "au=2026-13-01", "du=2026-11-01&du=2026-11-02", "sujet=" + "x" * 100, "filtrer=" + "x" * 100):
            ok(anne.get("/moderation?" + bad).status == 400, "400: " + bad[:30])
        everything(ok, desk, anne)
        ok("Topic" in desk.again("anne", "en").get("/moderation?filtrer=1").body, "in English")
        ok(desk.stop() == 0, "the town stops")


main(scenario)
