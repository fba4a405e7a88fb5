"""Whose data: a person knows the name that the network shows, a handle or the address of a comment; the account is a number. The DPO
picks among what is meant, sees nothing of a text before, and no slip becomes an answer."""
import re

from desk import Desk, database
from town import RULES, holding, main

SOURCE = "  - {id: bleu, title: Bluesky, kind: jsonl, path: bleu.jsonl, follow: yes}\n  - {id: site, kind: jsonl, path: site.jsonl, follow: yes}\n"
PAUL, OTHER = "did:plc:zq4kx7", "did:plc:aa11bb"
POST = f"https://bsky.app/profile/{PAUL}/post/3kabc"
SECRET = "tournesolade"
CROWD = 25


def bleu():
    return [{"id": "1", "author": PAUL, "author_name": "Paul Durand (@paul.bleu.example)", "text": f"bonjour {SECRET}", "url": POST},
            {"id": "2", "author": PAUL, "author_name": "Paul Durand (@paul.bleu.example)", "text": "encore moi"},
            {"id": "3", "author": OTHER, "author_name": "Paul Durand (@pd.example)", "text": f"un autre {SECRET}"},
            {"id": "4", "author_name": "Sans Compte", "text": "la source n'en dit pas plus"},
            {"id": "5", "author": "did:plc:old", "author_name": "Ancienne", "text": "très vieux", "created_at": "2026-01-02T10:00:00Z"}] + \
        [{"id": f"c{i}", "author": f"did:plc:c{i}", "author_name": "Foule", "text": "nous sommes là"} for i in range(CROWD)]


def ask(dpo, typed, source="bleu", motif="demande d'accès"):
    return dpo.send("/conformite/personne", "/conformite/personne", source=source, compte=typed, motif=motif)


def picks(page):
    """{account: fields of the form that picks it}"""
    return {f["fields"]["compte"]: f["fields"] for f in page.parsed.forms if f["action"] == "/conformite/personne" and "choisi" in f["fields"]}


def text(page):
    return " ".join(page.parsed.text.split())


def looks(desk):
    return database(desk, "SELECT what, why FROM audit WHERE verb = 'handle' ORDER BY id")


def found(ok, desk, dpo):
    for typed in ("Paul Durand", "paul durand", "@PAUL DURAND"):
        page = ask(dpo, typed)
        ok(page.status == 200 and list(sorted(picks(page))) == [OTHER, PAUL], f"« {typed} »: both of that name, apart", page.body)
        ok(SECRET not in page.body and "encore moi" not in page.body, "… and nothing of what they wrote")
    for typed in ("@paul.bleu.example", "Paul.bleu.example", POST, "bsky.app/profile/paul.bleu.example/post/3kabc", PAUL.upper()):
        page = ask(dpo, typed)
        ok(list(picks(page)) == [PAUL] and SECRET not in page.body, f"« {typed} » is one account", page.body)
    ok(re.search(rf"{PAUL} · Paul Durand \(@paul.bleu.example\) ?bleu · 2 textes · le dernier du \d\d/\d\d/\d{{4}} · trouvé par le nom du compte", text(page)),
       "with its name, source, how many texts, the day of the last, and how it was found", text(page))
    before = looks(desk)
    page = dpo.post("/conformite/personne", {**picks(page)[PAUL], "csrf": page.csrf})
    ok("2 textes sont gardés" in page.body and SECRET in page.body and "un autre " + SECRET not in page.body, "the one that is picked is shown", page.body)
    after = looks(desk)
    ok(len(after) == len(before) + 1 and after[-1][1] == "demande d'accès" and after[-1][0] != after[-2][0],
       "the pick is in the account of what was done, as a look at that account", after[-2:])
    ok(not [x for x in after if "Paul" in "".join(x) or PAUL in "".join(x)], "without a name", after)
    ok(list(picks(ask(dpo, f" {PAUL} "))) == [PAUL], "blanks around it do no harm")
    ok("2 textes sont gardés" in ask(dpo, PAUL).body, "whoever knows the account itself sees it at once")
    return page


def reasons(ok, page):
    """Of each right its own."""
    def reason(action):
        form = re.search(rf'<form[^>]*action="{action}".*?</form>', page.body, re.S).group(0)
        return re.search(r'name="motif"[^>]*value="([^"]*)"', form).group(1)
    ok(reason("/conformite/personne/exporter") == "demande d&#39;accès", "the copy goes with the access", reason("/conformite/personne/exporter"))
    ok(reason("/conformite/personne/effacer") == "" and reason("/conformite/personne/opposition") == "",
       "an erasure and an objection begin without a reason")


