#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A rule or a topic that names a person needs a public mandate, a reason and a jurist's signature: from the command line, in the console
and from the folder. What is in force already stays so and is said, also by another tocsin; elected officials are protected all the
same."""
import os
import re
import signal
import sqlite3

from desk import Desk, database
from town import RULES, comment, main

SOURCE = "  - {id: site, kind: jsonl, path: site.jsonl, follow: yes}\n"
LEXICON = """\
tocsin: 1
paquet: lexique
partagé: oui
responsable: moderation@ville.example
listes:
  elus_noms: [Hautecloque, Lamourette]
personnes:
  brezolles: {noms: [Jeanne Brézolles, Brézolles], mandat: conseillère municipale}
"""
PROTECTED = """\
  - id: injure.elu
    title: Injure possible à une personne élue
    status: live
    category: injure_publique
    priority: P3
    score: 6
    when: {near: {within: 3 words, all: [{words: $elus_noms}, {words: [%s]}]}}
    tests: {match: ['Hautecloque, quel clown'], no_match: ['un clown au cirque']}
"""
TOPIC = """\
topics:
  - id: permanence
    title: La permanence
    status: live
    lane: reponse
    when: {words: [%s]}
%s    tests: {match: ['%s'], no_match: ['le stade']}
"""
SIGNED = "    nominatif: {motif: les rendez-vous de la permanence, juriste: %s, signé_le: 2024-05-02, sceau: %s}\n"
EDIT = "/regles/modifier/essai"


class Named(Desk):
    def active(self):
        return self.json("status")[0]["bundle"]

    def pack(self, words="$brezolles", more="", example="Jeanne Brézolles", clowns="clown"):
        self.write("rules/essai.yaml", RULES + PROTECTED % clowns + TOPIC % (words, more, example))

    def push(self, *more):
        return self.run("rules", "push", "--who", "rosa", "--reason", "permanence", *more)

    def seal(self):
        """What a check asks for."""
        return re.search(r"sceau: ([0-9a-f]{16})", self.run("rules", "check")[2]).group(1)

    def flags(self, number, text):
        n = len(self.json("queue"))
        self.comments("site.jsonl", [comment(number, text, f"a{number}", number)], "a")
        self.wait_for(lambda: len(self.json("queue")) == n + 1, 30, text)

    def ages(self):
        """Stopped, as another tocsin would have left it: the same packs under another hash."""
        old = "ab" * 31
        with sqlite3.connect(self.path("state", "store.db")) as db:
            active = db.execute("SELECT hex(value) FROM note WHERE key = 'bundle'").fetchone()[0].lower()
            folder = db.execute("SELECT value FROM note WHERE key = 'bundle_folder'").fetchone()[0]
            for hash_, name in {active: old + "01", folder: old + "02"}.items():
                if os.path.isdir(self.path("state", "bundles", hash_)):
                    os.rename(self.path("state", "bundles", hash_), self.path("state", "bundles", name))
            db.execute("UPDATE note SET value = ? WHERE key = 'bundle'", (bytes.fromhex(old + "01"),))
            db.execute("UPDATE note SET value = ? WHERE key = 'bundle_folder'", (old + "02",))


def unsigned(ok, desk):
    before = desk.active()
    desk.pack()
    code, _, err = desk.run("rules", "check")
    ok(code == 1 and "essai.yaml:30:5: erreur: « permanence » nomme Jeanne Brézolles, sans motif" in err and "sans juriste" in err,
       "check refuses a person without a reason and a signature, with the place", err)
    code, _, err = desk.push("--force")
    ok(code == 1 and "sans juriste qui signe" in err and desk.active() == before, "so does a push, forced or not", err)
    desk.pack("'Lamourette'", example="Lamourette")
    code, _, err = desk.push()
    ok(code == 1 and "Lamourette, sans mandat public déclaré" in err, "one of the elected officials by himself wants a mandate", err)
    desk.pack("$elus_noms", example="Lamourette")
    code, _, err = desk.push()
    ok(code == 1 and "nomme les élus, par leur nom" in err and desk.active() == before, "a topic follows none of them", err)
    desk.pack("maire, conseillère", example="la maire")
    code, _, err = desk.push()
    ok(code == 0, "a function is nobody, and a rule that protects them all alike needs no signature", err)


def signed(ok, desk):
    before = desk.active()
    desk.pack()
    seal = desk.seal()
    desk.pack(more=SIGNED % ("rosa", seal))
    code, out, err = desk.run("rules", "check")
    ok(code == 0 and "sans erreur" in out, "check accepts what is signed", err)
    code, _, err = desk.push("--juriste", "rosa")
    ok(code == 1 and "« rosa » n'est pas le compte d'un juriste" in err, "not by an author of rules", err)
    desk.pack(more=SIGNED % ("aubry", seal))
    for more in ((), ("--juriste", "rosa")):
        code, _, err = desk.push(*more)
        ok(code == 1 and "une signature nouvelle, que « aubry » ne publie pas" in err and desk.active() == before,
           "nor in somebody's name", err)
    code, _, err = desk.push("--juriste", "aubry")
    ok(code == 0 and desk.active() != before, "a jurist signs", err)
    rows = database(desk, "SELECT who, what FROM audit WHERE verb = 'sign'")
    ok(rows == [("aubry", desk.active()[:12] + " permanence")], "and that is written down", rows)
    desk.pack(more=SIGNED % ("aubry", seal), clowns="clown, guignol")
    code, _, err = desk.push()
    ok(code == 0, "what is signed already needs no jurist when something else changes", err)
    desk.pack("$brezolles, permanence", SIGNED % ("aubry", seal))
    code, _, err = desk.push("--juriste", "aubry")
    ok(code == 1 and "a changé depuis la signature" in err, "another condition is another signature", err)
    desk.pack(more=SIGNED % ("aubry", seal), clowns="clown, guignol")
    desk.write("rules/essai.yaml", open(desk.path("rules", "essai.yaml"), encoding="utf-8").read().replace("2024-05-02", "2099-05-02"))
    code, _, err = desk.push("--juriste", "aubry")
    ok(code == 1 and "datée de l'avenir" in err, "nobody signs tomorrow", err)
    desk.pack(clowns="clown, guignol")
    code, _, err = desk.push("--juriste", "aubry")
    ok(code == 1 and "sans juriste qui signe" in err, "and a signature is not taken off again", err)
    return seal


def said(ok, desk, seal, rosa):
    desk.pack(more=SIGNED % ("aubry", seal), clowns="clown, guignol")
    out = desk.run("rules", "explain", desk.path("rules"), "Où est Jeanne Brézolles ?")[1]
    ok("nomme Jeanne Brézolles, mandat : conseillère municipale" in out and "motif : les rendez-vous" in out
       and "signé par aubry le 2024-05-02" in out, "explain says whom, under which mandate, why, and who signed", out)
    out = desk.run("status")[1]
    ok("signature d'un juriste" not in out, "status has nothing to say of it", out)
    topic = next(r for r in desk.json("rules", "list") if r["rule"] == "permanence")
    ok(topic["nominative"]["jurist"] == "aubry" and topic["nominative"]["valid"]
       and topic["nominative"]["persons"] == [{"name": "Jeanne Brézolles", "mandate": "conseillère municipale"}], "list as well", topic)
    dpo = desk.person("dupe", "dpo")
    text = rosa.get("/regles/regle/permanence").parsed.text
    ok("Jeanne Brézolles (conseillère municipale)" in text and "aubry, le 2024-05-02" in text, "the rule's page as well", text)
    text = dpo.get("/conformite/modeles/sujets").parsed.text
    ok("Jeanne Brézolles (conseillère municipale)" in text and "aubry, le 2024-05-02" in text,
       "and the register of topics", text)


def in_the_console(ok, desk, rosa):
    before = desk.active()
    body = RULES + PROTECTED % "clown" + TOPIC % ("$brezolles, rendez-vous", "", "Jeanne Brézolles")

    def publish(who, text):
        return who.post(EDIT, {**who.get(EDIT).form(EDIT), "texte": text, "faire": "publier", "motif": "permanence"}, follow=True).parsed.text

    text = publish(rosa, body)
    ok("a changé depuis la signature" in text or "sans juriste qui signe" in text, "in the console it is refused with its reason", text)
    seal = re.search(r"sceau: ([0-9a-f]{16})", text).group(1)
    mine = RULES + PROTECTED % "clown" + TOPIC % ("$brezolles, rendez-vous", SIGNED % ("blanche", seal), "Jeanne Brézolles")
    ok("une signature nouvelle" in publish(rosa, mine) and desk.active() == before, "an author of rules does not sign for a jurist")
    blanche = desk.person("blanche", "regles,juriste")
    publish(blanche, mine)
    desk.wait_for(lambda: desk.active() != before, 30, "the publication of a jurist")
    rows = database(desk, "SELECT who FROM audit WHERE verb = 'sign' ORDER BY id")
    ok(rows[-1] == ("blanche",), "a jurist's own publication signs", rows)


def a_jurist_signs(ok, desk, aubry, rosa):
    """« Je signe »: an author publishes a draft, a jurist reads and signs it, and the author lets it be heard."""
    page, sign = "/regles/regle/permanence", "/regles/signer/permanence"
    block = "    nominatif:\n      motif: les rendez-vous\n"
    draft = TOPIC.replace("status: live", "status: brouillon")
    body = RULES + PROTECTED % "clown" + draft % ("$brezolles, guichet", block, "Jeanne Brézolles")
    desk.write("rules/essai.yaml", body)
    code, _, err = desk.push()
    ok(code == 1 and "changés dans le dossier et aussi ailleurs : essai" in err, "a push does not undo what the jurist has published", err)
    code, _, err = desk.push("--force")
    ok(code == 0, "a draft is published unsigned", err)
    before = desk.active()
    ok("Je signe" not in rosa.get(page).body and rosa.post(sign, {"sur": before, "csrf": rosa.get(page).csrf}).status in (403, 404),
       "an author of rules is not asked to sign, and cannot")
    form = aubry.get(page).form(sign)
    ok(form is not None and form["sur"] == before, "a jurist is", aubry.get(page).parsed.text)
    text = aubry.post(sign, form, follow=True).parsed.text
    ok("Signé : le journal le garde" in text and desk.active() != before, "it is published, and said", text)
    ok(aubry.get(page).form(sign) is None, "what is signed is not asked for again", aubry.get(page).parsed.text)
    desk.run("rules", "pull", desk.path("rules"), "--force")
    with open(desk.path("rules", "essai.yaml"), encoding="utf-8") as file:
        text = file.read()
    ok(re.search(r"nominatif:\n      juriste: aubry\n      signé_le: 20\d\d-\d\d-\d\d\n      sceau: '[0-9a-f]{16}'\n      motif: les", text),
       "who, when and what stand in the pack", text)
    desk.write("rules/essai.yaml", text.replace("brouillon", "active"))
    code, _, err = desk.push()
    ok(code == 0 and "avertissement" not in err, "then its author lets it be heard", err)
    rows = database(desk, "SELECT who, why FROM audit WHERE verb = 'sign' ORDER BY id")
    ok(rows[-1] == ("aubry", "signature de « permanence »"), "the signature is written down", rows)
    code, _, err = desk.run("rules", "sign", "injure.elu", "--juriste", "aubry")
    ok(code == 1 and "ne nomme personne" in err, "nothing to sign where nobody is named", err)
    code, _, err = desk.run("rules", "sign", "permanence", "--juriste", "rosa")
    ok(code == 1 and "« rosa » n'est pas le compte d'un juriste" in err, "nobody else signs", err)


def new_ones(ok):
    with Named(SOURCE) as desk:
        desk.write("rules/lexique.yaml", LEXICON)
        desk.start()
        desk.wait_for(desk.active, 30, "the first rules")
        aubry = desk.person("aubry", "juriste")
        rosa = desk.person("rosa", "regles")
        unsigned(ok, desk)
        seal = signed(ok, desk)
        said(ok, desk, seal, rosa)
        in_the_console(ok, desk, rosa)
        a_jurist_signs(ok, desk, aubry, rosa)
        ok(desk.stop() == 0, "the town stops", desk.log())


def upgraded(ok):
    """A town that named a person before anybody asked for a signature; in small letters, too."""
    with Named(SOURCE) as desk:
        desk.write("rules/lexique.yaml", LEXICON)
        desk.pack("lamourette", example="Lamourette")
        desk.comments("site.jsonl", [comment(1, "Bonjour", minute=1)])
        desk.start()
        desk.wait_for(desk.active, 30, "the first rules")
        old = desk.active()
        desk.stop()
        desk.ages()
        desk.start()
        desk.wait_for(lambda: desk.active() == old, 30, "the same rules under their new hash")
        desk.flags(2, "Hautecloque, quel clown")
        ok(True, "an upgrade takes nothing away: elected officials are protected as before")
        out = desk.run("status")[1]
        ok("nomment une personne sans mandat, motif ou signature d'un juriste : permanence" in out, "status says what wants a signature", out)
        rosa = desk.person("rosa", "regles")
        text = rosa.get("/regles").parsed.text
        ok("En vigueur, mais nomme une personne" in text and "permanence" in text, "and so does the console", text)
        desk.pack("lamourette", example="Lamourette", clowns="clown, guignol")
        code, _, err = desk.push()
        ok(code == 0 and "avertissement: « permanence » nomme Lamourette" in err, "something else is published, with a warning", err)
        desk.flags(3, "Lamourette, quel guignol")
        now = desk.active()
        desk.pack("lamourette, permanence", example="Lamourette", clowns="clown, guignol")
        code, _, err = desk.push()
        ok(code == 1 and "erreur: « permanence » nomme Lamourette" in err and desk.active() == now, "a change of it is refused", err)
        desk.process.send_signal(signal.SIGHUP)
        desk.wait_for(lambda: "les dernières bonnes restent" in desk.log(), 30, "SIGHUP: refused as well")
        ok(desk.active() == now, "the last good ones stay", desk.log())
        code, _, err = desk.run("rules", "rollback", old[:12], "--who", "x", "--reason", "y")
        ok(code == 0 and desk.active() == old, "going back to what was in force is possible", err)
        ok(desk.stop() == 0, "the town stops", desk.log())


def scenario(ok):
    new_ones(ok)
    upgraded(ok)


main(scenario)
