"""tocsin score and tocsin rules: comments in, verdicts out; nothing else is needed, and nothing is left behind."""
import json
import os
import subprocess

from town import TOCSIN, Town, main

PACKS = os.path.join(os.environ.get("TOCSIN_SOURCE", "."), "rules", "fr")


def run(*words, stdin="", lang="fr_FR.UTF-8", cwd="/"):
    done = subprocess.run([TOCSIN, *words], input=stdin.encode(), capture_output=True, cwd=cwd, timeout=240,
                          env={"PATH": os.environ["PATH"], "LANG": lang})
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def scenario(ok):
    with Town() as town:
        lines = [
            {"id": "1", "text": "L’élu est une espèce de c0nn@rd", "source": "fb"},
            {"id": "2", "text": "On sait où tu habites, Hautecloque"},
            {"id": "3", "text": "Cette décision est stupide et coûte cher"},
            {"id": "4", "deleted": True},
        ]
        stream = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        code, out, err = run("score", "--rules", PACKS, stdin=stream)
        verdicts = [json.loads(line) for line in out.splitlines()]
        ok(code == 0 and not err and len(verdicts) == 4, "one verdict a line, from standard input", err)
        keys = ["id", "flagged", "level", "lanes", "priority", "score", "categories", "topics", "matches", "rules"]
        ok(all([k for k in v if k != "shadow"] == keys for v in verdicts), "with the keys of the contract", verdicts)
        ok([v.get("shadow") for v in verdicts] == [["elus"], ["elus"], None, None],
           "what a rule in observation sees stands beside, without effect", verdicts)
        first, threat, criticism, gone = verdicts
        ok(first["flagged"] and first["categories"] == ["injure_publique"] and first["lanes"] == ["moderation"],
           "an insult goes to moderation", first)
        raw = lines[0]["text"].encode()
        ok(all(raw[m["start"]:m["end"]].decode() == m["text"] for m in first["matches"])
           and any("c0nn@rd" in m["text"] for m in first["matches"]), "offsets are bytes of the original", first)
        ok(threat["priority"] == "P1" and threat["level"] == "alert", "a threat rings", threat)
        ok(not criticism["flagged"] and criticism["score"] == 0, "criticism is not flagged", criticism)
        ok(not gone["flagged"] and gone["matches"] == [], "a deletion passes")

        town.write("a.jsonl", stream)
        again = run("score", "--règles", PACKS, town.path("a.jsonl"), "-", stdin=stream)[1]
        ok(again == out + out, "files and standard input, the same verdicts each time")

        bad = stream + "pas du JSON\n\n{\"id\": 7, \"text\": \"x\"}\n" + "{\"id\":\"9\",\"text\":\"" + "a" * (1 << 20) + "\"}\n"
        code, out, err = run("score", "--rules", PACKS, stdin=bad + stream)
        ok(code == 1 and len(out.splitlines()) == 8, "bad lines are refused, the rest goes on", err)
        ok("-:5:" in err and "-:7: champ « id »" in err and "-:8: ligne trop longue" in err
           and "3 lignes refusées" in err, "each with its line and reason", err)

        code, out, err = run("rules", "check", PACKS)
        ok(code == 0 and "sans erreur" in out and not err, "the shipped packs are in order", out + err)
        code, out, err = run("règles", "essayer", PACKS)
        ok(code == 0 and " 0 manqués" in out, "and their examples hold", out + err)

        town.write("faux.yaml", "tocsin: 1\npack: p\nrègles:\n  - {id: a, titre: A, catégorie: spam, quan: {mots: [x]}}\n"
                   "  - {id: b, titre: B, catégorie: spma, quand: {mots: [x]}, exemples: {oui: [y]}}\n")
        code, out, err = run("rules", "check", town.path("faux.yaml"))
        ok(code == 1 and "faux.yaml:4:40: erreur" in err and "vouliez-vous dire « quand »" in err
           and "faux.yaml:5:34: erreur" in err and "vouliez-vous dire « spam »" in err, "every problem, with its place", err)
        town.write("rate.yaml", "tocsin: 1\npack: p\nrègles:\n  - {id: b, titre: B, catégorie: spam, quand: {mots: [x]}, exemples: {oui: [y]}}\n")
        code, out, err = run("rules", "test", town.path("rate.yaml"))
        ok(code == 1 and "« b » devait reconnaître : « y »" in err and "1 manqués" in out, "an example that fails", out + err)
        code, out, err = run("rules", "vérif", PACKS)
        ok(code == 2 and not out, "an unknown verb is misuse", err)
        code, out, err = run("score", "--rules", town.path("nulle-part"), stdin=stream)
        ok(code == 1 and "n'existe pas" in err and not out, "missing rules are said", err)


main(scenario)
