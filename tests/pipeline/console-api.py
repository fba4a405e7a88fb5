"""/api/v1: what a token may do and nothing else, each answer as its description says, the same rules as in the pages."""
import contextlib
import http.client
import json
import os
import re
import signal
import sqlite3
import subprocess
import threading
import time

import jsonschema

from desk import CONSOLE, PASSWORD, Desk, seq_of
from town import RULES, comment, main

SOURCES = "  - {id: site, title: Site, kind: jsonl, path: site.jsonl, follow: yes}\n"
API = "/api/v1"


def table():
    """[(method, path, scope)] of the API's table; scope "*": everybody."""
    text = subprocess.run([CONSOLE, "--api"], capture_output=True, text=True, check=True).stdout
    return [tuple(line.split()) for line in text.splitlines()]


SCOPES = sorted({scope for _, _, scope in table()} - {"*"} | {"metrics:read"})
OF_ROLE = {"moderation": {"queue:read", "queue:decide", "incidents:read", "incidents:ack", "statistics:read", "rules:read"},
           "cabinet": {"incidents:read", "incidents:ack", "statistics:read", "rules:read"},
           "admin": {"statistics:read", "rules:read", "metrics:read"},
           "astreinte": {"incidents:read", "statistics:read", "rules:read"}} # a program is never on duty
OF_ROLE |= {"dircom": OF_ROLE["moderation"], "dgs": OF_ROLE["cabinet"]}
OF_ROLE |= {role: {"statistics:read", "rules:read"} for role in ("regles", "juriste", "dpo")}


class Answer:
    def __init__(self, status, headers, raw):
        self.status, self.headers, self.raw = status, headers, raw

    @property
    def json(self):
        return json.loads(self.raw)

    def __repr__(self):
        return f"{self.status} {self.raw[:400]}"


class Program:
    """Asks with a token, as a program does."""

    def __init__(self, port, token=None):
        self.port, self.token = port, token

    def ask(self, method, path, body=None, **headers):
        headers = {k.replace("_", "-"): v for k, v in headers.items()}
        if self.token is not None:
            headers.setdefault("Authorization", "Bearer " + self.token)
        if isinstance(body, dict):
            body = json.dumps(body)
        if method == "POST":
            headers.setdefault("Content-Type", "application/json")
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            c.request(method, path, None if body is None else body if isinstance(body, bytes) else body.encode(), headers)
            r = c.getresponse()
            return Answer(r.status, r.headers, r.read())
        finally:
            c.close()

    def get(self, path):
        return self.ask("GET", API + path)

    def post(self, path, body, **headers):
        return self.ask("POST", API + path, body, **headers)


def token(desk, name, account, scopes, *more):
    code, out, err = desk.run("token", "add", name, "--account", account, "--scope", scopes, *more)
    if code != 0:
        raise RuntimeError(out + err)
    return Program(desk.port, out.strip())


class Described:
    """The description, by which answers are judged."""

    def __init__(self, document):
        self.document = document

    def operation(self, method, path):
        """Of a concrete path."""
        for pattern, operations in self.document["paths"].items():
            if re.fullmatch(re.sub(r"\{\w+\}", r"[^/]+", pattern), path.partition("?")[0]):
                return operations[method.lower()]
        raise KeyError(path)

    def judge(self, method, path, answer):
        """What is wrong with it, or None."""
        responses = self.operation(method, path)["responses"]
        if str(answer.status) not in responses:
            return f"{answer.status} is not described for {method} {path}"
        response = responses[str(answer.status)]
        if "$ref" in response:
            response = self.document["components"]["responses"][response["$ref"].rsplit("/", 1)[1]]
        (kind, content), = response["content"].items()
        if answer.headers["Content-Type"] != kind:
            return f"{answer.headers['Content-Type']}, not {kind}"
        try:
            jsonschema.Draft202012Validator({**content["schema"], "components": self.document["components"]}).validate(answer.json)
        except jsonschema.ValidationError as problem:
            return problem.message
        return None


