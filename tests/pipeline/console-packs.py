"""A pack that the town no longer wants, or wants under another name: in the draft first, with what goes with it and what else
uses it; published with a reason; and back again with a former version."""
import html
import os
import re

from desk import Desk
from town import comment, main

HEARD = "  - {id: site, title: 'Site de la ville', kind: jsonl, path: site.jsonl, follow: yes}\n"


def typed(page):
    found = re.search(r'<textarea id="texte"[^>]*>\n(.*?)</textarea>', page.body, re.S)
    return html.unescape(found.group(1)) if found else None


def page_of(name):
    return f"/regles/modifier/{name}"


def act(person, name, action, follow=False, **more):
    """Presses a button of a pack's page, with the text as it stands there."""
    page = person.get(page_of(name))
    text = typed(page)
    return person.post(page_of(name), {**page.form(page_of(name)), **({} if text is None else {"texte": text}), "faire": action, **more}, follow=follow)


def pack(name, word, more="", lists=""):
    return (f"tocsin: 1\npack: {name}\n{lists}rules:\n  - {{id: {word}.a, title: 'Règle {word} <b>', status: live, category: spam, priority: P3, score: 6,"
            f" when: {{words: [{word}{more}]}}, tests: {{match: ['{word}'], no_match: ['Bonjour']}}}}\n")


def packs(desk):
    hash_ = desk.json("status")[0]["bundle"]
    return sorted(n[:-5] for n in os.listdir(desk.path("state", "bundles", hash_)) if n.endswith(".yaml"))


def text_of(desk, name):
    with open(desk.path("state", "bundles", desk.json("status")[0]["bundle"], name + ".yaml"), encoding="utf-8") as f:
        return f.read()


def say(desk, number, text):
    before = desk.committed()
    desk.comments("site.jsonl", [comment(number, text, f"a{number}", number)], "a")
    desk.wait_for(lambda: desk.committed() > before, 20, "the comment")


def waiting(desk):
    return {q["comment"]["id"] for q in desk.json("queue")}


def removing(ok, desk, rosa):
    say(desk, 1, "zinzin")
    ok("1" in waiting(desk), "a rule of the pack finds")
    page = act(rosa, "zz", "supprimer")
    ok(page.status == 200 and "Votre brouillon supprime ce paquet" in page.parsed.text and "Règle zinzin <b>" in page.parsed.text and
       "<b>" not in page.body and typed(page) is None and "0 erreur" in page.parsed.text, "what goes with it; nothing else uses it", page.body)
    ok("zz" in packs(desk), "nothing is changed yet")
    ok(re.search(r"zz\.yaml</a> · supprimé", rosa.get("/regles/modifier").body), "the draft names it", rosa.get("/regles/modifier").body)
    page = rosa.get(page_of("zz"))
    ok("Votre brouillon supprime ce paquet" in page.parsed.text and 'value="renommer"' not in page.body, "so does its page", page.body)
    page = act(rosa, "zz", "rejouer")
    ok(page.status == 200 and "1 de moins" in page.parsed.text, "tried on the history: what it would find no more", page.parsed.text)
    ok(act(rosa, "zz", "publier").status == 400 and "zz" in packs(desk), "not without a reason")
    old = rosa.get(page_of("zz")).form(page_of("zz"))
    page = act(rosa, "zz", "rendre", follow=True)
    ok(typed(page) == pack("zz", "zinzin") and "pas de brouillon" in rosa.get("/regles/modifier").parsed.text, "given back, the draft is none", page.body)
    page = rosa.post(page_of("zz"), {**old, "faire": "publier", "motif": "vieille page"}, follow=True)
    ok("Rien n'est fait" in page.parsed.text and "zz" in packs(desk) and typed(page) == pack("zz", "zinzin"), "an old page takes nothing away", page.parsed.text)
    page = rosa.post(page_of("zz"), {**rosa.get(page_of("zz")).form(page_of("zz")), "texte": "", "faire": "garder"}, follow=True)
    ok("Rien n'est fait" in page.parsed.text and typed(page) == pack("zz", "zinzin"), "nor does an empty text", page.parsed.text)
    act(rosa, "zz", "supprimer")
    page = act(rosa, "essai", "supprimer")
    ok(page.status == 409 and "dernier paquet" in page.parsed.text and typed(page), "not the last one", page.parsed.text)
    page = act(rosa, "zz", "publier", follow=True, motif="plus utile <i>")
    ok("Règles publiées" in page.parsed.text and "zz" not in packs(desk) and "essai" in packs(desk), "published with its reason", page.parsed.text)
    ok(desk.json("rules", "log")[0]["reason"] == "plus utile <i>" and "pas de brouillon" in rosa.get("/regles/modifier").parsed.text,
       "which stands in the log; the draft is no more")
    say(desk, 2, "zinzin encore")
    ok("2" not in waiting(desk) and "1" in waiting(desk), "it finds no more; what it found stays")
    page = act(rosa, "zz", "garder")
    page = rosa.get("/regles/journal")
    back = next(a["href"] for tag, a in page.parsed.elements if tag == "a" and a["href"].startswith("/regles/revenir/"))
    page = rosa.get(back)
    page = rosa.post(back, {**page.form(back), "motif": "il manque"}, follow=True)
    ok("de nouveau en vigueur" in page.parsed.text and text_of(desk, "zz") == pack("zz", "zinzin"), "a former version brings it back", page.parsed.text)
    rosa.post("/regles/abandonner", {"csrf": page.csrf})


