#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two hands on the same rules: the folder of the configuration, and what is published in the console. Neither undoes the other
without a word: a pack goes by who changed it, and where both did, what is in force stays and that is said until it is settled."""
import os
import shutil
import signal
import sqlite3

from desk import Desk
from town import main

SOURCE = "  - {id: site, kind: jsonl, path: site.jsonl, follow: yes}\n"


def pack(name, *words):
    return f"""\
tocsin: 1
pack: {name}
owner: moderation@ville.example
rules:
  - {{id: {name}.a, title: {name.capitalize()}, status: live, category: injure_publique, priority: P3, score: 6, when: {{words: [{", ".join(words)}]}}, tests: {{match: [{words[0]}]}}}}
"""


class Shared(Desk):
    def active(self):
        return self.json("status")[0]["bundle"]

    def in_force(self, name):
        """The text of a pack, or None."""
        path = self.path("state", "bundles", self.active(), name + ".yaml")
        return open(path, encoding="utf-8").read() if os.path.exists(path) else None

    def published(self, person, name, text):
        path = "/regles/modifier/" + name
        fields = person.get(path).form(path)
        page = person.post(path, {**fields, "texte": text, "faire": "publier", "motif": "il le faut"})
        self.wait_for(lambda: self.in_force(name) == text, 20, f"{name} in force ({page.status})")

    def reload(self, what, name):
        self.process.send_signal(signal.SIGHUP)
        self.wait_for(what, 20, name)

    def takes(self, name, text):
        """The folder gets a pack, and is read again until it is in force."""
        self.write(f"rules/{name}.yaml", text)
        self.reload(lambda: self.in_force(name) == text, f"the folder's {name}")


def one_hand_each(ok, desk, rosa):
    desk.published(rosa, "essai", pack("essai", "abruti", "goujat"))
    desk.published(rosa, "console", pack("console", "malappris"))
    before = desk.in_force("essai")
    desk.takes("autre", pack("autre", "butor", "mufle"))
    ok(desk.in_force("essai") == before and "goujat" in before, "what the console changed stays", desk.in_force("essai"))
    ok(desk.in_force("console"), "and what it added")
    last = desk.json("rules", "log")[0]
    ok(last["who"] == "tocsin run" and "restent, publiés ailleurs : console, essai" in last["reason"], "the history says so", last)
    ok("qui restent : console, essai" in desk.log(), "the log too", desk.log())
    ok(desk.json("status")[0]["disputed_packs"] == "", "nobody is in anybody's way")


def both_hands(ok, desk, rosa):
    ours = desk.in_force("essai")
    desk.write("rules/essai.yaml", pack("essai", "abruti", "malotru"))
    desk.takes("autre", pack("autre", "butor", "mufle", "rustre"))
    ok(desk.in_force("essai") == ours, "where both changed it, what is in force stays", desk.in_force("essai"))
    status = desk.run("status")[1]
    ok("celles en vigueur restent : essai." in status and "rules pull" in status, "status says which, and what to do", status)
    ok(desk.json("status")[0]["disputed_packs"] == "essai", "machines too")
    ok("celles en vigueur restent : essai." in desk.log(), "and the log", desk.log())
    page = rosa.get("/regles").parsed.text
    ok("aussi dans la console : essai." in page and "rules pull" in page, "and the page", page)
    last = desk.json("rules", "log")[0]["reason"]
    ok("changés des deux côtés, restent comme en vigueur : essai" in last, "and the history", last)
    desk.takes("autre", pack("autre", "butor"))
    ok(desk.in_force("essai") == ours and desk.json("status")[0]["disputed_packs"] == "essai", "as long as nobody has settled it")
    desk.stop()
    said = desk.log().count("celles en vigueur restent : essai.")
    desk.start()
    ok(desk.in_force("essai") == ours and desk.log().count("celles en vigueur restent : essai.") == said + 1, "a start says it again", desk.log())


def settled(ok, desk, rosa):
    ours, added = desk.in_force("essai"), desk.in_force("console")
    code, _, err = desk.run("rules", "pull", desk.path("rules"), "--force")
    ok(code == 0 and desk.json("status")[0]["disputed_packs"] == "", "a pull settles it", err)
    ok("aussi dans la console" not in rosa.get("/regles").parsed.text, "on the page as well")
    desk.published(rosa, "essai", pack("essai", "abruti", "goujat", "faquin"))
    desk.takes("autre", pack("autre", "butor", "sot"))
    ok("faquin" in desk.in_force("essai") and desk.json("status")[0]["disputed_packs"] == "",
       "who went on from what was pulled is in nobody's way", desk.run("status")[1])
    os.remove(desk.path("rules", "autre.yaml"))
    desk.reload(lambda: desk.in_force("autre") is None, "a pack less")
    ok(desk.in_force("essai") != ours and desk.in_force("console") == added, "what the folder gives up goes, nothing else")


def without_base(ok, desk):
    """As a town that never wrote down what its folder said."""
    desk.stop()
    kept = {name: desk.in_force(name) for name in ("essai", "console")}
    with sqlite3.connect(desk.path("state", "store.db")) as db:
        db.execute("DELETE FROM note WHERE key IN ('bundle_folder', 'bundle_disputed')")
    os.remove(desk.path("rules", "console.yaml"))
    desk.write("rules/neuf.yaml", pack("neuf", "paltoquet"))
    desk.start()
    desk.wait_for(lambda: desk.in_force("neuf"), 20, "the folder's new pack")
    ok({name: desk.in_force(name) for name in kept} == kept, "nothing goes when nobody knows who changed it")


def clash(ok, desk, rosa):
    """The folder brings a rule that the console has already: together they do not load."""
    before = desk.active()
    desk.write("rules/double.yaml", pack("neuf", "paltoquet").replace("pack: neuf", "pack: double"))
    shutil.copy(desk.path("rules", "double.yaml"), desk.path("double.yaml"))
    os.remove(desk.path("rules", "neuf.yaml"))
    desk.published(rosa, "neuf", pack("neuf", "paltoquet", "fat"))
    now = desk.active()
    desk.reload(lambda: "ne va pas avec ce qui a été publié ailleurs" in desk.log(), "the refusal")
    ok(desk.active() == now != before, "what does not go together is refused, and what is in force stays")


def pushed_town(ok, desk, rosa):
    """The same by hand: who pushes the configuration's folder takes nothing away that only the console has."""
    sign = ("--who", "paul", "--reason", "faquin compte")
    shutil.rmtree(desk.path("rules"))
    desk.run("rules", "pull", desk.path("rules"))
    code, _, err = desk.run("rules", "push", *sign)
    ok(code == 0, "the folder says what is in force", err)
    desk.published(rosa, "suite", pack("suite", "pleutre"))
    desk.published(rosa, "console", pack("console", "malappris", "pignouf"))
    kept = {name: desk.in_force(name) for name in ("suite", "console")}
    ours = pack("autre", "sagouin")
    desk.write("rules/autre.yaml", ours)
    code, out, err = desk.run("rules", "push", *sign)
    ok(code == 0 and desk.in_force("autre") == ours, "a push brings what the folder has changed", out + err)
    ok({name: desk.in_force(name) for name in kept} == kept, "and leaves what only the console has", out + err)
    ok("restent, publiés ailleurs : console, suite" in out, "which it says", out)
    last = desk.json("rules", "log")[0]
    ok(last["who"] == "paul" and last["reason"] == "faquin compte ; restent, publiés ailleurs : console, suite", "the history too", last)
    before = desk.active()
    code, out, err = desk.run("rules", "push", *sign)
    ok(code == 0 and desk.active() == before and desk.json("status")[0]["disputed_packs"] == "", "the same again is nothing new", out + err)
    desk.published(rosa, "autre", pack("autre", "sagouin", "goret"))
    before = desk.active()
    desk.write("rules/autre.yaml", pack("autre", "sagouin", "cuistre"))
    code, out, err = desk.run("rules", "push", *sign)
    ok(code == 1 and desk.active() == before and "aussi ailleurs : autre" in err and "rules pull" in err and "--force" in err,
       "where both have changed a pack, nothing is published, and the cure is said", err)
    code, out, err = desk.run("rules", "push", *sign, "--force")
    ok(code == 0 and "cuistre" in desk.in_force("autre") and not desk.in_force("suite") and "plus comme en vigueur : console, suite, autre" in err,
       "who insists publishes the folder as it is, and is told what goes", err)


