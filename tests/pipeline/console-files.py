"""The three files: À modérer and À répondre, urgent first, Tout lire, newest first; page by page, each item once."""
import re

from desk import Desk
from town import RULES, comment, main

TOPIC = """\
topics:
  - id: cantine
    title: Cantine <scolaire>
    status: live
    lane: reponse
    service: éducation
    reply: attente_cantine
    when: {words: [cantine]}
    tests: {match: ['la cantine est fermée ?'], no_match: ['la piscine']}
"""
BUDGET = 100 * 1024  # bytes of a first visit


def numbers(page):
    return [int(n) for n in re.findall(r'<article[^>]* id="c(\d+)"', page.body)]


def link(page, text):
    found = re.search(r'<a(?: rel="\w+")? href="([^"]+)">' + text + "</a>", page.body)
    return found and found[1].replace("&amp;", "&")


def read_through(person, path):
    """The pages of a file, by its own links."""
    pages = [person.get(path)]
    while link(pages[-1], "Suivants"):
        pages.append(person.get(link(pages[-1], "Suivants")))
    return pages


def paging(ok, desk, anne):
    pages = read_through(anne, "/moderation")
    seen = [numbers(p) for p in pages]
    ok([len(s) for s in seen] == [40, 40, 40, 1], "À modérer in pages of 40", [len(s) for s in seen])
    flat = sum(seen, [])
    ok(len(set(flat)) == 121, "each item once")
    expected = [x["seq"] for x in desk.json("queue", "--limit", "1000", "--lane", "moderation")]
    ok(flat == expected, "in the order of the queue", (flat[:5], expected[:5]))
    ok("P1 urgence" in pages[0].body and "121 commentaires attendent" in pages[0].body, "the urgent first; how many")
    ok(numbers(anne.get(link(pages[2], "Précédents"))) == seen[1] and numbers(anne.get(link(pages[1], "Précédents"))) == seen[0],
       "a page back is the one before")
    ok(link(pages[1], "Début de la liste") == "/moderation" and not link(pages[0], "Précédents"), "and to the beginning")
    assets = sum(len(anne.get(x).raw) for x in re.findall(r'(?:href|src)="(/fixe/[^"]+)"', pages[0].body))
    ok(len(pages[0].raw) + assets <= BUDGET, f"a first visit: {len(pages[0].raw)} and {assets} bytes")
    for bad in ("x", "1-2", "1-2-3-4", "-1-2-3", "1--3", "1-2-" + "9" * 19, "1-2-3&apres=1-2-3", "%00", "9" * 80):
        ok(anne.get("/moderation?apres=" + bad).status == 400, "no place: " + bad[:20])
    return pages


def deadlines(ok, page):
    """The town's clock stands at 03:21 on a Sunday that is All Saints' Day; a threat was written at 03:01."""
    first, second = page.body.split("<article")[1:3]
    ok(re.search(r'class="due late"><time datetime="2026-11-01T02:16:00Z">En retard de 5 min : à voir avant 03:16<', first),
       "an urgency is due whatever the day, and late in words", first)
    ok(re.search(r'class="due"><time datetime="2026-11-02T15:30:00Z">À voir avant lundi 16:30<', second),
       "an insult is due in working hours, from Monday on", second)


def decided_on_page_two(ok, anne, pages):
    seq = numbers(pages[1])[0]
    path = link(pages[0], "Suivants")
    form = pages[1].form(f"/moderation/{seq}/decider")
    ok(form.get("retour") == path, "a form of the second page knows its page", form)
    done = anne.post(f"/moderation/{seq}/decider", {**form, "decision": "laisser", "motif": ""})
    ok(done.status == 303 and done.headers["Location"] == path, "and leads back to it", done.headers)
    page = anne.get(path)
    ok(numbers(page) == numbers(pages[1])[1:] + numbers(pages[2])[:1], "nothing is passed over, nothing comes twice")
    for bad in ("//evil.example/", "/moderation.evil", "/moderation?x=\r\nSet-Cookie: a=b", "https://evil.example/moderation",
                "/situation", "/moderation?<script>"):
        claim = anne.post(f"/moderation/{numbers(page)[0]}/prendre", {"csrf": page.csrf, "retour": bad})
        ok(claim.headers["Location"].startswith("/moderation#c") and not claim.headers["Set-Cookie"], "no way out: " + repr(bad),
           claim.headers)