def description(ok, desk):
    """The document and the table say the same, each way."""
    answer = Program(desk.port).get("/openapi.json")
    document = answer.json
    ok(answer.status == 200 and document["openapi"] == "3.1.0", "the description is there for everybody", answer)
    said = set()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            scopes = [s for one in operation["security"] for s in one["token"]] or ["*"]
            said |= {(method.upper(), re.sub(r"\{\w+\}", "*", path), scope) for scope in scopes}
    ok(said == set(table()) and len(said) == len(table()), "it says what the table says", said ^ set(table()))
    names = re.findall(r'"#/components/(\w+)/(\w+)"', json.dumps(document))
    ok(all(name in document["components"][kind] for kind, name in names), "nothing in it leads nowhere")
    unused = set(document["components"]["schemas"]) - {name for _, name in names}
    ok(not unused, "nothing in it is without use", unused)
    for schema in document["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)
    return Described(document)


# Of whoever may: the status for what there is (an alarm that is closed by then), and for what there is not. A decision brings
# nothing and is incomplete; so is an end, of who conducts alarms.
EXPECTED = {("GET", "/openapi.json"): (200,), ("GET", "/queue"): (200,), ("GET", "/queue/*"): (200, 404),
            ("POST", "/queue/*/decision"): (422, 422), ("POST", "/queue/*/undo"): (409, 404), ("GET", "/incidents"): (200,),
            ("GET", "/incidents/*"): (200, 404), ("POST", "/incidents/*/ack"): (409, 404),
            ("POST", "/incidents/*/close"): (422, 404), ("POST", "/incidents/*/reopen"): (422, 404), ("GET", "/statistics"): (200,),
            ("GET", "/rules"): (200,)}
ENDS = ("/incidents/*/close", "/incidents/*/reopen")
CONDUCTS = ("dircom", "cabinet", "dgs")


def expected(method, path, name, kind, may):
    """kind: 0 what there is, 1 what there is not."""
    if not may:
        return 401 if name == "nobody" else 403
    return 403 if path in ENDS and name not in CONDUCTS and kind == 0 else EXPECTED[method, path][kind]


def callers_of(desk):
    """[(program, scopes, name)]: nobody, each scope alone, each role with all that it may."""
    desk.account("tout", "moderation,admin")
    return ([(Program(desk.port), set(), "nobody")] +
            [(token(desk, "s-" + s.replace(":", "-"), "tout", s), {s}, s) for s in SCOPES] +
            [(token(desk, "r-" + role, "m-" + role, ",".join(sorted(scopes))), scopes, role) for role, scopes in OF_ROLE.items()])


def matrix(ok, desk, described):
    """Every question × every scope, every role and nobody × what there is and what there is not."""
    wrong, n = [], 0
    for role in OF_ROLE:
        desk.account("m-" + role, role)
        code, _, err = desk.run("token", "add", "trop-" + role, "--account", "m-" + role, "--scope", ",".join(SCOPES))
        ok(code == 1 and "portées" in err, f"{role} gets no token that can more than he", err)
    desk.account("m-service", "service", PASSWORD, "--services", "eau")
    ok(all(desk.run("token", "add", "un", "--account", "m-service", "--scope", s)[0] == 1 for s in SCOPES), "a service gets none at all")
    ok({(m, p[len(API):]) for m, p, _ in table()} == set(EXPECTED), "what is expected names every route, and no other")
    threat = seq_of(desk, "où tu habites")
    callers = callers_of(desk)
    for program, scopes, name in callers:
        for method, path, scope in table():
            existing = path.replace("*", "1" if "incidents" in path else str(threat))
            may = scope == "*" or scope in scopes
            for kind, address in enumerate([existing, path.replace("*", "999999")] if "*" in path else [path]):
                answer = program.ask(method, address, {} if method == "POST" else None)
                status = expected(method, path[len(API):], name, kind, may)
                fault = described.judge(method, address, answer)
                n += 1
                if answer.status != status or fault or answer.headers["Set-Cookie"] or answer.headers["Access-Control-Allow-Origin"] or (
                        answer.status != 200 and b"habites" in answer.raw):
                    wrong.append((name, method, address, answer.status, fault))
    ok(not wrong, f"{n} questions: {len(table())} routes, each for {len(callers)} callers", wrong)
    ok({s for *_, s in table()} - {"*"} <= set(SCOPES), "the table is the real one", table())
    forwarded = {"X-Forwarded-For": "192.0.2.1"}
    for scope, status in (("metrics:read", 200), ("rules:read", 403)):
        one = next(p for p, _, name in callers if name == scope)
        ok(one.ask("GET", "/metrics", **forwarded).status == status, f"/metrics from elsewhere with {scope}: {status}")


def over(ok, desk, described, brief):
    """A token whose day is over."""
    def expires(at):
        with contextlib.closing(sqlite3.connect(desk.path("state", "store.db"), timeout=10)) as db, db:
            db.execute("UPDATE token SET expires_at = ? WHERE name = 'bref'", (int(at * 1000),))

    expires(time.time() - 1)
    answer = brief.get("/queue")
    ok(answer.status == 401 and answer.headers["WWW-Authenticate"] and described.judge("GET", API + "/queue", answer) is None,
       "when its day is over it opens nothing", answer)
    ok("bref" in [t["name"] for t in desk.json("token", "list")], "… and is listed still")
    expires(time.time() + 3600)
    ok(brief.get("/queue").status == 200, "nothing else was wrong with it")


def strangers(ok, desk, described):
    """Whoever has no token that holds."""
    good = token(desk, "bon", "anne", "queue:read")
    ok(good.get("/queue").status == 200, "a token opens")
    cookie = desk.again("anne").cookie
    person = Program(desk.port)
    answer = person.ask("GET", API + "/queue", Cookie=cookie)
    ok(answer.status == 401 and answer.headers["WWW-Authenticate"] == 'Bearer realm="tocsin"' and not answer.headers["Set-Cookie"],
       "a cookie opens nothing", answer)
    page = desk.visitor().ask("GET", "/moderation", headers={"Authorization": "Bearer " + good.token})
    ok(page.status == 303, "and a token no page")
    flipped = good.token[:-1] + ("0" if good.token[-1] != "0" else "1")
    forged = [flipped, good.token.upper(), good.token[:-1], good.token + "0", "tocsin_" + "0" * 64, "", "x" * 5000, good.token + ", x"]
    answers = [Program(desk.port, f).get("/queue") for f in forged]
    ok(all(a.status == 401 and described.judge("GET", API + "/queue", a) is None for a in answers), "forged ones neither", answers)
    for scheme in ("Basic " + good.token, good.token, "Bearer"):
        ok(Program(desk.port).ask("GET", API + "/queue", Authorization=scheme).status == 401, "nor another scheme: " + scheme[:8])
    raw = http.client.HTTPConnection("127.0.0.1", desk.port, timeout=30)
    raw.putrequest("GET", API + "/queue")
    raw.putheader("Authorization", "Bearer " + good.token)
    raw.putheader("Authorization", "Bearer " + good.token)
    raw.endheaders()
    ok(raw.getresponse().status == 401, "nor two at once")
    raw.close()
    statuses = [Program(desk.port, forged[0]).ask("GET", API + "/queue", X_Forwarded_For="198.51.100.7").status for _ in range(7)]
    ok(statuses == [401] * 5 + [429] * 2, "five wrong ones a minute from one sender", statuses)
    ok(good.get("/queue").status == 200, "others do not wait")
    code, _, err = desk.run("token", "revoke", "bon")
    ok(code == 0 and good.get("/queue").status == 401, "revoked, at once", err)
    ok(desk.run("token", "revoke", "bon")[0] == 1, "… once")
    brief = token(desk, "bref", "anne", "queue:read", "--days", "1")
    ok(desk.json("token", "list") and brief.get("/queue").status == 200, "one for a day")
    over(ok, desk, described, brief)
    gone = token(desk, "parti", "carl", "rules:read")
    ok(gone.get("/rules").status == 200 and desk.run("user", "remove", "carl")[0] == 0 and gone.get("/rules").status == 401,
       "with its account a token ends")
    ok("parti" not in [t["name"] for t in desk.json("token", "list")], "… and is listed no more")
    less = token(desk, "moins", "dora", "queue:read,rules:read")
    ok(less.get("/queue").status == 200 and desk.run("user", "set", "dora", "--roles", "cabinet")[0] == 0 and
       less.get("/queue").status == 403 and less.get("/rules").status == 200, "it can no more than its account now can")
    with open(desk.path("state", "store.db"), "rb") as f:
        database = f.read()
    ok(brief.token.encode() not in database and brief.token not in desk.log(), "no token is in the database or the log")
    for words in (("add", "x", "--scope", "roi"), ("add", "x"), ("add", "x", "--scope", "rules:read", "--days", "0"),
                  ("add", "x", "--scope", "rules:read", "--days", "9999"), ("add", "x", "--scope", "rules:read", "--days", "1x"), ("quoi",)):
        ok(desk.run("token", *words)[0] == 2, "misuse: token " + " ".join(words))
    for words in (("add", "X y", "--account", "anne", "--scope", "rules:read"), ("add", "bref", "--account", "anne", "--scope", "rules:read"),
                  ("add", "y", "--account", "personne", "--scope", "rules:read")):
        ok(desk.run("token", *words)[0] == 1, "refused: token " + " ".join(words))


def queue(ok, desk, described, one):
    seen, path = [], API + "/queue?limit=2"
    for _ in range(10):
        page = one.ask("GET", path)
        fault = described.judge("GET", path, page)
        if fault:
            ok(False, "a page as described", fault)
        seen += [(i["verdict"]["priority"], i["seq"]) for i in page.json["items"]]
        if not page.json["next"]:
            break
        path = f"{API}/queue?limit=2&after={page.json['next']}"
    expected = [(i["verdict"]["priority"], i["seq"]) for i in desk.json("queue", "--lane", "moderation")]
    ok(seen == expected and len(seen) >= 5, "page by page, the queue as it is", (seen, expected))
    ok([i["verdict"]["priority"] for i in one.get("/queue?priority=P1").json["items"]] == ["P1"], "by priority")
    ok(one.get("/queue?source=ailleurs").json == {"items": [], "next": None} and len(one.get("/queue?source=site").json["items"]) >= 5,
       "by source")
    ok(one.get("/queue?lane=reponse").status == 200, "the other file")
    for bad in ("limit=0", "limit=101", "limit=x", "limit=", "lane=x", "after=1-2", "after=x", "priority=P5", "limit=2&limit=3", "source=%00"):
        answer = one.get("/queue?" + bad)
        good = answer.status == (200 if bad == "limit=" else 400) and described.judge("GET", API + "/queue", answer) is None
        ok(good, f"refused with a word of help: {bad}" if bad != "limit=" else "an empty limit is none", answer)
    item = one.get(f"/queue/{seen[0][1]}")
    ok(item.json["waits"] is True and described.judge("GET", f"{API}/queue/1", item) is None, "one item", item)
    for path in ("/queue/999999", "/queue/0", "/queue/-1", "/queue/1x", "/queue/" + "9" * 30, "/rien", "/queue/1/rien"):
        answer = one.get(path)
        ok(answer.status == 404 and answer.headers["Content-Type"] == "application/problem+json", "404: " + path[:20], answer)
    return [seq for _, seq in seen]


def decisions(ok, desk, described, one, other, seqs):
    first, second, third = seqs[1:4]
    path = f"/queue/{first}/decision"
    judged = lambda a: described.judge("POST", API + path, a) is None
    for name, body, status in (("unknown decision", {"decision": "bannir"}, 422), ("no decision", {}, 422), ("no reason", {"decision": "masquer"}, 422),
                               ("a member too many", {"decision": "laisser", "qui": "eve"}, 400), ("a number", {"decision": 1}, 400),
                               ("too long", {"decision": "masquer", "reason": "x" * 5000}, 400), ("a list", "[]", 400), ("nothing", "", 400),
                               ("half", '{"decision": "lai', 400), ("twice", '{"decision": "laisser", "decision": "masquer"}', 400),
                               ("two", '{"decision": "laisser"}{}', 400), ("deep", "[" * 1000, 400), ("not UTF-8", b'{"decision": "\xff"}', 400),
                               ("too much", b'{"reason": "' + b"x" * 70000 + b'"}', 413)):
        answer = one.post(path, body)
        ok(answer.status == status and judged(answer), f"{name}: {status}", answer)
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""):
        answer = one.post(path, {"decision": "laisser"}, Content_Type=kind)
        ok(answer.status == 415 and judged(answer), f"415: {kind!r}", answer)
    ok(one.ask("GET", API + path).status == 405 and one.ask("GET", API + path).headers["Allow"] == "POST", "405 says how")
    ok(one.ask("OPTIONS", API + path, Origin="https://mal.invalid").status == 405, "no other site is let in")

    body = {"decision": "masquer", "reason": "injure « nette »", "category": "injure_publique"}
    done = one.post(path, body, Content_Type="application/json; charset=utf-8", Idempotency_Key="k1")
    ok(done.status == 200 and judged(done) and done.json["who"] == "anne", "decided, as the account's", done)
    ok(one.post(path, body, Idempotency_Key="k1").json == done.json, "the same under the same key: the same answer")
    again = one.post(path, {**body, "reason": "autre"}, Idempotency_Key="k1")
    ok(again.status == 422 and judged(again), "something else under it: refused", again)
    ok(other.post(f"/queue/{second}/decision", {"decision": "laisser"}, Idempotency_Key="k1").status == 200, "another's key is another's")
    for key in ("x" * 129, ""):
        ok(one.post(path, body, Idempotency_Key=key).status == 400, f"a key of {len(key)} characters")
    history = one.get(f"/queue/{first}").json
    ok(not history["waits"] and [(h["decision"], h["who"], h["reason"], h["category"]) for h in history["history"]] ==
       [("masquer", "anne", "injure « nette »", "injure_publique")], "once in the history", history)
    late = other.post(path, {"decision": "laisser"})
    ok(late.status == 409 and judged(late), "who comes second is told", late)
    nobody = other.post(f"/queue/{first}/undo", {})
    ok(nobody.status == 409, "nobody else undoes", nobody)
    undone = one.post(f"/queue/{first}/undo", {})
    ok(undone.status == 200 and undone.json == {"seq": first, "waits": True} and one.get(f"/queue/{first}").json["waits"], "undone", undone)
    ok(one.post(f"/queue/{first}/undo", {"x": "y"}).status == 400 and one.post("/queue/999999/undo", {}).status == 404, "undo: bad input")
    fourth = seqs[4]
    path = f"/queue/{fourth}/decision"
    for name, body, status in (("a holding reply without its text", {"decision": "attente"}, 422),
                               ("a text that goes with nothing", {"decision": "laisser", "text": "Bonjour"}, 422),
                               ("a service that goes with nothing", {"decision": "repondre", "text": "x", "service": "eau"}, 422),
                               ("a category that is none", {"decision": "laisser", "category": "bananes"}, 422),
                               ("called something else, without what", {"decision": "requalifier"}, 422),
                               ("a transfer to nobody", {"decision": "transferer", "reason": "x"}, 422),
                               ("a text too long", {"decision": "attente", "text": "x" * 5000}, 400)):
        answer = one.post(path, body)
        ok(answer.status == status and judged(answer), f"{name}: {status}", answer)
    held = one.post(path, {"decision": "attente", "text": "Bonjour, bientôt.", "model": "attente_eau", "service": "eau"})
    ok(held.status == 200 and judged(held) and held.json["follow_at"], "a holding reply, and when the service is reminded", held)
    item = one.get(f"/queue/{fourth}")
    ok(item.json["waits"] and item.json["follow"]["service"] == "eau" and item.json["follow"]["until"] == held.json["follow_at"] and
       item.json["history"][-1]["text"] == "Bonjour, bientôt." and described.judge("GET", f"{API}/queue/1", item) is None, "it waits for it", item)
    ok(one.get("/queue?lane=reponse").json["items"][-1]["seq"] == fourth, "among the questions, last")
    called = one.post(path, {"decision": "requalifier", "category": "outrage"})
    ok(called.status == 200 and judged(called) and one.get(f"/queue/{fourth}").json["qualified"] == "outrage" and
       one.get(f"/queue/{fourth}").json["waits"], "called something else, it waits on", called)
    ok(one.post(f"/queue/{fourth}/undo", {}).status == 200 and one.get(f"/queue/{fourth}").json["qualified"] == "", "undone")
    sent = one.post(path, {"decision": "transferer", "reason": "à vous", "service": "eau"})
    ok(sent.status == 200 and judged(sent) and one.get(f"/queue/{fourth}").json["follow"], "transferred, it goes on waiting", sent)
    ok(one.post(f"/queue/{fourth}/undo", {}).status == 200 and one.get(f"/queue/{fourth}").json["history"][-1]["decision"] == "annuler" and
       one.get(f"/queue/{fourth}").json["follow"], "undone, it waits as before")
    done = one.post(path, {"decision": "repondre", "text": "Bonjour, voilà."})
    ok(done.status == 200 and judged(done) and done.json["follow_at"] is None and not one.get(f"/queue/{fourth}").json["waits"], "answered", done)
    for name, body in (("no category", {"decision": "oubli", "reason": "x"}), ("no note", {"decision": "oubli", "category": "menace"}),
                       ("no category of the law", {"decision": "oubli", "category": "x", "reason": "x"})):
        answer = one.post(path, body)
        ok(answer.status == 422 and judged(answer), f"missed, {name}: 422", answer)
    missed = one.post(path, {"decision": "oubli", "category": "menace", "reason": "à la sortie"})
    ok(missed.status == 200 and judged(missed) and one.get(f"/queue/{fourth}").json["waits"], "missed: into the queue by hand", missed)
    ok(other.post(path, {"decision": "oubli", "category": "spam", "reason": "x"}).status == 409, "once")
    person = desk.again("bob")
    person.send(f"/moderation/{third}/prendre", at="/moderation")
    busy = one.post(f"/queue/{third}/decision", {"decision": "laisser"})
    ok(busy.status == 409 and judged(busy), "what a person works on is not decided", busy)


