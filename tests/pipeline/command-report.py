"""tocsin incident report: what citizens wrote is not in the title of the page that is given away."""
import os
import subprocess

from bell import Bell, main

TOCSIN = os.path.join(os.environ.get("TOCSIN_BUILD", "build"), "src", "tocsin", "tocsin")
WORD = "Zyxwablette"


def run(bell, *words):
    return subprocess.run([TOCSIN, *words, "--config", bell.path("tocsin.yaml")], text=True, capture_output=True, timeout=60,
                          env={**os.environ, "LC_ALL": "C.UTF-8", "LANG": "fr"}).stdout


def scenario(ok):
    with Bell() as bell:
        bell.rise("orange", topic=f"emergent:{WORD}", title=f"Sujet émergent : « {WORD} »", kind="emergent")
        bell.rise("orange", topic="campaign:1", title=f"Texte recopié : « {WORD} »", kind="campaign")
        run(bell, "exercice", "--as", WORD, "--no-wait")
        bell.rise("orange", topic="peupliers", title="Peupliers (démolition)")
        bell.wait(lambda: bell.rows("SELECT count(*) FROM incident") == [(4,)], 20, "four alarms")
        for n, phrase in enumerate(("Sujet émergent", "Texte recopié", "Exercice"), 1):
            ok(WORD in run(bell, "incident", "report", str(n)), f"{phrase}: the town hall's own page has its title")
            given = run(bell, "incident", "report", str(n), "--occult")
            ok(f"<title>{phrase} · tocsin</title>" in given and f"<h1>{phrase}</h1>" in given and WORD not in given,
               "… the one that is given away what it is, and no word of it", given)
        ok("<h1>Peupliers (démolition)</h1>" in run(bell, "incident", "report", "4", "--occult"),
           "a topic of the rules keeps its title")


main(scenario)
