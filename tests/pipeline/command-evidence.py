"""tocsin verify also proves the chain of evidence: a flagged text that somebody changed is found."""
import sqlite3

from town import Town, comment, main


def scenario(ok):
    with Town() as town:
        town.comments("site.jsonl", [comment(1, "Bonjour à tous"), comment(2, "Espèce de connard !"),
                                     comment(3, "on sait où tu habites", author="b")])
        town.start("--until-done", wait=False)
        ok(town.process.wait(60) == 0, "the pipeline runs")
        code, out, err = town.run("verify")
        ok(code == 0 and "intacte : 2 maillons" in out, "two flagged comments, two links", out + err)
        with sqlite3.connect(town.path("state", "store.db")) as db:
            changed = 0
            for seq, body in db.execute("SELECT seq, body FROM item").fetchall():
                new = bytes(body).replace(b"connard", b"bonhomm")
                changed += db.execute("UPDATE item SET body = ? WHERE seq = ? AND body <> ?", (new, seq, new)).rowcount
        ok(changed == 1, "somebody changes a text", changed)
        code, out, err = town.run("verify")
        ok(code == 1 and "ROMPUE au n° 2" in err, "and is found", out + err)


main(scenario)
