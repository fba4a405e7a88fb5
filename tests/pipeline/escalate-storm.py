"""A server that fails at random while escalate is killed again and again: no alarm lost, no second one unmarked.

    escalate-storm.py [ROUNDS [SEED]]
"""
import random
import sys
import time

from bell import Bell, main, parse
from receivers import Smtp

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 6
SEED = int(sys.argv[2]) if len(sys.argv) > 2 else 1
PEOPLE, TOPICS = 8, 4
POLICY = "people:\n" + "".join(
    f"  - {{id: p{i}, name: P. {i}, mail: p{i}@ville.example}}\n" for i in range(PEOPLE)) + "".join(
    ["levels:\n"] + [f"  {level}: [{{tell: [{', '.join(f'p{i}' for i in range(PEOPLE))}]}}]\n"
                     for level in ("jaune", "orange", "rouge", "gris", "P1")]) + "policy: {fallback_after: 20 h}\n"


def scenario(ok):
    dice = random.Random(SEED)
    print(f"# {ROUNDS} rounds, seed {SEED}")
    modes = [dice.choice(["ok", "slow", "cut", "reset", "4xx", "4xx-data", "421"]) for _ in range(5000)]
    with Smtp(modes, delay=0.1) as server:
        with Bell(mail=f"{{url: '{server.url}', tls: none, from: t@v.example}}", policy=POLICY) as bell:
            for i in range(TOPICS):
                bell.rise("orange", topic=f"sujet{i}")
            for _ in range(ROUNDS):
                time.sleep(dice.random() * 1.5)
                bell.kill("escalate")
                bell.hurry()
                bell.restart("escalate")
            for i in range(TOPICS):
                bell.rise("rouge", topic=f"sujet{i}", action=1)
            time.sleep(1)
            with server.lock:
                server.modes = ["ok"]
            def all_done():
                """Everybody has the last word on every topic; an earlier one gave way to it at most, and that was noted."""
                rows = bell.outbox()
                last = [r for r in rows if r[0].split("/")[1] == "rouge"]
                noted = {t for (t,) in bell.rows("SELECT text FROM entry WHERE kind = 7")}
                return (len(rows) == 2 * TOPICS * PEOPLE and len(last) == TOPICS * PEOPLE and
                        all(r[3] == 2 for r in last) and
                        all(r[3] == 2 or (r[3] == 4 and r[6] in noted) for r in rows))
            for _ in range(20):
                time.sleep(1)
                if all_done():
                    break
                bell.hurry()
            ok(all_done(), "every row was delivered or gave way to a newer one", [r for r in bell.outbox() if r[3] != 2])
            arrived = {}
            for m in server.arrived:
                mail = parse(m.raw)
                arrived.setdefault(mail["Message-ID"], []).append(mail["Subject"].startswith("[doublon possible]"))
            attempts = sum(r[4] for r in bell.outbox())
            again = sum(len(a) - 1 for a in arrived.values())
            print(f"# {len(arrived)} messages, {attempts} attempts, {again} came again, marked")
            # one that gave way may have arrived before: its attempt had no answer
            ok(sum(r[3] == 2 for r in bell.outbox()) <= len(arrived) <= 2 * TOPICS * PEOPLE,
               "every message arrived", len(arrived))
            ok(all(all(a[1:]) for a in arrived.values()), "none came twice unmarked",
               [a for a in arrived.values() if not all(a[1:])])
            ok(attempts > len(arrived), "the storm was one", attempts)


main(scenario)
