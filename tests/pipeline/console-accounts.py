"""Which sources an account sees, changed in the console: by boxes and a reason, written down, at once for who is signed in; refused
where it would not be what somebody meant."""
from desk import Desk, database
from town import comment, main

SOURCES = "  - {id: site, title: Site de la ville, kind: jsonl, path: site.jsonl, follow: yes}\n" \
          "  - {id: forum, kind: jsonl, path: forum.jsonl, follow: yes}\n"
OWN, FOREIGN = "carabistouille", "zinzolin"


def sources_of(desk, name):
    return database(desk, "SELECT sources FROM account WHERE name = ?", name)[0][0]


def journal(desk, name):
    """[(who, why)], the oldest first."""
    return database(desk, "SELECT who, why FROM audit WHERE verb = 'account' AND what = ? ORDER BY id", name)


def boxes(page):
    return {a["name"]: "checked" in a for tag, a in page.parsed.elements if tag == "input" and a.get("name", "").startswith("source-")}


def change(admin, name, seen, *ids, reason="arrivée à l'équipe du site"):
    """What the form of this account's page sends: seen "cochees" or "toutes"."""
    path = f"/comptes/{name}"
    return admin.post(path, {**admin.get(path).form(path), **{f"source-{i}": "1" for i in ids}, "motif": reason, "voit": seen})


def shown(ok, desk, admin):
    page = admin.get("/comptes")
    ok(page.has("a", href="/comptes/lea") and page.body.count('href="/comptes" aria-current="page"') == 2,
       "the list leads to each account, and is of the team's pages", page.body)
    ok(admin.get("/equipe").has("a", href="/comptes"), "… which lead to it")
    page = admin.get("/comptes/lea")
    ok(page.status == 200 and boxes(page) == {"source-site": False, "source-forum": False} and "toutes" in page.parsed.text, "every source has a box", page.body)
    ok("Site de la ville" in page.parsed.text and "Rendre toutes" not in page.parsed.text, "under its title; who sees all has nothing to be given back")
    page = admin.get("/comptes/paul")
    ok(page.status == 200 and not boxes(page) and "sans autre rôle" in page.parsed.text, "who conducts too sees the town: no boxes, and why", page.body)
    ok([admin.get("/comptes/" + name).status for name in ("personne", "Lea", "lea%00", "..")] == [404] * 4, "an account that is none")


def limited(ok, desk, admin, lea):
    open_page = admin.get("/comptes/lea").form("/comptes/lea")
    ok(FOREIGN in lea.get("/moderation").body, "lea sees the town")
    page = admin.follow(change(admin, "lea", "cochees", "site"))
    ok(sources_of(desk, "lea") == "site" and boxes(page) == {"source-site": True, "source-forum": False}, "one box: one source", page.body)
    ok("C'est changé" in page.parsed.text and "Site de la ville" in page.parsed.text, "which the page says")
    ok(journal(desk, "lea")[-1] == ("chef", "changé ; sources : toutes → site ; arrivée à l'équipe du site"), "who did it, what and why is written down", journal(desk, "lea"))
    ok("arrivée à l'équipe du site" in admin.get("/conformite/journal?quoi=comptes").parsed.text, "where the administration reads it")
    page = lea.get("/moderation")
    ok(page.status == 303 and FOREIGN not in page.body, "her open session ends with it", page.status)
    again = desk.again("lea")
    ok(FOREIGN not in again.get("/moderation").body and OWN in again.get("/moderation").body, "and the next one sees that source")
    old = admin.post("/comptes/lea", {**open_page, "source-forum": "1", "motif": "x", "voit": "cochees"})
    ok(old.status == 409 and sources_of(desk, "lea") == "site" and boxes(old) == {"source-site": True, "source-forum": False},
       "a page from before it changes nothing, and shows how it is", (old.status, old.body))
    return again


