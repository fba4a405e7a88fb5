"""Période électorale and fiches réflexes: pages and mails say the caution rule, a reply is to be read twice, the cabinet sees
how many and no verbatim; what to do first stands on the alarm's page, and the mail leads there."""
import email
import email.policy
import json
import os

from desk import Desk
from town import POLICY, comment, main

ELECTION = "{title: 'élections <b>', from: 2026-11-01, to: 2026-11-30}"
CARDS = """\
cards:
  - topic: menace
    text: |
      Appeler le 17 & prévenir l'élu.
      Ne répondre à personne <script>alert(1)</script>.
    link: 'https://intranet.ville.example/menace'
"""
RULE = "Faites relire toute publication par une deuxième personne."


def mails(desk):
    folder = desk.path("outbox")
    names = [n for n in os.listdir(folder) if n.endswith(".eml")] if os.path.isdir(folder) else []
    mails = [email.message_from_bytes(open(os.path.join(folder, n), "rb").read(), policy=email.policy.default) for n in names]
    return {m["To"].addresses[0].username: " ".join(m.get_body(("plain",)).get_content().split()) for m in mails}


def by_token(desk, account, number):
    """The alarm as the API gives it to a token of this account."""
    code, out, err = desk.run("token", "add", "jeton-" + account, "--account", account, "--scope", "incidents:read")
    if code != 0:
        raise RuntimeError(out + err)
    answer = desk.visitor().ask("GET", f"/api/v1/incidents/{number}", headers={"Authorization": "Bearer " + out.strip()})
    return answer.status, json.loads(answer.body)


def scenario(ok):
    policy = POLICY.replace("policy: {", f"policy: {{election: {ELECTION}, ").replace("P1: [{tell: dircom}]", "P1: [{tell: [dircom, petit, roy, conseil]}]")
    policy = policy.replace("levels:", """\
  - {id: petit, name: D. Petit, role: Directeur de Cabinet, mail: petit@ville.example}
  - {id: roy, name: E. Roy, role: conseil, mail: roy@ville.example}
  - {id: conseil, name: F. Rey, role: conseil, mail: conseil@ville.example}
levels:""", 1)
    with Desk("  - {id: site, kind: jsonl, path: site.jsonl, follow: yes}\n", policy=policy, extra=CARDS,
              console="{listen: '127.0.0.1:0', public: 'https://console.ville.example'}") as desk:
        desk.comments("site.jsonl", [])
        desk.start()
        roche, roy = desk.person("roche", "dircom"), desk.person("roy", "cabinet")
        desk.comments("site.jsonl", [comment(1, "on sait où tu habites", minute=600), comment(2, "Espèce de connard !", minute=601)], "a")
        desk.wait_for(lambda: "/situation/1" in roche.get("/situation").body, 30, "the alarm")
        page = roche.get("/situation")
        ok("Période électorale" in page.parsed.text and RULE in page.parsed.text and "mar. 01/12 00:00" in page.body,
           "every page says the rule, and until when", page.parsed.text)
        ok("élections &lt;b&gt;" in page.body, "its title is text")
        ok(page.has("a", href="/situation/1#fiche"), "among others the card is a link")
        one = roche.get("/situation/1")
        ok(one.has("h2", id="fiche") and "Appeler le 17 &amp; prévenir l'élu." in one.body.replace("&#39;", "'") and
           "<script>alert" not in one.body and one.has("a", href="https://intranet.ville.example/menace"),
           "the alarm's page has it whole", one.body)
        ok("on sait où tu habites" in one.body, "the dir'com reads verbatims")
        cabinet = roy.get("/situation/1")
        ok("on sait" not in cabinet.body and "on sait" not in roy.get("/situation").body and "Fiche réflexe" in cabinet.body,
           "the cabinet sees none, and the card")
        ok('class="why"' in one.body and 'class="why"' in page.body and 'class="why"' not in cabinet.body + roy.get("/situation").body,
           "nor why it rang")
        files = [person.get("/situation/1/rapport") for person in (roche, roy)]
        ok(all(f.status == 200 for f in files) and ["on sait" in f.body for f in files] == [True, False] and
           ["version communicable" in f.body for f in files] == [False, True] and
           not cabinet.has("a", href="/situation/1/rapport"), "the cabinet's report is the one that may be given to others", files[1].body)
        status, read = by_token(desk, "roche", 1)
        ok(status == 200 and any("on sait où tu habites" in v for v in read["verbatims"]), "the dir'com's token reads them as well", read)
        status, read = by_token(desk, "roy", 1)
        ok(status == 200 and read["verbatims"] == [] and read["messages"] >= 1 and "on sait" not in json.dumps(read, ensure_ascii=False),
           "nor does a token of the cabinet's: how many", read)
        both = desk.person("rey", "cabinet,astreinte")
        ok(not any("on sait" in both.get(at).body or 'class="why"' in both.get(at).body
                   for at in ("/situation", "/situation/1", "/situation/1/rapport")), "nor the cabinet that is on the on-call plan as well")
        status, read = by_token(desk, "rey", 1)
        ok(status == 200 and read["verbatims"] == [] and "on sait" not in json.dumps(read, ensure_ascii=False), "nor its token", read)
        desk.person("seul", "astreinte")
        status, read = by_token(desk, "seul", 1)
        ok(status == 200 and read["verbatims"], "an astreinte that is not of the cabinet reads them", read)
        item = desk.json("queue")[0]
        reply = roche.get(f"/moderation/{item['seq']}/reponse")
        ok(reply.status == 200 and "faites relire ce texte par une deuxième personne" in reply.body, "a reply is to be read twice", reply.status)
        told = desk.wait_for(lambda: (lambda m: {"dircom", "petit", "roy", "conseil"} <= set(m) and m)(mails(desk)), 30, "the alarm's mails")
        mail = told["dircom"]
        ok(["on sait où tu habites" in told[who] for who in ("dircom", "conseil", "petit", "roy")] == [True, True, False, False] and
           all("sans citer les habitants" in told[who] and "À faire" in told[who] for who in ("petit", "roy")),
           "the cabinet's mails quote nobody: by the role in the policy, or by that of the account", told)
        ok("Fiche réflexe : https://console.ville.example/situation/1#fiche" in mail, "the mail leads to the card", mail)
        ok("Période électorale : ne vanter ni les réalisations" in mail, "and says the rule", mail)
        ok("élections" in desk.run("policy", "check")[1], "tocsin policy check says the period")
        ok("Election period" in desk.again("roy", "en").get("/situation").body, "in English")
        ok(desk.stop() == 0, "the town stops")


main(scenario)
