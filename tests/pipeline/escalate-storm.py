"""Servers that fail at random while escalate is killed again and again: no alarm lost, no second one unmarked, whether it goes
by mail, webhook or SMS.

    escalate-storm.py [ROUNDS [SEED [CHANNEL...]]]
"""
import json
import random
import re
import sys
import time
import urllib.parse
from collections import namedtuple

from bell import Bell, main, parse
from receivers import Http, Smtp

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 6
SEED = int(sys.argv[2]) if len(sys.argv) > 2 else 1
PEOPLE, TOPICS = 8, 4
LEVELS = "".join(
    ["levels:\n"] + [f"  {level}: [{{tell: [{', '.join(f'p{i}' for i in range(PEOPLE))}]}}]\n"
                     for level in ("jaune", "orange", "rouge", "gris", "P1")]) + "policy: {fallback_after: 20 h}\n"

# modes: how the server fails; name: what stays the same at each attempt of a message; marked: « doublon possible »
Channel = namedtuple("Channel", "server modes words name marked")


def by_mail(server):
    people = "".join(f"  - {{id: p{i}, name: P. {i}, mail: p{i}@ville.example}}\n" for i in range(PEOPLE))
    return {"mail": f"{{url: '{server.url}', tls: none, from: t@v.example}}", "policy": f"people:\n{people}{LEVELS}"}


def by_hook(server):
    hooks = "".join(f"  - {{id: h{i}, title: Salon {i}, url: '{server.url}', allow_internal: [127.0.0.1], form: json}}\n" for i in range(PEOPLE))
    people = "".join(f"  - {{id: p{i}, name: P. {i}, hook: h{i}}}\n" for i in range(PEOPLE))
    return {"policy": f"hooks:\n{hooks}people:\n{people}{LEVELS}"}


def by_sms(server):
    people = "".join(f"  - {{id: p{i}, name: P. {i}, sms: '+3361234567{i}'}}\n" for i in range(PEOPLE))
    return {"policy": f"people:\n{people}{LEVELS}", "extra": f"sms: {{url: '{server.url}?to={{to}}&text={{text}}', allow_internal: [127.0.0.1]}}\n"}


def text_of_sms(m):
    return urllib.parse.parse_qs(re.split(r"[ ?]", m.headers[":request"])[2])["text"][0]


MAILS = ["ok", "slow", "cut", "reset", "4xx", "4xx-data", "421"]
POSTS = ["ok", "slow", "cut", "reset", "503", "429", "500"]
CHANNELS = {
    "mail": Channel(Smtp, MAILS, by_mail, lambda m: parse(m.raw)["Message-ID"],
                    lambda m: parse(m.raw)["Subject"].startswith("[doublon possible]")),
    "webhook": Channel(Http, POSTS, by_hook, lambda m: m.headers["idempotency-key"],
                       lambda m: json.loads(m.raw)["maybe_duplicate"]),
    "sms": Channel(Http, POSTS, by_sms, lambda m: m.headers["idempotency-key"],
                   lambda m: text_of_sms(m).startswith("(doublon possible)")),
}


def all_done(bell):
    """Everybody has the last word on every topic; an earlier one gave way to it at most, and that was noted."""
    rows = bell.outbox()
    last = [r for r in rows if r[0].split("/")[1] == "rouge"]
    noted = {t for (t,) in bell.rows("SELECT text FROM entry WHERE kind = 7")}
    return (len(rows) == 2 * TOPICS * PEOPLE and len(last) == TOPICS * PEOPLE and all(r[3] == 2 for r in last) and
            all(r[3] == 2 or (r[3] == 4 and r[6] in noted) for r in rows))


def storm(bell, server, dice):
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
    for _ in range(120):  # a busy machine takes its time
        time.sleep(1)
        if all_done(bell):
            break
        bell.hurry()


def weather(ok, name):
    kind = CHANNELS[name]
    dice = random.Random(SEED)
    modes = [dice.choice(kind.modes) for _ in range(5000)]
    with kind.server(modes, delay=0.1) as server, Bell(**kind.words(server)) as bell:
        storm(bell, server, dice)
        ok(all_done(bell), f"{name}: every row was delivered or gave way to a newer one",
           [r for r in bell.outbox() if r[3] != 2])
        rows = bell.outbox()
        ok({r[1].partition("/")[0] for r in rows} == {name}, f"{name}: by this channel", rows)
        arrived = {}
        for m in server.arrived:
            arrived.setdefault(kind.name(m), []).append(kind.marked(m))
        attempts = sum(r[4] for r in rows)
        again = sum(len(a) - 1 for a in arrived.values())
        print(f"# {name}: {len(arrived)} messages, {attempts} attempts, {again} came again, marked")
        # one that gave way may have arrived before: its attempt had no answer
        ok(sum(r[3] == 2 for r in rows) <= len(arrived) <= 2 * TOPICS * PEOPLE, f"{name}: every message arrived", len(arrived))
        ok(all(all(a[1:]) for a in arrived.values()), f"{name}: none came twice unmarked",
           [a for a in arrived.values() if not all(a[1:])])
        ok(attempts > len(arrived), f"{name}: the storm was one", attempts)


def scenario(ok):
    print(f"# {ROUNDS} rounds, seed {SEED}")
    for name in sys.argv[3:] or CHANNELS:
        weather(ok, name)


main(scenario)
