"""The pages of the rules: what is in force and what it found, a text tried, a pack changed, checked, tried on the history,
published and taken back, by people who never saw a command line. Two who publish at once; packs that are bombs; a child that
hangs."""
import html
import os
import re
import shutil
import signal
import threading
import time
import urllib.parse

from desk import Desk
from town import comment, main

HEARD = "  - {id: site, title: 'Site de la ville', kind: jsonl, path: site.jsonl, follow: yes}\n"
EDIT = "/regles/modifier/essai"
KIND = {"Content-Type": "application/x-www-form-urlencoded"}


def typed(page):
    """What stands in the form's text."""
    found = re.search(r'<textarea id="texte"[^>]*>\n(.*?)</textarea>', page.body, re.S)
    return html.unescape(found.group(1)) if found else None


def say(desk, number, text):
    before = desk.committed()
    desk.comments("site.jsonl", [comment(number, text, f"a{number}", number)], "a")
    desk.wait_for(lambda: desk.committed() > before, 20, "the comment")


def waiting(desk):
    return {q["comment"]["id"] for q in desk.json("queue")}


def act(person, path, text, action, **more):
    """Types a pack and presses a button."""
    fields = person.get(path).form(path)
    return person.post(path, {**fields, "texte": text, "faire": action, **more})


def in_force(ok, desk, rosa):
    for item, decision in zip(desk.json("queue"), (["masquer", "--category", "menace"], ["laisser"])):
        desk.run("decide", str(item["seq"]), *decision, "--who", "x", "--reason", "y")
    page = rosa.follow(rosa.get("/"))
    ok(page.status == 200 and "Règles" in page.parsed.text, "whoever writes rules begins at the rules", page.status)
    ok("est en train d'être compté" in page.parsed.text, "it does not wait for what the rules found", page.parsed.text)
    desk.wait_for(lambda: "Compté " in rosa.get("/regles").parsed.text, 30, "what the rules found")
    text = rosa.get("/regles").parsed.text
    ok(desk.json("status")[0]["bundle"][:12] in text and "tocsin run" in text, "the version, and who published it", text)
    ok("Injure adressée à une personne" in text and "en service" in text and "injure possible, à qualifier" in text,
       "each rule with its status and its supposition", text)
    ok("0 sur 2 ; autre catégorie : 1 ; laissés : 1" in text, "how often people upheld it, called it something else, left it", text)
    shown = rosa.get("/regles?mots=menac").parsed.text
    ok("Menace adressée" in shown and "Injure adressée" not in shown, "words choose", shown)
    ok("Aucune règle" in rosa.get("/regles?paquet=rien").parsed.text, "a pack that is none")
    ok(rosa.get("/regles?categorie=menace&paquet=essai&mots=").parsed.text.count("menace.directe") == 1, "and all at once")
    ok(rosa.get("/regles?mots=" + "x" * 300).status == 400, "not without end")
    rule = rosa.get("/regles/regle/injure.adressee")
    ok(rule.status == 200 and "Le concours de pétanque" in rule.parsed.text and
       "when: {words: [connard, abruti]}" in rule.parsed.text, "a rule: its examples, and as it is written", rule.body)
    ok("0 sur 2 ; autre catégorie : 1 ; laissés : 1" in rule.parsed.text, "… and what people decided of what it found", rule.parsed.text)
    ok("menace.directe" not in rule.parsed.text, "… and no other's lines")
    ok(re.search(r"<mark>connard</mark>", rule.body) and "a1" not in rule.parsed.text, "what it found last, never who", rule.body)
    ok("jean@ville.example" not in rule.body, "nor how to reach anybody", rule.parsed.text)
    carl = desk.person("carl", "dircom")
    ok("jean@ville.example" in carl.get("/regles/regle/injure.adressee").body, "but for those who read the queue")
    ok(rosa.get("/regles/regle/rien").status == 404 and rosa.get("/regles/paquet/rien").status == 404, "404")
    ok(rosa.get("/regles/paquet/essai").status == 200, "the whole pack")
    ok(rosa.get("/regles/paquet/..").status == 404 and rosa.get("/regles/modifier/.x").status == 404,
       "a name is no way to elsewhere")


