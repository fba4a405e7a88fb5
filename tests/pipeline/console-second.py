"""Second pair of eyes: what may be defamation, or is said of who was elected, is hidden by two people; urgencies by one."""
import os
import re
import signal

from desk import Desk, database, seq_of
from town import RULES, comment, main

SOURCES = "  - {id: site, title: Site de la ville, kind: jsonl, path: site.jsonl, follow: yes}\n"
MORE = """\
  - id: diffamation.fait
    title: Fait précis
    status: live
    category: diffamation
    priority: P3
    score: 6
    when: {words: [magouille]}
    tests: {match: ['quelle magouille'], no_match: ['quel beau temps']}
topics:
  - id: elus
    title: Parle d'une personne élue
    status: shadow
    when: {words: [maire]}
    tests: {match: ['le maire'], no_match: ['la marée']}
"""
HOSTILE = "<script>alert(1)</script>"


def decide(person, seq, page=None, **fields):
    page = page or person.get(f"/moderation/{seq}")
    hidden = page.form(f"/moderation/{seq}/decider") or {"csrf": page.csrf}
    return person.post(f"/moderation/{seq}/decider", {**hidden, "motif": "", **fields}, follow=True)


def two_of_them(ok, desk, anne, bob):
    seq = seq_of(desk, "Quelle magouille")
    page = anne.get(f"/moderation/{seq}")
    ok("masquer sera une proposition" in page.body, "it is said before that hiding will be a proposal", page.body)
    ok("Second regard : masquer se décide à deux" in anne.get("/moderation").body, "in the list too")
    ok(decide(anne, seq, page, decision="masquer").status == 400, "not without a reason")
    old = bob.get(f"/moderation/{seq}")
    done = decide(anne, seq, page, decision="masquer", motif="imputation " + HOSTILE)
    ok("rien n&#39;est fait avant" in done.body and f'id="c{seq}"' in done.body and done.form(f"/moderation/{seq}/annuler"),
       "proposed: it stays, and can be undone", done.body)
    ok('href="/moderation?suivi=second">1 attend un second regard' in done.body, "the list says how many wait", done.body)
    page = anne.get(f"/moderation/{seq}")
    ok("Une autre personne doit confirmer" in page.body and 'value="confirmer"' not in page.body and "Retirer ma proposition" in page.body and
       'value="masquer"' not in page.body, "who proposed it cannot confirm it", page.body)
    ok(decide(anne, seq, page, decision="confirmer").status == 409, "not by a forged form either")
    twice = anne.post(f"/moderation/{seq}/decider", {"csrf": page.csrf, "decision": "masquer", "motif": "imputation " + HOSTILE})
    ok(twice.status == 303 and len(database(desk, "SELECT 1 FROM second")) == 1, "a double click proposes once")
    ok(decide(bob, seq, old, decision="laisser").status == 409, "an older page decides nothing")
    page = bob.get(f"/moderation/{seq}")
    ok("propose de le masquer" in page.body and "imputation &lt;script&gt;" in page.body and 'value="confirmer"' in page.body and
       'value="laisser"' not in page.body, "another one sees who proposes what and why", page.body)
    ok("Masquer, proposé" in page.parsed.text, "in the history too")
    ok(decide(bob, seq, page, decision="refuser").status == 400, "a refusal wants a reason")
    done = decide(bob, seq, page, decision="confirmer")
    ok(f'id="c{seq}"' not in done.body and "Décision enregistrée" in done.body, "confirmed, it leaves", done.body)
    ok(decide(bob, seq, page, decision="confirmer").status == 200 and
       [d for (d,) in database(desk, "SELECT decision FROM decision ORDER BY id")] == ["proposer_masquer", "masquer"], "… once")
    undone = bob.post(f"/moderation/{seq}/annuler", {"csrf": page.csrf}, follow=True)
    ok(f'id="c{seq}"' in undone.body and len(database(desk, "SELECT 1 FROM second WHERE ended = 0")) == 1, "undone, it is proposed again")
    done = decide(bob, seq, decision="refuser", motif="débat permis")
    ok("attend toujours une décision" in done.body and f'id="c{seq}"' in done.body, "refused, it waits for a decision", done.body)
    page = anne.get(f"/moderation/{seq}")
    ok("débat permis" in page.body and "Proposition refusée" in page.body and 'value="masquer"' in page.body, "with why", page.body)
    done = decide(anne, seq, decision="masquer", motif="encore")
    done = decide(anne, seq, decision="refuser")
    ok(database(desk, "SELECT decision FROM decision ORDER BY id DESC LIMIT 1") == [("retirer",)] and
       "Proposition retirée" in anne.get(f"/moderation/{seq}").body, "one's own can be taken back", done.body)