def refused(ok, desk, admin):
    before = journal(desk, "lea")
    for seen, ids, reason, said in (("cochees", (), "x", "au moins une source"), ("cochees", ("site", "forum"), " ", "motif est nécessaire"),
                                    ("", ("forum",), "x", "incomplète"), ("tout", ("forum",), "x", "incomplète")):
        page = change(admin, "lea", seen, *ids, reason=reason)
        ok(page.status == 400 and said in page.parsed.text and boxes(page) == {f"source-{i}": i in ids for i in ("site", "forum")},
           f"refused, and what was checked stays: {said}", (page.status, page.body))
    form = admin.get("/comptes/lea").form("/comptes/lea")
    page = admin.post("/comptes/lea", {**form, "source-nulle": "1", "source-forum,site": "1", "motif": "x", "voit": "cochees"})
    ok(page.status == 400, "a box of no source is none", page.status)
    page = admin.post("/comptes/paul", {**form, "source-site": "1", "motif": "x", "voit": "cochees", "suite": database(desk, "SELECT changed_at FROM account WHERE name = 'paul'")[0][0]})
    ok(page.status == 400 and sources_of(desk, "paul") == "" and "sans autre rôle" in page.parsed.text, "who conducts too is not limited, whatever is sent", page.body)
    ok(sources_of(desk, "lea") == "site" and journal(desk, "lea") == before, "nothing of that was done")
    anne = desk.person("anne", "moderation,dircom")
    asked = {"csrf": anne.get("/moderation").csrf, "voit": "toutes", "motif": "x", "suite": form["suite"]}
    ok((anne.get("/comptes/lea").status, anne.post("/comptes/lea", asked).status) == (403, 403), "nobody else opens it")


def unread(ok, desk, admin):
    """What is before nobody is said."""
    desk.run("user", "remove", "anne")
    desk.run("user", "remove", "paul")
    page = admin.get("/comptes")
    ok("Personne ne modère : forum" in page.parsed.text, "a source that nobody has before him is named", page.parsed.text)


def given_back(ok, desk, admin, lea):
    page = admin.follow(change(admin, "lea", "toutes", "site", reason="fin du remplacement"))
    ok(sources_of(desk, "lea") == "" and journal(desk, "lea")[-1][1] == "changé ; sources : site → toutes ; fin du remplacement", "all again", journal(desk, "lea"))
    ok(lea.get("/moderation").status == 303 and FOREIGN in desk.again("lea").get("/moderation").body, "at once too")
    ok("Personne ne modère" not in admin.get("/comptes").parsed.text, "and every source is read", page.body)
    code, out, err = desk.run("user", "set", "lea", "--sources", "forum", "--reason", "par la commande", "--who", "paule")
    ok(code == 0 and journal(desk, "lea")[-1] == ("paule", "changé ; sources : toutes → forum ; par la commande"), "the command says as much", out + err)


def gone(ok, desk, admin):
    """A source that tocsin.yaml has no more is still shown of who sees it."""
    desk.stop()
    desk.write("tocsin.yaml", open(desk.path("tocsin.yaml"), encoding="utf-8").read().replace(SOURCES.splitlines()[1] + "\n", ""))
    desk.start()
    admin = desk.again("chef")
    page = admin.get("/comptes/lea")
    ok(boxes(page) == {"source-site": False, "source-forum": True} and "n'est plus dans tocsin.yaml" in page.parsed.text, "a source that went", page.body)
    page = admin.follow(change(admin, "lea", "cochees", "site"))
    ok(sources_of(desk, "lea") == "site" and boxes(page) == {"source-site": True}, "can be left out", page.body)


def scenario(ok):
    with Desk(SOURCES) as desk:
        desk.comments("site.jsonl", [comment(1, f"Espèce d'abruti, {OWN}", "v1", 1)])
        desk.comments("forum.jsonl", [comment(1, f"Quel abruti, {FOREIGN}", "v2", 2)])
        desk.start()
        desk.wait_for(lambda: desk.committed() == 2, 30, "everything")
        admin = desk.person("chef", "admin")
        lea = desk.person("lea", "moderation")
        desk.account("paul", "moderation,dircom")
        shown(ok, desk, admin)
        lea = limited(ok, desk, admin, lea)
        refused(ok, desk, admin)
        unread(ok, desk, admin)
        given_back(ok, desk, admin, lea)
        gone(ok, desk, admin)
        ok(desk.stop() == 0, "the town stops", desk.log())


main(scenario)
