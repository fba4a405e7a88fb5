"""A followed file: late, growing, its last line unfinished, renamed, copied and emptied; also while nobody looks."""
import json
import os
import shutil
import time

from town import Watch, main
from flow import Flow, many


def line(flow, i, text):
    flow.sent["site", i] = text
    return json.dumps({"id": i, "text": text}, ensure_ascii=False) + "\n"


def scenario(ok):
    with Flow() as flow:
        path = flow.path("site.jsonl")
        flow.start()
        ok("pas encore là" in flow.log(), "a file that is not there yet is awaited", flow.log())
        flow.lines("site.jsonl", many(300))
        flow.settle(300)
        with open(path, "a", encoding="utf-8") as out:
            text = line(flow, "demi", "une ligne en deux fois")
            out.write(text[:20])
            out.flush()
            time.sleep(0.6)
            ok(flow.seq() == 300 and not flow.quarantined(), "an unfinished last line is waited for")
            watch = Watch()
            out.write(text[20:])
            out.flush()
            flow.settle(301)
            ok.within(watch, 2, "and taken when it is finished")

        # logrotate's rename; the writer holds the old file for a moment
        old = open(path, "a", encoding="utf-8")
        os.rename(path, path + ".1")
        old.write(line(flow, "tard", "écrite dans le fichier renommé"))
        old.flush()
        flow.lines("site.jsonl", many(200, 1000))
        old.write(line(flow, "fin", "la toute dernière").rstrip("\n"))
        old.close()
        flow.settle(503)
        ok(True, "after a rename both files are read to their end")

        # copytruncate
        shutil.copy(path, path + ".2")
        os.truncate(path, 0)
        time.sleep(0.5)
        flow.lines("site.jsonl", many(50, 2000))
        flow.settle(553)
        ok(True, "an emptied file is read from its start")

        # all of it again while connect is away
        flow.stop()
        flow.lines("site.jsonl", many(20, 3000))
        os.rename(path, path + ".1")
        flow.lines("site.jsonl", many(30, 4000))
        flow.start()
        flow.settle(603)
        ok(True, "renamed while nobody looked: the rest of the old one, then the new one")
        ledger = flow.ledger()
        ok(ledger["received"] == 603, "nothing was read twice", ledger)
        flow.stop()
        os.truncate(path, 0)
        flow.lines("site.jsonl", many(80, 5000))  # longer than before: only its bytes tell
        flow.start()
        flow.settle(683)
        flow.account(ok)
        ok(flow.stop() == 0, "stops")


main(scenario)
