"""An account that sees some sources only. Every route of the table, every address of the API × what is of a source that is not
his: he is answered as if it were not there, and nothing of it stands in what he is told. What is not for him at all is refused,
whatever his role; a migration's new table shows him nothing until somebody has thought of it."""
import json
import re
import sqlite3
import urllib.parse

from desk import Desk, Person, database, routes, seq_of
from town import asked_topic, comment, main

SOURCES = "".join(f"  - {{id: {name}, kind: jsonl, path: {name}.jsonl, follow: yes}}\n" for name in ("site", "forum"))
OWN, FOREIGN, ASKED = "carabistouille", "zinzolin", "mirliton" # ASKED: a question, of the other source
THREAT = "on sait où tu habites"
TOPIC = asked_topic("cantine")
NEVER = (FOREIGN, ASKED, "voisin9")
PRESENT = {"/moderation/*", "/moderation/*/attente", "/moderation/*/reponse", "/moderation/*/transferer"}


def texts(page):
    return [word for word in NEVER if word in page.body]


def ask(person, method, address, csrf):
    if method == "POST":
        return person.post(address, {"csrf": csrf})
    return person.ask("HEAD" if address == "/evenements" else "GET", address)


def api(desk, method, path, token, body=None):
    headers = {"Authorization": "Bearer " + token, "Content-Type": "application/json"}
    return Person(desk.port).ask(method, "/api/v1" + path, json.dumps(body or {}) if method == "POST" else None, headers)


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
                       (("set", "lea", "--roles", "dircom"), "sans autre rôle"), (("set", "anne", "--sources", "site"), "sans autre rôle")):
        code, said = user(*words)
        ok(code != 0 and why in said, f"refused: {' '.join(words)}", said)
    ok([a["sources"] for a in desk.json("user", "list") if a["name"] == "lea"] == ["site"], "the list says which")
    page = desk.again("anne").get("/comptes")
    ok("site" in page.parsed.text and "toutes" in page.parsed.text, "and so does the page", page.body)


def matrix(ok, desk, lea, ids):
    """Every route × the comments of the other source, and without a number."""
    csrf, wrong, leaks, n = lea.get("/moderation").csrf, [], [], 0
    for method, path, roles in routes():
        if path == "/deconnexion" or "*" in roles:
            continue
        for number in ids if "*" in path else (None,):
            page = ask(lea, method, path.replace("*", str(number)), csrf)
            n += 1
            limited = "sources" in roles
            expected = 403 if not limited else 404 if path.startswith("/moderation/*") else None
            if expected and page.status != expected:
                wrong.append((method, path, number, page.status))
            leaks += [(method, path, number, word) for word in texts(page)]
    ok(not wrong and n > 100, f"{n} questions about what is not his: nothing is there", wrong or n)
    ok(not leaks, "… and no answer says anything of it", leaks)


def lists(ok, desk, lea, own):
    for path in ("/moderation", "/reponse", "/commentaires", "/moderation?source=forum&filtrer=1", "/commentaires?source=forum&filtrer=1",
                 "/moderation?choisir=tout", "/vues", f"/moderation/{own}", "/moderation?categorie=menace&filtrer=1"):
        page = lea.get(path)
        ok(page.status == 200 and not texts(page), f"{path}: his alone", (page.status, texts(page)))
    page = lea.get("/moderation")
    ok(OWN in page.body and re.search(r'data-file="moderation">1<', page.body), "what waits there is counted for him", page.body)
    ok('value="forum"' not in page.body and "Forum" not in page.parsed.text, "the other source has no name there")
    ok(not any(link in page.body for link in ("/situation", "/equipe", "/dossiers", "direct.js")), "nothing leads to what he may not open")
    page = lea.get(f"/moderation/{own}")
    ok(OWN in page.body and "voisin1" in page.body, "his own is whole: text, thread, who wrote it")


def look_for(person, q, why="plainte", more=""):
    return person.get("/recherche?" + urllib.parse.urlencode({"q": q, "motif": why}) + more)


def found(page):
    return [int(n) for n in re.findall(r'<article[^>]* id="c(\d+)"', page.body)]


def searches(ok, desk, anne, lea, own, foreign):
    desk.wait_for(lambda: set(found(look_for(anne, "abruti"))) == {own, foreign}, 30, "the full text of both")
    page = look_for(lea, "abruti")
    ok(found(page) == [own] and "1 commentaire :" in page.parsed.text and not texts(page), "a search finds what is his, and counts that", page.body)
    ok(not found(look_for(lea, "abruti", more=f"&avant={own}")) and found(look_for(lea, "abruti", more=f"&avant={max(own, foreign) + 1}")) == [own],
       "and so does its next page")
    none, nowhere = look_for(lea, FOREIGN), look_for(lea, "coquecigrue")
    same = re.sub(r'value="[0-9a-f]{32,}"', "", none.body).replace(FOREIGN, "…") == re.sub(r'value="[0-9a-f]{32,}"', "", nowhere.body).replace("coquecigrue", "…")
    ok(not found(none) and "Rien n'a été trouvé" in none.parsed.text and same, "a word of the other source is one that is nowhere", (none.body, nowhere.body))
    ok(found(look_for(anne, FOREIGN)) and found(look_for(lea, OWN)) == [own], "who sees the town finds it there")
    ok([lea.get("/recherche?q=abruti").status, lea.get("/recherche").status] == [400, 200], "no search without a reason")
    ok(database(desk, "SELECT what, why FROM audit WHERE verb = 'search' AND who = 'lea' ORDER BY id LIMIT 1") == [("abruti", "plainte")], "who looked, for what and why, is written down")
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


