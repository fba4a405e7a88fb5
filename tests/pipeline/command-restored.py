"""A backup in the place of the state: who was erased since is erased again at the start, by the register beside the state folder, and
the mark goes by itself; it stays when the register is missing, torn, changed or a copy."""
import os
import shutil

from town import Town, comment, holding, main

SOURCE = "  - {id: site, kind: jsonl, path: site.jsonl, follow: yes}\n"
WORD = "zanzibarderie"
HANDLE = "mandragore77"
NAME = "Rosalie Mandragore"
BY = ("--source", "site", "--who", "DPO", "--reason", "demande d'effacement")
OWED = "base restaurée d'une sauvegarde du"


def register(town):
    return town.path("state.effacements", "registre")


def erase(ok, town, kind, what):
    code, out, err = town.run("purge", kind, what, *BY, timeout=90)
    ok(code == 0, f"erased: {kind} {what}", f"{code} {out}{err}")


def restore(town, copy="copie"):
    shutil.rmtree(town.path("state"))
    shutil.copytree(town.path(copy), town.path("state"))


def run_again(ok, town, n):
    """A start, and what it says; what is left when it has stopped."""
    if os.path.exists(town.path("log.txt")):
        os.remove(town.path("log.txt"))
    town.start()
    town.wait_for(lambda: town.committed() >= n, 20, f"{n} commits")
    said = town.log(), town.run("status")[1]
    ok(town.stop() == 0, "stops")
    return said


def live(ok, town):
    """Comments, a backup, then erasures; one of them of a comment that came after the backup."""
    items = [comment(i, f"message ordinaire {i}", f"h{i}", i) for i in range(20)]
    items += [comment(f"p{i}", f"une {WORD} de plus, numéro {i}", HANDLE, 30 + i, author_name=NAME) for i in range(3)]
    items.append(comment("q", f"encore une {WORD}, mais d'un autre", "paul", 40))
    items.append(comment("seul", "un mot effacé tout seul", "anne", 41))
    town.comments("site.jsonl", items)
    town.start()
    town.wait_for(lambda: town.committed() == 25, 20, "25 commits")
    erase(ok, town, "--id", "7")
    ok(town.run("backup", town.path("copie"))[0] == 0, "a backup")
    town.comments("site.jsonl", [comment("tard", f"après la copie, {WORD}", HANDLE, 50, author_name=NAME)], "a")
    town.wait_for(lambda: town.committed() == 26, 20, "one more")
    erase(ok, town, "--author", HANDLE)
    erase(ok, town, "--id", "seul")
    ok(town.run("backup", town.path("copie2"))[0] == 0, "a later backup")
    ok(town.stop() == 0, "stops")


def whole(ok, town):
    with open(register(town), encoding="utf-8") as f:
        text = f.read()
    ok(HANDLE not in text and "Rosalie" not in text and "seul" not in text and "site" not in text, "no name, no id in the register", text)
    ok(os.stat(register(town)).st_mode & 0o77 == 0, "for our eyes only")
    restore(town)
    ok(holding(town, HANDLE) and holding(town, "un mot effacé tout seul"), "the backup has them again")
    ok(OWED in town.run("status")[1], "before the start they are owed")
    log, status = run_again(ok, town, 26)
    ok(holding(town, HANDLE) == [] and holding(town, NAME) == [], "gone again, with the name", holding(town, HANDLE))
    ok(holding(town, "un mot effacé tout seul") == [], "the single comment too")
    ok(holding(town, "après la copie") == [], "and what the source sent again", holding(town, "après la copie"))
    ok(holding(town, f"encore une {WORD}") and holding(town, "message ordinaire 8"), "others' comments are as they were")
    ok(OWED not in status and OWED not in log and not os.path.exists(town.path("state", "sauvegarde")), "the mark is lifted", log)
    ok("2 effacements refaits" in log, "the log says how many", log)
    said = [a for a in audit(town) if a[1] == "purge" and a[0] == "tocsin" and "refait" in a[3]]
    ok(len(said) == 2 and {a[2] for a in said} == {"auteur", "commentaire"}, "the account says each", audit(town))
    ok(all(r["balanced"] for r in town.json("verify")), "the ledger balances", town.json("verify"))
    log, _ = run_again(ok, town, 26)
    ok("refaits" not in log, "a second start has nothing to do", log)


def audit(town):
    import sqlite3
    with sqlite3.connect(f"file:{town.path('state', 'store.db')}?mode=ro", uri=True) as db:
        return db.execute("SELECT who, verb, what, why FROM audit ORDER BY id").fetchall()


def broken(ok, town, name, change, gone=True):
    """change(text) → what the register is then, None: it is not there."""
    with open(register(town), encoding="utf-8") as f:
        text = f.read()
    restore(town)
    os.remove(town.path("state", "effacements"))
    changed = change(text)
    os.remove(register(town))
    if changed is not None:
        town.write("state.effacements/registre", changed)
    log, status = run_again(ok, town, 26)
    ok(OWED in status and OWED in log, f"{name}: the mark stays, and is said", log)
    ok((holding(town, HANDLE) == []) == gone, f"{name}: " + ("what it says is done" if gone else "nobody is erased"))
    ok(holding(town, f"encore une {WORD}") and holding(town, "message ordinaire 8"), f"{name}: others' comments are as they were")
    _, status = run_again(ok, town, 26)
    ok(OWED in status, f"{name}: after another start too")
    town.write("state.effacements/registre", text)


def changed_line(text):
    lines = text.splitlines(True)
    found = next(i for i, line in enumerate(lines) if " commentaire " in line and i > 1)
    lines[found] = lines[found].replace(" commentaire ", " compte ")
    return "".join(lines)


def copied(ok, town):
    """The machine is gone: of the register only what the later backup had of it is there, for the older one."""
    os.remove(register(town))
    restore(town)
    shutil.copy(town.path("copie2", "effacements"), town.path("state", "effacements"))
    before = town.json("status")[0]["restored_from"]
    log, status = run_again(ok, town, 26)
    ok(holding(town, HANDLE) == [], "what a later backup knows is done", log)
    ok(OWED in status and town.json("status")[0]["restored_from"] > before, "owed is what came after that one",
       town.json("status")[0]["restored_from"])


def scenario(ok):
    with Town(sources=SOURCE) as town:
        live(ok, town)
        shutil.copytree(town.path("state.effacements"), town.path("gardé"))

        def again():
            shutil.rmtree(town.path("state.effacements"))
            shutil.copytree(town.path("gardé"), town.path("state.effacements"))
        whole(ok, town)
        again()
        broken(ok, town, "missing", lambda text: None, gone=False)
        again()
        broken(ok, town, "torn in mid-line", lambda text: text[:-20])
        again()
        broken(ok, town, "a line changed", changed_line)
        again()
        broken(ok, town, "another town's", lambda text: text.replace(text.split()[3], "0123456789abcdef", 1), gone=False)
        again()
        copied(ok, town)


main(scenario)