def incidents(ok, desk, described, one):
    listed = one.get("/incidents")
    ok(listed.status == 200 and described.judge("GET", API + "/incidents", listed) is None, "incidents", listed)
    found = next(i for i in listed.json["incidents"] if i["kind"] == "P1")
    path = f"/incidents/{found['id']}"
    full = one.get(path)
    text = full.raw.decode()
    ok(full.status == 200 and described.judge("GET", API + path, full) is None and full.json["verbatims"], "one in full", full)
    ok(not [s for s in ("06 12 34 56 78", "jeanne_du_38", "Jeanne") if s in text], "not who said it, no number", text)
    taken = one.post(path + "/ack", {"text": "par le robot"})
    ok(taken.status == 200 and taken.json == {"id": found["id"], "acked_by": "anne"}, "taken in charge", taken)
    after = one.get(path).json
    ok(after["state"] == "acked" and any(e["text"] == "par le robot" and e["who"] == "anne" for e in after["log"]), "the log says so", after)
    ok(one.post(path + "/ack", {"text": 1}).status == 400 and one.post("/incidents/77/ack", {}).status == 404 and
       one.get("/incidents/0").status == 404 and one.get("/incidents?state=x").status == 400, "bad input")
    desk.run("close", str(found["id"]), "--who", "anne")
    closed = one.post(path + "/ack", {})
    ok(closed.status == 409 and described.judge("POST", API + path + "/ack", closed) is None, "what is closed is not taken", closed)
    desk.account("conduit", "dircom")
    lead = token(desk, "conduit", "conduit", "incidents:read,incidents:ack")
    judged = lambda verb, a: described.judge("POST", f"{API}{path}/{verb}", a) is None
    refused = one.post(path + "/reopen", {"text": "pas fini"})
    ok(refused.status == 403 and judged("reopen", refused), "who does not conduct alarms opens none again", refused)
    for verb, body, status in (("close", {"text": "x"}, 409), ("reopen", {}, 422), ("reopen", {"text": "é" * 1001}, 400), ("reopen", {"why": "x"}, 400)):
        answer = lead.post(f"{path}/{verb}", body)
        ok(answer.status == status and judged(verb, answer), f"{verb} {str(body)[:20]}: {status}", answer)
    again = lead.post(path + "/reopen", {"text": "pas fini <b>"})
    after = lead.get(path).json
    ok(again.status == 200 and judged("reopen", again) and again.json == {"id": found["id"], "state": "open"} and after["state"] == "open" and
       any((e["kind"], e["who"], e["text"]) == ("reopened", "conduit", "pas fini <b>") for e in after["log"]),
       "open again, with who and why", after)
    twice = lead.post(path + "/reopen", {"text": "encore"})
    ok(twice.status == 409 and judged("reopen", twice), "once", twice)
    ok(one.post(path + "/close", {"text": "fini"}).status == 403 and one.get(path).json["state"] == "open", "nor closes one")
    ended = lead.post(path + "/close", {"text": "fini"})
    after = lead.get(path).json
    ok(ended.status == 200 and judged("close", ended) and after["state"] == "closed" and
       any((e["kind"], e["who"], e["text"]) == ("closed", "conduit", "fini") for e in after["log"]), "closed, with who and why", after)
    ok(lead.post("/incidents/77/close", {"text": "x"}).status == 404, "none of that number")
    every = one.get("/incidents?state=all").json["incidents"]
    ok(found["id"] in [i["id"] for i in every] and found["id"] not in [i["id"] for i in one.get("/incidents").json["incidents"]],
       "closed ones on demand")
    with contextlib.closing(sqlite3.connect(desk.path("state", "store.db"), timeout=10)) as db, db:
        columns = ", ".join(r[1] for r in db.execute("PRAGMA table_info(incident)") if r[1] != "id")
        for _ in range(250):
            db.execute(f"INSERT INTO incident ({columns}) SELECT {columns} FROM incident WHERE id = ?", (found["id"],))
    ids, page = [], {"next": ""}
    while page["next"] is not None and len(ids) < 1000:
        answer = one.get(f"/incidents?state=all&after={page['next']}")
        page = answer.json
        ids += [i["id"] for i in page["incidents"]]
        ok(answer.status == 200 and described.judge("GET", API + "/incidents", answer) is None and len(page["incidents"]) <= 100,
           "a page of them", answer)
    ok(ids == sorted(set(ids)) and len(ids) == len(every) + 250, "page by page each once", len(ids))
    ok(one.get("/incidents?after=x").status == 400, "no page")