def trying(ok, desk):
    anne = desk.person("anne", "moderation")
    page = anne.get("/regles/essayer")
    ok(page.status == 200 and 'href="/regles"' not in page.body, "a moderator tries texts, and sees no door that is shut")
    found = anne.send("/regles/essayer", at="/regles/essayer", texte="Espèce de c0nnard <script>alert(1)</script>")
    ok(found.status == 200 and "À modérer" in found.parsed.text and ">c0nnard</mark>" in found.body, "flagged, marked", found.body)
    ok("déguisements défaits" in found.parsed.text and "déguisé" in found.parsed.text and "4,50" in found.parsed.text,
       "why: the views, the disguise, the score", found.parsed.text)
    ok("<script>alert" not in found.body, "escaped")
    found = anne.send("/regles/essayer", at="/regles/essayer", texte="--config Bonjour")
    ok(found.status == 200 and "Rien à signaler" in found.parsed.text, "a text is no option", found.body)
    long = anne.send("/regles/essayer", at="/regles/essayer", texte="x" * 10001)
    ok(long.status == 413 and typed(long) == "x" * 10001, "too long: said, the text given back", long.parsed.text)
    ok(anne.send("/regles/essayer", at="/regles/essayer", texte="é" * 10000).status == 200, "characters are counted, not bytes")
    english = desk.again("anne", "en").send("/regles/essayer", at="/regles/essayer", texte="Espèce de connard")
    ok("To moderate" in english.parsed.text, "in English", english.parsed.text)


def editing(ok, desk, rosa):
    """A mistake, said in French beside its line; then not."""
    first = typed(rosa.get(EDIT))
    ok(first and first.startswith("tocsin: 1\npack: essai"), "the pack in a form", first)
    wrong = first.replace("score: 6", "scor: 6").replace("abruti]", "abruti, malotru]")
    page = act(rosa, EDIT, wrong, "verifier")
    text = page.parsed.text
    ok(page.status == 422 and "essai.yaml, ligne 10" in text and "clé inconnue « scor »" in text and "« score »" in text,
       "a mistake: its line and its cure", text)
    ok(re.search(r'<span class="meta">10</span> <bdi>    <mark>scor</mark>: 6', page.body), "the line, and where in it", page.body)
    ok("/run/" not in text.split("Le paquet, en YAML")[0] and desk.folder not in text, "no path of the machine", text)
    ok(typed(page) == wrong and typed(rosa.get(EDIT)) == wrong, "what was typed stays, and is the draft")
    ok(typed(desk.again("rosa").get(EDIT)) == wrong, "… in another browser too")
    ok("« score »" not in rosa.get("/regles/paquet/essai").parsed.text and "scor:" not in rosa.get("/regles/paquet/essai").body,
       "nothing is in force of it")
    failing = first.replace("match: ['Espèce de connard !']", "match: ['Bonjour']")
    page = act(rosa, EDIT, failing, "verifier")
    ok(page.status == 422 and "Bonjour" in page.parsed.text and "ligne 12" in page.parsed.text, "an example that fails", page.parsed.text)
    right = first.replace("abruti]", "abruti, malotru]")
    page = act(rosa, EDIT, right, "verifier")
    ok(page.status == 200 and "0 erreur, 2 avertissements" in page.parsed.text, "right, with two doubts", page.parsed.text)
    page = act(rosa, EDIT, right, "rejouer")
    text = page.parsed.text
    ok(page.status == 200 and "1 de plus, 0 de moins" in text and "commentaires relus" in text and "<mark>malotru</mark>" in page.body,
       "on the history: what would newly be flagged", text)
    ok("06 12 34" not in text, "… but no number to call", text)
    page = act(rosa, EDIT, wrong, "rejouer")
    ok(page.status == 422 and "Rien n'a été rejoué" in page.parsed.text and "scor" in page.parsed.text, "not with a mistake", page.parsed.text)
    page = act(rosa, EDIT, wrong, "publier", motif="essai")
    ok(page.status == 422 and "Rien n'est publié" in page.parsed.text and typed(page) == wrong, "nor is it published", page.parsed.text)
    ok(act(rosa, EDIT, right, "publier").status == 400, "not without a reason")
    tried = rosa.send("/regles/essayer", at="/regles/essayer", texte="Quel malotru", avec="brouillon")
    ok("À modérer" in tried.parsed.text.split("Priorité")[0] and "brouillon" in tried.parsed.text, "a text under the draft", tried.parsed.text)
    tried = rosa.send("/regles/essayer", at="/regles/essayer", texte="Quel malotru")
    ok("Rien à signaler" in tried.parsed.text, "… and under what is in force")
    return right


