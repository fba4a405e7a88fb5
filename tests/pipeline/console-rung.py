#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A threat stands in the queue and rings an alarm: each leads to the other, and whoever decides on the comment is told that the
alarm is still open, and can take charge of it there."""
from desk import Desk, database, seq_of
from town import comment, main

SOURCE = "  - {id: site, kind: jsonl, path: site.jsonl, follow: yes}\n"
THREAT = "on sait où tu habites"


def decide(person, seq, category="menace"):
    return person.send(f"/moderation/{seq}/decider", at=f"/moderation/{seq}", decision="masquer", motif="charte", categorie=category)


def led(ok, desk, anne, cabinet, one, alarm):
    page = anne.get(f"/moderation/{one}")
    ok(page.has("a", href=f"/situation/{alarm}") and "Personne n'en est chargé." in page.parsed.text, "the comment leads to its alarm", page.body)
    ok(anne.get(f"/situation/{alarm}").has("a", href=f"/moderation/{one}"), "and the alarm to the comment")
    page = cabinet.get(f"/situation/{alarm}")
    ok(page.status == 200 and "/moderation/" not in page.body, "for who reads comments", page.body)


def scenario(ok):
    with Desk(sources=SOURCE) as desk:
        desk.comments("site.jsonl", [comment(1, THREAT + " toi", "a", 1), comment(2, THREAT + " encore", "a", 2),
                                     comment(3, "Quel abruti", "b", 3)])
        desk.start()
        anne, cabinet = desk.person("anne", "moderation"), desk.person("carl", "cabinet")
        desk.wait_for(lambda: len(desk.json("queue")) == 3, 30, "the queue")
        desk.wait_for(lambda: database(desk, "SELECT count(*) FROM entry WHERE kind = 0")[0][0] == 1, 20, "the alarm")
        first, second, insult = (seq_of(desk, text) for text in (" toi", " encore", "abruti"))
        alarm = desk.json("incidents")[0]["id"]
        led(ok, desk, anne, cabinet, first, alarm)
        take = f"/situation/{alarm}/prendre"
        page = decide(anne, first)
        ok(page.has("a", href=f"/moderation/{first}") and f"Commentaire n° {first}" in page.parsed.text, "which comment it was, and a way there", page.body)
        ok(page.form(take) is None and "Encore ouverte" not in page.parsed.text, "another one of the alarm waits", page.body)
        page = decide(anne, second)
        ok("Encore ouverte" in page.parsed.text and page.form(take) is not None and "Prendre en charge l'alerte" in page.parsed.text,
           "after the last one the alarm is offered", page.body)
        ok("Encore ouverte" not in anne.get("/moderation").parsed.text, "once")
        page = anne.post(take, page.form(take), follow=True)
        ok("Vous prenez en charge cette alerte." in page.parsed.text, "taken", page.body)
        page = anne.get(f"/moderation/{second}")
        ok("Prise en charge : anne" in " ".join(page.parsed.text.split()), "the comment says so", page.parsed.text)
        page = decide(anne, insult, "injure_publique")
        ok(f"Commentaire n° {insult}" in page.parsed.text and "Encore ouverte" not in page.parsed.text, "an insult has no alarm", page.body)
        ok("a fait sonner" not in anne.get(f"/moderation/{insult}").parsed.text, "nor a link to one")
        ok(desk.stop() == 0, "stops")


main(scenario)
