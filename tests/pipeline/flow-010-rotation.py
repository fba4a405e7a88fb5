"""A followed file whose writer is slow to let go, that rotates twice at a stroke, is overwritten, cannot be read; and a
program that leaves something behind."""
import errno
import json
import os
import signal
import time

from town import main
from flow import Flow, many


def lines(flow, ids, text):
    for i in ids:
        flow.sent["site", i] = text
    return "".join(json.dumps({"id": i, "text": text}, ensure_ascii=False) + "\n" for i in ids)


def rotations(ok):
    with Flow() as flow:
        path = flow.path("site.jsonl")
        flow.write("site.jsonl", lines(flow, ["a1", "a2"], "avant"))
        flow.start()
        flow.settle(2)

        # logrotate's "create": the new file is there at once, and empty; the writer hears of it later
        old = open(path, "a", encoding="utf-8")
        os.rename(path, path + ".1")
        flow.write("site.jsonl", "")
        time.sleep(1.5)
        old.write(lines(flow, ["a3"], "écrite dans l'ancien bien après"))
        old.close()
        flow.settle(3)
        ok(True, "a writer that holds the renamed file for seconds is heard")
        flow.write("site.jsonl", lines(flow, ["b1"], "dans le nouveau"))
        flow.settle(4)

        # two rotations between two looks
        flow.kill("connect", signal.SIGSTOP)
        for name in ["c", "d"]:
            if os.path.exists(path + ".1"):
                os.rename(path + ".1", path + ".2")
            os.rename(path, path + ".1")
            flow.write("site.jsonl", lines(flow, [name + "1", name + "2"], "rotation " + name))
        flow.kill("connect", signal.SIGCONT)
        flow.settle(8, 20)
        ok(True, "the file in the middle of two rotations is read too")
        flow.kill("connect", signal.SIGSTOP)
        for day in ["20261124", "20261125"]:
            os.rename(path, path + "-" + day)
            flow.write("site.jsonl", lines(flow, ["j" + day], "du jour"))
        flow.kill("connect", signal.SIGCONT)
        flow.settle(10, 20)
        ok(True, "… also when rotated files are named by day")

        # overwritten in place, not longer than before, then longer
        for i, n in enumerate([1, 3]):
            data = lines(flow, [f"e{i:07d}{k}" for k in range(n)], "du jour")
            if i == 0:
                ok(len(data.encode()) == os.path.getsize(path), "as long as what it replaces")
            with open(path, "r+b", buffering=0) as out:
                out.write(data.encode())
            flow.settle(11 if i == 0 else 14, 20)
        ok(True, "a file that is overwritten is read anew")
        flow.account(ok)
        ok(flow.stop() == 0, "stops")


def unreadable(ok):
    with Flow() as flow:
        path = flow.path("site.jsonl")
        flow.start()
        os.mkdir(path)
        flow.wait_for(lambda: os.strerror(errno.EISDIR) in flow.log(), 10, "trouble told")
        os.rmdir(path)
        flow.lines("site.jsonl", many(10))
        flow.settle(10, 20)
        ok(True, "what could not be read is read when it can be")
        flow.account(ok, name="unreadable")


# Its child keeps standard error for a second longer than the program lives.
LEAVER = """#!/bin/sh
sleep 1.2 >/dev/null &
echo '{"id":"1","text":"bonjour"}'
"""


def leavings(ok):
    with Flow(sources="  - {id: prog, kind: command, command: [./leaver.sh], restart: 300ms}\n") as flow:
        flow.write("leaver.sh", LEAVER)
        os.chmod(flow.path("leaver.sh"), 0o700)
        flow.sent["prog", "1"] = "bonjour"
        flow.start()
        flow.settle(1)
        pid = flow.processes("connect")[0]
        time.sleep(2)
        before = len(os.listdir(f"/proc/{pid}/fd"))
        time.sleep(5)
        after = len(os.listdir(f"/proc/{pid}/fd"))
        ok(after <= before + 2, "descriptors do not pile up", (before, after))
        flow.account(ok, name="leavings")


def scenario(ok):
    rotations(ok)
    unreadable(ok)
    leavings(ok)


main(scenario)
