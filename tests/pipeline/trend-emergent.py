#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A topic that no rule knows rings once, at jaune, by its name, within three hours; ordinary days ring nothing of the kind;
deaths of trend change nothing, and replay says the same."""
import datetime
import email
import email.policy
import glob
import os
import shutil
import signal
import subprocess

from theme import BEGINS, SOURCE, background, in_order, theme, when
from town import TOCSIN, Town, main

SOURCES = "  - {id: mois, title: Le mois, kind: jsonl, path: mois.jsonl, follow: yes}\n"


def emergent(town):
    return [i for i in town.json("incidents", "--all") if i["kind"] == "emergent"]


def hear(town, items):
    """Appended, committed and read by trend."""
    hear.total += len(items)
    town.comments("mois.jsonl", items, "a")
    town.wait_for(lambda: town.committed() >= hear.total, 40, f"{hear.total} comments")
    caught_up(town)


def caught_up(town):
    town.wait_for(lambda: town.gauges().get(("trend_seq", ""), 0) >= hear.total, 40, f"trend at {hear.total}")


def kill(town):
    before = town.log().count("historique relu")
    os.kill(town.pid("trend"), signal.SIGKILL)
    town.wait_for(lambda: town.log().count("historique relu") > before, 30, "trend anew")
    caught_up(town)


def mails(town):
    found = []
    for path in sorted(glob.glob(town.path("outbox", "*.eml"))):
        with open(path, "rb") as f:
            found.append(email.message_from_bytes(f.read(), policy=email.policy.default))
    return [m for m in found if "émergent" in m["Subject"]]


def told(replayed):
    return [a for a in replayed if a["kind"] == "emergent"]


def run(town, *words):
    """A command with verbs of its own: (code, stdout, stderr)."""
    done = subprocess.run([TOCSIN, *words, "--config", town.path("tocsin.yaml")], capture_output=True, text=True, timeout=60,
                          env={**os.environ, "LC_ALL": "fr_FR.UTF-8"})
    return done.returncode, done.stdout, done.stderr


def adopts(ok, town, one):
    """The incident as a draft for the rule author."""
    os.mkdir(town.path("ebauche"))
    path = town.path("ebauche", "moulin.yaml")
    code, out, err = run(town, "trend", "adopt", str(one["id"]), "--write", path)
    ok(code == 0 and not out and not err, "une ébauche de règle", out + err)
    with open(path, encoding="utf-8") as f:
        draft = f.read()
    ok("id: passerelle_du_moulin_vert\n" in draft and "titre: 'passerelle du Moulin-Vert'\n" in draft
       and "statut: observation\n" in draft, "en observation, sous son nom", draft)
    ok(draft.count("Moulin-Vert") >= 5 and "oui:\n" in draft and "non:\n" in draft, "avec ses exemples", draft)
    ok("passerelle" not in draft.split("non:")[1].lower(), "« non » n'est pas pris dans le sujet", draft)
    ok("06 12" not in draft and "Lampin" not in draft, "sans numéro ni nom", draft)
    for words in (("check", town.path("ebauche"), "--strict"), ("test", town.path("ebauche"))):
        code, out, err = run(town, "rules", *words)
        ok(code == 0, f"rules {words[0]} n'y trouve rien", out + err + draft)
    code, out, err = run(town, "trend", "adopter", "passerelle du Moulin-Vert")
    ok(code == 0 and "paquet: passerelle_du_moulin_vert\n" in out, "un terme suffit", out + err)
    code, out, err = run(town, "trend", "adopt", "passerelle du Moulin-Vert", "--write", path)
    ok(code == 1 and "existe déjà" in err, "aucun fichier n'est écrasé", err)
    code, out, err = run(town, "trend", "adopt", "passerelle du Moulin-Vert", "--rules", town.path("ebauche"))
    ok(code == 1 and "existe déjà" in err and "moulin.yaml:" in err, "ni aucun sujet redéclaré", err)
    code, out, err = run(town, "trend", "adopt", "hippogriffe")
    ok(code == 1 and "hippogriffe" in err and not out, "ce que personne ne dit n'a pas d'exemple", out + err)
    other = next(i for i in town.json("incidents", "--all") if i["kind"] == "topic")
    code, out, err = run(town, "trend", "adopt", str(other["id"]))
    ok(code == 1 and "n'est pas un sujet émergent" in err, "une autre alerte n'en est pas un", err)
    ok(run(town, "trend", "adopt")[0] == 2, "il manque un sujet")


def scenario(ok):
    hear.total = 0
    before, that_day = background()
    said = theme()
    first = in_order(that_day, said)
    cut = first.index(said[6]) + 1
    with Town(sources=SOURCES, extra="score: {workers: 1}\n") as town:
        for name in ("langue", "lexique", "tournures", "sujets_services", "sujets_ville"):  # topics alone: they load fast
            shutil.copy(os.path.join(SOURCE, "rules", "fr", name + ".yaml"), town.path("rules"))
        shutil.copy(os.path.join(SOURCE, "tests", "data", "valmont", "rules", "valmont.yaml"), town.path("rules"))
        os.remove(town.path("rules", "essai.yaml"))
        town.comments("mois.jsonl", [])
        town.start()
        hear(town, in_order(before))
        ok(emergent(town) == [], "onze jours ordinaires ne sonnent pas", emergent(town))

        hear(town, first[:cut])
        kill(town)
        ok(len(emergent(town)) <= 1, "mort au milieu, rien n'est dit deux fois", emergent(town))
        hear(town, first[cut:])
        town.wait_for(lambda: any(i["facts"]["messages"] >= 11 for i in emergent(town)), 20, "an emergent incident with all who name it")
        kill(town)
        found = emergent(town)
        ok(len(found) == 1, "un sujet émergent, un seul", found)
        one = found[0]
        ok(one["title"] == "Sujet émergent : « passerelle du Moulin-Vert »" and one["topic"] == "emergent:passerelle du Moulin-Vert",
           "sous son nom", one)
        ok(one["peak"] == "jaune", "au jaune", one)
        entries = [e["kind"] for e in town.json("incident", str(one["id"]))[0]["entries"] if e["kind"] in ("opened", "raised")]
        ok(entries == ["opened"], "ouvert une fois", entries)
        waited = when(one["opened_at"]) - BEGINS
        ok(datetime.timedelta(0) < waited <= datetime.timedelta(hours=3), f"au bout de {waited}", one)
        ok(one["facts"]["authors"] == one["facts"]["messages"] == 11 and one["facts"]["sources"] == 2,
           "de tous ceux qui le nomment, sur deux sources", one["facts"])
        ok(when(one["facts"]["since"]) == BEGINS, "depuis le premier message", one["facts"])
        ok(len(one["facts"]["examples"]) == 5, "avec des exemples", one["facts"])
        town.wait_for(lambda: mails(town), 20, "a mail")
        sent = mails(town)
        ok(all("« passerelle du Moulin-Vert », " in m["Subject"] and " auteurs en " in m["Subject"] for m in sent),
           "le courriel le nomme", [m["Subject"] for m in sent])
        text = sent[0].get_body(("plain",)).get_content() if sent else ""
        ok("Sujet que personne n'avait déclaré." in text and "passerelle" in text.split("Verbatims")[1], "lisible", text)

        # once more in the same week, by half as many: no news; too old: not of today
        late = [{**c, "id": "tard-" + c["id"], "author": "tard" + c["author"]} for c in said[:6]]
        later = [{**c, "id": "encore-" + c["id"], "author": "autre" + c["author"],
                  "created_at": (when(c["created_at"]) + datetime.timedelta(days=2)).isoformat()} for c in said[:6]]
        end = [{"id": f"fin-{i}", "source": "site", "author": f"fin{i}", "text": "Bonjour à tous",
                "created_at": (BEGINS + datetime.timedelta(days=2, hours=3 + 12 * i)).isoformat()} for i in range(3)]
        hear(town, later)
        hear(town, late)
        hear(town, end)
        town.wait_for(lambda: emergent(town)[0]["state"] == "closed", 20, "it to close")
        ok(len(emergent(town)) == 1, "redit par moitié moins de monde, il ne sonne plus", emergent(town))

        adopts(ok, town, one)
        month = town.path("tout.jsonl")
        town.comments("tout.jsonl", in_order(before, that_day, said))
        out = town.run("replay", month, "--json")[1]
        again = told(town.json("replay", month))
        ok(len(again) == 1 and again[0]["topic"] == one["title"] and when(again[0]["at"]) == when(one["opened_at"]),
           "le fichier rejoué sonne pareil", again)
        ok(out == town.run("replay", month, "--json")[1], "à l'octet près")
        with open(town.path("tocsin.yaml"), encoding="utf-8") as f:
            town.write("tocsin.yaml", f.read() + "trend: {emergent: 0}\n")
        ok(told(town.json("replay", month)) == [], "personne n'en veut : aucun n'est dit")
        ok(town.stop() == 0, "l'arrêt est propre")


if __name__ == "__main__":
    main(scenario)
