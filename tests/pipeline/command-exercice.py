"""tocsin exercice: the chain rehearsed for real: same people, same order, marked everywhere, answered and accounted for;
a real alarm beside it is neither hidden nor delayed."""
import json
import os
import signal
import sqlite3
import subprocess
import time

from bell import POLICY, Bell, main, text_of
from receivers import Smtp

TOCSIN = os.path.join(os.environ.get("TOCSIN_BUILD", "build"), "src", "tocsin", "tocsin")


def command(bell, *words):
    return [TOCSIN, *words, "--config", bell.path("tocsin.yaml")]


def run(bell, *words):
    return subprocess.run(command(bell, *words), text=True, capture_output=True, timeout=60,
                          env={**os.environ, "LC_ALL": "C.UTF-8", "LANG": "fr"})


def start(bell, *words):
    return subprocess.Popen(command(bell, "exercice", *words), text=True, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, env={**os.environ, "LC_ALL": "C.UTF-8", "LANG": "fr"})


def catches(pid, number):
    """Whether a process has a handler for the signal."""
    with open(f"/proc/{pid}/status", encoding="ascii") as f:
        caught = next(int(line.split()[1], 16) for line in f if line.startswith("SigCgt"))
    return bool(caught >> (number - 1) & 1)


def answered(ok):
    quick = POLICY.replace("after: 15 min", "after: 1 s")
    with Bell(policy=quick) as bell:
        bell.rise("orange", topic="peupliers", title="Peupliers (démolition)")
        bell.wait(lambda: len(bell.files()) == 2, 20, "the real alarm")
        drill = start(bell, "--topic", "peupliers", "--who", "S. Leroy")
        bell.wait(lambda: len(bell.files()) == 4, 20, "both steps of the drill")
        mails = [m for m in bell.mails() if "EXERCICE" in m["Subject"]]
        ok(sorted(m["To"].addresses[0].addr_spec for m in mails) == ["dgs@ville.example", "dircom@ville.example"],
           "the steps of the level, by the same means", [m["To"] for m in mails])
        ok(all(m["Subject"].startswith("tocsin EXERCICE ORANGE · Peupliers (démolition), à prendre en charge avant")
               for m in mails), "marked in the subject", [m["Subject"] for m in mails])
        ok(all(text_of(m).startswith("EXERCICE : rien ne s'est passé") and "Lancé par : S. Leroy" in text_of(m) and
               "EXERCICE : rien" in m.get_body(("html",)).get_content() and m["X-Tocsin-Drill"] == "yes" for m in mails),
           "in the text and the page", [text_of(m) for m in mails])
        listed = run(bell, "incidents").stdout
        ok("EXERCICE · Peupliers" in listed, "and in the list", listed)
        bell.settled(2, 2, 2, 2)
        r = run(bell, "exercice", "--no-wait")
        ok(r.returncode == 1 and "déjà en cours" in r.stderr, "one of a level at a time", r.stderr)
        run(bell, "ack", "2", "--who", "A. Roche")
        out, err = drill.communicate(timeout=80)
        ok(drill.returncode == 0, "answered: exit 0", (drill.returncode, err))
        ok("EXERCICE n° 2, ORANGE" in out and "A. Roche (dir'com)" in out.split("ouverture")[0] and "étape 2" in out,
           "who is called, when and by what", out)
        ok("déposé · A. Roche (dir'com) · mail, sans relais" in out and "déposé · B. Faure (DGS) · mail, sans relais" in out, "as it happens", out)
        ok("aucun relais de courriel" in err, "and that nobody hears of it by mail", err)
        ok("Bilan : remis 0, déposé 2 (personne ne l'a reçu), en attente 0, jamais remis 0 ; pris en charge par A. Roche après" in out, "the account", out)
        states = bell.rows("SELECT kind, state FROM incident ORDER BY id")
        ok(states == [(0, 0), (7, 2)], "whoever answers ends it; the real alarm goes on", states)
        time.sleep(1.5)
        ok(len(bell.files()) == 4, "nothing more is said of it", bell.files())


