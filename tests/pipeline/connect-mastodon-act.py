"""kind mastodon, acting: replies and reports (fediverse.py, no real Mastodon)."""
import os
import threading

from acting import LEASE
from fediverse import Fedi
from mastodon_town import Hands
from town import main


def acts(ok):
    with Fedi() as site, Hands(site, False) as desk:
        number = site.post("odile", "<p>Espèce de connard</p>", mention=True)
        desk.start()
        seq = desk.seq_of(number)
        desk.decide(seq, "masquer")
        desk.later()
        desk.page(seq, "aurait été signalé")
        ok(not site.reports and not site.posted, "à blanc: said, not done", site.reports)
    with Fedi() as site, Hands(site, True) as desk:
        numbers = [site.post(f"qui{i}", f"<p>Espèce de connard n° {i}</p>", mention=True, visibility="unlisted") for i in range(5)]
        desk.start()
        seqs = [desk.seq_of(n) for n in numbers]
        site.hold_back = threading.Event()
        site.forgets = True  # by the time it tries again the server knows no key: the reply itself is found
        desk.decide(seqs[0], "repondre", text="Bonjour, le service vous répond <ici> & demain.")
        desk.later()
        desk.wait_for(lambda: len(site.posted) == 1, 60, "the reply")
        os.kill(desk.pid("connect.masto"), 9)
        site.hold_back.set()
        site.hold_back = None
        desk.later(LEASE + 1)
        desk.page(seqs[0], "réponse publiée à la source", 150)
        sent = site.posted[0][1]
        ok(len(site.posted) == 1, "killed between request and record: one reply", site.posted)
        ok(sent["status"].startswith("@qui0@ailleurs.example Bonjour") and sent["in_reply_to_id"] == numbers[0] and
           sent["visibility"] == "unlisted", "to its author, below it, as visible as it is", sent)
        desk.decide(seqs[1], "masquer")
        desk.decide(seqs[2], "masquer", category="spam")
        desk.decide(seqs[3], "masquer")
        desk.decide(seqs[4], "masquer")
        site.edit(numbers[3], "<p>Merci à tous</p>")
        site.delete(numbers[4])
        desk.later()
        desk.wait_for(lambda: len(site.reports) == 2, 90, "two reports")
        by = {r["status_ids"][0]: r["category"] for r in site.reports}
        ok(by == {numbers[1]: "other", numbers[2]: "spam"}, "reported to the server's moderators", site.reports)
        page = desk.page(seqs[1], "signalé aux modérateurs")
        ok("masqué à la source" not in page, "and the page says what was done")
        desk.page(seqs[3], "modifié")
        desk.page(seqs[4], "plus là")
        ok(len(site.reports) == 2, "edited or vanished meanwhile: left alone")
        site.forbid = True
        another = site.post("zoe", "<p>Espèce d'abruti</p>", mention=True)
        seq = desk.seq_of(another)
        desk.decide(seq, "masquer")
        desk.later()
        desk.page(seq, "write:reports")
        ok(True, "a token without the right: said")


def scenario(ok):
    acts(ok)


main(scenario)
