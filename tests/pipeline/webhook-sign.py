"""Who may push: signatures, timestamps, replays, secrets that change, and what is in a body."""
import json
import os
import signal
import time

from gate import SECRET, Gate, headers_for, request, sign
from town import main

OTHER = b"ffffffffffffffffffffffffffffffff"
SOURCES = """\
  - {id: formulaire, kind: webhook, secret_file: secret.key}
  - {id: forge, kind: webhook, secret_file: other.key, timestamp: optional}
  - {id: fichier, kind: jsonl, path: x.jsonl, follow: yes}
"""


def item(i, text="Bonjour"):
    return {"id": f"c{i}", "text": text}


def signatures(ok, gate):
    body = json.dumps(item(1)).encode()
    good = headers_for(body)
    status, answer, headers = gate.post(body, good)
    ok(status == 202 and answer == {"accepted": 1, "quarantined": 0, "problems": []}, "one comment: 202",
       (status, answer))
    ok(gate.journal() == [(0, "formulaire", "c1", "Bonjour")], "it is in the journal", gate.journal())
    ok("Server" not in headers, "no banner", headers)
    status, answer, _ = gate.post(body, good)
    ok(status == 409 and answer["error"] == "replay", "the same bytes again: 409", (status, answer))
    now = int(time.time())
    body = json.dumps(item(2)).encode()
    wrong = {
        "another secret": headers_for(body, secret=OTHER),
        "another body": headers_for(body + b" "),
        "another timestamp": {**headers_for(body), "X-Tocsin-Timestamp": str(now - 7)},
        "no timestamp": headers_for(body, at=None),
        "body's MAC beside a timestamp": {**headers_for(body), "X-Tocsin-Signature": sign(body)},
        "a timestamp that is no number": headers_for(body, at="0x10"),
        "a timestamp with a sign": headers_for(body, at="+" + str(now)),
        "an empty timestamp": headers_for(body, at=""),
    }
    good = headers_for(body)
    value = good["X-Tocsin-Signature"]
    for bad in ("", "sha256=", "sha256=00", "sha1=" + value[7:], value.upper(), value + "0", value[:-1],
                "sha256=" + "g" * 64, "sha256=" + "0" * 64, value[7:], value + "," + value,
                "sha256=" + "0" * 10000):
        wrong["signature " + bad[:30]] = {**good, "X-Tocsin-Signature": bad}
    missing = dict(good)
    del missing["X-Tocsin-Signature"]
    wrong["no signature"] = missing
    for name, headers in wrong.items():
        status, answer, _ = gate.post(body, headers)
        ok(status == 401 and answer == {"error": "bad_signature"}, f"{name}: 401 without detail",
           (status, answer))
    for shift in (-301, 330, -10 ** 9):
        status, answer, _ = gate.post(body, headers_for(body, at=str(now + shift)))
        ok(status == 401 and answer["error"] == "bad_timestamp", f"{shift} s: 401 names the timestamp",
           (status, answer))
    statuses, data = gate.raw(request(body, f"X-Tocsin-Signature: {sign(body, str(now))}\r\n"))
    ok(statuses == [401], "two signatures: 401", data)
    ok(len(gate.journal()) == 1, "nothing of all that is in the journal")
    for shift in (-290, 290):
        status, answer, _ = gate.post(body, headers_for(body, at=str(now + shift)))
        ok(status == 202, f"{shift} s is within the window", (status, answer))
    status, _, _ = gate.post(body, headers_for(body, name="X-Hub-Signature-256", at=str(now - 3)))
    ok(status == 202, "X-Hub-Signature-256 with a timestamp", status)
    # A source that signs the body alone.
    with_forge = {"path": "/v1/comments/forge"}
    headers = headers_for(body, at=None, secret=OTHER, name="X-Hub-Signature-256")
    ok(gate.post(body, headers, **with_forge)[0] == 202, "timestamp: optional takes the body's MAC")
    ok(gate.post(body, headers, **with_forge)[0] == 409, "… once")
    ok(gate.post(body, headers_for(body), **with_forge)[0] == 401, "each source has its own secret")
    ok(gate.post(body, headers_for(body, secret=OTHER), **with_forge)[0] == 202,
       "a timestamp that is there counts")


