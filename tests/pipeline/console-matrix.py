"""Every address of the console's table × every role × what there is, what is somebody else's, what there is not: the exact
status of each, and that nothing of what citizens wrote stands in a refusal. The table of what is expected is held against
`tocsin-console --routes`, both ways."""
import datetime

from desk import Desk, database, routes, seq_of
from town import RULES, asked_topic, comment, levels, main

ROLES = ["moderation", "dircom", "cabinet", "admin", "regles", "juriste", "service", "dpo", "dgs", "astreinte"]
PLAN = """\
calendars:
  on_call: [{id: cadre, title: cadre, turn: [r-garde], start: 2026-01-01}]
people:
  - {id: r-garde, name: L. Dupont, mail: dupont@ville.example}
  - {id: chef, name: A. Roche, mail: roche@ville.example}
""" + levels("chef", p1="cadre")
TOPIC = asked_topic("cantine", "    service: education\n")
LEXICON = """\
tocsin: 1
pack: lexique
owner: com@ville.example
shared: yes
lists:
  elus: [Hautecloque]
"""
SERVICES = """\
services:
  - {id: education, nom: Service de l'éducation}
  - {id: sports, nom: Direction des sports}
"""
THREAT, INSULT, QUESTION, HANDLE = "zinzolin", "pimbêcherie", "carabistouille", "mandragore77"
WORDS = (THREAT, INSULT, QUESTION, HANDLE, "bigarreautier") # the last one: of a dossier
NONE = "999999"


def taken(page, status=303):
    """The answer to a form that must be taken: what it makes is asked for later."""
    if page.status != status:
        raise RuntimeError(f"{page.status}, not {status}: {page.parsed.text}")
    return page


def newest(desk, column, table):
    """Of what was just made: some refusals go back to the page with a word, as what is done does."""
    (number,), = database(desk, f"SELECT max({column}) FROM {table}")
    if number is None:
        raise RuntimeError(f"no {table} was made")
    return number


def one_each(desk, column, table):
    """{role: the number of its own}."""
    made = {r: i for i, r in database(desk, f"SELECT id, substr({column}, 3) FROM {table}")}
    if set(made) != {"moderation", "dircom"}:
        raise RuntimeError(f"{table}: {made}")
    return made


class Town:
    """What there is, by the pattern of its address: {pattern: (own, foreign)}; foreign None: it is nobody's own."""

    def __init__(self, desk):
        self.desk, self.people = desk, {}
        for role in ROLES:
            self.people[role] = desk.person("r-" + role, role, services="education" if role == "service" else None)
        self.people["garde"] = desk.person("r-garde", "astreinte")
        self.people["nobody"] = desk.visitor()
        self.csrf = {name: p.follow(p.get("/")).csrf or p.get("/connexion").csrf for name, p in self.people.items()}
        desk.wait_for(lambda: self.people["dircom"].get("/situation/1").status == 200, 30, "the alarm")
        threat, insult, question = (seq_of(desk, x) for x in (THREAT, INSULT, QUESTION))
        self.things = {"/moderation/*": (threat, insult), "/service/*": (self.transferred(question), threat), "/vues/*": self.views(),
                       "/moderation/lot/*": self.bulks(), "/dossiers/*": (self.dossier(threat), None), "/situation/*": (1, None),
                       "/equipe/absences/*": (self.absence(), None), "/conformite/purge/*": (self.purge(), None),
                       "/conformite/opposition/*": (self.opposition(), None),
                       "/regles/revenir/*": (desk.json("status")[0]["bundle"], None), "/regles/regle/*": ("injure.adressee", None),
                       "/regles/paquet/*": ("essai", None), "/regles/modifier/*": ("essai", None), "/conformite/modeles/*": ("registre", None),
                       "/regles/lexique/*": ("elus", None), "/regles/oublis/*": (self.missed(), None),
                       "/premier-compte/*": ("0" * 64, None)}

    def transferred(self, seq):
        form = self.people["moderation"].get(f"/moderation/{seq}/transferer").form(f"/moderation/{seq}/decider")
        taken(self.people["moderation"].post(f"/moderation/{seq}/decider", {**form, "service": "education", "motif": "x"}))
        return seq

    def missed(self):
        seq = database(self.desk, "SELECT max(seq) FROM item")[0][0]
        taken(self.people["moderation"].post(f"/moderation/{seq}/oubli", {"csrf": self.csrf["moderation"], "categorie": "spam", "note": "x"}))
        return seq

    def views(self):
        """One that is of each role that keeps some, and one that is another's."""
        for role in ("moderation", "dircom"):
            form = self.people[role].get("/moderation?priorite=1").form("/vues")
            taken(self.people[role].post("/vues", {**form, "nom": "vue"}))
        return one_each(self.desk, "owner", "view"), None

    def bulks(self):
        """One of each role that moderates."""
        for i, role in enumerate(("moderation", "dircom")):
            person, seq = self.people[role], seq_of(self.desk, f"numéro {i} ")
            chosen = {**person.get("/moderation?choisir=1").form("/moderation/lot"), f"c{seq}": "on"}
            seen = taken(person.post("/moderation/lot", chosen), 200)
            taken(person.post("/moderation/lot/decider", {**seen.form("/moderation/lot/decider"), "decision": "laisser", "motif": "x"}))
        return one_each(self.desk, "who", "bulk"), None

    def dossier(self, seq):
        page = self.people["moderation"].get(f"/moderation/{seq}/dossier")
        taken(self.people["moderation"].post(f"/moderation/{seq}/dossier", {"csrf": page.csrf, "objet": "bigarreautier", "but": "plainte",
                                                                            "victime": "agent", "note": ""}))
        return newest(self.desk, "id", "dossier")

    def absence(self):
        day = (datetime.date.today() + datetime.timedelta(days=30)).isoformat()
        taken(self.people["dircom"].send("/equipe/absences", "/equipe", qui="chef", remplacant="", du=day, au=day), 200)
        return newest(self.desk, "id", "absence")

    def purge(self):
        taken(self.people["dpo"].send("/conformite/purge", "/conformite/purge", motif="durées"), 200)
        return newest(self.desk, "number", "purge")

    def opposition(self):
        dpo = self.people["dpo"]
        page = taken(dpo.send("/conformite/personne", "/conformite/personne", source="site", compte=HANDLE, motif="essai"), 200)
        form = {**page.form("/conformite/personne/opposition"), "motif": "x", "decision": "noter"}
        taken(dpo.post("/conformite/personne/opposition", form))
        return newest(self.desk, "id", "opposition")


