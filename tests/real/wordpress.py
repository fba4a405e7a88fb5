"""kinds wordpress and rss against a real WordPress (Debian's, with PHP and MariaDB) in a private debootstrap.

    TOCSIN_BUILD=build/check python3 tests/real/wordpress.py FOLDER     # as root; FOLDER is made, and kept for the next time
"""
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "pipeline"))
from flow import Flow  # noqa: E402
from town import PATIENCE, main  # noqa: E402

OLD = 420
UNDO = 15  # seconds in which a decision can be undone
CONFIG = """<?php
define('DB_NAME', 'wp'); define('DB_USER', 'root'); define('DB_PASSWORD', ''); define('DB_HOST', 'localhost:/srv/db.sock');
define('DB_CHARSET', 'utf8mb4'); define('DB_COLLATE', '');
foreach (['AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE'] as $k) { define($k.'_KEY', $k); define($k.'_SALT', $k); }
define('WP_ENVIRONMENT_TYPE', 'local'); define('DISABLE_WP_CRON', true); define('WP_HTTP_BLOCK_EXTERNAL', true);
define('WP_HOME', 'http://127.0.0.1:PORT'); define('WP_SITEURL', 'http://127.0.0.1:PORT');
$table_prefix = 'wp_';
if (!defined('ABSPATH')) define('ABSPATH', '/srv/www/');
require_once ABSPATH.'wp-settings.php';
"""
SLOW = """<?php
add_filter('rest_pre_insert_comment', function ($c) {
  if (file_exists('/srv/slow')) { touch('/srv/at-work'); ignore_user_abort(true); for ($i = 0; $i < 300 && file_exists('/srv/slow'); $i++) { usleep(100000); clearstatcache(); } usleep(1500000); }
  return $c;
});
"""
BEGIN = "<?php $_SERVER['HTTP_HOST'] = '127.0.0.1:PORT'; $_SERVER['REQUEST_URI'] = '/';\n"
INSTALL = BEGIN + """define('WP_INSTALLING', true); require '/srv/www/wp-load.php'; require ABSPATH.'wp-admin/includes/upgrade.php';
wp_install('Valmont', 'robot', 'robot@valmont.example', true, '', 'mot de passe');
update_option('permalink_structure', '/%postname%/'); update_option('timezone_string', 'Europe/Paris');
update_option('posts_per_rss', 50);
$made = WP_Application_Passwords::create_new_application_password(1, ['name' => 'tocsin']);
file_put_contents('/srv/robot.txt', $made[0]."\\n"); echo get_bloginfo('version');
"""
DO = BEGIN + """require '/srv/www/wp-load.php';
while (($line = fgets(STDIN)) !== false) {
  $j = json_decode($line, true);
  $at = gmdate('Y-m-d H:i:s', $j['at'] ?? time());
  if (isset($j['id'])) clean_comment_cache($j['id']);
  switch ($j['do']) {
    case 'add': $r = wp_insert_comment(['comment_post_ID' => 1, 'comment_author' => 'Odile', 'comment_content' => wp_slash($j['text']),
      'comment_approved' => $j['approved'] ?? 1, 'comment_parent' => $j['parent'] ?? 0, 'comment_date_gmt' => $at,
      'comment_date' => get_date_from_gmt($at)]); break;
    case 'edit': $r = wp_update_comment(['comment_ID' => $j['id'], 'comment_content' => wp_slash($j['text'])]); break;
    case 'set': $r = wp_set_comment_status($j['id'], $j['status']); break;
    case 'status': $r = wp_get_comment_status($j['id']); break;
    case 'replies': $r = array_map(fn($c) => [$c->comment_content, $c->user_id, $c->comment_approved],
      get_comments(['parent' => $j['id'], 'status' => 'all', 'cache_results' => false])); break;
    case 'delete': $r = wp_delete_comment($j['id'], true); break;
  }
  echo json_encode($r), "\\n";
}
"""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def answers(port):
    with socket.socket() as s:
        return s.connect_ex(("127.0.0.1", port)) == 0


