"""What is flagged P1 or P2 and that nobody looks at rings when its time is over, and again when that time has passed twice; it is
over when somebody has decided."""

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


def scenario(ok):
    hands = Hands()
    with Bell(policy=PLAN, env=hands.env) as bell:
        p2(ok, bell, hands)
        p1(ok, bell, hands)


main(scenario)
