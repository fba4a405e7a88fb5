"""Every address of the console's table × every role × what there is, what is somebody else's, what there is not: the exact
status of each, and that nothing of what citizens wrote stands in a refusal. Who may is written here by hand, and held against
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
ADDRESSED = "paul_durand77" # a handle within web addresses
WORDS = (THREAT, INSULT, QUESTION, HANDLE, ADDRESSED, "bigarreautier") # the last one: of a dossier
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
                       "/regles/signer/*": ("injure.adressee", None),
                       "/regles/paquet/*": ("essai", None), "/regles/modifier/*": ("essai", None), "/conformite/modeles/*": ("registre", None),
                       "/regles/lexique/*": ("elus", None), "/regles/oublis/*": (self.missed(), None), "/comptes/*": ("r-moderation", None),
                       "/premier-compte/*": ("0" * 64, None), "/mot-de-passe/*": ("0" * 64, None)}

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


# Who may, written here by hand from what each role is for (tocsin(1), user), and not from the table under test: of each route its
# people, then the status for what is theirs or anybody's own, for what is another's, for what there is not. "garde": who has the
# role astreinte and is on duty; "sources": also whoever sees some sources only. A form brings nothing but its token: it is
# refused as incomplete (400), or does what it does without more (303).
OPEN, ABSENT, TO_FILL, DONE = (200,), (200, 404, 404), (400, 404, 404), (303, 404, 404)
SIGNED = " ".join(ROLES)
OPEN_TO = [
    # machines, the door, and the two pages that are the public's
    ("*", {"GET /healthz": OPEN, "GET /readyz": OPEN, "GET /metrics": OPEN, "GET /fixe/console.css": OPEN, "GET /fixe/console.js": OPEN,
           "GET /fixe/direct.js": OPEN, "GET /fixe/rules.js": OPEN, "GET /fixe/bulk.js": OPEN, "GET /connexion": (303,),
           "POST /connexion": (400,), "GET /premier-compte/*": (410, 410, 410), "POST /premier-compte/*": (410, 410, 410),
           "GET /mot-de-passe/*": (410, 410, 410), "POST /mot-de-passe/*": (410, 410, 410),
           "GET /accessibilite": OPEN, "GET /ecoute": (404,)}),
    # one's own account
    (SIGNED + " sources", {"GET /": (303,), "POST /deconnexion": (303,), "GET /mot-de-passe": OPEN, "POST /mot-de-passe": (400,)}),
    # what citizens wrote, one at a time: the moderation, of its sources, and on duty what is urgent
    ("moderation dircom garde sources", {
        "GET /moderation": OPEN, "GET /moderation/*": ABSENT, "GET /moderation/*/attente": ABSENT, "GET /moderation/*/reponse": ABSENT,
        "GET /moderation/*/transferer": ABSENT, "POST /moderation/*/prendre": DONE, "POST /moderation/*/rendre": DONE,
        "POST /moderation/*/decider": TO_FILL, "POST /moderation/*/annuler": DONE}),
    # … the other files, views, many at once, what tocsin missed: nobody is called from his bed for it
    ("moderation dircom sources", {
        "GET /reponse": OPEN, "GET /commentaires": OPEN, "GET /vues": OPEN, "POST /vues": (400,), "POST /vues/*/retirer": DONE,
        "POST /moderation/lot": (400,), "POST /moderation/lot/decider": (400,), "POST /moderation/lot/*/annuler": DONE,
        "POST /moderation/*/oubli": TO_FILL}),
    # … the whole past of the town, and what is kept as evidence: of his sources
    ("moderation dircom sources", {"GET /recherche": OPEN, "GET /moderation/*/dossier": ABSENT, "POST /moderation/*/dossier": (400, 400, 400)}),
    # dossiers: who opens them, who leads them to court, who answers for what is kept (without a text)
    ("moderation dircom juriste dpo sources", {"GET /dossiers": OPEN, "GET /dossiers/*": ABSENT}),
    ("juriste sources", {"POST /dossiers/*/noter": TO_FILL, "POST /dossiers/*/envoi": TO_FILL, "POST /dossiers/*/retirer": (400, 400, 400)}),
    ("juriste dpo sources", {"POST /dossiers/*/lever": TO_FILL}),
    ("juriste dpo", {"POST /dossiers/*/exporter": TO_FILL}),
    # how many and where, never who; and what was told by telephone
    ("moderation dircom cabinet dgs astreinte", {
        "GET /evenements": OPEN, "GET /situation": OPEN, "GET /situation/appels": OPEN, "GET /situation/*": ABSENT,
        "GET /situation/*/rapport": ABSENT, "GET /signalement": OPEN, "POST /signalement": (400,)}),
    ("moderation dircom cabinet dgs astreinte sources", {"GET /raccourcis": OPEN, "POST /raccourcis": (400,)}),
    # taking charge of an alarm: of the astreinte, who is on duty
    ("moderation dircom cabinet dgs garde", {
        "POST /situation/*/prendre": DONE, "POST /situation/*/prolonger": DONE, "POST /situation/*/rendre": DONE,
        "POST /situation/*/relais": TO_FILL, "POST /situation/*/noter": TO_FILL, "POST /situation/*/point": TO_FILL,
        "POST /situation/*/rumeur": TO_FILL}),
    # what the town hall says and does of it; a threat is never silent
    ("dircom cabinet dgs", {
        "POST /situation/*/consigne": TO_FILL, "POST /situation/*/elements": TO_FILL, "POST /situation/*/sourdine": (409, 404, 404),
        "POST /situation/*/clore": TO_FILL, "POST /situation/*/rouvrir": (409, 404, 404)}),
    # what is listened to, and what another setting would have rung; a threat is no topic
    ("dircom dgs", {
        "POST /situation/*/suivre": (409, 404, 404), "POST /situation/*/ne-plus-suivre": (404, 404, 404),
        "GET /situation/rejouer": OPEN, "POST /situation/rejouer": (400,), "POST /situation/rejouer/arreter": (303,)}),
    # the chain rehearsed: no content
    ("dircom dgs admin", {"GET /situation/exercice": OPEN, "POST /situation/exercice": (400,), "POST /situation/exercice/arreter": (400,)}),
    # the team and its figures, without any content
    ("moderation dircom cabinet dgs astreinte admin", {
        "GET /equipe": OPEN, "GET /equipe/statistiques": OPEN, "GET /equipe/statistiques.csv": OPEN}),
    ("dircom dgs admin", {"POST /equipe/absences": (400,), "POST /equipe/absences/*/retirer": (303, 303, 303)}),
    # rules: who reads them, who may try a text, who writes them
    ("regles juriste dircom", {
        "GET /regles": OPEN, "GET /regles/journal": OPEN, "GET /regles/regle/*": ABSENT, "GET /regles/paquet/*": ABSENT,
        "GET /regles/lexique": OPEN, "GET /regles/lexique/*": ABSENT, "GET /regles/oublis": OPEN}),
    ("regles juriste dircom moderation", {"GET /regles/essayer": OPEN, "POST /regles/essayer": (400,)}),
    ("regles", {
        "GET /regles/revenir/*": DONE, "POST /regles/revenir/*": DONE, "GET /regles/modifier": OPEN, "GET /regles/modifier/*": (200, 200, 200), # a new one
        "POST /regles/modifier/*": (400, 400, 400), "POST /regles/abandonner": (303,), "POST /regles/lexique/*": (400, 400, 400),
        "POST /regles/oublis/*": (400, 400, 400)}),
    ("juriste", {"POST /regles/signer/*": TO_FILL}), # who is named
    # a service: what is transferred to it
    ("service", {
        "GET /service": OPEN, "GET /service/*": ABSENT, "POST /service/*/proposer": TO_FILL, "POST /service/*/annuler": DONE}),
    # what is kept and its end, who did what: no content
    ("dpo admin", {
        "GET /conformite": OPEN, "GET /conformite/purge": OPEN, "POST /conformite/purge": (303,), "GET /conformite/purge/*": ABSENT,
        "GET /conformite/journal": OPEN}),
    # when the law's clock ends: who qualifies, who decides, who answers for it
    ("moderation dircom juriste dpo", {"GET /conformite/prescriptions": OPEN}),
    # one person, and what leaves the town hall
    ("dpo", {
        "GET /conformite/exports": OPEN, "POST /conformite/exports": (400,), "GET /conformite/personne": OPEN,
        "POST /conformite/personne": (400,), "POST /conformite/personne/exporter": (400,), "POST /conformite/personne/effacer": (400,),
        "POST /conformite/personne/opposition": (303,), "POST /conformite/opposition/*": (303, 303, 303)}),
    # papers about all that
    ("dpo admin juriste", {
        "GET /conformite/modeles": OPEN, "GET /conformite/modeles/*": ABSENT, "GET /conformite/modeles/*/fichier": ABSENT}),
    # who may come in, and what for
    ("admin", {"GET /comptes": OPEN, "GET /comptes/*": ABSENT, "POST /comptes/*": TO_FILL, "POST /comptes/*/roles": TO_FILL,
               "POST /comptes/*/lien": TO_FILL, "POST /comptes/*/fermer": TO_FILL, "POST /comptes/*/rouvrir": TO_FILL,
               "GET /comptes-nouveau": OPEN, "POST /comptes-nouveau": (400,)}),
]
EXPECTED = {tuple(route.split()): (set(who.split()), statuses) for who, rows in OPEN_TO for route, statuses in rows.items()}
# What no page shows to whoever has this role, whatever he may open.
NEVER = {"admin": WORDS, "regles": (HANDLE, ADDRESSED), "service": (HANDLE, THREAT, INSULT, ADDRESSED), "cabinet": (HANDLE, ADDRESSED),
         "dgs": (HANDLE, ADDRESSED), "astreinte": (HANDLE, ADDRESSED), "juriste": (), "dpo": (THREAT, INSULT, QUESTION, ADDRESSED),
         "moderation": (), "dircom": (), "garde": (INSULT,), "nobody": WORDS}
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
    if (path, kind) == ("/situation/*/prolonger", "own") and name != "garde":
        return 409 # the last who took it has it
    return EXPECTED[method, path][1][("own", "foreign", "none").index(kind)]


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


def questions(town, may):
    """(method, path, name, kind, page) of everybody to whom the route is open (or is not)."""
    for (method, path), (roles, _) in EXPECTED.items():
        if path == "/deconnexion":
            continue # they are still needed
        for name in town.people:
            if (name in who_may(town, roles)) == may:
                for kind, address in addresses(town, path, name):
                    yield method, path, name, kind, ask(town.people[name], method, address, town.csrf[name])


def judge(ok, town, may):
    wrong, leaks, n = [], [], 0
    for method, path, name, kind, page in questions(town, may):
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
    table = {(method, path): roles for method, path, roles in routes()}
    ok(set(table) == set(EXPECTED), "what is expected names every route, and no other", set(table) ^ set(EXPECTED))
    wrong = {route: (roles, EXPECTED[route][0]) for route, roles in table.items() if route in EXPECTED and roles != EXPECTED[route][0]}
    ok(not wrong, "each is open to whom it is for, by the table", wrong)
    named = {role for roles, _ in EXPECTED.values() for role in roles} - {"*", "garde", "sources"}
    ok(named == set(ROLES), "and every role is somebody's", named ^ set(ROLES))
    before = contents(desk)
    judge(ok, town, False)
    ok(contents(desk) == before, "nothing was changed by what was refused", (before, contents(desk)))
    judge(ok, town, True)


def scenario(ok):
    with Desk("  - {id: site, kind: jsonl, path: site.jsonl, follow: yes}\n", policy=PLAN, rules=RULES + TOPIC, extra=SERVICES) as desk:
        desk.comments("site.jsonl", [comment(1, f"on sait où tu habites, {THREAT} https://x.example/u/{ADDRESSED} facebook.com/{ADDRESSED}", HANDLE, 1), comment(2, f"Quel abruti, {INSULT}", HANDLE, 2),
                                     comment(3, f"la cantine, {QUESTION} ?", HANDLE, 3)] +
                      [comment(10 + i, f"abruti numéro {i} {INSULT}", HANDLE, 4) for i in range(3)] + [comment(20, "rien de tel", HANDLE, 5)])
        desk.write("rules/lexique.yaml", LEXICON)
        desk.start()
        desk.wait_for(lambda: desk.committed() == 7, 30, "everything")
        every(ok, desk, Town(desk))
        ok(desk.stop() == 0, "the town stops", desk.log())


main(scenario)
