"""What stands around a comment on its page: the post, what it answers, its neighbours in the thread with what was decided, the
same account's other comments; on a card, the first words of what is answered. Never for the cabinet, nor for a service."""
import html
import re

from desk import Desk, seq_of
from mailboxes import MailServer
from town import RULES, comment, main

SOURCES = """\
  - {id: site, title: Site de la ville, kind: jsonl, path: site.jsonl, follow: yes}
  - {id: page, title: Page de la ville, kind: jsonl, path: page.jsonl, follow: yes}
"""
LONG = "La cantine ferme lundi : " + "les repas froids seront servis à tous, " * 8


def said(number, text, author, minute, thread="p1", **more):
    return comment(number, text, author, minute, thread=thread, **more)


SITE = [comment("p1", LONG, "ville", 1), said(1, "Encore fermée ?", "lise", 2, parent="p1"),
        said(2, "Quel abruti a décidé ça", "marc", 3, parent="1"), comment("p2", "Un bal samedi", "ville", 4),
        said(3, "Voir p1 plus haut", "lise", 5, thread="p2")]
SITE += [said(10 + k, f"Suite {k}", f"w{k}", 6 + k) for k in range(14)]


def section(page, name):
    """A section's text, from its heading to its end."""
    found = re.search(rf"<section class=\"around\"[^>]*><h2>{name}.*?</section>", page.body, re.S)
    return found[0] if found else ""


def links(text):
    return [int(n) for n in re.findall(r'href="/moderation/(\d+)"', text)]


def thread(ok, desk, anne):
    insult, post, first = (seq_of(desk, t) for t in ("Quel abruti", "La cantine ferme", "Encore fermée"))
    shown = section(anne.get(f"/moderation/{insult}"), "Le fil")
    ok("Le message de départ" in shown and links(shown)[0] == post and "repas froids" in shown and " …</a>" in shown,
       "the post, cut at a word", shown)
    ok(links(shown)[1] == first and shown.index("En réponse à") < shown.index("Encore fermée"), "what it answers", shown)
    near = links(shown)[2:]
    ok(near[:2] == [post, first] and len(near) == 7, "its neighbours, five on each side at most", near)
    ok("Un bal" not in shown and "Voir p1" not in shown and "Ailleurs" not in shown, "none of another thread or source", shown)
    ok('aria-current="true"><strong>Ce commentaire' in shown, "where it stands itself", shown)
    ok(anne.get(f"/moderation/{near[-1]}").status == 200, "each has its page")
    return insult, near


def paging(ok, anne, insult, near):
    seen, page = set(near), section(anne.get(f"/moderation/{insult}"), "Le fil")
    for _ in range(6):
        further = re.search(r'href="(/moderation/\d+\?fil=\d+)#fil">Plus bas', page)
        if not further:
            break
        page = section(anne.get(further[1]), "Le fil")
        seen |= set(links(page))
    ok(len(seen) == 16, "page by page the whole thread is read", sorted(seen))
    ok("Plus haut dans le fil" in page and "Plus bas" not in page, "and back", page)
    for odd in ("x", "0", "-1", "9223372036854775807", "99999999999999999999", "7&fil=8"):
        ok(anne.get(f"/moderation/{insult}?fil={odd}").status == 200, f"an odd place: {odd}")


def decided(ok, desk, anne, insult):
    page = anne.get(f"/moderation/{insult}")
    form = page.form(f"/moderation/{insult}/decider")
    first = seq_of(desk, "Encore fermée")
    ok("attend un regard" in section(anne.get(f"/moderation/{first}"), "Le fil"), "a neighbour waits")
    ok(anne.post(f"/moderation/{insult}/decider", {**form, "decision": "laisser", "motif": ""}).status == 303, "decided")
    shown = section(anne.get(f"/moderation/{first}"), "Le fil")
    ok("Laisser en ligne" in shown and "attend un regard" not in shown, "what was decided stands beside it", shown)


