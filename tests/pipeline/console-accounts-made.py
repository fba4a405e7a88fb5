"""An account's life in the console: added by the administration, which never knows a password; a link behind which its owner
chooses one; other roles, a link again, shut out, let in. What each is refused, what two administrators do at once, what is written
down, and that it holds for open sessions at once."""
import re
import sqlite3
import time

from desk import PASSWORD, Desk, database
from limited import api
from town import comment, levels, main

SOURCES = "  - {id: site, title: Site de la ville, kind: jsonl, path: site.jsonl, follow: yes}\n" \
          "  - {id: forum, kind: jsonl, path: forum.jsonl, follow: yes}\n"
SERVICES = "services:\n  - {id: voirie, nom: Service voirie}\n"
POLICY = "people:\n  - {id: lea, name: Léa Martin, mail: lea@ville.example}\n" + levels("lea")
OWN, OTHER = "le mot de passe de léa", "un autre, choisi ensuite"


def journal(desk, name):
    """[(who, why)], the oldest first."""
    return database(desk, "SELECT who, why FROM audit WHERE verb = 'account' AND what = ? ORDER BY id", name)


def account(desk, name):
    return database(desk, "SELECT roles, held, secret, sources, services, lang FROM account WHERE name = ?", name)


def links(desk):
    return {name: (bytes(digest), until) for name, digest, until in database(desk, "SELECT account, digest, until FROM setup")}


def shown_link(page):
    """The path of the link that this page shows, or None."""
    found = re.search(r'<textarea id="lien" [^>]*>[^<]*(/mot-de-passe/[0-9a-f]{64})</textarea>', page.body)
    return found and found[1]


def roles(*names):
    return {"role-" + name: "1" for name in names}


def add(admin, name, *given, more=None, reason="arrivée", form=None):
    form = form or admin.get("/comptes-nouveau").form("/comptes-nouveau")
    return admin.post("/comptes-nouveau", {**form, "nom": name, "langue": "", "motif": reason, **roles(*given), **(more or {})})


def act(admin, name, what, *given, more=None, reason="essai", form=None):
    path = f"/comptes/{name}/{what}"
    form = form or admin.get(f"/comptes/{name}").form(path)
    return admin.post(path, {**form, "motif": reason, **roles(*given), **(more or {})})


def choose(visitor, path, password, again=None):
    page = visitor.get(path)
    return visitor.post(path, {"csrf": page.csrf or visitor.get("/connexion").csrf, "secret": password, "encore": password if again is None else again})


def checked(page):
    return {a["name"] for tag, a in page.parsed.elements if tag == "input" and a.get("type") == "checkbox" and "checked" in a}


def value_of(page, name):
    return next((a.get("value") for tag, a in page.parsed.elements if tag == "input" and a.get("name") == name), None)


def added(ok, desk, admin):
    ok(admin.get("/comptes").has("a", href="/comptes-nouveau"), "the list leads to a new account")
    form = admin.get("/comptes-nouveau")
    ok("Léa Martin" in form.body and "aucun commentaire" in form.parsed.text, "who is of the policy is proposed; each role says what it sees", form.body)
    form = form.form("/comptes-nouveau")
    first = add(admin, "lea", "moderation", more={"source-site": "1", "langue": "fr"}, form=form)
    again = add(admin, "lea", "moderation", more={"source-site": "1", "langue": "fr"}, form=form)
    ok((first.status, again.status) == (303, 303) and first.headers["Location"] == again.headers["Location"] == "/comptes/lea", "a double click adds one", (first.status, again.status, again.body))
    page = admin.follow(again)
    path = shown_link(page)
    ok(path and "Le compte est ajouté" in page.parsed.text and "attend son mot de passe" in page.parsed.text and "Léa Martin" in page.parsed.text, "its link is shown", page.body)
    ok(shown_link(admin.get("/comptes/lea")) is None and path not in admin.get("/comptes").body, "… once")
    ok(account(desk, "lea") == [(1, 0, "!", "site", "", "fr")], "with what was chosen", account(desk, "lea"))
    ok(len(journal(desk, "lea")) == 1 and journal(desk, "lea")[0][0] == "chef" and
       re.fullmatch(r"ajouté ; rôles : moderation ; sources : site ; lien pour choisir son mot de passe, jusqu'au \S{16} ; arrivée", journal(desk, "lea")[0][1]),
       "who, what and why is written down, once", journal(desk, "lea"))
    secret = path.rpartition("/")[2]
    ok(secret.encode() not in open(desk.path("state", "store.db"), "rb").read() and secret not in desk.log(), "of the link only a digest is kept")
    until = links(desk)["lea"][1] / 1000 - time.time()
    ok(71 * 3600 < until <= 72 * 3600, "it holds three days", until)
    return path