def pulled(ok, desk, rosa):
    """What was changed in the folder after a pull was changed by nobody else."""
    desk.published(rosa, "autre", pack("autre", "sagouin", "gredin"))
    desk.run("rules", "pull", desk.path("rules"), "--force")
    desk.takes("autre", pack("autre", "sagouin", "gredin", "sacripant"))
    ok(desk.json("status")[0]["disputed_packs"] == "", "who goes on from a pull is in nobody's way")


def pushed_other(ok, desk, rosa):
    """Another folder, pulled before the console published."""
    sign = ("--who", "paul", "--reason", "le mien")
    desk.run("rules", "pull", desk.path("mien"))
    desk.write("mien/autre.yaml", pack("autre", "sagouin", "ladre"))
    desk.published(rosa, "suivi-7", pack("suivi", "tapageur"))
    before = desk.active()
    code, out, err = desk.run("rules", "push", desk.path("mien"), *sign)
    ok(code == 1 and desk.active() == before and "pas dans ce dossier : suivi-7" in err and "rules pull" in err,
       "another folder that lacks what is followed since is refused", err)
    code, out, err = desk.run("rules", "push", desk.path("mien"), *sign, "--over", before)
    ok(code == 0 and not desk.in_force("suivi-7"), "unless it says over what it is published", err)


def scenario(ok):
    with Shared(sources=SOURCE, rules=pack("essai", "abruti")) as desk:
        desk.comments("site.jsonl", [])
        desk.write("rules/autre.yaml", pack("autre", "butor"))
        desk.start()
        rosa = desk.person("rosa", "regles")
        one_hand_each(ok, desk, rosa)
        both_hands(ok, desk, rosa)
        rosa = desk.person("lise", "regles")
        settled(ok, desk, rosa)
        without_base(ok, desk)
        clash(ok, desk, desk.person("ines", "regles"))
        rosa = desk.person("emma", "regles")
        pushed_town(ok, desk, rosa)
        pulled(ok, desk, rosa)
        pushed_other(ok, desk, rosa)
        ok(desk.stop() == 0, "stops")


main(scenario)
