"""Prochain point à HH:MM: who leads says it, everybody reads it, it is kept by what is written then, and who forgets it is
reminded once. What people note has its own time."""
import datetime
import email
import email.policy
import os
import re
import zoneinfo

from desk import Desk, database
from town import ZONE, comment, main

THREAT = "on sait où tu habites"
LATE = "n'est pas fait"


def mails(desk, word):
    """Receiver, subject and text of the mails whose subject has the word."""
    folder = desk.path("outbox")
    names = sorted(n for n in os.listdir(folder) if n.endswith(".eml")) if os.path.isdir(folder) else []
    found = [email.message_from_bytes(open(os.path.join(folder, n), "rb").read(), policy=email.policy.default) for n in names]
    return [(m["To"].addresses[0].username, m["Subject"], m.get_body(("plain",)).get_content()) for m in found if word in m["Subject"]]


def log_rows(page):
    """The main courante, a list of its cells a row."""
    rows = re.findall(r"<tr><td>(.*?)</tr>", page.body.split('class="log"')[-1], re.S)
    return [[re.sub(r"<[^>]+>", "", cell).strip() for cell in row.split("</td>")] for row in rows]


def town_is(desk, person, number, minute):
    """Lets the town's clock go to that minute."""
    desk.comments("site.jsonl", [comment(number, "Bonjour", "b", minute)], mode="a")
    at = comment(number, "", "b", minute)["created_at"]
    shown = datetime.datetime.fromisoformat(at.replace("Z", "+00:00")).astimezone(zoneinfo.ZoneInfo("Europe/Paris"))
    desk.wait_for(lambda: f"le {shown:%d/%m %H:%M}" in person.get("/situation").body, 20, f"the clock at {shown:%H:%M}")


def promised(ok):
    with Desk("  - {id: site, title: Site de la ville, kind: jsonl, path: site.jsonl, follow: yes}\n") as desk:
        desk.comments("site.jsonl", [comment(1, THREAT, "a", 600)])  # 1 November, 10:00 UTC, 11:00 in Paris
        desk.start()
        dircom, cabinet = desk.person("dircom", "dircom"), desk.person("roy", "cabinet")
        anne = desk.person("anne", "moderation")
        number = desk.wait_for(lambda: [i["id"] for i in desk.json("incidents")], 20, "the alarm")[0]
        one = f"/situation/{number}"
        form = dircom.get(one).form(one + "/point")
        ok(form and not anne.get(one).form(one + "/point") and anne.send(one + "/point", at=one, heure="11:30").status == 409,
           "who neither leads nor conducts announces nothing")
        for wrong in ("25:00", "midi", "\"><script>x</script>", "1" * 9):
            ok(dircom.post(one + "/point", {**form, "heure": wrong}).status == 400, "no time: " + wrong)
        page = dircom.post(one + "/point", {**form, "heure": "11:30"}, follow=True)
        ok(page.status == 200 and "Prochain point à 11:30." in page.parsed.text and
           any("prochain point" in row and "le 01/11 11:30" in row for row in log_rows(page)), "announced", page.body)
        ok("Prochain point à 11:30." in cabinet.get("/situation").parsed.text and
           "Next point at 11:30." in desk.again("roy", "en").get(one).parsed.text, "everybody reads it")
        ok(desk.json("incidents")[0]["next_point_at"] == "2026-11-01T10:30:00Z" and
           "prochain point le 01/11 11:30" in desk.run("incident", str(number))[1], "the command line says the same", desk.json("incidents")[0])
        before = len(log_rows(dircom.get(one)))
        dircom.post(one + "/point", {**form, "heure": "11:30"})
        ok(len(log_rows(dircom.get(one))) == before, "the same twice is written once")
        anne.send(one + "/prendre", at=one, ici="1")
        page = anne.post(one + "/point", {**(anne.get(one).form(one + "/point") or {}), "heure": "11:40"}, follow=True)
        ok(page.status == 200 and "Prochain point à 11:40." in page.parsed.text, "whoever is in charge changes it", page.body)
        anne.send(one + "/noter", at=one, texte="trop tôt pour valoir le point", quand="")
        ok("Prochain point à 11:40." in anne.get(one).parsed.text, "what is written long before is not that point")
        town_is(desk, dircom, 2, 632)
        anne.send(one + "/noter", at=one, texte="le point : calme", quand="")
        page = anne.get(one)
        ok('class="point' not in page.body and desk.json("incidents")[0]["next_point_at"] is None,
           "what is written within ten minutes of it keeps the promise", page.body)
        dircom.send(one + "/prendre", at=one, ici="1")
        dircom.post(one + "/point", {**dircom.get(one).form(one + "/point"), "heure": "11:50"})
        town_is(desk, cabinet, 3, 655)
        page = cabinet.get("/situation")
        ok("le point prévu à 11:50 n'est pas fait." in page.parsed.text and "En retard de " in page.parsed.text, "nothing came: the page says so", page.body)
        found = desk.wait_for(lambda: mails(desk, LATE), 20, "the reminder")
        ok([m[0] for m in found] == ["dircom"] and "à 11:50" in found[0][1] and "ne vient qu'une fois" in re.sub(r"\s+", " ", found[0][2]) and
           THREAT not in found[0][2], "who is in charge is reminded, without a word of a citizen", found)
        dircom.post(one + "/point", {**dircom.get(one).form(one + "/point"), "heure": "11:58"})
        town_is(desk, cabinet, 4, 660)
        found = desk.wait_for(lambda: [m for m in mails(desk, LATE) if "à 11:58" in m[1]], 20, "the reminder of the next one")
        ok(len(found) == 1 and len(mails(desk, LATE)) == 2, "each promise once", mails(desk, LATE))
        page = dircom.post(one + "/point", {**dircom.get(one).form(one + "/point"), "heure": ""}, follow=True)
        ok('class="point' not in page.body and any("plus aucun n&#39;est annoncé" in row for row in log_rows(page)), "withdrawn", page.body)
        dircom.post(one + "/clore", {**dircom.get(one).form(one + "/clore"), "texte": "fini"})
        ok(dircom.post(one + "/point", {**form, "heure": "12:30"}).status == 409 and not dircom.get(one).form(one + "/point"),
           "nothing is announced of what is closed")
        ok(desk.stop() == 0, "the town stops")


