"""Wrong use: clear words, exit 2, nothing started."""
import os

from town import Town, main


def scenario(ok):
    with Town() as town:
        town.comments("site.jsonl", [])
        for words, expected in [
            (("quue",), "commande inconnue : quue (vouliez-vous dire « queue » ?)"),
            (("queue", "--limt", "3"), "option inconnue : --limt (vouliez-vous dire --limit ?)"),
            (("queue", "--limit", "zéro"), "--limit : un nombre de 1 à 100000 est attendu"),
            (("queue", "--lane", "x"), "--lane : moderation ou reponse"),
            (("queue", "--limit"), "il manque une valeur après --limit"),
            (("ack",), "il manque quelque chose"),
            (("ack", "1"), "il manque --who"),
            (("ack", "1", "--who", "x", "--for", "demain"), "une durée est attendue"),
            (("decide", "1", "punir", "--who", "x", "--reason", "y"), "décision inconnue : punir"),
            (("decide", "1", "masquer", "--who", "x", "--reason", "y", "--category", "outrages"),
             "catégorie inconnue : outrages (vouliez-vous dire « outrage » ?)"),
            (("decide", "1", "masquer", "--who", "x", "--reason", "y", "--category", "bananes"), "signalement_victime spam"),
            (("decide", "1", "masquer", "--who", "x", "--reason", "y", "--category", "critique_politique"), "catégorie inconnue"),
            (("purge",), "une purge se signe"),
            (("purge", "--author", "a", "--who", "x", "--reason", "y"), "veulent --source"),
            (("run", "vite"), "un mot de trop"),
            (("silence", "x", "--who", "y", "--reason", "z"), "il manque --for"),
        ]:
            code, out, err = town.run(*words)
            ok(code == 2 and expected in err and not out, " ".join(words), f"{code}\n{out}{err}")
        code, out, err = town.run("queue", "--limt", "3", lang="en_US.UTF-8")
        ok(code == 2 and "did you mean --limit" in err, "in English", err)
        code, out, err = town.run("queue")
        ok(code == 1 and "lancez « tocsin run »" in err, "no database yet: said", err)

        good = open(town.path("tocsin.yaml"), encoding="utf-8").read()
        town.write("tocsin.yaml", good.replace("town:", "twon:").replace("kind: jsonl", "kind: jsnl"))
        code, out, err = town.run("run")
        ok(code == 2 and "tocsin.yaml:2:1: erreur" in err and "vouliez-vous dire « town »" in err
           and "valeur inconnue « jsnl »" in err, "every mistake of the configuration, with its place", err)
        ok(not os.path.exists(town.path("state")), "nothing was made", os.listdir(town.folder))

        town.write("tocsin.yaml", good.replace("town:", "twon:").replace("gris: [{tell: morel}]", "")
                   .replace("jaune: [{tell: morel}]", "jaune: [{tell: morle}]").replace("fallback:", "falback:") + "console:\n")
        for words in (("run",), ("policy", "check"), ("status",)):
            code, out, err = town.run(*words)
            ok(code != 0 and err.count("erreur:") == 5 and all(text in err for text in ("twon", "morle", "gris", "falback", "console: {}")),
               f"{words[0]}: all that is wrong in it at once, whoever reads that part", err)
            places = [int(line.split(":")[1]) for line in err.splitlines() if "erreur:" in line]
            ok(places == sorted(places), "in the order of the file", err)

        town.write("tocsin.yaml", good.replace("{tell: morel}", "{tell: morle}"))
        code, out, err = town.run("run")
        ok(code == 2 and "morle" in err and "tocsin.yaml:" in err, "a mistake of the policy", err)

        town.write("tocsin.yaml", good)
        rules = open(town.path("rules/essai.yaml"), encoding="utf-8").read()
        town.write("rules/essai.yaml", rules.replace("category:", "categorie:").replace("score: 9", "score: neuf"))
        code, out, err = town.run("run")
        ok(code == 1 and err.count("essai.yaml:") >= 3, "every mistake of the rules, with its place", err)
        ok(not os.path.exists(town.path("state/store.db")), "no process was started")

        town.write("rules/essai.yaml", rules)
        town.write("tocsin.yaml", good.replace("path: site.jsonl", "path: site.jsonl, follow: yes"))
        code, out, err = town.run("run", "--until-done")
        ok(code == 2 and "des sources qui finissent" in err, "--until-done with an endless source", err)

        code, out, err = town.run("help", "ack")
        ok(code == 0 and out.startswith("usage : tocsin ack"), "help of one command", out)
        code, out, err = town.run("ack", "--help")
        ok(code == 0 and out.startswith("usage : tocsin ack"), "--help too", out)
        code, out, err = town.run("help", "decide")
        ok(code == 0 and " repondre" in out and " injure_publique" in out and "critique_politique" not in out and
           " attente" not in out, "help of decide lists decisions and categories", out)
        code, out, err = town.run("decide", "1", "transférer", "--who", "x", "--reason", "y")
        ok(code == 2 and "« --service »" in err, "a transfer wants a service", err)
        for word, more in (("répondre", []), ("transférer", ["--service", "voirie"])):
            code, out, err = town.run("decide", "1", word, "--who", "x", "--reason", "y", *more)
            ok(code == 1 and "tocsin ne tourne pas" in err, f"{word}, with its accent", err)
        code, out, err = town.run("version")
        ok(code == 0 and out.startswith("tocsin "), "version", out)


main(scenario)
