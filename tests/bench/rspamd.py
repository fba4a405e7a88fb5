#!/usr/bin/env python3
"""CPU time a comment of one normal worker of rspamd, beside that of `tocsin score` with the same expressions.

  tests/bench/rspamd.py FOLDER TOCSIN PATTERNS COMMENTS.jsonl [MESSAGES]      as root

FOLDER/rspamd is a Debian of its own with rspamd in it, which rspamd-setup.sh makes; rspamd runs in there, on a free port of
the loopback, and is stopped in the end. PATTERNS: one expression a line, each a rule of rspamd's regexp module (iu{mime}).
A comment is the body of a small 8bit mail, handed to /checkv2 over one connection that is kept. Measured when rspamd says that
Hyperscan has compiled all expressions; before that it runs them one by one. What a mail without rules costs (HTTP, mail) is
printed beside it. MESSAGES (10,000) of the comments go to rspamd, and the same ones to tocsin, ten times over.
"""
import contextlib
import http.client
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
CONFIGURATION = """
options {{ filters = "regexp"; tempdir = "/srv/bench"; pidfile = "/srv/bench/pid"; hs_cache_dir = "/srv/bench/hs";
  control_socket = "/srv/bench/control mode=0600"; dns {{ nameserver = ["127.0.0.1:9"]; timeout = 0.1; }}
  check_all_filters = true; disable_monitoring = true; history_file = ""; local_addrs = [];
  url_tld = "/srv/bench/tld"; }}
logging {{ type = "file"; filename = "/srv/bench/log"; level = "info"; }}
worker "normal" {{ bind_socket = "127.0.0.1:{port}"; count = 1; max_tasks = 0; }}
worker "hs_helper" {{ count = 1; cache_dir = "/srv/bench/hs"; recompile = 0; max_time = 200; timeout = 300; }}
actions {{ reject = 1000000; }}
group "tocsin" {{ }}
regexp {{ }}
lua = "/srv/bench/rules.lua";
"""
MAIL = ("From: a@example.net\r\nTo: b@example.net\r\nSubject: c\r\nMessage-ID: <{}@example.net>\r\n"
        "Date: Mon, 23 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: 8bit\r\n\r\n{}\r\n")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def write_rules(path, patterns):
    lines = ["config['regexp'] = config['regexp'] or {}"]
    for i, pattern in enumerate(patterns):
        escaped = pattern.replace("/", "\\/")
        lines.append(f"config['regexp']['T{i:05d}'] = {{ re = [==[/{escaped}/iu{{mime}}]==], score = 1.0, one_shot = true, "
                     "group = 'tocsin' }")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def wait_until(what, true, process, seconds):
    end = time.time() + seconds
    while not true():
        if process.poll() is not None or time.time() > end:
            sys.exit(f"rspamd: {what}: not within {seconds} s")
        time.sleep(0.1)


def worker_of(parent):
    """The process among rspamd's children that answers mails; each says what it is in its title."""
    for entry in pathlib.Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, IndexError, ValueError):
            stat = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            if int(stat[1]) == parent and b"normal" in (entry / "cmdline").read_bytes():
                return int(entry.name)
    return None


def cpu(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def answers(port, texts):
    """How many texts some rule matched."""
    to, flagged = http.client.HTTPConnection("127.0.0.1", port, timeout=30), 0
    for i, text in enumerate(texts):
        to.request("POST", "/checkv2", MAIL.format(i, text).encode())
        flagged += bool(re.search(rb'"T\d{5}"', to.getresponse().read()))
    return flagged


@contextlib.contextmanager
def rspamd(root, patterns):
    """Yields the port and the worker's pid."""
    home, port = root / "srv/bench", free_port()
    shutil.rmtree(home, ignore_errors=True)
    (home / "hs").mkdir(parents=True)
    write_rules(home / "rules.lua", patterns)
    (home / "tld").write_text("com\nfr\nnet\norg\n")  # the whole list takes a minute to compile, and is not asked for
    (home / "rspamd.conf").write_text(CONFIGURATION.format(port=port))
    with open(home / "out", "wb") as out:
        process = subprocess.Popen(["chroot", root, "rspamd", "-c", "/srv/bench/rspamd.conf", "-f", "-i"], stdout=out, stderr=out)
    try:
        log = home / "log"
        wait_until("its worker", lambda: worker_of(process.pid), process, 60)

        def is_up():
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), 1).close()
                return True

        wait_until("an open port", is_up, process, 60)
        if patterns:
            wait_until("Hyperscan's database", lambda: "hyperscan database of" in log.read_text(errors="replace"), process, 300)
            time.sleep(2)  # the worker is told, and loads it
        yield port, worker_of(process.pid)
    finally:
        process.terminate()
        process.wait(30)


def measure_rspamd(root, patterns, texts):
    with rspamd(root, patterns) as (port, worker):
        answers(port, texts[:500])
        before = cpu(worker)
        flagged = answers(port, texts)
        return (cpu(worker) - before) / len(texts), flagged


def measure_tocsin(tocsin, patterns, texts, times=10):
    def run(rules, comments):
        child = subprocess.Popen([tocsin, "score", "--rules", rules, *comments], stdout=subprocess.PIPE)
        flagged = child.stdout.read().count(b'"flagged":true')
        _, status, used = os.wait4(child.pid, 0)
        if status:
            sys.exit(f"{tocsin}: status {status}")
        return used.ru_utime + used.ru_stime, flagged

    with tempfile.TemporaryDirectory() as folder:
        listed, lines, rules = (pathlib.Path(folder) / name for name in ("patterns", "comments.jsonl", "rules"))
        listed.write_text("\n".join(patterns) + "\n", encoding="utf-8")
        subprocess.run([sys.executable, HERE / "rules-from-patterns.py", listed, rules], check=True)
        lines.write_text("".join(json.dumps({"id": str(i), "text": t}, ensure_ascii=False) + "\n" for i, t in enumerate(texts)))
        load, _ = run(rules, [os.devnull])
        whole, flagged = run(rules, [lines] * times)
    return (whole - load) / len(texts) / times, flagged / times


def main():
    if len(sys.argv) not in (5, 6):
        sys.exit(__doc__)
    folder, tocsin, listed, corpus = map(pathlib.Path, sys.argv[1:5])
    messages = int(sys.argv[5]) if len(sys.argv) > 5 else 10000
    made = subprocess.run([HERE / "rspamd-setup.sh", folder.resolve()])
    if made.returncode:
        sys.exit(made.returncode)
    root = folder.resolve() / "rspamd"
    patterns = [p for p in listed.read_text(encoding="utf-8").splitlines() if p]
    with open(corpus, encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for _, line in zip(range(messages), lines)]
    bare, _ = measure_rspamd(root, [], texts)
    theirs, their_flags = measure_rspamd(root, patterns, texts)
    ours, our_flags = measure_tocsin(tocsin.resolve(), patterns, texts)
    print(f"rspamd, no rules        {bare * 1e6:8.1f} us of CPU a comment")
    print(f"rspamd, {len(patterns):6} rules   {theirs * 1e6:8.1f} us; {their_flags} of {len(texts)} matched")
    print(f"tocsin score            {ours * 1e6:8.1f} us; {our_flags:.0f} flagged")
    print(f"ratio                   {theirs / ours:8.1f}; of what the rules cost alone {(theirs - bare) / ours:.1f}")


main()
