"""Mail servers and webhooks that fail in every way: the alarm arrives exactly once, or again and marked."""
import json
from concurrent.futures import ThreadPoolExecutor

from bell import Bell, main, parse
from receivers import Http, Smtp
from town import levels

MAIL_POLICY = """\
people:
  - {id: dircom, name: A. Roche, mail: dircom@ville.example}
""" + levels("dircom")


def mail_case(modes, seconds=60, listen_after=None):
    """What arrives when the server behaves so, connection by connection: ([subject], {id}, outbox)."""
    with Smtp(modes) as server, Bell(mail=f"{{url: '{server.url}', tls: none, from: tocsin@ville.example}}",
                                     policy=MAIL_POLICY) as bell:
        bell.rise("orange")
        if listen_after is not None:
            bell.wait(lambda: bell.outbox() and bell.outbox()[0][4] >= listen_after, 30, "an attempt")
            server.listen()
        bell.wait(lambda: bell.outbox() and bell.outbox()[0][3] >= 2, seconds, "an end")
        mails = [parse(m.raw) for m in server.arrived]
        return ([m["Subject"] for m in mails], {m["Message-ID"] for m in mails}, bell.outbox(),
                [m.mode for m in server.arrived])


def hook_case(modes, seconds=60, listen_after=None, form="json"):
    with Http(modes) as server:
        policy = (f"hooks: [{{id: salon, title: Salon, url: '{server.url}', allow_internal: [127.0.0.1], form: {form}}}]\n" +
                  MAIL_POLICY.replace("people:\n  - {id: dircom, name: A. Roche, mail: dircom@ville.example}\n", "")
                  .replace("dircom", "salon"))
        with Bell(policy=policy) as bell:
            bell.rise("orange")
            if listen_after is not None:
                bell.wait(lambda: bell.outbox() and bell.outbox()[0][4] >= listen_after, 30, "an attempt")
                server.listen()
            bell.wait(lambda: bell.outbox() and bell.outbox()[0][3] >= 2, seconds, "an end")
            bodies = [json.loads(m.raw) for m in server.arrived]
            return ([b["maybe_duplicate"] for b in bodies], {m.headers.get("idempotency-key") for m in server.arrived},
                    bell.outbox(), [m.mode for m in server.arrived])


ONCE = [("mail refused, then taken", mail_case, ["refuse", "ok"], {"listen_after": 1}),
        ("mail: no greeting", mail_case, ["mute", "ok"], {}),
        ("mail: greeting, then silence", mail_case, ["half", "ok"], {}),
        ("mail: 421", mail_case, ["421", "ok"], {}),
        ("mail: 4xx for the recipient", mail_case, ["4xx", "ok"], {}),
        ("mail: 4xx after the message", mail_case, ["4xx-data", "ok"], {}),
        ("mail: slow", mail_case, ["slow"], {}),
        ("webhook refused, then taken", hook_case, ["refuse", "ok"], {"listen_after": 1}),
        ("webhook: 503", hook_case, ["503", "ok"], {}),
        ("webhook: 429", hook_case, ["429", "ok"], {}),
        ("webhook: slow", hook_case, ["slow"], {})]
# what was sent whole or may have been: comes again, marked
MAYBE = [("mail: cut after the message", mail_case, ["cut", "ok"], {}),
         ("mail: silence after the message", mail_case, ["hang", "ok"], {}),
         ("webhook: cut after the body", hook_case, ["cut", "ok"], {}),
         ("webhook: silence after the body", hook_case, ["hang", "ok"], {"seconds": 90}),
         ("webhook: 500", hook_case, ["500", "ok"], {})]
# reset: nothing arrived, but nobody could know
RESET = [("mail: reset in the message", mail_case, ["reset", "ok"], {}),
         ("webhook: reset", hook_case, ["reset", "ok"], {}),
         ("webhook: silence", hook_case, ["mute", "ok"], {"seconds": 90})]


def inside(ok):
    """A webhook that leads inside and that nobody has allowed: not called, and why is said where the message waits."""
    with Http(["ok"]) as server:
        policy = (f"hooks: [{{id: salon, title: Salon, url: '{server.url}'}}]\n" +
                  MAIL_POLICY.replace("people:\n  - {id: dircom, name: A. Roche, mail: dircom@ville.example}\n", "")
                  .replace("dircom", "salon"))
        with Bell(policy=policy) as bell:
            bell.rise("orange")
            bell.wait(lambda: bell.outbox() and "adresse interne" in (bell.outbox()[0][6] or ""), 60, "a refusal")
            row = bell.outbox()[0]
            ok(row[3] < 2 and "allow_internal: ['127.0.0.1']" in row[6], "kept for another attempt, with the cure", row)
            ok(server.connections == 0, "nobody inside was called", server.connections)


def marked(subjects):
    return [s if isinstance(s, bool) else s.startswith("[doublon possible]") for s in subjects]


def scenario(ok):
    inside(ok)
    with ThreadPoolExecutor(8) as pool:
        run = lambda cases: [(name, pool.submit(case, modes, **more)) for name, case, modes, more in cases]
        once, maybe, reset = run(ONCE), run(MAYBE), run(RESET)
        for name, future in once:
            subjects, ids, outbox, _ = future.result()
            ok(len(subjects) == 1 and outbox[0][3] == 2, f"{name}: delivered, once", (subjects, outbox))
            ok(marked(subjects) == [False], f"{name}: not marked", subjects)
        for name, future in maybe:
            subjects, ids, outbox, modes = future.result()
            ok(len(subjects) == 2 and outbox[0][3] == 2, f"{name}: sent again", (subjects, outbox, modes))
            ok(marked(subjects) == [False, True], f"{name}: the second is marked", subjects)
            ok(len(ids) == 1, f"{name}: under the same name", ids)
        for name, future in reset:
            subjects, ids, outbox, _ = future.result()
            ok(len(subjects) == 1 and outbox[0][3] == 2, f"{name}: delivered, once", (subjects, outbox))


main(scenario)
