"""tocsin trend series: a row in, its score out before the next is read; what cannot be read is said and does not stop it."""
import datetime
import json
import os
import random
import subprocess

from town import TOCSIN, main

ENV = {"PATH": os.environ["PATH"], "LANG": "fr_FR.UTF-8"}


def run(text, *words, lang="fr_FR.UTF-8"):
    done = subprocess.run([TOCSIN, "trend", "series", *words], input=text.encode(), capture_output=True, timeout=60,
                          env={**ENV, "LANG": lang})
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def month(step=5, event=20, days=28, seed=1):
    """Rows of ordinary days; on the day of the event, at noon, three hours of eight times as much."""
    rand, rows = random.Random(seed), []
    start = datetime.datetime(2026, 2, 9)
    for i in range(days * 24 * 60 // step):
        at = start + datetime.timedelta(minutes=i * step)
        usual = (2 if 7 <= at.hour < 22 else 0.3) * (0.6 if at.weekday() >= 5 else 1) * step / 5
        loud = (at - start).days == event and 12 <= at.hour < 15
        rows.append((at, sum(rand.random() < 0.05 for _ in range(int(20 * usual * (8 if loud else 1))))))
    return rows


def text(rows):
    return "".join(f"{at},{count}\n" for at, count in rows)


def told(out, least=40):
    return [line.split(",")[0] for line in out.splitlines() if float(line.split(",")[-1]) >= least]


def scenario(ok):
    rows = month()
    code, out, err = run(text(rows))
    ok(code == 0 and not err and len(out.splitlines()) == len(rows), "une ligne, une réponse", err)
    ok(all(a == "%s,%s" % row for a, row in zip((line.rsplit(",", 1)[0] for line in out.splitlines()), rows)),
       "chacune répète sa ligne")
    found = told(out)
    ok(found and all(t.startswith("2026-03-01 1") for t in found) and found[0] <= "2026-03-01 12:30:00",
       "ce qui monte est dit dans la demi-heure, et rien d'autre", found)
    ok(len(found) <= 12, "redit seulement quand il monte encore", found)

    # in lockstep: each answer before the next row is written
    with subprocess.Popen([TOCSIN, "trend", "series"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=ENV) as p:
        answers = ""
        for at, count in rows[:6000]:
            p.stdin.write(f"{at},{count}\n".encode())
            p.stdin.flush()
            answers += p.stdout.readline().decode()
        p.stdin.close()
        ok(answers == "".join(line + "\n" for line in out.splitlines()[:6000]),
           "la réponse vient avant la ligne suivante, la même")

    for step in (1, 15, 60):
        found = told(run(text(month(step)))[1])
        ok(found and all(t.startswith("2026-03-01") for t in found), f"un pas de {step} min", found)
    daily = [(datetime.datetime(2026, 1, 1) + datetime.timedelta(days=i), 100 + i % 7 + (900 if i == 40 else 0))
             for i in range(60)]
    found = told("".join(run("".join(f"{at.date()},{n}\n" for at, n in daily))[1]))
    ok(found == ["2026-02-10"], "un pas d'un jour, des dates sans heure", found)
    gap = [row for row in rows if not 8 <= (row[0] - rows[0][0]).days < 13]
    found = told(run(text(gap))[1])
    ok(found and all(t.startswith("2026-03-01") for t in found), "cinq jours sans ligne ne sont pas du calme", found)

    head = "\ufeffhorodatage;valeur\r\n"
    french = head + "".join(f'"{at}";{count},0\r\n' for at, count in rows)
    code, other, err = run(french)
    ok(code == 0 and told(other) == told(out), "un en-tête, le point-virgule, la virgule décimale", err)

    bad = "timestamp,value\n2026-02-09 00:00:00,3\n\n2026-02-30 00:00:00,3\n2026-02-09 00:10:00,beaucoup\nrien\n" \
          "2026-02-09 00:15:00,-4\n3026-02-09 00:15:00,4\n2026-02-09 00:20:00,5\n" + "x" * 5000 + "\n2026-02-09 00:25:00,nan\n"
    code, other, err = run(bad)
    ok(code == 1 and len(other.splitlines()) == 9 and other.count(",,0\n") == 7, "le reste continue", other)
    for line, why in ((4, "date illisible : écrivez AAAA-MM-JJ"), (5, "valeur illisible"), (6, "pas de virgule"),
                      (7, "valeur illisible"), (8, "date hors de 1970"), (10, "ligne trop longue"), (11, "valeur illisible")):
        ok(f"-:{line}: {why}" in err, f"ligne {line} : {why}", err)
    ok("7 lignes refusées" in err, "et leur nombre", err)
    ok("-:4: unreadable date" in run(bad, lang="en_GB.UTF-8")[2], "en anglais aussi")

    back = [rows[0], rows[1], (rows[0][0] - datetime.timedelta(days=300), 7)]
    code, other, err = run(text(back))
    ok(code == 0 and "-:3: plus de 8 h avant" in err and "triez" in err and len(other.splitlines()) == 3,
       "une ligne d'il y a des mois est dite", err)
    code, other, err = run(text(rows[:2]), "--json")
    ok('{"timestamp":"2026-02-09 00:00:00","value":"' in other and '"score":0' in other, "en JSON", other)
    code, other, err = run("", "/nulle/part.csv")
    ok(code == 1 and "/nulle/part.csv" in err, "un fichier qui manque", err)
    done = subprocess.run([TOCSIN, "trend", "serie"], capture_output=True, env=ENV, check=False)
    ok(done.returncode == 2 and "vouliez-vous dire « series »" in done.stderr.decode(), "un verbe mal écrit", done.stderr)



def volumes(ok):
    """What the whole, the sources and the posts receive, and from how many on they ring."""
    start, lines = datetime.datetime(2026, 2, 9, 8), []
    for day in range(21):
        for n in range(24):
            at = start + datetime.timedelta(days=day, minutes=20 * n)
            source = "site" if n % 4 == 3 else "facebook"
            lines.append({"id": f"{day}.{n}", "source": source, "author": f"a{(7 * day + n) % 40}", "text": "Bonjour",
                          "created_at": at.isoformat() + "+01:00",
                          **({"thread": f"facebook/{day:02}-le-mot-du-jour"} if source == "facebook" else {})})
    told = "".join(json.dumps(line) + "\n" for line in lines)
    words = [TOCSIN, "trend", "volumes", "-"]
    done = subprocess.run(words + ["--json"], input=told.encode(), capture_output=True, timeout=60, env=ENV)
    rows = {(r["kind"], r["name"]): r for r in map(json.loads, done.stdout.decode().splitlines())}
    post = ("thread", "facebook/20-le-mot-du-jour")
    ok(done.returncode == 0 and list(rows) == [("whole", ""), ("source", "facebook"), ("source", "site"), post],
       "l'ensemble, les sources, les publications du dernier jour", done)
    ok([rows[k]["24h"]["messages"] for k in rows] == [24, 18, 6, 18] and rows["source", "facebook"]["usual_day"] == 18,
       "ce qu'ils reçoivent", rows)
    ok(all(4 <= r["30min"]["rings_from"] <= r["4h"]["rings_from"] <= r["24h"]["rings_from"] for r in rows.values()) and
       rows["source", "site"]["24h"]["rings_from"] < rows["source", "facebook"]["24h"]["rings_from"],
       "et à partir de combien cela sonne", rows)
    table = subprocess.run(words, input=told.encode(), capture_output=True, timeout=60, env=ENV).stdout.decode()
    ok("ensemble" in table and "sonne à" in table and "facebook/20-le-mot-du-jour" in table, "pour les gens", table)
    none = subprocess.run(words, input=b"{}\n", capture_output=True, timeout=60, env=ENV)
    ok(none.returncode == 1 and b"refus" in none.stderr and not none.stdout, "rien de lisible : rien", none)


def both(ok):
    scenario(ok)
    volumes(ok)


main(both)
