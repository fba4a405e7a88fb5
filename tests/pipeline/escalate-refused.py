"""Refused for good: the fallback is told at once, by another way if it has one; nobody left: the main courante."""
import json

from bell import Bell, main, parse, text_of
from receivers import Http, Smtp

POLICY = """\
people:
  - {{id: dircom, name: A. Roche, mail: dircom@ville.example}}
  - {{id: dgs, name: B. Faure, mail: dgs@ville.example, hook: bureau}}
hooks: [{{id: salon, title: Salon, url: '{hook}', allow_internal: [127.0.0.1]}}, {{id: bureau, title: Bureau, url: '{hook}', allow_internal: [127.0.0.1]}}]
levels:
  jaune: [{{tell: dircom, by: mail}}]
  orange: [{{tell: dircom}}]
  rouge: [{{tell: dircom}}]
  gris: [{{tell: dircom}}]
  P1: [{{tell: dircom}}]
policy: {{fallback: [dircom, dgs, salon]}}
"""


def scenario(ok):
    with Smtp(["5xx", "ok"]) as smtp, Http() as http:
        mail = f"{{url: '{smtp.url}', tls: none, from: tocsin@ville.example}}"
        with Bell(mail=mail, policy=POLICY.format(hook=http.url)) as bell:
            bell.rise("orange")
            bell.wait(lambda: len(smtp.arrived) == 1, 20, "the fallback's mail")
            told = parse(smtp.arrived[0].raw)
            ok("dgs@" in told["To"], "the fallback is told, not the same person again", told["To"])
            ok(told["Subject"].startswith("tocsin SECOURS · jamais remis à A. Roche : ORANGE"), "of what was lost",
               told["Subject"])
            ok("550 inconnu ici" in text_of(told), "with the server's words", text_of(told))
            ok("47 messages" in text_of(told), "and the alarm itself", text_of(told))
            states = bell.wait(lambda: (s := {r[2]: r[3] for r in bell.outbox()}) and s.get("dgs") == 2 and s, 10,
                               "delivered")
            ok(states == {"dircom": 3, "dgs": 2}, "one dead letter, one delivered", states)
            failed = bell.rows("SELECT who, text FROM entry WHERE kind = 12")
            ok(len(failed) == 1 and "550" in failed[0][1], "the main courante keeps the failure", failed)

    for answers, person, of, what in (
            (["ok"], "dgs", "A. Roche", "a fallback that no mail reaches is called by its other way"),
            (["400", "ok"], "salon", "B. Faure", "one that cannot be told at all: the next one is")):
        with Smtp(["5xx", "5xx-data", "ok"]) as smtp, Http(answers) as http:
            mail = f"{{url: '{smtp.url}', tls: none, from: tocsin@ville.example}}"
            with Bell(mail=mail, policy=POLICY.format(hook=http.url)) as bell:
                bell.rise("orange")
                bell.wait(lambda: http.arrived, 20, "the next fallback")
                body = json.loads(http.arrived[0].raw)
                ok(body["person"] == person and body["subject"].startswith("tocsin SECOURS · jamais remis à " + of),
                   what, body)

    with Smtp(["5xx"]) as smtp, Http(["400"]) as http:
        mail = f"{{url: '{smtp.url}', tls: none, from: tocsin@ville.example}}"
        with Bell(mail=mail, policy=POLICY.format(hook=http.url)) as bell:
            bell.rise("orange")
            notes = bell.wait(lambda: bell.rows("SELECT text FROM entry WHERE kind = 7"), 20, "a note")
            ok("aucun secours" in notes[0][0], "nobody left: said in the main courante", notes)
            bell.wait(lambda: "plus personne à prévenir" in bell.log("escalate"), 10, "the log")
            ok(True, "and in the log")
            bell.wait(lambda: all(r[3] == 3 for r in bell.outbox()), 10, "the last row's end")  # the note comes first
            ok([r[3] for r in bell.outbox()] == [3, 3, 3, 3], "four dead letters", bell.outbox())


main(scenario)