def publishing(ok, desk, rosa, right):
    old = desk.json("status")[0]["bundle"]
    say(desk, 10, "Encore ce malotru")
    ok("10" not in waiting(desk), "not flagged so far")
    fields = {**rosa.get(EDIT).form(EDIT), "texte": right, "faire": "publier", "motif": "malotru <b>manquait</b>"}
    statuses = []
    twice = [threading.Thread(target=lambda: statuses.append(rosa.post(EDIT, fields).status)) for _ in range(2)]
    for t in twice:
        t.start()
    for t in twice:
        t.join()
    ok(303 in statuses and set(statuses) <= {303, 429}, "published, though the form was sent twice", statuses)
    page = rosa.post(EDIT, fields, follow=True)
    ok(page.status == 200 and "déjà en vigueur" in page.parsed.text, "a third time changes nothing", page.parsed.text)
    shown = rosa.get("/regles").parsed.text
    ok("Compté " in shown and "0 sur 2" in shown, "other rules: the last figures meanwhile, and their time", shown)
    new = desk.json("status")[0]["bundle"]
    log = desk.json("rules", "log")
    ok(new != old and len(log) == 2 and log[0]["who"] == "rosa" and log[0]["reason"] == "malotru <b>manquait</b>",
       "once, with who and why", log)
    page = rosa.get("/regles/journal")
    ok("malotru <b>manquait</b>" in page.parsed.text and "<b>manquait" not in page.body, "the log of versions, escaped", page.body)
    ok("pas de brouillon" in rosa.get("/regles/modifier").parsed.text, "the draft is no more")
    say(desk, 11, "Toujours ce malotru")
    ok("11" in waiting(desk), "the next comment is judged by them")
    back = f"/regles/revenir/{old}"
    ok(page.has("a", href=back) and not page.has("a", href=f"/regles/revenir/{new}"), "each former version has its way back", page.body)
    form = rosa.get(back).form(back)
    ok(rosa.post(back, {**form, "motif": ""}, follow=True).parsed.text.count("motif") and
       desk.json("status")[0]["bundle"] == new, "not without a reason")
    ok(rosa.post("/regles/revenir/" + "0" * 64, {**form, "motif": "x"}).status == 404, "not to what was never published")
    page = rosa.post(back, {**form, "motif": "trop large"}, follow=True)
    ok("de nouveau en vigueur" in page.parsed.text and desk.json("status")[0]["bundle"] == old, "back", page.parsed.text)
    ok(desk.json("rules", "log")[0]["who"] == "rosa", "… by her")
    say(desk, 12, "Et encore ce malotru")
    ok("12" not in waiting(desk), "and the verdict with it")
    page = rosa.post(f"/regles/revenir/{new}", {**form, "motif": "finalement"}, follow=True)
    ok("entre-temps" in page.parsed.text and desk.json("status")[0]["bundle"] == old, "a page from before goes nowhere", page.parsed.text)


