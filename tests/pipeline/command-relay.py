#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Without a relay mails stay in a folder and nobody hears of them: whoever looks whether people are reached is told so, plainly when
the configuration does not say that this is meant."""
import re

from desk import Desk
from town import main

SAID = "aucun relais de courriel (courriel, adresse) : les messages restent dans"


def without(ok, desk, written):
    desk.write("tocsin.yaml", written.replace("mail: {folder: outbox}\n", ""))
    code, out, err = desk.run("policy", "check")
    ok(code == 1 and SAID in err and "atteint quelqu'un" not in out, "policy check: a problem", out + err)
    desk.start()
    ok(re.search("warning: " + re.escape(SAID), desk.log()), "a start warns", desk.log())
    out = desk.run("status")[1]
    ok(SAID in out and desk.json("status")[0]["mail_relay"] is False, "status says it", out)
    page = desk.person("carl", "dircom").get("/situation/appels")
    ok(SAID in page.parsed.text and page.has("p", class_="deaf") and "mail déposé, sans relais" in page.parsed.text and
       "par mail" not in page.parsed.text, "and who would be called", page.parsed.text)
    desk.stop()


def meant(ok, desk, written):
    desk.write("tocsin.yaml", written)
    code, out, err = desk.run("policy", "check")
    ok(code == 0 and SAID in err, "a folder that is written down is meant: said, no problem", out + err)
    before = desk.log().count("warning: " + SAID)
    said = desk.log().count(SAID)
    desk.start()
    ok(desk.log().count(SAID) == said + 1 and desk.log().count("warning: " + SAID) == before, "a start says it calmly", desk.log())
    ok(desk.stop() == 0, "stops")


def with_relay(ok, desk, written):
    desk.write("tocsin.yaml", written.replace("mail: {folder: outbox}", "mail: {url: 'smtp://127.0.0.1:9', from: t@v.example, tls: none}"))
    code, out, err = desk.run("policy", "check")
    ok(code == 0 and not err and "chaque niveau atteint quelqu'un" in out, "with a relay there is nothing to say", out + err)


def scenario(ok):
    with Desk() as desk:
        desk.comments("site.jsonl", [])
        written = open(desk.path("tocsin.yaml"), encoding="utf-8").read()
        with_relay(ok, desk, written)
        without(ok, desk, written)
        meant(ok, desk, written)


main(scenario)
