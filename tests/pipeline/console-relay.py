"""Whoever is in charge of an alarm holds it longer, asks somebody to take over, gives it back: nobody is ever in charge who does not
know, and what is given back rings again."""
import email
import email.policy
import os
import re
import signal
import threading
import time

from desk import Desk, database
from town import comment, main

THREAT = "on sait où tu habites"


def mails(desk, word):
    """Receiver, subject and text of the mails whose subject has the word."""
    folder = desk.path("outbox")
    names = sorted(n for n in os.listdir(folder) if n.endswith(".eml")) if os.path.isdir(folder) else []
    found = [email.message_from_bytes(open(os.path.join(folder, n), "rb").read(), policy=email.policy.default) for n in names]
    return [(m["To"].addresses[0].username, m["Subject"], re.sub(r"\s+", " ", m.get_body(("plain",)).get_content()))
            for m in found if word in m["Subject"]]


def kinds(desk, number):
    """What the main courante has of people: kind, who, text."""
    return database(desk, "SELECT kind, who, text FROM entry WHERE incident = ? AND who <> 'tocsin' AND kind IN (3, 6, 17, 18)", number)


def longer(ok, desk, dircom, anne, one):
    page = dircom.send(one + "/prolonger", at=one)
    ok(not dircom.get(one).form(one + "/prolonger") and page.status == 409 and "Personne n'a plus cette alerte" in page.parsed.text and
       not database(desk, "SELECT 1 FROM entry WHERE kind = 3"), "who is not in charge prolongs nothing", page.parsed.text)
    dircom.send(one + "/prendre", at=one, ici="1")
    page = dircom.get(one)
    ok(page.form(one + "/prolonger") and page.form(one + "/rendre") and page.form(one + "/relais") and
       not anne.get(one).form(one + "/prolonger"), "who is in charge has the buttons, nobody else", page.body)
    until = re.search(r">(jusqu'à \d\d:\d\d)</time>", page.body)[1]
    desk.comments("site.jsonl", [comment(2, "Bonjour", "b", 630)], mode="a")

    def prolonged():
        dircom.post(one + "/prolonger", page.form(one + "/prolonger"))
        return f">{until}</time>" not in dircom.get(one).body
    desk.wait_for(prolonged, 20, "a later end")
    ok(kinds(desk, 1)[-1] == (3, "dircom", "prolongation"), "half an hour later he holds it longer", kinds(desk, 1))


def in_the_same_second(ok, desk, dircom, morel, one):
    """Somebody takes it while the console still sees it as his: store says whose it is."""
    form, take, store, pages = dircom.get(one).form(one + "/prolonger"), morel.get(one).form(one + "/prendre"), desk.pid("store"), {}
    asked = [threading.Thread(target=lambda: pages.update(take=morel.post(one + "/prendre", take))),
             threading.Thread(target=lambda: pages.update(longer=dircom.post(one + "/prolonger", form)))]
    os.kill(store, signal.SIGSTOP)
    for thread in asked:
        thread.start()
        time.sleep(0.5)
    os.kill(store, signal.SIGCONT)
    for thread in asked:
        thread.join()
    text = pages["longer"].parsed.text
    ok(desk.json("incidents")[0]["acked_by"] == "morel" and kinds(desk, 1)[-1] == (6, "morel", "par la console"),
       "it is whose who took it", kinds(desk, 1))
    ok(pages["longer"].status == 409 and "C. Morel a cette alerte maintenant" in text, "and who was too late reads whose it is", text)
    dircom.send(one + "/prendre", at=one, ici="1")


def passed(ok, desk, dircom, anne, morel, one):
    page = dircom.get(one)
    form = page.form(one + "/relais")
    ok(re.search(r'<option value="morel"><bdi>C. Morel', page.body) and
       re.search(r'<option value="anne"><bdi>anne</bdi> \(sans adresse', page.body) and '<option value="dircom">' not in page.body and
       '<option value="rosa">' not in page.body, "those who may be in charge, and whom nothing reaches", page.body)
    for wrong in ("", "nobody", "rosa", "dircom", "x" * 200):
        ok(dircom.post(one + "/relais", {**form, "qui": wrong}).status == 400, f"nobody to ask: {wrong[:8]}")
    ok(anne.post(one + "/relais", {"csrf": anne.get(one).csrf, "qui": "morel"}).status == 409, "it is not hers to give")
    asked = dircom.post(one + "/relais", {**form, "qui": "morel"}, follow=True)
    ok(asked.status == 200 and "Relais demandé à :" in asked.body and desk.json("incidents")[0]["acked_by"] == "dircom",
       "asked, it stays his", asked.body)
    ok(kinds(desk, 1)[-1] == (18, "dircom", "morel"), "the main courante has it", kinds(desk, 1))
    told = desk.wait_for(lambda: mails(desk, "vous demande de prendre le relais"), 20, "the mail")
    ok([t[0] for t in told] == ["morel"] and "A. Roche" in told[0][1] and THREAT not in told[0][2], "who is asked is told, without a citizen's word", told)
    morel.send(one + "/prendre", at=one, ici="1")
    page = dircom.get(one)
    ok(desk.json("incidents")[0]["acked_by"] == "morel" and "Relais demandé" not in page.body and not page.form(one + "/rendre"),
       "taken, it is the other's", page.body)
    late = dircom.post(one + "/rendre", {"csrf": page.csrf}, follow=True)
    ok("Quelqu&#39;un d&#39;autre a cette alerte" in late.body and desk.json("incidents")[0]["acked_by"] == "morel", "an old page takes it from nobody", late.body)
    ok(len(mails(desk, "vous demande de prendre le relais")) == 1, "told once")


def given_back(ok, desk, morel, one):
    before = len(mails(desk, "URGENCE"))
    page = morel.post(one + "/rendre", morel.get(one).form(one + "/rendre"), follow=True)
    ok("Vous rendez la main" in page.body and desk.json("incidents")[0]["state"] == "open" and "Personne n&#39;en est chargé." in page.body,
       "given back, nobody is in charge", page.body)
    ok(kinds(desk, 1)[-1] == (17, "morel", ""), "the main courante has it", kinds(desk, 1))
    again = desk.wait_for(lambda: [m for m in mails(desk, "URGENCE") if "Main rendue à" in m[2]], 20, "the alarm to ring again")
    ok([m[0] for m in again] == ["dircom"] and "(morel)" in again[0][2] and len(mails(desk, "URGENCE")) == before + 1,
       "and the chain begins again, saying why", again)


def scenario(ok):
    with Desk("  - {id: site, title: Site de la ville, kind: jsonl, path: site.jsonl, follow: yes}\n") as desk:
        desk.comments("site.jsonl", [comment(1, THREAT, "a", 600)])
        desk.start()
        dircom, morel = desk.person("dircom", "dircom"), desk.person("morel", "moderation")
        anne = desk.person("anne", "moderation")
        desk.person("rosa", "regles")
        number = desk.wait_for(lambda: [i["id"] for i in desk.json("incidents")], 20, "the alarm")[0]
        desk.wait_for(lambda: mails(desk, "URGENCE"), 20, "the first mail")
        one = f"/situation/{number}"
        longer(ok, desk, dircom, anne, one)
        in_the_same_second(ok, desk, dircom, morel, one)
        passed(ok, desk, dircom, anne, morel, one)
        given_back(ok, desk, morel, one)
        ok(desk.stop() == 0, "the town stops")


main(scenario)
