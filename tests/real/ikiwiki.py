"""kind rss against comment feeds that ikiwiki (Debian's) makes and nginx (Debian's) serves in a private debootstrap: RSS 2.0 and
Atom of the same comments, one told apart by its ETag alone, the other by its Last-Modified alone.

    TOCSIN_BUILD=build/check python3 tests/real/ikiwiki.py FOLDER     # as root; FOLDER is made, and kept for the next time
"""
import os
import shutil
import signal
import socket
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "pipeline"))
from flow import Flow, read_comment  # noqa: E402
from town import PATIENCE, main  # noqa: E402
from wordpress import answers, free_port  # noqa: E402

EVERY, OLD, SHOWN = 1, 30, 32
EXAMPLES = os.path.join(HERE, "..", "..", "tools", "examples")
SETUP = """# IkiWiki::Setup::Yaml - YAML formatted setup file
wikiname: Valmont
srcdir: /srv/src
destdir: /srv/www
url: http://127.0.0.1:RSS
add_plugins: [comments]
disable_plugins: [openid, emailauth, passwordauth]
comments_pagespec: 'avis/*'
rss: 1
atom: 1
timezone: Europe/Paris
"""
NGINX = """user root;
daemon off;
pid /srv/nginx.pid;
error_log /srv/error.log;
events {}
http {
  include /etc/nginx/mime.types;
  root /srv/www;
  log_format asked '$uri $status etag:$http_if_none_match modified:$http_if_modified_since';
  access_log /srv/access.log asked;
  server { listen 127.0.0.1:RSS; if_modified_since off; add_header Last-Modified ""; }
  server { listen 127.0.0.1:ATOM; etag off; }
}
"""
PAGES = {"avis/piscine.mdwn": "La piscine rouvre lundi.\n",
         "commentaires.mdwn": f'[[!inline pages="comment(avis/*)" show={SHOWN} feedshow={SHOWN} rss=yes atom=yes]]\n'}


class Wiki:
    def __init__(self, folder):
        subprocess.run([os.path.join(HERE, "ikiwiki-setup.sh"), folder], check=True)
        self.root, self.ports = os.path.join(folder, "wiki"), {"RSS": free_port(), "ATOM": free_port()}
        self.files = {}

    def path(self, *names):
        return os.path.join(self.root, "srv", *names)

    def write(self, name, text):
        for port, number in self.ports.items():
            text = text.replace(f"127.0.0.1:{port}", f"127.0.0.1:{number}")
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "w", encoding="utf-8") as f:
            f.write(text)

    def inside(self, *words, **more):
        done = subprocess.run(["chroot", self.root, "env", "LC_ALL=C.UTF-8", "HOME=/srv", *words], capture_output=True, text=True, check=False,
                              **more)
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)
        return done.stdout

    def __enter__(self):
        for name in ("src", "www"):
            shutil.rmtree(self.path(name), ignore_errors=True)
        for name in ("access.log", "error.log"):
            self.write(name, "")
        for name, text in {"wiki.setup": SETUP, "nginx.conf": NGINX, **{f"src/{name}": text for name, text in PAGES.items()}}.items():
            self.write(name, text)
        self.build()
        print("#", self.inside("ikiwiki", "--version").strip(), "·",
              self.inside("dpkg-query", "-W", "-f", "${Package} ${Version}", "nginx-light"))
        self.process = subprocess.Popen(["chroot", self.root, "nginx", "-c", "/srv/nginx.conf"], start_new_session=True,
                                        stderr=subprocess.DEVNULL)
        end = time.monotonic() + 60
        while not all(answers(port) for port in self.ports.values()):
            if time.monotonic() > end:
                raise TimeoutError("nginx does not start")
            time.sleep(0.1)
        return self

    def __exit__(self, *trace):
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(30)

    def build(self):
        self.inside("ikiwiki", "--setup", "/srv/wiki.setup", *(["--refresh"] if os.path.exists(self.path("www", "index.html")) else []))

    def say(self, number, text, at=None, build=True):
        """As ikiwiki's own page for comments leaves it; said again, it is edited."""
        when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at or time.time()))
        if number in self.files:
            when = self.files[number]
        self.files[number] = when
        quoted = text.replace('"', "&quot;")
        self.write(f"src/avis/piscine/comment_{number}._comment", f'[[!comment format=mdwn\n username="Odile"\n subject="Avis {number}"\n'
                   f' date="{when}"\n content="""\n{quoted}\n"""]]\n')
        if build:
            self.build()

    def delete(self, number):
        os.unlink(self.path(f"src/avis/piscine/comment_{number}._comment"))
        self.build()

    def asked(self, feed, status):
        """How often a feed was asked for with this outcome."""
        with open(self.path("access.log"), encoding="utf-8") as f:
            return sum(line.startswith(f"/commentaires/index.{feed} {status} ") for line in f)


def source(name, site, port):
    url = f"http://127.0.0.1:{site.ports[port]}/commentaires/index.{name}"
    return f"  - {{id: {name}, kind: rss, url: '{url}', every: {EVERY} s, allow_internal: ['127.0.0.1:{site.ports[port]}']}}\n"


def comments(flow, name):
    rows = [read_comment(body) for body, in flow.rows("SELECT body FROM item ORDER BY seq")]
    return [c for c in rows if c["source"] == name]


def wait_in_both(flow, site, text):
    """Seconds from the writing of the feeds to the verdict in both."""
    begun = min(os.stat(site.path("www", "commentaires", f"index.{n}")).st_mtime for n in ("rss", "atom"))
    flow.wait_for(lambda: all(any(text in c.get("text", "") for c in comments(flow, n)) for n in ("rss", "atom")), 60, text)
    return time.time() - begun


