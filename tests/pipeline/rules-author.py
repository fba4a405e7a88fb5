"""What an author does with rules beside `score`: problems with their line and a caret, reports for machines, two sets of
rules over the same comments, over the stored history with what moderators decided; what is published, by whom and why."""
import json
import os
import re
import shutil
import signal
import subprocess

from town import TOCSIN, Town, comment, main

PACKS = os.path.join(os.environ.get("TOCSIN_SOURCE", "."), "rules", "fr")
SOURCE = "  - {id: site, kind: jsonl, path: site.jsonl, follow: yes}\n"
PACK = """tocsin: 1
pack: p
seuils: {file: 3, alerte: 9}
règles:
  - id: injure.a
    titre: Injure possible
    catégorie: injure_publique
    priorité: P3
    score: 5
    quand: {mots: [%s]}
"""


def run(*words, lang="fr_FR.UTF-8"):
    done = subprocess.run([TOCSIN, *words], capture_output=True, cwd="/", timeout=240,
                          env={"PATH": os.environ["PATH"], "LANG": lang})
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def problems(ok, town):
    town.write("faux/a.yaml", PACK % "troll" + "    scor: 4\n")
    town.write("faux/b.yaml", "tocsin: 1\npack: q\nrègles:\n"
               "  - {id: b, titre: Été, catégorie: spma, quand: {mots: [x]}}\n")
    code, out, err = run("rules", "check", town.path("faux"))
    ok(code == 1 and not out, "a pack with mistakes: exit 1", out)
    lines = err.split("\n")
    at = next(i for i, line in enumerate(lines) if "b.yaml:4:36: erreur" in line)
    ok(lines[at + 1] == "     4 |   - {id: b, titre: Été, catégorie: spma, quand: {mots: [x]}}", "the line is shown", lines)
    ok(lines[at + 2].index("^") - 9 == lines[at + 1][9:].index("spma"), "the caret stands below the place", lines)
    ok("vouliez-vous dire « spam »" in err, "with the cure", err)
    code, out, err = run("rules", "check", town.path("faux"), "--format", "json")
    found = json.loads(out)
    ok(code == 1 and any(p["line"] == 4 and p["column"] == 36 and p["severity"] == "error" and "spam" in p["hint"]
                         for p in found), "as JSON", out)
    code, out, err = run("rules", "check", town.path("faux"), "--format", "codequality")
    issue = json.loads(out)
    ok(code == 1 and all({"description", "check_name", "fingerprint", "severity", "location"} <= set(i) for i in issue),
       "as a Code Quality report", out)
    ok(len({i["fingerprint"] for i in issue}) == len(issue), "each issue has its own fingerprint", out)
    code, out, err = run("rules", "check", town.path("faux"), "--format", "xml")
    ok(code == 2 and "codequality" in err, "an unknown format is misuse", err)
    code, out, err = run("rules", "chek")
    ok(code == 2 and "« check »" in err, "an unknown verb: did you mean", err)


def doubts(ok, town):
    town.write("doute/a.yaml", PACK % "malotru")
    code, out, err = run("rules", "check", town.path("doute"))
    ok(code == 0 and "1 règle et 0 sujet, sans erreur, 2 avertissements ; empreinte" in out
       and "avertissement: « injure.a » n'a pas d'exemples" in err, "what is doubtful is said, and is no error", out + err)
    code, out, err = run("rules", "check", town.path("doute"), "--strict")
    ok(code == 1, "unless one is strict", out + err)
    code, out, err = run("rules", "check", "--strict", "--format", "json", town.path("doute"))
    ok(code == 1 and {p["severity"] for p in json.loads(out)} == {"warning"}, "for machines too", out + err)
    code, out, err = run("rules", "check", "--strict", PACKS)
    ok(code == 0 and not err, "the shipped packs leave no doubt", err)


CASES = """tocsin: 1
cas:
  - titre: Trois fois
    commentaires:
      - {texte: Quel malotru, auteur: paul, heure: "12:00", attendu: {niveau: rien, en_attente: raid}}
      - {texte: Quel malotru, auteur: anne, après: 5 min, attendu: {en_attente: [raid]}}
      - {texte: Bonjour, auteur: paul, après: 5 min, attendu: {non: raid}}
      - {texte: Quel malotru, auteur: paul, après: 5 min, attendu: {niveau: rien}}
      - {texte: Quel malotru, auteur: paul, après: 30 min, attendu: {niveau: %s, oui: raid}}
  - titre: Trop espacés
    commentaires:
      - {texte: Quel malotru, auteur: paul, heure: "12:00"}
      - {texte: Quel malotru, auteur: paul, après: 40 min}
      - {texte: Quel malotru, auteur: paul, après: 40 min, attendu: {niveau: rien, en_attente: raid}}
"""


