"""A rule à blanc can be looked at before it is put in force: the comments that it recognised are shown on its page, and how often
people upheld them is said, apart from what rules in force found."""
from desk import Desk
from town import RULES, comment, main

SHADOW = """\
  - id: essai.malotru
    title: Malotru, à l'essai
    status: shadow
    category: injure_publique
    priority: P3
    score: 6
    when: {words: [malotru]}
    tests: {match: ['Quel malotru'], no_match: ['Le concours de pétanque']}
"""
HEARD = "  - {id: site, title: 'Site de la ville', kind: jsonl, path: site.jsonl, follow: yes}\n"
SAID = ["abruti de malotru 1", "abruti de malotru 2", "abruti de malotru 3", "le malotru court", "rien de tel"]


def listed(desk, rule):
    return next(r for r in desk.json("rules", "list") if r["rule"] == rule)


def decided(desk):
    """Hidden as it was supposed; hidden as something else; left on line."""
    seqs = {q["comment"]["id"]: str(q["seq"]) for q in desk.json("queue")}
    for number, words in (("1", ["masquer"]), ("2", ["masquer", "--category", "menace"]), ("3", ["laisser"])):
        code, out, err = desk.run("decide", seqs[number], *words, "--who", "x", "--reason", "y")
        if code != 0:
            raise RuntimeError(out + err)


def scenario(ok):
    with Desk(HEARD, rules=RULES + SHADOW) as desk:
        desk.comments("site.jsonl", [comment(i + 1, text, f"a{i}", i + 1) for i, text in enumerate(SAID)])
        desk.start()
        desk.wait_for(lambda: desk.committed() == len(SAID), 30, "everything")
        decided(desk)
        found, live = listed(desk, "essai.malotru"), listed(desk, "injure.adressee")
        ok(found["hits"] == 0 and found["upheld"] == 0 and found["shadow"] == 4, "à blanc is no hit", found)
        ok(found["shadow_judged"] == {"upheld": 1, "other": 1, "left": 1}, "… but what people decided of it is counted, apart", found)
        ok(live["shadow_judged"] == {"upheld": 0, "other": 0, "left": 0} and live["upheld"] == 1, "and not for a rule in force", live)
        line = next(x for x in desk.run("rules", "list")[1].splitlines() if x.startswith("essai.malotru"))
        ok("observation" in line and "1/3" in line, "the table says so too", line)
        rosa = desk.person("rosa", "regles")
        desk.wait_for(lambda: "Compté " in rosa.get("/regles").parsed.text, 30, "the figures")
        page = rosa.get("/regles/regle/essai.malotru")
        text = page.parsed.text
        ok("4 à blanc" in text and "à blanc : 1 sur 3 ; autre catégorie : 1 ; laissés : 1" in text, "so does its page", text)
        ok(all(x in text for x in SAID[:4]) and SAID[4] not in text, "which shows what it recognised", text)
        ok("sans ses mots marqués" in text and "<mark>" not in page.body, "… unmarked, and says so", page.body)
        ok("Aucun parmi" not in text, "… not that there is none", text)
        page = rosa.get("/regles/regle/injure.adressee")
        ok("<mark>abruti</mark>" in page.body and "à blanc" not in page.parsed.text, "a rule in force as ever", page.parsed.text)
        ok("à blanc : 1 sur 3" in rosa.get("/regles?mots=malotru").parsed.text, "and the list of rules")
        ok(desk.stop() == 0, "the town stops", desk.log())


main(scenario)