def unchanged(ok, flow, site):
    """What is so fresh that it may still change in its second is asked for whole; then it is not."""
    def looks(n):
        before = {n: site.asked(n, 304) for n in ("rss", "atom")}
        flow.wait_for(lambda: all(site.asked(f, 304) >= before[f] + n for f in before), 60, "looks at what has not changed")
    looks(1)
    full = {n: site.asked(n, 200) for n in ("rss", "atom")}
    looks(3)
    ok(all(site.asked(n, 200) == full[n] for n in full), "what has not changed is not sent again: 304",
       [(n, site.asked(n, 200) - full[n]) for n in full])
    with open(site.path("access.log"), encoding="utf-8") as f:
        said = {line.split(" ")[0][-4:] + (" etag" if "etag:- " not in line else "") + (" modified" if "modified:-\n" not in line else "")
                for line in f if " 304 " in line}
    ok(said == {".rss etag", "atom modified"}, "the one by its ETag, the other by its Last-Modified", said)


def published(ok, flow, site):
    times = []
    for i in range(5):
        text = f"Espèce de connard n° {i}, l'été" + " !" * (7 * i)  # of another length: an ETag of nginx's is a second and a size
        site.say(100 + i, f"<b>Non</b> & {text}")
        times.append(wait_in_both(flow, site, f"Non & {text}"))
    print("# from publication to the verdict in both:", " ".join(f"{t:.2f} s" for t in times), f"(interval {EVERY} s)")
    ok(sorted(times)[2] <= (EVERY + 2) * PATIENCE, "new ones have their verdict in time", times)
    queue = flow.run("queue", "--json")[1]
    ok(queue.count('"seq"') == 10, "and wait in the queue", queue)


def edited(ok, flow, site):
    site.say(100, "Pardon, je me suis emporté : bravo pour la piscine")
    wait_in_both(flow, site, "je me suis emporté")
    flow.wait_for(lambda: flow.ledger().get("version", 0) == 2, 60, "a version in each")
    ids = {n: [c["id"] for c in comments(flow, n)] for n in ("rss", "atom")}
    ok(all((len(set(those)), len(those)) == (OLD + 5, OLD + 6) for those in ids.values()),
       "an edited one is a new version of the same comment", ids)


def deleted(ok, flow, site):
    """A feed does not say what is gone: the comment stays, and nothing comes in twice for it."""
    rows, full = flow.seq(), site.asked("rss", 200)
    site.delete(103)
    flow.wait_for(lambda: site.asked("rss", 200) > full, 60, "the feed without it")
    site.say(105, "Après la suppression")
    wait_in_both(flow, site, "Après la suppression")
    ledger = flow.ledger()
    ok(flow.seq() == rows + 2 and ledger.get("tombstone", 0) == 0 and ledger.get("duplicate", 0) == 0,
       "one that is deleted leaves the feed: what was heard stays, and an older one that comes back into the feed is no new one", ledger)


def examples(ok, site):
    """What the manual gives to copy is accepted by the nginx that serves here."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=tocsin", "-days", "2",
                    "-keyout", site.path("tocsin.key"), "-out", site.path("tocsin.pem")], check=True, capture_output=True)
    for name in ("nginx.conf", "nginx-lemonldap.conf"):
        with open(os.path.join(EXAMPLES, name), encoding="utf-8") as f:
            text = f.read().replace("/etc/ssl/certs/", "/srv/").replace("/etc/ssl/private/", "/srv/")
        site.write("example.conf", "events {}\npid /srv/example.pid;\nhttp {\n" + text + "}\n")
        try:
            site.inside("nginx", "-t", "-c", "/srv/example.conf")
            said = ""
        except RuntimeError as e:
            said = str(e)
        ok(not said, f"tools/examples/{name}: nginx takes it", said)


def scenario(ok):
    with Wiki(os.path.abspath(sys.argv[1])) as site:
        start = int(time.time()) - 86400
        for i in range(OLD):
            site.say(i, f"Ancien n° {i} & l'été", at=start + 60 * i, build=False)
        site.build()
        examples(ok, site)
        with Flow(sources=source("rss", site, "RSS") + source("atom", site, "ATOM"), clock="wall") as flow:
            for name in ("rss", "atom"):
                code, out, err = flow.run("connect", "test", name)
                ok(code == 0 and f"{OLD} à prendre" in out, f"connect test {name}", out + err)
            flow.start()
            flow.wait_for(lambda: all(len(comments(flow, n)) == OLD for n in ("rss", "atom")), 60, "what was there")
            for name in ("rss", "atom"):
                found = comments(flow, name)
                ok([c["text"] for c in found] == [f"Avis {i}\nAncien n° {i} & l'été" for i in range(OLD)],
                   f"{name}: what was there, the oldest first, with its subject", found[:3])
                ok(all("/avis/piscine/#comment-" in c.get("url", "") and c.get("kind") == "comment" and
                       c.get("created_at") == (start + 60 * i) * 1000 for i, c in enumerate(found)), f"{name}: where and when", found[:2])
            for part in (unchanged, published, edited, deleted):
                part(ok, flow, site)
            flow.kill("connect.rss")
            site.say(200, "Pendant que le connecteur était mort")
            wait_in_both(flow, site, "était mort")
            flow.settle(2 * (OLD + 8))
            ok(all(len(comments(flow, n)) == OLD + 8 for n in ("rss", "atom")), "through a kill: once each", flow.seq())
            ok(all(row["balanced"] for row in flow.json("verify")) and not flow.crashes(), "the ledger is balanced, nobody crashed",
               flow.json("verify"))


if __name__ == "__main__":
    main(scenario)