def answers(ok, desk, anne):
    page = anne.get("/reponse")
    ok(len(numbers(page)) == 3 and "3 questions ou demandes attendent" in page.body, "À répondre has the questions", page.body[:3000])
    ok("Cantine &lt;scolaire&gt;" in page.body and "éducation" in page.body and "Attente, cantine et périscolaire" in page.body,
       "with their topic, who answers, and the model", page.body)
    ok(re.search(r'À répondre <span class="n"[^>]*>3</span>', page.body) and
       re.search(r'À modérer <span class="n"[^>]*>120</span>', page.body), "the files say how many wait", page.body[:1800])
    ok('href="/reponse" aria-current="page"' in page.body and page.body.count('aria-current="page"') == 1, "and which one is read")
    seq = numbers(page)[0]
    ok('value="masquer"' not in page.body and "Sans suite" in page.body, "what can be done with a question")
    form = page.form(f"/moderation/{seq}/decider")
    done = anne.post(f"/moderation/{seq}/decider", {**form, "decision": "laisser", "motif": ""}, follow=True)
    ok(len(numbers(done)) == 2 and "Décision enregistrée" in done.body, "without an answer, it leaves its file, which is shown again")
    undone = anne.post(f"/moderation/{seq}/annuler", done.form(f"/moderation/{seq}/annuler"), follow=True)
    ok(len(numbers(undone)) == 3, "undone there too")


def everything(ok, desk, anne):
    pages = read_through(anne, "/commentaires")
    flat = sum(map(numbers, pages), [])
    ok(flat == list(range(126, 0, -1)), "Tout lire: all of them, the newest first", flat)
    ok("Bonjour à tous" in pages[0].body + pages[-1].body and "rien de signalé" in "".join(p.body for p in pages),
       "what nobody flagged too")
    one = next(p for p in pages if "Bonjour à tous" in p.body)
    seq = re.search(r'id="c(\d+)".*?Bonjour à tous', one.body.split("<article")[[i for i, x in enumerate(one.body.split("<article"))
                                                                            if "Bonjour" in x][0]], re.S)[1]
    ok(anne.get(f"/moderation/{seq}").status == 200, "and opens it")


def scenario(ok):
    sources = "  - {id: site, title: Site de la ville, kind: jsonl, path: site.jsonl, follow: yes}\n"
    with Desk(sources, rules=RULES + TOPIC) as desk:
        items = [comment(i, f"Quel abruti, numéro {i}", f"a{i}", i) for i in range(120)]
        items += [comment(200, "on sait où tu habites", "x", 121)]
        items += [comment(300 + i, f"La cantine est fermée ? {i}", "y", 130 + i) for i in range(3)]
        items += [comment(400 + i, "Bonjour à tous", "z", 140 + i) for i in range(2)]
        desk.comments("site.jsonl", items)
        desk.start()
        anne = desk.person("anne", "moderation")
        desk.wait_for(lambda: desk.committed() == 126, 30, "everything")
        pages = paging(ok, desk, anne)
        deadlines(ok, pages[0])
        decided_on_page_two(ok, anne, pages)
        answers(ok, desk, anne)
        everything(ok, desk, anne)
        english = desk.again("anne", "en")
        for path, title in (("/reponse", "To answer"), ("/commentaires", "Read everything")):
            ok(title in english.get(path).body, "in English: " + title)
        ok(desk.stop() == 0, "the town stops")


main(scenario)