def at_once(ok, desk, rosa):
    paul = desk.person("paul", "regles")
    text = typed(rosa.get(EDIT))
    mine = {**rosa.get(EDIT).form(EDIT), "texte": text.replace("abruti]", "abruti, goujat]")}
    act(rosa, EDIT, mine["texte"], "garder")
    page = act(paul, EDIT, text.replace("abruti]", "abruti, butor]"), "publier", motif="butor")
    ok(page.status == 303, "paul publishes", page.parsed.text)
    theirs = desk.json("status")[0]["bundle"]
    page = rosa.post(EDIT, {**mine, "faire": "publier", "motif": "goujat"})
    ok(page.status == 409 and "D'autres règles ont été publiées" in page.parsed.text and "paul" in page.parsed.text
       and "effacerait ce changement" in page.parsed.text, "rosa is told, and by whom", page.parsed.text)
    ok(typed(page) == mine["texte"] and typed(rosa.get(EDIT)) == mine["texte"] and 'value="goujat"' in page.body,
       "her text is kept, her reason too")
    ok(desk.json("status")[0]["bundle"] == theirs, "and his rules")
    folder = desk.path("state", "bundles", theirs)
    code, _, err = desk.run("rules", "push", folder, "--who", "x", "--reason", "y", "--over", "0" * 64)
    ok(code == 0 and len(desk.json("rules", "log")) == 4, "what is in force already is nothing new", err)
    desk.write("autre/essai.yaml", text.replace("abruti]", "mufle]").replace("connard", "mufle"))
    code, _, err = desk.run("rules", "push", desk.path("autre"), "--who", "x", "--reason", "y", "--over", "0" * 64)
    ok(code == 1 and "entre-temps" in err and desk.json("status")[0]["bundle"] == theirs, "the command line has the same guard", err)
    shutil.rmtree(desk.path("state", "bundles", mine["base"]))
    page = rosa.post(EDIT, {**mine, "faire": "verifier"})
    ok(page.status == 409 and "n'existe plus" in page.parsed.text and typed(page) == mine["texte"],
       "what she began from has been cleared away: said, and her text kept", page.parsed.text)
    other = rosa.get("/regles/modifier/encore")
    ok(other.status == 409 and "n'existe plus" in other.parsed.text and typed(other) is None,
       "another pack of it is not shown as if it were new", other.parsed.text)
    ok("Ses fichiers n'existent plus" in rosa.get("/regles/journal").parsed.text, "there is no way back to it")
    page = rosa.post(EDIT, {**page.form(EDIT), "texte": mine["texte"], "faire": "reprendre"}, follow=True)
    ok("version en vigueur" in page.parsed.text and typed(page) == mine["texte"] and "D'autres règles" not in page.parsed.text,
       "she goes on from his", page.parsed.text)
    ok(act(rosa, EDIT, mine["texte"], "publier", motif="goujat").status == 303, "and publishes")
    page = act(rosa, "/regles/modifier/neuf", "tocsin: 1\npack: neuf\nrules: []\n", "garder")
    ok(page.status == 303 and 'href="/regles/modifier/neuf"' in rosa.get("/regles/modifier").body, "a new pack begins", page.body)
    page = rosa.send("/regles/abandonner", at="/regles/modifier")
    ok("abandonné" in page.parsed.text and "/regles/modifier/neuf" not in page.body, "and is dropped", page.body)
    ok(rosa.get("/regles/modifier?nouveau=../x").status == 400, "not everything is a name")


def pack(name, *words):
    return (f"tocsin: 1\npack: {name}\nrules:\n  - {{id: {name}.a, title: A, status: live, category: spam, priority: P3, score: 6,"
            f" when: {{words: [{', '.join(words)}]}}, tests: {{match: ['{words[0]}'], no_match: ['Bonjour']}}}}\n")


def page_of(name):
    return f"/regles/modifier/{name}"


def active(desk):
    return desk.json("status")[0]["bundle"]


def published_text(desk, name):
    with open(desk.path("state", "bundles", active(desk), f"{name}.yaml"), encoding="utf-8") as f:
        return f.read()


def going_on(person, name, **more):
    """The fields of a page that tells of other rules."""
    page = person.get(page_of(name))
    return {**page.form(page_of(name)), "texte": typed(page), "faire": "reprendre", **more}