# Of whoever may: the status for what is his or anybody's own, for what is another's, for what there is not. A form brings
# nothing but its token: it is refused as incomplete (400), or does what it does without more (303).
OPEN, ABSENT = (200,), (200, 404, 404)
EXPECTED = {
    ("GET", "/healthz"): OPEN, ("GET", "/readyz"): OPEN, ("GET", "/metrics"): OPEN, ("GET", "/fixe/console.css"): OPEN,
    ("GET", "/fixe/console.js"): OPEN, ("GET", "/fixe/direct.js"): OPEN, ("GET", "/fixe/rules.js"): OPEN, ("GET", "/fixe/bulk.js"): OPEN,
    ("GET", "/evenements"): OPEN, ("GET", "/connexion"): (303,), ("POST", "/connexion"): (400,),
    ("GET", "/premier-compte/*"): (410, 410, 410), ("POST", "/premier-compte/*"): (410, 410, 410), ("GET", "/"): (303,),
    ("GET", "/mot-de-passe"): OPEN, ("POST", "/mot-de-passe"): (400,),
    ("GET", "/moderation"): OPEN, ("GET", "/reponse"): OPEN, ("GET", "/commentaires"): OPEN, ("GET", "/vues"): OPEN,
    ("POST", "/vues"): (400,), ("POST", "/vues/*/retirer"): (303, 404, 404), ("GET", "/raccourcis"): OPEN,
    ("POST", "/raccourcis"): (400,), ("GET", "/recherche"): OPEN, ("POST", "/moderation/lot"): (400,),
    ("POST", "/moderation/lot/decider"): (400,), ("POST", "/moderation/lot/*/annuler"): (303, 404, 404),
    ("GET", "/moderation/*"): ABSENT, ("GET", "/moderation/*/attente"): ABSENT, ("GET", "/moderation/*/reponse"): ABSENT,
    ("GET", "/moderation/*/transferer"): ABSENT, ("POST", "/moderation/*/prendre"): (303, 404, 404),
    ("POST", "/moderation/*/rendre"): (303, 404, 404), ("POST", "/moderation/*/decider"): (400, 404, 404),
    ("POST", "/moderation/*/oubli"): (400, 404, 404), ("POST", "/moderation/*/annuler"): (303, 404, 404),
    ("GET", "/moderation/*/dossier"): ABSENT, ("POST", "/moderation/*/dossier"): (400, 400, 400),
    ("GET", "/dossiers"): OPEN, ("GET", "/dossiers/*"): ABSENT, ("POST", "/dossiers/*/noter"): (400, 404, 404),
    ("POST", "/dossiers/*/envoi"): (400, 404, 404), ("POST", "/dossiers/*/retirer"): (400, 400, 400),
    ("POST", "/dossiers/*/lever"): (400, 404, 404), ("POST", "/dossiers/*/exporter"): (400, 404, 404),
    ("GET", "/signalement"): OPEN, ("POST", "/signalement"): (400,),
    ("GET", "/situation"): OPEN, ("GET", "/situation/appels"): OPEN, ("GET", "/situation/*"): ABSENT,
    ("GET", "/situation/rejouer"): OPEN, ("POST", "/situation/rejouer"): (400,), ("POST", "/situation/rejouer/arreter"): (303,),
    ("POST", "/situation/*/prendre"): (303, 404, 404), ("POST", "/situation/*/noter"): (400, 404, 404),
    ("POST", "/situation/*/prolonger"): (303, 404, 404), ("POST", "/situation/*/rendre"): (303, 404, 404),
    ("POST", "/situation/*/relais"): (400, 404, 404), ("POST", "/situation/*/consigne"): (400, 404, 404), ("POST", "/situation/*/elements"): (400, 404, 404),
    ("POST", "/situation/*/sourdine"): (409, 404, 404), ("POST", "/situation/*/clore"): (400, 404, 404), # a threat is never silent
    ("GET", "/situation/*/rapport"): ABSENT, ("POST", "/situation/*/point"): (400, 404, 404), ("POST", "/situation/*/rumeur"): (400, 404, 404),
    ("POST", "/situation/*/rouvrir"): (409, 404, 404), ("POST", "/situation/*/suivre"): (409, 404, 404), # a threat is no topic
    ("POST", "/situation/*/ne-plus-suivre"): (404, 404, 404), ("GET", "/equipe"): OPEN, ("GET", "/equipe/statistiques"): OPEN,
    ("GET", "/equipe/statistiques.csv"): OPEN, ("POST", "/equipe/absences"): (400,), ("POST", "/equipe/absences/*/retirer"): (303, 303, 303),
    ("GET", "/regles"): OPEN, ("GET", "/regles/journal"): OPEN, ("POST", "/regles/revenir/*"): (303, 404, 404),
    ("GET", "/regles/regle/*"): ABSENT, ("GET", "/regles/paquet/*"): ABSENT, ("GET", "/regles/essayer"): OPEN,
    ("POST", "/regles/essayer"): (400,), ("GET", "/regles/modifier"): OPEN, ("GET", "/regles/modifier/*"): (200, 200, 200), # a new one
    ("GET", "/regles/lexique"): OPEN, ("GET", "/regles/lexique/*"): ABSENT, ("POST", "/regles/lexique/*"): (400, 400, 400),
    ("GET", "/regles/oublis"): OPEN, ("POST", "/regles/oublis/*"): (400, 400, 400), ("POST", "/regles/modifier/*"): (400, 400, 400), ("POST", "/regles/abandonner"): (303,), ("GET", "/service"): OPEN,
    ("GET", "/service/*"): ABSENT, ("POST", "/service/*/proposer"): (400, 404, 404), ("POST", "/service/*/annuler"): (303, 404, 404),
    ("GET", "/conformite"): OPEN, ("GET", "/conformite/purge"): OPEN, ("POST", "/conformite/purge"): (303,),
    ("GET", "/conformite/purge/*"): ABSENT, ("GET", "/conformite/prescriptions"): OPEN, ("GET", "/conformite/journal"): OPEN,
    ("GET", "/conformite/exports"): OPEN, ("POST", "/conformite/exports"): (400,), ("GET", "/conformite/personne"): OPEN,
    ("POST", "/conformite/personne"): (400,), ("POST", "/conformite/personne/exporter"): (400,),
    ("POST", "/conformite/personne/effacer"): (400,), ("POST", "/conformite/personne/opposition"): (303,),
    ("POST", "/conformite/opposition/*"): (303, 303, 303), ("GET", "/conformite/modeles"): OPEN, ("GET", "/conformite/modeles/*"): ABSENT,
    ("GET", "/conformite/modeles/*/fichier"): ABSENT, ("GET", "/accessibilite"): OPEN, ("GET", "/ecoute"): (404,), ("GET", "/comptes"): OPEN,
}
# What no page shows to whoever has this role, whatever he may open.
NEVER = {"admin": WORDS, "regles": (HANDLE,), "service": (HANDLE, THREAT, INSULT), "cabinet": (HANDLE,), "dgs": (HANDLE,),
         "astreinte": (HANDLE,), "juriste": (), "dpo": (THREAT, INSULT, QUESTION), "moderation": (), "dircom": (), "garde": (INSULT,),
         "nobody": WORDS}
