"""Views: filters kept under a name, each one's own or the team's, with how many wait in them; they go with their account."""

from desk import Desk, database
from town import RULES, comment, main

HOSTILE = "<script>alert(1)</script>"


def keep(person, address, name, follow=True, **more):
    page = person.get(address)
    return person.post("/vues", {**page.form("/vues"), "nom": name, **more}, follow=follow)


def scenario(ok):
    with Desk("  - {id: site, title: Site, kind: jsonl, path: site.jsonl, follow: yes}\n", rules=RULES) as desk:
        desk.comments("site.jsonl", [comment(i, "Quel abruti", f"a{i}", i) for i in range(3)] + [comment(9, "on sait où tu habites", "b", 9)])
        desk.start()
        anne, dir_ = desk.person("anne", "moderation"), desk.person("dir", "dircom")
        desk.wait_for(lambda: desk.committed() == 4, 30, "everything")
        ok(anne.get("/moderation").form("/vues") is None and "Toutes les vues" not in anne.get("/moderation").body, "nothing to keep, none is kept")
        page = keep(anne, "/moderation?categorie=injure_publique&choisir=1", "Mes injures " + HOSTILE)
        ok(page.status == 200 and "C&#39;est fait" in page.body and "<script>alert" not in page.body and
           'href="/moderation?categorie=injure_publique"' in page.body, "kept, a link stands above the list", page.body)
        ok("Mes injures" not in dir_.get("/moderation").body and "Mes injures" not in dir_.get("/vues").body, "it is hers alone")
        keep(anne, "/moderation?priorite=1", "Mes injures " + HOSTILE)
        ok(database(desk, "SELECT owner, address FROM view") == [("anne", "/moderation?priorite=1")], "the same name takes its place")
        keep(anne, "/moderation?categorie=menace", "Menaces", equipe="1")
        ok(database(desk, "SELECT count(*) FROM view") == [(1,)], "the moderation shares none")
        page = keep(dir_, "/reponse?suivi=personne", "Pour tous", equipe="1")
        page = keep(dir_, "/moderation?categorie=injure_publique", "Injures", equipe="1")
        page = anne.get("/vues")
        ok("Pour tous" in page.body and "Injures" in page.body and "de l&#39;équipe" in page.body and
           page.body.count("/retirer") == 1, "the director's are everybody's; one's own can be removed", page.body)
        ok('<td class="number">3</td>' in page.body and '<td class="number">1</td>' in page.body, "with how many wait", page.body)
        shared = database(desk, "SELECT id FROM view WHERE owner = '' ORDER BY id")[0][0]
        mine = database(desk, "SELECT id FROM view WHERE owner = 'anne'")[0][0]
        ok("Seule la direction" in anne.post(f"/vues/{shared}/retirer", {"csrf": page.csrf}, follow=True).body, "she removes none of the team's")
        ok(dir_.post(f"/vues/{mine}/retirer", {"csrf": dir_.get("/vues").csrf}).status == 404 and
           anne.post("/vues/999/retirer", {"csrf": page.csrf}).status == 404, "nor anybody hers")
        for bad in ({"nom": ""}, {"nom": "x" * 61}, {"adresse": "//evil.example"}, {"adresse": "/conformite"}, {"adresse": ""},
                    {"adresse": "/moderation?<script>"}, {"adresse": "/moderation?" + "x" * 700}):
            ok(anne.post("/vues", {"csrf": page.csrf, "nom": "x", "adresse": "/moderation?priorite=1", **bad}).status == 400, f"not {bad}"[:50])
        keep(anne, "/moderation?source=%C3%A9%22%26%3C&du=2026-11-01", "ailleurs")
        ok('?source=%C3%A9%22%26%3C&amp;du=2026%2D11%2D01' in anne.get("/vues").body and '<td class="number">0</td>' in anne.get("/vues").body,
           "values are kept as they are", anne.get("/vues").body)
        anne.post("/vues", {"csrf": page.csrf, "nom": "perdue", "adresse": "/moderation?sujet=rien&rien=1"})
        ok(anne.get("/vues").status == 200 and "perdue" in anne.get("/vues").body, "one that finds nothing is shown")
        keep(anne, "/commentaires?categorie=menace", "lue")
        row = anne.get("/vues").body.partition('/commentaires?categorie=menace"')[2].partition("</tr>")[0]
        ok('<td class="number">–</td>' in row, "of all that is read nothing waits", row)
        for i in range(20):
            last = anne.post("/vues", {"csrf": page.csrf, "nom": f"n° {i}", "adresse": "/moderation?priorite=1"}, follow=True)
        ok("douze vues" in last.body and database(desk, "SELECT count(*) FROM view WHERE owner = 'anne'") == [(12,)], "twelve are enough", last.body[:1500])
        ok(anne.post(f"/vues/{mine}/retirer", {"csrf": page.csrf}, follow=True).status == 200 and
           database(desk, "SELECT count(*) FROM view WHERE owner = 'anne'") == [(11,)], "hers goes")
        roy = desk.person("roy", "cabinet")
        ok(roy.get("/vues").status == 403, "the cabinet has none")
        ok("Views" in desk.again("dir", "en").get("/vues").body, "in English")
        desk.run("user", "remove", "anne", "--who", "chef")
        desk.wait_for(lambda: database(desk, "SELECT count(*) FROM view WHERE owner = 'anne'") == [(0,)], 10, "hers to go with her account")
        ok(database(desk, "SELECT count(*) FROM view") == [(2,)], "the team's stay")
        ok(desk.stop() == 0, "the town stops")


main(scenario)