def about(ok, desk, described, one):
    for path in ("/statistics", "/rules"):
        answer = one.get(path)
        fault = described.judge("GET", API + path, answer)
        ok(answer.status == 200 and fault is None, path, (answer, fault))
    statistics, rules = one.get("/statistics").json, one.get("/rules").json
    ok(sum(statistics["waiting"]["moderation"].values()) == len(desk.json("queue", "--lane", "moderation")), "how many wait", statistics)
    ok({r["id"] for r in rules["rules"]} == {"injure.adressee", "menace.directe"} and rules["bundle"] == rules["publications"][0]["hash"],
       "the rules that are loaded", rules)


def limits(ok, desk):
    one = token(desk, "vite", "anne", "statistics:read")
    began = time.monotonic()
    statuses = [one.get("/statistics").status for _ in range(100)]
    allowed = 60 + 10 * (time.monotonic() - began) + 1
    ok(60 <= statuses.count(200) <= allowed and (429 in statuses or allowed >= 100), f"{statuses.count(200)} of 100 at once, {allowed:.0f} at most")
    other = token(desk, "calme", "anne", "statistics:read")
    ok(other.get("/statistics").status == 200, "others do not wait")
    time.sleep(1.2)
    ok(one.get("/statistics").status == 200, "a second later it goes on")


