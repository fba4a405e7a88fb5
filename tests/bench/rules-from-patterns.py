#!/usr/bin/env python3
"""Packs of rules from a list of expressions, one rule an expression, to stand beside engines that take bare patterns.

  tests/bench/rules-from-patterns.py PATTERNS FOLDER

PATTERNS: one expression a line. FOLDER is made; a pack holds 500 rules.
"""
import pathlib
import sys

RULES = 500


def rule(number, pattern):
    quoted = pattern.replace("'", "''")
    return (f"  - id: motif-{number}\n    titre: Motif {number}\n    catégorie: vulgarite\n"
            f"    score: 3\n    quand: {{motif: '{quoted}'}}\n")


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    patterns = [p for p in pathlib.Path(sys.argv[1]).read_text(encoding="utf-8").splitlines() if p]
    folder = pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True)
    for first in range(0, len(patterns), RULES):
        number = first // RULES
        body = "".join(rule(first + i, p) for i, p in enumerate(patterns[first:first + RULES]))
        (folder / f"motifs_{number}.yaml").write_text(
            f"tocsin: 1\npack: motifs_{number}\nrègles:\n{body}", encoding="utf-8")


main()
