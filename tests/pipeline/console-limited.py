"""An account that sees some sources only. Every route of the table × what is of a source that is not his: he is answered as if it
were not there, and nothing of it stands in what he is told, where who sees the town reads it. What is not for him at all is refused,
whatever his role; a route that nobody has thought of here fails; a migration's new table shows him nothing."""
import re
import sqlite3
import urllib.parse

from desk import database, routes
from limited import ASKED, FOREIGN, OWN, ask, limited, texts, town
from town import main

# Of each route that is open to him: PLAIN has nothing of comments; NUMBERED is not there with a number of the other source; FORM is
# sent with such numbers in decisions(), later() and console-limited-dossiers; else the addresses at which who sees the town reads what is of the other source.
PLAIN, NUMBERED, FORM = "plain", "numbered", "form"
LIMITED = {
    ("POST", "/deconnexion"): PLAIN, ("GET", "/mot-de-passe"): PLAIN, ("POST", "/mot-de-passe"): PLAIN, ("GET", "/"): PLAIN,
    ("GET", "/raccourcis"): PLAIN, ("POST", "/raccourcis"): PLAIN,
    ("GET", "/moderation"): ["/moderation", "/moderation?source=forum&filtrer=1", "/moderation?choisir=tout", "/moderation?categorie=menace&filtrer=1"],
    ("GET", "/reponse"): ["/reponse"], ("GET", "/commentaires"): ["/commentaires", "/commentaires?source=forum&filtrer=1"],
    ("GET", "/vues"): ["/vues"], ("POST", "/vues"): PLAIN, ("POST", "/vues/*/retirer"): FORM,
    ("GET", "/recherche"): ["/recherche?q=abruti&motif=x", "/recherche?q=cantine&motif=x"],
    ("POST", "/moderation/lot"): FORM, ("POST", "/moderation/lot/decider"): FORM, ("POST", "/moderation/lot/*/annuler"): FORM,
    ("GET", "/moderation/*"): NUMBERED, ("GET", "/moderation/*/attente"): NUMBERED, ("GET", "/moderation/*/reponse"): NUMBERED,
    ("GET", "/moderation/*/transferer"): NUMBERED, ("POST", "/moderation/*/prendre"): NUMBERED, ("POST", "/moderation/*/rendre"): NUMBERED,
    ("POST", "/moderation/*/decider"): NUMBERED, ("POST", "/moderation/*/oubli"): NUMBERED, ("POST", "/moderation/*/annuler"): NUMBERED,
    ("GET", "/moderation/*/dossier"): NUMBERED, ("POST", "/moderation/*/dossier"): NUMBERED,
    ("GET", "/dossiers"): ["/dossiers", "/dossiers?tous=1"], ("GET", "/dossiers/*"): NUMBERED, ("POST", "/dossiers/*/noter"): NUMBERED,
    ("POST", "/dossiers/*/envoi"): NUMBERED, ("POST", "/dossiers/*/retirer"): NUMBERED, ("POST", "/dossiers/*/lever"): NUMBERED,
}


def accounts(ok, desk):
    """What the command takes."""
    def user(*words):
        code, out, err = desk.run("user", *words, input="mot de passe assez long\n")
        return code, out + err
    for words, why in ((("add", "x1", "--roles", "moderation", "--sources", "nulle"), "source inconnue"),
                       (("add", "x2", "--roles", "moderation", "--sources", "site,,forum"), "identifiants"),
                       (("add", "x3", "--roles", "moderation", "--sources", "a');--"), "identifiants"),
                       (("add", "x4", "--roles", "moderation,dircom", "--sources", "site"), "sans autre rôle"),
                       (("add", "x5", "--roles", "dpo", "--sources", "site"), "sans autre rôle"),
                       (("add", "x6", "--roles", "juriste,regles", "--sources", "site"), "sans autre rôle"),
                       (("set", "lea", "--roles", "dircom"), "sans autre rôle"), (("set", "anne", "--sources", "site"), "sans autre rôle")):
        code, said = user(*words)
        ok(code != 0 and why in said, f"refused: {' '.join(words)}", said)
    ok([a["sources"] for a in desk.json("user", "list") if a["name"] == "lea"] == ["site"], "the list says which")
    page = desk.again("anne").get("/comptes")
    ok("site" in page.parsed.text and "toutes" in page.parsed.text, "and so does the page", page.body)


def asked_numbers(path, comments, dossiers):
    if "*" not in path:
        return (None,)
    return dossiers if path.startswith("/dossiers/") else comments