def cases(ok, town):
    town.write("cas/a.yaml", PACK.replace("injure.a", "raid").replace(
        "{mots: [%s]}", "{mots: [malotru], rythme: {par: auteur, au_moins: 3, en: 1 h}}"))
    town.write("cas/cas.yaml", CASES % "file")
    code, out, err = run("rules", "test", town.path("cas"))
    ok(code == 0 and "2 cas réussis, 0 manqués" in out and not err, "cases: a rate is counted by author, by the clock", out + err)
    town.write("cas/cas.yaml", CASES % "alerte")
    code, out, err = run("rules", "test", town.path("cas"))
    ok(code == 1 and "1 cas réussis, 1 manqués" in out and "cas.yaml:9:9: erreur: « Trois fois », commentaire 5 : "
       "le niveau devait être : alerte" in err and "obtenu : file, raid" in err, "what does not come out is shown", out + err)
    code, out, err = town.run("rules", "push", town.path("cas"), "--who", "x", "--reason", "y")
    ok(code == 1 and "commentaire 5" in err, "and nothing is published", err)
    town.write("cas/cas.yaml", CASES % "file" + "pack: p\n")
    code, out, err = run("rules", "check", town.path("cas"))
    ok(code == 1 and "cas.yaml:15:1: erreur: clé inconnue « pack »" in err, "a wrong file of cases is refused", err)


def files(ok, town):
    town.write("avant/a.yaml", PACK % "troll, malotru")
    town.write("apres/a.yaml", PACK % "malotru, goujat")
    town.write("c.jsonl", "".join(json.dumps({"id": i, "text": t}, ensure_ascii=False) + "\n" for i, t in [
        ("1", "Espèce de troll !"), ("2", "Ce malotru d'en face"), ("3", "Quel goujat\u001b[31m"), ("4", "Merci à tous")]))
    code, out, err = run("rules", "diff", town.path("avant"), town.path("apres"), "--input", town.path("c.jsonl"))
    ok(code == 0 and "4 commentaires relus" in out and "2 avant, 2 après (1 de plus, 1 de moins)" in out,
       "what changes between two sets", out + err)
    ok("Quel [goujat]" in out and "Espèce de [troll] !" in out and "malotru" not in out and "\x1b" not in out,
       "with examples of both sides, made harmless", repr(out))
    code, out, err = run("rules", "diff", town.path("avant"), town.path("apres"), "--input", town.path("c.jsonl"), "--json")
    one = json.loads(out)
    rule = one["rules"][0]
    ok(one["queue"] == {"before": 2, "after": 2, "new": 1, "lost": 1} and rule["new_examples"] == ["3"]
       and rule["lost_examples"] == ["1"] and rule["before"] == rule["after"] == 2, "as JSON", out)
    quotes = {q["side"]: q["text"].encode()[q["start"]:q["end"]].decode() for q in rule["quotes"]}
    ok(quotes == {"new": "goujat", "lost": "troll"}, "with the words that made the difference", rule)
    code, out, err = run("rules", "diff", town.path("avant"), town.path("avant"), "--input", town.path("c.jsonl"))
    ok(code == 0 and "autre chose qu'avant" in out, "nothing changes", out)
    town.write("d.jsonl", "".join(json.dumps({"id": str(i), "text": "Ce malotru d'en face", **({"created_at": at} if at else {})}) + "\n"
               for i, at in enumerate(["2026-11-02T22:59:00Z", "2026-11-02T23:30:00Z", "2026-11-03T23:30:00Z", None])))
    for dates, n in ((), 4), (("--from", "03/11/2026"), 2), (("--from", "03/11/2026", "--to", "2026-11-04"), 1), (("--to", "03/11/2026"), 1):
        code, out, err = run("rules", "diff", town.path("avant"), town.path("apres"), "--input", town.path("d.jsonl"), *dates, "--json")
        ok(code == 0 and json.loads(out)["comments"] == n, f"of a file too what is between dates, by France's clocks: {dates}", out + err)
    town.write("ailleurs.yaml", "tocsin: 1\ntown: {name: Valmont, zone: Indian/Reunion}\n")
    code, out, err = run("rules", "diff", town.path("avant"), town.path("apres"), "--input", town.path("d.jsonl"), "--to", "03/11/2026", "--json",
                         "--config", town.path("ailleurs.yaml"))
    ok(code == 0 and json.loads(out)["comments"] == 0, "or by those of the configuration", out + err)
    for verb in (["diff", town.path("avant")], ["backtest", "--against", town.path("avant")]):
        code, out, err = run("rules", *verb, town.path("apres"), "--input", town.path("c.jsonl"), "--last", "2")
        ok(code == 2 and not out and "--last" in err and "--from" in err, f"{verb[0]}: the last ones of a file are not asked for in silence", out + err)
    code, out, err = run("rules", "diff", town.path("avant"))
    ok(code == 2, "two folders are needed", err)