def entered(ok, desk, path):
    """The newcomer."""
    lea = desk.visitor()
    ok(all(desk.visitor().sign_in("lea", word).status == 403 for word in ("!", "", PASSWORD)), "without a password nobody comes in")
    page = lea.get(path)
    ok(page.status == 200 and "lea" in page.parsed.text and "Léa" not in page.body and not page.has("input", name="nom"), "the link opens a form for the password", page.body)
    for password, again, said in (("court", None, "trop court"), (OWN, OWN + "x", "ne sont pas les mêmes")):
        page = choose(lea, path, password, again)
        ok(page.status == 400 and said in page.parsed.text, f"refused: {said}", (page.status, page.body))
    ok(lea.post(path, {"csrf": "0" * 32, "secret": OWN, "encore": OWN}).status == 403, "a forged form is none")
    for wrong in ("/mot-de-passe/" + "0" * 64, path[:-1], path + "0", path.upper(), "/premier-compte/" + path.rpartition("/")[2]):
        page = lea.get(wrong)
        ok(page.status in (404, 410) and "lea" not in page.parsed.text, "a link that is none", (wrong, page.status))
    page = choose(lea, path, OWN)
    ok(page.status == 303 and page.headers["Location"] == "/connexion?choisi=1" and "choisi : connectez-vous" in lea.follow(page).parsed.text, "chosen", (page.status, page.body))
    ok(links(desk) == {} and journal(desk, "lea")[-1] == ("lea", "changé ; mot de passe, par son lien"), "written down", journal(desk, "lea"))
    page = lea.get(path)
    ok(page.status == 410 and "demandez un autre lien" in page.parsed.text and choose(lea, path, OTHER).status == 410, "it serves once", page.body)
    ok(desk.visitor().sign_in("lea", OTHER).status == 403 and lea.sign_in("lea", OWN).status == 303, "the password is hers")
    page = lea.get("/moderation")
    ok(page.status == 200 and "carabistouille" in page.body and "zinzolin" not in page.body, "and she works, on her source", page.body)
    return lea


def refused(ok, desk, admin):
    before = database(desk, "SELECT count(*) FROM audit WHERE verb = 'account'")
    typed = {"source-forum": "1"}
    for name, given, more, reason, status, said in (
            ("lea", ("moderation",), {}, "x", 409, "existe déjà"), ("Léa", ("moderation",), {}, "x", 400, "ne convient pas"), ("", ("moderation",), {}, "x", 400, "ne convient pas"),
            ("tocsin", ("moderation",), {}, "x", 400, "ne convient pas"), ("zoe", (), typed, "x", 400, "au moins un rôle"), ("zoe", ("admin",), typed, "x", 400, "sans autre rôle"),
            ("zoe", ("service",), {}, "x", 400, "vont ensemble"), ("zoe", ("dpo",), {"service-voirie": "1"}, "x", 400, "vont ensemble"), ("zoe", ("moderation",), typed, " ", 400, "motif est nécessaire"),
            ("zoe", ("moderation",), {"cle": ""}, "x", 400, "incomplète")):
        page = add(admin, name, *given, more=more, reason=reason)
        kept = {"role-" + r for r in given} | {k for k in more if k.startswith(("source-", "service-"))}
        ok(page.status == status and said in page.parsed.text and value_of(page, "nom") == name and checked(page) == kept, f"{name or 'no name'} {given}: {said}, and what was typed stays", (page.status, page.body))
    ok(database(desk, "SELECT name FROM account ORDER BY name") == [("chef",), ("lea",)] and database(desk, "SELECT count(*) FROM audit WHERE verb = 'account'") == before, "nothing of that was done")