def away(ok, desk, one, seq):
    pid = desk.pid("store")
    os.kill(pid, signal.SIGSTOP)
    try:
        asked = threading.Thread(target=one.post, args=(f"/queue/{seq}/decision", {"decision": "laisser"}))
        asked.start()
        time.sleep(0.2)
        began = time.monotonic()
        ok(one.get("/queue").status == 200 and time.monotonic() - began < 1.5 and asked.is_alive(), "while one waits for store, others do not")
        asked.join()
        answer = one.post(f"/queue/{seq}/decision", {"decision": "laisser"}, Idempotency_Key="sans-base")
        ok(answer.status == 503 and answer.headers["Retry-After"] and "rien" in answer.json["detail"], "without store: 503", answer)
        ok(one.get("/queue").status == 200, "reading goes on")
    finally:
        os.kill(pid, signal.SIGCONT)
    desk.wait_for(lambda: one.post(f"/queue/{seq}/decision", {"decision": "laisser"}, Idempotency_Key="sans-base").status in (200, 409), 15,
                  "store again")
    ok(True, "the same key, asked again, is done")


def scenario(ok):
    with Desk(SOURCES, rules=RULES) as desk:
        desk.comments("site.jsonl", [comment(i, f"Quel abruti, numéro {i}", f"a{i}", i) for i in range(1, 7)] + [
            comment(9, "on sait où tu habites 06 12 34 56 78", "jeanne_du_38", 9, author_name="Jeanne D."), comment(10, "Merci", "z", 10)])
        desk.start()
        for name in ("anne", "bob", "carl", "dora"):
            desk.account(name, "moderation")
        desk.wait_for(lambda: desk.committed() >= 8 and desk.json("incidents"), 20, "the comments")
        described = description(ok, desk)
        every = "queue:read,queue:decide,incidents:read,incidents:ack,statistics:read,rules:read"
        # each its own: none comes near the limit of one
        readers, robot, incident, numbers = (token(desk, n, "anne", every) for n in ("lit", "decide", "alerte", "nombres"))
        seqs = queue(ok, desk, described, readers)
        decisions(ok, desk, described, robot, token(desk, "deux", "bob", every), seqs)
        incidents(ok, desk, described, incident)
        about(ok, desk, described, numbers)
        strangers(ok, desk, described)
        matrix(ok, desk, described)
        limits(ok, desk)
        away(ok, desk, incident, seqs[4])
        english = numbers.ask("GET", API + "/queue/999999", Accept_Language="en")
        ok("list" in english.json["detail"] and english.status == 404, "in English for who asks for it", english)
        ok(desk.stop() == 0, "the town stops")


main(scenario)
