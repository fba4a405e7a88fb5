"""Et avec un autre réglage ? In the console: one setting is chosen, `tocsin replay --if` hears the weeks again in a child, and the
page says which alarms more, which no longer, who would have been called, beside what rang. Nothing of the town changes."""
import datetime
import html
import os
import re
import time
import zoneinfo

from desk import Desk, database
from town import main, topics

PARIS = zoneinfo.ZoneInfo("Europe/Paris")
LAST = datetime.date(2026, 3, 2)
RULES = topics(("sport", "Sport", "stade", "Le stade est fermé", "La piscine"), ("eau", "Eau", "fuite", "une fuite", "le stade"))
PLAN = """\
calendars:
  on_call: [{id: cadre, title: cadre, turn: [roche], start: 2026-01-01}]
people:
  - {id: morel, name: C. Morel, mail: morel@ville.example}
  - {id: roche, name: A. Roche <script>, mail: roche@ville.example}
levels:
  jaune: [{tell: cadre}]
  orange: [{tell: cadre}]
  rouge: [{tell: cadre}]
  gris: [{tell: morel}]
  P1: [{tell: cadre}]
"""
PATH = "/situation/rejouer"


def said(day, hour, n, word):
    """So many people speak of it, one a minute."""
    at = datetime.datetime.combine(day, datetime.time(hour), PARIS)
    return [{"id": f"{word}-{day}-{hour}-{i}", "author": f"{word}{i}", "text": f"{word} : {day.toordinal() * 10000 + hour * 100 + i}",
             "created_at": (at + i * datetime.timedelta(minutes=1)).isoformat()} for i in range(n)]


def weeks():
    """A word a day, a day on which seven speak of a leak, and one on which four speak of the stadium."""
    days = [LAST - datetime.timedelta(days=n) for n in range(28, 0, -1)]
    end = datetime.datetime.combine(LAST, datetime.time(20), PARIS).isoformat()
    usual = [c for day in days for c in said(day, 9, 1, "stade") + said(day, 10, 1, "fuite")]
    loud = said(LAST - datetime.timedelta(days=5), 15, 7, "fuite") + said(LAST, 15, 4, "stade")
    return sorted(usual + loud, key=lambda c: c["created_at"]) + [{"id": "fin", "author": "z", "text": "Bonjour", "created_at": end}]


def parts(page):
    """{title: text} of what came of it."""
    found = re.split(r"<h[23][^>]*>(.*?)</h[23]>|<summary>(.*?)</summary>", page.body, flags=re.S)
    plain = [" ".join(html.unescape(re.sub(r"<[^>]+>", " ", part or "")).split()) for part in found]
    return {(a or b).split(" : ")[0]: text for a, b, text in zip(plain[1::3], plain[2::3], plain[3::3])}


def contents(desk):
    return [database(desk, f"SELECT count(*) FROM {table}")[0][0] for table in ("item", "incident", "entry", "decision")]


def play(desk, person, **fields):
    """The page when it is done."""
    csrf = person.get(PATH).csrf
    page = person.post(PATH, {"csrf": csrf, "semaines": "4", **fields})
    if page.status != 303:
        raise RuntimeError(f"{page.status}: {page.parsed.text}")
    return desk.wait_for(lambda: (p := person.get(PATH)) and "data-suivi" not in p.body and p, 60, f"the replay of {fields}")


def left_behind():
    return [d for place in ("/dev/shm", "/tmp") if os.path.isdir(place) for d in os.listdir(place) if d.startswith("tocsin-replay-")]


def settings(ok, desk, dircom):
    page = play(desk, dircom, reglage="seuil", niveau="jaune", personnes="3")
    found = parts(page)
    ok("Sport" in found.get("De plus", "") and "02/03 15:" in found["De plus"] and "A. Roche <script>" in found["De plus"],
       "a lower threshold: one more, when, and who would have been called", page.body)
    ok("Eau" in found.get("À une autre heure", "") and "15:06" in found["À une autre heure"] and "15:07" in found["À une autre heure"],
       "the other one rings a minute earlier", found)
    ok("<script>" not in page.body.replace('<script type="module"', "") and page.has("svg", role="img") and page.body.count("<rect") >= 3 and
       "Ce qui a sonné : 1" in page.body, "the strip shows what rang and both replays", page.body)
    ok("tendances: {jaune: 3}" in found["Pour l'adopter"], "and how it is written for good", found)
    found = parts(play(desk, dircom, reglage="sujet", sujet="eau", sensibilite="aucune"))
    ok("Eau" in found.get("De moins", "") and "De plus" not in found, "a topic that is only counted: one less", found)
    found = parts(play(desk, dircom, reglage="absent", absent="roche", remplacant="morel"))
    ok("C. Morel" in found.get("D'autres appels", "") and "De plus" not in found and "De moins" not in found,
       "another one on duty: the same alarms, other calls", found)
    ok("/equipe" in dircom.get(PATH).body, "an absence is declared elsewhere")
    found = parts(play(desk, dircom, reglage="rodage", rodage="morel"))
    ok("C. Morel" in found.get("D'autres appels", ""), "a trial: all go to one", found)
    found = parts(play(desk, dircom, reglage="calme", de="12:00", a="18:00"))
    ok("18:00 A. Roche" in found.get("D'autres appels", ""), "quiet hours: called when they end", found)
    page = play(desk, dircom, reglage="source", source="site", silence="240")
    ok("Ce réglage n'aurait rien changé" in html.unescape(page.body), "what changes nothing says so", page.body)