def account(ok, desk, anne):
    first, insult = seq_of(desk, "Encore fermée"), seq_of(desk, "Encore un abruti")
    shown = section(anne.get(f"/moderation/{first}"), "Le même compte")
    ok("4 commentaires en 30 jours, dont 1 signalé par tocsin." in shown, "how many, how many flagged", shown)
    ok(links(shown) == [insult, seq_of(desk, "Autre jour"), seq_of(desk, "Voir p1")], "the others, the newest first", shown)
    ok("Vieux" not in shown and "Ailleurs" not in shown, "none of before, nor of another account of that name", shown)
    name = re.search(r"Le même compte \(([0-9a-f]{8})\)", shown)
    other = section(anne.get(f"/moderation/{insult}"), "Le même compte")
    ok(name and name[1] in other, "a pseudonym, the same each time", other)


def others(ok, desk, first):
    cabinet, help_ = desk.person("carl", "cabinet"), desk.person("sam", "service", services="cantine")
    ok(cabinet.get(f"/moderation/{first}").status == 403, "not for the cabinet")
    ok(help_.get(f"/moderation/{first}").status == 403, "nor for a service")
    dircom = desk.person("dora", "dircom", lang="en").get(f"/moderation/{first}").body
    ok("The thread" in dircom and "The same account" in dircom, "in English", dircom)


def mails(ok):
    """A mail's thread is what its first one is called in its headers: no id, but its neighbours bear it."""
    with MailServer() as box:
        source = (f"  - {{id: boite, kind: imap, url: 'imap://127.0.0.1:{box.port}', user: contact, password_file: secret, "
                  f"every: 1 s, allow_internal: ['127.0.0.1:{box.port}']}}\n")
        with Desk(source, rules=RULES, extra="score: {workers: 1}\n", clock="wall") as desk:
            desk.write("secret", "secret\n")
            box.add("La benne est pleine, quel abruti la vide")
            box.add("Elle l'est toujours, abruti", more="References: <1@valmont.example>\r\nIn-Reply-To: <1@valmont.example>\r\n")
            desk.start()
            anne = desk.person("anne", "moderation")
            desk.wait_for(lambda: "Elle l'est toujours" in html.unescape(anne.get("/moderation").body), 30, "both mails")
            first, answer = seq_of(desk, "La benne est pleine"), seq_of(desk, "Elle l'est toujours")
            shown = section(anne.get(f"/moderation/{answer}"), "Le fil")
            ok("Le message de départ" not in shown and "ne l'a pas" not in html.unescape(shown), "no mail is sought by its thread", shown)
            ok("En réponse à" in shown and links(shown) == [first, first], "what it answers is there, and before it", shown)


def scenario(ok):
    with Desk(SOURCES, rules=RULES, extra="score: {workers: 1}\n") as desk:  # in their order
        desk.comments("page.jsonl", [said(1, "Ailleurs, le même fil", "lise", 0)])
        desk.comments("site.jsonl", [{**comment("v", "Vieux billet", "lise", 0), "created_at": "2026-09-20T08:00:00Z"},
                                     comment("b", "Sous un billet", "yann", 0, thread="https://ville.example/billet")])
        desk.start()
        anne = desk.person("anne", "moderation")
        count = lambda: len(re.findall(r"<article", anne.get("/commentaires").body))
        desk.wait_for(lambda: count() == 3, 20, "what came first")
        desk.comments("site.jsonl", SITE, mode="a")
        desk.wait_for(lambda: "Suite 13" in anne.get("/commentaires").body, 20, "the thread")
        desk.comments("site.jsonl", [said(40, "Autre jour", "lise", 1500, thread="p9"),
                                     said(41, "Encore un abruti", "lise", 1510, thread="p9", parent="40")], mode="a")
        desk.wait_for(lambda: "Encore un " in anne.get("/moderation").body, 20, "the last one")
        queue = anne.get("/moderation").body
        ok("En réponse à : « <bdi>Encore fermée ?</bdi> »" in queue, "a card says what is answered", queue)
        billet = section(anne.get(f"/moderation/{seq_of(desk, 'Sous un billet')}"), "Le fil")
        ok('href="https://ville.example/billet"' in billet, "an article is no comment, and has its address", billet)
        insult, near = thread(ok, desk, anne)
        paging(ok, anne, insult, near)
        decided(ok, desk, anne, insult)
        account(ok, desk, anne)
        others(ok, desk, seq_of(desk, "Encore fermée"))
        ok(desk.stop() == 0, "the town stops")
    mails(ok)


main(scenario)