class WordPress:
    def __init__(self, folder):
        subprocess.run([os.path.join(HERE, "wordpress-setup.sh"), folder], check=True)
        self.root, self.port, self.running = os.path.join(folder, "root"), free_port(), []
        self.url = f"http://127.0.0.1:{self.port}"

    def path(self, name):
        return os.path.join(self.root, "srv", name)

    def write(self, name, text):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "w", encoding="utf-8") as f:
            f.write(text.replace("PORT", str(self.port)))

    def inside(self, *words, **more):
        return subprocess.run(["chroot", self.root, *words], check=True, capture_output=True, text=True, **more).stdout

    def begin(self, *words, **more):
        p = subprocess.Popen(["chroot", self.root, *words], stderr=subprocess.DEVNULL, start_new_session=True, **more)
        self.running.append(p)
        return p

    def wait(self, what):
        end = time.monotonic() + 60
        while not what():
            if time.monotonic() > end:
                raise TimeoutError("WordPress does not start")
            time.sleep(0.1)

    def __enter__(self):
        shutil.rmtree(self.path("db"), ignore_errors=True)
        if os.path.exists(self.path("db.sock")):
            os.unlink(self.path("db.sock"))
        self.inside("mariadb-install-db", "--no-defaults", "--force", "--skip-name-resolve", "--user=root", "--datadir=/srv/db")
        self.begin("mariadbd", "--no-defaults", "--datadir=/srv/db", "--socket=/srv/db.sock", "--pid-file=/srv/db.pid",
                   "--skip-networking", "--user=root", "--skip-grant-tables", stdout=subprocess.DEVNULL)
        self.wait(lambda: os.path.exists(self.path("db.sock")))
        self.inside("mariadb", "--no-defaults", "-S", "/srv/db.sock", "-e", "CREATE DATABASE wp CHARACTER SET utf8mb4")
        for name, text in [("www/wp-config.php", CONFIG), ("install.php", INSTALL), ("do.php", DO), ("www/wp-content/mu-plugins/slow.php", SLOW)]:
            self.write(name, text)
        print("# WordPress", self.inside("php", "/srv/install.php").strip(), "·", self.inside("php", "-v").split("(")[0], "·",
              self.inside("mariadbd", "--version").strip())
        for name in ("slow", "at-work"):
            if os.path.exists(self.path(name)):
                os.unlink(self.path(name))
        os.environ["PHP_CLI_SERVER_WORKERS"] = "4"  # the public reads while a request is at work
        self.begin("php", "-S", f"127.0.0.1:{self.port}", "-t", "/srv/www", stdout=subprocess.DEVNULL)
        self.wait(lambda: answers(self.port))
        self.hands = self.begin("php", "/srv/do.php", stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        return self

    def __exit__(self, *trace):
        for p in reversed(self.running):
            os.killpg(p.pid, signal.SIGTERM)  # PHP's workers live on without their parent
            p.wait(30)

    def page(self):
        """What the public reads."""
        with urllib.request.urlopen(self.url + "/?p=1", timeout=60) as answer:
            return answer.read().decode()

    def do(self, what, **more):
        self.hands.stdin.write(json.dumps({"do": what, **more}) + "\n")
        self.hands.stdin.flush()
        return json.loads(self.hands.stdout.readline())


def holds(flow, text):
    return any(text.encode() in body for body, in flow.rows("SELECT body FROM item"))


def took(flow, text, seconds=60):
    begun = time.monotonic()
    flow.wait_for(lambda: holds(flow, text), seconds, text)
    return time.monotonic() - begun


def count(flow, what):
    return sum(row.get(what, 0) for row in flow.json("verify"))


def decide(flow, seq, what, **more):
    words = [w for name, value in more.items() for w in ("--" + name, value)]
    code, out, err = flow.run("decide", str(seq), what, "--who", "anne", "--reason", "injure", *words)
    if code:
        raise RuntimeError(out + err)
    return time.monotonic()


def action(flow, seq):
    """(state, detail) of the last action on a comment: pending, sending, done, dead letter, dropped."""
    found = flow.rows("SELECT o.state, o.detail FROM outbox o JOIN decision d ON o.key = 'action/' || d.id WHERE d.row = ?"
                      " ORDER BY o.id DESC LIMIT 1", seq)
    return found[0] if found else None


def publish(flow, site, text):
    number = site.do("add", text=text)
    took(flow, text)
    return number, [seq for seq, body in flow.rows("SELECT seq, body FROM item") if text.encode() in body][0]


def hides(ok, flow, site):
    number, seq = publish(flow, site, "Espèce de crétin à masquer")
    ok("crétin à masquer" in site.page(), "hide: it stands on the public page")
    begun = decide(flow, seq, "masquer")
    flow.wait_for(lambda: "crétin à masquer" not in site.page(), 60, "it to be gone from the public page")
    seconds = time.monotonic() - begun
    print(f"# hidden at the source {seconds - UNDO:.2f} s after the end of its delay of {UNDO} s")
    ok(UNDO - 1 < seconds < UNDO + 5 * PATIENCE, "hidden from the public page within 5 s of its delay, not before", seconds)
    flow.wait_for(lambda: action(flow, seq)[0] == 2, 30, "its record")
    decide(flow, seq, "laisser")
    flow.wait_for(lambda: "crétin à masquer" in site.page(), 60, "shown again")
    ok(site.do("status", id=number) == "approved", "decided otherwise: shown again")
    ways = [("supprimer", {}, "trash"), ("masquer", {"category": "spam"}, "spam")]
    made = [publish(flow, site, f"Espèce de crétin, {status}") for _, _, status in ways]
    for (what, more, _), (_, seq) in zip(ways, made):
        decide(flow, seq, what, **more)
    for (what, _, status), (number, _) in zip(ways, made):
        flow.wait_for(lambda: site.do("status", id=number) == status, 60, status)
        ok(True, f"{what}: {status} there")


def answers_it(ok, flow, site):
    number, seq = publish(flow, site, "À quelle heure ouvre la piscine ?")
    decide(flow, seq, "repondre", text="À 9 h <demain> & après.\nBonne baignade !")
    flow.wait_for(lambda: "Bonne baignade" in site.page(), 60, "the answer")
    ok("À 9 h &lt;demain&gt; &amp; après." in site.page(), "the answer is read on the public page as it was typed",
       site.do("replies", id=number))
    flow.wait_for(lambda: action(flow, seq)[0] == 2, 30, "its record")


def refuses(ok, flow, site):
    number, seq = publish(flow, site, "Espèce de crétin, modifié ensuite")
    gone, gone_seq = publish(flow, site, "Espèce de crétin, disparu ensuite")
    decide(flow, seq, "masquer")
    decide(flow, gone_seq, "masquer")
    site.do("edit", id=number, text="Pardon, merci à tous")
    site.do("delete", id=gone)
    for s, word in ((seq, "modifié"), (gone_seq, "plus là")):
        flow.wait_for(lambda: action(flow, s)[0] == 4, 60, word)
        ok(word in action(flow, s)[1], f"refused: {word}", action(flow, s))
    ok(site.do("status", id=number) == "approved", "what was edited meanwhile stands there")


def dies(ok, flow, site):
    """The connector is killed while WordPress works on the request: it is not known here, and is done there, once. Returns what
    is to be looked at when the lease has run out."""
    number, seq = publish(flow, site, "Où sont les horaires de la piscine ?")
    site.write("slow", "")
    decide(flow, seq, "repondre", text="Sur le site de la ville.")
    flow.wait_for(lambda: os.path.exists(site.path("at-work")), 60, "WordPress to be at work")
    os.unlink(site.path("slow"))
    flow.kill("connect.wp")
    flow.wait_for(lambda: len(site.do("replies", id=number)) == 1, 60, "the answer of the first request")
    ok(action(flow, seq)[0] == 1, "killed between request and record: nothing is known here", action(flow, seq))

    def once():
        flow.wait_for(lambda: action(flow, seq)[0] == 2, 150, "the record")
        ok(len(site.do("replies", id=number)) == 1, "… and done exactly once", site.do("replies", id=number))
    return once


def acts(ok, site):
    allow = f"every: 1 s, allow_internal: ['127.0.0.1:{site.port}']"
    account = f"user: robot, password_file: {site.path('robot.txt')}"
    line = f"  - {{id: wp, kind: wordpress, url: '{site.url}', {account}, {allow}, backfill: 1 h, ARM}}\n"
    with Flow(sources=line.replace(", ARM", ""), clock="wall") as flow:
        flow.start()
        number, seq = publish(flow, site, "Espèce de crétin, à blanc")
        decide(flow, seq, "masquer")
        flow.wait_for(lambda: action(flow, seq)[0] == 4, 60, "the rehearsal")
        ok("aurait été masqué" in action(flow, seq)[1] and site.do("status", id=number) == "approved",
           "not armed: said, not done", action(flow, seq))
    with Flow(sources=line.replace("ARM", "arm: yes"), clock="wall") as flow:
        flow.start()
        once = dies(ok, flow, site)
        for part in (hides, answers_it, refuses):
            part(ok, flow, site)
        once()
        ok(not flow.crashes(), "nobody crashed", flow.crashes())


def scenario(ok):
    with WordPress(os.path.abspath(sys.argv[1])) as site:
        reads(ok, site)
        acts(ok, site)


def reads(ok, site):
    allow = f"every: 1 s, allow_internal: ['127.0.0.1:{site.port}']"
    sources = (f"  - {{id: wp, kind: wordpress, url: '{site.url}', user: robot, password_file: {site.path('robot.txt')}, {allow}}}\n"
               f"  - {{id: flux, kind: rss, url: '{site.url}/comments/feed/', {allow}}}\n")
    start = int(time.time()) - 86400 * 30
    sent = {}
    for i in range(OLD):  # a hundred and twenty of them in one second
        at = start + 600 * (i if i < 100 or i >= 220 else 100)
        sent[str(site.do("add", text=f"Ancien n° {i} & <b>gras</b>", at=at))] = f"Ancien n° {i} & gras"
    last = site.do("add", text="Un récent")
    sent[str(last)] = "Un récent"
    with Flow(sources=sources, clock="wall") as flow:
        for name in ("wp", "flux"):
            code, out, err = flow.run("connect", "test", name)
            ok(code == 0 and "50 à prendre" in out, f"connect test {name}", out + err)
        flow.start()
        flow.wait_for(lambda: flow.seq() >= 150, 60, "some rows")
        flow.kill("connect.wp")
        flow.wait_for(lambda: len([k for k in flow.stored()[0] if k[0] == "wp"]) == len(sent) + 1, 120, "all of them")
        texts = flow.stored()[0]
        wrong = [(k, v) for k, v in sent.items() if texts["wp", k] != v]
        ok(not wrong, f"wordpress: {len(sent)} comments of before, through a kill", wrong[:3])
        feed = [v for k, v in texts.items() if k[0] == "flux"]
        ok(len(feed) == 50 and not [v for v in feed if "<b>" in v], "rss: the same words", feed[:2])
        times = []
        for i in range(5):
            newest = site.do("add", text=f"Espèce de connard n° {i}", approved=i % 2)
            times.append(took(flow, f"Espèce de connard n° {i}"))
        print("# from publication to the verdict:", " ".join(f"{t:.2f} s" for t in times), "(interval 1 s)")
        ok(sorted(times)[2] <= 3 * PATIENCE, "new ones, and those that wait for approval", times)
        answer = site.do("add", text="Une réponse", parent=last)
        took(flow, "Une réponse")
        site.do("edit", id=last, text="Un récent, corrigé")
        took(flow, "Un récent, corrigé")
        site.do("set", id=newest, status="trash")
        site.do("delete", id=answer)
        flow.wait_for(lambda: count(flow, "tombstone") == 2, 60, "two deletions")
        ok(count(flow, "tombstone") == 2, "edited, thrown away, deleted: a version and two tombstones")
        ok(all(row["balanced"] for row in flow.json("verify")) and not flow.crashes(), "the ledger is balanced, nobody crashed",
           flow.json("verify"))


if __name__ == "__main__":
    main(scenario)
