"""For scenarios of who sees some sources only: a town of two sources, and what of the other one must not be told.

with limited.town() as (desk, anne, ids): anne sees the town; ids: the numbers of what is his ("own", "plain") and of what is not
("threat", "insult", "asked")."""
import contextlib
import json
import subprocess

from desk import CONSOLE, PASSWORD, Desk, Person, seq_of
from town import RULES, asked_topic, comment

SOURCES = "".join(f"  - {{id: {name}, kind: jsonl, path: {name}.jsonl, follow: yes}}\n" for name in ("site", "forum"))
OWN, FOREIGN, ASKED = "carabistouille", "zinzolin", "mirliton" # ASKED: a question, of the other source
THREAT = "on sait où tu habites"
NEVER = (FOREIGN, ASKED, "voisin9")


def texts(page):
    """What stands there and must not."""
    return [word for word in NEVER if word in page.body]


def ask(person, method, address, csrf):
    if method == "POST":
        return person.post(address, {"csrf": csrf})
    return person.ask("HEAD" if address == "/evenements" else "GET", address)


def api(desk, method, path, token, body=None):
    headers = {"Authorization": "Bearer " + token, "Content-Type": "application/json"}
    return Person(desk.port).ask(method, "/api/v1" + path, json.dumps(body or {}) if method == "POST" else None, headers)


def operations():
    """[(method, path, scope)] of the API."""
    text = subprocess.run([CONSOLE, "--api"], capture_output=True, text=True, check=True).stdout
    return [(method, path.removeprefix("/api/v1"), scope) for method, path, scope in map(str.split, text.splitlines())]


def limited(desk, name, roles, sources="site"):
    """Somebody who sees these alone, signed in."""
    desk.account(name, roles, PASSWORD, "--sources", sources)
    return desk.again(name)


@contextlib.contextmanager
def town():
    with Desk(SOURCES, rules=RULES + asked_topic("cantine")) as desk:
        desk.comments("site.jsonl", [comment(1, f"Espèce d'abruti, {OWN}", "voisin1", 1, thread="fil"), comment(2, "rien de tel", "voisin1", 2, thread="fil")])
        desk.comments("forum.jsonl", [comment(1, f"{THREAT}, {FOREIGN}", "voisin9", 3, thread="fil"), comment(2, f"abruti {FOREIGN}", "voisin1", 4),
                                      comment(3, f"la cantine, {ASKED} ?", "voisin9", 5, thread="fil")])
        desk.start()
        desk.wait_for(lambda: desk.committed() == 5, 30, "everything")
        anne = desk.person("anne", "moderation,dircom,admin,juriste")
        desk.wait_for(lambda: anne.get("/situation/1").status == 200, 30, "the alarm")
        yield desk, anne, {name: seq_of(desk, text) for name, text in (
            ("own", OWN), ("plain", "rien de tel"), ("threat", THREAT), ("insult", f"abruti {FOREIGN}"), ("asked", ASKED))}