def nobody(ok, desk, dpo):
    page = ask(dpo, "Personne Du Tout")
    ok("Aucun texte n'est gardé" in page.parsed.text and "essayez aussi le nom affiché" in text(page), "who is nobody is nobody, and what to try", page.body)
    ok(page.form("/conformite/personne/effacer") is None and page.form("/conformite/personne/opposition"),
       "there is nothing to erase; an objection may come first")
    page = ask(dpo, "Sans Compte")
    ok("1 texte porte ce nom" in text(page) and not picks(page), "a text without an account is said", text(page))
    page = ask(dpo, "Foule")
    ok(len(picks(page)) == 20 and "Il y en a d'autres" in text(page), "many: as many as are listed, and that there are more", len(picks(page)))


def slips(ok, desk, dpo):
    page = dpo.get("/conformite/personne")
    ok(page.has("option", value="bleu") and page.has("option", value="site") and "Bluesky (bleu)" in page.parsed.text, "sources are picked", page.body)
    fields = {"csrf": page.csrf, "source": "sitee", "compte": PAUL, "motif": "x", "sur": "1", "decision": "noter"}
    before = looks(desk)
    for path in ("", "/exporter", "/effacer"):
        wrong = dpo.post("/conformite/personne" + path, fields)
        ok(wrong.status == 400 and "Cette source n'existe pas" in text(wrong), f"a source that is none: {path or 'access'} says so", wrong.body)
    wrong = dpo.post("/conformite/personne/opposition", fields, follow=True)
    ok(wrong.has("div", class_="told bad") and "Cette source n'existe pas" in text(wrong), "… and an objection")
    ok(not database(desk, "SELECT 1 FROM opposition") and not database(desk, "SELECT 1 FROM purge") and looks(desk) == before,
       "nothing was done, and no proof made")
    unsure = dpo.post("/conformite/personne/effacer", {**fields, "source": "bleu", "sur": ""})
    ok(unsure.status == 400 and "Cochez la case" in text(unsure), "not erased without being sure", unsure.body)


def gone(ok, desk, dpo):
    """The text has gone with its time; what is left of it goes with an erasure, and then nothing is there to erase."""
    code, out, err = desk.run("purge", "--who", "dpo", "--reason", "durées", timeout=90)
    ok(code == 0, "a purge", out + err)
    page = ask(dpo, "did:plc:old", motif="effacement")
    form = page.form("/conformite/personne/effacer")
    ok("1 texte est déjà parti" in text(page) and form, "what is left of a text that is gone", text(page))
    dpo.post("/conformite/personne/effacer", {**form, "motif": "effacement", "sur": "1"}, follow=True)
    page = ask(dpo, "did:plc:old", motif="contrôle")
    ok("déjà parti" not in text(page) and page.form("/conformite/personne/effacer") is None, "… goes with an erasure", text(page))


def erased(ok, desk, dpo):
    page = ask(dpo, "@paul.bleu.example", motif="effacement")
    page = dpo.post("/conformite/personne", {**picks(page)[PAUL], "csrf": page.csrf})
    form = page.form("/conformite/personne/effacer")
    page = dpo.post("/conformite/personne/effacer", {**form, "motif": "effacement", "sur": "1"}, follow=True)
    where = re.search(r"n° (\d+)</h1>", page.body).group(1)
    desk.wait_for(lambda: "suit encore" not in dpo.get(f"/conformite/purge/{where}").body, 60, "journal and search")
    ok(holding(desk, PAUL) == [] and holding(desk, "paul.bleu.example") == [], "the account and its name are in no file",
       holding(desk, PAUL) + holding(desk, "paul.bleu.example"))
    ok(list(picks(ask(dpo, "Paul Durand"))) == [OTHER], "the other of that name is there")


def scenario(ok):
    with Desk(SOURCE, rules=RULES) as desk:
        desk.comments("bleu.jsonl", bleu())
        desk.start()
        desk.wait_for(lambda: desk.committed() == len(bleu()), 30, "the comments")
        dpo = desk.person("dpo", "dpo")
        reasons(ok, found(ok, desk, dpo))
        nobody(ok, desk, dpo)
        slips(ok, desk, dpo)
        gone(ok, desk, dpo)
        erased(ok, desk, dpo)
        ok(desk.stop() == 0, "the town stops", desk.log())


main(scenario)
