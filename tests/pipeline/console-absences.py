"""Absences et suppléances: who may enters one, it shows with the holes it makes, `tocsin policy check` finds the same, and
an emergency calls the substitute, without any restart."""
import datetime
import email
import email.policy
import os
import zoneinfo

from desk import Desk
from town import ZONE, levels, main

PLAN = """\
calendars:
  on_call: [{id: cadre, title: cadre d'astreinte, turn: [dupont], start: 2026-01-01}]
  absences: [{who: morel, from: 2026-01-01, to: 2035-01-01}]
people:
  - {id: morel, name: C. Morel, mail: morel@ville.example}
  - {id: roche, name: A. Roche <b>, role: dir'com, mail: roche@ville.example}
  - {id: dupont, name: L. Dupont, mail: dupont@ville.example}
  - {id: leroy, name: S. Leroy, mail: leroy@ville.example}
""" + levels("roche", p1="cadre")
ALONE = "L. Dupont (cadre d'astreinte) est absent et n'a pas de remplaçant"


def receivers(desk):
    """Whom mails have gone to."""
    folder = desk.path("outbox")
    if not os.path.isdir(folder):
        return set()
    names = [n for n in os.listdir(folder) if n.endswith(".eml")]
    mails = [email.message_from_bytes(open(os.path.join(folder, n), "rb").read(), policy=email.policy.default) for n in names]
    return {m["To"].addresses[0].username for m in mails}


def scenario(ok):
    now = datetime.datetime.now(zoneinfo.ZoneInfo(ZONE))
    today, tomorrow = now.strftime("%Y-%m-%d"), (now + datetime.timedelta(days=1)).strftime("%Y-%m-%d")
    with Desk("  - {id: site, kind: jsonl, path: site.jsonl, follow: yes}\n", policy=PLAN, clock="wall") as desk:
        desk.comments("site.jsonl", [])
        desk.start()
        roche, roy, dpo = desk.person("roche", "dircom"), desk.person("roy", "cabinet"), desk.person("dpo", "dpo")
        form = {"qui": "dupont", "remplacant": "", "du": today, "au": tomorrow}
        path = "/equipe/absences"
        page = roche.get("/equipe")
        ok(page.status == 200 and "C. Morel" in page.parsed.text and "L. Dupont" in page.parsed.text, "the file's absences and turns")
        ok("A. Roche &lt;b&gt;" in page.body and ALONE not in page.parsed.text, "no hole, and names are text", page.body)
        ok(roy.get("/equipe").status == 200 and roy.get("/equipe").form(path) is None, "the cabinet looks")
        csrf = roy.get("/equipe").csrf
        ok(roy.post(path, {"csrf": csrf, **form}).status == 403, "… and enters nothing")
        for what, wrong in (("nobody", {"qui": "inconnu"}), ("himself", {"remplacant": "dupont"}), ("no date", {"du": "hier"}),
                            ("backwards", {"du": tomorrow, "au": "2026-01-01"}), ("a hostile date", {"au": "\"><script>x</script>"})):
            page = roche.send(path, "/equipe", **{**form, **wrong})
            ok(page.status == 400 and "<script>x" not in page.body, "refused: " + what, page.status)
        page = roche.send(path, "/equipe", **form)
        ok("vaut dès maintenant" in page.body and ALONE in page.parsed.text, "an absence makes a hole, which is said", page.body)
        again = roche.send(path, "/equipe", **form)
        ok(again.body.count("/retirer\"") == 1, "a double click enters it once", again.body.count("/retirer\""))
        code, out, err = desk.run("policy", "check")
        ok(code == 1 and ALONE in out, "tocsin policy check finds the same", out + err)
        remove = [f["action"] for f in again.parsed.forms if f["action"].endswith("/retirer")][0]
        page = roche.send(remove, "/equipe")
        ok("est retirée" in page.body and ALONE not in page.parsed.text, "taken back")
        ok("plus là" in roche.send(remove, "/equipe").body, "… once")
        page = roche.send(path, "/equipe", **{**form, "remplacant": "leroy"})
        ok(ALONE not in page.parsed.text and "S. Leroy" in page.parsed.text, "with a substitute there is no hole")
        ok("S. Leroy" in roche.get("/situation/appels").body, "who would be called")
        journal = dpo.get("/conformite/journal?quoi=comptes").parsed.text
        ok(journal.count("saisie") == 2 and "retirée" in journal, "the account of what people did", journal)
        at = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        desk.comments("site.jsonl", [{"id": "1", "text": "on sait où tu habites", "author": "x", "created_at": at}], "a")
        desk.wait_for(lambda: "leroy" in receivers(desk), 60, "the substitute's mail")
        ok("dupont" not in receivers(desk), "who is away is not called", receivers(desk))
        ok("Absences and substitutes" in desk.again("roy", "en").get("/equipe").body, "in English")
        ok(desk.stop() == 0, "the town stops")


main(scenario)
