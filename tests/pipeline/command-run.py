"""tocsin run --until-done: a file through the whole pipeline, and every comment accounted for."""
import os
import pty
import stat

from town import TOCSIN, Town, comment, main


def on_terminal(*words):
    """What a command prints on a terminal of its own."""
    try:
        pid, fd = pty.fork()
    except OSError:
        return None, ""  # a chroot without /dev/pts
    if pid == 0:
        os.environ["LC_ALL"] = "fr_FR.UTF-8"
        os.execv(TOCSIN, [TOCSIN, *words])
    out = b""
    try:
        while piece := os.read(fd, 65536):
            out += piece
    except OSError:
        pass  # the other end is closed
    os.close(fd)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), out.decode()


def scenario(ok):
    items = [comment(i, f"Bonjour, une question n° {i}", f"habitant{i % 7}", i) for i in range(100)]
    items.append(comment("injure", "Espèce de connard !", "x", 101))
    with Town() as town:
        town.comments("site.jsonl", items)
        with open(town.path("site.jsonl"), "a", encoding="utf-8") as f:
            f.write("ceci n'est pas du JSON\n")
        code, out, err = town.run("run", "--until-done", "--account", timeout=90)
        ok(code == 0, "run --until-done exits 0", f"{code}\n{out}\n{err}")
        ok("le compte est juste" in out, "the account ends with a right count", out)
        ok("outbox" in out, "the account says where mails are", out)
        ledger = town.json("verify")
        total = {k: sum(row[k] for row in ledger)
                 for k in ("received", "new", "quarantined", "pending", "present")}
        ok(total == {"received": 102, "new": 101, "quarantined": 1, "pending": 0, "present": 101},
           "each of 102 lines is accounted for", total)
        ok(all(row["balanced"] for row in ledger), "every row is balanced", ledger)
        code, out, err = town.run("verify")
        ok(code == 0 and "le compte est juste" in out, "verify says so to people", out)
        queue = town.json("queue", "--lane", "moderation")
        ok(len(queue) == 1 and queue[0]["comment"]["id"] == "injure", "one comment is in the queue", queue)
        match = queue[0]["verdict"]["matches"][0]
        text = queue[0]["comment"]["text"].encode()
        ok(text[match["start"]:match["end"]].decode() == "connard", "the match falls on the word", match)
        for name in ("state", "run"):
            mode = stat.S_IMODE(os.stat(town.path(name)).st_mode)
            ok(mode == 0o700, f"{name} is 0700", oct(mode))
        code, out, err = town.run("status")
        ok(code == 1 and "ne tourne pas" in out, "status says that it does not run", out + err)
        ok("reçus et refusés : comptés depuis le démarrage, il y a " in out, "and since when it counts", out)

        # Again: nothing new, nothing twice.
        code, out, err = town.run("run", "--until-done", timeout=90)
        ok(code == 0, "a second run exits 0", err)
        again = town.json("verify")
        ok(sum(row["new"] for row in again) == 101, "a second run adds nothing", again)

        code, out = on_terminal("run", "--config", town.path("tocsin.yaml"), "--until-done", "--account")
        if code is None:
            ok.skip("no terminal can be had here: /dev/pts is not mounted")
            return
        ok(code == 0 and "\033[3A\033[J" in out, "on a terminal the account is redrawn in place", repr(out[-500:]))
        ok("tocsin-ingest:" not in out, "and no log line tears it", repr(out[:500]))
        code, out = on_terminal("queue", "--config", town.path("tocsin.yaml"))
        ok("\033[1;7mconnard\033[0m" in out, "the queue highlights the match", repr(out))


main(scenario)
