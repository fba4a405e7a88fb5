#!/usr/bin/env python3
"""txt2c.py IN.txt OUT.c: the lines of a file as C bytes; those that begin with # are for who reads the file."""
import sys

source, target = sys.argv[1:]
with open(source, encoding="utf-8") as f:
    text = "".join(line for line in f if not line.startswith("#")).encode()
with open(target, "w", encoding="ascii") as out:
    out.write('/* Made by txt2c.py. */\n#include "communes.h"\n\nstatic const char text[] = {\n')
    for i in range(0, len(text), 24):
        out.write("\t" + ",".join(str(b if b < 128 else b - 256) for b in text[i:i + 24]) + ",\n")
    out.write("};\nconst struct slice communes = {text, sizeof(text)};\n")
