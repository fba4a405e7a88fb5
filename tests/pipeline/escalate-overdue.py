"""What is flagged P1 or P2 and that nobody looks at rings when its time is over, and again when that time has passed twice; it is
over when somebody has decided. Also where the clock is that of the messages."""

import os

from bell import KINDS, POLICY, Bell, main, text_of
from hands import Hands

MINUTE = 60
PLAN = (POLICY.replace("policy: {", "policy: {first_look: {P1: 5 min, P2: 30 min}, ") +
        "calendars: {holidays: aucune, hours: [{id: toujours, days: lun-dim, from: '00:00', to: '24:00', holidays: yes}]}\n")
OPEN, RAISED, CLOSED = "opened", "raised", "closed"
ENTRIES = {0: OPEN, 1: RAISED, 9: CLOSED}


def incidents(bell):
    """{topic: [(state, level)]} of what is overdue."""
    found = {}
    for topic, state, level in bell.rows("SELECT topic, state, level FROM incident WHERE kind = ? ORDER BY id", KINDS["overdue"]):
        found.setdefault(topic, []).append((state, level))
    return found


def steps(bell, topic):
    """[(what, level, time)] from the main courante."""
    return [(ENTRIES[kind], level, at) for kind, level, at in bell.rows(
        "SELECT e.kind, e.level, e.at FROM entry e JOIN incident i ON i.id = e.incident WHERE i.topic = ? AND e.kind IN (0, 1, 9) "
        "ORDER BY e.id", topic)]


def mail(bell, who, *words):
    """The first mail to him that has all these words."""
    def found():
        return [m for m in bell.mails() if f"{who}@" in m["To"] and all(w in m["Subject"] + text_of(m) for w in words)]
    return bell.wait(found, 20, f"a mail to {who}: {words}")[0]


def p2(ok, bell, hands):
    for n in (1, 2):
        bell.say("flagged", n, "facebook", f"c{n}", 2, int(hands.now() * 1000), f"clowns {n}, appelez le 06 12 34 56 78")
    flagged = bell.rows("SELECT flagged_at FROM queue ORDER BY row")[0][0]
    hands.put(31 * MINUTE)
    told = mail(bell, "morel", "JAUNE", "P2", "2 en retard")
    text = text_of(told)
    ok("2 signalements P2 attendent" in text and "30 min" in text and "clowns 1" in text, "a P2 rings when its time is over", text)
    ok("34 56" not in text and "Jean" not in text, "without a number or a name", text)
    opened = steps(bell, "retard:P2")[0]
    ok(opened[:2] == (OPEN, 1) and opened[2] - flagged >= 30 * MINUTE * 1000, "not before", (opened, flagged))
    bell.kill("escalate")
    bell.restart()
    hands.put(61 * MINUTE)
    told = mail(bell, "dircom", "ORANGE", "P2", "2 en retard")
    ok(incidents(bell) == {"retard:P2": [(0, 2)]}, "and again, higher, when it is over twice; escalate's death opens no second",
       incidents(bell))
    bell.say("decide", 1, "anne")
    bell.wait(lambda: bell.rows("SELECT count(*) FROM queue") == [(1,)], 20, "the decision")
    bell.say("decide", 2, "anne")
    bell.wait(lambda: incidents(bell)["retard:P2"][0][0] == 2, 20, "the end")
    ok(steps(bell, "retard:P2")[-1][0] == CLOSED, "decided, it is over", steps(bell, "retard:P2"))


def p1(ok, bell, hands):
    bell.say("threats", 9, "facebook", 1, "-", int(hands.now() * 1000), "on sait où tu habites")
    mail(bell, "dircom", "URGENCE", "habites 1")
    urgent = bell.rows("SELECT id FROM incident WHERE kind = ?", KINDS["P1"])[0][0]
    bell.say("close", urgent, "dgs")
    hands.put(hands.ahead + 6 * MINUTE)
    told = mail(bell, "dgs", "URGENCE", "P1", "1 en retard")
    ok("1 signalement P1 attend" in text_of(told) and "5 min" in text_of(told),
       "an emergency that was closed while its comment waits rings by itself", text_of(told))
    seq = bell.rows("SELECT seq FROM queue")[0][0]
    bell.say("decide", seq, "anne")
    bell.wait(lambda: incidents(bell)["retard:P1"][0][0] == 2, 20, "the end")
    ok(incidents(bell)["retard:P1"] == [(2, 0)], "decided, it is over", incidents(bell))


def looked(bell):
    """The town's clock in ms that escalate saw last, and when it said so."""
    name = bell.path("run", "metrics", "tocsin-escalate.prom")
    with open(name, encoding="utf-8") as f:
        found = [float(line.split()[1]) for line in f if line.startswith("tocsin_escalate_clock_seconds ")]
    return (found or [0])[0] * 1000, os.stat(name).st_mtime


def replayed(ok, bell, hands):
    """The town's clock is that of its messages: hours pass in a moment, and then it rings when somebody had minutes to look."""
    noon = int(hands.now() * 1000) - 2 * 24 * 60 * MINUTE * 1000
    minute = MINUTE * 1000

    def say(n, after, priority):
        bell.say("flagged", n, "facebook", f"c{n}", priority, noon + after * minute, f"clowns {n}")

    say(1, 0, 2)
    flagged = bell.rows("SELECT flagged_at FROM queue")[0][0]
    ok(flagged == noon, "flagged at its own time", (flagged, noon))
    say(2, 35, 3)
    bell.wait(lambda: looked(bell)[0] >= noon + 35 * minute, 20, "the town's clock")
    before = looked(bell)[1]
    bell.wait(lambda: looked(bell)[1] > before + 5, 30, "looks since then")
    ok(incidents(bell) == {}, "nobody had the time to look: silence", incidents(bell))
    hands.put(hands.ahead + 6 * MINUTE)
    told = mail(bell, "morel", "JAUNE", "P2", "1 en retard")
    ok("30 min" in text_of(told), "after some minutes of our own it rings", text_of(told))
    opened = steps(bell, "retard:P2")[0]
    ok(opened[:2] == (OPEN, 1) and opened[2] == noon + 35 * minute, "at the town's time",
       (opened, noon))
    say(4, 61, 3)
    mail(bell, "dircom", "ORANGE", "P2", "1 en retard")
    ok(incidents(bell) == {"retard:P2": [(0, 2)]}, "and higher, when it is over twice", incidents(bell))
    bell.say("decide", 1, "anne")
    bell.wait(lambda: incidents(bell)["retard:P2"][0][0] == 2, 20, "the end")
    ok(steps(bell, "retard:P2")[-1][0] == CLOSED, "decided, it is over", steps(bell, "retard:P2"))


def scenario(ok):
    hands = Hands()
    with Bell(policy=PLAN, env=hands.env) as bell:
        p2(ok, bell, hands)
        p1(ok, bell, hands)
    hands = Hands()
    with Bell(policy=PLAN, env=hands.env, clock="event") as bell:
        replayed(ok, bell, hands)


main(scenario)
