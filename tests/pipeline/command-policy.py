"""tocsin policy: the gaps of a plan with their dates and cures; who would be called; mistakes with their place; the
warning at the start."""
import json
import os
import subprocess
import sys
import tempfile

from town import Plan

TOCSIN = os.path.join(os.environ.get("TOCSIN_BUILD", "build"), "src", "tocsin", "tocsin")
HEAD = """\
tocsin: 1
ville: {nom: Valmont-sur-Orle, fuseau: Europe/Paris}
dossiers: {données: state, exécution: run}
sources: [{id: fil, type: jsonl, chemin: fil.jsonl, suivre: oui}]
courriel: {expéditeur: tocsin@valmont.example, dossier: mails}
"""
PLAN = """\
calendriers:
  heures: [{id: bureau, jours: lun-ven, de: '08:30', à: '17:30'}]
  astreintes:
    - {id: cadre, titre: cadre d'astreinte, tour: [dupont, martin, leroy], début: 2027-01-01, relève: '18:00'}
    - {id: élus, fichier: elus.csv}
  absences: [{qui: leroy, du: 2027-08-14 18:00, au: 2027-08-15}]
personnes:
  - {id: morel, nom: C. Morel, courriel: morel@valmont.example}
  - {id: dircom, nom: A. Roche, rôle: dir'com, courriel: dircom@valmont.example}
  - {id: dupont, nom: L. Dupont, courriel: dupont@valmont.example}
  - {id: martin, nom: P. Martin, courriel: martin@valmont.example}
  - {id: leroy, nom: S. Leroy, courriel: leroy@valmont.example}
niveaux:
  jaune:  [{prévenir: morel}]
  orange: [{prévenir: dircom}, {prévenir: cadre, après: 15 min}]
  rouge:  [{prévenir: [dircom, cadre]}, {prévenir: élu, après: 10 min}]
  gris:   [{prévenir: morel}]
  P1:     [{prévenir: dircom}, {prévenir: cadre}]
politique: {calme: {niveaux: [jaune, gris], hors: bureau}}
"""


def write(folder, plan, csv):
    with open(os.path.join(folder, "tocsin.yaml"), "w", encoding="utf-8") as f:
        f.write(HEAD + plan)
    with open(os.path.join(folder, "elus.csv"), "w", encoding="utf-8") as f:
        f.write(csv)


def policy(folder, *words):
    return subprocess.run([os.path.abspath(TOCSIN), "policy", *words, "--config", "tocsin.yaml"], cwd=folder,
                          text=True, capture_output=True, timeout=60, env={**os.environ, "LC_ALL": "C.UTF-8", "LANG": "fr"})


