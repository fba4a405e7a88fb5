"""The API before who sees some sources only: a token of his account has those."""
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


def scenario(ok):
    with town() as (desk, anne, ids):
        table = {(method, path) for method, path, _ in operations()}
        ok(table == set(OPERATIONS), "every operation is thought of here", table ^ set(OPERATIONS))
        limited(desk, "lea", "moderation")
        whole = token(desk, "ville", "anne", scopes="queue:read")
        ok(texts(api(desk, "GET", "/queue?lane=moderation", whole)) and texts(api(desk, "GET", f"/queue/{ids['asked']}", whole)), "who sees the town reads there what is of the other source")
        closed(ok, desk, "a token of who sees one source", token(desk, "outil", "lea", scopes="queue:read,queue:decide,incidents:read,statistics:read,rules:read"), ids)
        ok(desk.stop() == 0, "the town stops", desk.log())


main(scenario)