def matrix(ok, desk, person, role, comments, dossiers):
    """Every route × the comments and dossiers of the other source, and without a number."""
    csrf, wrong, leaks, n = person.follow(person.get("/")).csrf, [], [], 0
    for method, path, roles in routes():
        if path == "/deconnexion" or "*" in roles:
            continue
        for number in asked_numbers(path, comments, dossiers):
            page = ask(person, method, path.replace("*", str(number)), csrf)
            n += 1
            mine = (method, path) in LIMITED and role in roles
            if not mine and page.status != 403 or mine and LIMITED[method, path] == NUMBERED and page.status != 404:
                wrong.append((method, path, number, page.status))
            leaks += [(method, path, number, word) for word in texts(page)]
    ok(not wrong and n > 100, f"{n} questions of a {role} about what is not his: nothing is there", wrong or n)
    ok(not leaks, "… and no answer says anything of it", leaks)


def both(ok, anne, person, role, ids):
    """The pages that he may open: nothing of the other source is there, where who sees the town reads it."""
    blind, seen, wrong = [], [], []
    for method, path, roles in routes():
        what = LIMITED.get((method, path))
        if role not in roles or method != "GET" or what in (None, PLAIN, FORM):
            continue
        addresses = what if what != NUMBERED else [path.replace("*", str(ids["dossier"] if path.startswith("/dossiers/") else n))
                                                   for n in ((None,) if path.startswith("/dossiers/") else (ids["asked"],))]
        for address in addresses:
            if not texts(anne.get(address)):
                blind.append(address)
            page = person.get(address)
            seen += [(address, word) for word in texts(page)]
            if page.status != (200 if what != NUMBERED else 404):
                wrong.append((address, page.status))
    ok(not blind, "who sees the town reads there what is of the other source", blind)
    ok(not seen and not wrong, f"a {role} of one source does not", seen + wrong)


def lists(ok, lea, own):
    page = lea.get("/moderation")
    ok(OWN in page.body and re.search(r'data-file="moderation">1<', page.body), "what waits there is counted for him", page.body)
    ok('value="forum"' not in page.body and "Forum" not in page.parsed.text, "the other source has no name there")
    ok(not any(link in page.body for link in ("/situation", "/equipe", "/regles", "direct.js")), "nothing leads to what he may not open")
    page = lea.get(f"/moderation/{own}")
    ok(OWN in page.body and "voisin1" in page.body and not texts(page), "his own is whole: text, thread, who wrote it")
    page = lea.get("/equipe/statistiques")
    ok(page.status == 403 and "toute la ville" in page.parsed.text, "the team's figures are the town's, which is said", page.body)


def look_for(person, q, why="plainte", more=""):
    return person.get("/recherche?" + urllib.parse.urlencode({"q": q, "motif": why}) + more)


def found(page):
    return [int(n) for n in re.findall(r'<article[^>]* id="c(\d+)"', page.body)]


def bare(page, word):
    """Without what differs from one search to the next."""
    return re.sub(r'value="[0-9a-f]{32,}"', "", page.body).replace(word, "…")


def searches(ok, desk, anne, lea, own, foreign):
    page = look_for(lea, "abruti")
    ok(found(page) == [own] and "1 commentaire :" in page.parsed.text and not texts(page), "a search finds what is his, and counts that", page.body)
    ok(not found(look_for(lea, "abruti", more=f"&avant={own}")) and found(look_for(lea, "abruti", more=f"&avant={max(own, foreign) + 1}")) == [own],
       "and so does its next page")
    none, nowhere = look_for(lea, FOREIGN), look_for(lea, "coquecigrue")
    ok(not found(none) and "Rien n'a été trouvé" in none.parsed.text and bare(none, FOREIGN) == bare(nowhere, "coquecigrue"),
       "a word of the other source is one that is nowhere", (none.body, nowhere.body))
    ok(found(look_for(anne, FOREIGN)) and found(look_for(lea, OWN)) == [own], "who sees the town finds it there")
    ok([lea.get("/recherche?q=abruti").status, lea.get("/recherche").status] == [400, 200], "no search without a reason")
    log = database(desk, "SELECT what, why FROM audit WHERE verb = 'search' AND who = 'lea' ORDER BY id")
    ok(("abruti", "plainte") in log and (FOREIGN, "plainte") in log, "who looked, for what and why, is written down", log)
    ok("/recherche" in lea.get("/moderation").body, "the files lead there")


def decisions(ok, desk, lea, own, foreign):
    def waiting():
        return {seq for seq, in database(desk, "SELECT seq FROM queue")}
    def made():
        return database(desk, "SELECT count(*) FROM decision WHERE who = 'lea'")[0][0]
    form = lea.get(f"/moderation/{own}").form(f"/moderation/{own}/decider")
    page = lea.post(f"/moderation/{foreign}/decider", {**form, "decision": "masquer", "motif": "x"})
    ok(page.status == 404 and foreign in waiting() and not made(), "a decision on another source's: 404, and none is made", page.status)
    chosen = lea.get("/moderation?choisir=1").form("/moderation/lot")
    seen = lea.post("/moderation/lot", {**chosen, "liste": f"{foreign}-0", f"c{foreign}": "on"})
    ok(seen.status == 200 and not texts(seen), "the preview of many says nothing of it", texts(seen))
    both = lea.post("/moderation/lot", {**chosen, f"c{own}": "on"})
    page = lea.post("/moderation/lot/decider", {**both.form("/moderation/lot/decider"), "liste": f"{foreign}-0", "decision": "laisser", "motif": "x"})
    ok(page.status in (303, 400, 409) and foreign in waiting() and not made(), "nor is one made together with many", page.status)
    page = lea.post(f"/moderation/{own}/decider", {**form, "decision": "laisser", "motif": ""}, follow=True)
    ok(page.status == 200 and not texts(page) and made() == 1, "his own he decides", page.body)
    page = lea.get(f"/moderation/{own}")
    ok("lea" in page.parsed.text and not texts(page), "and reads what was decided")