def noted(ok):
    zone = zoneinfo.ZoneInfo(ZONE)
    with Desk("  - {id: site, title: Site de la ville, kind: jsonl, path: site.jsonl, follow: yes}\n", clock="wall") as desk:
        now = datetime.datetime.now(zone)
        desk.comments("site.jsonl", [{**comment(1, THREAT), "created_at": now.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")}])
        desk.start()
        dircom = desk.person("dircom", "dircom")
        number = desk.wait_for(lambda: [i["id"] for i in desk.json("incidents")], 20, "the alarm")[0]
        one = f"/situation/{number}"
        earlier = now - datetime.timedelta(hours=2)

        def note(text, at):
            return dircom.send(one + "/noter", at=one, texte=text, quand=at if isinstance(at, str) else f"{at:%Y-%m-%dT%H:%M}")

        page = note("appel du préfet", earlier)
        rows = log_rows(page)
        ok(page.status == 200 and rows[0][-1 - 1] == "appel du préfet" and f"{earlier:%H:%M} (écrit " in rows[0][0] and
           "(écrit à " in rows[0][0], "what happened before the alarm stands before it, with both times", rows)
        ok(not any("(écrit " in row[0] for row in rows[1:]), "the others were written at once")
        stored = database(desk, "SELECT at, written_at FROM entry WHERE text = 'appel du préfet'")[0]
        ok(stored[1] - stored[0] > 3600 * 1000, "two times are kept", stored)
        log = [e["text"] for e in desk.json("incident", str(number))[0]["entries"]]
        ok(log[0] == "appel du préfet", "the command line has the same order", log)
        for name, at in (("to come", now + datetime.timedelta(hours=3)), ("long before", now - datetime.timedelta(days=3)),
                         ("none", "hier"), ("hostile", "\"><script>x</script>")):
            page = note("gardé " + name, at)
            ok(page.status == 400 and "gardé " + name in page.body and "<script>x" not in page.body, "refused: " + name, page.status)
        again = note("gardé", now + datetime.timedelta(hours=3))
        ok(f'value="{now + datetime.timedelta(hours=3):%Y-%m-%dT%H:%M}"' in again.body, "what was picked comes back")
        page = dircom.post(one + "/noter", {"csrf": again.csrf, "texte": "sans heure", "quand": ""}, follow=True)
        ok(log_rows(page)[-1][-2] == "sans heure", "empty is now", log_rows(page))
        ok(desk.stop() == 0, "the town stops")


def scenario(ok):
    promised(ok)
    noted(ok)


main(scenario)
