"""tocsin run --until-done when a hook cannot be delivered: it ends all the same, says what is owed and exits 4; the message is kept,
tried again by the next run, and delivered once its receiver is there. One that is away for a while is waited for. Nobody
waits here for the time of the next try: the hands of the clock are put to it."""
import contextlib
import os
import sqlite3
import threading
import time

from hands import Hands
from receivers import Http
from town import POLICY, Town, comment, main


def plan(server):
    hook = f"hooks: [{{id: salon, title: Salon, url: '{server.url}', allow_internal: [127.0.0.1]}}]\n"
    return hook + POLICY.replace("P1: [{tell: dircom}]", "P1: [{tell: salon}]")


@contextlib.contextmanager
def hurried(town, hands, upto):
    """The clock is put to the next try of what goes to the hook, until there were `upto` of them."""
    over = threading.Event()

    def hurry():
        while not over.wait(0.1):
            with contextlib.suppress(sqlite3.OperationalError):  # no store yet
                for state, n, at in tries(town):
                    if state == 0 and n < upto and at / 1000 > hands.now():
                        hands.reach(at / 1000)

    thread = threading.Thread(target=hurry, daemon=True)
    thread.start()
    yield
    over.set()
    thread.join()


def tries(town):
    """[(state, attempts, when it is tried next)] of what goes to the hook."""
    db = sqlite3.connect(f"file:{town.path('state', 'store.db')}?mode=ro", uri=True, timeout=20)
    try:
        return db.execute("SELECT state, attempts, next_at FROM outbox WHERE channel = 'webhook/salon'").fetchall()
    finally:
        db.close()


COMMENTS = [comment(1, "on sait où tu habites"), comment(2, "Bonjour", minute=30)]


def run(town, hands, upto):
    with hurried(town, hands, upto):
        return town.run("run", "--until-done", timeout=240)


def a_minute(ok, hands):
    with Http(modes=["503"] * 4 + ["ok"]) as server, Town(policy=plan(server)) as town:
        town.comments("site.jsonl", COMMENTS)
        begun = hands.now()
        code, out, err = run(town, hands, 5)
        ok(code == 0 and tries(town)[0][:2] == (2, 5) and len(server.arrived) == 1, "a receiver that is away for half a minute is waited for",
           (code, tries(town), err))
        ok(hands.now() - begun >= 35, "so long it was", hands.now() - begun)


def owed(ok, hands):
    with Http(modes=["503"]) as server, Town(policy=plan(server)) as town:
        town.comments("site.jsonl", COMMENTS)
        begun = hands.now()
        code, out, err = run(town, hands, 5)
        ok(code == 4, "a receiver that takes nothing: it ends, and says by its exit that something is owed", (code, err))
        ok(hands.now() - begun >= 75, "after more than a minute", hands.now() - begun)
        ok("1 message n'a pas pu être remis et reste dû (webhook/salon : " in err and "503" in err, "and by which way, and why not", err)
        found = tries(town)
        ok(len(found) == 1 and found[0][:2] == (0, 5), "it was tried five times and is kept", found)
        ok(town.run("verify")[0] == 0 and len(town.json("incidents", "--all")) == 1, "all else is done")
        code, out, err = run(town, hands, 6)
        again = tries(town)
        ok(code == 4 and again[0][1] > found[0][1], "the next run tries it before it says so again", (again, err))
        with server.lock:
            server.modes = ["ok"]
        code, out, err = run(town, hands, 9)
        ok(code == 0 and tries(town)[0][0] == 2, "and once its receiver is there it is delivered: 0", (code, tries(town), err))
        ok(len(server.arrived) == 1, "once", server.arrived)


class Drowsy(Http):
    """It takes its time to refuse."""

    def serve(self, s, mode):
        time.sleep(2)
        return super().serve(s, mode)


def always_one_on_its_way(ok, hands):
    """As with many messages before a receiver that does not answer: at any moment one of them is being tried."""
    with Drowsy(modes=["503"]) as server, Town(policy=plan(server)) as town:
        town.comments("site.jsonl", COMMENTS)
        code, out, err = run(town, hands, 30)
        ok(code == 4 and 5 <= tries(town)[0][1] < 15 and tries(town)[0][0] < 2, "nobody waits for its end for ever", (code, tries(town), err))


def scenario(ok):
    hands = Hands()
    os.environ.update(hands.env)  # for the processes that are started from here on
    a_minute(ok, hands)
    owed(ok, hands)
    always_one_on_its_way(ok, hands)


main(scenario)
