#!/usr/bin/env python3
"""po2c.py LANG IN.po OUT.c: a catalogue as a sorted C table.

Fuzzy and untranslated entries are left out (the French shows). A translation whose printf conversions differ
from those of its French is an error: it would crash the program that prints it.
"""
import ast
import re
import sys

CONVERSION = re.compile(r"%(?:(\d+)\$)?([-+ #0']*)(\*|\d+)?(?:\.(\*|\d+))?(hh|h|ll|l|j|z|t|L)?([a-zA-Z%])")


def entries(path):
    """Yields (line, flags, {keyword: text}) for each live entry."""
    flags, fields, keyword, start = set(), {}, None, 0
    for number, line in enumerate(open(path, encoding="utf-8"), 1):
        line = line.strip()
        if not line:
            if fields:
                yield start, flags, fields
            flags, fields, keyword = set(), {}, None
        elif line.startswith("#,"):
            flags |= {f.strip() for f in line[2:].split(",")}
        elif line.startswith("#"):
            continue
        else:
            if not line.startswith('"'):
                keyword, line = line.split(None, 1)
                fields[keyword] = ""
                start = start if len(fields) > 1 else number
            fields[keyword] += ast.literal_eval(line)
    if fields:
        yield start, flags, fields


def conversions(text):
    """What printf takes from its arguments: {position: type}, in order where no position is written."""
    taken, at = {}, 1
    for position, _, width, precision, size, kind in CONVERSION.findall(text):
        if kind == "%":
            continue
        for star in (width, precision):
            if star == "*":
                taken[at] = "*"
                at += 1
        where = int(position) if position else at
        at = where + 1
        taken[where] = size + {"i": "d"}.get(kind, kind)
    return taken


def quote(text):
    out = []
    for byte in text.encode():
        if chr(byte) in '"\\?':
            out.append("\\" + chr(byte))
        elif 0x20 <= byte < 0x7F:
            out.append(chr(byte))
        else:
            out.append(f"\\{byte:03o}")
    return '"' + "".join(out) + '"'


def main():
    lang, source, target = sys.argv[1:]
    table, faults = {}, 0
    for line, flags, fields in entries(source):
        french = fields["msgid"]
        plural = fields.get("msgid_plural")
        one = fields.get("msgstr", fields.get("msgstr[0]", ""))
        many = fields.get("msgstr[1]") if plural is not None else None
        if not french or "fuzzy" in flags or not one or many == "":
            continue
        for original, translated in ((french, one), (plural, many)):
            if translated is not None and conversions(original) != conversions(translated):
                print(f"{source}:{line}: error: other conversions in « {translated} » than in « {original} »",
                      file=sys.stderr)
                faults += 1
        if french in table:
            print(f"{source}:{line}: error: twice « {french} »", file=sys.stderr)
            faults += 1
        table[french] = (one, many)
    if faults:
        return 1
    with open(target, "w", encoding="ascii") as out:
        out.write(f"/* Made by po2c.py from {lang}.po. */\n#include \"catalogue.h\"\n\n")
        out.write("static const struct words_entry entries[] = {\n")
        for french, (one, many) in sorted(table.items(), key=lambda e: e[0].encode()):
            out.write(f"\t{{{quote(french)}, {quote(one)}, {quote(many) if many is not None else 'NULL'}}},\n")
        if not table:
            out.write("\t{\"\", \"\", NULL},\n")
        out.write(f"}};\nconst struct words_catalogue words_{lang} = {{entries, {len(table)}}};\n")
    return 0


sys.exit(main())
