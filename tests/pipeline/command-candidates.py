"""In an election period no topic about a candidate is published: not from the command line, not in the console, not by going back
to what was in force before; rules may name them, and outside the period everything may."""
import signal

from desk import Desk, database
from town import POLICY, RULES, comment, main

ELECTION = "{title: municipales, from: '2026-11-01 14:00', to: 2026-11-30, candidates: [Jeanne Brézolles, 'Valmont <demain>']}"
TOPIC = """\
topics:
  - id: essai
    title: %s
    status: live
    lane: reponse
    when: {words: [%s]}
    tests: {match: ['%s'], no_match: ['le stade']}
"""
SENTENCE = "un sujet ne porte pas sur un candidat en période électorale"
EDIT = "/regles/modifier/essai"


def push(desk, text):
    desk.write("rules/essai.yaml", text)
    return desk.run("rules", "push", "--who", "rosa", "--reason", "essai")


def active(desk):
    return desk.json("status")[0]["bundle"]


def refused(ok, desk):
    before = active(desk)
    town = "tocsin: 1\npack: lexique\npartagé: oui\nowner: moderation@ville.example\nlists:\n  autres: [Brézolles, 'Jeanne Brézolles']\n  élus: [$autres]\n"
    cases = {"the words it looks for": RULES + TOPIC % ("Essai", "'jeanne brezolles'", "jeanne brezolles"),
             "its title": RULES + TOPIC % ("Ce que l'on dit de JEANNE BRÉZOLLES", "mairie", "la mairie"),
             "a list's name among others": RULES + TOPIC % ("Essai", "mairie, 'la liste Valmont demain'", "la mairie"),
             "with an apostrophe": RULES + TOPIC % ("Essai", "\"l'élan de Jeanne Brézolles\"", "l''élan de Jeanne Brézolles")}
    for what, text in cases.items():
        code, out, err = push(desk, text)
        ok(code == 1 and SENTENCE in err and "rules/essai.yaml:" in err and active(desk) == before, "refused: " + what, (code, out, err))
    desk.write("rules/lexique.yaml", town)
    code, out, err = push(desk, RULES + TOPIC % ("Essai", "$élus", "Jeanne Brézolles"))
    ok(code == 1 and SENTENCE in err and "lexique.yaml:" in err and active(desk) == before, "refused: a list of another pack, taken by a list", err)
    desk.write("rules/lexique.yaml", "tocsin: 1\npack: lexique\npartagé: oui\npersonnes: {brz: {noms: [Jeanne Brézolles], mandat: maire}}\n")
    code, out, err = push(desk, RULES + TOPIC % ("Essai", "$brz", "Jeanne Brézolles"))
    ok(code == 1 and SENTENCE in err and "lexique.yaml:" in err and active(desk) == before, "refused: a person that is declared", err)
    desk.write("rules/lexique.yaml", town)
    code, out, err = push(desk, RULES)
    ok(code == 0, "a list that no topic takes is nobody's topic", err)
    for text in (RULES.replace("[connard, abruti]", "[connard, abruti, 'jeanne brézolles']"),
                 RULES + TOPIC % ("Essai", "brézollaise, jeanneton", "une brézollaise")):
        code, out, err = push(desk, text)
        ok(code == 0, "published: a rule, and words that only look like it", (out, err))


def by_the_folder(ok, desk):
    """What tocsin reads by itself is judged as a push is."""
    before = active(desk)
    desk.write("rules/neuf.yaml", "tocsin: 1\npack: neuf\nowner: moderation@ville.example\n" +
               (TOPIC % ("Neuf", "'jeanne brezolles', mairie", "la mairie")).replace("id: essai", "id: neuf"))
    desk.process.send_signal(signal.SIGHUP)
    desk.wait_for(lambda: "les dernières bonnes restent" in desk.log(), 30, "SIGHUP: refused as well")
    ok(active(desk) == before and SENTENCE in desk.log(), "what is in force stays, and why is said", desk.log())


def in_the_console(ok, desk, roche):
    rosa = desk.person("rosa", "regles")
    before = active(desk)
    form = rosa.get(EDIT).form(EDIT)
    page = rosa.post(EDIT, {**form, "texte": RULES + TOPIC % ("Essai", "'jeanne brezolles'", "jeanne brezolles"), "faire": "publier",
                            "motif": "suivre"}, follow=True)
    ok(SENTENCE in page.parsed.text and active(desk) == before, "in the console it is refused with its reason", page.parsed.text)
    page = roche.get("/equipe")
    ok("aucun sujet qui nomme un candidat" in page.parsed.text and "Jeanne Brézolles" in page.parsed.text and "Valmont &lt;demain&gt;" in page.body,
       "the team's page says so, and who they are", page.body)
    ok("candidats sur qui aucun sujet ne porte : 2" in desk.run("policy", "check")[1], "and so does tocsin policy check")


def scenario(ok):
    policy = POLICY.replace("policy: {", f"policy: {{election: {ELECTION}, ")
    with Desk("  - {id: site, kind: jsonl, path: site.jsonl, follow: yes}\n", policy=policy) as desk:
        desk.comments("site.jsonl", [comment(1, "Bonjour", minute=600)])
        desk.start()
        desk.wait_for(lambda: desk.committed() == 1, 30, "the comment")
        desk.wait_for(lambda: active(desk), 30, "the first rules")
        code, _, err = push(desk, RULES + TOPIC % ("Essai", "'jeanne brezolles'", "jeanne brezolles"))
        ok(code == 0, "before the period it is published", err)
        named = active(desk)
        desk.comments("site.jsonl", [comment(2, "Bonsoir", minute=840), comment(3, "Bonsoir", "b", minute=850)], "a")
        roche = desk.person("roche", "dircom")
        desk.wait_for(lambda: "Période électorale" in roche.get("/equipe").body, 30, "the period to begin")
        refused(ok, desk)
        code, _, err = desk.run("rules", "rollback", named[:12], "--who", "x", "--reason", "y")
        ok(code == 1 and SENTENCE in err and active(desk) != named, "nor does it come back into force", err)
        by_the_folder(ok, desk)
        in_the_console(ok, desk, roche)
        ok(database(desk, "SELECT count(*) FROM audit WHERE verb = 'bundle'")[0][0] >= 4, "what was published is written down")
        ok(desk.stop() == 0, "the town stops", desk.log())


main(scenario)
