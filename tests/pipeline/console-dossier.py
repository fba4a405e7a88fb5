"""Dossiers: opened from a comment and added to, what holds the texts against a purge and a deletion at the source, what was sent,
an archive of the pieces alone that verifies, the end of the hold with its reason; who may do what."""
import json
import re

from desk import Desk, database
from town import RULES, comment, holding, main

SOURCE = "  - {id: site, title: Site <de> la ville, kind: jsonl, path: site.jsonl, follow: yes}\n"
WORD = "zanzibarderie"
NOTE = "bigarreautier"
HOSTILE = "\"><script>alert(1)</script>"


def old(number, text, **more):
    """Of five months before: nothing but a dossier keeps it."""
    return {**comment(number, text, f"a{number}"), "created_at": f"2026-06-01T0{number}:00:00Z", **more}


def seq_of(desk, text):
    """The newest version of the comment whose text this is."""
    found = [int(seq) for seq, body in database(desk, "SELECT seq, body FROM item ORDER BY seq") if text.encode() in bytes(body)]
    return found[-1]


def opened(person, seq, follow=True, **fields):
    page = person.get(f"/moderation/{seq}/dossier")
    fields = {"objet": "Menaces au guichet", "but": "plainte", "victime": "agent", "note": "", **fields}
    return person.post(f"/moderation/{seq}/dossier", {"csrf": page.csrf, **fields}, follow=follow)


def added(person, seq, dossier):
    page = person.get(f"/moderation/{seq}/dossier")
    return person.post(f"/moderation/{seq}/dossier", {"csrf": page.csrf, "dans": str(dossier)}, follow=True)


def opening(ok, desk, anne):
    seq = seq_of(desk, WORD)
    page = anne.get(f"/moderation/{seq}")
    ok(f'href="/moderation/{seq}/dossier"' in page.body and 'data-keys="jkod?"' in page.body, "its page leads there, with a key", page.body)
    page = anne.get(f"/moderation/{seq}/dossier")
    ok(page.status == 200 and "Ouvrir un nouveau dossier" in page.body and "Ajouter à un dossier ouvert" not in page.body,
       "none is open yet", page.body)
    for wrong in ({"objet": "  "}, {"objet": "x" * 201}, {"but": "vengeance"}, {"victime": "roi"}, {"note": "x" * 4001}):
        ok(opened(anne, seq, follow=False, **wrong).status == 400, f"not with {wrong}"[:50])
    ok(not database(desk, "SELECT * FROM dossier"), "nothing was opened by that")
    page = opened(anne, seq, note=f"Mme {NOTE} est visée {HOSTILE}", objet="Menaces " + HOSTILE)
    ok(page.status == 200 and "Dossier n° 1 :" in page.body and "Plainte" in page.parsed.text and "un agent" in page.parsed.text,
       "opened, for what and for whom", page.body)
    ok("<script>alert" not in page.body and NOTE in page.body and WORD in page.body, "the note and the piece, as texts", page.body)
    again = opened(anne, seq, note="encore", objet="Menaces " + HOSTILE)
    ok("Dossier n° 1 :" in again.body and database(desk, "SELECT count(*) FROM dossier") == [(1,)], "a second click opens no second one")
    ok(f"/moderation/{seq}" in anne.get("/moderation").body, "the comment waits all the same")
    page = anne.get(f"/moderation/{seq}")
    ok('href="/dossiers/1"' in page.body, "its page says in which dossier it is", page.body)
    page = anne.get("/dossiers")
    ok(page.status == 200 and 'href="/dossiers/1"' in page.body and "à envoyer" in page.body, "it stands in the list", page.body)
    ok(anne.get("/dossiers/2").status == 404 and anne.get("/dossiers/x").status == 404 and anne.get("/dossiers?avant=x").status == 400,
       "what there is not")
    ok(anne.get("/moderation/999999/dossier").status == 404, "of no comment")
    return seq