def refusals(ok, desk, dircom, cabinet):
    csrf = dircom.get(PATH).csrf
    good = {"csrf": csrf, "semaines": "4", "reglage": "seuil", "niveau": "jaune", "personnes": "3"}
    for bad in ({"personnes": "1"}, {"personnes": "3; x"}, {"niveau": "gris"}, {"reglage": "tout"}, {"semaines": "99"},
                {"reglage": "sujet", "sujet": "rien", "sensibilite": "forte"}, {"reglage": "absent", "absent": "x", "remplacant": ""},
                {"reglage": "calme", "de": "25:00", "a": "07:00"}, {"reglage": "source", "source": "../x", "silence": "2"}):
        ok(dircom.post(PATH, {**good, **bad}).status == 400, f"refused: {bad}")
    ok(dircom.post(PATH, {**good, "csrf": "0" * 64}).status == 403, "and a forged form")
    ok(cabinet.get(PATH).status == 403 and PATH not in cabinet.get("/situation").body, "the cabinet has no such page")
    ok(PATH in dircom.get("/situation").body, "the dir'com comes there from the situation")


def one_at_a_time(ok, desk, dircom, dgs):
    """A second one is refused while the first is under way, and it can be stopped."""
    form = {"csrf": dircom.get(PATH).csrf, "semaines": "8", "reglage": "seuil", "niveau": "jaune", "personnes": "3"}
    ok(dircom.post(PATH, form).status == 303 and "data-suivi" in dircom.get(PATH).body, "under way, it says how far")
    page = dircom.post(PATH, form, follow=True)
    ok("déjà en cours" in page.parsed.text or "data-suivi" not in page.body, "a second one waits for the first", page.body)
    ok("data-suivi" not in dgs.get(PATH).body, "it is nobody else's")
    ok(dircom.post(PATH + "/arreter", {"csrf": form["csrf"]}).status == 303, "and it is stopped")
    page = desk.wait_for(lambda: (p := dircom.get(PATH)) and "data-suivi" not in p.body and p, 60, "its end")
    ok("Arrêté" in page.parsed.text or "Pour l'adopter" in page.parsed.text, "the page says so", page.body)


def scenario(ok):
    before = left_behind()
    with Desk("  - {id: site, kind: jsonl, path: site.jsonl, follow: yes}\n", policy=PLAN, rules=RULES, extra="trend: {emergent: 0}\n") as desk:
        desk.comments("site.jsonl", weeks())
        desk.start()
        desk.wait_for(lambda: desk.committed() == len(weeks()), 20, "everything")
        desk.wait_for(lambda: [i for i in desk.json("incidents", "--all") if i["topic"] == "eau"], 20, "the alarm that rang")
        dircom, cabinet, dgs = (desk.person(*who) for who in (("roche", "dircom"), ("roy", "cabinet"), ("lambin", "dgs")))
        refusals(ok, desk, dircom, cabinet)
        was = contents(desk)
        settings(ok, desk, dircom)
        one_at_a_time(ok, desk, dircom, dgs)
        ok(contents(desk) == was, "nothing of the town was changed by it", (was, contents(desk)))
        ok(desk.stop() == 0, "the town stops", desk.log())
        ours = lambda: set(left_behind()) - set(before)
        ok(desk.process.poll() is not None and wait_gone(ours), "and no citizen's word is left in a temporary folder", ours())


def wait_gone(ours):
    """Others replay on this machine too: theirs go as well."""
    end = time.monotonic() + 60
    while ours() and time.monotonic() < end:
        time.sleep(0.1)
    return not ours()


if __name__ == "__main__":
    main(scenario)