def two_packs(ok, desk, rosa, paul):
    """A draft of two packs; a colleague publishes one of them: its other page takes nothing back."""
    act(paul, page_of("aa"), pack("aa", "aaaa"), "garder")
    ok(act(paul, page_of("zz"), pack("zz", "zzzz"), "publier", motif="deux paquets").status == 303, "two packs")
    act(rosa, page_of("aa"), pack("aa", "aaaa", "abab"), "garder")
    act(rosa, page_of("zz"), pack("zz", "zzzz", "zyzy"), "garder")
    theirs = pack("zz", "zzzz", "dupaul")
    ok(act(paul, page_of("zz"), theirs, "publier", motif="dupaul").status == 303, "paul publishes one of them")
    page = rosa.get(page_of("aa"))
    ok("n'y a pas changé" in page.parsed.text and "D'autres paquets" in page.parsed.text and f'href="{page_of("zz")}"' in page.body,
       "on the other's page, the pack in conflict is named", page.parsed.text)
    page = rosa.post(page_of("aa"), going_on(rosa, "aa"))
    ok(page.status == 409 and "à régler d'abord" in page.parsed.text, "she does not go on from there", page.parsed.text)
    page = act(rosa, page_of("aa"), pack("aa", "aaaa", "abab"), "publier", motif="x")
    ok(page.status == 409 and published_text(desk, "zz") == theirs, "nor publishes", page.parsed.text)
    ok("effacerait ce changement" in rosa.get(page_of("zz")).parsed.text, "on its own page: what would be lost")
    old = going_on(rosa, "zz")
    again = pack("zz", "zzzz", "dupaul", "encore")
    ok(act(paul, page_of("zz"), again, "publier", motif="encore").status == 303, "paul publishes again")
    page = rosa.post(page_of("zz"), old)
    ok(page.status == 409 and "viennent d'être publiées" in page.parsed.text, "what she has not seen settles nothing", page.parsed.text)
    both = pack("zz", "zzzz", "dupaul", "encore", "zyzy")
    page = rosa.post(page_of("zz"), going_on(rosa, "zz", texte=both), follow=True)
    ok(typed(page) == both and "D'autres règles" not in page.parsed.text, "settled there", page.parsed.text)
    ok(act(rosa, page_of("aa"), pack("aa", "aaaa", "abab"), "publier", motif="ensemble").status == 303 and
       published_text(desk, "zz") == both and published_text(desk, "aa") == pack("aa", "aaaa", "abab"), "and published, both")


def old_tab(ok, desk, rosa, paul):
    """A page that was open since before, though the draft is of today."""
    tab = rosa.get(page_of("aa")).form(page_of("aa"))
    theirs = pack("aa", "aaaa", "dupaul")
    ok(act(paul, page_of("aa"), theirs, "publier", motif="dupaul").status == 303, "paul publishes")
    ok(act(rosa, page_of("cc"), pack("cc", "cccc"), "garder").status == 303, "rosa begins a draft after that")
    mine = pack("aa", "aaaa", "derosa")
    page = rosa.post(page_of("aa"), {**tab, "texte": mine, "faire": "publier", "motif": "derosa"})
    ok(page.status == 409 and "effacerait ce changement" in page.parsed.text and typed(page) == mine,
       "from a page of before: kept, not published", page.parsed.text)
    page = rosa.post(page_of("aa"), {**page.form(page_of("aa")), "texte": mine, "faire": "publier", "motif": "derosa"})
    ok(page.status == 409 and published_text(desk, "aa") == theirs, "nor the second time", page.parsed.text)
    page = act(rosa, page_of("cc"), pack("cc", "cccc"), "publier", motif="x")
    ok(page.status == 409 and "aa.yaml" in page.parsed.text, "nor from another pack's page", page.parsed.text)
    ok(rosa.post(page_of("aa"), going_on(rosa, "aa")).status == 303 and
       act(rosa, page_of("cc"), pack("cc", "cccc"), "publier", motif="relu").status == 303 and published_text(desk, "aa") == mine,
       "once she has seen what changed, it is")


