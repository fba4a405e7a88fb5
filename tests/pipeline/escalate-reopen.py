"""An alarm that was closed too early is opened again by hand: it rings as its level says, nobody is in charge, and it can be
taken charge of and closed as before; what may not be opened again is refused with the reason."""
import json
import os
import subprocess
import time

from bell import SAY, Bell, main, text_of
from hands import Hands
from town import TOCSIN

CLOSE = 4
DAY = 86400_000
CLOSED, REOPENED = 9, 10


def tocsin(bell, *words):
    done = subprocess.run([TOCSIN, words[0], "--config", bell.path("tocsin.yaml"), *words[1:]], capture_output=True, text=True,
                          timeout=60)
    return done.returncode, done.stdout, done.stderr


def reopen(bell, number, who="A. Roche", reason="la presse rappelle"):
    return tocsin(bell, "incident", "reopen", str(number), "--who", who, "--reason", reason)


def shown(bell, number):
    return json.loads(tocsin(bell, "incident", str(number), "--json")[1])


def rung(bell, who, n):
    """Waits for n alarms to him that went out, and gives the last."""
    def found():
        return [m for m in bell.mails() if f"{who}@" in m["To"]][n - 1:n]
    return bell.wait(found, 20, f"mail {n} to {who}")[0]


def closed_by_hand(ok, bell):
    bell.rise("orange")
    rung(bell, "dircom", 1)
    bell.say("ack", 1, "C. Morel", int(time.time() * 1000) + DAY)
    code, _, err = reopen(bell, 1)
    ok(code == 1 and "est ouverte" in err, "what is taken charge of is not closed", err)
    code, _, err = tocsin(bell, "close", "1", "--who", "C. Morel")
    ok(code == 0, "closed", err)
    before = len(bell.mails())
    code, out, err = reopen(bell, 1)
    ok(code == 0 and "rouverte" in out, "opened again", err)
    mail = rung(bell, "dircom", 2)
    ok("ORANGE" in mail["Subject"] and "prise en charge" not in mail["Subject"], "it rings at its level, nobody is in charge",
       mail["Subject"])
    ok("personne" in text_of(mail) and "C. Morel (fin" not in text_of(mail), "and says so", text_of(mail))
    state = shown(bell, 1)
    last = [e for e in state["entries"] if e["kind"] == "reopened"]
    ok(state["state"] == "open" and not state["acked_by"] and [(e["who"], e["text"], e["level"]) for e in last] ==
       [("A. Roche", "la presse rappelle", "orange")], "the main courante keeps who and why", state)
    code, _, err = reopen(bell, 1)
    ok(code == 0 and bell.rows("SELECT count(*) FROM entry WHERE kind = ?", REOPENED) == [(1,)], "asked twice it is done once", err)
    code, _, err = reopen(bell, 1, reason="autre chose")
    ok(code == 1 and "est ouverte" in err, "open, it is not opened again", err)
    ok(len(bell.mails()) == before + 1, "one mail", [m["Subject"] for m in bell.mails()])
    bell.say("ack", 1, "B. Faure", int(time.time() * 1000) + DAY)
    ok(shown(bell, 1)["acked_by"] == "B. Faure", "it is taken charge of anew")
    bell.kill("escalate")
    bell.restart()
    ok(tocsin(bell, "close", "1", "--who", "B. Faure")[0] == 0 and shown(bell, 1)["state"] == "closed", "and closed anew")