def changed(ok, desk, admin, lea):
    token = desk.run("token", "add", "outil", "--account", "lea", "--scope", "queue:read")[1].split()[-1]
    page = act(admin, "lea", "roles", "moderation", "dircom")
    ok(page.status == 400 and "rendez-lui d'abord toutes les sources" in page.parsed.text and checked(page) >= {"role-moderation", "role-dircom"}, "who sees some sources conducts nothing", page.body)
    form = admin.get("/comptes/lea").form("/comptes/lea")
    admin.post("/comptes/lea", {**form, "motif": "fin", "voit": "toutes"})
    lea.sign_in("lea", OWN)
    form = admin.get("/comptes/lea").form("/comptes/lea/roles")
    page = act(admin, "lea", "roles", "moderation", "service", more={"service-voirie": "1"}, form=form)
    ok(page.status == 303 and account(desk, "lea")[0][0] == 65 and account(desk, "lea")[0][4] == "voirie", "other roles", (page.status, account(desk, "lea")))
    ok(journal(desk, "lea")[-1] == ("chef", "changé ; rôles : moderation → moderation,service ; services : aucun → voirie ; essai"), "written down", journal(desk, "lea"))
    ok(lea.get("/moderation").headers["Location"] == "/connexion", "her open session is over")
    twice = act(admin, "lea", "roles", "moderation", "service", more={"service-voirie": "1"}, form=form)
    ok(twice.status == 303 and len([1 for _, why in journal(desk, "lea") if "service" in why]) == 1, "a double click changes once", (twice.status, journal(desk, "lea")))
    late = act(admin, "lea", "roles", "cabinet", reason="mutation", form=form)
    ok(late.status == 409 and "a changé entre-temps" in late.parsed.text and "role-cabinet" in checked(late) and "role-moderation" not in checked(late) and
       account(desk, "lea")[0][0] == 65, "a page from before changes nothing, and keeps what was chosen", (late.status, late.body))
    ok("mutation" in [a.get("value") for tag, a in late.parsed.elements if a.get("name") == "motif"], "… its reason too")
    fields = late.form("/comptes/lea/roles")
    page = admin.post("/comptes/lea/roles", {**fields, "motif": "mutation", **roles("cabinet")})
    ok(page.status == 303 and account(desk, "lea")[0][0] == 4 and account(desk, "lea")[0][4] == "", "which is sent again; a service goes with its role", account(desk, "lea"))
    act(admin, "lea", "roles", "moderation")
    lea.sign_in("lea", OWN)
    return lea, token


