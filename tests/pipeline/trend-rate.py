#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A rule with a « rythme »: the fifth mild insult of one author within the hour comes into the queue, and those that follow;
deaths of trend and store change nothing, an edit is no further hit, and what a human decided stays."""
import os
import signal
import sqlite3

from town import Town, comment, main

FLOOD = 700
SOURCE = "  - {id: site, kind: jsonl, path: site.jsonl, follow: yes}\n"
PACKED = """\
  - id: fil.menace
    title: Menace en meute
    status: live
    category: menace
    priority: P1
    score: 9
    when: {phrase: 'on va venir', rate: {by: thread, at_least: 3, within: 30 min}}
    tests: {match: ['on va venir'], no_match: ['la fête foraine']}
"""
RULES = """\
tocsin: 1
pack: essai
owner: moderation@ville.example
rules:
  - id: injure.repetee
    title: Injure légère, encore et encore
    status: live
    category: injure_publique
    priority: P3
    score: 6
    when: {words: [clown, nul], rate: {by: author, at_least: 5, within: 1 h}}
    tests: {match: ['quel clown'], no_match: ['la fête foraine']}
""" + PACKED


def insult(number, author, minute, text="Quel clown !", **more):
    return comment(number, text, author, minute, **more)


def queue(town):
    return sorted(q["comment"]["id"] for q in town.json("queue"))


def rows(town, sql):
    db = sqlite3.connect(f"file:{town.path('state', 'store.db')}?mode=ro", uri=True)
    found = db.execute(sql).fetchall()
    db.close()
    return found


def seq(town):
    return town.gauges().get(("trend_seq", ""), 0)


def hear(town, items, read=True):
    """Appended, committed and read by trend."""
    hear.total += len(items)
    town.comments("site.jsonl", items, "a")
    town.wait_for(lambda: town.committed() == hear.total, 20, f"{hear.total} comments")
    if read:
        town.wait_for(lambda: seq(town) == hear.total, 20, f"trend at {hear.total}")


def kill(town, *labels):
    before = town.log().count("historique relu")
    for label in labels:
        os.kill(town.pid(label), signal.SIGKILL)
    town.wait_for(lambda: town.log().count("historique relu") > before, 30, "trend anew")
    town.wait_for(lambda: seq(town) == hear.total, 20, f"trend at {hear.total} again")


PACK = """\
tocsin: 1
pack: essai
owner: moderation@ville.example
rules:
  - id: injure.simple
    title: Injure
    status: live
    category: injure_publique
    priority: P3
    score: 6
    when: {words: [abruti]}
    tests: {match: ['quel abruti'], no_match: ['la fête foraine']}
