"""tocsin backup: a copy made while comments flow, that opens elsewhere with the same counts."""
import os
import shutil
import stat

from town import Town, comment, main

SOURCE = "  - {id: site, kind: jsonl, path: site.jsonl, follow: yes}\n"


def scenario(ok):
    with Town(sources=SOURCE) as town:
        town.comments("site.jsonl", [comment(i, f"message {i}", f"h{i}", i % 600) for i in range(3000)])
        town.start()
        town.wait_for(lambda: town.committed() == 3000, 30, "3000 commits")
        copy = town.path("copie")
        code, out, err = town.run("backup", copy)
        ok(code == 0 and "sauvegarde vérifiée" in out, "a verified backup", f"{code} {out}{err}")
        names = set(os.listdir(copy))
        ok({"store.db", "journal.db", "author.key", "bundles", "tocsin.yaml", "effacements"} <= names, "all of it", names)
        modes = {oct(stat.S_IMODE(os.stat(os.path.join(copy, n)).st_mode) & 0o077) for n in names}
        ok(stat.S_IMODE(os.stat(copy).st_mode) == 0o700 and modes == {"0o0"}, "for our eyes only", modes)
        code, out, err = town.run("backup", copy)
        ok(code == 2 and "existe déjà" in err, "an old backup is not overwritten", err)
        ok("restaurée" not in town.run("status")[1], "what was only copied is no restored state")
        before = town.json("verify")
        ok(town.stop() == 0, "stops")

        shutil.rmtree(town.path("state"))
        shutil.copytree(copy, town.path("state"))
        shutil.rmtree(town.path("state.effacements"))
        os.remove(town.path("state", "effacements"))
        after = town.json("verify")
        ok(sum(r["received"] for r in after) == 3000 and before == after, "the copy in its place: same ledger",
           after)
        os.remove(town.path("log.txt"))
        town.comments("site.jsonl", [comment("plus", "un de plus", "z", 700)], "a")
        town.start()
        town.wait_for(lambda: town.committed() == 3001, 30, "one more commit")
        ok(all(r["balanced"] for r in town.json("verify")), "and it goes on from there")
        code, out, _ = town.run("status")
        ok(code == 1 and "base restaurée d'une sauvegarde du" in out, "that erasures since are owed is said, without their register", out)
        ok("warning: base restaurée d'une sauvegarde du" in town.log(), "at the start too", town.log())
        with open(town.path("state", "sauvegarde"), encoding="utf-8") as mark:
            made = mark.read()
        ok(town.json("status")[0]["restored_from"] == made, "to machines as well")
        again = town.path("copie-de-copie")
        ok(town.run("backup", again)[0] == 0 and open(os.path.join(again, "sauvegarde"), encoding="utf-8").read() == made,
           "a backup of it owes as much")
        os.remove(town.path("state", "sauvegarde"))
        code, out, _ = town.run("status")
        ok(code == 0 and "restaurée" not in out, "until somebody has seen to it", out)
        ok(town.stop() == 0, "stops")


main(scenario)
