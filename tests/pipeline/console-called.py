"""Qui serait appelé ? Who is told of each level at a moment, in what order; the astreintes; the gaps of two weeks."""
import html
import re

from desk import Desk
from town import comment, main

PLAN = """\
calendars:
  hours: [{id: bureau, days: lun-ven, from: '08:30', to: '17:30'}]
  on_call: [{id: cadre, title: cadre d'astreinte, turn: [dupont, martin, leroy], start: 2027-01-01, handover: '18:00'}]
  absences: [{who: leroy, from: 2027-08-14 18:00, to: 2027-08-15}]
people:
  - {id: morel, name: C. Morel, mail: morel@ville.example, hours: always}
  - {id: roche, name: A. Roche, role: dir'com, mail: roche@ville.example}
  - {id: dupont, name: L. Dupont, mail: dupont@ville.example}
  - {id: martin, name: P. Martin, mail: martin@ville.example}
  - {id: leroy, name: S. Leroy <script>, mail: leroy@ville.example}
levels:
  jaune: [{tell: morel}]
  orange: [{tell: roche}, {tell: cadre, after: 15 min}]
  rouge: [{tell: [roche, cadre]}]
  gris: [{tell: morel}]
  P1: [{tell: cadre}]
policy: {fallback: [morel], quiet: {levels: [jaune], outside: bureau}}
"""


def sections(page):
    """{title: text} of the page's parts, without tags."""
    parts = re.split(r"<h2>(.*?)</h2>", page.body, flags=re.S)
    plain = [" ".join(html.unescape(re.sub(r"<[^>]+>", " ", part)).split()) for part in parts]
    return dict(zip(plain[1::2], plain[2::2]))


def scenario(ok):
    with Desk("  - {id: site, kind: jsonl, path: site.jsonl, follow: yes}\n", policy=PLAN) as desk:
        desk.start()
        cabinet, admin = desk.person("roy", "cabinet"), desk.person("ada", "admin")
        at = "/situation/appels?le="
        ok("/situation/appels" in cabinet.get("/situation").body and cabinet.get("/situation/appels").status == 200,
           "a link of the situation leads there")
        told = sections(cabinet.get(at + "2027-08-10T10:00"))  # a Tuesday morning
        ok(told["ORANGE"] == "quand qui comment aussitôt A. Roche (dir'com) mail déposé, sans relais "
           "après 15 min P. Martin · cadre d'astreinte mail déposé, sans relais", "in working hours the dir'com at once, the astreinte after 15 min", told)
        ok("Heures calmes" not in told["JAUNE"], "no quiet hours then")
        night = sections(cabinet.get(at + "2027-08-14T22:40"))  # a Saturday night, and the one on duty is away
        ok("est absent" in night["Astreintes"] and "S. Leroy <script>" in night["Astreintes"],
           "who should be on duty, and is not there", night)
        ok("le secours est appelé aussitôt : C. Morel" in night["ROUGE"] and "Heures calmes" in night["JAUNE"],
           "nobody of rouge is on duty: the fallback", night)
        ok("14/08 22:40" in cabinet.get(at + "2027-08-14T22:40").body or "14 août" in cabinet.get(at + "2027-08-14T22:40").body,
           "the moment is said")
        gaps = [t for t in night if t.startswith("Trous")][0]
        ok("ROUGE" in night[gaps] and "policy check" in night[gaps], "the gap is listed", night[gaps])
        later = sections(cabinet.get(at + "2027-09-01T10:00"))
        ok("Aucun : chaque niveau" in later[gaps] or "ORANGE" in later[gaps], "elsewhere it is not", later[gaps])
        ok("ROUGE" not in later[gaps], "rouge reaches somebody at every hour then", later[gaps])
        for bad in ("hier", "2027-13-40T10:00", "x" * 40, "%3Cscript%3E"):
            ok(cabinet.get(at + bad).status == 400, "no moment: " + bad[:12])
        ok(admin.get("/situation/appels").status == 403, "who administers accounts has no part in it")
        ok("Who would be called?" in desk.again("roy", "en").get("/situation/appels").body, "in English")
        ok(desk.stop() == 0, "the town stops")

    in_trial(ok)


def in_trial(ok):
    """Every page says that it is the trial; who is not called says why."""
    plan = PLAN.replace("policy: {", "policy: {trial: {start: 2026-11-01, end: 2026-11-20, tell: roche}, ")
    with Desk("  - {id: site, kind: jsonl, path: site.jsonl, follow: yes}\n", policy=plan) as desk:
        desk.comments("site.jsonl", [comment(1, "Bonjour.", minute=600)])
        desk.start()
        cabinet = desk.person("roy", "cabinet")
        desk.wait_for(lambda: "Rodage" in cabinet.get("/situation").body, 30, "the town clock in the trial")
        page = cabinet.get("/situation")
        ok("Rodage" in page.body and "ven. 20/11 00:00" in page.body and "A. Roche" in page.body, "the situation says the trial", page.body)
        told = sections(cabinet.get("/situation/appels?le=2026-11-03T10:00"))
        ok("aussitôt A. Roche" in told["ROUGE"] and "pas pendant le rodage" not in told["ROUGE"].split("A. Roche")[0],
           "the dir'com alone", told["ROUGE"])
        urgent = [t for name, t in told.items() if name.startswith("Urgence")][0]
        ok("A. Roche" not in urgent and "cadre d'astreinte" in urgent, "an emergency calls its chain", urgent)
        told = sections(cabinet.get("/situation/appels?le=2026-11-24T10:00"))
        ok("cadre d'astreinte" in told["ROUGE"], "everybody afterwards", told["ROUGE"])
        code, out, err = desk.run("status")
        ok("rodage : jusqu'au ven. 20/11 00:00, les alertes ne vont qu'à A. Roche" in out, "and tocsin status", out + err)
        ok(desk.json("status")[0]["trial_until"].startswith("2026-11-"), "for machines")
        ok(desk.stop() == 0, "that town stops")


main(scenario)
