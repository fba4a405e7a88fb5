#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""embed.py OUT.c OUT.h FILE…: files as slices assets_NAME in C, and assets_version, which changes with them.

A style sheet goes without its comments, indents and line ends, a script without its comments and indents (no text of theirs may
span lines or hold " // "): every first visit carries them."""
import hashlib
import os
import re
import sys

source, header, *files = sys.argv[1:]
digest = hashlib.sha256()
code, names = [], []
for path in files:
    with open(path, "rb") as f:
        data = f.read()
    if path.endswith(".css"):
        data = re.sub(rb"/\*.*?\*/|^[\t ]+|\n", b"", data, flags=re.S | re.M)
    elif path.endswith(".js"):
        data = re.sub(rb"^[\t ]*//[^\n]*\n|[\t ]+// [^\n]*|^[\t ]+|^\n", b"", data, flags=re.M)
    digest.update(data)
    name = "assets_" + re.sub(r"\W", "_", os.path.basename(path))
    names.append(name)
    lines = [",".join(str(b) for b in data[i:i + 24]) for i in range(0, len(data), 24)]
    code.append(f"static const unsigned char {name}_bytes[] = {{\n" + ",\n".join(lines) + "\n};\n"
                f"const struct slice {name} = {{(const char *){name}_bytes, sizeof({name}_bytes)}};\n")
with open(header, "w", encoding="utf-8") as f:
    f.write("#ifndef CONSOLE_ASSETS_H\n#define CONSOLE_ASSETS_H\n#include <tocsin/base/slice.h>\n"
            + "".join(f"extern const struct slice {n};\n" for n in names)
            + "extern const char assets_version[17];\n#endif\n")
with open(source, "w", encoding="utf-8") as f:
    f.write('#include "assets.h"\n' + "".join(code)
            + f'const char assets_version[17] = "{digest.hexdigest()[:16]}";\n')
