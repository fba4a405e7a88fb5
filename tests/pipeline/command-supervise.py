"""The supervisor: restarts what dies, keeps the last good rules, refuses a second one, stops in order."""
import os
import signal
import time

from town import Town, Watch, alive, comment, main

SOURCE = "  - {id: site, kind: jsonl, path: site.jsonl, follow: yes}\n"


def members(town):
    return {label: int(v) for (name, label), v in town.gauges().items() if name == "member_pid" and v > 0}


def gone(pids):
    """All of them, in a while: whoever was killed takes a moment."""
    end = time.monotonic() + 20
    while any(map(alive, pids.values())) and time.monotonic() < end:
        time.sleep(0.05)
    return not any(map(alive, pids.values()))


def kill_one(town, ok, label):
    old = town.pid(label)
    watch = Watch()
    os.kill(old, signal.SIGKILL)
    town.wait_for(lambda: town.pid(label) != old, 10, f"{label} to come back")
    ok.within(watch, 3, f"{label} comes back within 3 s")
    ok("a été tué" in town.log(), "the log says that it was killed")


def scenario(ok):
    with Town(sources=SOURCE) as town:
        town.comments("site.jsonl", [comment(i, f"message {i}", f"h{i % 9}", i) for i in range(50)])
        town.start()
        town.wait_for(lambda: town.committed() == 50, 20, "50 commits")
        ok(True, "50 comments are committed")
        expected = {"store", "ingest", "score.1", "score.2", "trend", "escalate", "search", "connect.site"}
        town.wait_for(lambda: set(members(town)) == expected, 5, "every process in the metrics")
        ok(True, "every process runs")
        code, out, err = town.run("status")
        ok(code == 0 and "score.2" in out and "tourne" in out, "status is content", out + err)

        code, out, err = town.run("run")
        ok(code == 1 and "un autre « tocsin run » tient déjà" in err, "a second run is refused", err)
        ok(town.process.poll() is None and town.committed() == 50, "and the first one does not mind")

        for label in ("score.1", "store", "ingest", "trend", "connect.site"):
            kill_one(town, ok, label)
        town.comments("site.jsonl", [comment(i, f"message {i}", f"h{i % 9}", i) for i in range(50, 80)], "a")
        town.wait_for(lambda: town.committed() == 80, 30, "80 commits")
        ok(True, "after that every new comment is committed")

        rules = open(town.path("rules/essai.yaml"), encoding="utf-8").read()
        before = town.json("status")[0]["bundle"]
        town.write("rules/essai.yaml", rules.replace("status: live", "status: vivant", 1))
        town.process.send_signal(signal.SIGHUP)
        town.wait_for(lambda: "règles refusées" in town.log(), 10, "the refusal")
        ok("essai.yaml:7" in town.log(), "the mistake is said with its line", town.log())
        ok(town.json("status")[0]["bundle"] == before, "the last good rules stay")
        town.write("rules/essai.yaml", rules.replace("abruti", "abruti, crétin", 1))
        town.process.send_signal(signal.SIGHUP)
        town.wait_for(lambda: town.json("status")[0]["bundle"] != before, 10, "the new rules")
        town.comments("site.jsonl", [comment("nouveau", "Quel crétin", "z", 99)], "a")
        town.wait_for(lambda: len(town.json("queue", "--lane", "moderation")) == 1, 20, "the new rule to match")
        ok(True, "new rules are active at once")

        config = open(town.path("tocsin.yaml"), encoding="utf-8").read()
        asked = town.log().count("essai.yaml")
        town.write("tocsin.yaml", config.replace("{tell: [dircom, morel]}", "{tell: [dircmo, morel]}"))
        town.process.send_signal(signal.SIGHUP)
        town.wait_for(lambda: "dircmo" in town.log(), 10, "escalate's word on the policy")
        ok(town.log().count("essai.yaml") == asked, "SIGHUP: the policy is read again too, and refused")
        town.write("tocsin.yaml", config)

        pids = members(town)
        code = town.stop()
        ok(code == 0, "SIGTERM: exit 0", code)
        ok(not any(alive(p) for p in pids.values()), "nobody is left behind")
        log = town.log()
        ok("il est tué" not in log, "nobody had to be killed", log[-2000:])
        ledger = town.json("verify")
        ok(all(r["balanced"] for r in ledger) and sum(r["new"] for r in ledger) == 81,
           "81 comments, counts are right", ledger)

        # The supervisor itself dies: its children go with it, and the next start works.
        os.remove(town.path("log.txt"))
        town.start()
        town.wait_for(lambda: set(members(town)) == expected, 5, "every process")
        pids = members(town)
        town.process.kill()
        town.process.wait()
        ok(gone(pids), "kill -9 of the supervisor takes its children along")
        os.remove(town.path("log.txt"))
        town.start()
        ok(True, "and it starts again")
        town.wait_for(lambda: set(members(town)) == expected and all(map(alive, members(town).values())), 5, "every process")
        pids = members(town)
        town.process.send_signal(signal.SIGINT)
        town.process.send_signal(signal.SIGINT)
        town.process.send_signal(signal.SIGINT)
        ok(town.process.wait(40) is not None, "three signals end it at once")
        ok(gone(pids), "with everybody")


main(scenario)
