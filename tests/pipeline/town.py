"""A small town for scenarios: a folder with a configuration, rules and sources, and the real binaries.

TOCSIN_BUILD names the build folder. Every scenario prints TAP: `with Plan() as ok: ok(condition, "what")`.
"""
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

BUILD = os.environ.get("TOCSIN_BUILD", "build")
# Seconds to wait at most are named for a machine at rest; one that a dozen suites share takes longer, and fails as well.
PATIENCE = 4
# Where it is TOCSIN_TEST_HOUR o'clock now (noon): what a scenario waits for on the wall clock crosses no midnight.
_AHEAD = (int(os.environ.get("TOCSIN_TEST_HOUR", "12")) - time.gmtime().tm_hour + 11) % 24 - 11
ZONE = f"Etc/GMT{-_AHEAD:+d}"
TOCSIN = os.path.join(BUILD, "src", "tocsin", "tocsin")

RULES = """\
tocsin: 1
pack: essai
owner: moderation@ville.example
rules:
  - id: injure.adressee
    title: Injure adressée à une personne
    status: live
    category: injure_publique
    priority: P3
    score: 6
    when: {words: [connard, abruti]}
    tests: {match: ['Espèce de connard !'], no_match: ['Le concours de pétanque']}
  - id: menace.directe
    title: Menace adressée
    status: live
    category: menace
    priority: P1
    score: 9
    when: {phrase: 'on sait où tu habites'}
    tests: {match: ['on sait où tu habites'], no_match: ['où habites-tu ?']}
"""


def asked_topic(name, more=""):
    """Topics of a pack: one of a word of its own, which goes to À répondre. more: its keys besides, a line each."""
    return f"""\
topics:
  - id: {name}
    title: {name.capitalize()}
    status: live
    lane: reponse
{more}    when: {{words: [{name}]}}
    tests: {{match: ['la {name} est fermée ?'], no_match: ['le stade']}}
"""


POLICY = """\
people:
  - {id: morel, name: C. Morel, role: community manager, mail: morel@ville.example}
  - {id: dircom, name: A. Roche, role: dir'com, mail: dircom@ville.example}
levels:
  jaune: [{tell: morel}]
  orange: [{tell: dircom}]
  rouge: [{tell: [dircom, morel]}]
  gris: [{tell: morel}]
  P1: [{tell: dircom}]
policy: {fallback: [morel]}
"""


def topics(*lines):
    """A pack of topics, each (id, title, words, a text that is of it, one that is not)."""
    return "tocsin: 1\npack: essai\nowner: moderation@ville.example\ntopics:\n" + "".join(
        f"  - id: {name}\n    title: {title}\n    status: live\n    when: {{words: [{words}]}}\n"
        f"    tests: {{match: ['{yes}'], no_match: ['{no}']}}\n" for name, title, words, yes, no in lines)


def levels(who, p1=None):
    """A policy's levels where one is told of all, and who is told of a P1, when that is another."""
    return "levels:\n" + "".join(f"  {name}: [{{tell: {p1 or who if name == 'P1' else who}}}]\n"
                                for name in ("jaune", "orange", "rouge", "gris", "P1"))


class Plan:
    """TAP: ok(condition, name) for each point; the plan is printed at the end; exit 1 if a point failed."""

    def __init__(self):
        self.n = self.failed = 0

    def __enter__(self):
        return self

    def __call__(self, condition, name, detail=None):
        self.n += 1
        self.failed += not condition
        print(f"{'ok' if condition else 'not ok'} {self.n} - {name}", flush=True)
        if not condition and detail is not None:
            for line in str(detail).splitlines():
                print("# " + line, flush=True)
        return condition

    def within(self, watch, seconds, name, took=None):
        """So little time has passed."""
        took = watch.seconds() if took is None else took
        return self(took <= seconds, name, f"{took:.2f} s")

    def skip(self, why):
        self.n += 1
        print(f"ok {self.n} # SKIP {why}", flush=True)

    def __exit__(self, kind, value, trace):
        if kind is not None:
            self(False, f"{kind.__name__}: {value}")
        print(f"1..{self.n}", flush=True)
        return None


class Watch:
    """Started when it is made."""

    def __init__(self):
        self.began = time.monotonic()

    def seconds(self):
        return time.monotonic() - self.began


def holding(town, word):
    """The files below state, run and outbox that hold the word's bytes."""
    found = []
    for top in ("state", "run", "outbox"):
        for folder, _, names in os.walk(town.path(top)):
            for name in names:
                path = os.path.join(folder, name)
                try:
                    if os.path.isfile(path) and word.encode() in open(path, "rb").read():
                        found.append(os.path.relpath(path, town.folder))
                except OSError:
                    pass
    return found


