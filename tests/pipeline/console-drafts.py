"""Drafts that the console writes for the town: they follow the configuration, name nobody, run nothing, and only who answers for the
data reads them; the register of topics is the public's when the town says so, the accessibility statement always."""
import datetime
import html
import re
import shutil
import sqlite3
import zoneinfo

from desk import Desk, database
from town import RULES, main

NAMES = ["registre", "aipd", "information", "charte", "sujets", "accessibilite"]
EVIL = "Cantine <script>alert(1)</script> \u202eabc"
TOPICS = """\
topics:
  - id: cantine
    title: "{title}"
    status: live
    lane: reponse
    when: {{words: [cantine]}}
    tests: {{match: ['la cantine'], no_match: ['le menu']}}
  - id: piscine
    title: Piscine
    status: {piscine}
    lane: reponse
    when: {{words: [piscine]}}
    tests: {{match: ['la piscine'], no_match: ['le bain']}}
  - id: cache
    title: Sujet en brouillon
    status: draft
    lane: reponse
    when: {{words: [brouillonneux]}}
    tests: {{match: ['brouillonneux'], no_match: ['net']}}
"""
SOURCES = ("  - {id: site, title: 'Le site <b>de la ville</b>', kind: jsonl, path: site.jsonl, follow: yes, retention_days: 9}\n"
           "  - {id: forum, title: Forum, kind: jsonl, path: forum.jsonl, follow: yes, purge_on_delete: no, terms_note: 'Accord du 3 mai'}\n")
POLICY = """\
people:
  - {id: morel, name: Camille Morel, role: community manager, mail: morel@ville.example, hook: salon}
  - {id: dircom, name: A. Roche, role: "dir'com", mail: dircom@ville.example}
hooks:
  - {id: salon, title: Salon de crise, url: 'https://chat.ville.example/hooks/tres-secret', form: mattermost}
levels:
  jaune: [{tell: morel}]
  rouge: [{tell: [dircom, morel]}]
policy: {fallback: [morel], first_look: {P2: 3 h}}
retention: {unflagged: 21 j, flagged: 5 mois}
"""


def rules(piscine):
    return RULES + TOPICS.format(title=EVIL.replace("\u202e", "\\u202e"), piscine=piscine)