def doors(ok, gate):
    body = json.dumps(item(3)).encode()
    for path, method, want in (("/v1/comments/inconnue", "POST", 404), ("/v1/comments/", "POST", 404),
                               ("/v1/comments/fichier", "POST", 404), ("/v1/comments/formulaire/", "POST", 404),
                               ("/v1/comments/formulair%65", "POST", 404), ("/", "GET", 404),
                               ("/health", "GET", 200), ("/health", "POST", 405),
                               ("/v1/comments/formulaire", "GET", 405), ("/v1/comments/formulaire", "PUT", 405)):
        status, answer, headers = gate.post(body if method in ("POST", "PUT") else b"", None, path, 30, method)
        ok(status == want, f"{method} {path}: {want}", (status, answer))
        if want == 405:
            ok(headers["Allow"], "405 says what is allowed", dict(headers))
    for kind, want in (("application/json; charset=utf-8", 202), ("Application/JSON", 202),
                       ("application/json; charset=latin-1", 415), ("text/plain", 415), ("", 415),
                       ("application/x-www-form-urlencoded", 415)):
        body = json.dumps(item(kind)).encode()
        status, answer, _ = gate.post(body, headers_for(body, kind=kind))
        ok(status == want, f"Content-Type {kind!r}: {want}", (status, answer))
    status, answer, _ = gate.post(body, {**headers_for(body), "Content-Encoding": "gzip"})
    ok(status == 415, "a compressed body: 415", (status, answer))


def bodies(ok, gate):
    before = len(gate.journal())
    lines = b'{"id":"l1","text":"a"}\r\n\n{"id":"l2"}\n{"id":"l3","text":"b"}\nrien\n{"id":"l3","id":"l4","text":"c"}'
    status, answer, _ = gate.post(lines, headers_for(lines, kind="application/x-ndjson"))
    ok(status == 202 and answer["accepted"] == 2 and answer["quarantined"] == 3, "JSON lines, three of them wrong",
       (status, answer))
    ok([(p["item"], p["line"], p["reason"]) for p in answer["problems"]] ==
       [(2, 3, "missing_field"), (4, 5, "malformed"), (5, 6, "malformed")], "each problem has its place",
       answer["problems"])
    held = gate.journal()[before:]
    ok([h[0] for h in held] == [0, 2, 0, 2, 2], "what is wrong is journalled as quarantine", held)
    ok(held[3][3] == "rien" and held[3][2].endswith(":4"), "… with its text and place", held[3])
    before = len(gate.journal())
    array = b'[{"id":"a1","text":"x"}, 7 ,{"id":"a2","text":"]},{"}\n,[],{"id":"a3","text":{}},' \
            b'{"id":"a4","text":"\xff"},{"id":"a5","source":"mairie","text":"y"}]'
    status, answer, _ = gate.post(array)
    ok(status == 202 and answer["accepted"] == 3 and
       [p["reason"] for p in answer["problems"]] == ["not_object", "not_object", "wrong_type", "bad_utf8"],
       "an array, four of it wrong", (status, answer))
    ok(all(i[1] == "formulaire" for i in gate.journal()[before:]), "nobody speaks for another source")
    deep = b"[" * 200000
    for name, body, line in (("an open array", b'[{"id":"1","text":"a"}', 1), ("an open object", b'{"id":"1"', 1),
                             ("text behind the array", b'[]\n[]', 2), ("a comma too many", b'[{"id":"1","text":"a"},]', 1),
                             ("nothing", b"", 1), ("blanks", b" \n ", 2), ("a number", b"7", 1), ("deep", deep, 1),
                             ("two objects", b'{"id":"1","text":"a"}{"id":"2","text":"a"}', 1),
                             ("text", b"bonjour", 1), ("NUL behind it", b'{"id":"1","text":"a"}\0', 1)):
        before = len(gate.journal())
        status, answer, _ = gate.post(body)
        ok(status == 400 and answer["error"] == "malformed" and answer["text"] and answer["line"] == line,
           f"{name}: 400 with a place", (status, answer))
        ok(len(gate.journal()) == before, "… and nothing of it is taken")
    ok(gate.post(b"[]")[:2] == (202, {"accepted": 0, "quarantined": 0, "problems": []}), "an empty array is fine")
    many = [item(f"m{i}") for i in range(3000)]
    before = len(gate.journal())
    status, answer, _ = gate.post(many)
    ok(status == 202 and answer["accepted"] == 3000, "3,000 comments in one request", (status, answer))
    ok([i[2] for i in gate.journal()[before:]] == [m["id"] for m in many], "… in their order, none missing")
    status, answer, _ = gate.post(b"[" + b"1," * 10000 + b"1]")
    ok(status == 413 and answer["error"] == "too_many_items", "10,001 items: 413", (status, answer))
    long = json.dumps(item("long", "a" * 1100000)).encode()
    status, answer, _ = gate.post(b"[" + long + b"," + json.dumps(item("short")).encode() + b"]")
    ok(status == 202 and answer["accepted"] == 1 and answer["problems"][0]["reason"] == "too_long",
       "a comment over its limit goes into quarantine, its neighbour not", (status, answer))
    ok(max(len(i[3].encode()) for i in gate.journal()) <= 4096, "… and only its beginning is kept")


