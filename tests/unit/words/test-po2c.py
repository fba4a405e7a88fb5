#!/usr/bin/env python3
"""test-po2c.py PO2C: what the catalogue compiler takes and refuses. TAP."""
import os
import subprocess
import sys
import tempfile

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
CASES = [
    ("plain", 'msgid "oui"\nmsgstr "yes"\n', 0, ['{"oui", "yes", NULL}']),
    ("sorted by bytes", 'msgid "b"\nmsgstr "B"\n\nmsgid "a"\nmsgstr "A"\n', 0, ['"a", "A"', '"b", "B"']),
    ("plural", 'msgid "%d mot"\nmsgid_plural "%d mots"\nmsgstr[0] "%d word"\nmsgstr[1] "%d words"\n', 0,
     ['{"%d mot", "%d word", "%d words"}']),
    ("several lines, escapes", 'msgid ""\n"a\\n"\n"\\"b\\""\nmsgstr ""\n"c\\n"\n"d"\n', 0,
     ['{"a\\012\\"b\\"", "c\\012d", NULL}']),
    ("accents", 'msgid "é"\nmsgstr "e"\n', 0, ['{"\\303\\251", "e", NULL}']),
    ("untranslated left out", 'msgid "x"\nmsgstr ""\n', 0, ["{entries, 0}"]),
    ("fuzzy left out", '#, fuzzy\nmsgid "x"\nmsgstr "y"\n', 0, ["{entries, 0}"]),
    ("obsolete left out", '#~ msgid "x"\n#~ msgstr "y"\n', 0, ["{entries, 0}"]),
    ("positions", 'msgid "%s : %d"\nmsgstr "%2$d: %1$s"\n', 0, ["%2$d: %1$s"]),
    ("percent sign", 'msgid "100 %% de %s"\nmsgstr "all of %s"\n', 0, ["all of %s"]),
    ("other conversions refused", 'msgid "%s"\nmsgstr "%d"\n', 1, []),
    ("other width of integer refused", 'msgid "%ld"\nmsgstr "%d"\n', 1, []),
    ("missing conversion refused", 'msgid "%s %s"\nmsgstr "%s"\n', 1, []),
    ("extra conversion refused", 'msgid "x"\nmsgstr "%n"\n', 1, []),
    ("star counted", 'msgid "%.*s"\nmsgstr "%s"\n', 1, []),
    ("twice refused", 'msgid "x"\nmsgstr "y"\n\nmsgid "x"\nmsgstr "z"\n', 1, []),
]


def main():
    po2c = sys.argv[1]
    faults = 0
    print(f"1..{len(CASES)}")
    with tempfile.TemporaryDirectory() as folder:
        po, c = os.path.join(folder, "x.po"), os.path.join(folder, "x.c")
        for number, (name, text, code, wanted) in enumerate(CASES, 1):
            with open(po, "w", encoding="utf-8") as f:
                f.write(HEAD + text)
            run = subprocess.run([sys.executable, po2c, "en", po, c], capture_output=True, text=True, check=False)
            made = open(c, encoding="ascii").read() if run.returncode == 0 else ""
            at, good = -1, run.returncode == code and (code == 0 or run.stderr.startswith(po))
            for part in wanted:
                at = made.find(part, at + 1)
                good = good and at >= 0
            faults += not good
            print(f"{'ok' if good else 'not ok'} {number} - {name}")
            if not good:
                print(f"# {run.returncode} {run.stderr} {made}".replace("\n", "\n# "))
    return 1 if faults else 0


sys.exit(main())