def renaming(ok, desk, rosa):
    for bad in ("", "../x", "é", "x" * 61, ".x"):
        page = act(rosa, "zz", "renommer", nom=bad)
        ok(page.status == 400 and typed(page) == pack("zz", "zinzin"), f"{bad[:9]!r} is no name", page.parsed.text)
    ok(act(rosa, "zz", "renommer", nom="essai").status == 409, "one name, one pack")
    ok(act(rosa, "zz", "renommer", nom="zz").status == 409, "not its own")
    page = act(rosa, "zz", "renommer", follow=True, nom="Quartier-nord")
    new = pack("Quartier-nord", "zinzin")
    ok(typed(page) == new and "Renommé dans votre brouillon" in page.parsed.text, "its own name for itself follows", page.body)
    ok(packs(desk).count("zz") == 1 and "Quartier-nord" not in packs(desk), "in the draft alone")
    page = act(rosa, "Quartier-nord", "publier", follow=True, motif="renommé")
    ok("Règles publiées" in page.parsed.text and text_of(desk, "Quartier-nord") == new and "zz" not in packs(desk), "published", page.parsed.text)
    say(desk, 3, "zinzin toujours")
    ok("3" in waiting(desk) and "pas de brouillon" in rosa.get("/regles/modifier").parsed.text, "its rules find as before")
    page = act(rosa, "Quartier-nord", "renommer", follow=True, nom="zz")
    page = act(rosa, "zz", "supprimer", follow=True)
    ok("n'est plus dans votre brouillon" in page.parsed.text and re.search(r"Quartier-nord\.yaml</a> · supprimé", page.body),
       "what was never published is simply no more; the old name stays taken away", page.body)
    rosa.post("/regles/abandonner", {"csrf": page.csrf})


def used(ok, desk, rosa):
    """What is left of it elsewhere: an override of its rules."""
    page = rosa.get(page_of("bb"))
    ours = "tocsin: 1\noverride: Quartier-nord\nrules:\n  - {id: zinzin.a, status: shadow}\n"
    page = rosa.post(page_of("bb"), {**page.form(page_of("bb")), "texte": ours, "faire": "verifier"})
    ok(page.status == 200, "a file that adapts it", page.parsed.text)
    page = act(rosa, "Quartier-nord", "supprimer")
    ok(page.status == 422 and "bb.yaml" in page.parsed.text and "Votre brouillon supprime" in page.parsed.text, "what uses it is named at once", page.parsed.text)
    page = act(rosa, "Quartier-nord", "publier", motif="x")
    ok(page.status == 422 and "Quartier-nord" in packs(desk), "and nothing is published while something does", page.parsed.text)
    ok("Rename or delete this pack" in desk.again("rosa", "en").get(page_of("essai")).body, "in English")


def losing(ok, desk, rosa):
    """What would leave the town deaf to threats is published with a tick, and not by oversight."""
    page = rosa.post("/regles/abandonner", {"csrf": rosa.get("/regles").csrf}, follow=True)
    before, kept = desk.json("status")[0]["bundle"], text_of(desk, "essai")
    page = rosa.get(page_of("essai"))
    ok('name="perdre"' not in page.body, "nothing is asked before it matters")
    quiet = kept.replace("  - id: menace.directe\n    title: Menace adressée\n    status: live", "  - id: menace.directe\n    title: Menace adressée\n    status: retired")
    ok(quiet != kept, "a draft that retires it", kept)
    page = rosa.post(page_of("essai"), {**page.form(page_of("essai")), "texte": quiet, "faire": "publier", "motif": "trop de bruit"})
    text = page.parsed.text
    ok(page.status == 409 and "avec votre brouillon, 1 règle et 0 sujet ne seraient plus en vigueur. De priorité P1 : menace.directe." in text and
       "--force" not in text and desk.json("status")[0]["bundle"] == before, "a threat's rule less: said, not published", text)
    ok(typed(page) == quiet and 'value="trop de bruit"' in page.body and 'name="perdre"' in page.body, "text and reason stay, with a box to tick", page.body)
    page = rosa.post(page_of("essai"), {**page.form(page_of("essai")), "texte": quiet, "faire": "publier", "motif": "trop de bruit", "perdre": "oui"},
                     follow=True)
    ok("Règles publiées" in page.parsed.text and text_of(desk, "essai") == quiet, "ticked, it is", page.parsed.text)


def scenario(ok):
    with Desk(HEARD) as desk:
        desk.write("rules/zz.yaml", pack("zz", "zinzin"))
        desk.write("site.jsonl", "")
        desk.start()
        rosa = desk.person("rosa", "regles")
        removing(ok, desk, rosa)
        renaming(ok, desk, rosa)
        used(ok, desk, rosa)
        losing(ok, desk, rosa)
        juno = desk.person("juno", "juriste")
        ok(juno.post(page_of("essai"), {"csrf": juno.get("/regles").csrf, "faire": "supprimer"}).status == 403, "a jurist takes nothing away")
        ok(desk.stop() == 0, "the town stops")


main(scenario)
