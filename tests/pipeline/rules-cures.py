"""Whatever is wrong with rules or with tocsin.yaml is said with a cure (« conseil ») that somebody who does not program can follow."""
import glob
import os
import re
import subprocess

from town import TOCSIN, Plan, Town

SOURCE = os.environ.get("TOCSIN_SOURCE", ".")
PACK = "tocsin: 1\npack: {name}\nowner: x@ville.example\n{more}rules:\n  - id: {id}\n    title: t\n    status: live\n    category: spam\n    priority: P3\n    score: 6\n{rule}"
WHEN = "    when: {words: [troll]}\n    tests: {match: ['un troll'], no_match: ['le stade']}\n"
# what is wrong → what is said of it
RULES = {
    "score: dix": "un nombre entier est attendu", "score: 12": "entre 0 et 10", "score: [1]": "un texte est attendu",
    "when: {words: []}": "la liste est vide", "when: {words: ['']}": "terme vide", "when: {words: ['" + "a " * 200 + "']}": "terme de plus de",
    "when: {regex: 'a('}": "expression incorrecte", "when: {regex: [[a]]}": "une expression est attendue", "when: {words: $rien}": "rien",
    "when: {words: [a], source: []}": "la liste est vide", "status: vivant": "valeur inconnue",
    "id: " + "a" * 200: "un identifiant a de 1 à", "id: Été": "caractère interdit", "priority: P1": "une règle P1 doit alerter seule",
}
TOWN = {
    "console: {listen: '127.0.0.1:0', session: 3}": "", "folders: {state: s, run: s}": "doivent être différents", "mail: []": "suite de",
    "mail: {url: 'smtp://m.ville.example', from: a@b.example, user: x}": "vont ensemble", "mail: {folder: ''}": "est vide",
    "sms: {url: 'https://x.example/?to={to}&text={text}&p={secret}'}": "vont ensemble",
    "trend: {jaune: 9, orange: 8}": "moins de personnes", "trend: {jaune: trois}": "un nombre entier", "trend: {jaune: 1}": "entre 2 et",
    "sources: [{kind: jsonl, path: a.jsonl, follow: yes}]": "identifiant", "sources: [{id: a, kind: jsonl}]": "n'a pas de",
    "sources: [{id: a, kind: jsonl, path: '-'}, {id: a, kind: jsonl, path: '-'}]": "deux sources",
    "sources: [{id: signalements, kind: jsonl, path: a.jsonl, follow: yes}]": "réservé",
    "sources: [{id: a, kind: rss, url: 'https://v.example/f', user: x}]": "vont ensemble", "people: [x]": "suite de", "people: [{name: x}]": "il manque « id »",
    "people: [{id: a, name: x, mail: a@b.example}, {id: a, name: y, mail: c@b.example}]": "deux fois",
    "hooks: [{id: h, url: 'ftp://x'}]": "adresse http", "hooks: [{id: h, url: 'https://x.example', form: slack, secret_file: k}]": "seule la forme",
    "levels: {jaune: [{tell: [dircom, dircom]}]}": "déjà prévenu", "levels: {jaune: [{tell: []}]}": "ne prévient personne",
    "levels: {jaune: [{tell: dircom, by: sms}]}": "n'a pas de « sms »", "levels: {jaune: [{tell: dircom, after: 1 h}, {tell: dircom, after: 1 min}]}": "vient avant",
    "policy: {fallback: dircom, fallback_after: 2 h, give_up: 1 h}": "plus court que", "policy: {fallback: dircom, repeat: 1 s}": "trop court",
    "policy: {fallback: dircom, election: {from: 2026-03-01, to: 2026-02-01}}": "la fin ne vient pas après",
    "policy: {fallback: dircom, quiet: [{levels: [rouge], from: '21:00', to: '07:00'}]}": "n'attendent jamais",
    "calendars: {on_call: [{id: c, file: rien.csv}]}": "rien.csv", }
