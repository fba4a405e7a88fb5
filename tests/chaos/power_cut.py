#!/usr/bin/env python3
"""power_cut.py ROOT SHADOW [--seed N] | --check: what the machine would find after a power cut.

To be called when every process is dead. Puts into ROOT what the fault library's shadow (see README.md) says is
durable; with --seed also a random part of what was written and not synced: single 4 KiB pages of it, some of them torn at a
512-byte border, in any order, and of the renames and removals that were not synced the first few. Drops every
*-shm file. Then empties SHADOW: what is in ROOT now is what is on the disk.

--check changes nothing: it puts the whole log on top of the shadow and compares with the files; a difference is a
change that the library did not see (exit 1).
"""
import argparse
import os
import random
import shutil
import struct
import sys

PAGE, SECTOR = 4096, 512


def unescape(name):
    return name.replace("%2F", "/").replace("%25", "%")


def entries(data):
    """[(kind, offset or size, bytes)]; an entry whose process died while it noted it ends the list."""
    found, at = [], 0
    while at + 9 <= len(data):
        kind = data[at:at + 1]
        value, = struct.unpack_from("<Q", data, at + 1)
        if kind != b"W":
            found.append((kind, value, b""))
            at += 9
            continue
        if at + 13 > len(data):
            break
        n, = struct.unpack_from("<I", data, at + 9)
        if at + 13 + n > len(data):
            break
        found.append((kind, value, data[at + 13:at + 13 + n]))
        at += 13 + n
    return found


class Shadow:
    def __init__(self, root, folder):
        self.root, self.folder = os.path.realpath(root), folder
        self.durable, self.log = {}, {}
        for name in os.listdir(os.path.join(folder, "log")):
            with open(os.path.join(folder, "log", name), "rb") as f:
                self.log[unescape(name)] = entries(f.read())
        for name in os.listdir(os.path.join(folder, "durable")):
            with open(os.path.join(folder, "durable", name), "rb") as f:
                self.durable[unescape(name)] = bytearray(f.read())
        self.names = []
        path = os.path.join(folder, "names")
        if os.path.exists(path):
            with open(path, encoding="utf-8") as f:
                for line in f:
                    what, *paths = line.rstrip("\n").split("\t")
                    self.names.append((what, [os.path.relpath(p, self.root) for p in paths]))

    def apply_names(self, count):
        for what, paths in self.names[:count]:
            content = self.durable.pop(paths[0], None)
            if what == "rename":
                self.durable[paths[1]] = content if content is not None else bytearray()
        return {p for _, paths in self.names[count:] for p in paths}

    @staticmethod
    def put(content, kind, value, data):
        if kind == b"W":
            if len(content) < value + len(data):
                content.extend(bytes(value + len(data) - len(content)))
            content[value:value + len(data)] = data
        elif kind == b"T":
            del content[value:]
        if kind in b"TE" and len(content) < value:
            content.extend(bytes(value - len(content)))

    def apply_log(self, blocked, chance=None):
        """All of it, or with chance (a random.Random) a part."""
        for path, list_ in sorted(self.log.items()):
            if path in blocked or not list_:
                continue
            if chance and path not in self.durable and chance.random() < 0.5:
                continue
            content = self.durable.setdefault(path, bytearray())
            keep = chance.choice((0.0, 0.2, 0.5, 0.9)) if chance else 1
            for kind, value, data in list_:
                if not chance:
                    self.put(content, kind, value, data)
                    continue
                if kind != b"W":
                    if chance.random() < keep:
                        self.put(content, kind, value, data)
                    continue
                at = 0
                while at < len(data):
                    n = min(PAGE - (value + at) % PAGE, len(data) - at)
                    if chance.random() < keep:
                        torn = chance.randrange(SECTOR, PAGE, SECTOR) if chance.random() < 0.1 else n
                        self.put(content, kind, value + at, data[at:at + min(n, torn)])
                    at += n

    def restore(self):
        for path in self.log.keys() | self.durable.keys():
            full = os.path.join(self.root, path)
            if path in self.durable:
                os.makedirs(os.path.dirname(full), exist_ok=True)
                with open(full, "wb") as f:
                    f.write(self.durable[path])
            elif os.path.exists(full):
                os.unlink(full)
        for folder, _, files in os.walk(self.root):
            for name in files:
                if name.endswith("-shm"):
                    os.unlink(os.path.join(folder, name))
        shutil.rmtree(self.folder)

    def differences(self):
        found = []
        for path in sorted(self.log.keys() | self.durable.keys()):
            full = os.path.join(self.root, path)
            real = None
            if os.path.exists(full):
                with open(full, "rb") as f:
                    real = f.read()
            ours = self.durable.get(path)
            if ours is None and real == b"":
                continue # made and never written
            if (None if ours is None else bytes(ours)) != real:
                found.append(path)
        return found


def cut(root, folder, seed=None):
    """Returns what it did, in a line. Without a shadow nothing had been written."""
    if not os.path.isdir(os.path.join(folder, "log")):
        return "nothing was written"
    s = Shadow(root, folder)
    pending = sum(len(list_) for list_ in s.log.values())
    chance = random.Random(seed) if seed is not None else None
    blocked = s.apply_names(chance.randint(0, len(s.names)) if chance else 0)
    if chance:
        s.apply_log(blocked, chance)
    s.restore()
    return f"{len(s.durable)} files, {pending} changes and {len(s.names)} names were not durable"


def check(root, folder):
    s = Shadow(root, folder)
    s.apply_names(len(s.names))
    s.apply_log(set())
    return s.differences()


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("root")
    p.add_argument("shadow")
    p.add_argument("--seed", type=int)
    p.add_argument("--check", action="store_true")
    a = p.parse_args()
    if not a.check:
        print(cut(a.root, a.shadow, a.seed))
        return 0
    found = check(a.root, a.shadow)
    for path in found:
        print(f"{path}: not what the library saw")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