def closed_by_trend(ok, bell):
    """Fallen to green before: it comes back at jaune. Another one is open on its topic: that one is to be conducted."""
    bell.rise("jaune", topic="eau", title="Eau")
    rung(bell, "morel", 1)
    bell.rise("vert", topic="eau", title="Eau", action=CLOSE)
    bell.wait(lambda: shown(bell, 2)["state"] == "closed", 20, "the end")
    bell.rise("jaune", topic="eau", title="Eau")
    bell.wait(lambda: bell.rows("SELECT count(*) FROM incident WHERE topic = 'eau'") == [(2,)], 20, "the next")
    code, _, err = reopen(bell, 2)
    ok(code == 1 and "l'alerte 3 est ouverte" in err, "not beside another one of the topic, which is named", err)
    rung(bell, "morel", 2)
    bell.rise("vert", topic="eau", title="Eau", action=CLOSE)
    bell.wait(lambda: shown(bell, 3)["state"] == "closed", 20, "its end")
    ok(reopen(bell, 2)[0] == 0 and "JAUNE" in rung(bell, "morel", 3)["Subject"], "then at jaune")
    bell.rise("orange", topic="eau", title="Eau", action=1)
    bell.wait(lambda: shown(bell, 2)["level"] == "orange", 20, "the rise")
    ok(bell.rows("SELECT count(*) FROM incident WHERE topic = 'eau'") == [(2,)], "the topic that rises again raises this one")


def silenced(ok, bell):
    """A silence given before the close is in force still: to open the alarm again ends it, in the main courante too."""
    bell.rise("orange", topic="gare", title="Gare")
    before = len(bell.wait(lambda: [m for m in bell.mails() if "Gare" in m["Subject"]], 20, "its mail"))
    number = bell.rows("SELECT id FROM incident WHERE topic = 'gare'")[0][0]
    code, _, err = tocsin(bell, "silence", "gare", "--for", "3 j", "--who", "C. Morel", "--reason", "on sait")
    ok(code == 0 and tocsin(bell, "close", str(number), "--who", "C. Morel")[0] == 0, "silenced, then closed", err)
    code, _, err = reopen(bell, number)
    ok(code == 0, "opened again", err)
    bell.wait(lambda: len([m for m in bell.mails() if "Gare" in m["Subject"]]) > before, 20, "it rings again")
    last = [(e["kind"], e["who"], e["text"]) for e in shown(bell, number)["entries"] if e["kind"] in ("silenced", "reopened")]
    ok(last == [("silenced", "C. Morel", "on sait"), ("silenced", "A. Roche", "silence levé : la presse rappelle"),
                ("reopened", "A. Roche", "la presse rappelle")], "the main courante says that the silence is over", last)
    ok(bell.rows("SELECT count(*) FROM audit WHERE verb = 'silence' AND who = 'A. Roche' AND what = 'gare'") == [(1,)],
       "and so does the journal")
    ok(tocsin(bell, "close", str(number), "--who", "C. Morel")[0] == 0 and reopen(bell, number, reason="encore")[0] == 0 and
       len([e for e in shown(bell, number)["entries"] if e["kind"] == "silenced"]) == 2, "what is over ends no second time")
    ok(tocsin(bell, "close", str(number), "--who", "C. Morel")[0] == 0, "closed")


def refused(ok, bell):
    ok(reopen(bell, 99)[0] == 1 and "inconnu" in reopen(bell, 99)[2], "there is no such alarm", reopen(bell, 99))
    ok(tocsin(bell, "incident", "rouvrir", "1", "--who", "A. Roche")[0] == 2 and
       tocsin(bell, "incident", "rouvrir", "1", "--reason", "x")[0] == 2 and
       tocsin(bell, "incident", "rouvrir", "un", "--who", "A", "--reason", "x")[0] == 2 and
       tocsin(bell, "incident", "1", "--reason", "x")[0] == 2, "without a name, a reason, a number: misuse")
    bell.rise("gris", topic="source:site", title="Source muette : site", kind="grey")
    number = bell.wait(lambda: bell.rows("SELECT id FROM incident WHERE kind = 5"), 20, "the silent source")[0][0]
    bell.rise("vert", topic="source:site", title="Source muette : site", kind="grey", action=CLOSE)
    bell.wait(lambda: shown(bell, number)["state"] == "closed", 20, "heard again")
    code, _, err = reopen(bell, number)
    ok(code == 1 and "ne se rouvre pas" in err, "a source that is heard again is no alarm", err)