def formats(ok, town):
    pack = ("# en tête\ntocsin: 1   \npaquet: p # quand\nlistes: {quand: [oui, mots, {verbe: mentir}]}\nrègles:\n"
            "  - id: a\n    titre: 'quand'\n    statut: observation # active\n    catégorie: spam\n    score: 1\n"
            "    déguisement: non\n    quand:\n      - proche: {distance: 3 mots, ensemble: [{mots: $quand}, {mots: [règles]}]}\n"
            "      - {mots: [statut], contexte: {nié: non}}\n    exemples: {oui: ['mentir règles']}\n\n\n\n\nsujets:\n"
            "  - {id: t, titre: T, voie: modération, pic: {sensibilité: forte}, quand: {sans: {mots: [x]}, mots: [y]}}\n")
    town.write("f/a.yaml", pack)
    code, out, err = run("rules", "fmt", "--check", town.path("f"))
    ok(code == 1 and "a.yaml" in out, "what would change", out + err)
    code, out, err = run("rules", "fmt", "--lang", "en", town.path("f/a.yaml"))
    with open(town.path("f/a.yaml"), encoding="utf-8") as f:
        english = f.read()
    ok(code == 0 and all(w in english for w in [
        "# en tête\ntocsin: 1\npack: p # quand\n", "lists: {quand: [oui, mots, {verb: mentir}]}", "title: 'quand'",
        "status: shadow # active", "disguise: no", "near: {within: 3 words, all: [{words: $quand}, {words: [règles]}]}",
        "context: {negated: no}", "tests: {match: [", "lane: moderation, spike: {sensitivity: high}, when: {not: {words: [x]}"])
       and "\n\n\n\n" not in english, "keys and choices in English, words and comments as they were", english)
    for name in ["langue.yaml", "lexique.yaml"]:
        with open(os.path.join(PACKS, name), encoding="utf-8") as f:
            town.write("f/" + name, f.read())
    code, out, err = run("rules", "check", town.path("f"))
    ok(code == 0, "still a pack", err)
    code, out, err = run("rules", "fmt", "--lang", "fr", town.path("f"))
    with open(town.path("f/a.yaml"), encoding="utf-8") as f:
        ok(code == 0 and f.read() == pack.replace("1   \n", "1\n").replace("\n\n\n\n\n", "\n\n\n"), "and back")
    ok(run("rules", "fmt", "--check", town.path("f"), PACKS)[0] == 0, "the shipped packs are in form")


def completes(*words):
    """What bash offers for the last word."""
    script = ". \"$COMPLETION\"; COMP_WORDS=(tocsin \"$@\"); COMP_CWORD=$#; _tocsin; printf '%s\\n' \"${COMPREPLY[@]}\""
    env = {"PATH": os.path.dirname(TOCSIN) + ":" + os.environ["PATH"], "LANG": "fr_FR.UTF-8", "COMPLETION": os.path.join(
        os.environ.get("TOCSIN_SOURCE", "."), "src", "tocsin", "completion.bash")}
    return subprocess.run(["bash", "-c", script, "bash", *words], capture_output=True, text=True, env=env, timeout=240,
                          cwd="/").stdout.split("\n")[:-1]