def replies(ok, desk, anne, bob):
    seq = seq_of(desk, "Quelle magouille")
    page = anne.get(f"/moderation/{seq}/reponse")
    ok("ce texte sera une proposition" in page.parsed.text and "tocsin n'envoie rien" not in page.parsed.text, "a reply to it too: said before", page.body)
    fields = page.form(f"/moderation/{seq}/decider")
    done = anne.post(f"/moderation/{seq}/decider", {**fields, "texte": "C'est <b>inexact</b>."}, follow=True)
    ok("rien n'est fait avant" in done.parsed.text and database(desk, "SELECT count(*) FROM decision WHERE decision = 'repondre'") == [(0,)],
       "it is only proposed", done.body)
    page = bob.get(f"/moderation/{seq}")
    ok("propose d'y répondre en public" in page.parsed.text and "C'est <b>inexact</b>." in page.parsed.text and "<b>inexact" not in page.body,
       "another one reads the text", page.body)
    code, out, err = desk.run("decide", str(seq), "laisser", "--who", "eve", "--reason", "x")
    ok(code != 0 and "confirmez ou refusez" in out + err, "nobody decides past it", out + err)
    done = decide(bob, seq, page, decision="confirmer")
    ok("publiez le texte" in done.parsed.text and database(desk, "SELECT d.decision, d.who FROM answer a JOIN decision d ON d.id = a.id"
                                                         " ORDER BY d.id DESC LIMIT 1") == [("repondre", "bob")], "confirmed, it is the reply", done.body)


def whose(ok, desk, anne, bob):
    elected = seq_of(desk, "du maire")
    done = decide(anne, elected, decision="masquer", motif="injure")
    ok(f'id="c{elected}"' in done.body and database(desk, "SELECT row FROM second WHERE ended = 0") == [(elected,)],
       "what is said of who was elected too, by what the rules observe", done.body)
    member = seq_of(desk, "voisin abruti")
    ok("Second regard : masquer sera une proposition" in anne.get(f"/moderation/{member}").body,
       "by an account that the town has named: the page says that it takes two", anne.get(f"/moderation/{member}").body)
    done = decide(anne, member, decision="masquer", motif="injure")
    ok(f'id="c{member}"' in done.body and database(desk, "SELECT count(*) FROM second WHERE ended = 0 AND row = ?", member) == [(1,)],
       "… and it does", done.body)
    plain = seq_of(desk, "Quel abruti")
    done = decide(anne, plain, decision="masquer", motif="injure")
    ok(f'id="c{plain}"' not in done.body, "an ordinary insult takes one")
    threat = seq_of(desk, "on sait où tu habites")
    ok("Urgence : masquer n&#39;attend pas de second regard" in anne.get(f"/moderation/{threat}").body, "of an urgency it is said", anne.get(f"/moderation/{threat}").body)
    done = decide(anne, threat, decision="masquer", motif="menace")
    ok(f'id="c{threat}"' not in done.body and "tocsin ne masque rien lui-même" in done.body, "… that nothing holds it back")
    asked = seq_of(desk, "Encore un abruti")
    done = decide(anne, asked, decision="masquer", motif="faux", categorie="diffamation")
    ok(f'id="c{asked}"' in done.body, "what a human takes for defamation too")
    ok(bob.get(f"/moderation/{asked}").body.count('value="confirmer"') == 1, "… and another one confirms that")
    taken = bob.send(f"/moderation/{asked}/prendre", at=f"/moderation/{asked}", ici="1")
    ok(taken.status == 200 and 'value="confirmer"' in taken.body or "confirmer" in taken.body, "who has it may still confirm")


