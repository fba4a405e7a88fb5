"""In an election period nobody of the cabinet reads what citizens say, by whatever way he is told: mail, SMS, a hook of his own or one
told by itself, a summary of what is past, a message that did not reach another, one composed before the period began."""
import time
import urllib.parse

from bell import Bell, main, text_of
from receivers import Http

CLOSE = 4
SAID = ("Cormier", "immeuble", "passerelle", "copie-colle")  # in the title, the comment, the terms; of the second alarm
LEFT_OUT = "sans citer les habitants"
POLICY = """\
people:
  - {{id: dircom, name: A. Roche, role: dir'com, mail: dircom@ville.example}}
  - {{id: petit, name: D. Petit, role: directeur de cabinet, mail: petit@ville.example, sms: '+33612345678', hook: perso}}
hooks:
  - {{id: perso, title: D. Petit, url: '{perso}', allow_internal: [127.0.0.1]}}
  - {{id: cellule, title: Cellule du cabinet, url: '{cellule}', allow_internal: [127.0.0.1], form: mattermost}}
  - {{id: salon, title: Salon de crise, url: '{salon}', allow_internal: [127.0.0.1], form: slack, cabinet: oui}}
  - {{id: equipe, title: Modération, url: '{equipe}', allow_internal: [127.0.0.1], form: teams}}
levels:
  jaune: [{{tell: dircom}}]
  orange: [{{tell: [dircom, petit, cellule, salon, equipe]}}]
  rouge: [{{tell: dircom}}]
  gris: [{{tell: dircom}}]
  P1: [{{tell: dircom}}]
policy: {{{election}fallback: [{fallback}]}}
"""
ELECTION = "election: {from: 2020-01-01, to: 2090-01-01}, "


class Rooms:
    """Every receiver but the mail folder."""
    names = ("perso", "cellule", "salon", "equipe")

    def __init__(self, **modes):
        self.hooks = {name: Http(modes.get(name, ("ok",))) for name in self.names}
        self.gate = Http()

    def __enter__(self):
        for one in (*self.hooks.values(), self.gate):
            one.__enter__()
        return self

    def __exit__(self, *trace):
        for one in (*self.hooks.values(), self.gate):
            one.__exit__(*trace)

    def policy(self, election, fallback):
        return POLICY.format(election=election, fallback=fallback, **{name: h.url for name, h in self.hooks.items()})

    def sms(self):
        url = self.gate.url.replace("/hook", "/envoi")
        return f"sms: {{url: '{url}?to={{to}}&text={{text}}', allow_internal: [127.0.0.1]}}\n"

    def got(self, name):
        """What has come there so far, as people read it."""
        receiver = self.gate if name == "sms" else self.hooks[name]
        with receiver.lock:
            texts = [m.raw.decode() + urllib.parse.unquote_plus(m.headers.get(":request", "")) for m in receiver.arrived]
        return [t.encode("latin-1", "replace").decode("utf-8", "replace") if name == "sms" else t for t in texts]


def quoted(texts):
    return [word for word in SAID if any(word in t for t in texts)]


def mails(bell):
    found = {}
    for m in bell.mails():
        found.setdefault(m["To"].addresses[0].username, []).append(m["Subject"] + " " + text_of(m))
    return found


def by_every_way(ok):
    with Rooms() as rooms, Bell(policy=rooms.policy(ELECTION, "dircom"), extra=rooms.sms()) as bell:
        bell.say("comment", 1, "facebook", "c1", int(time.time() * 1000), "mon immeuble est coupé du monde")
        bell.rise("orange", kind="emergent", topic="emergent:cormier", title="Sujet émergent : « Cormier »", examples=[1])
        bell.wait(lambda: all(rooms.got(n) for n in (*rooms.names, "sms")) and {"dircom", "petit"} <= set(mails(bell)), 30, "everybody")
        ok(quoted(mails(bell)["dircom"]) == list(SAID[:3]) and quoted(rooms.got("equipe")) == list(SAID[:3]),
           "the dir'com and the moderation's room read it", (mails(bell), rooms.got("equipe")))
        for name in ("perso", "cellule", "salon"):
            got = rooms.got(name)
            ok(not quoted(got) and "cormier" not in got[0] and LEFT_OUT in got[0] and "47" in got[0], f"{name}: how many, and that it quotes nobody", got)
        ok(not quoted(mails(bell)["petit"]) and LEFT_OUT in mails(bell)["petit"][0] and "Sujet émergent" in mails(bell)["petit"][0], "his mail", mails(bell)["petit"])
        ok(not quoted(rooms.got("sms")) and "Sujet" in rooms.got("sms")[0], "his SMS", rooms.got("sms"))


