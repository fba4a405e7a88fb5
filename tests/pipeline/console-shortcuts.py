"""Shortcuts: each one's own, kept with the account; two acts never share a key; what was typed is not lost; all without a script."""

import html
import re

from desk import Desk, database
from town import RULES, comment, main

HEARD = "  - {id: site, title: Site, kind: jsonl, path: site.jsonl, follow: yes}\n"


def fields(page):
    """What the form would send as it stands."""
    inputs = [dict(re.findall(r'([\w-]+)(?:="([^"]*)")?', i)) for i in re.findall(r"<input ([^>]*)>", page.body)]
    return {i["name"]: html.unescape(i.get("value", "")) for i in inputs if i.get("type") != "checkbox" or "checked" in i}


def keep(person, follow=True, **typed):
    return person.post("/raccourcis", {**fields(person.get("/raccourcis")), **typed}, follow=follow)


def scenario(ok):
    with Desk(HEARD, rules=RULES) as desk:
        desk.comments("site.jsonl", [comment(1, "Quel abruti", "a1", 1)])
        desk.start()
        anne, bob, roy = desk.person("anne", "moderation"), desk.person("bob", "moderation"), desk.person("roy", "cabinet")
        desk.wait_for(lambda: desk.committed() == 1, 30, "the comment")
        page = anne.get("/moderation")
        ok('data-keys="jkod?"' in page.body and 'data-key="m"' in page.body and "<kbd>j</kbd>" in page.body, "the usual keys", page.body)
        form = fields(anne.get("/raccourcis"))
        ok(form["suivant"] == "j" and form["actifs"] == "1" and "alt" not in form, "… in the form", form)
        page = keep(anne, suivant="É", masquer="", alt="1")
        ok("Vos raccourcis sont enregistrés" in page.body, "changed", page.body)
        page = anne.get("/moderation")
        ok('data-alt data-keys="ékod?"' in page.body and 'data-key="m"' not in page.body and
           "<kbd>Alt</kbd> + <kbd>é</kbd>" in page.body, "they hold at once, in the help too", page.body)
        ok('data-keys="jkod?"' in bob.get("/moderation").body, "for nobody else")
        ok('data-alt data-keys="ékod?"' in desk.again("anne").get("/moderation").body, "but on another computer")
        for typed, said in (("^", "d&#39;une touche seule"), (" ", "d&#39;une touche seule"), ("漢", "d&#39;une touche seule"), ("ab", "plusieurs"),
                            ("k", "sert déjà à"), ("K", "sert déjà à"), ("\u202e", "d&#39;une touche seule"), ("<b>", "plusieurs")):
            page = keep(anne, suivant=typed, masquer="m")
            ok(page.status == 400 and said in page.body and "aria-invalid" in page.body and 'role="alert"' in page.body and "<b>" not in page.body,
               f"{typed!r} is refused with a word", page.body)
            ok(fields(page)["masquer"] == "m", "… and the rest is as it was typed")
        ok('data-alt data-keys="ékod?"' in anne.get("/moderation").body, "nothing of that is kept")
        csrf = anne.get("/raccourcis").csrf
        ok(anne.post("/raccourcis", {"csrf": csrf, "suivant": "j"}).status == 400 and
           anne.post("/raccourcis", {"csrf": csrf, "actifs": "1", **{n: "x" * 50 for n in form if n not in ("csrf", "actifs")}}).status == 400,
           "half a form, or one too long, changes nothing")
        off = {k: v for k, v in fields(anne.get("/raccourcis")).items() if k != "actifs"}
        anne.post("/raccourcis", off)
        page = anne.get("/moderation")
        ok("data-key" not in page.body and "(éteints)" in page.body and "/raccourcis" in page.body, "off: no key is left, the way back is", page.body)
        ok(fields(anne.get("/raccourcis"))["suivant"] == "é", "they are remembered")
        anne.post("/raccourcis", {"csrf": csrf, "origine": "1"})
        ok('data-keys="jkod?"' in anne.get("/moderation").body, "as tocsin comes")
        ok('data-keys="jkod?"' in roy.get("/situation").body and keep(roy, prendre="p").status == 200, "the cabinet has its own")
        ok("Keyboard shortcuts" in desk.again("anne", "en").get("/raccourcis").body, "in English")
        ok(database(desk, "SELECT name, shortcuts FROM account WHERE shortcuts <> '' ORDER BY name") == [("roy", "1-jkod?pxlmartvn")], "kept with the account")
        ok(desk.stop() == 0, "the town stops")


main(scenario)
