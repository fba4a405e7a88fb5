"""The lexicon of the town: a name more and a name less without any YAML, in the draft first, checked and published as other rules
are; what uses a list; what cannot be changed says so."""
import itertools
import os
import re

from desk import Desk
from town import comment, main

HEARD = "  - {id: site, title: 'Site de la ville', kind: jsonl, path: site.jsonl, follow: yes}\n"
LEXICON = """\
# le nôtre
tocsin: 1
paquet: lexique
responsable: com@ville.example
partagé: oui
listes:
  # les élus
  elus: [Hautecloque, "d'Orle"]   # deux noms
  quartiers:
    - Peupliers
    - Grande Barre
  tous: [$elus, mairie]
  seul: [unique]
  élus: [Brézolles]
  a/b: [barre]
"""
RULES = """\
tocsin: 1
pack: essai
owner: com@ville.example
macros:
  eux: {words: $tous}
rules:
  - {id: a.elu, title: 'Un élu <b>', status: live, category: spam, priority: P3, score: 6, when: {words: $elus}, tests: {match: [Hautecloque]}}
  - {id: a.tous, title: Tous, status: live, category: spam, priority: P4, score: 6, when: {all: [{macro: eux}, {words: [zut]}]}, tests: {match: ['zut, mairie']}}
  - {id: a.rien, title: Autre, status: live, category: spam, priority: P4, score: 6, when: {words: [brol]}, tests: {match: [brol]}}
"""
LIST = "/regles/lexique/"


def change(person, name, action, word, follow=True):
    page = person.get(LIST + name)
    return person.post(LIST + name, {"csrf": page.csrf, "faire": action, "nom": word}, follow=follow)


def names(page):
    found = re.search(r'<ul class="names">(.*?)</ul>', page.body, re.S)
    return re.findall(r"<li><bdi>(.*?)</bdi>", found[1]) if found else None


def published(desk, name="lexique"):
    with open(desk.path("state", "bundles", desk.json("status")[0]["bundle"], name + ".yaml"), encoding="utf-8") as f:
        return f.read()


def reading(ok, rosa, juriste):
    page = rosa.get("/regles/lexique")
    ok(page.status == 200 and [l for l in ("elus", "quartiers", "tous", "seul") if f'"{LIST}{l}"' in page.body] == ["elus", "quartiers", "tous", "seul"] and
       "Peupliers" in page.body, "its lists", page.body)
    page = rosa.get(LIST + "elus")
    ok(names(page) == ["Hautecloque", "d&#39;Orle"], "the names of one", names(page))
    ok("2 règles et sujets" in page.body and "Un élu &lt;b&gt;" in page.body and '"/regles/regle/a.tous"' in page.body and "a.rien" not in page.body,
       "what uses it, also by another list and a macro", page.body)
    ok("Aucune règle ne s&#39;en sert" in rosa.get(LIST + "quartiers").body, "what nothing uses")
    ok("(toute cette liste)" in rosa.get(LIST + "tous").body, "a list in a list")
    page = juriste.get(LIST + "elus")
    ok(page.status == 200 and 'name="faire"' not in page.body, "a jurist reads")
    for odd in ("nulle", "%2e%2e", "elus%2fx"):
        ok(rosa.get(LIST + odd).status == 404, f"404: {odd}")


def changing(ok, desk, rosa):
    before = published(desk)
    page = change(rosa, "elus", "ajouter", "L'Épée")
    ok("Ajouté dans votre brouillon" in page.body and names(page) == ["L&#39;Épée", "Hautecloque", "d&#39;Orle"] and published(desk) == before,
       "a name more, in the draft", page.body)
    ok("Ce nom y est déjà" in change(rosa, "elus", "ajouter", "L'Épée").body, "once")
    page = change(rosa, "quartiers", "retirer", "Peupliers")
    ok("Retiré dans votre brouillon" in page.body and names(page) == ["Grande Barre"], "a name less", page.body)
    ok("plus là" in change(rosa, "quartiers", "retirer", "Peupliers").body, "once, too")
    ok("dernier nom" in change(rosa, "seul", "retirer", "unique").body, "not the last one")
    for odd in ("", "$elus", " x", "a\nb", "x" * 300, "\x7f"):
        page = change(rosa, "elus", "ajouter", odd, follow=False)
        ok(page.status == 400 or "ne convient pas" in rosa.follow(page).body, f"no name: {odd[:5]!r}", page.status)
    page = change(rosa, "elus", "ajouter", "<script>: [x]")
    ok("&lt;script&gt;: [x]" in page.body and "<script>:" not in page.body, "a name is a text", page.body)
    change(rosa, "elus", "retirer", "<script>: [x]")