def secrets(ok, gate):
    gate.secret(OTHER)
    gate.kill("webhook", signal.SIGHUP)
    body = json.dumps(item("neu")).encode()
    ok(gate.wait(lambda: gate.post(json.dumps(item("alt")).encode())[0] == 401), "after SIGHUP the old secret is out")
    ok(gate.post(body, headers_for(body, secret=OTHER))[0] == 202, "… and the new one in")
    gate.secret(b"court")
    gate.kill("webhook", signal.SIGHUP)
    gate.wait(lambda: "secret trop court" in gate.log())
    body = json.dumps(item("neu2")).encode()
    ok(gate.post(body, headers_for(body, secret=OTHER))[0] == 202, "a secret that is too short changes nothing")
    log = gate.log()
    ok("secret trop court" in log, "… and is told", log)
    ok(not any(word in log for word in (SECRET.decode(), OTHER.decode(), "Bonjour", "court\n")),
       "the log has no secret and no text", log)
    ok("lisible par d'autres" not in log, "a secret of its owner and its group alone is as it should be", log)
    gate.secret(SECRET)
    os.chmod(gate.path("secret.key"), 0o644)
    gate.kill("webhook", signal.SIGHUP)
    gate.wait(lambda: "lisible par d'autres" in gate.log())
    ok("secret.key : lisible par d'autres" in gate.log(), "one that anybody can read is told", gate.log())


def scenario(ok):
    try:
        with Gate(SOURCES, ingest=False):
            ok(False, "no webhook without its secrets")
    except RuntimeError as e:
        ok("other.key" in str(e), "a missing secret file is named and nothing starts", e)
    class Two(Gate):
        def start(self, name):
            with open(os.open(self.path("other.key"), os.O_WRONLY | os.O_CREAT, 0o600), "wb") as f:
                f.write(OTHER)
            os.chmod(self.path("other.key"), 0o640)  # root:tocsin, as the manual has it
            super().start(name)
    with Two(SOURCES) as gate:
        signatures(ok, gate)
        doors(ok, gate)
        bodies(ok, gate)
        secrets(ok, gate)
        gate.kill("webhook", signal.SIGTERM)
        ok(gate.processes["webhook"].wait(40) == 0, "SIGTERM: exit 0 at once when nothing is in flight")


main(scenario)
