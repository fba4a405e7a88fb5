"""SMS through a gateway that takes Kannel's parameters, out and back in: what is sent, how often, and whose answer counts."""
import hashlib
import hmac
import importlib
import re
import time
import urllib.parse
from base64 import b64encode

from bell import UNTIL, main
from receivers import Http, Smtp

phone = importlib.import_module("escalate-code")
SECRET, REPLY = "p&ss=%1 é", "0123456789abcdef"
GSM = set("@£$¥èéùìò\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
          "¿abcdefghijklmnopqrstuvwxyzäöñüà")
POLICY = """\
people:
  - {id: morel, name: C. Morel, mail: morel@ville.example}
  - {id: dircom, name: A. Roche, sms: '+33 6 12 34 56 78'}
  - {id: dgs, name: B. Faure, mail: dgs@ville.example, sms: '+33600000000'}
levels:
  jaune: [{tell: morel}]
  orange: [{tell: dircom}, {tell: dgs, by: sms, after: 15 min}]
  rouge: [{tell: [dircom, dgs]}]
  gris: [{tell: morel}]
  P1: [{tell: dircom}]
policy: {fallback: morel}
"""


class Gateway(phone.Phone):
    def __init__(self, gate, method="get", page=True, **words):
        url = gate.url.replace("/hook", "/cgi-bin/sendsms")
        extra = (f"sms: {{url: '{url}?username=tocsin&password={{secret}}&from=38000&to={{to}}&text={{text}}&charset=UTF-8"
                 f"&coding=0', allow_internal: [127.0.0.1], method: {method}, secret_file: sms.key, reply_secret_file: reply.key}}\n"
                 "webhook: {listen: '127.0.0.1:0'" + (", public: 'https://a.fr'" if page else "") + "}\n")
        super().__init__(extra=extra, policy=words.pop("policy", POLICY), **words)
        self.write("sms.key", SECRET + "\n")
        self.write("reply.key", REPLY + "\n")

    def reply(self, text, sender="+33612345678", password=REPLY, **headers):
        """As Kannel's post-url brings it."""
        basic = b64encode(f"tocsin:{password}".encode()).decode()
        status, body, _ = self.ask("POST", "/sms", text.encode(), **{
            "Content-Type": 'text/plain; charset="UTF-8"', "X-Kannel-From": sender, "X-Kannel-To": "38000",
            "Authorization": "Basic " + basic, **headers})
        return status, body

    def signed(self, secret=REPLY, **fields):
        """As another gateway brings it: a form, signed as a source signs."""
        body, at = urllib.parse.urlencode(fields), str(int(time.time()))
        mac = hmac.new(secret.encode(), f"{at}.{body}".encode(), hashlib.sha256).hexdigest()
        status, said, _ = self.ask("POST", "/sms", body, **{
            "Content-Type": "application/x-www-form-urlencoded", "X-Tocsin-Timestamp": at,
            "X-Tocsin-Signature": "sha256=" + mac})
        return status, said


def fields_of(message):
    """The parameters of one request, wherever they stand."""
    method, target, _ = message.headers[":request"].split()
    query = target.partition("?")[2] if method == "GET" else message.raw.decode()
    return method, {k: v[0] for k, v in urllib.parse.parse_qs(query, strict_parsing=True).items()}


def sent(bell, gate, n=1):
    bell.wait(lambda: len(gate.arrived) >= n, 30, f"SMS {n}")
    return fields_of(gate.arrived[n - 1])


def code_in(text):
    return re.search(r"répondez (\w{4}-\w{4})\b", text).group(1)


def fits(ok, text, what):
    ok(len(text) <= 160 and set(text) <= GSM, f"{what}: one part of the GSM alphabet", (len(text), set(text) - GSM, text))


