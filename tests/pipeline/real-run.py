"""tests/real/run: a suite that is skipped or fails does not end the others, and what it comes to is said."""
import os
import subprocess
import tempfile

from town import main

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
SUITES = ("wordpress", "million", "ikiwiki", "dovecot", "bluesky")
GOOD, CANNOT = (0, "made", 0), (77, "no mirror", 0)


def run(**ends):
    """ends: (setup's exit code, its last word, the suite's exit code) of each that is not good."""
    with tempfile.TemporaryDirectory() as folder:
        for name in SUITES:
            setup, word, suite = ends.get(name, GOOD)
            with open(os.path.join(folder, f"{name}-setup.sh"), "w", encoding="utf-8") as f:
                f.write(f"#!/bin/sh\necho '{word}'\nexit {setup}\n")
            os.chmod(os.path.join(folder, f"{name}-setup.sh"), 0o755)
            with open(os.path.join(folder, f"{name}.py"), "w", encoding="utf-8") as f:
                f.write(f"print('ok 1 - {name}')\nraise SystemExit({suite})\n")
        done = subprocess.run([os.path.join(ROOT, "tests", "real", "run"), folder], env={**os.environ, "TOCSIN_REAL": folder},
                              capture_output=True, text=True, check=False)
        return done.returncode, done.stdout.splitlines()


def scenario(ok):
    code, lines = run()
    ok(code == 0 and all(f"ok 1 - {name}" in lines for name in SUITES), "all run", lines)
    code, lines = run(wordpress=CANNOT)
    ok(code == 0 and "SKIPPED real wordpress: no mirror" in lines and all(f"ok 1 - {name}" in lines for name in SUITES[1:]),
       "one is skipped: said, and the others run", lines)
    code, lines = run(wordpress=(0, "made", 1), dovecot=CANNOT)
    ok(code == 1 and "SKIPPED real dovecot: no mirror" in lines and "ok 1 - bluesky" in lines, "one fails: so do all, once all have run", lines)
    code, lines = run(dovecot=(3, "broken", 0))
    ok(code == 1 and "ok 1 - dovecot" not in lines and "ok 1 - bluesky" in lines, "a setup that fails is no skip", lines)
    code, lines = run(wordpress=(0, "made", 77))
    ok(code == 1, "nor is a suite that ends with 77", lines)
    code, lines = run(**{name: CANNOT for name in SUITES})
    ok(code == 77 and lines[-1] == f"SKIPPED real {SUITES[-1]}: no mirror", "all are skipped: 77, and the last line says why", lines)


main(scenario)
