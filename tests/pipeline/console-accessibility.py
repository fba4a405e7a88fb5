"""The accessibility statement: it says what tocsin.yaml says, marks what is missing and nothing else, everybody reads it, and the foot
of each page names its state and leads to it."""
import html
import os
import re
import subprocess

from desk import Desk
from town import BUILD, main

SOURCE = "  - {id: site, kind: jsonl, path: site.jsonl, follow: yes}\n"

CONSOLE = """
  listen: '127.0.0.1:0'
  accessibilité:
    état: partielle
    audit:
      par: 'Cabinet <b>Untel</b>'
      le: 2026-05-03
      taux: 71.4
      rgaa: '4.1.2'
      avec: ['Firefox et NVDA']
      pages: [connexion, file de modération]
    non_conformités: ['La courbe <script>alert(1)</script>', "Un tableau sans l\\u0027en-tête"]
    dérogations: ['Export en PDF : charge disproportionnée']
    contact: {courriel: acces@ville.example, formulaire: 'https://www.ville.example/contact?a=1&b=2', téléphone: '01 23 45 67 89'}
    date: 01/06/2026
""".replace("\\u0027", "'")
FOOT = {"none": "Accessibilité : non conforme", "partial": "Accessibilité : partiellement conforme",
        "total": "Accessibilité : totalement conforme"}
ROLES = ["moderation", "dircom", "cabinet", "dgs", "astreinte", "admin", "regles", "juriste", "service", "dpo"]


def shown(page):
    """Its text, as one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page.body)).split())


def footed(page, state):
    return f'<a href="/accessibilite">{FOOT[state]}</a>' in page.body.replace("&#39;", "'")


def whole(ok, desk):
    nobody = desk.visitor()
    page = nobody.get("/accessibilite")
    text = shown(page)
    ok(page.status == 200 and "<mark>" not in page.body and "à compléter" not in text, "nothing is left to complete", page.body)
    for what in ("Valmont-sur-Orle", "article 47", "Partiellement conforme au RGAA 4.1.2.",
                 "L'audit fait par Cabinet <b>Untel</b> le 03/05/2026 a trouvé que 71,4 % des critères du RGAA 4.1.2 sont respectés.",
                 "Firefox et NVDA", "file de modération", "La courbe <script>alert(1)</script>", "Un tableau sans l'en-tête",
                 "Dérogations pour charge disproportionnée Export en PDF", "acces@ville.example", "Défenseur des droits",
                 "Cette déclaration a été établie le 01/06/2026."):
        ok(what in text, f"the statement says: {what}", text)
    ok("<script>alert" not in page.body and "<b>Untel" not in page.body, "texts stay texts")
    ok(page.has("a", href="mailto:acces@ville.example") and page.has("a", href="tel:0123456789") and
       page.has("a", href="https://www.ville.example/contact?a=1&b=2"), "who finds a fault has a way to say so", page.body)
    ok("Non conforme" not in text, "and it does not say two states")
    ok("71.4% of the criteria" in shown(desk.visitor("en").get("/accessibilite")) and
       "Accessibility: partially compliant" in desk.visitor("en").get("/connexion").body, "in English")


def everywhere(ok, desk):
    """The foot of every page that there is, of those that refuse, and of each role's first one."""
    nobody = desk.visitor()
    ok(all(footed(nobody.get(p), "partial") for p in ("/connexion", "/accessibilite", "/premier-compte/" + "0" * 64, "/rien")),
       "before anybody signs in")
    for role in ROLES:
        person = desk.person("r-" + role, role, services="education" if role == "service" else None)
        first = person.follow(person.get("/"))
        ok(first.status == 200 and footed(first, "partial"), f"the first page of {role}", first.body)
        ok(footed(person.get("/comptes" if role != "admin" else "/moderation"), "partial"), "… and a refusal")
    anne = desk.person("anne", ",".join(r for r in ROLES if r != "service"))
    routes = subprocess.run([os.path.join(BUILD, "src", "console", "tocsin-console"), "--routes"], capture_output=True, text=True, check=True).stdout
    seen = 0
    for method, path, *_ in (line.split(" ") for line in routes.splitlines()):
        if method != "GET" or path in ("/evenements", "/"):
            continue
        page = anne.get(path.replace("*", "1"))
        if (page.headers["Content-Type"] or "").startswith("text/html") and page.status != 303 and not path.endswith("/fichier"):
            seen += 1
            ok(footed(page, "partial"), f"{path} ({page.status})", page.body[-600:])
    ok(seen > 30, "of many pages", seen)


def todo(page):
    return [html.unescape(x) for x in re.findall(r"<mark>à compléter : (.*?)</mark>", page.body)]


def missing(ok, console, state, want):
    """Each thing that is not said is marked, and leads to its key; nothing else is."""
    with Desk(SOURCE, console=console) as desk:
        desk.start()
        page = desk.visitor().get("/accessibilite")
        marks = todo(page)
        ok(page.status == 200 and footed(page, state) and len(marks) == len(want) and all(w in m for w, m in zip(want, marks)),
           f"{state}: {want or 'nothing'} is missing", (marks, page.body))
        ok(desk.stop() == 0, "the town stops", desk.log())


def refused(ok):
    """A town that claims what its audit did not find is not started, and is told where."""
    with Desk(SOURCE, console="{listen: '127.0.0.1:0', accessibility: {state: total}}") as desk:
        code, out, err = desk.run("run", "--until-done")
        ok(code != 0 and "sans audit, une console est non conforme" in out + err and "conseil" in out + err, "no claim without an audit", out + err)


def scenario(ok):
    with Desk(SOURCE, console=CONSOLE, extra="services:\n  - {id: education, nom: Éducation}\n") as desk:
        desk.start()
        whole(ok, desk)
        everywhere(ok, desk)
        ok(desk.stop() == 0, "the town stops", desk.log())
    missing(ok, "{listen: '127.0.0.1:0'}", "none", ["état et résultat de l'audit", "à qui signaler", "date de la déclaration"])
    missing(ok, "{listen: '127.0.0.1:0', accessibility: {state: none, contact: {mail: a@b.example}, date: 2026-06-01}}", "none", [])
    missing(ok, "{listen: '127.0.0.1:0', accessibility: {state: partial, audit: {by: U, on: 2026-05-03, rate: 50, rgaa: '4.1'}, "
            "date: 2026-06-01}}", "partial", ["avec quoi", "non_conformités", "(contact)"])
    missing(ok, "{listen: '127.0.0.1:0', accessibility: {state: total, audit: {by: U, on: 2026-05-03, rate: 100, rgaa: '4.1', with: [a], "
            "pages: [b]}, contact: {phone: '3939'}, date: 2026-06-01}}", "total", [])
    refused(ok)


main(scenario)