def adding(ok, desk, anne):
    plain = seq_of(desk, "bonjour le marché")
    ok(not database(desk, "SELECT 1 FROM evidence WHERE seq = ?", plain), "nobody flagged this one")
    page = anne.get(f"/moderation/{plain}")
    ok(f'href="/moderation/{plain}/dossier"' in page.body, "what does not wait can be put there too", page.body)
    page = added(anne, plain, 1)
    ok("bonjour le marché" in page.body and "Pièce 2" in page.body, "a second piece", page.body)
    ok(len(database(desk, "SELECT 1 FROM evidence WHERE seq = ?", plain)) == 1, "… is proved from now on")
    added(anne, plain, 1)
    ok(database(desk, "SELECT count(*) FROM dossier_piece") == [(2,)], "twice is once")
    ok(added(anne, plain, 77).status == 404, "to no dossier")
    code, out, err = desk.run("verify")
    ok(code == 0 and "chaîne de preuves intacte" in out, "the chain holds with it", out + err)


def edited(ok, desk, anne):
    """A piece that is edited at its source: both texts are kept."""
    desk.comments("site.jsonl", [old(1, "Bonjour à tous", edited_at="2026-06-02T00:30:00Z")], "a")
    desk.wait_for(lambda: len(database(desk, "SELECT * FROM dossier_piece WHERE dossier = 1")) == 3, 20, "the new version")
    page = anne.get("/dossiers/1")
    ok(WORD in page.body and "Bonjour à tous" in page.body and "version 2" in page.body and "Pièce 3" not in page.body,
       "what was said and what it was made of are one piece", page.body)
    ok(desk.run("verify")[0] == 0, "and both are in the chain")


def kept(ok, desk, anne, dpo):
    """Neither age nor a deletion takes a piece's text."""
    desk.comments("site.jsonl", [{"id": "1", "deleted": True, "created_at": "2026-11-01T00:40:00Z"}], "a")
    desk.wait_for(lambda: desk.json("verify")[-1]["tombstone"] == 1, 20, "the deletion")
    ok(WORD in anne.get("/dossiers/1").body, "deleted at its source, it stays here")
    page = dpo.get("/conformite")
    ok('href="/dossiers/1"' in page.body and "dossier n° 1" in page.body, "the DPO sees what holds it", page.body)
    code, out, err = desk.run("purge", "--who", "dpo", "--reason", "essai")
    ok(code == 0 and WORD in anne.get("/dossiers/1").body and "bonjour le marché" in anne.get("/dossiers/1").body,
       "a purge leaves the pieces", out + err)
    gone = [seq for seq, state in database(desk, "SELECT seq, state FROM item") if state & 4]
    ok(len(gone) == 2, "and took what no dossier has", gone)


def conducting(ok, desk, anne, lea, dpo, table):
    page = lea.get("/dossiers/1")
    ok(page.status == 200 and WORD in page.body and NOTE in page.body and "/moderation/" not in page.body,
       "the jurist reads the pieces here, and is led nowhere that is shut", page.body)
    fields = {"csrf": page.csrf, "but": "article40", "quand": "2026-11-02T10:30", "texte": "AR 1A 234 " + HOSTILE}
    page = lea.post("/dossiers/1/envoi", fields, follow=True)
    ok("Avis au procureur (article 40)" in page.parsed.text and "02/11/2026 " in page.body and "AR 1A 234" in page.body and
       "<script>alert" not in page.body, "what was sent where and when", page.body)
    lea.post("/dossiers/1/envoi", fields)
    ok(database(desk, "SELECT count(*) FROM dossier_entry WHERE kind = 4") == [(1,)], "a second click writes nothing")
    ok(lea.post("/dossiers/1/envoi", {**fields, "quand": "2999-01-01T10:00"}).status == 400 and
       lea.post("/dossiers/1/envoi", {**fields, "quand": "hier"}).status == 400 and
       lea.post("/dossiers/1/envoi", {**fields, "but": ""}).status == 400 and
       lea.post("/dossiers/1/envoi", {**fields, "texte": ""}).status == 400, "not to come, not without whom or what")
    page = lea.post("/dossiers/1/noter", {"csrf": page.csrf, "texte": f"{NOTE} a été reçue"}, follow=True)
    ok(f"{NOTE} a été reçue" in page.body, "a note")
    ok("envoyé" in lea.get("/dossiers").body, "the list says that it is sent")
    page = dpo.get("/dossiers/1")
    ok(page.status == 200 and WORD not in page.body and NOTE not in page.body and "non montrée" in page.body and
       "Maillon de preuve" in page.body and dpo.get("/dossiers").status == 200, "the DPO is shown no text", page.body)
    ok(NOTE not in json.dumps(table(desk)), "no note is in the account of what was done", table(desk))