def out_and_in(ok):
    with Http(["ok"]) as gate, Gateway(gate) as bell:
        bell.rise("orange", title="Peupliers « tour n° 12 » : ça s'effondre… 🔥 appelez Jean au 06 12 34 56 78")
        method, f = sent(bell, gate)
        ok(method == "GET" and f["to"] == "+33612345678" and f["username"] == "tocsin" and f["password"] == SECRET and
           f["from"] == "38000" and f["charset"] == "UTF-8", "the gateway gets Kannel's parameters, its secret encoded", f)
        fits(ok, f["text"], "a long title")
        ok(f["text"].startswith("tocsin ORANGE ") and "47 messages, 39 personnes" in f["text"] and
           "34 56" not in f["text"] and "Roche" not in f["text"], "level, topic, counts, nobody's data", f["text"])
        code = code_in(f["text"])
        bell.wait(lambda: bell.outbox()[0][3] == 2, 20, "the row")
        ok(len(gate.arrived) == 1, "once")
        for name, answer, want in (("no secret", bell.reply(code, Authorization="")[0], 401),
                                   ("another secret", bell.reply(code, password="0123456789abcdeg")[0], 401),
                                   ("a wrong signature", bell.signed("x" * 16, **{"from": "+33612345678", "text": code})[0], 401),
                                   ("no sender", bell.signed(text=code)[0], 400),
                                   ("a GET", bell.ask("GET", f"/sms?from=%2B33612345678&text={code}")[0], 405)):
            ok(answer == want, f"{name}: {want}", answer)
        ok(bell.reply(code, "+33699999999") == (200, ""), "a stranger gets no answer")
        ok(bell.reply("bonjour", "+33699999998") == (200, ""), "… whatever he writes")
        ok(bell.reply(code, "+33600000000") == (200, "Code inconnu : vérifiez les huit signes dans le message reçu."),
           "another person's code is unknown")
        ok(bell.reply("bonjour")[1].startswith("Ce n'est pas un code"), "no code")
        ok(bell.incident()[0] == 0, "nobody is in charge yet")
        status, said = bell.reply(f"Je prends en charge, {code.lower()}", "0033612345678")
        ok(status == 200 and re.fullmatch(rf"Pris en charge {UNTIL}\.", said), "the answer for the telephone",
           (status, said))
        ok(bell.incident()[:2] == (1, "A. Roche") and bell.entries(phone.ACKED) == [("A. Roche", "code, par SMS")],
           "the main courante names person and means", bell.entries(phone.ACKED))
        ok(bell.reply(code)[1].startswith("Code déjà reçu : pris en charge"), "brought twice: the same")
        answers = [bell.reply("bonjour", "+33600000000")[1] for _ in range(6)]
        ok(answers[0].startswith("Ce n'est pas un code") and answers[-1] == "",
           "two machines do not answer each other for ever", answers)
        ok(SECRET not in "".join(map(bell.log, ("escalate", "webhook", "store"))) and code not in bell.log("webhook"),
           "no log has a secret or a code")


def signed_form(ok):
    with Http(["ok"]) as gate, Gateway(gate, "post", page=False) as bell:
        bell.rise("rouge")
        method, f = sent(bell, gate)
        ok(method == "POST" and gate.arrived[0].headers["content-type"] == "application/x-www-form-urlencoded",
           "method: post sends a form", gate.arrived[0].headers)
        bell.wait(lambda: len(gate.arrived) == 2 and bell.files(), 20, "the others")
        texts = {fields_of(m)[1]["to"]: fields_of(m)[1]["text"] for m in gate.arrived}
        ok(len({code_in(t) for t in texts.values()}) == 2, "each has a code of his own", texts)
        status, said = bell.signed(**{"from": "+33600000000", "text": code_in(texts["+33600000000"])})
        ok(status == 200 and "Pris en charge" in said and bell.incident()[1] == "B. Faure", "a signed form takes charge",
           (status, said))


def retries(ok):
    with Http(["503", "cut", "ok"]) as gate, Gateway(gate) as bell:
        bell.rise("orange")
        bell.wait(lambda: bell.outbox() and bell.outbox()[0][4] == 1 and bell.outbox()[0][3] == 0, 20, "the first attempt")
        bell.hurry()
        bell.wait(lambda: len(gate.arrived) == 1 and bell.outbox()[0][3] == 0, 20, "one without an answer")
        bell.hurry()
        bell.wait(lambda: bell.outbox()[0][3] == 2, 20, "the third")
        first, again = (fields_of(m)[1]["text"] for m in gate.arrived)
        ok(again.startswith("(doublon possible) tocsin ORANGE") and not first.startswith("("), "marked when it may have arrived",
           (first, again))
        fits(ok, again, "marked")
        ok(code_in(first) == code_in(again), "a retry carries the same code", (first, again))
        ok(len({m.headers["idempotency-key"] for m in gate.arrived}) == 1, "and the same name")