def later(ok, desk, lea):
    """What goes on when a password was hashed, or asks about the team's views, is of his sources too."""
    form = lea.get("/mot-de-passe").form("/mot-de-passe")
    page = lea.post("/mot-de-passe", {**form, "ancien": "un autre mot de passe", "secret": "encore un autre mot", "encore": "encore un autre mot"})
    ok(page.status == 403 and 'data-file="reponse"' not in page.body and 'data-file="moderation">1<' in page.body,
       "the page behind a wrong password counts what is his", page.body)
    shared = database(desk, "SELECT id FROM view WHERE owner = ''")
    answers = [lea.post(f"/vues/{number}/retirer", {"csrf": lea.get("/vues").csrf}).status for number in (shared[0][0], 999999)]
    ok(answers == [404, 404] and database(desk, "SELECT id FROM view WHERE owner = ''") == shared, "the team's view is not there for him, not even to be removed", answers)
    lea.post("/vues", {"csrf": lea.get("/moderation").csrf, "nom": "la mienne", "adresse": "/moderation?source=site&filtrer=1"})
    mine = database(desk, "SELECT id FROM view WHERE owner = 'lea'")
    ok(lea.post(f"/vues/{mine[0][0]}/retirer", {"csrf": lea.get("/vues").csrf}).status == 303 and not database(desk, "SELECT id FROM view WHERE owner = 'lea'"),
       "his own he removes", mine)


def unknown_table(ok, desk, lea):
    """What is not listed in reader/limit.c is empty."""
    known = {row[0] for row in database(desk, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*'")}
    ok({"incident", "entry", "dossier", "audit", "handled", "dead", "quarantine"} <= known, "what speaks of the town is in tables", known)
    with sqlite3.connect(desk.path("state", "store.db")) as db:
        held = db.execute("SELECT count(*) FROM incident").fetchone()[0]
    ok(held and lea.get("/situation").status == 403, "an alarm rings of the other source, and he has no page of it")


def furnish(desk, anne, ids):
    """What the other source has beside its comments: a dossier, a view of the team's, an index of its words."""
    page = anne.get(f"/moderation/{ids['threat']}/dossier")
    page = anne.post(f"/moderation/{ids['threat']}/dossier", {"csrf": page.csrf, "objet": FOREIGN, "but": "plainte", "victime": "agent", "note": ASKED})
    ids["dossier"] = int(page.headers["Location"].rsplit("/", 1)[1])
    anne.post("/vues", {"csrf": anne.get("/moderation").csrf, "nom": f"vue {FOREIGN}", "adresse": "/moderation?source=forum&filtrer=1", "equipe": "1"})
    desk.wait_for(lambda: all(texts(anne.get(address)) for address in LIMITED["GET", "/recherche"]) and found(look_for(anne, OWN)), 30, "the full text")


def scenario(ok):
    with town() as (desk, anne, ids):
        open_to_him = {(method, path) for method, path, roles in routes() if "sources" in roles}
        ok(open_to_him == set(LIMITED), "every route that is open to who sees some sources is thought of here", open_to_him ^ set(LIMITED))
        lea, jo = limited(desk, "lea", "moderation"), limited(desk, "jo", "juriste")
        furnish(desk, anne, ids)
        accounts(ok, desk)
        anne = desk.again("anne")
        lists(ok, lea, ids["own"])
        later(ok, desk, lea)
        comments, dossiers = [ids["threat"], ids["insult"], ids["asked"], 999999], [ids["dossier"], 999999]
        for person, role in ((lea, "moderation"), (jo, "juriste")):
            matrix(ok, desk, person, role, comments, dossiers)
            both(ok, anne, person, role, ids)
        searches(ok, desk, anne, lea, ids["own"], ids["insult"])
        decisions(ok, desk, lea, ids["own"], ids["insult"])
        unknown_table(ok, desk, lea)
        code, out, err = desk.run("user", "set", "lea", "--sources", "tout")
        ok(code == 0 and lea.get("/moderation").status == 303, "another limit ends his sessions", out + err)
        ok(FOREIGN in desk.again("lea").get("/moderation").body, "and without one he sees the town")
        ok(desk.stop() == 0, "the town stops", desk.log())


main(scenario)