def meanwhile(ok, desk, rosa):
    """Store stands still while something is published."""
    store = desk.pid("store")
    pages = []
    tab = {**rosa.get(page_of("aa")).form(page_of("aa")), "faire": "publier", "motif": "pendant"}
    first, then = pack("aa", "aaaa", "pendant"), pack("aa", "aaaa", "pendant", "ensuite")
    os.kill(store, signal.SIGSTOP)
    asking = threading.Thread(target=lambda: pages.append(rosa.post(page_of("aa"), {**tab, "texte": first})))
    asking.start()
    desk.wait_for(lambda: children(desk), 10, "a child")
    desk.wait_for(lambda: any(n.startswith("regles-") for n in os.listdir(desk.path("run"))), 10, "its folder")
    kept = [act(rosa, page_of("aa"), then, "garder"), act(rosa, page_of("cc"), pack("cc", "cccc", "cdcd"), "garder")]
    os.kill(store, signal.SIGCONT)
    asking.join()
    page = rosa.follow(pages[0])
    ok([p.status for p in kept] == [303, 303] and "reste dans votre brouillon" in page.parsed.text and
       published_text(desk, "aa") == first, "published, and she kept others meanwhile", page.parsed.text)
    ok(typed(rosa.get(page_of("aa"))) == then and typed(rosa.get(page_of("cc"))) == pack("cc", "cccc", "cdcd"), "those are still there")
    rosa.send("/regles/abandonner", at="/regles/modifier")


def unanswered(ok, desk, rosa):
    """The command does not say whether store did it."""
    store, before = desk.pid("store"), active(desk)
    back = f"/regles/revenir/{desk.json('rules', 'log')[1]['hash']}"
    text = pack("aa", "aaaa", "tard")
    fields = {**rosa.get(page_of("aa")).form(page_of("aa")), "texte": text, "faire": "publier", "motif": "tard"}
    os.kill(store, signal.SIGSTOP)
    page = rosa.post(page_of("aa"), fields)
    ok(page.status == 503 and "On ne sait pas si" in page.parsed.text and "Rien n'est publié" not in page.parsed.text and
       typed(page) == text, "nobody knows whether it is published: said", page.parsed.text)
    page = rosa.post(back, {**rosa.get(back).form(back), "motif": "retour"}, follow=True)
    ok("On ne sait pas si" in page.parsed.text, "going back: the same", page.parsed.text)
    pages = []
    asking = threading.Thread(target=lambda: pages.append(rosa.post(page_of("aa"), fields)))
    asking.start()
    desk.wait_for(lambda: children(desk), 10, "a child")
    child = int(children(desk)[0])
    desk.wait_for(lambda: made(desk, text), 20, "the bundle that it would publish")
    os.kill(child, signal.SIGSTOP)
    os.kill(store, signal.SIGCONT)
    code, _, err = desk.run("rules", "push", made(desk, text), "--who", "rosa", "--reason", "tard")
    ok(code == 0 and active(desk) != before, "store does it", err)
    os.kill(child, signal.SIGKILL)
    asking.join()
    ok(pages[0].status == 303 and "Règles publiées" in rosa.follow(pages[0]).parsed.text and
       "pas de brouillon" in rosa.get("/regles/modifier").parsed.text, "and though the command was killed, she is told so",
       pages[0].parsed.text)


def made(desk, text):
    """The bundle that says this of its pack aa."""
    for name in os.listdir(desk.path("state", "bundles")):
        path = desk.path("state", "bundles", name, "aa.yaml")
        if not name.startswith(".") and os.path.exists(path):
            with open(path, encoding="utf-8") as f:
                if f.read() == text:
                    return os.path.dirname(path)
    return None


BOMBS = {
    "aliases": "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
    "depth": "[" * 20000,
    "depth of maps": "{a: " * 5000,
    "a merge": "tocsin: 1\n<<: {pack: x}\n",
    "a tag": "!!python/object/apply:os.system ['x']\n",
    "two documents": "tocsin: 1\n---\ntocsin: 1\n",
    "tabs": "tocsin: 1\npack: essai\nrules:\n\t- id: x\n",
    "a long line": "tocsin: 1\npack: essai\ntitle: " + "x" * 400000 + "\nowne: 1\n",
    "a costly expression": "tocsin: 1\npack: essai\nrules:\n  - {id: a, title: A, category: spam, when: {regex: '(a+)+(b+)+.*$'}}\n",
    "many keys": "tocsin: 1\n" + "".join(f"k{i}: 1\n" for i in range(20000)),
}