def shut(ok, desk, admin, lea, token):
    ok(api(desk, "GET", "/queue", token).status == 200, "a tool of hers reads the queue")
    page = admin.get("/comptes/lea")
    ok("Ses rôles sont gardés" in page.parsed.text and page.form("/comptes/lea/rouvrir") is None, "what it means is said before", page.body)
    form = page.form("/comptes/lea/fermer")
    page = admin.follow(act(admin, "lea", "fermer", form=form, reason="départ"))
    ok("L'accès est fermé" in page.parsed.text and page.form("/comptes/lea/fermer") is None and account(desk, "lea")[0][:2] == (0, 1), "shut out", page.body)
    ok("modération" in page.parsed.text and "<strong>fermé</strong>" in admin.get("/comptes").body and "Personne ne modère : Site de la ville, forum" in admin.get("/comptes").parsed.text, "her roles are kept; the list says it, and what nobody reads now", admin.get("/comptes").parsed.text)
    ok(journal(desk, "lea")[-1] == ("chef", "changé ; accès fermé ; départ"), "written down", journal(desk, "lea"))
    ok(act(admin, "lea", "fermer", form=form).status == 303 and len([1 for _, why in journal(desk, "lea") if "fermé" in why]) == 1, "a double click shuts once")
    ok(lea.get("/moderation").headers["Location"] == "/connexion", "her open session is over")
    page = lea.post("/moderation/1/prendre", {"csrf": "x"})
    ok(page.status == 403 and "plus connecté" in page.parsed.text, "her open page does nothing, and says so", page.body)
    page = lea.sign_in("lea", OWN)
    ok(page.status == 403 and "Votre accès est fermé" in page.parsed.text, "with her password she is told", page.body)
    page = desk.visitor().sign_in("lea", "ce n'est pas lui du tout")
    ok(page.status == 403 and "fermé" not in page.parsed.text and "faux" in page.parsed.text, "nobody else is", page.body)
    ok(api(desk, "GET", "/queue", token).status == 403, "her tool does nothing", api(desk, "GET", "/queue", token).status)
    code, out, _ = desk.run("user", "list")
    ok(code == 0 and "fermé" in out, "the command says it too", out)
    page = act(admin, "lea", "lien", form={"csrf": admin.get("/comptes/lea").csrf, "suite": "1", "cle": "x"})
    ok(page.status == 409 and "rouvrez-le d'abord" in page.parsed.text and links(desk) == {}, "no link before she is let in", page.body)
    act(admin, "lea", "roles", "moderation", "cabinet")
    ok(account(desk, "lea")[0][:2] == (0, 5), "other roles let nobody in", account(desk, "lea"))
    page = admin.follow(act(admin, "lea", "rouvrir", reason="retour"))
    ok("L'accès est rouvert" in page.parsed.text and account(desk, "lea")[0][:2] == (5, 0) and journal(desk, "lea")[-1] == ("chef", "changé ; accès rouvert ; retour"), "let in again", journal(desk, "lea"))
    ok(lea.sign_in("lea", OWN).status == 303 and lea.get("/moderation").status == 200, "with the password that she had")


def forgotten(ok, desk, admin, lea):
    form = admin.get("/comptes/lea").form("/comptes/lea/lien")
    first = shown_link(admin.follow(act(admin, "lea", "lien", form=form, reason="oublié")))
    ok(first and lea.get("/moderation").headers["Location"] == "/connexion", "a link for who forgot: her sessions are over", first)
    ok(desk.visitor().sign_in("lea", OWN).status == 403, "and the old password is none")
    ok(shown_link(admin.follow(act(admin, "lea", "lien", form=form))) == first, "a double click shows the same one")
    second = shown_link(admin.follow(act(admin, "lea", "lien")))
    visitor = desk.visitor()
    ok(second != first and visitor.get(first).status == 410 and visitor.get(second).status == 200, "a newer one takes its place")
    with_db(desk, "UPDATE setup SET until = 2 WHERE account = 'lea'")
    ok(choose(visitor, second, OTHER).status == 410 and "son lien ne sert plus" in admin.get("/comptes/lea").parsed.text, "its time ends")
    third = shown_link(admin.follow(act(admin, "lea", "lien")))
    page = choose(admin, third, OTHER)
    ok(page.status == 303 and admin.get("/comptes").headers["Location"] == "/connexion", "whoever opens it elsewhere is no more signed in there", page.status)
    ok(desk.visitor().sign_in("lea", OTHER).status == 303, "the new one opens")
    return desk.again("chef")


def with_db(desk, sql):
    """What only time would do."""
    db = sqlite3.connect(desk.path("state", "store.db"), timeout=30)
    with db:
        db.execute(sql)
    db.close()