def offers(*words):
    """What zsh is told that may stand in the last word's place (it keeps what begins like it)."""
    script = ("compdef() {}; _describe() { print -l -- ${(P)${@[-1]}} }; compadd() { print -l -- ${(P)${@[-1]}} }; "
              "_files() { print FILES }; source \"$COMPLETION\"; words=(tocsin \"$@\"); CURRENT=$#words; _tocsin")
    env = {"PATH": os.path.dirname(TOCSIN) + ":" + os.environ["PATH"], "LANG": "fr_FR.UTF-8", "COMPLETION": os.path.join(
        os.environ.get("TOCSIN_SOURCE", "."), "src", "tocsin", "completion.zsh")}
    return subprocess.run(["zsh", "-f", "-c", script, "zsh", *words], capture_output=True, text=True, env=env, timeout=240,
                          cwd="/").stdout.split("\n")[:-1]


VERBS = {"policy": {"check", "test"}, "trend": {"series", "topics", "volumes", "adopt"}, "connect": {"test"},
         "incident": {"report", "langage", "consigne", "reopen"}, "user": {"list", "add", "set", "remove"},
         "compte": {"liste", "ajouter", "changer", "retirer"}, "token": {"list", "add", "revoke"},
         "jeton": {"liste", "ajouter", "retirer"}}


def completion_zsh(ok):
    if not shutil.which("zsh"):
        ok(True, "zsh completes # SKIP zsh is not installed")
        return
    ok(any(w.startswith("status:") and "ce qui tourne" in w for w in offers("s")), "zsh completes commands, with what they do",
       offers("s"))
    ok({"check", "test", "backtest", "push"} <= set(offers("rules", "")), "the verbs of rules", offers("rules", ""))
    ok({"--strict", "--against"} <= set(offers("rules", "check", "--s")), "options", offers("rules", "check", "--s"))
    ok(offers("rules", "check", "m") == ["FILES"], "and files", offers("rules", "check", "m"))
    ok(all(set(offers(name, "")) == verbs for name, verbs in VERBS.items()), "the verbs of the others", [offers(n, "") for n in VERBS])
    ok(offers("token", "add", "") == ["FILES"], "once", offers("token", "add", ""))


def completion(ok):
    ok({"status", "score"} <= set(completes("s")) and "queue" not in completes("s"), "bash completes commands", completes("s"))
    ok(set(completes("rules", "b")) == {"backtest"} and {"check", "test", "push"} <= set(completes("rules", "")),
       "the verbs of rules", completes("rules", ""))
    ok("--against" in completes("rules", "backtest", "--a"), "and options", completes("rules", "backtest", "--a"))
    ok(all(set(completes(name, "")) == verbs for name, verbs in VERBS.items()), "the verbs of the others",
       [completes(n, "") for n in VERBS])
    ok("--services" in completes("user", "add", "--s"), "options behind a verb", completes("user", "add", "--s"))