REFUSED = (303, 403, 404)
SPARED = ("decision", "claim", "entry", "view", "bulk", "dossier", "dossier_entry", "dossier_piece", "absence", "opposition", "answer",
          "follow", "purge", "account", "silence", "second")


def who_may(town, roles):
    """The people to whom a route is open."""
    return {name for name in town.people if "*" in roles or name in roles or (name == "garde" and {"astreinte", "garde"} & roles)}


def expected(method, path, name, kind, may):
    if not may:
        return 403 if method == "POST" or name != "nobody" else 303
    if (method, path, name) == ("GET", "/connexion", "nobody"):
        return 200
    if (path, kind) == ("/situation/*/point", "own") and name in ("moderation", "garde"):
        return 409 # nobody is in charge any more: who was gave it back
    return EXPECTED[method, path][("own", "foreign", "none").index(kind)]


def addresses(town, path, name):
    """[(kind, address)] that are asked for by this person."""
    if "*" not in path:
        return [("own", path)]
    pattern = max((p for p in town.things if path == p or path.startswith(p + "/")), key=len)
    own, foreign = town.things[pattern]
    if isinstance(own, dict): # each one's own, and another's
        foreign = next(i for who, i in own.items() if who != name)
        own = own.get(name, foreign)
    elif name != "garde" and pattern == "/moderation/*":
        foreign = None # of comments, all are the moderation's
    things = [("own", own), ("none", NONE)] + ([("foreign", foreign)] if foreign else [])
    return [(kind, path.replace("*", str(thing))) for kind, thing in things]