def comment(number, text, author="a", minute=0, **more):
    at = f"2026-11-{1 + minute // 1440:02d}T{minute // 60 % 24:02d}:{minute % 60:02d}:00Z"
    return {"id": str(number), "text": text, "author": author, "created_at": at, **more}


class Town:
    def __init__(self, sources="  - {id: site, kind: jsonl, path: site.jsonl}\n", extra="", policy=POLICY,
                 rules=RULES, clock="event"):
        self.folder = tempfile.mkdtemp(prefix="tocsin-")
        self.process = None
        os.mkdir(self.path("rules"))
        self.write("rules/essai.yaml", rules)
        self.write("tocsin.yaml",
                   f"tocsin: 1\ntown: {{name: Valmont-sur-Orle{'' if clock == 'event' else ', zone: ' + ZONE}}}\n"
                   "folders: {state: state, run: run, rules: rules}\n"
                   f"clock: {clock}\nmail: {{folder: outbox}}\n{extra}{policy}sources:\n{sources}")

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if kind is None and not os.environ.get("TOCSIN_KEEP"):
            shutil.rmtree(self.folder, ignore_errors=True)
        else:
            print(f"# kept: {self.folder}")

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def write(self, name, text):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "w", encoding="utf-8") as f:
            f.write(text)

    def comments(self, name, items, mode="w"):
        with open(self.path(name), mode, encoding="utf-8") as f:
            for item in items:
                f.write(json.dumps(item, ensure_ascii=False) + "\n")

    def run(self, *words, timeout=120, input=None, lang="fr_FR.UTF-8"):
        """A command to its end: (code, stdout, stderr)."""
        env = {**os.environ, "LC_ALL": lang}
        env.pop("TOCSIN_CONFIG", None)
        done = subprocess.run([TOCSIN, words[0], "--config", self.path("tocsin.yaml"), *words[1:]],
                              capture_output=True, text=True, timeout=timeout, input=input, env=env)
        return done.returncode, done.stdout, done.stderr

    def json(self, *words):
        """The objects that a command prints with --json."""
        code, out, err = self.run(*words, "--json")
        if code not in (0, 1):
            raise RuntimeError(f"{words}: {code} {err}")
        return [json.loads(line) for line in out.split("\n") if line]  # a text may hold other line ends

    def start(self, *words, wait=True):
        """`tocsin run` in the background, its log in log.txt."""
        env = {**os.environ, "LC_ALL": "fr_FR.UTF-8"}
        begun = self.log().count("tout tourne")
        log = open(self.path("log.txt"), "ab")
        self.process = subprocess.Popen([TOCSIN, "run", "--config", self.path("tocsin.yaml"), *words],
                                        stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=env)
        log.close()
        if wait:
            self.wait_for(lambda: self.log().count("tout tourne") > begun, 30, "everything to run")
        return self.process

    def stop(self, timeout=120):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout)

    def log(self):
        try:
            with open(self.path("log.txt"), encoding="utf-8", errors="replace") as f:
                return f.read()
        except FileNotFoundError:
            return ""

    def gauges(self):
        """{(name, label): value} over every process."""
        found = {}
        folder = self.path("run", "metrics")
        for name in os.listdir(folder) if os.path.isdir(folder) else []:
            if not name.endswith(".prom"):
                continue
            try:
                lines = open(os.path.join(folder, name), encoding="utf-8").read().splitlines()
            except FileNotFoundError:
                continue
            for line in lines:
                key, value = line.rsplit(" ", 1)
                key, _, label = key.partition("{")
                found[key.removeprefix("tocsin_"), label.split('"')[1] if label else ""] = float(value)
        return found

    def pid(self, label):
        """Of a process that runs. Never 0: a signal to that would stop the test itself."""
        def found():
            pid = int(self.gauges().get(("member_pid", label), 0))
            return pid if pid > 0 and alive(pid) else None
        return self.wait_for(found, 10, f"the pid of {label}")

    def committed(self):
        return self.json("status")[0]["committed"]

    def wait_for(self, what, seconds, name):
        """Until there is something: that."""
        end = time.monotonic() + PATIENCE * seconds
        while True:
            late = time.monotonic() >= end or (self.process and self.process.poll() is not None)
            found = what()
            if found:
                return found
            if late:
                break
            time.sleep(0.05)
        print("# log:\n" + "".join(f"#   {line}\n" for line in self.log().splitlines()[-30:]), end="")
        raise TimeoutError(name)


def alive(pid):
    """Runs, and is no zombie."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as f:
            return f.read().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def main(scenario):
    with Plan() as ok:
        scenario(ok)
    sys.exit(1 if ok.failed else 0)