def later(ok, desk, anne, lea):
    """What goes on when a password was hashed, or asks about the team's views, is of his sources too."""
    form = lea.get("/mot-de-passe").form("/mot-de-passe")
    page = lea.post("/mot-de-passe", {**form, "ancien": "un autre mot de passe", "secret": "encore un autre mot", "encore": "encore un autre mot"})
    ok(page.status == 403 and 'data-file="reponse"' not in page.body and 'data-file="moderation">1<' in page.body,
       "the page behind a wrong password counts what is his", page.body)
    page = anne.post("/vues", {"csrf": anne.get("/moderation").csrf, "nom": f"vue {FOREIGN}", "adresse": "/moderation?source=forum&filtrer=1", "equipe": "1"})
    shared = database(desk, "SELECT id FROM view WHERE owner = ''")
    ok(len(shared) == 1, "the team has a view", (page.status, page.body))
    answers = [lea.post(f"/vues/{number}/retirer", {"csrf": lea.get("/vues").csrf}).status for number in (shared[0][0], 999999)]
    ok(answers == [404, 404] and database(desk, "SELECT id FROM view WHERE owner = ''") == shared, "which is not there for him, not even to be removed", answers)
    lea.post("/vues", {"csrf": lea.get("/moderation").csrf, "nom": "la mienne", "adresse": "/moderation?source=site&filtrer=1"})
    mine = database(desk, "SELECT id FROM view WHERE owner = 'lea'")
    ok(lea.post(f"/vues/{mine[0][0]}/retirer", {"csrf": lea.get("/vues").csrf}).status == 303 and not database(desk, "SELECT id FROM view WHERE owner = 'lea'"),
       "his own he removes", mine)


def tokens(ok, desk, own, foreign):
    code, out, err = desk.run("token", "add", "outil", "--account", "lea", "--scope",
                              "queue:read,queue:decide,incidents:read,statistics:read,rules:read")
    text = re.search(r"tocsin_\w+", out)
    token = text.group(0) if text else out.strip().split()[-1]
    page = api(desk, "GET", "/queue?lane=moderation", token)
    ok(page.status == 200 and not texts(page), "a token of his reads his queue", (page.status, page.body, out + err))
    for method, path in (("GET", f"/queue/{foreign}"), ("POST", f"/queue/{foreign}/decision"), ("POST", f"/queue/{foreign}/undo")):
        page = api(desk, method, path, token, {"decision": "laisser"} if path.endswith("decision") else None)
        ok(page.status == 404 and not texts(page), f"{method} {path}: nothing is there", (page.status, page.body))
    ok(api(desk, "GET", f"/queue/{own}", token).status == 200, "his own is there")
    for path in ("/incidents", "/incidents/1", "/statistics", "/rules"):
        ok(api(desk, "GET", path, token).status == 403, f"{path} is not for him")


def unknown_table(ok, desk, lea):
    """What is not listed in reader/limit.c is empty."""
    known = {row[0] for row in database(desk, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*'")}
    ok({"incident", "entry", "dossier", "audit", "handled", "dead", "quarantine"} <= known, "what speaks of the town is in tables", known)
    with sqlite3.connect(desk.path("state", "store.db")) as db:
        held = db.execute("SELECT count(*) FROM incident").fetchone()[0]
    ok(held and lea.get("/situation").status == 403, "an alarm rings of the other source, and he has no page of it")


def scenario(ok):
    with Desk(SOURCES, rules=open_rules() + TOPIC) as desk:
        desk.comments("site.jsonl", [comment(1, f"Espèce d'abruti, {OWN}", "voisin1", 1, thread="fil"), comment(2, "rien de tel", "voisin1", 2, thread="fil")])
        desk.comments("forum.jsonl", [comment(1, f"{THREAT}, {FOREIGN}", "voisin9", 3, thread="fil"), comment(2, f"abruti {FOREIGN}", "voisin1", 4),
                                      comment(3, f"la cantine, {ASKED} ?", "voisin9", 5, thread="fil")])
        desk.start()
        desk.wait_for(lambda: desk.committed() == 5, 30, "everything")
        desk.account("lea", "moderation", "mot de passe assez long", "--sources", "site")
        anne = desk.person("anne", "moderation,dircom,admin")
        lea = desk.visitor()
        ok(lea.sign_in("lea", "mot de passe assez long").status == 303, "who sees one source signs in")
        desk.wait_for(lambda: anne.get("/situation/1").status == 200, 30, "the alarm")
        own, threat, insult, asked = (seq_of(desk, x) for x in (OWN, THREAT, f"abruti {FOREIGN}", ASKED))
        ok(all(word in anne.get("/commentaires").body for word in (OWN, FOREIGN, ASKED)), "who sees the town sees both")
        accounts(ok, desk)
        anne = desk.again("anne")
        lists(ok, desk, lea, own)
        later(ok, desk, anne, lea)
        matrix(ok, desk, lea, (threat, insult, asked, 999999))
        searches(ok, desk, anne, lea, own, insult)
        decisions(ok, desk, lea, own, insult)
        tokens(ok, desk, own, insult)
        unknown_table(ok, desk, lea)
        code, out, err = desk.run("user", "set", "lea", "--sources", "tout")
        ok(code == 0 and lea.get("/moderation").status == 303, "another limit ends his sessions", out + err)
        again = desk.visitor()
        again.sign_in("lea", "mot de passe assez long")
        ok(FOREIGN in again.get("/moderation").body, "and without one he sees the town")
        ok(desk.stop() == 0, "the town stops", desk.log())


def open_rules():
    from town import RULES
    return RULES


main(scenario)