def alone(ok):
    with Bell() as bell:
        r = run(bell, "exercice", "--level", "P1", "--as", "Menace fictive", "--no-wait", "--json")
        lines = [json.loads(line) for line in r.stdout.splitlines()]
        ok(r.returncode == 0 and lines[0]["drill"] == 1 and lines[0]["level"] == "P1", "for machines", r.stdout + r.stderr)
        ok([row["person"] for row in lines[1:3]] == ["dgs", "dircom"], "with the plan", lines)
        bell.wait(lambda: len(bell.files()) == 2, 20, "the emergency's chain")
        ok(all("EXERCICE URGENCE · Menace fictive" in m["Subject"] for m in bell.mails()), "under its own words",
           [m["Subject"] for m in bell.mails()])
        ok("hors exercice : tocsin VERT" in run(bell, "incidents").stdout, "the town is green",
           run(bell, "incidents").stdout)
        r = run(bell, "close", "1", "--who", "S. Leroy")
        ok(r.returncode == 0, "closed by hand", r.stderr)
        follow = start(bell, "--level", "jaune", "--for", "1s")
        out, _ = follow.communicate(timeout=80)
        ok(follow.returncode == 1 and "personne n'a répondu, et il sonne encore" in out, "unanswered: exit 1, and how to stop", out)
        follow = start(bell, "--level", "rouge")
        bell.wait(lambda: bell.rows("SELECT 1 FROM incident WHERE topic = 'exercice:rouge'"), 20, "the drill")
        bell.wait(lambda: catches(follow.pid, signal.SIGINT), 20, "who follows it")
        follow.send_signal(signal.SIGINT)
        out, _ = follow.communicate(timeout=80)
        ok("Bilan" in out and follow.returncode == 1, "interrupted: still an account", out)
        for words in (("--level", "violet"), ("mot",), ("--as", "x" * 300)):
            ok(run(bell, "exercice", *words).returncode == 2, f"misuse: {words[0]}")


def a_server_that_hangs(ok):
    """The drill's mails hang before the server: a real alarm still has its place."""
    many = "people:\n" + "".join(f"  - {{id: p{n}, mail: p{n}@ville.example}}\n" for n in range(12))
    many += "levels: {jaune: [{tell: p0}], orange: [{tell: [%s]}], rouge: [{tell: p0}], gris: [{tell: p0}], P1: [{tell: p0}]}\n" % \
        ", ".join(f"p{n}" for n in range(12))
    with Smtp(["hang"] * 7 + ["ok"]) as smtp, Bell(mail=f"{{url: '{smtp.url}', tls: none, from: t@v.example}}", policy=many) as bell:
        run(bell, "exercice", "--no-wait")
        bell.wait(lambda: smtp.connections == 7, 20, "seven mails under way")
        time.sleep(1)
        ok(smtp.connections == 7, "the eighth place is kept", smtp.connections)
        bell.rise("jaune", topic="vraie", title="Vraie alerte")
        bell.wait(lambda: any(r[3] == 2 and r[2] == "p0" for r in bell.outbox()), 10, "the real alarm goes out at once")
        states = bell.rows("SELECT incident, state FROM outbox")
        ok((2, 2) in states and (1, 2) not in states, "a real alarm waits for no drill", states)


def over_unseen(ok):
    """A drill that is over before anybody was told is no news afterwards."""
    with Bell() as bell:
        bell.kill("escalate")
        run(bell, "exercice", "--no-wait")
        run(bell, "close", "1", "--who", "S. Leroy")
        bell.kill("store", signal.SIGTERM)
        db = sqlite3.connect(bell.path("state", "store.db"), timeout=10)
        db.execute("UPDATE entry SET written_at = written_at - 3600000")
        db.commit()
        db.close()
        bell.restart("store")
        bell.restart("escalate")
        time.sleep(3)
        ok(not bell.outbox(), "nothing is said late of a drill", bell.outbox())


def scenario(ok):
    answered(ok)
    alone(ok)
    a_server_that_hangs(ok)
    over_unseen(ok)


main(scenario)