def last(ok, desk, admin):
    before = account(desk, "chef")
    page = act(admin, "chef", "fermer", reason="je pars")
    ok(page.status == 409 and "dernier compte d'administration" in page.parsed.text and "Donnez d'abord" in page.parsed.text and "je pars" in page.body, "the last one of the administration does not shut himself out", page.body)
    page = act(admin, "chef", "roles", "moderation")
    ok(page.status == 409 and "dernier compte" in page.parsed.text and "role-moderation" in checked(page) and account(desk, "chef") == before, "nor lays the role down", page.body)
    page = admin.get("/comptes/chef")
    ok(page.form("/comptes/chef/lien") is None and act(admin, "chef", "lien", form={"csrf": page.csrf, "suite": "1", "cle": "x"}).status == 409, "nor makes himself a link")
    path = shown_link(admin.follow(add(admin, "eve", "admin")))
    ok(act(admin, "chef", "fermer").status == 409, "one who has no password yet is no other one")
    choose(desk.visitor(), path, OTHER)
    eve = desk.visitor()
    eve.sign_in("eve", OTHER)
    mine, hers = admin.get("/comptes/eve").form("/comptes/eve/fermer"), eve.get("/comptes/chef").form("/comptes/chef/fermer")
    page = act(eve, "chef", "fermer", form=hers)
    ok(page.status == 303 and act(admin, "eve", "fermer", form=mine).status == 403 and account(desk, "eve")[0][0] == 8, "two who shut each other out: one stays", page.status)
    act(eve, "chef", "rouvrir")
    return desk.again("chef"), eve


def raised(ok, desk, admin, eve):
    page = admin.get("/comptes/chef")
    ok("votre propre compte" in page.parsed.text and "donné à soi-même" in page.parsed.text, "what it means to give oneself roles is said before", page.body)
    page = act(admin, "chef", "roles", "admin", "moderation")
    ok(page.status == 303 and admin.get("/comptes").headers["Location"] == "/connexion", "his own session is over", page.status)
    ok(journal(desk, "chef")[-1] == ("chef", "changé ; rôles : admin → moderation,admin ; à soi-même ; essai"), "that he gave them himself is written down", journal(desk, "chef"))
    ok("rôles donnés à soi-même" in eve.get("/comptes").parsed.text and "rôles donnés à soi-même" in eve.get("/comptes/chef").parsed.text, "and seen by the others", eve.get("/comptes").body)
    act(eve, "chef", "roles", "admin")
    ok("rôles donnés" not in eve.get("/comptes").parsed.text and "à soi-même" not in journal(desk, "chef")[-1][1], "until somebody else changes it")


def closed(ok, desk, eve):
    """Who is no administrator."""
    max_ = desk.person("max", "moderation,dircom")
    form = {"csrf": max_.get("/moderation").csrf, "suite": "1", "cle": "x", "motif": "x", "role-admin": "1", "nom": "moi"}
    asked = [max_.post(path, form).status for path in ("/comptes-nouveau", "/comptes/max/roles", "/comptes/eve/fermer", "/comptes/max/rouvrir", "/comptes/eve/lien")]
    ok(asked == [403] * 5 and max_.get("/comptes-nouveau").status == 403 and database(desk, "SELECT roles FROM account WHERE name = 'max'") == [(3,)], "nobody else does any of it", asked)
    ok([act(eve, "personne", what, form={**form, "csrf": eve.get("/comptes").csrf}).status for what in ("roles", "lien", "fermer", "rouvrir")] == [404] * 4, "of an account that is none")


def scenario(ok):
    with Desk(SOURCES, policy=POLICY, extra=SERVICES) as desk:
        desk.comments("site.jsonl", [comment(1, "Espèce d'abruti, carabistouille", "v1", 1)])
        desk.comments("forum.jsonl", [comment(1, "Quel abruti, zinzolin", "v2", 2)])
        desk.start()
        desk.wait_for(lambda: desk.committed() == 2, 30, "everything")
        admin = desk.person("chef", "admin")
        path = added(ok, desk, admin)
        lea = entered(ok, desk, path)
        refused(ok, desk, admin)
        lea, token = changed(ok, desk, admin, lea)
        shut(ok, desk, admin, lea, token)
        admin = forgotten(ok, desk, admin, lea)
        admin, eve = last(ok, desk, admin)
        raised(ok, desk, admin, eve)
        closed(ok, desk, eve)
        ok(desk.stop() == 0, "the town stops", desk.log())


main(scenario)