def ask(person, method, address, csrf):
    if method == "POST":
        return person.post(address, {"csrf": csrf})
    return person.ask("HEAD" if address == "/evenements" else "GET", address) # a stream has no end


def questions(town, table, may):
    """(method, path, name, kind, page) of everybody to whom the route is open (or is not)."""
    for method, path, roles in table:
        for name in town.people:
            if (name in who_may(town, roles)) == may:
                for kind, address in addresses(town, path, name):
                    yield method, path, name, kind, ask(town.people[name], method, address, town.csrf[name])


def judge(ok, desk, town, table, may):
    wrong, leaks, n = [], [], 0
    for method, path, name, kind, page in questions(town, table, may):
        n += 1
        if page.status != expected(method, path, name, kind, may):
            wrong.append((method, path, name, kind, page.status))
        words = WORDS if page.status in REFUSED else NEVER[name]
        leaks += [(method, path, name, kind, w) for w in words if w in page.body]
    what = "whoever may" if may else "whoever may not"
    ok(not wrong and n > 100, f"{n} questions of {what}: the status of each", wrong or n)
    ok(not leaks, f"… and nothing in what {what} is told that is not for him", leaks)


def contents(desk):
    return {table: database(desk, f"SELECT count(*) FROM {table}")[0][0] for table in SPARED}


def every(ok, desk, town):
    table = [r for r in routes() if r[1] != "/deconnexion"]
    ok({r[:2] for r in table} == set(EXPECTED), "what is expected names every route, and no other", {r[:2] for r in table} ^ set(EXPECTED))
    named = {role for *_, roles in table for role in roles} - {"*", "garde", "sources"}
    ok(named == set(ROLES), "and every role is somebody's", named ^ set(ROLES))
    before = contents(desk)
    judge(ok, desk, town, table, False)
    ok(contents(desk) == before, "nothing was changed by what was refused", (before, contents(desk)))
    judge(ok, desk, town, table, True)


def scenario(ok):
    with Desk("  - {id: site, kind: jsonl, path: site.jsonl, follow: yes}\n", policy=PLAN, rules=RULES + TOPIC, extra=SERVICES) as desk:
        desk.comments("site.jsonl", [comment(1, f"on sait où tu habites, {THREAT}", HANDLE, 1), comment(2, f"Quel abruti, {INSULT}", HANDLE, 2),
                                     comment(3, f"la cantine, {QUESTION} ?", HANDLE, 3)] +
                      [comment(10 + i, f"abruti numéro {i} {INSULT}", HANDLE, 4) for i in range(3)] + [comment(20, "rien de tel", HANDLE, 5)])
        desk.write("rules/lexique.yaml", LEXICON)
        desk.start()
        desk.wait_for(lambda: desk.committed() == 7, 30, "everything")
        every(ok, desk, Town(desk))
        ok(desk.stop() == 0, "the town stops", desk.log())


main(scenario)