LEVELS = "levels: {jaune: [{tell: dircom}], orange: [{tell: dircom}], rouge: [{tell: dircom}], gris: [{tell: dircom}], P1: [{tell: dircom}]}"
PEOPLE = "people: [{id: dircom, name: A. Roche, mail: dircom@ville.example}]"


def run(*words):
    done = subprocess.run([TOCSIN, *words], capture_output=True, text=True, timeout=60, check=False, env={**os.environ, "LANG": "fr_FR.UTF-8"})
    return done.stdout + done.stderr


def without_cure(said):
    """The errors that no « conseil » follows, and how many there are."""
    errors = re.split(r"^(?=\S+: (?:erreur|alerte): )", said, flags=re.M)
    errors = [one for one in errors if re.match(r"\S+: erreur: ", one)]
    return [one for one in errors if "\n  conseil: " not in one], len(errors)


def rules(ok, town):
    for n, (wrong, said) in enumerate(RULES.items()):
        key = wrong.split(":")[0]
        body = "".join(line for line in WHEN.splitlines(True) if not line.strip().startswith(key + ":")) + f"    {wrong}\n"
        text = PACK.format(name=f"p{n}", more="", id=f"r{n}", rule=body)
        if key in ("score", "status", "id", "priority"):
            text = re.sub(rf"^(  - |    ){key}: .*\n", rf"\g<1>{wrong}\n", PACK.format(name=f"p{n}", more="", id=f"r{n}", rule=WHEN), count=1, flags=re.M)
        town.write(f"r{n}/p.yaml", text)
        out = run("rules", "check", town.path(f"r{n}"))
        bare, errors = without_cure(out)
        ok(errors and not bare and said in out, f"rules: {wrong[:50]}", out)
    for name, what in (("absent", None), ("vide", ""), ("deux", "pack")):
        if what is not None:
            os.makedirs(town.path(name), exist_ok=True)
        if what:
            for n in (1, 2):
                town.write(f"deux/{n}.yaml", PACK.format(name="pareil", more="thresholds: {queue: 9, alert: 2}\n", id="meme", rule=WHEN))
        bare, errors = without_cure(run("rules", "check", town.path(name)))
        ok(errors and not bare, f"rules: a folder, {name}", bare)


def configuration(ok, town):
    for n, (wrong, said) in enumerate(TOWN.items()):
        keys = {wrong.split(":")[0]}
        more = [line for line in (PEOPLE, LEVELS, "policy: {fallback: dircom}") if line.split(":")[0] not in keys]
        if "people" in keys:
            more = []
        town.write(f"t{n}.yaml", "tocsin: 1\ntown: {name: Valmont, zone: Europe/Paris}\n" + "\n".join([wrong, *more]) + "\n")
        out = run("policy", "check", "--config", town.path(f"t{n}.yaml"))
        bare, errors = without_cure(out)
        ok(errors and not bare and said in out, f"tocsin.yaml: {wrong[:60]}", out)


def every_one(ok):
    """No problem is written without its cure."""
    call = re.compile(r"\b(?:yaml_problem|problem_add|complain|fault|wrong|parse_fail)\([^;:]*?\bNULL,\s*\"", re.S)
    files = [p for room in ("yaml", "rules", "policy", "reply", "calendar", "match", "service") for p in glob.glob(os.path.join(SOURCE, "src", "lib", room, "*.c"))]
    files += glob.glob(os.path.join(SOURCE, "src", "tocsin", "policy*.c")) + glob.glob(os.path.join(SOURCE, "src", "tocsin", "rules", "*.c"))
    found = [f"{p}: {m.group(0)[-80:]}" for p in files for m in call.finditer(open(p, encoding="utf-8").read()) if "_w(x" not in m.group(0)]
    ok(len(files) > 50 and not found, "in no file of these rooms", found)


class Folder(Town):
    """Files alone."""

    def write(self, name, text):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        super().write(name, text)


def main():
    with Plan() as ok, Folder() as town:
        rules(ok, town)
        configuration(ok, town)
        every_one(ok)
    raise SystemExit(1 if ok.failed else 0)


main()