def shown(page):
    """Its text, as one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page.body)).split())


def path(name):
    return f"/conformite/modeles/{name}"


def read(ok, dpo):
    """Each is whole, and nothing in it runs."""
    listed = dpo.get("/conformite/modeles")
    ok(listed.status == 200 and all(listed.has("a", href=path(n)) for n in NAMES), "six drafts are listed", listed.body)
    for name in NAMES:
        page = dpo.get(path(name))
        file = dpo.get(path(name) + "/fichier")
        ok(page.status == 200 and "Projet · écrit par tocsin le " in shown(page), f"{name} says that it is a draft", shown(page))
        ok(file.headers["Content-Disposition"] == f'attachment; filename="tocsin-{name}.html"' and "<nav" not in file.body and
           file.headers["Content-Type"] == "text/html; charset=utf-8" and file.body.endswith("</html>\n"),
           f"{name} as a file of its own", str(file.headers))
        heads = re.findall(r"<h2>.*?</h2>", page.body)
        ok(heads == re.findall(r"<h2>.*?</h2>", file.body) and (heads or name == "sujets"), f"{name}: the file says the same")
        for one in (page, file):
            ok("<script>" not in one.body and "<b>" not in one.body and "\u202e" not in one.body, f"{name}: titles are texts")
            ok("tres-secret" not in one.body and "Camille" not in one.body and "@ville" not in one.body.replace("moderation@ville", ""),
               f"{name}: no secret, nobody by name")
        if name != "sujets":
            ok("<mark>à compléter : " in page.body, f"{name} marks what tocsin cannot know")


def facts(ok, dpo):
    register = shown(dpo.get(path("registre")))
    for what in ("Valmont-sur-Orle", "Le site <b>de la ville</b>",
                 "fichier déposé sur la machine", "9 j au plus", "Accord du 3 mai", "gardé comme les autres", "non signalés 21 j",
                 "community manager", "dir'com", "alertes postées vers : chat.ville.example", "tocsin ne chiffre pas"):
        ok(what in register, f"the register says: {what}", register)
    ok("jaune community manager" in register and re.search("rouge dir'com ?, community manager", register), "who is told, by role", register)
    ok("modération les commentaires et leurs auteurs ; cherche (avec un motif), décide, répond, ouvre des dossiers 2" in register,
       "how many accounts a role has", register)
    charter = shown(dpo.get(path("charte")))
    ok("injure possible, à qualifier" in charter and "menace possible, à qualifier" in charter, "what the rules flag", charter)
    ok("diffamation" in charter and "P2 3 h P3 8 h P4 24 h" in charter, "what takes two people, and when it is looked at", charter)


def topics(ok, desk, dpo):
    page = shown(dpo.get(path("sujets")))
    ok("Cantine <script>alert(1)</script>" in page and "moderation@ville.example" in page, "topics by title and owner", page)
    ok("Sujet en brouillon" not in page, "a draft is not listened for")
    days = re.findall(r"Piscine moderation@ville\.example (\S+) en observation : sans effet", page)
    ok(len(days) == 1 and re.fullmatch(r"\d\d/\d\d/\d{4}", days[0]), "one under observation, since a day", page)
    desk.write("rules/essai.yaml", rules("live"))
    code, out, err = desk.run("rules", "push", desk.path("rules"), "--who", "anne", "--reason", "la piscine compte")
    ok(code == 0, "the rules change", out + err)
    desk.wait_for(lambda: "en observation" not in shown(dpo.get(path("sujets"))), 20, "the register to follow")
    ok("écouté" in shown(dpo.get(path("sujets"))).split("Piscine")[1], "it follows what is published")


def doors(ok, desk):
    people = {role: desk.person("p-" + role, role) for role in ("juriste", "admin", "moderation", "cabinet", "regles")}
    for role, person in people.items():
        may = role in ("juriste", "admin")
        pages = ["/conformite/modeles", *(path(n) for n in NAMES), *(path(n) + "/fichier" for n in NAMES)]
        got = {person.get(p).status for p in pages}
        ok(got == ({200} if may else {403}), f"{role} {'reads' if may else 'may not read'} them", got)
    ok(people["juriste"].get("/regles").has("a", href="/conformite/prescriptions") and
       people["juriste"].get("/conformite/prescriptions").has("a", href="/conformite/modeles"), "the jurist finds the way")
    ok(people["juriste"].get(path("rien")).status == 404 and people["juriste"].get(path("rien") + "/fichier").status == 404, "no other draft")
    nobody = desk.visitor()
    ok(nobody.get(path("registre")).headers["Location"] == "/connexion", "not without an account")
    entry = nobody.get("/connexion")
    page = nobody.get("/accessibilite")
    ok(entry.has("a", href="/accessibilite") and page.status == 200 and "Défenseur des droits" in page.body,
       "the accessibility statement is everybody's, from the foot of each page", page.body)
    ok(nobody.get("/ecoute").status == 404 and not entry.has("a", href="/ecoute"), "the register of topics is not, unless the town says so")


def heard_since(desk):
    """{title: since when} of the register, and the days of the publications, the first one first."""
    page = shown(desk.again("claire").get(path("sujets")))
    zone = zoneinfo.ZoneInfo("Europe/Paris")
    days = [datetime.datetime.fromtimestamp(at / 1000, zone).strftime("%d/%m/%Y") for at, in
            database(desk, "SELECT at FROM audit WHERE verb = 'bundle' ORDER BY id")]
    return dict(re.findall(r"(abc|Piscine) moderation@ville\.example (.*?) écouté", page)), days


def since(ok, desk):
    """The first publication is put back by 40 days; then its files go."""
    with sqlite3.connect(desk.path("state", "store.db")) as db:
        db.execute("UPDATE audit SET at = at - 40 * 86400000 WHERE id = (SELECT min(id) FROM audit WHERE verb = 'bundle')")
    db.close()
    first = database(desk, "SELECT what FROM audit WHERE verb = 'bundle' ORDER BY id")[0][0]
    desk.start()
    found, days = heard_since(desk)
    ok(len(days) == 2 and days[0] != days[1] and found == {"abc": days[0], "Piscine": days[1]},
       "each since its own publication", (found, days))
    ok(desk.stop() == 0, "the town stops", desk.log())
    shutil.rmtree(desk.path("state", "bundles", first))
    desk.start()
    found, days = heard_since(desk)
    ok(found == {"abc": days[1] + " ou avant", "Piscine": days[1] + " ou avant"},
       "what cannot be read any more is not guessed", (found, days))


def english(ok, desk):
    reader = desk.person("jane", "dpo", lang="en")
    pages = {name: reader.get(path(name)) for name in NAMES}
    ok(all('<html lang="en">' in p.body and "Draft · written by tocsin on" in shown(p) for p in pages.values()), "in English")
    ok("not flagged" in shown(pages["registre"]) and "to complete:" in pages["registre"].body, "its tables too", shown(pages["registre"]))
    ok('<html lang="en">' in reader.get(path("aipd") + "/fichier").body, "and its file")


def public(ok):
    with Desk(console="{listen: '127.0.0.1:0', registre_public: yes, public: 'https://console.ville.example', second_regard: []}",
              rules=rules("shadow"), sources=SOURCES, policy=POLICY) as desk:
        desk.start()
        nobody = desk.visitor()
        desk.wait_for(lambda: "Piscine" in nobody.get("/ecoute").body, 20, "the published rules")
        page = nobody.get("/ecoute")
        ok(page.status == 200 and nobody.get("/connexion").has("a", href="/ecoute") and "<script>" not in page.body and
           "Cantine <script>alert(1)</script>" in shown(page) and "brouillon" not in page.body, "the public register", page.body)
        ok("Le site" not in page.body and "<nav" not in page.body, "and nothing else of the town")
        desk.account("dora", "dpo")
        dora = desk.again("dora")
        ok("une adresse chiffrée (HTTPS)" in shown(dora.get(path("registre"))), "the way in, as it is configured")
        ok("Aucune décision ne demande deux personnes" in shown(dora.get(path("charte"))), "… and what takes two people")
        ok(desk.stop() == 0, "the town stops")


def scenario(ok):
    with Desk(rules=rules("shadow"), sources=SOURCES, policy=POLICY) as desk:
        desk.start()
        desk.account("bob", "moderation,dircom")
        dpo = desk.person("claire", "dpo,moderation")
        desk.wait_for(lambda: "Piscine" in dpo.get(path("sujets")).body, 20, "the published rules")
        read(ok, dpo)
        facts(ok, dpo)
        topics(ok, desk, dpo)
        doors(ok, desk)
        english(ok, desk)
        ok(desk.stop() == 0, "the town stops", desk.log())
        since(ok, desk)
    public(ok)


main(scenario)