def accents(ok, rosa):
    page = rosa.get("/regles/lexique")
    ok(f'"{LIST}%C3%A9lus"' in page.body and "élus" in page.parsed.text, "a list whose name has an accent", page.body)
    ok("a/b" in page.parsed.text and "à modifier à la main" in page.parsed.text and "a%2Fb" not in page.body, "one without an address is said", page.body)
    page = change(rosa, "%C3%A9lus", "ajouter", "Valmont")
    ok("Ajouté dans votre brouillon" in page.body and names(page) == ["Valmont", "Brézolles"] and "Lexique : élus" in page.parsed.text,
       "it has its page, and can be changed", page.body)
    change(rosa, "%C3%A9lus", "retirer", "Valmont")
    ok(rosa.get(LIST + "a%2Fb").status == 404, "no way to the other")


def publishing(ok, desk, rosa):
    edit, page = "/regles/modifier/lexique", rosa.get(LIST + "elus")
    form = page.form(edit)
    ok(form and form["garde"] == "1" and "Votre brouillon change le lexique" in page.body, "it can be published from there", page.body)
    checked = rosa.post(edit, {**form, "faire": "verifier", "motif": ""})
    ok(checked.status == 200 and "0 erreur" in checked.body or "Rien à redire" in checked.body, "checked", checked.body)
    done = rosa.post(edit, {**form, "faire": "publier", "motif": "nouvelle élue"}, follow=True)
    ok(desk.json("rules", "log")[0]["reason"] == "nouvelle élue", "published with its reason", done.body)
    ok(published(desk) == LEXICON.replace("[Hautecloque", "['L''Épée', Hautecloque").replace("    - Peupliers\n", ""),
       "nothing else of the file has changed", published(desk))
    numbers = itertools.count(1)  # what was stamped before the news has the former rules

    def found():
        desk.comments("site.jsonl", [comment(next(numbers), "Madame L'Épée exagère", "x", 1)], "a")
        return desk.json("queue")

    ok("L'Épée" in desk.wait_for(found, 20, "the rules to use it")[0]["comment"]["text"], "and the rules use it")
    ok("Votre brouillon change" not in rosa.get(LIST + "elus").body, "the draft is over")


def strangers(ok, desk, anne, juriste, rosa):
    ok(anne.get(LIST + "elus").status == 403, "not for the moderation")
    csrf = juriste.get("/regles").csrf
    ok(juriste.post(LIST + "elus", {"csrf": csrf, "faire": "ajouter", "nom": "x"}).status == 403, "a jurist changes nothing")
    ok(rosa.post(LIST + "elus", {"csrf": rosa.get("/regles").csrf, "faire": "vider", "nom": "x"}).status == 400, "nothing else can be asked")
    ok("The names of your town" in desk.again("rosa", "en").get("/regles/lexique").body, "in English")


def scenario(ok):
    with Desk(HEARD, rules=RULES) as desk:
        desk.write(os.path.join("rules", "lexique.yaml"), LEXICON)
        desk.start()
        rosa, juriste, anne = desk.person("rosa", "regles"), desk.person("jules", "juriste"), desk.person("anne", "moderation")
        reading(ok, rosa, juriste)
        changing(ok, desk, rosa)
        accents(ok, rosa)
        publishing(ok, desk, rosa)
        strangers(ok, desk, anne, juriste, rosa)
        ok(desk.stop() == 0, "the town stops")


main(scenario)
