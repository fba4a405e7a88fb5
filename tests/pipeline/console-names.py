"""Names as people read them: an author's that mixes alphabets is marked wherever it stands; a service that only the rules name is no
word for the public, nor is a topic's id."""
import html
import re

from desk import Desk, seq_of
from town import RULES, asked_topic, comment, main

SOURCE = "  - {id: site, title: Site de la ville, kind: jsonl, path: site.jsonl, follow: yes}\n"
FALSE = "\u041cairie de Valmont"  # its first letter is Cyrillic
MARK = "alphabets mêlés"


def card(page, seq):
    return next(a for a in page.body.split("<article")[1:] if f'id="c{seq}"' in a)


def area(page):
    """What stands in the text for the public."""
    found = re.search(r'<textarea id="texte"[^>]*>\n(.*?)</textarea>', page.body, re.S)
    return found and html.unescape(found[1])


def authors(ok, desk, anne):
    false, true, two, handle, said = (seq_of(desk, t) for t in ("Quel abruti un", "Quel abruti deux", "Quel abruti trois", "Quel abruti quatre",
                                                               "Rien de grave"))
    page = anne.get("/moderation")
    ok(FALSE in card(page, false) and MARK in card(page, false) and 'title="Un mot de ce nom' in card(page, false),
       "a name with a Cyrillic letter among Latin ones is marked", card(page, false))
    ok(MARK not in card(page, true) and MARK not in card(page, two), "Мария, Юлия Dupont and 田中 カ are people", card(page, two))
    ok(MARK in card(page, handle), "an account without a name too", card(page, handle))
    around = anne.get(f"/moderation/{true}").body.split('<section class="around"')[1]
    line = next(x for x in around.split("<li") if f'/moderation/{said}"' in x)
    ok(MARK in line and FALSE in line, "in the thread as well", line)
    ok("mixed alphabets" in desk.again("anne", "en").get("/moderation").body, "in English")


def services(ok, desk, anne):
    seq = seq_of(desk, "trottoir")
    page = anne.get(f"/moderation/{seq}/attente")
    text = area(page)
    ok(text and "voirie_nord" not in text and "service concerné" in text, "the public reads no id of a service", text)
    ok('<option value="voirie_nord" selected>' in page.body, "the teams see whom the rules name", page.body)
    text = area(anne.get(f"/moderation/{seq}/attente?service=inventee"))
    ok(text and "inventee" not in text and "service concerné" in text, "nor what an address says", text)
    text = area(anne.get(f"/moderation/{seq}/attente?service=education"))
    ok(text and "Service des écoles" in text and "education" not in text, "a service is called by its name", text)


def scenario(ok):
    topic = asked_topic("trottoir", "    service: voirie_nord\n")
    with Desk(SOURCE, rules=RULES + topic, extra="services:\n  - {id: education, nom: Service des écoles}\n") as desk:
        desk.comments("site.jsonl", [
            comment(1, "Quel abruti un", "m1", 1, author_name=FALSE, thread="p"),
            comment(2, "Quel abruti deux", "m2", 2, author_name="Мария", thread="p"),
            comment(3, "Quel abruti trois", "юлия_d", 3, author_name="Юлия Dupont, 田中 カ", thread="p"),
            comment(4, "Quel abruti quatre", "m\u0430irie", 4),
            comment(5, "Rien de grave", "m5", 5, author_name=FALSE, thread="p"),
            comment(6, "Le trottoir est fermé ?", "m6", 6)])
        desk.start()
        anne = desk.person("anne", "moderation")
        desk.wait_for(lambda: desk.committed() == 6, 30, "everything")
        authors(ok, desk, anne)
        services(ok, desk, anne)
        ok(desk.stop() == 0, "the town stops", desk.log())


main(scenario)