def main():
    with Plan() as ok, tempfile.TemporaryDirectory(prefix="tocsin-") as folder:
        plan = PLAN.replace("id: élus", "id: elu").replace("prévenir: élu", "prévenir: elu")
        whole = "début;fin;personne\n01/01/2027;31/12/2030;P. Martin\n"
        write(folder, plan, whole)
        r = policy(folder, "check", "--from", "2027-08-01")
        lines = r.stdout.splitlines()
        ok(r.returncode == 1, "a plan with a hole: exit 1", r.stdout + r.stderr)
        ok(lines[0] == "du sam. 14/08 18:00 au lun. 16/08 00:00, ORANGE n'atteint personne : "
           "S. Leroy (cadre d'astreinte) est absent et n'a pas de remplaçant", "the hole with its dates, and why", lines)
        ok(lines[1] == "  conseil: donnez à l'absence de leroy un « remplaçant » (calendriers, absences)", "and its cure", lines)
        ok(not any("ROUGE" in line for line in lines), "rouge has the elected one", lines)
        gaps = [json.loads(line) for line in policy(folder, "check", "--from", "2027-08-01", "--json").stdout.splitlines()]
        ok(gaps[0] == {"level": "orange", "from": "2027-08-14T16:00:00Z", "to": "2027-08-15T22:00:00Z", "why": "absent",
                       "on_call": "cadre", "absent": "leroy"}, "for machines", gaps)

        write(folder, plan.replace("au: 2027-08-15}", "au: 2027-08-15, remplaçant: dupont}"), whole)
        r = policy(folder, "check", "--from", "2027-08-01")
        ok(r.returncode == 0 and "à toute heure" in r.stdout and "JAUNE attend" in r.stdout, "with a substitute there is none", r.stdout)

        write(folder, plan.replace(", {prévenir: cadre, après: 15 min}", ""), whole)
        r = policy(folder, "check", "--from", "2027-08-01")
        ok("… et 2" in r.stdout and "ajoutez {prévenir: cadre} à « orange »" in r.stdout, "an office alone: counted, and the cure", r.stdout)
        ok(len(policy(folder, "check", "--from", "2027-08-01", "--all").stdout.splitlines()) > 200, "--all shows each")

        write(folder, plan, "début;fin;personne\n01/01/2027;31/06/2027;P. Martin\n02/02/2028;03/02/2028;Durand\n")
        r = policy(folder, "check")
        ok(r.returncode == 1 and "elus.csv:2:12: erreur: date illisible : 31/06/2027" in r.stderr and
           "elus.csv:3:23: erreur: personne inconnue : Durand" in r.stderr, "mistakes of the CSV with their place", r.stderr)
        write(folder, plan.replace("prévenir: dircom}, {prévenir: cadre, après", "prévenir: dircon}, {prévenir: cadre, après"), whole)
        r = policy(folder, "check")
        ok(r.returncode == 1 and "tocsin.yaml:20:23: erreur: personne ou crochet inconnu : dircon" in r.stderr and
           "vouliez-vous dire « dircom »" in r.stderr, "an unknown person: place and guess", r.stderr)
        write(folder, "", "")
        r = policy(folder, "check")
        ok(r.returncode == 1 and "tocsin.yaml: erreur: le plan ne nomme personne" in r.stderr and "conseil: donnez « people »" in r.stderr,
           "a plan that names nobody: where, and what to do", r.stderr)

        write(folder, plan, whole)
        r = policy(folder, "test", "--at", "2027-08-15 22:40", "--level", "rouge")
        ok(r.returncode == 0 and "jour férié (Assomption)" in r.stdout and "cadre d'astreinte : personne (S. Leroy est absent)" in r.stdout,
           "the day and who is on duty", r.stdout)
        ok("dim. 15/08 22:40  P. Martin" in r.stdout and "A. Roche (dir'com) : hors service, prévenu le lun. 16/08 08:30" in r.stdout,
           "who is called, who is not before Monday", r.stdout)
        rows = [json.loads(line) for line in policy(
            folder, "test", "--at", "2027-08-16 10:00", "--level", "orange", "--for", "20min", "--json").stdout.splitlines()]
        ok([(row["person"], row["at"]) for row in rows] == [("dircom", "2027-08-16T08:00:00Z"), ("leroy", "2027-08-16T08:15:00Z")],
           "for machines, in the order of time", rows)
        rows = [json.loads(line) for line in policy(
            folder, "test", "--at", "2027-08-14T20:00:00Z", "--level", "gris", "--json").stdout.splitlines()]
        ok(rows[0]["at"] == "2027-08-16T06:30:00Z", "quiet hours wait for Monday morning", rows)
        hole = plan.replace("prévenir: [dircom, cadre]}, {prévenir: elu, après: 10 min}", "prévenir: [dircom, cadre]}")
        hole = hole.replace("politique: {", "politique: {secours: morel, au_plus: 6 par heure, regroupement: 3 min, inhibition: non, ")
        hole = hole.replace("courriel: dircom@valmont.example", "courriel: dircom@valmont.example, au_plus: non")
        write(folder, hole, whole)
        r = policy(folder, "check", "--from", "2027-08-01")
        ok("ROUGE n'atteint personne : S. Leroy (cadre d'astreinte) est absent et n'a pas de remplaçant ; "
           "le secours, C. Morel, est appelé aussitôt" in r.stdout, "a hole of rouge: who is called instead", r.stdout)
        r = policy(folder, "test", "--level", "rouge", "--at", "2027-08-15 10:00")
        ok("dim. 15/08 10:00  C. Morel" in r.stdout and "secours : personne de service" in r.stdout, "and when", r.stdout)
        ok("à moins de 3 min, partent ensemble" in r.stdout and "C. Morel : au plus 6 messages en 1 h" in r.stdout and
           "A. Roche : au plus" not in r.stdout and "explique" not in r.stdout, "the limits and what goes together", r.stdout)
        write(folder, hole.replace("6 par heure", "6 par semaine"), whole)
        r = policy(folder, "check")
        ok(r.returncode == 1 and "combien de messages, et en combien de temps" in r.stderr, "a limit nobody understands", r.stderr)
        trial = plan.replace("politique: {", "politique: {rodage: {début: 2027-08-09, prévenir: dircom}, ")
        write(folder, trial, whole)
        r = policy(folder, "check", "--from", "2027-08-01")
        ok("ROUGE n'atteint personne : le rodage ne prévient que A. Roche (dir'com), hors service" in r.stdout and
           "conseil: nommez-y une personne de plus (politique, rodage, prévenir)" in r.stdout, "the trial's holes, and their cure", r.stdout)
        r = policy(folder, "test", "--level", "rouge", "--at", "2027-08-10 10:00")
        ok("seulement A. Roche (dir'com), jusqu'au lun. 23/08 00:00" in r.stdout and "martin" not in r.stdout and
           "rodage du lun. 09/08 00:00 au lun. 23/08 00:00 : les alertes ne vont qu'à A. Roche" in r.stdout,
           "in it the dir'com alone, until when", r.stdout)
        rows = [json.loads(line) for line in policy(
            folder, "test", "--at", "2027-08-10 10:00", "--level", "P1", "--for", "20min", "--json").stdout.splitlines()]
        ok([row["person"] for row in rows][:2] == ["dircom", "martin"], "an emergency calls its chain", rows)
        write(folder, trial.replace("rodage: {", "rodage: {fin: 2027-08-01, "), whole)
        r = policy(folder, "check")
        ok(r.returncode == 1 and "« end » (fin) : après « start »" in r.stderr, "an end before its start", r.stderr)
        write(folder, plan, whole)
        r = policy(folder, "test", "--level", "violet")
        ok(r.returncode == 2 and "--level" in r.stderr, "an unknown level is a misuse", r.stderr)
        r = policy(folder, "test", "--level", "rouge", "--at", "demain")
        ok(r.returncode == 2 and "2027-08-15 22:40" in r.stderr, "an unreadable date too", r.stderr)
        inside = ("crochets:\n  - {id: salon, titre: Salon, adresse: 'http://10.1.2.3/hooks/x'}\n"
                  "  - {id: bureau, titre: Bureau, adresse: 'http://10.1.2.4/x', autoriser_interne: [10.1.2.4]}\n"
                  "  - {id: dehors, titre: Dehors, adresse: 'https://chat.valmont.example/x'}\n"
                  "sms: {adresse: 'http://localhost:13013/send?to={to}&text={text}'}\n")
        whole_plan = plan.replace("au: 2027-08-15}", "au: 2027-08-15, remplaçant: dupont}")
        write(folder, whole_plan + inside, whole)
        text = (HEAD + whole_plan + inside).splitlines()
        places = [n for n, line in enumerate(text, 1) if "10.1.2.3" in line or line.startswith("sms")]
        r = policy(folder, "check", "--from", "2027-08-01")
        ok(r.returncode == 1 and all(f"tocsin.yaml:{n}:" in r.stderr for n in places) and len(places) == 2,
           "addresses inside that nobody allowed: where", r.stderr)
        ok("salon : 10.1.2.3 mène à une adresse interne" in r.stderr and "allow_internal: ['10.1.2.3']" in r.stderr and
           "allow_internal: ['localhost']" in r.stderr and r.stderr.count("erreur:") == 2, "and their cure; the others are in order", r.stderr)
        ok("à toute heure" in r.stdout, "the plan itself is whole", r.stdout)
        write(folder, whole_plan + inside.replace("hooks/x'", "hooks/x', autoriser_interne: [10.1.2.3]")
              .replace("{text}'", "{text}', autoriser_interne: [localhost]"), whole)
        r = policy(folder, "check", "--from", "2027-08-01")
        ok(r.returncode == 0 and "erreur" not in r.stderr, "allowed, they are in order", r.stderr)
        ok(policy(folder, "chek").returncode == 2, "an unknown verb too")
    sys.exit(1 if ok.failed else 0)


main()