def killed(ok):
    with Http(["hang", "ok"]) as gate, Gateway(gate) as bell:
        bell.rise("orange")
        first = sent(bell, gate)[1]["text"]
        bell.kill("escalate")
        bell.hurry()
        bell.restart()
        again = sent(bell, gate, 2)[1]["text"]
        ok("doublon possible" in again and code_in(first) == code_in(again), "escalate killed while sending: marked, same code",
           (first, again))
        bell.kill("store")
        ok(bell.reply(code_in(first)) == (200, "Le service ne répond pas : réessayez dans une minute."),
           "store away: Kannel gets what it can hand on")
        ok(bell.reply("bonjour", "+33699999999") == (200, ""), "… and nothing for whoever sends no code")
        ok(bell.signed(**{"from": "+33612345678", "text": code_in(first)})[0] == 503, "… another gateway is to come again")
        bell.restart("store")
        bell.wait(lambda: "pris en charge" in bell.reply(code_in(first))[1].lower(), 30, "store")
        ok(bell.incident()[0] == 1, "the code counts after store was killed", bell.incident())


def refused(ok):
    with Http(["403"]) as gate, Gateway(gate) as bell:
        bell.rise("orange")
        bell.wait(lambda: any(r[3] == 3 for r in bell.outbox()), 20, "the dead letter")
        bell.wait(bell.files, 20, "the fallback's mail")
        ok("SECOURS" in bell.mails()[0]["Subject"] and "A. Roche" in bell.mails()[0]["Subject"],
           "a gateway that refuses makes a dead letter, and the fallback is told", bell.mails()[0]["Subject"])
        ok(SECRET not in str(bell.outbox()), "the outbox has no secret")


def without_mail(ok):
    """The mail server is away: the fallback, whose first channel is the mail, is called by the telephone."""
    plan = POLICY.replace("tell: dircom}", "tell: morel}").replace("fallback: morel", "fallback: dgs, fallback_after: 0 s")
    with Smtp(["refuse", "refuse"]) as server, Http(["ok"]) as gate, \
            Gateway(gate, policy=plan, mail=f"{{url: '{server.url}', tls: none, from: t@v.example}}") as bell:
        bell.rise("orange")
        f = sent(bell, gate)[1]
        ok(f["to"] == "+33600000000" and "SECOURS ORANGE" in f["text"], "no mail: the fallback's SMS goes", f)
        fits(ok, f["text"], "the fallback's")
        bell.wait(lambda: sorted(r[3] for r in bell.outbox()) == [0, 0, 2], 20, "three rows")
        keys = sorted(r[0].split("/", 2)[2] for r in bell.outbox() if r[0].startswith("secours/"))
        ok(keys == ["0/dgs/mail", "1/dgs/sms"], "one channel after the other", keys)


def echoed(ok):
    """Some gateways repeat what they got in their answer: nothing of it stays here."""
    for modes, status in ((["echo"], "HTTP 200"), (["403 echo"], "HTTP 403")):
        with Http(modes) as gate, Gateway(gate) as bell:
            bell.rise("orange")
            bell.wait(lambda: any(r[3] in (2, 3) for r in bell.outbox()), 20, "the answer")
            detail = next(r[6] for r in bell.outbox() if r[3] in (2, 3))
            ok(detail == status, f"{status}: the status alone is kept", detail)
            said = str(bell.rows("SELECT text FROM entry")) + "".join(map(bell.log, ("escalate", "store")))
            ok("Peupliers" not in said and "612345678" not in said and SECRET not in said,
               "neither the main courante nor a log has the rest", said)


def scenario(ok):
    without_mail(ok)
    out_and_in(ok)
    echoed(ok)
    signed_form(ok)
    retries(ok)
    killed(ok)
    refused(ok)


if __name__ == "__main__":
    main(scenario)
