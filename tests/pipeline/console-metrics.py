"""/metrics: every process's numbers in Prometheus's text format, each said and typed, for this machine alone.

promtool judges too where it is installed or tools/promtool has brought it; here a strict reader of the format does, with promtool's
own complaints: no help, a counter without _total, other units than the base ones, a family or a sample twice."""
import glob
import os
import re
import shutil
import subprocess

from desk import Desk
from town import comment, main

SOURCE = os.environ.get("TOCSIN_SOURCE", os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\n"])*"'
SAMPLE = re.compile(rf"({NAME})(?:\{{({LABEL}(?:,{LABEL})*)\}})? ([-+]?(?:[0-9.]+(?:e[-+]?[0-9]+)?|Inf|NaN))")
UNITS = re.compile(r"_(ms|milliseconds|minutes|hours|days|kb|mb|kilobytes|percent)(_|$)")


def read(text):
    """({name: (type, help)}, {(name, labels): value}), or what is wrong."""
    families, samples, wrong, last = {}, {}, [], None
    if not text.endswith("\n"):
        wrong.append("no newline at the end")
    for line in text.splitlines():
        comment_of = re.fullmatch(rf"# (HELP|TYPE) ({NAME}) (.+)", line)
        if comment_of:
            word, name, rest = comment_of.groups()
            kind, said = families.get(name, (None, None))
            if (kind if word == "TYPE" else said) is not None or (kind and word == "HELP"):
                wrong.append(f"twice, or in another order: {line}")
            if word == "TYPE" and rest not in ("counter", "gauge"):
                wrong.append("unknown type: " + line)
            families[name] = (rest, said) if word == "TYPE" else (kind, rest)
            last = name
            continue
        found = SAMPLE.fullmatch(line)
        if not found:
            wrong.append("no sample: " + line)
            continue
        name, labels, value = found.groups()
        if name != last:
            wrong.append("outside its family: " + line)
        if (name, labels) in samples:
            wrong.append("twice: " + line)
        samples[name, labels] = float(value)
    for name, (kind, said) in families.items():
        if not kind or not said:
            wrong.append("no type or no help: " + name)
        if (kind == "counter") != name.endswith("_total"):
            wrong.append("a counter ends in _total, a gauge does not: " + name)
        if UNITS.search(name):
            wrong.append("no base unit: " + name)
    return families, samples, wrong


def names_in_source():
    """Every number that a process may leave."""
    text = "".join(open(p, encoding="utf-8").read() for p in glob.glob(os.path.join(SOURCE, "src", "*", "*.c")))
    return set(re.findall(r'service_metric_(?:set|add)\(\s*[^,]+,\s*"([a-z_]+)"', text))


def reader_can_fail(ok):
    good = "# HELP a_total x\n# TYPE a_total counter\na_total 1\n"
    ok(not read(good)[2], "the reader takes what is right")
    bad = ["a_total 1\n", good + "a_total 2\n", good.replace("counter", "gauge"), good + "b 1\n", good[:-1], good.replace(" 1", " x"),
           "# TYPE a gauge\na 1\n", good + 'a_total{x="1} 1\n', good.replace("a_total", "a_ms_total"), good + good]
    ok(all(read(x)[2] for x in bad), "… and nothing else", [x for x in bad if not read(x)[2]])


def promtool(ok, text):
    program = shutil.which("promtool") or os.path.join(SOURCE, "build", "promtool")
    if not os.access(program, os.X_OK):
        ok.skip("promtool is not there: tools/promtool")
        return
    done = subprocess.run([program, "check", "metrics"], input=text, capture_output=True, text=True)
    ok(done.returncode == 0, "promtool finds nothing", done.stdout + done.stderr)


def scenario(ok):
    reader_can_fail(ok)
    with Desk() as desk:
        desk.comments("site.jsonl", [comment(1, "Espèce de connard"), comment(2, "on sait où tu habites"), comment(3, "Merci")])
        desk.start()
        visitor = desk.visitor()
        visitor.get("/rien")
        desk.wait_for(lambda: 'tocsin_store_seq{writer="tocsin-store"} 3' in visitor.get("/metrics").body, 20, "three comments")
        desk.wait_for(lambda: 'status="404"' in visitor.get("/metrics").body, 10, "the console's own")
        everybody = ("tocsin", "tocsin-store", "tocsin-ingest", "tocsin-score.1", "tocsin-trend", "tocsin-escalate", "tocsin-console",
                     "tocsin-connect.site")
        desk.wait_for(lambda: all(f'writer="{name}"' in visitor.get("/metrics").body for name in everybody), 30, "each process has written its own")
        page = visitor.get("/metrics")
        ok(page.status == 200 and page.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8" and
           not page.headers["Set-Cookie"], "served as Prometheus wants it", page.headers)
        families, samples, wrong = read(page.body)
        ok(not wrong, f"{len(families)} families, {len(samples)} samples, strictly read", "\n".join(wrong))
        writers = {re.search(r'writer="([^"]*)"', labels or "")[1] for _, labels in samples}
        ok(set(everybody) <= writers, "of every process", writers)
        ok(samples['tocsin_console_answers_total', 'writer="tocsin-console",status="404"'] >= 1, "labels of their own stay")
        promtool(ok, page.body)
        known = open(os.path.join(SOURCE, "src", "console", "metrics_help.c"), encoding="utf-8").read()
        listed = re.findall(r'^\t\{"([a-z_]+)", "', known, re.M)
        missing = names_in_source() - set(listed)
        ok(len(names_in_source()) > 50 and not missing, "every number of the source has its sentence", missing)
        ok(listed == sorted(listed), "the list is sorted")
        for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"):
            ok(visitor.ask("GET", "/metrics", headers={name: "127.0.0.1"}).status == 403, f"not for whom a proxy passes on: {name}")
        desk.write("run/metrics/odd.prom", 'tocsin_odd{x="1"} 2\nother 1\ntocsin_odd{x="1" 3\ntocsin_x y\ntocsin_A 1\n\n tocsin_b')
        text = visitor.get("/metrics").body
        ok('tocsin_odd{writer="odd",x="1"} 2\n' in text and "other" not in text and "tocsin_x" not in text and "tocsin_A" not in text,
           "lines that are none of ours are left out")
        ok(desk.stop() == 0, "the town stops")


main(scenario)