def explanations(ok, town):
    town.write("dit/a.yaml", PACK % "troll" + "    sauf: [{mots: [forêt]}]\n")
    code, out, err = run("rules", "explain", "Espèce de tr0ll !", "--rules", town.path("dit"))
    ok(code == 0 and "« tr0ll » (déguisé)" in out and "a.yaml:5" in out and "score 5, déguisé 3,75" in out
       and "→ à modérer : injure possible, à qualifier" in out, "why a text is flagged", out + err)
    code, out, err = run("rules", "explain", "Le troll de la forêt", "--rules", town.path("dit"))
    ok(code == 0 and "écarté par « sauf »" in out and "→ rien à signaler" in out, "and why not", out + err)
    folded = run("rules", "explain", town.path("dit"), "Le troll de la forêt")
    ok(folded == (code, out, err), "the folder may stand in front, as for test and try", folded)
    code, out, err = run("rules", "explain", town.path("dit"), "un troll", "--rules", town.path("dit"))
    ok(code == 2 and "un mot de trop" in err, "but not twice", out + err)
    town.write("deux/a.yaml", PACK % "troll" + "  - {id: autre, titre: A, catégorie: spam, quand: {ensemble: [{mots: [troll]}, {mots: [ogre]}]}}\n")
    code, out, err = run("rules", "explain", "Espèce de troll", "--rules", town.path("deux"))
    ok("regardées aussi, sans que leur condition soit remplie : autre\n" in out and "autre —" not in out,
       "what was looked at in vain is named in one line", out + err)
    town.write("sommes/a.yaml", PACK % "ogre" + "  - {id: sommes, titre: S, catégorie: spam, score: 5, quand: {indices: {au_moins: 4, de: "
               "[{vaut: 3, quand: {mots: [bidon]}}, {vaut: 2, quand: {mots: [essence]}}, {vaut: -1, quand: {mots: [tondeuse]}}]}}}\n")
    code, out, err = run("rules", "explain", town.path("sommes"), "Tondeuse : un bidon d'essence")
    ok(all(f"« {word} » : {worth}\n" in out for word, worth in (("bidon", "+3"), ("essence", "+2"), ("Tondeuse", "-1"))),
       "each clue is shown with its points", out + err)
    done = subprocess.run([TOCSIN, "rules", "explain", "-", "--rules", town.path("dit"), "--json"], input="--un troll\n".encode(),
                          capture_output=True, timeout=240)
    ok(done.returncode == 0 and json.loads(done.stdout)["verdict"]["flagged"], "a text from standard input", done.stderr)
    code, out, err = run("rules", "explain", "troll\u001b[2J", "--rules", town.path("dit"), "--json")
    one = json.loads(out)
    # "2j" looks disguised: the text is read once more, and says nothing more
    ok([s["what"] for s in one["steps"]][-5:] == ["outcome", "match", "score", "view", "pack"] and one["verdict"]["flagged"]
       and "\x1b" not in out, "as JSON", out)
    with subprocess.Popen([TOCSIN, "rules", "try", town.path("dit")], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, bufsize=1) as tries:
        def ask(text):
            tries.stdin.write(text + "\n")
            tries.stdin.flush()
            said = ""
            while "→" not in said:
                said += tries.stdout.readline()
            return said
        ok("rien à signaler" in ask("Quel goujat"), "a prompt: nothing")
        town.write("dit/a.yaml", PACK % "troll, goujat")
        ok("à modérer" in ask("Quel goujat"), "the rules that were saved meanwhile are read again")
        town.write("dit/a.yaml", PACK % "troll" + "    scor: 1\n")
        ok("à modérer" in ask("Quel goujat"), "with a mistake the last good ones stay")
        rest, err = tries.communicate()
        ok(tries.returncode == 0 and "vouliez-vous dire" in err, "and the mistake is said", err)


