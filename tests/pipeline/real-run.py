"""tests/real/run: a suite that is skipped or fails does not end the others, and what it comes to is said."""
import os
import subprocess
import tempfile

from town import main

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
SUITES = ("wordpress", "dovecot", "bluesky")


def run(*ends):
    """ends: (setup's exit code, its last word, the suite's exit code) of each."""
    with tempfile.TemporaryDirectory() as folder:
        for name, (setup, word, suite) in zip(SUITES, ends):
            with open(os.path.join(folder, f"{name}-setup.sh"), "w", encoding="utf-8") as f:
                f.write(f"#!/bin/sh\necho '{word}'\nexit {setup}\n")
            os.chmod(os.path.join(folder, f"{name}-setup.sh"), 0o755)
            with open(os.path.join(folder, f"{name}.py"), "w", encoding="utf-8") as f:
                f.write(f"print('ok 1 - {name}')\nraise SystemExit({suite})\n")
        done = subprocess.run([os.path.join(ROOT, "tests", "real", "run"), folder], env={**os.environ, "TOCSIN_REAL": folder},
                              capture_output=True, text=True, check=False)
        return done.returncode, done.stdout.splitlines()


def scenario(ok):
    good, cannot = (0, "made", 0), (77, "no mirror", 0)
    code, lines = run(good, good, good)
    ok(code == 0 and [f"ok 1 - {name}" in lines for name in SUITES] == [True] * 3, "all run", lines)
    code, lines = run(cannot, good, good)
    ok(code == 0 and "SKIPPED real wordpress: no mirror" in lines and "ok 1 - dovecot" in lines and "ok 1 - bluesky" in lines,
       "one is skipped: said, and the others run", lines)
    code, lines = run((0, "made", 1), cannot, good)
    ok(code == 1 and "SKIPPED real dovecot: no mirror" in lines and "ok 1 - bluesky" in lines, "one fails: so do all, once all have run", lines)
    code, lines = run(good, (3, "broken", 0), good)
    ok(code == 1 and "ok 1 - dovecot" not in lines and "ok 1 - bluesky" in lines, "a setup that fails is no skip", lines)
    code, lines = run((0, "made", 77), good, good)
    ok(code == 1, "nor is a suite that ends with 77", lines)
    code, lines = run(cannot, cannot, cannot)
    ok(code == 77 and lines[-1] == "SKIPPED real bluesky: no mirror", "all are skipped: 77, and the last line says why", lines)


main(scenario)