def archive(ok, desk, lea):
    page = lea.get("/dossiers/1")
    ok(lea.post("/dossiers/1/exporter", {"csrf": page.csrf, "motif": " "}).status == 400, "no export without a reason")
    got = lea.post("/dossiers/1/exporter", {"csrf": page.csrf, "motif": "pour le procureur"})
    lines = [json.loads(line) for line in got.body.splitlines()]
    ok(got.status == 200 and re.fullmatch(r'attachment; filename="tocsin-dossier-1-[0-9-]+\.jsonl"', got.headers["Content-Disposition"]),
       "a file", got.headers)
    texts = [x["comment"]["text"] for x in lines if "comment" in x]
    ok(sorted(t.split()[0].lower() for t in texts) == ["bonjour", "bonjour", "espèce"] and lines[0]["dossier"] == 1,
       "of its pieces, every version", texts)
    ok(any(x.get("withheld") for x in lines) and "abruti" not in got.body, "of what stands between, its mark alone", got.body)
    desk.write("dossier.jsonl", got.body)
    code, out, err = desk.run("verify", desk.path("dossier.jsonl"))
    ok(code == 0 and "archive du dossier n° 1 intacte : 3 pièces" in out, "tocsin verify proves it", out + err)
    ok(desk.json("verify", desk.path("dossier.jsonl"))[0]["dossier"] == 1, "to machines too")
    whole = got.body.rstrip("\n").split("\n")
    for name, changed in (("a text", got.body.replace("connard", "bonhomme", 1)), ("a seal", got.body.replace('"body":"', '"body":"00', 1)),
                          ("its beginning", got.body.replace(lines[0]["before"], "0" * 62 + "11", 1)),
                          ("its number", got.body.replace('"dossier":1', '"dossier":0', 1)),
                          ("a link less", "\n".join(whole[:2] + whole[3:]) + "\n"), ("no end", "\n".join(whole[:-1]) + "\n")):
        desk.write("faux.jsonl", changed)
        ok(changed != got.body and desk.run("verify", desk.path("faux.jsonl"))[0] == 1, f"changed ({name}) it proves nothing")
    ok(("lea", "dossier 1", "pour le procureur") in
       [(w, what, why) for w, verb, what, why in database(desk, "SELECT who, verb, what, why FROM audit") if verb == "export"],
       "who took it out, and why")


def rights(ok, desk, anne, lea, dpo, roy, seq):
    csrf = anne.get("/dossiers/1").csrf
    for verb in ("noter", "envoi", "retirer", "lever", "exporter"):
        ok(anne.post(f"/dossiers/1/{verb}", {"csrf": csrf, "texte": "x", "motif": "x", "piece": str(seq)}).status == 403,
           f"the moderation may not: {verb}")
    ok(lea.get(f"/moderation/{seq}/dossier").status == 403 and dpo.get(f"/moderation/{seq}/dossier").status == 403,
       "they open none")
    ok(dpo.post("/dossiers/1/noter", {"csrf": dpo.get("/dossiers").csrf or "", "texte": "x"}).status == 403, "the DPO writes nothing in it")
    home = roy.get("/situation")
    ok(roy.get("/dossiers").status == 403 and roy.get("/dossiers/1").status == 403 and "/dossiers" not in home.body and
       NOTE not in home.body, "the cabinet sees nothing of it")
    ok(roy.post("/dossiers/1/lever", {"csrf": home.csrf, "motif": "x"}).status == 403, "and lifts nothing")