def history(ok, town):
    town.comments("site.jsonl", [comment(1, "Espèce de connard !", "a", 1), comment(2, "Quel goujat", "b", 2),
                                 comment(3, "Vous êtes un abruti", "c", 3), comment(4, "Bande d'abrutis", "d", 4)])
    town.start()
    town.wait_for(lambda: len(town.json("queue", "--lane", "moderation")) == 3, 20, "three in the queue")
    of = {item["comment"]["id"]: str(item["seq"]) for item in town.json("queue", "--lane", "moderation")}
    for item, *decision in (("1", "masquer", "--category", "injure_publique"), ("3", "laisser"), ("4", "masquer", "--category", "menace")):
        code, out, err = town.run("decide", of[item], *decision, "--who", "x", "--reason", "y")
        ok(code == 0, "a decision", err)
    town.write("essai/a.yaml", PACK % "goujat, abruti")
    code, out, err = town.run("rules", "backtest", town.path("essai"), "--json")
    ok(code == 0, "a backtest", err)
    one = json.loads(out)
    rule = next(r for r in one["rules"] if r["rule"] == "injure.a")
    ok(code == 0 and one["comments"] == 4 and rule["after"] == 3 and rule["upheld"] == 0 and rule["other"] == 1 and rule["left"] == 1,
       "the stored history under new rules, against what people decided", out + err)
    code, out, err = town.run("rules", "backtest", town.path("essai"))
    ok(code == 0 and re.search(r"injure\.a .* 0/2 +1 +1\n", out) and "Ne sont plus reconnus" in out and "[connard]" in out, "for people", out + err)
    code, out, err = town.run("rules", "backtest", town.path("essai"), "--from", "2030-01-01T00:00:00Z", "--json")
    ok(code == 0 and json.loads(out)["comments"] == 0, "within dates", out + err)
    code, out, err = town.run("rules", "backtest", town.path("essai"), "--last", "2", "--json")
    ok(code == 0 and json.loads(out)["comments"] == 2, "the last ones", out + err)
    code, out, err = town.run("rules", "diff", town.path("essai"), town.path("essai"), "--last", "2", "--json")
    ok(code == 0 and json.loads(out)["comments"] == 2, "of two folders as well", out + err)
    ok(town.run("rules", "backtest", town.path("essai"), "--last", "0")[0] == 2, "none is no number of them")
    listed = {r["rule"]: r for r in town.json("rules", "list")}
    insult = listed["injure.adressee"]
    ok(insult["hits"] == 3 and insult["upheld"] == 1 and insult["other"] == 1 and insult["left"] == 1 and listed["menace.directe"]["hits"] == 0,
       "each published rule with what it found and what was upheld; what a human calls something else is no hit of its", listed)
    code, out, err = town.run("rules", "list")
    ok(code == 0 and re.search(r"1/3 +1 +1\n", out) and "active" in out, "for people", out + err)
    code, out, err = town.run("rules", "backtest", town.path("essai"), "--from", "hier")
    ok(code == 2 and "une date est attendue" in err, "a date that is none", err)
    for date, expected in ("01/11/2026", 0), ("2026-11-01", 0), ("31/13/2026", 2), ("1/1/20260", 2):
        code, out, err = town.run("rules", "backtest", town.path("essai"), "--from", date)
        ok(code == expected, f"--from {date}", out + err)
    town.comments("site.jsonl", [{**comment(5, "Quel abruti, la nuit", "e", 1), "created_at": "2026-11-02T23:30:00Z"}], "a")
    town.wait_for(lambda: town.committed() == 5, 20, "one of the third of November by the clocks of the town")
    for date, n in ("03/11/2026", 1), ("2026-11-03", 1), ("2026-11-03 00:31", 0), ("2026-11-03T00:00:00Z", 0):
        code, out, err = town.run("rules", "backtest", town.path("essai"), "--from", date, "--json")
        ok(code == 0 and json.loads(out)["comments"] == n, f"a day begins at the town's midnight: {date}", out + err)
    code, out, err = town.run("rules", "explain", "Espèce de connard")
    ok(code == 0 and "d'après le dossier" not in out, "the folder is what is published", out + err)
    with open(town.path("rules", "essai.yaml"), "a", encoding="utf-8") as f:
        f.write("# autre\n")
    town.write("rules/passerelle.yml", "tocsin: 1\n")
    code, out, err = town.run("rules", "explain", "Espèce de connard")
    ok(code == 0 and out.startswith("d'après le dossier"), "the folder is another than what is published: said", out + err)
    hash_ = town.json("status")[0]["bundle"][:12]
    for option in "--in-force", "--en-vigueur":
        code, out, err = town.run("rules", "explain", option, "Espèce de connard")
        ok(code == 0 and out.startswith(f"d'après les règles en vigueur : {hash_}"), f"{option}: what scores now, said", out + err)
    code, out, err = town.run("rules", "explain", "--in-force", "--rules", town.path("rules"), "x")
    ok(code == 2 and "pas les deux" in err, "not both", out + err)
    code, out, err = town.run("rules", "check")
    ok(code == 0 and "passerelle.yml" in err + out and "n'est pas lu" in err + out, "a file that is not read: said", out + err)
    town.stop()


