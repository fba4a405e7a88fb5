"""escalate dies: nothing is lost, nothing comes twice unmarked; a stuck receiver delays no other."""
import time

from bell import Bell, Watch, main, parse
from receivers import Http, Smtp

PEOPLE = 12
POLICY = "people:\n" + "".join(
    f"  - {{id: p{i}, name: P. {i}, mail: p{i}@ville.example}}\n" for i in range(PEOPLE)) + "".join(
    ["levels:\n"] + [f"  {level}: [{{tell: [{', '.join(f'p{i}' for i in range(PEOPLE))}]}}]\n"
                     for level in ("jaune", "orange", "rouge", "gris", "P1")])


def subjects(server):
    """{recipient: [marked]}"""
    found = {}
    for m in server.arrived:
        mail = parse(m.raw)
        found.setdefault(str(mail["To"]), []).append(mail["Subject"].startswith("[doublon possible]"))
    return found


def scenario(ok):
    with Smtp(["slow", "slow", "hang"], delay=0.15) as server:
        with Bell(mail=f"{{url: '{server.url}', tls: none, from: t@v.example}}", policy=POLICY) as bell:
            bell.rise("orange")
            bell.wait(lambda: len(server.arrived) >= 2, 20, "the first mails")
            bell.kill("escalate")
            with server.lock:
                server.modes = ["slow"]
            arrived_before = len(server.arrived)
            ok(arrived_before < PEOPLE, "killed in the middle", arrived_before)
            bell.hurry()
            bell.restart("escalate")
            bell.wait(lambda: [r[3] for r in bell.outbox()] == [2] * PEOPLE, 60, "all delivered")
            found = subjects(server)
            ok(len(found) == PEOPLE, "nobody was forgotten", found)
            ok(all(not any(m is False for m in marks[1:]) for marks in found.values()),
               "whoever got it twice: the second is marked", found)
            ok(sum(len(marks) > 1 for marks in found.values()) <= 8, "only what was under way", found)
            ok(len(bell.outbox()) == PEOPLE, "no row was added twice", bell.outbox())

    with Smtp(["ok"]) as server:
        with Bell(mail=f"{{url: '{server.url}', tls: none, from: t@v.example}}", policy=POLICY) as bell:
            bell.rise("jaune")
            bell.settled(*[2] * PEOPLE)
            for _ in range(3):
                bell.kill("escalate")
                bell.restart("escalate")
                time.sleep(0.7)
            bell.rise("orange", action=1)
            bell.settled(*[2] * 2 * PEOPLE)
            time.sleep(1.5)
            ok(len(server.arrived) == 2 * PEOPLE and not any(m for ms in subjects(server).values() for m in ms),
               "restarts ring nobody again", len(server.arrived))

            bell.kill("store")
            time.sleep(1)
            ok(bell.processes["escalate"].poll() is None, "without store: waits")
            bell.restart("store")
            bell.rise("rouge", action=1)
            bell.wait(lambda: len(server.arrived) == 3 * PEOPLE, 30, "after store's return")
            ok(True, "goes on when store is back")

    with Smtp(["slow"], delay=0.2) as server:
        with Bell(mail=f"{{url: '{server.url}', tls: none, from: t@v.example}}", policy=POLICY) as bell:
            bell.rise("orange")
            bell.wait(lambda: server.connections >= 4, 20, "the first attempts")
            bell.kill("store")
            bell.wait(lambda: len(server.arrived) >= 4, 20, "those under way to arrive")
            under_way = len(server.arrived)
            bell.restart("store")
            bell.wait(lambda: [r[3] for r in bell.outbox()] == [2] * PEOPLE, 60, "all delivered")
            found = subjects(server)
            ok(under_way >= 4 and len(found) == PEOPLE and all(marks == [False] for marks in found.values()),
               "store killed in the middle: each got it once, results were kept", (under_way, found))

    with Http(["mute"]) as stuck, Http(["ok"]) as good, Smtp(["ok"]) as server:
        policy = (f"hooks:\n  - {{id: stuck, title: Muet, url: '{stuck.url}', allow_internal: [127.0.0.1]}}\n"
                  f"  - {{id: good, title: Bon, url: '{good.url}', allow_internal: [127.0.0.1]}}\n"
                  "people: [{id: a, name: A, mail: a@ville.example}]\n" +
                  "levels:\n" + "".join(f"  {level}: [{{tell: [stuck, good, a]}}]\n"
                                        for level in ("jaune", "orange", "rouge", "gris", "P1")) +
                  "policy: {fallback: a}\n")
        with Bell(mail=f"{{url: '{server.url}', tls: none, from: t@v.example}}", policy=policy) as bell:
            watch = Watch()
            for i in range(6):
                bell.rise("orange", topic=f"sujet{i}")
            bell.wait(lambda: len(good.arrived) == 6 and len(server.arrived) == 6, 15, "the others")
            ok.within(watch, 10, "a stuck receiver delays no other")
            ok(stuck.connections <= 2, "and has two attempts at once at most", stuck.connections)


main(scenario)