def followed(ok):
    """A topic that citizens' words have given its name: what was composed before the period too."""
    with Rooms() as rooms, Bell(policy=rooms.policy(ELECTION, "dircom"), extra=rooms.sms()) as bell:
        bell.rise("orange", topic="suivi-7", title="Cormier, la passerelle")
        bell.wait(lambda: all(rooms.got(n) for n in (*rooms.names, "sms")) and {"dircom", "petit"} <= set(mails(bell)), 30, "everybody")
        ok("Cormier" in mails(bell)["dircom"][0] and "Cormier" in rooms.got("equipe")[0], "a followed topic: the dir'com reads its name", mails(bell))
        told = [rooms.got(n) for n in ("perso", "cellule", "salon")] + [mails(bell)["petit"]]
        ok(not any(quoted(t) for t in told) and all("Sujet suivi n° 7" in t[0].replace("\\u00b0", "°") and LEFT_OUT in t[0] for t in told),
           "the cabinet its number", told)
        ok(not quoted(rooms.got("sms")) and "Sujet suivi n" in rooms.got("sms")[0], "by SMS too", rooms.got("sms"))
    with Rooms(cellule=("503", "503", "ok")) as rooms, Bell(policy=rooms.policy("", "dircom"), extra=rooms.sms()) as bell:
        bell.rise("orange", topic="suivi-7", title="Cormier, la passerelle")
        row = "SELECT state, attempts FROM outbox WHERE person = 'cellule'"
        bell.wait(lambda: bell.rows(row) and bell.rows(row)[0][1] and bell.rows(row)[0][0] == 0, 30, "an attempt that failed")
        declare(bell)
        got = bell.wait(lambda: rooms.got("cellule"), 60, "the message")
        ok(not quoted(got) and LEFT_OUT in got[0], "a followed topic's message from before the period is cut", got)


def declare(bell):
    """The period begins."""
    bell.kill("escalate")
    with open(bell.path("tocsin.yaml"), encoding="utf-8") as f:
        text = f.read()
    bell.write("tocsin.yaml", text.replace("fallback: [", ELECTION + "fallback: ["))
    bell.hurry()
    bell.restart("escalate")


def past(bell):
    """An alarm that was over before anybody could be told."""
    bell.kill("escalate")
    bell.rise("orange", kind="campaign", topic="campagne:1", title="Texte recopié : « copie-colle »")
    bell.rise("vert", kind="campaign", topic="campagne:1", title="Texte recopié : « copie-colle »", action=CLOSE)
    bell.back(3 * 60)
    bell.restart("escalate")


def afterwards(ok):
    with Rooms() as rooms, Bell(policy=rooms.policy(ELECTION, "dircom"), extra=rooms.sms()) as bell:
        past(bell)
        bell.wait(lambda: all(rooms.got(n) for n in (*rooms.names, "sms")) and {"dircom", "petit"} <= set(mails(bell)), 30, "everybody")
        ok(quoted(mails(bell)["dircom"]) == ["copie-colle"] and quoted(rooms.got("equipe")) == ["copie-colle"], "a summary says what was copied", mails(bell))
        told = [rooms.got(n) for n in ("perso", "cellule", "salon")] + [mails(bell)["petit"]]
        ok(not any(quoted(t) for t in told) and all(LEFT_OUT in t[0] and "Texte recopié" in t[0] for t in told), "not to the cabinet", told)
        ok(not quoted(rooms.got("sms")), "nor by SMS", rooms.got("sms"))


def for_another(ok):
    """Nobody takes the moderation's message: the cabinet, which is the fallback, hears that, and of what."""
    with Rooms(equipe=("404",)) as rooms, Bell(policy=rooms.policy(ELECTION, "cellule"), extra=rooms.sms()) as bell:
        bell.say("comment", 1, "facebook", "c1", int(time.time() * 1000), "mon immeuble est coupé du monde")
        bell.rise("orange", kind="emergent", topic="emergent:cormier", title="Sujet émergent : « Cormier »", examples=[1])
        got = bell.wait(lambda: [t for t in rooms.got("cellule") if "SECOURS" in t], 30, "the fallback's message")
        ok(not quoted(got) and "Modération" in got[0] and LEFT_OUT in got[0], "what did not reach another quotes nobody either", got)


def begun_since(ok):
    """The summary waits for its receiver; meanwhile the period is declared."""
    with Rooms(cellule=("503", "503", "ok")) as rooms, Bell(policy=rooms.policy("", "dircom"), extra=rooms.sms()) as bell:
        past(bell)
        row = "SELECT state, attempts FROM outbox WHERE person = 'cellule'"
        bell.wait(lambda: bell.rows(row) and bell.rows(row)[0][1] and bell.rows(row)[0][0] == 0, 30, "an attempt that failed")
        declare(bell)
        got = bell.wait(lambda: rooms.got("cellule"), 60, "the summary")
        ok(not quoted(got) and LEFT_OUT in got[0] and "alerte n° 1" in got[0].replace("\\u00b0", "°"), "what was composed before the period is cut", got)
        ok(quoted(rooms.got("equipe")) == ["copie-colle"], "before it, it was said whole", rooms.got("equipe"))


def scenario(ok):
    for part in (by_every_way, followed, afterwards, for_another, begun_since):
        part(ok)


main(scenario)