def publication(ok):
    with Town(sources=SOURCE, rules=PACK % "malotru") as town:
        town.comments("site.jsonl", [comment(1, "Quel malotru", "a", 1)])
        town.start()
        town.wait_for(lambda: len(town.json("queue")) == 1, 20, "the folder's rules at first")
        first = town.json("status")[0]["bundle"]
        sign = ["--who", "J. Martin", "--reason", "goujat manquait"]
        town.write("neuf/a.yaml", PACK % "malotru, goujat")
        code, out, err = town.run("rules", "push", town.path("neuf"))
        ok(code == 2 and "--who" in err, "who and why are asked", err)
        town.write("mauvais/a.yaml", PACK % "goujat" + "    exemples: {oui: ['bonjour']}\n")
        code, out, err = town.run("rules", "push", town.path("mauvais"), *sign)
        ok(code == 1 and "rien n'est publié" in err, "an example that fails: nothing is published", err)
        code, out, err = town.run("rules", "push", town.path("neuf"), *sign)
        second = town.json("status")[0]["bundle"]
        ok(code == 0 and second != first and second[:12] in out, "a push is active at once", out + err)
        town.comments("site.jsonl", [comment(2, "Quel goujat", "b", 2)], "a")
        town.wait_for(lambda: len(town.json("queue")) == 2, 20, "and counts for the next comment")
        stamps = {q["comment"]["id"]: q["verdict"]["matches"][0]["text"] for q in town.json("queue")}
        ok(stamps == {"1": "malotru", "2": "goujat"}, "each comment by the rules of its time", stamps)

        town.stop()
        os.remove(town.path("log.txt"))
        town.start()
        ok(town.json("status")[0]["bundle"] == second, "the folder has said nothing new: a restart keeps what was pushed")
        log = town.json("rules", "log")
        ok([e["hash"] for e in log] == [second, first] and log[0]["who"] == "J. Martin" and log[0]["active"]
           and log[0]["reason"] == "goujat manquait" and not log[1]["active"], "who, when and why", log)
        code, out, err = town.run("rules", "log")
        ok(code == 0 and "goujat manquait" in out and second[:12] in out, "for people", out)

        os.makedirs(town.path("copie"))
        code, out, err = town.run("rules", "pull", town.path("copie"))
        with open(town.path("copie", "a.yaml"), encoding="utf-8") as f:
            ok(code == 0 and f.read() == PACK % "malotru, goujat", "pulled as they were pushed", out + err)
        town.write("copie/a.yaml", PACK % "mufle")
        code, out, err = town.run("rules", "pull", town.path("copie"))
        ok(code == 1 and "--force" in err and "a.yaml" in err, "changes are not lost silently", err)
        code, out, err = town.run("rules", "pull", town.path("copie"), "--force")
        ok(code == 0, "but when asked to", err)

        code, out, err = town.run("rules", "rollback", "--who", "P. Leroy", "--reason", "trop large")
        ok(code == 0 and town.json("status")[0]["bundle"] == first, "back to what was before", out + err)
        code, out, err = town.run("rules", "rollback", second[:8], "--who", "P. Leroy", "--reason", "finalement")
        ok(code == 0 and town.json("status")[0]["bundle"] == second, "or to one of the log", out + err)
        code, out, err = town.run("rules", "rollback", "--who", "P. Leroy", "--reason", "x", "--force")
        ok(code == 2 and "--force" in err and town.json("status")[0]["bundle"] == second, "--force is for a push alone", err)
        code, out, err = town.run("rules", "rollback", "0000", "--who", "P. Leroy", "--reason", "x")
        ok(code == 1 and "rules log" in err, "one that is not there", err)
        town.write("rules/essai.yaml", PACK % "malotru, goujat, butor")
        town.process.send_signal(signal.SIGHUP)
        town.wait_for(lambda: "changées dans le dossier et aussi ailleurs" in town.log(), 30, "the folder says something new of a pack that a push took away")
        ok(town.json("status")[0]["bundle"] == second, "what was pushed stays, and the town is told of both", town.log())
        code, out, err = town.run("rules", "push", town.path("rules"), "--force", *sign)
        third = town.json("status")[0]["bundle"]
        ok(code == 0 and third not in (first, second), "the folder itself is pushed", out + err)
        town.write("rules/essai.yaml", PACK % "malotru, goujat, butor, mufle")
        town.process.send_signal(signal.SIGHUP)
        town.wait_for(lambda: town.json("status")[0]["bundle"] not in (first, second, third), 30, "what it says next")
        log = town.json("rules", "log")[0]
        ok(log["who"] == "tocsin run" and log["reason"] == "contenu du dossier des règles", "is taken, and the log says so", log)
        town.stop()