def account(ok, desk, anne):
    dpo = desk.person("dpo", "dpo")
    page = dpo.get("/conformite/journal?quoi=decisions")
    ok("second regard" in page.body and "débat permis" in page.body, "each step is in the account", page.body)
    code, out, err = desk.run("decide", str(seq_of(desk, "Et le maire")), "masquer", "--who", "dora", "--reason", "faux")
    ok(code == 0 and "proposition" in out + err, "the command line proposes too, and says so", out + err)
    code, out, err = desk.run("decide", str(seq_of(desk, "Et le maire")), "confirmer", "--who", "eve", "--reason", "vu")
    ok(code == 0 and database(desk, "SELECT decision, who FROM decision ORDER BY id DESC LIMIT 1") == [("masquer", "eve")],
       "… and confirms", out + err)


def alone(ok):
    with Desk(SOURCES, rules=RULES + MORE) as desk:
        desk.comments("site.jsonl", [comment(1, "Quelle magouille", "a", 1), comment(2, "Autre magouille", "b", 2)])
        desk.start()
        anne = desk.person("anne", "moderation")
        desk.wait_for(lambda: len(desk.json("queue")) == 2, 20, "the queue")
        seq = seq_of(desk, "Quelle magouille")
        page = decide(anne, seq, decision="masquer", motif="faux")
        ok("vous pourrez confirmer seul à partir de" in page.body, "who is alone is told when", page.body)
        ok(decide(anne, seq, decision="confirmer", motif="relu").status == 409, "not before")
        desk.person("dir", "dircom")
        page = anne.get(f"/moderation/{seq}")
        ok("Une autre personne doit confirmer : modération ou direction de la communication" in page.body, "somebody more: he confirms", page.body)
        desk.write("tocsin.yaml", open(desk.path("tocsin.yaml"), encoding="utf-8").read().replace(
            "listen: '127.0.0.1:0'", "listen: '127.0.0.1:0', second_regard: []"))
        os.kill(desk.pid("store"), signal.SIGHUP)
        other = seq_of(desk, "Autre magouille")
        csrf = anne.get("/moderation").csrf

        def hidden():
            """Asked until store has read it: each refusal of a double click is the same decision."""
            anne.post(f"/moderation/{other}/decider", {"csrf": csrf, "decision": "masquer", "motif": "faux"})
            return not database(desk, "SELECT 1 FROM queue WHERE row = ?", other)
        ok(desk.wait_for(hidden, 20, "the setting"), "switched off, one is enough")
        ok(desk.stop() == 0, "the town stops")


def scenario(ok):
    with Desk(SOURCES, rules=RULES + MORE,
              console="{listen: '127.0.0.1:0', second_regard: [diffamation, elus, site/j-marchal, site/b/c, autre/b]}") as desk:
        desk.comments("site.jsonl", [comment(1, "Quelle magouille", "a", 1), comment(2, "Quel abruti", "b", 2),
                                     comment(7, "Mon voisin abruti", "j-marchal", 7),
                                     comment(3, "Cet abruti du maire", "c", 3), comment(4, "on sait où tu habites, quelle vraie magouille", "d", 4),
                                     comment(5, "Encore un abruti", "e", 5), comment(6, "Et le maire, abruti", "f", 6)])
        desk.start()
        anne, bob = desk.person("anne", "moderation"), desk.person("bob", "dircom")
        desk.wait_for(lambda: len(desk.json("queue")) == 7, 20, "the queue")
        two_of_them(ok, desk, anne, bob)
        replies(ok, desk, anne, bob)
        whose(ok, desk, anne, bob)
        account(ok, desk, anne)
        english = desk.again("bob", "en")
        ok("second pair of eyes" in english.get("/moderation").body.lower(), "in English")
        ok(desk.stop() == 0, "the town stops", desk.log())
    alone(ok)


main(scenario)
