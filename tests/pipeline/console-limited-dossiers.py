"""Dossiers before who sees some sources only: those whose pieces all are of his sources, and whose pieces always were; a jurist of
these conducts them, a moderator opens them; the others are not there, whatever is sent."""
from desk import database
from limited import ASKED, FOREIGN, OWN, limited, texts, town
from town import main

HIDDEN = ("foreign", "mixed", "mended") # whose numbers are those of `made`
NONE = 999999


def opened(person, seq, title, note=""):
    page = person.get(f"/moderation/{seq}/dossier")
    page = person.post(f"/moderation/{seq}/dossier", {"csrf": page.csrf, "objet": title, "but": "plainte", "victime": "agent", "note": note})
    return int(page.headers["Location"].rsplit("/", 1)[1]) if page.status == 303 else page


def put_in(person, seq, dossier):
    return person.post(f"/moderation/{seq}/dossier", {"csrf": person.get(f"/moderation/{seq}/dossier").csrf, "dans": str(dossier)})


def everything(desk):
    return [database(desk, f"SELECT * FROM {table} ORDER BY 1, 2, 3") for table in ("dossier", "dossier_piece", "dossier_entry")]


def dossiers(desk, anne, ids):
    made = {"own": opened(anne, ids["own"], "affaire du site", "une note"), "foreign": opened(anne, ids["threat"], FOREIGN, ASKED),
            "mixed": opened(anne, ids["own"], f"mêlé {FOREIGN}"), "mended": opened(anne, ids["insult"], f"défait {FOREIGN}")}
    put_in(anne, ids["threat"], made["mixed"])
    put_in(anne, ids["own"], made["mended"])
    page = anne.post(f"/dossiers/{made['mended']}/retirer", {"csrf": anne.get("/dossiers").csrf, "piece": ids["insult"], "motif": f"erreur {FOREIGN}"})
    if page.status != 303:
        raise RuntimeError(page.body)
    return made


def there(ok, anne, jo, lea, made, ids):
    ok(jo.get("/").headers["Location"] == "/dossiers", "a jurist of one source comes to its dossiers")
    for name, person in (("jurist", jo), ("moderator", lea)):
        page = person.get("/dossiers")
        ok(f'href="/dossiers/{made["own"]}"' in page.body and not any(f'/dossiers/{made[h]}"' in page.body for h in HIDDEN) and not texts(page),
           f"a {name} has the one whose pieces are his", page.body)
        ok("toutes les pièces viennent des sources que vous voyez" in page.parsed.text, "and is told so")
        page = person.get(f"/dossiers/{made['own']}")
        ok(page.status == 200 and OWN in page.body and "une note" in page.body and "Maillon de preuve" in page.body and not texts(page), "whole: text, note, proof", page.body)
        ok([person.get(f"/dossiers/{made[h]}").status for h in HIDDEN] == [404] * 3, "the others are not there")
    ok(all(texts(anne.get(f"/dossiers/{made[h]}")) for h in HIDDEN), "where who sees the town reads them")
    ok("/regles" not in jo.get("/dossiers").body and jo.get("/regles").status == 403, "rules count hits of the whole town: not for him")
    page = lea.get(f"/moderation/{ids['own']}")
    ok(f'href="/dossiers/{made["own"]}"' in page.body and not any(f'/dossiers/{made[h]}"' in page.body for h in HIDDEN), "the comment says that one alone", page.body)


def conducted(ok, desk, jo, made, ids):
    path, csrf = f"/dossiers/{made['own']}", jo.get("/dossiers").csrf
    page = jo.post(path + "/noter", {"csrf": csrf, "texte": "reçu au commissariat"}, follow=True)
    ok(page.status == 200 and "reçu au commissariat" in page.parsed.text, "he writes in its log", page.body)
    page = jo.post(path + "/envoi", {"csrf": csrf, "but": "plainte", "quand": "", "texte": "n° 12"}, follow=True)
    ok(page.status == 200 and "n° 12" in page.parsed.text, "and what was sent")
    ok("archive de preuves porte la chaîne de toute la ville" in page.parsed.text and page.form(path + "/exporter") is None, "the archive is the town's, which is said")
    before = everything(desk)
    answers = {}
    for dossier in [made[h] for h in HIDDEN] + [NONE]:
        answers[dossier] = [jo.post(f"/dossiers/{dossier}/{verb}", {"csrf": csrf, **fields}) for verb, fields in (
            ("noter", {"texte": "x"}), ("envoi", {"but": "plainte", "quand": "", "texte": "x"}), ("retirer", {"piece": ids["own"], "motif": "x"}), ("lever", {"motif": "x"}))]
    ok(all(p.status == 404 and p.body == answers[NONE][i].body for pages in answers.values() for i, p in enumerate(pages)), "what is not his is as what there is not")
    pieces = [jo.post(path + "/retirer", {"csrf": csrf, "piece": n, "motif": "x"}) for n in (ids["threat"], NONE)]
    ok([p.status for p in pieces] == [404, 404] and pieces[0].body == pieces[1].body, "nor is a piece of another source", [p.status for p in pieces])
    ok(jo.post(path + "/exporter", {"csrf": csrf, "motif": "x"}).status == 403, "nor does the archive come")
    ok(everything(desk) == before, "nothing was changed by that")


def begun(ok, desk, anne, jo, lea, made, ids):
    page = lea.get(f"/moderation/{ids['plain']}/dossier")
    ok(page.status == 200 and f'value="{made["own"]}"' in page.body and not any(f'<option value="{made[h]}"' in page.body for h in HIDDEN) and not texts(page),
       "a moderator is offered the one that is his", page.body)
    before = everything(desk)
    pages = [put_in(lea, ids["plain"], n) for n in [made[h] for h in HIDDEN] + [NONE]]
    ok(all(p.status == 404 and p.body == pages[-1].body for p in pages) and everything(desk) == before, "and puts nothing into another", [p.status for p in pages])
    ok(put_in(lea, ids["plain"], made["own"]).status == 303 and "rien de tel" in jo.get(f"/dossiers/{made['own']}").body, "into that he does")
    new = opened(lea, ids["plain"], "affaire de lea")
    ok(isinstance(new, int) and jo.get(f"/dossiers/{new}").status == 200 and anne.get(f"/dossiers/{new}").status == 200, "or into one of his own", new)
    page = jo.post(f"/dossiers/{new}/lever", {"csrf": jo.get("/dossiers").csrf, "motif": "jugé"}, follow=True)
    ok(page.status == 200 and "Retenue levée" in page.parsed.text, "whose hold the jurist ends", page.body)


def scenario(ok):
    with town() as (desk, anne, ids):
        jo, lea = limited(desk, "jo", "juriste"), limited(desk, "lea", "moderation")
        page = jo.get("/dossiers")
        ok(page.status == 200 and "Aucun dossier n'est ouvert" in page.parsed.text, "none yet")
        made = dossiers(desk, anne, ids)
        there(ok, anne, jo, lea, made, ids)
        conducted(ok, desk, jo, made, ids)
        begun(ok, desk, anne, jo, lea, made, ids)
        ok(limited(desk, "ida", "moderation,juriste", "site,forum").get(f"/dossiers/{made['mixed']}").status == 200, "who sees both sources has those of both")
        put_in(anne, ids["threat"], made["own"])
        ok(jo.get(f"/dossiers/{made['own']}").status == 404 and not texts(jo.get("/dossiers")), "with a piece of another source it is gone")
        ok(desk.stop() == 0, "the town stops", desk.log())


main(scenario)
