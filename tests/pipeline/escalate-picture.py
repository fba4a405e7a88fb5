"""The curve in the mails: a picture that any reader shows; and alarms that go without one when it cannot be drawn."""
import os
import struct
import subprocess
import tempfile
import zlib

from bell import BUILD, Bell, Watch, main, parse, text_of
from receivers import Smtp

CHART = os.path.join(BUILD, "src", "chart", "tocsin-chart")
SERIES = b"tocsin-chart 1\nsince 1795516800000\nstep 5\nusual 2 6.5\nalarm 1795517700000\ncounts 0 1 3 9 4\n"
SIGNS = set("▁▂▃▄▅▆▇█")
POLICY = """\
people: [{id: dircom, name: A. Roche, role: dir'com, mail: dircom@ville.example}]
levels: {jaune: [{tell: dircom}], orange: [{tell: dircom}], rouge: [{tell: dircom}], gris: [{tell: dircom}],
  P1: [{tell: dircom}]}
policy: {fallback: dircom}
"""


def pixels(png):
    """(width, height, rows of RGB) of a PNG without interlacing; checks every checksum and filter."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n", png[:8]
    at, data = 8, b""
    while at < len(png):
        size, name = struct.unpack(">I4s", png[at:at + 8])
        body = png[at + 8:at + 8 + size]
        assert struct.unpack(">I", png[at + 8 + size:at + 12 + size])[0] == zlib.crc32(name + body)
        if name == b"IHDR":
            width, height, depth, kind, _, _, interlace = struct.unpack(">IIBBBBB", body)
            assert (depth, kind, interlace) == (8, 2, 0)
        data += body if name == b"IDAT" else b""
        at += 12 + size
    assert name == b"IEND"
    raw, rows, before = zlib.decompress(data), [], bytes(3 * width)
    for y in range(height):
        line = bytearray(raw[y * (3 * width + 1):(y + 1) * (3 * width + 1)])
        how, line = line[0], line[1:]
        for x in range(3 * width):
            a, b, c = (line[x - 3] if x > 2 else 0), before[x], (before[x - 3] if x > 2 else 0)
            p = a + b - c
            paeth = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
            line[x] = (line[x] + (0, a, b, (a + b) // 2, paeth)[how]) & 255
        rows.append(bytes(line))
        before = line
    return width, height, rows


def draw(series, *options):
    return subprocess.run([CHART, *options], input=series, capture_output=True, timeout=30)


def check_program(ok):
    run = draw(SERIES)
    width, height, rows = pixels(run.stdout)
    ok(run.returncode == 0 and (width, height) == (1200, 440), "draws 1200 × 440", (width, height))
    found = {row[x:x + 3].hex() for row in rows for x in range(0, 3 * width, 3)}
    ok({"ffffff", "123f7d", "d5e2f4", "b9bec6", "b00020", "1a1a1a"} <= found, "curve, band, alarm, on white", len(found))
    red = {x for row in rows[100:300] for x in range(width) if row[3 * x:3 * x + 3].hex() == "b00020"}
    ok(red and min(red) > 710 and max(red) < 722, "the alarm stands where it rang: 15 of 25 minutes", sorted(red))
    ok(draw(SERIES).stdout == run.stdout, "the same series is the same picture")
    ok(draw(SERIES, "--lang", "en").stdout != run.stdout, "in English it says otherwise")
    ok(draw(SERIES, "--zone", "America/Cayenne").stdout != run.stdout, "elsewhere it has another hour")
    for name, bad in {"empty": b"", "cut": SERIES[:-1], "more": SERIES + b"x", "a sign": SERIES.replace(b"5", b"-5"),
                      "endless": SERIES[:-1] + b" 1" * 4000, "zeroes": bytes(4096), "no step": SERIES.replace(b"step 5", b"step 0"),
                      "far": SERIES.replace(b"alarm 17", b"alarm 27")}.items():
        run = draw(bad)
        ok(run.returncode == 1 and not run.stdout and run.stderr, f"refuses: {name}", run)
    for options in [["--zone", "../../etc/passwd"], ["--zone", "/etc/passwd"], ["--lang", "de"], ["x"], ["--zone"]]:
        run = draw(SERIES, *options)
        ok(run.returncode == 2 and not run.stdout, f"misuse: {options}", run)


def check_architecture(ok):
    """Only this process maps a drawing library, and it maps no network and no database."""
    def libraries(path):
        return subprocess.run(["ldd", path], capture_output=True, text=True, check=True).stdout
    ok("libcairo" in libraries(CHART), "tocsin-chart draws with cairo")
    drawn = libraries(CHART)
    for other in ["libsqlite3", "libzmq", "libcurl", "libsodium", "libpcre2", "libyaml"]:
        ok(other not in drawn, f"… and has no {other}")
    binaries = [os.path.join(BUILD, "src", n, "tocsin-" + n) for n in
                ["ingest", "score", "store", "trend", "escalate", "search", "connect", "webhook"]]
    for path in binaries + [os.path.join(BUILD, "src", "tocsin", "tocsin")]:
        found = libraries(path)
        ok("libcairo" not in found and "libpng" not in found, f"{os.path.basename(path)} has none of it")


def check_mail(ok, mail, where):
    kinds = [p.get_content_type() for p in mail.walk()]
    ok(kinds == ["multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png"],
       f"{where}: the parts", kinds)
    ok(not any(p.defects for p in mail.walk()), f"{where}: no defects")
    ok(max(len(line) for line in bytes(mail).split(b"\n")) < 998, f"{where}: short lines")
    page = mail.get_body(("html",)).get_content()
    image = next(p for p in mail.walk() if p.get_content_type() == "image/png")
    ok(f'src="cid:{image["Content-ID"].strip()[1:-1]}"' in page, f"{where}: the page shows the picture", image["Content-ID"])
    ok(image.get_content_disposition() == "inline", f"{where}: inline")
    png = image.get_content()
    width, height, rows = pixels(png)
    ok((width, height) == (1200, 440) and len(set(rows)) > 20, f"{where}: decodes", (width, height))
    ok(len(png) < 100_000, f"{where}: light", len(png))
    alt = page.split('alt="')[1].split('"')[0]
    ok("37 messages" in alt and "au plus 10" in alt and "habitude" in alt.lower(), f"{where}: said in words", alt)
    ok("courbe" not in text_of(mail) and "47 messages depuis" in text_of(mail), f"{where}: the text part as ever")
    ok(SIGNS & set(text_of(mail)) and not SIGNS & set(page) and "dans le dernier quart d'heure." in page,
       f"{where}: the curve in signs is for the text alone", page)


def check_failures(ok):
    """No program; one that hangs, dies, says nothing, talks without end: each alarm goes, in its time, without picture."""
    nap = f"60.{os.getpid():08d}"  # as nobody else sleeps: the program is gone from its command line
    cases = {"missing": None, "hangs": f"sleep {nap}", "crashes": "kill -SEGV $$", "fails": "exit 1", "is silent": "exit 0",
             "lies": "echo I am no picture", "floods": "cat \"$(dirname \"$0\")/zero\"",
             "hangs deaf": f"trap '' TERM; exec sleep {nap}",
             "half": f"printf '\\211PNG\\r\\n\\032\\n'; exec sleep {nap}"}
    with tempfile.TemporaryDirectory(prefix="tocsin-") as folder:
        os.symlink("/dev/zero", os.path.join(folder, "zero"))
        program = os.path.join(folder, "tocsin-chart")
        with Bell(policy=POLICY, env={"TOCSIN_LIBEXEC": folder}) as bell:
            for n, (name, script) in enumerate(cases.items(), 1):
                if script:
                    with open(program, "w", encoding="utf-8") as f:
                        f.write(f"#!/bin/sh\n{script}\n")
                    os.chmod(program, 0o755)
                watch = Watch()
                bell.rise("orange", topic=f"sujet{n}", title=f"Sujet {n}")
                bell.wait(lambda: len(bell.files()) == n, 20, name)
                ok.within(watch, 6, f"{name}: in its time")
                mail = next(m for m in bell.mails() if f"Sujet {n} " in m["Subject"])
                kinds = [p.get_content_type() for p in mail.walk()]
                ok(kinds == ["multipart/alternative", "text/plain", "text/html"], f"{name}: goes without picture", kinds)
                page = mail.get_body(("html",)).get_content()
                ok("cid:" not in page, f"{name}: and shows none")
                ok(SIGNS & set(page), f"{name}: the curve in signs stands in", page)
            ok(bell.log("escalate").count("sans courbe") == len(cases), "each is said once", bell.log("escalate"))
            ok([r[4] for r in bell.outbox()] == [1] * len(cases), "at the first attempt", bell.outbox())
        left = lambda: subprocess.run(["pgrep", "-af", f"{folder}|sleep {nap}"], capture_output=True, text=True).stdout
        bell.wait(lambda: not left(), 5, "what was killed to be gone")
        ok(not left(), "no program is left behind", left())


def scenario(ok):
    check_program(ok)
    check_architecture(ok)
    with Bell(policy=POLICY) as bell:
        bell.rise("orange")
        bell.wait(bell.files, 10, "a mail")
        check_mail(ok, bell.mails()[0], "folder")
        bell.rise("gris", topic="source:instagram", title="", kind="grey", messages=0, authors=0, sources=0)
        bell.wait(lambda: len(bell.files()) == 2, 10, "grey")
        grey = next(m for m in bell.mails() if "GRIS" in m["Subject"])
        ok([p.get_content_type() for p in grey.walk()][-1] == "text/html", "what has no curve has no picture")
    with Smtp() as server, Bell(policy=POLICY, mail="{url: '%s', tls: none, from: tocsin@ville.example}" % server.url) as bell:
        bell.rise("orange")
        bell.wait(lambda: server.arrived, 10, "a mail by SMTP")
        check_mail(ok, parse(server.arrived[0].raw), "SMTP")
    check_failures(ok)


main(scenario)
