"""tocsin trend topics: what twelve people say in twelve ways among an ordinary month's comments is told under its name, early
and once; a copied text is called one; the answers are the same to the byte and come while the stream is open."""
import json
import os
import subprocess

from theme import BEGINS, background, in_order, theme, when
from town import TOCSIN, main

ENV = {"PATH": os.environ["PATH"], "LANG": "fr_FR.UTF-8"}
TRACT = "Riverains, le projet de parking va raser quarante arbres du bois des Chênes : signez la pétition avant samedi !"


def run(text, *words, lang="fr_FR.UTF-8"):
    done = subprocess.run([TOCSIN, "trend", "topics", *words], input=text.encode(), capture_output=True, timeout=60,
                          env={**ENV, "LANG": lang})
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def lines(items):
    return "".join(json.dumps(c, ensure_ascii=False) + "\n" for c in items)


def scenario(ok):
    before, that_day = background()
    said = theme()
    stream = in_order(before, that_day, said)
    code, out, err = run(lines(stream))
    topics = [json.loads(line) for line in out.splitlines()]
    found = [t for t in topics if any("passerelle" in term for term in t["terms"])]
    ok(code == 0 and not err, "tout est lu", err)
    ok(len(found) == 1, "dit une fois", found)
    one = found[0]
    ok(one["terms"][0] == "passerelle du Moulin-Vert", "sous le nom que les gens lui donnent", one)
    ok((when(one["at"]) - BEGINS).total_seconds() <= 3600, "dans l'heure", one)
    ok(one["authors"] >= 3 and one["messages"] >= one["authors"] and one["score"] >= 4, "par trois personnes au moins", one)
    ok(set(one["examples"]) <= {c["id"] for c in said} and one["examples"], "avec ses messages", one)
    told = [t for t in topics if not t.get("campaign")]
    ok(len(told) <= 2.5 * 12, f"{len(told)} sujets en douze jours, plus ou moins cinq en quatre", [t["terms"] for t in told])
    ok([t["at"] for t in topics] == sorted(t["at"] for t in topics), "dans l'ordre")
    ok(run(lines(stream))[1] == out, "à l'octet près")
    many = run(lines(stream), "--per-day", "20")[1].splitlines()
    few = run(lines(stream), "--per-day", "1")[1].splitlines()
    ok(len(few) <= len(topics) < len(many), "autant qu'on en veut", (len(few), len(topics), len(many)))

    copies = [{"id": f"t{i}", "source": "facebook", "author": f"militant{i}", "text": "A partager ! " * (i % 2) + TRACT,
               "created_at": c["created_at"]} for i, c in enumerate(said[:6])]
    campaigns = [json.loads(line) for line in run(lines(in_order(before, that_day, copies)))[1].splitlines()]
    tract = [t for t in campaigns if t["terms"][0].startswith("Riverains")]
    ok(len(tract) == 1 and tract[0]["campaign"] is True and tract[0]["authors"] == 4, "un texte recopié est nommé ainsi", tract)
    ok(not any("parking" in term for t in campaigns if not t.get("campaign") for term in t["terms"]),
       "et n'est pas un sujet en plus")

    with subprocess.Popen([TOCSIN, "trend", "topics", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=ENV) as p:
        last = max(i for i, c in enumerate(stream) if c["id"] in one["examples"])
        p.stdin.write(lines(stream[:last + 1]).encode())
        p.stdin.flush()
        answers = [p.stdout.readline().decode() for _ in range(topics.index(one) + 1)]
        ok(answers == [line + "\n" for line in out.splitlines()[:len(answers)]], "la réponse vient avant la suite", answers)
        p.stdin.close()
        p.wait(20)

    code, other, err = run("{pas du json\n" + lines(stream))
    ok(code == 1 and other == out and "-:1" in err, "une ligne illisible est dite, le reste continue", err)
    code, other, err = run("", "--per-day", "0")
    ok(code == 2 and "--per-day" in err, "zéro par jour est refusé", err)


main(scenario)