def whole(ok):
    """A folder replaces all that is in force: what would leave the town deaf is not published by oversight."""
    sign = ["--who", "J. Martin", "--reason", "la fontaine"]
    threat = "".join(f"  - {{id: {name}, titre: M, catégorie: menace, priorité: {priority}, score: 9, quand: {{mots: [{word}]}}}}\n"
                     for name, priority, word in (("menace.a", "P1", "fusil"), ("menace.b", "P2", "pelle"), ("menace.c", "P3", "bâton")))
    with Town(sources=SOURCE, rules=PACK % "malotru" + threat) as town:
        town.comments("site.jsonl", [])
        town.start()
        first = town.json("status")[0]["bundle"]
        town.write("seul/fontaine.yaml", PACK % "fainéant")
        code, out, err = town.run("rules", "push", town.path("seul"), *sign)
        ok(code == 1 and "3 règle(s)" in err and "P1 (menace.a)" in err and "rules pull" in err, "a pack alone takes no threat away", err)
        code, out, err = town.run("rules", "push", town.path("seul"), *sign, "--json")
        ok(code == 1 and json.loads(out.splitlines()[-1]) == {"lost": {"rules": 3, "topics": 0, "urgent": 1, "names": ["menace.a"]}}, "as JSON", out)
        code, out, err = town.run("rules", "pull", town.path("parti"))
        with open(town.path("parti", "essai.yaml"), encoding="utf-8") as f:
            text = f.read()
        town.write("parti/essai.yaml", text.replace("id: menace.c", "id: menace.d"))
        code, out, err = town.run("rules", "push", town.path("parti"), *sign)
        second = town.json("status")[0]["bundle"]
        ok(code == 0 and second != first, "a rule that gets another name is an edit", out + err)
        town.write("parti/essai.yaml", text.replace("priorité: P1", "statut: observation, priorité: P1"))
        code, out, err = town.run("rules", "push", town.path("parti"), *sign)
        ok(code == 1 and "menace.a" in err and town.json("status")[0]["bundle"] == second, "a threat that would only be observed is gone as well", err)
        town.write("rules/essai.yaml", text.replace("id: menace.c", "id: menace.d"))
        code, out, err = town.run("rules", "push", town.path("rules"), *sign)
        ok(code == 0 and town.json("status")[0]["bundle"] == second, "the town's folder says the same now", out + err)
        insisting(ok, town, text, second)
        town.stop()
    with Town(sources=SOURCE, rules=PACK % "malotru" + many(12)) as town:
        town.comments("site.jsonl", [])
        town.start()
        town.write("moins/a.yaml", PACK % "malotru" + many(7))
        code, out, err = town.run("rules", "push", town.path("moins"), *sign)
        ok(code == 1 and "5 règle(s)" in err and "rules push --force" in err, "of ten rules or more a third stays", err)
        town.write("moins/a.yaml", PACK % "malotru" + many(9))
        code, out, err = town.run("rules", "push", town.path("moins"), *sign)
        ok(code == 0, "less than that is an edit", err)
        town.stop()


def many(n):
    return "".join(f"  - {{id: gros.{i}, titre: M, catégorie: injure_publique, priorité: P4, score: 4, quand: {{mots: [butor{'e' * i}]}}}}\n"
                   for i in range(n))


def insisting(ok, town, text, before):
    """The folder that tocsin reads by itself is judged as a push is, at SIGHUP and at a start."""
    def bundle():
        return town.json("status")[0]["bundle"]

    def said():
        return town.log().count("les dernières bonnes restent")

    town.write("rules/essai.yaml", PACK % "malotru, butor")
    town.process.send_signal(signal.SIGHUP)
    town.wait_for(lambda: said() == 1, 20, "SIGHUP: a folder without its threat is refused")
    ok(bundle() == before and "P1 (menace.a)" in town.log() and "rules push --force" in town.log(), "what is in force stays, and how to insist is said", town.log())
    town.stop()
    town.start()
    town.wait_for(lambda: said() == 2, 20, "a start refuses it as well")
    ok(bundle() == before, "and leaves what is in force")
    code, out, err = town.run("rules", "push", town.path("rules"), "--who", "x", "--reason", "y", "--force")
    forced = bundle()
    ok(code == 0 and forced != before, "who insists may", out + err)
    town.write("rules/essai.yaml", text.replace("malotru", "malotru, goujat"))
    town.process.send_signal(signal.SIGHUP)
    town.wait_for(lambda: bundle() not in (before, forced), 20, "more rules are taken at once")
    ok(said() == 2, "and nothing more was refused", town.log())


def scenario(ok):
    with Town(sources=SOURCE) as town:
        problems(ok, town)
        doubts(ok, town)
        cases(ok, town)
        files(ok, town)
        explanations(ok, town)
        formats(ok, town)
        history(ok, town)
    publication(ok)
    whole(ok)
    completion(ok)
    completion_zsh(ok)


main(scenario)
