"""The API before who sees some sources only: a token of his account has those, one that was made for fewer has fewer, and what its
account loses it loses too. Whoever sees the town can give a program one source alone."""
from desk import database
from limited import api, limited, operations, texts, town
from town import main

# Of each operation: what a token of one source comes to with the number of what is of the other (None: nothing has one).
OPERATIONS = {
    ("GET", "/openapi.json"): None, ("GET", "/queue"): None, ("GET", "/queue/*"): 404, ("POST", "/queue/*/decision"): 404,
    ("POST", "/queue/*/undo"): 404, ("GET", "/incidents"): 403, ("GET", "/incidents/*"): 403, ("POST", "/incidents/*/ack"): 403,
    ("POST", "/incidents/*/close"): 403, ("POST", "/incidents/*/reopen"): 403, ("GET", "/statistics"): 403, ("GET", "/rules"): 403,
}
SCOPES = ",".join(sorted({scope for *_, scope in operations()} - {"*"}))


def token(desk, name, account, *more, scopes=SCOPES):
    code, out, err = desk.run("token", "add", name, "--account", account, "--scope", scopes, *more)
    return out.split()[-1] if code == 0 else (code, err)


def closed(ok, desk, who, text, ids):
    """Every operation × what is of the other source."""
    wrong, leaks = [], []
    for (method, path), status in OPERATIONS.items():
        for number in (ids["threat"], ids["insult"], ids["asked"], 1, 999999) if status == 403 and "*" in path else \
                (ids["threat"], ids["insult"], ids["asked"], 999999) if "*" in path else (None,):
            page = api(desk, method, path.replace("*", str(number)), text, {"decision": "laisser"} if path.endswith("decision") else None)
            wrong += [(method, path, number, page.status)] if page.status != (status or 200) else []
            leaks += [(method, path, number, w) for w in texts(page)]
    for path in ("/queue?lane=moderation", "/queue?lane=reponse", "/queue?lane=moderation&source=forum"):
        leaks += [(path, w) for w in texts(api(desk, "GET", path, text))]
    ok(not wrong and not leaks, f"{who}: nothing of the other source, by any operation", wrong + leaks)
    ok(api(desk, "GET", f"/queue/{ids['own']}", text).status == 200, "his own is there")


def made(ok, desk):
    """What the command makes, and what it does not."""
    for name, account, sources, scopes, said in (
            ("t1", "anne", "nulle", "queue:read", "source inconnue"), ("t2", "anne", "site,,forum", "queue:read", "identifiants"),
            ("t3", "anne", "a');--", "queue:read", "identifiants"), ("t4", "lea", "forum", "queue:read", "ne voit pas lui-même"),
            ("t5", "anne", "site", "queue:read,statistics:read", "toute la ville")):
        got = token(desk, name, account, "--sources", sources, scopes=scopes)
        ok(isinstance(got, tuple) and got[0] and said in got[1], f"refused: {account}, {sources}, {scopes}", got)
    narrow = token(desk, "etroit", "anne", "--sources", "site", scopes="queue:read,queue:decide")
    ok(isinstance(narrow, str) and [t["sources"] for t in desk.json("token", "list") if t["name"] == "etroit"] == ["site"], "one of one source is made, and the list says which", narrow)
    why = database(desk, "SELECT why FROM audit WHERE verb = 'token' AND what = 'etroit'")
    ok(len(why) == 1 and "compte : anne" in why[0][0] and "; sources : site ;" in why[0][0], "as does the account of what people did")
    return narrow


def followed(ok, desk, ids):
    """The account's sources change, the token's stay: what both see."""
    desk.account("max", "moderation")
    text = token(desk, "deux", "max", "--sources", "site", scopes="queue:read")
    def sees(what):
        return api(desk, "GET", f"/queue/{ids[what]}", text).status
    ok((sees("own"), sees("insult")) == (200, 404), "of an account that sees the town: its source")
    for sources, want in (("site", (200, 404)), ("site,forum", (200, 404)), ("forum", (403, 403)), ("tout", (200, 404))):
        desk.run("user", "set", "max", "--sources", sources)
        ok((sees("own"), sees("insult")) == want, f"… when that sees {sources}", (sees("own"), sees("insult")))
    page = api(desk, "GET", "/statistics", text)
    ok(page.status == 403 and "toute la ville" in page.body, "the figures are the town's, which is said", page.body)


def decided(ok, desk, text, ids):
    page = api(desk, "POST", f"/queue/{ids['own']}/decision", text, {"decision": "laisser"})
    who = database(desk, "SELECT who, row FROM decision")
    ok(page.status == 200 and who == [("anne", ids["own"])], "it decides what is of its source, and nothing else was decided", (page.body, who))


def scenario(ok):
    with town() as (desk, anne, ids):
        table = {(method, path) for method, path, _ in operations()}
        ok(table == set(OPERATIONS), "every operation is thought of here", table ^ set(OPERATIONS))
        limited(desk, "lea", "moderation")
        whole = token(desk, "ville", "anne", scopes="queue:read")
        ok(texts(api(desk, "GET", "/queue?lane=moderation", whole)) and texts(api(desk, "GET", f"/queue/{ids['asked']}", whole)), "who sees the town reads there what is of the other source")
        closed(ok, desk, "a token of who sees one source", token(desk, "outil", "lea", scopes="queue:read,queue:decide,incidents:read,statistics:read,rules:read"), ids)
        narrow = made(ok, desk)
        closed(ok, desk, "a token of one source, of who sees the town", narrow, ids)
        followed(ok, desk, ids)
        decided(ok, desk, narrow, ids)
        ok(desk.stop() == 0, "the town stops", desk.log())


main(scenario)
