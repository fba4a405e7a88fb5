"""tocsin run --until-done when a hook cannot be delivered: it ends all the same, says what is owed and exits 4; the message is kept,
tried again by the next run, and delivered once its receiver is there."""
import sqlite3

from receivers import Http
from town import POLICY, Town, comment, main


def plan(server):
    hook = f"hooks: [{{id: salon, title: Salon, url: '{server.url}', allow_internal: [127.0.0.1]}}]\n"
    return hook + POLICY.replace("P1: [{tell: dircom}]", "P1: [{tell: salon}]")


def tries(town):
    """[(state, attempts)] of what goes to the hook."""
    db = sqlite3.connect(f"file:{town.path('state', 'store.db')}?mode=ro", uri=True, timeout=20)
    try:
        return db.execute("SELECT state, attempts FROM outbox WHERE channel = 'webhook/salon'").fetchall()
    finally:
        db.close()


def scenario(ok):
    with Http(modes=["503"]) as server, Town(policy=plan(server)) as town:
        town.comments("site.jsonl", [comment(1, "on sait où tu habites"), comment(2, "Bonjour", minute=30)])
        code, out, err = town.run("run", "--until-done", timeout=240)
        ok(code == 4, "a receiver that takes nothing: it ends, and says by its exit that something is owed", (code, err))
        ok("1 message n'a pas pu être remis et reste dû (webhook/salon : " in err and "503" in err, "and by which way, and why not", err)
        found = tries(town)
        ok(len(found) == 1 and found[0][0] == 0 and found[0][1] >= 3, "it was tried three times and is kept", found)
        ok(town.run("verify")[0] == 0 and len(town.json("incidents", "--all")) == 1, "all else is done")
        code, out, err = town.run("run", "--until-done", timeout=240)
        again = tries(town)
        ok(code == 4 and again[0][1] > found[0][1], "the next run tries it before it says so again", (again, err))
        with server.lock:
            server.modes = ["ok"]
        code, out, err = town.run("run", "--until-done", timeout=240)
        ok(code == 0 and tries(town)[0][0] == 2, "and once its receiver is there it is delivered: 0", (code, tries(town), err))
        ok(len(server.arrived) == 1, "once", server.arrived)


main(scenario)