def ending(ok, desk, anne, lea, dpo):
    plain, seq = seq_of(desk, "bonjour le marché"), seq_of(desk, WORD)
    opened(anne, plain, objet="Autre affaire", but="pharos", victime="personne")
    page = lea.get("/dossiers/1")
    ok(lea.post("/dossiers/1/retirer", {"csrf": page.csrf, "piece": str(plain), "motif": ""}).status == 400, "not without a reason")
    page = lea.post("/dossiers/1/retirer", {"csrf": page.csrf, "piece": str(plain), "motif": "sans rapport"}, follow=True)
    ok("Pièce retirée" in page.body and "bonjour le marché" not in page.body and "sans rapport" in page.body, "a piece leaves it", page.body)
    ok(lea.post("/dossiers/1/retirer", {"csrf": page.csrf, "piece": str(plain), "motif": "encore"}).status == 409, "once")
    ok(database(desk, "SELECT state & 8 FROM item WHERE seq = ?", plain) == [(8,)], "the other dossier holds it still")
    page = dpo.get("/dossiers/1")
    ok(dpo.post("/dossiers/1/lever", {"csrf": page.csrf, "motif": "\n"}).status == 400, "not lifted without a reason")
    page = dpo.post("/dossiers/1/lever", {"csrf": page.csrf, "motif": "affaire jugée"}, follow=True)
    ok("Retenue levée" in page.body and "affaire jugée" in page.body, "lifted, and why", page.body)
    page = lea.get("/dossiers/1")
    ok(NOTE not in page.body and "effacée à la levée" in page.body, "notes are wiped", page.body)
    ok(WORD not in page.body and "(texte effacé)" in page.body, "and what its author had deleted meanwhile", page.body)
    ok(lea.post("/dossiers/1/noter", {"csrf": page.csrf, "texte": "trop tard"}).status == 409 and
       lea.post("/dossiers/1/lever", {"csrf": page.csrf, "motif": "encore"}).status == 409 and added(anne, seq, 1).status == 409,
       "it is over")
    ok('href="/dossiers/1"' not in anne.get("/dossiers").body and 'href="/dossiers/1"' in anne.get("/dossiers?tous=1").body,
       "it leaves the open ones")
    code, out, err = desk.run("purge", "--who", "dpo", "--reason", "durées")
    ok(code == 0, "the next purge", out + err)
    desk.wait_for(lambda: holding(desk, WORD) == [] and holding(desk, NOTE) == [], 60, "text and note to be in no file")
    page = anne.get("/dossiers/1")
    ok(page.status == 200 and WORD not in page.body and "(texte effacé)" in page.body and "AR 1A 234" in page.body,
       "what was sent stays, the text is gone", page.body)
    ok("bonjour le marché" in anne.get("/dossiers/2").body, "the other dossier's piece is kept")
    ok(desk.run("verify")[0] == 0, "the chain holds")


def account(desk):
    return database(desk, "SELECT who, verb, what, why FROM audit WHERE verb = 'dossier'")


def scenario(ok):
    with Desk(SOURCE, rules=RULES) as desk:
        desk.comments("site.jsonl", [old(1, f"Espèce de connard {WORD}", url="https://exemple.fr/1"), old(2, "Quel abruti"),
                                     old(3, "bonjour le marché"), old(4, "il fait beau")] +
                      [comment(5 + i, f"et aujourd'hui aussi {i}", f"b{i}", i) for i in range(3)])  # three agree on what day it is
        desk.start()
        desk.wait_for(lambda: desk.committed() == 7, 30, "the comments")
        anne, lea = desk.person("anne", "moderation"), desk.person("lea", "juriste")
        dpo, roy = desk.person("dpo", "dpo"), desk.person("roy", "cabinet")
        seq = opening(ok, desk, anne)
        adding(ok, desk, anne)
        edited(ok, desk, anne)
        conducting(ok, desk, anne, lea, dpo, account)
        archive(ok, desk, lea)
        kept(ok, desk, anne, dpo)
        rights(ok, desk, anne, lea, dpo, roy, seq)
        page = dpo.get("/conformite/journal?quoi=decisions")
        ok("1, ouvert" in page.body and "1, envoi" in page.body, "each step is in the account", page.body)
        ending(ok, desk, anne, lea, dpo)
        ok("Lifted" in desk.again("lea", "en").get("/dossiers/1").body or "lifted" in desk.again("lea", "en").get("/dossiers/1").body, "in English")
        ok(desk.stop() == 0, "the town stops", desk.log())


main(scenario)
