"""tocsin incident report: what citizens wrote is not in the title of the page that is given away. What the town hall says of
an alarm and what its teams are to do: versions in the main courante, the latest in what follows."""
import json
import os
import subprocess

from bell import Bell, main, text_of

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
        check_position(ok, bell)


SAID, DRAFT, ORDER = "Aucune date n'est fixée.\nRéunion lundi.", "Tout est signé.", "Suspendre la publication de 12:30."


def check_position(ok, bell):
    for words in (("langage", "4", DRAFT, "--who", "C. Morel"), ("langage", "4", SAID, "--who", "dircom"),
                  ("consigne", "4", ORDER, "--who", "dgs")):
        ok("suivants" in run(bell, "incident", *words), f"{words[0]} is taken")
    one = json.loads(run(bell, "incident", "4", "--json"))
    ok((one["wording"]["text"], one["wording"]["who"]) == (SAID, "dircom") and one["instruction"]["text"] == ORDER,
       "JSON: the latest of each", one)
    kept = [(e["kind"], e["who"], e["text"]) for e in one["entries"] if e["kind"] in ("wording", "instruction")]
    ok(kept == [("wording", "C. Morel", DRAFT), ("wording", "dircom", SAID), ("instruction", "dgs", ORDER)],
       "every version is in the main courante", kept)
    shown = run(bell, "incident", "4")
    ok("\nÉléments de langage (A. Roche (dir'com), " in shown and ")\n  Aucune date n'est fixée.\n  Réunion lundi.\n" in shown and
       "\nConsigne (B. Faure (DGS), " in shown, "for people: who said so, and its lines", shown)
    own, given = run(bell, "incident", "report", "4"), run(bell, "incident", "report", "4", "--occult")
    ok("<h2>Éléments de langage</h2>" in own and "<p>Réunion lundi.</p>" in own and "<h2>Consigne</h2>" in own and
       "Suspendre" in own and "Tout est signé." in own, "the town hall's own report has all of it", own)
    ok("<p>Réunion lundi.</p>" in given and "Suspendre" not in given and "signé" not in given and "Faure" not in given,
       "the one that is given away what the town hall says, not what it asks of its teams", given)
    bell.rise("rouge", topic="peupliers", title="Peupliers (démolition)", action=1)
    text = text_of(bell.wait(lambda: next((m for m in bell.mails() if "tocsin ROUGE · Peupliers" in m["Subject"]), None), 20,
                             "the mail of the rise"))
    ok(f"Consigne : {ORDER} (B. Faure, " in text and "Éléments de langage : Aucune date n'est fixée. Réunion lundi. (A. Roche, " in text and
       "aucun." not in text, "the messages that follow carry both", text)
    ok("retiré" in run(bell, "incident", "consigne", "4", "", "--who", "dgs"), "an empty text withdraws")
    ok(json.loads(run(bell, "incident", "4", "--json"))["instruction"] is None and "(retiré)" in run(bell, "incident", "4") and
       ORDER in run(bell, "incident", "4"), "nothing is in force then, and what was is kept")
    ok("log" in run(bell, "incident", "consigne", "4", "", "--who", "dgs", "--lang", "en"), "in English")
    for words in (("langage", "4", "x"), ("langage", "4", "--who", "x"), ("consigne", "99", "x", "--who", "x"),
                  ("4", "--who", "x"), ("langage", "4", "x" * 4001, "--who", "x")):
        ok(not run(bell, "incident", *words), f"refused: {words}"[:70])


main(scenario)