def bombs(ok, desk, rosa):
    for name, text in BOMBS.items():
        page = act(rosa, EDIT, text, "verifier")
        ok(page.status == 422 and typed(page) == text and len(page.body) < 2_000_000, f"refused: {name}", page.status)
    fields = rosa.get(EDIT).form(EDIT)
    kept = typed(rosa.get(EDIT))
    page = rosa.post(EDIT, {**fields, "texte": "x" * 600_000, "faire": "garder"})
    ok(page.status == 413 and typed(page) == "x" * 600_000 and "512 Kio" in page.parsed.text and typed(rosa.get(EDIT)) == kept,
       "a pack is not without end; what was typed is given back", page.parsed.text)
    ok(rosa.ask("POST", EDIT, "x" * 1_700_000, KIND).status == 413, "nor is a form")
    ok(rosa.ask("POST", "/regles/essayer", "x" * 100_000, KIND).status == 413 and
       desk.visitor().ask("POST", EDIT, "x" * 100_000, KIND).status == 413, "elsewhere, and of strangers, less is taken")
    pieces = [b"x" * 10_000] * 10
    pages = [desk.visitor().ask("POST", path, iter(pieces), KIND) for path in ("/connexion", EDIT)]
    # a page from behind the door would bring a stranger his cookie
    ok(all(p.status == 413 and "trop long" in p.parsed.text and not p.headers["Set-Cookie"] for p in pages),
       "in pieces neither: refused at the door, not when all was read", [p.body for p in pages])
    whole = urllib.parse.urlencode({**fields, "texte": kept + "# " + "x" * 100_000, "faire": "garder"}).encode()
    ok(rosa.ask("POST", EDIT, iter([whole]), KIND).status == 303, "but of who is signed in")
    ok(rosa.post(EDIT, {**fields, "texte": "x", "faire": "exploser"}).status == 400 and
       rosa.post(EDIT, {**fields, "base": "../..", "texte": "x", "faire": "garder"}).status == 400, "a button that is none")
    kept = "tocsin: 1\r\npack: \u202eessai\u200b </textarea><script>\r\n"
    act(rosa, EDIT, kept, "garder")
    page = rosa.get(EDIT)
    ok(typed(page) == kept.replace("\r", "") and "<script>\r" not in page.body and "</textarea><script>" not in page.body,
       "a text comes back as it was", typed(page))
    rosa.send("/regles/abandonner", at="/regles/modifier")


def hanging(ok, desk, rosa):
    """A pipe nobody writes to lies among the rules: whoever reads them waits for ever."""
    pipe = desk.path("state", "bundles", desk.json("status")[0]["bundle"], "zzz.yaml")
    with open(pipe, "w", encoding="utf-8") as f:
        f.write("tocsin: 1\npack: [\n")
    said = desk.again("anne").send("/regles/essayer", at="/regles/essayer", texte="Bonjour")
    ok(said.status == 422 and "prévenez ceux qui les écrivent" in said.parsed.text, "rules that do not load, for a moderator",
       said.parsed.text)
    os.remove(pipe)
    os.mkfifo(pipe)
    answers = []
    ok(act(rosa, EDIT, typed(rosa.get(EDIT)) + "# gardé\n", "garder").status == 303, "a draft")
    fields = rosa.get("/regles/essayer").form("/regles/essayer")

    def ask():
        answers.append(rosa.post("/regles/essayer", {**fields, "texte": "Bonjour"}))
    asking = threading.Thread(target=ask)
    asking.start()
    desk.wait_for(lambda: children(desk), 10, "a child")
    child = int(children(desk)[0])

    def expendable():
        with open(f"/proc/{child}/oom_score_adj", encoding="ascii") as f:
            return f.read() == "1000\n"
    desk.wait_for(lambda: expendable() and os.getpriority(os.PRIO_PROCESS, child) == 10, 10, "its place behind the others")
    ok(expendable(), "when memory is short it is the first to end")
    ok(rosa.post("/regles/essayer", {**fields, "texte": "Bonjour"}).status == 429, "one at a time for each person")
    began = time.monotonic()
    ok(rosa.get("/healthz").status == 200 and rosa.get("/regles/modifier").status == 200 and time.monotonic() - began < 5,
       "nobody else waits for it")
    asking.join()
    ok(answers[0].status == 503 and "trop de temps" in answers[0].parsed.text, "one that hangs is ended, and that is said", answers[0].body)
    ok(not children(desk), "it is gone")
    asking = threading.Thread(target=ask)
    asking.start()
    desk.wait_for(lambda: children(desk), 10, "another child")
    ok(desk.stop() == 0, "the town stops though one hangs")
    asking.join()
    ok(not [n for n in os.listdir(desk.path("run")) if n.startswith("regles-")], "no folder is left behind", os.listdir(desk.path("run")))
    os.remove(pipe)


