"""What was answered 202 is in the journal, whatever happens to ingest; what is sent again is stored once."""
import itertools
import json
import random
import signal
import threading
import time

from gate import Gate
from town import main

SENDERS, KILLS = 8, 10


class Sender(threading.Thread):
    """Pushes its comments one by one, each until it is taken: signed anew each time."""

    def __init__(self, gate, number):
        super().__init__(daemon=True)
        self.gate, self.number = gate, number
        self.taken, self.answers, self.lost, self.enough = [], {}, 0, False

    def run(self):
        for i in itertools.count():
            if self.enough:
                break
            name = f"{self.number}-{i}"
            body = json.dumps([{"id": name, "text": "Bonjour"}, {"id": name + "b", "text": "Bonsoir"}]).encode()
            while True:
                try:
                    status, _, headers = self.gate.post(body)
                except OSError:
                    status, headers = 0, {}
                self.answers[status] = self.answers.get(status, 0) + 1
                if status in (202, 409):
                    self.taken += [name, name + "b"]
                    break
                if status in (429, 503) and not headers["Retry-After"]:
                    self.lost += 1
                time.sleep(0.1)


def killing(ok, gate):
    senders = [Sender(gate, i) for i in range(SENDERS)]
    for s in senders:
        s.start()
    chance = random.Random(7)
    for _ in range(KILLS):
        time.sleep(chance.uniform(0.1, 0.5))
        gate.kill("ingest")
        gate.processes["ingest"].wait()
        time.sleep(chance.uniform(0, 0.4))
        gate.start("ingest")
    end = time.monotonic() + 120  # a slow machine takes longer for as many
    while sum(len(s.taken) for s in senders) <= 1000 and time.monotonic() < end:
        time.sleep(0.1)
    for s in senders:
        s.enough = True
    for s in senders:
        s.join(30)
    answers = {}
    for s in senders:
        for status, n in s.answers.items():
            answers[status] = answers.get(status, 0) + n
    print(f"# answers {answers}")
    ids = {i[2] for i in gate.journal()}
    taken = {name for s in senders for name in s.taken}
    ok(len(taken) > 1000 and not any(s.is_alive() for s in senders),
       f"{KILLS} times killed, ingest has let every sender come through", len(taken))
    ok(taken == ids, "every comment answered 202 is in the journal", (len(taken), len(ids), sorted(taken - ids)[:5]))
    ok(all(s.lost == 0 for s in senders), "429 and 503 say when to come again")


def absent(ok, gate):
    gate.kill("ingest")
    gate.processes["ingest"].wait()
    began = time.monotonic()
    status, answer, headers = gate.post({"id": "w1", "text": "x"})
    took = time.monotonic() - began
    ok(status == 503 and answer["error"] == "absent" and int(headers["Retry-After"]) > 0,
       "without ingest: 503 with Retry-After", (status, answer))
    ok(5 < took < 15, "… after having waited for it", took)
    ok(gate.post(b"", path="/health", method="GET", headers={})[0] == 200, "meanwhile it is alive")
    found = {}

    def late():
        found.clear()
        found["status"] = gate.post({"id": "w2", "text": "x"})[0]
    thread = threading.Thread(target=late)
    thread.start()
    time.sleep(1)
    gate.start("ingest")
    thread.join(20)
    ok(found.get("status") == 202, "ingest comes back in time: 202", found)
    ok(gate.wait(lambda: gate.gauge("webhook_waiting_bytes") == 0), "nothing is in flight any more")
    gate.kill("ingest", signal.SIGSTOP)
    thread = threading.Thread(target=late)
    thread.start()
    ok(gate.wait(lambda: gate.gauge("webhook_waiting_bytes")), "one is in flight")
    gate.kill("webhook", signal.SIGTERM)

    def closed():
        try:
            gate.connect(1).close()
        except OSError:
            return True
        return False
    ok(gate.wait(closed), "after SIGTERM nobody is let in")
    gate.kill("ingest", signal.SIGCONT)
    thread.join(20)
    ok(found.get("status") == 202, "what was in flight is finished", found)
    ok(gate.processes["webhook"].wait(40) == 0, "and then it leaves with 0")


def heavy(ok):
    """Ingest stands still and one source pours: it is told to wait, and another still gets in."""
    sources = "".join(f"  - {{id: {name}, kind: webhook, secret_file: secret.key}}\n" for name in ("a", "b"))
    with Gate(sources) as gate:
        gate.kill("ingest", signal.SIGSTOP)
        answers = {"a": [], "b": []}

        def pour(source, i):
            body = json.dumps([{"id": f"{source}{i}-{k}", "text": "é" * 250000} for k in range(3)],
                              ensure_ascii=False).encode()
            status, answer, headers = gate.post(body, path=f"/v1/comments/{source}", timeout=60)
            answers[source].append((status, headers["Retry-After"]))
        threads = [threading.Thread(target=pour, args=("a", i)) for i in range(24)]
        for t in threads:
            t.start()
            time.sleep(0.05)
        gate.wait(lambda: len(answers["a"]) > 10)
        early = list(answers["a"])
        ok(len(early) > 10 and set(early) == {(429, "1")}, "a source with 12 MiB on its way gets 429 at once", early)
        light = threading.Thread(target=pour, args=("b", 0))
        light.start()
        time.sleep(0.5)
        ok(gate.gauge("webhook_waiting_bytes") is not None and not answers["b"], "another source is let in")
        gate.kill("ingest", signal.SIGCONT)
        for t in threads + [light]:
            t.join(30)
        taken = sum(status == 202 for status, _ in answers["a"])
        ok(answers["b"] == [(202, None)] and taken == 24 - answers["a"].count((429, "1")), "what was let in is taken once ingest goes on",
           answers)
        ok(len(gate.journal()) == 3 * (taken + 1), "… and is in the journal, once", len(gate.journal()))


def full(ok):
    with Gate(extra="ingest: {backlog: 1000}\n") as gate:
        statuses = [gate.post([{"id": f"{i}-{k}", "text": "x"} for k in range(100)]) for i in range(20)]
        taken = sum(status == 202 for status, _, _ in statuses)
        ok(8 <= taken <= 12, "a full backlog takes no more", taken)
        status, answer, headers = statuses[-1]
        ok(status == 503 and answer["error"] == "busy" and int(headers["Retry-After"]) > 0,
           "… and says 503 with Retry-After", (status, answer))
        ok(len(gate.journal()) == 100 * taken, "the journal has what was answered 202")


def scenario(ok):
    with Gate() as gate:
        killing(ok, gate)
        absent(ok, gate)
    heavy(ok)
    full(ok)


main(scenario)
