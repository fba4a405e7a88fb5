"""The way back to a former version of the rules is not blind: what would go, come back and change is shown before, a rule for
minutes that would go with a warning; and what cannot be shown hinders nobody."""
from desk import Desk
from town import RULES, comment, main

HEARD = "  - {id: site, kind: jsonl, path: site.jsonl, follow: yes}\n"
CALM = RULES.replace("status: live", "status: shadow", 1).replace("priority: P1", "priority: P2")
HELP = """\
tocsin: 1
pack: appels
owner: moderation@ville.example
rules:
  - id: appel.secours
    title: Appel au secours
    status: live
    category: detresse
    priority: P1
    score: 9
    when: {words: [zinzolin]}
    tests: {match: ['zinzolin !'], no_match: ['le stade']}
"""


def active(desk):
    return desk.json("status")[0]["bundle"]


def published(desk, packs, *more):
    """Another version; the one that it took the place of."""
    before = active(desk)
    for name, text in packs.items():
        desk.write(f"autre/{name}.yaml", text)
    code, out, err = desk.run("rules", "push", desk.path("autre"), "--who", "paul", "--reason", "essai <b>", *more)
    if code != 0 or active(desk) == before:
        raise RuntimeError(out + err)
    return before


def warned(page):
    return "Attention" in page.parsed.text and page.has("div", role="alert")


def under(page, head):
    """What stands in the list under a head."""
    _, _, rest = page.body.partition(f"<h3>{head}</h3>")
    return rest.partition("</ul>")[0]


def shown(ok, desk, rosa, old):
    page = rosa.get(f"/regles/revenir/{old}")
    text = page.parsed.text
    ok(page.status == 200 and old[:12] in text, "the page of a former version", page.body)
    ok("appels" in under(page, "Paquets qui disparaîtraient") and "essai" in under(page, "Paquets écrits autrement"), "packs that go and change", text)
    ok("appel.secours" in under(page, "Règles et sujets qui disparaîtraient"), "rules that go", text)
    changed = under(page, "Règles et sujets écrits autrement")
    ok("P3 à blanc → P3 en service" in changed and "P2 en service → P1 en service" in changed, "rules that change, from what to what", changed)
    ok(warned(page) and "1 règle de priorité P1" in text and ": appel.secours." in text, "a P1 rule would go: a warning", text)
    ok("1 avant, 0 après" in text and "1 commentaire relu" in text, "and what it would do to the last comments", text)
    ok(page.form(f"/regles/revenir/{old}")["sur"] == active(desk), "then the form", page.body)


def done(ok, desk, rosa, old, new):
    back = f"/regles/revenir/{old}"
    page = rosa.post(back, {**rosa.get(back).form(back), "motif": "trop large"}, follow=True)
    ok("de nouveau en vigueur" in page.parsed.text and active(desk) == old, "back", page.parsed.text)
    ok("est en vigueur" in rosa.follow(rosa.get(back)).parsed.text, "to where one is there is no way")
    page = rosa.get(f"/regles/revenir/{new}")
    ok("appel.secours" in under(page, "Règles et sujets qui reviendraient") and "essai &lt;b&gt;" in page.body, "the other way what would come back", page.body)
    ok(warned(page) and ": menace.directe." in page.parsed.text, "a P1 rule that would be less urgent: a warning too", page.parsed.text)


def unknown(ok, desk, rosa, new):
    back = f"/regles/revenir/{new}"
    desk.write(f"state/bundles/{new}/essai.yaml", "tocsin: [")
    page = rosa.get(back)
    ok(page.status == 200 and "n'a pas pu être établi" in page.parsed.text and page.form(back), "what cannot be read is said, and the form is there",
       page.body)
    ok(desk.folder not in page.parsed.text, "no path of the machine", page.parsed.text)
    ok(rosa.get("/regles/revenir/" + "0" * 64).status == 404 and rosa.get("/regles/revenir/x").status == 404, "404")


def scenario(ok):
    with Desk(HEARD) as desk:
        desk.comments("site.jsonl", [comment(1, "zinzolin !", "a1", 1)])
        desk.start()
        desk.wait_for(lambda: desk.committed() == 1, 30, "the comment")
        rosa = desk.person("rosa", "regles")
        old = published(desk, {"essai": CALM, "appels": HELP}, "--force")
        new = active(desk)
        shown(ok, desk, rosa, old)
        done(ok, desk, rosa, old, new)
        unknown(ok, desk, rosa, new)
        ok(desk.stop() == 0, "the town stops", desk.log())


main(scenario)