""" + PACKED


def requalified(ok):
    """What a human calls otherwise is a hit as any other, for those that come and for itself, and is called what he calls it."""
    hear.total = 0
    with Town(sources=SOURCE, rules=PACK) as town:
        town.comments("site.jsonl", [])
        town.start()
        said = [comment(f"m{i}", f"on va venir{', abruti' if i == 1 else ''}", f"meute{i}", 10 + i, thread="fil") for i in range(3)]
        hear(town, said[:2])
        ok(queue(town) == ["m1"] and town.json("incidents") == [], "deux fois : rien ne sonne", queue(town))
        number = town.json("queue")[0]["seq"]
        code, out, err = town.run("decide", str(number), "requalifier", "--category", "vulgarite", "--who", "Anne", "--reason", "un mot")
        ok(code == 0 and rows(town, "SELECT category FROM queue") == [("vulgarite",)], "un humain requalifie", out + err)
        hear(town, said[2:])
        town.wait_for(lambda: queue(town) == ["m1", "m2"], 10, "the third")
        urgent = [i["topic"] for i in town.json("incidents") if i["kind"] == "P1"]
        ok(urgent == ["P1:menace"], "la requalifiée compte pour la troisième, qui sonne", urgent)
        ok(rows(town, "SELECT category, rank FROM queue WHERE seq = 2") == [("vulgarite", 8)], "et reste où l'humain l'a mise")
        # two are enough from now on: the requalified one is the second
        town.write("rules/essai.yaml", PACK.replace("at_least: 3", "at_least: 2"))
        os.kill(town.process.pid, signal.SIGHUP)
        town.wait_for(lambda: rows(town, "SELECT seq FROM revision ORDER BY seq") == [(2,), (3,)], 20, "it is revised too")
        ok(rows(town, "SELECT category, rank FROM queue WHERE seq = 2") == [("vulgarite", 2)],
           "une menace par accumulation passe devant, sous la catégorie de l'humain", rows(town, "SELECT seq, category, rank FROM queue"))
        ok(town.stop() == 0, "l'arrêt est propre")


def scenario(ok):
    requalified(ok)
    hear.total = 0
    with Town(sources=SOURCE, rules=RULES) as town:
        town.comments("site.jsonl", [])
        town.start()
        hear(town, [insult(f"v{i}", f"voisin{i}", i) for i in range(5)])
        ok(queue(town) == [], "cinq fois, de cinq personnes : rien", queue(town))
        hear(town, [insult(f"l{i}", "lent", 16 * i) for i in range(5)])
        ok(queue(town) == [], "cinq fois en plus d'une heure : rien", queue(town))
        hear(town, [insult(f"a{i}", "a", 100 + i) for i in range(4)])
        hear(town, [insult("a3", "a", 103, "Quel clown, vraiment !", edited_at="2026-11-01T01:44:00Z")])
        ok(queue(town) == [], "quatre fois, dont une modifiée : rien", queue(town))
        hear(town, [{**insult(f"x{i}", "", 105 + i), "author": None} for i in range(6)])
        ok(queue(town) == [], "personne ne sait qui : rien", queue(town))
        # committed while trend sleeps, which then dies: nobody has asked for it yet
        os.kill(town.pid("trend"), signal.SIGSTOP)
        hear(town, [insult("a4", "a", 110)], read=False)
        ok(queue(town) == [], "trend dort, la file attend", queue(town))
        kill(town, "trend")
        town.wait_for(lambda: queue(town) == ["a4"], 10, "the fifth in the queue")
        found = town.json("queue")[0]
        ok(found["why"] == "injure possible, à qualifier" and found["comment"]["text"] == "Quel clown !",
           "la cinquième vient dans la file, avec sa raison", found)
        kill(town, "trend", "store")
        hear(town, [insult("a5", "a", 111)])
        town.wait_for(lambda: queue(town) == ["a4", "a5"], 10, "the sixth too")
        hear(town, [insult("a6", "a", 300)])
        ok(queue(town) == ["a4", "a5"], "des heures après, elle ne compte plus", queue(town))
        # a comment that comes late, and belongs into the hour
        hear(town, [insult("a7", "a", 106)])
        town.wait_for(lambda: queue(town) == ["a4", "a5", "a7"], 10, "the late one")
        ok(True, "celle qui arrive en retard compte à son heure")

        number = next(q["seq"] for q in town.json("queue") if q["comment"]["id"] == "a4")
        code, out, err = town.run("decide", str(number), "laisser", "--who", "C. Morel", "--reason", "humour")
        ok(code == 0 and queue(town) == ["a5", "a7"], "un humain décide", err)

        hear(town, [comment(f"m{i}", "on va venir", f"meute{i}", 310 + i, thread="fil") for i in range(3)])
        town.wait_for(lambda: queue(town) == ["a5", "a7", "m2"], 10, "the pack's third")
        incidents = [i["topic"] for i in town.json("incidents") if i["kind"] == "P1"]
        ok(incidents == ["P1:menace"], "un P1 révisé sonne", incidents)

        audit = rows(town, "SELECT what, why FROM audit WHERE verb = 'revise' ORDER BY id")
        ok(len(audit) == 4 and [a[1] for a in audit] == ["injure.repetee"] * 3 + ["fil.menace"],
           "chaque révision est notée une fois", audit)
        state = [queue(town), audit, rows(town, "SELECT * FROM evidence"), rows(town, "SELECT * FROM evidence_late"),
                 rows(town, "SELECT * FROM revision"), rows(town, "SELECT id, topic, state FROM incident")]
        kill(town, "store", "trend")
        again = [queue(town), rows(town, "SELECT what, why FROM audit WHERE verb = 'revise' ORDER BY id"),
                 rows(town, "SELECT * FROM evidence"), rows(town, "SELECT * FROM evidence_late"),
                 rows(town, "SELECT * FROM revision"), rows(town, "SELECT id, topic, state FROM incident")]
        ok(state == again, "relire l'histoire ne change rien : la décision reste, rien ne sonne deux fois", again)
        code, out, err = town.run("verify")
        ok(code == 0, "la chaîne de preuves tient", out + err)

        # stricter from now on: the history is counted again
        town.write("rules/essai.yaml", RULES.replace("at_least: 5, within: 1 h", "at_least: 5, within: 90 min"))
        os.kill(town.process.pid, signal.SIGHUP)
        town.wait_for(lambda: len(queue(town)) == 4, 20, "what the new rate reaches")
        ok(queue(town) == ["a5", "a7", "l4", "m2"], "un autre rythme recompte l'histoire", queue(town))

        # hundreds at once, and store and trend die while they are asked for
        os.kill(town.pid("trend"), signal.SIGSTOP)
        hear(town, [insult(f"b{i}", "bavard", 400 + i // 20) for i in range(FLOOD)], read=False)
        os.kill(town.pid("store"), signal.SIGSTOP)
        os.kill(town.pid("trend"), signal.SIGCONT)
        town.wait_for(lambda: "store ne répond pas" in town.log(), 20, "trend waits for store")
        kill(town, "store", "trend")
        count = "SELECT count(*), count(DISTINCT what) FROM audit WHERE verb = 'revise'"
        raised = len(audit) + 1 + FLOOD - 4
        town.wait_for(lambda: rows(town, count) == [(raised, raised)], 60, "each of the flood")
        waiting = rows(town, "SELECT count(*) FROM queue")
        ok(waiting == [(raised - 1,)], "un flot est révisé, chacun une fois, malgré les morts", waiting)
        code, out, err = town.run("verify")
        ok(code == 0, "la chaîne de preuves tient encore", out + err)
        ok(town.stop() == 0, "l'arrêt est propre")


if __name__ == "__main__":
    main(scenario)