def ended_by_trend(ok, bell):
    """Trend, which had closed it, hears that it is open again, and closes it when it has been calm for its time."""
    noon = int(time.time()) * 1000 - DAY
    bell.start("trend", Bell.binary("trend"))
    bell.wait(lambda: "prêt" in bell.log("trend"), 20, "trend")
    bell.say("flagged", 1, "facebook", "c1", 3, noon, "clowns")
    hands = Hands()  # a minute is told once: this one is told as yesterday's
    hands.put(-DAY // 1000)
    subprocess.run([SAY, bell.path("run"), "observe", "0", "0", "1", "eau", "Eau", str(noon), "9", "8", "1"], check=True,
                   timeout=60, env={**os.environ, **hands.env})
    number = bell.wait(lambda: bell.rows("SELECT id FROM incident WHERE topic = 'eau'"), 20, "the alarm")[0][0]
    ok(tocsin(bell, "close", str(number), "--who", "A. Roche")[0] == 0, "closed by hand")
    ok(reopen(bell, number)[0] == 0 and shown(bell, number)["state"] == "open", "open again")
    for n in range(2, 14):
        bell.say("flagged", n, "facebook", f"c{n}", 3, noon + n * DAY // 48, f"clowns {n}")
    bell.wait(lambda: shown(bell, number)["state"] == "closed", 30, "its end")
    ok([e["kind"] for e in shown(bell, number)["entries"] if e["kind"] in ("opened", "closed", "reopened")] ==
       ["opened", "closed", "reopened", "closed"] and shown(bell, number)["facts"]["messages"] == 9, "calm for hours, it is closed as any other", shown(bell, number)["entries"])


def quiet_again(ok, bell):
    """An emergent alarm ended because nobody spoke of it for half a day: open again it has half a day anew."""
    noon, hour, heard = int(time.time()) * 1000 - 20 * DAY, DAY // 24, 0
    bell.start("trend", Bell.binary("trend"))
    bell.wait(lambda: "prêt" in bell.log("trend"), 20, "trend")
    bell.say("flagged", 1, "facebook", "c1", 3, noon, "clowns")
    hands = Hands()
    hands.put(-20 * DAY // 1000)
    subprocess.run([SAY, bell.path("run"), "observe", "0", "1", "1", "emergent:gare", "Gare", str(noon), "9", "8", "1"], check=True,
                   timeout=60, env={**os.environ, **hands.env})
    number = bell.wait(lambda: bell.rows("SELECT id FROM incident WHERE topic = 'emergent:gare'"), 20, "the alarm")[0][0]

    def half_an_hour_later():
        """Somebody speaks of something else, for the clock goes by what is said, until the alarm is closed."""
        nonlocal heard
        heard += 1
        bell.say("flagged", heard + 1, "facebook", f"d{heard}", 3, noon + heard * hour // 2, f"clowns {heard}")
        return shown(bell, number)["state"] == "closed"
    bell.wait(half_an_hour_later, 60, "its end")
    ok(reopen(bell, number)[0] == 0 and shown(bell, number)["state"] == "open", "what was quiet is open again")
    bell.wait(half_an_hour_later, 60, "its second end")
    at = dict(bell.rows("SELECT kind, max(at) FROM entry WHERE incident = ? GROUP BY kind", number))
    ok(at[CLOSED] - at[REOPENED] >= 12 * hour, "and was for half a day", at)


def scenario(ok):
    with Bell() as bell:
        closed_by_hand(ok, bell)
        closed_by_trend(ok, bell)
        silenced(ok, bell)
        refused(ok, bell)
    with Bell(clock="event") as bell:
        ended_by_trend(ok, bell)
    with Bell(clock="event") as bell:
        quiet_again(ok, bell)


if __name__ == "__main__":
    main(scenario)
