"""The past of a big site: a real WordPress (wordpress.py's) with N comments in its database, read from the first one by kind
wordpress, through a kill -9 of the connector; then what tocsin holds against what that database holds.

    TOCSIN_BUILD=build/check nice python3 tests/real/million.py FOLDER 1000000     # as root; 20000 when no number is given

Prints how fast it went, tenth by tenth (a pace that falls is a cost that grows with the site), and the most memory that the
connector and its look took together.
"""
import array
import contextlib
import os
import signal
import sqlite3
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "pipeline"))
from flow import Flow, children, read_comment  # noqa: E402
from town import main  # noqa: E402
from wordpress import WordPress  # noqa: E402

LIMIT = 32 << 10  # KiB
PAGE, FRAME = os.sysconf("SC_PAGE_SIZE"), (1 << 55) - 1
HUGE = (1 << 30) // PAGE
SAY = ["La cantine était fermée lundi, personne ne le savait.", "Merci pour la place de la mairie !", "Quand passe la benne rue Foch ?",
       "On attend toujours la réponse du service des eaux. " * 6, "Bravo à toute l’équipe ☀", "Encore des travaux, encore du bruit. " * 20,
       "Espèce de connard !"]
YEARS = 10 * 365 * 86400


def text_of(number):
    return f"N° {number} & suite. {SAY[number % len(SAY)]}".strip()


def stock(site, n):
    """n comments behind WordPress's own first one; a fifth of them in one second, as an import leaves them."""
    words = ", ".join("'" + s.replace("'", "''") + "'" for s in SAY)
    at = f"UTC_TIMESTAMP() - INTERVAL FLOOR(({n} - IF(seq BETWEEN {n // 5} AND {2 * n // 5}, {n // 5}, seq)) / {n} * {YEARS}) SECOND"
    site.inside("mariadb", "--no-defaults", "-S", "/srv/db.sock", "--default-character-set=utf8mb4", "wp", "-e", f"""
        SET time_zone = '+00:00';
        INSERT INTO wp_comments (comment_ID, comment_post_ID, comment_author, comment_author_email, comment_author_url,
          comment_author_IP, comment_date, comment_date_gmt, comment_content, comment_approved, comment_agent)
        SELECT seq, 1, CONCAT('Odile ', seq % 997), '', '', '', {at} + INTERVAL 1 HOUR, {at},
          CONCAT('N° ', seq, ' &amp; <b>suite</b>. ', ELT(1 + seq % {len(SAY)}, {words})), '1', '' FROM seq_2_to_{n};
        ANALYZE TABLE wp_comments""")


def highest(pid):
    """KiB at most so far, as the kernel counts it; 0 when it is gone."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii") as status:
            return next((int(line.split()[1]) for line in status if line.startswith("VmHWM")), 0)
    except (FileNotFoundError, ProcessLookupError):
        return 0


def pages(pid):
    """The page frames that it has in memory (the libraries' are one and the same for all who map them)."""
    found = set()
    with open(f"/proc/{pid}/maps", encoding="ascii") as maps, open(f"/proc/{pid}/pagemap", "rb", buffering=0) as map_:
        for line in maps:
            first, last = (int(end, 16) // PAGE for end in line.split()[0].split("-"))
            if last - first > HUGE:  # a sanitizer's
                continue
            map_.seek(8 * first)
            found.update(entry & FRAME for entry in array.array("Q", map_.read(8 * (last - first))) if entry >> 63)
    return found


class Peak(threading.Thread):
    """The most that the connector and its look had in memory, each by itself and both together, while they ran."""

    def __init__(self, flow):
        super().__init__(daemon=True)
        self.flow, self.own, self.look, self.both, self.over = flow, 0, 0, 0, threading.Event()

    def run(self):
        while not self.over.wait(0.5):
            for pid in self.flow.processes("connect.wp"):
                looks = children(pid)
                self.own = max(self.own, highest(pid))
                self.look = max([self.look, *map(highest, looks)])
                with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                    self.both = max(self.both, len(set().union(*map(pages, [pid, *looks]))) * PAGE // 1024)


def compare(flow, n):
    """(numbers that are missing, rows too many, texts that are others)."""
    seen, twice, wrong = bytearray(n + 1), 0, []
    db = sqlite3.connect(f"file:{flow.path('state', 'store.db')}?mode=ro", uri=True, timeout=60)
    for body, in db.execute("SELECT body FROM item ORDER BY seq"):
        c = read_comment(body)
        number = int(c["id"])
        twice += number > n or seen[number]
        if number <= n:
            seen[number] = 1
        if number != 1 and c["text"] != text_of(number):
            wrong.append((number, c["text"]))
    db.close()
    return [i for i in range(1, n + 1) if not seen[i]], twice, wrong


def tenths(flow, n):
    """Waits for all of them; kills the connector once, in the middle. The pace of each tenth."""
    begun, killed, paces, before = time.monotonic(), False, [], 0
    for tenth in range(1, 11):
        mark, since = n * tenth // 10, time.monotonic()
        while flow.seq() < mark:
            if flow.process.poll() is not None or time.monotonic() - since > 3600:
                raise TimeoutError(f"{flow.seq()} of {n}")
            time.sleep(0.5)
            if not killed and flow.seq() > n // 2:
                killed = flow.kill("connect.wp", signal.SIGKILL)
        paces.append((mark - before) / (time.monotonic() - since))
        before = mark
        print(f"# {mark} after {time.monotonic() - begun:.0f} s, {paces[-1]:.0f} a second", flush=True)
    return time.monotonic() - begun, killed


def scenario(ok):
    n = int(sys.argv[2]) if len(sys.argv) > 2 else 20000
    with WordPress(os.path.abspath(sys.argv[1])) as site:
        stock(site, n)
        source = (f"  - {{id: wp, kind: wordpress, url: '{site.url}', user: robot, password_file: {site.path('robot.txt')}, "
                  f"every: 1 s, allow_internal: ['127.0.0.1:{site.port}']}}\n")
        with Flow(sources=source, clock="wall") as flow:
            peak = Peak(flow)
            flow.start()
            peak.start()
            seconds, killed = tenths(flow, n)
            flow.wait_for(lambda: flow.waiting() == 0, 120, "an empty journal")
            peak.over.set()
            peak.join()
            print(f"# {n} comments in {seconds:.0f} s: {n / seconds:.0f} a second; at most {peak.own} KiB for"
                  f" the connector, {peak.look} for its look, {peak.both} for both (a page that both map counts once)")
            missing, twice, wrong = compare(flow, n)
            ok(killed, "kill -9 of the connector in the middle")
            ok(not missing, f"none of {n} is lost", missing[:5])
            ok(not twice, "none is there twice", twice)
            ok(not wrong, "each in its own words", wrong[:3])
            ok(0 < peak.both <= LIMIT or "sanitize" in os.environ.get("TOCSIN_BUILD", ""), "in 32 MiB at most, both together", peak.both)
            ok(all(row["balanced"] for row in flow.json("verify")) and not flow.crashes(), "the ledger is balanced, nobody crashed")


if __name__ == "__main__":
    main(scenario)