def again(ok, desk):
    """Another start."""
    os.makedirs(desk.path("run", "regles-ancien"))
    os.remove(desk.path("log.txt"))
    desk.start()
    ok(not os.path.exists(desk.path("run", "regles-ancien")), "what a killed console left is cleared away")
    ok(typed(desk.again("rosa").get(EDIT)).endswith("# gardé\n"), "a draft outlives it")
    ok(desk.stop() == 0, "the town stops")


def works(child):
    """It works for somebody: `rules list` counts behind the pages."""
    try:
        with open(f"/proc/{child}/cmdline", encoding="utf-8") as f:
            words = f.read().split("\0")
        return words[1] == "rules" and words[2] != "list"
    except (FileNotFoundError, ProcessLookupError):
        return False


def children(desk):
    pid = desk.pid("console")
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as f:
            return [child for child in f.read().split() if works(child)]
    except FileNotFoundError:
        return []


def reading(ok, desk):
    juno = desk.person("juno", "juriste")
    ok(juno.follow(juno.get("/")).status == 200 and "/regles/modifier" not in juno.get("/regles").body, "a jurist reads")
    ok("Revenir à cette version" not in juno.get("/regles/journal").parsed.text, "and changes nothing")


def leaving(ok, desk):
    """Somebody goes; somebody else comes of the same name."""
    paul = desk.again("paul")
    act(paul, page_of("aa"), pack("aa", "aaaa", "parti"), "garder")
    ok("Votre brouillon" in paul.get("/regles/modifier").parsed.text, "a draft")
    code, _, err = desk.run("user", "remove", "paul", "--who", "x")
    ok(code == 0, "the account goes", err)
    ok("pas de brouillon" in desk.person("paul", "regles").get("/regles/modifier").parsed.text,
       "its draft is not the next one's")


def scenario(ok):
    with Desk(HEARD) as desk:
        desk.comments("site.jsonl", [comment(1, "Espèce de connard ! Écris à jean@ville.example", "a1", 1), comment(2, "Bande d'abrutis", "a2", 2),
                                     comment(3, "Quel malotru, appelez le 06 12 34 56 78", "a3", 3)])
        desk.start()
        desk.wait_for(lambda: desk.committed() == 3 and len(waiting(desk)) == 2, 20, "the comments")
        rosa = desk.person("rosa", "regles")
        in_force(ok, desk, rosa)
        trying(ok, desk)
        publishing(ok, desk, rosa, editing(ok, desk, rosa))
        at_once(ok, desk, rosa)
        two_packs(ok, desk, rosa, desk.again("paul"))
        old_tab(ok, desk, rosa, desk.again("paul"))
        meanwhile(ok, desk, rosa)
        unanswered(ok, desk, rosa)
        reading(ok, desk)
        leaving(ok, desk)
        bombs(ok, desk, rosa)
        hanging(ok, desk, rosa)
        again(ok, desk)


main(scenario)
