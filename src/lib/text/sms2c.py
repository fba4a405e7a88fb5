#!/usr/bin/env python3
"""sms2c.py IN.txt OUT.c: the table of SMS spelling as a C array (spell.h); « ~ » and « ! » mark what it says of a text."""
import sys

source, target = sys.argv[1:]
rows = []
with open(source, encoding="utf-8") as f:
    for line in f:
        line = line.rstrip("\n")
        if line and not line.startswith("#"):
            sms, french = line.lstrip("~!").split(" = ")
            rows.append((sms, french, "SMS_" + {"~": "BESIDE", "!": "LOUD"}.get(line[0], "SURE")))


def quoted(text):
    return '"' + "".join(chr(b) if b < 128 else f"\\{b:03o}" for b in text.encode()) + '"'


with open(target, "w", encoding="ascii") as out:
    out.write('/* Made by sms2c.py. */\n#include "sms.h"\n\nconst struct sms sms_table[] = {\n')
    for sms, french, sure in rows:
        out.write(f"\t{{{quoted(sms)}, {quoted(french)}, {sure}}},\n")
    out.write("};\nconst size_t sms_count = sizeof(sms_table) / sizeof(*sms_table);\n")
