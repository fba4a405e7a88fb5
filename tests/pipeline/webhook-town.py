"""A webhook in front of the whole pipeline: what is pushed is scored and stored, once, though ingest is killed."""
import json
import os
import random
import signal
import threading
import time

from gate import SECRET, Gate, headers_for
from town import Town, main

SENDERS, KILLS = 4, 5
SOURCES = "  - {id: formulaire, kind: webhook, secret_file: secret.key}\n"


class Front(Gate):
    """Only the sending half: the town runs the processes."""

    def __init__(self, port):
        self.port = port


class Sender(threading.Thread):
    def __init__(self, front, number):
        super().__init__(daemon=True)
        self.front, self.number, self.taken, self.enough = front, number, [], False

    def run(self):
        i = 0
        while not self.enough:
            name = f"{self.number}-{i}"
            body = json.dumps({"id": name, "text": f"Bonjour {name}", "created_at": "2026-11-01T10:00:00Z"}).encode()
            try:
                status = self.front.post(body)[0]
            except OSError:
                status = 0
            if status == 202:
                self.taken.append(name)
                if i % 10 == 0:  # a sender that did not hear our answer sends the same comment again
                    self.front.post(body + b" ")
                i += 1
            else:
                time.sleep(0.1)


def scenario(ok):
    with Town(SOURCES, "webhook: {listen: '127.0.0.1:0'}\n") as town:
        with open(os.open(town.path("secret.key"), os.O_WRONLY | os.O_CREAT, 0o600), "wb") as f:
            f.write(SECRET)
        town.start()
        town.wait_for(lambda: town.gauges().get(("webhook_port", "")), 10, "the webhook's port")
        front = Front(int(town.gauges()["webhook_port", ""]))
        body = json.dumps([{"id": "injure", "text": "Espèce de connard !"}, {"id": "faux"}]).encode()
        status, answer, _ = front.post(body, headers_for(body))
        ok(status == 202 and answer["accepted"] == 1 and answer["quarantined"] == 1, "one good, one wrong: 202",
           (status, answer))
        town.wait_for(lambda: town.json("queue"), 10, "the insult in the queue")
        ok(town.json("queue")[0]["comment"]["id"] == "injure", "what was pushed is scored and queued")
        senders = [Sender(front, i) for i in range(SENDERS)]
        for s in senders:
            s.start()
        chance = random.Random(3)
        for _ in range(KILLS):
            time.sleep(chance.uniform(0.5, 1.5))
            try:
                os.kill(town.pid("ingest"), signal.SIGKILL)
            except ProcessLookupError:
                pass
        town.wait_for(lambda: sum(len(s.taken) for s in senders) > 100, 30, "the senders to come through")
        for s in senders:
            s.enough = True
        for s in senders:
            s.join(40)
        taken = {name for s in senders for name in s.taken}
        print(f"# {len(taken)} taken")
        ok(len(taken) > 100, "the senders came through", len(taken))
        town.wait_for(lambda: town.committed() >= len(taken) + 1, 40, "all of it in the store")
        ok(town.stop() == 0, "the town stops")
        rows = town.json("verify")
        total = {k: sum(r[k] for r in rows) for k in ("new", "quarantined", "pending", "version", "dead")}
        ok(all(r["balanced"] for r in rows), "the account is right", rows)
        # A request in flight when a sender stopped may be taken unheard: at most one a sender.
        ok(len(taken) + 1 <= total["new"] <= len(taken) + 1 + SENDERS and total["quarantined"] == 1 and
           total["pending"] == total["version"] == total["dead"] == 0,
           "every comment is stored once, whatever was sent twice", (total, len(taken)))


main(scenario)
