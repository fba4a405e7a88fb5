"""kind csv: a folder of exports as towns have them (separators, quotes, byte order marks, old encodings, French dates), bad rows
in quarantine with file and line, tables that come, grow, change or are cut while they are read, and the reader killed at
any moment: nothing lost, nothing twice."""
import csv
import io
import os
import random
import re

from town import main
from flow import Flow, many, read_comment

COLUMNS = "columns: {id: Numéro, text: Commentaire, author: Pseudo, created_at: Date}"
HEAD = ["Numéro", "Date", "Pseudo", "Commentaire", "Téléphone"]


def source(more=""):
    return f"  - {{id: site, kind: csv, path: exports, {COLUMNS}{more}}}\n"


def table(items, separator=";", head=True):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator="\r\n")
    if head:
        writer.writerow(HEAD)
    for item in items:
        writer.writerow([item["id"], item.get("date", ""), item.get("author", ""), item["text"], "06 12 34 56 78"])
    return out.getvalue()


def put(flow, name, data, mode="wb"):
    os.makedirs(flow.path("exports"), exist_ok=True)
    with open(flow.path("exports", name), mode) as out:
        out.write(data)


def send(flow, items):
    items = list(items)
    for item in items:
        flow.sent["site", item["id"]] = item["text"]
    return items


def places(flow):
    return {os.path.basename(place): (reason, raw) for place, (reason, raw) in flow.quarantined().items()}


def comments(flow):
    return {c["id"]: c for c in (read_comment(body) for body, in flow.rows("SELECT body FROM item ORDER BY seq"))}


def whole(ok):
    with Flow(sources=source(", encoding: auto")) as flow:
        lines = send(flow, many(400))
        put(flow, "a.csv", b"\xef\xbb\xbf" + table(lines[:300]).encode())
        put(flow, "b.CSV", table(lines[300:350], ",").encode())
        put(flow, "c.tsv", table(lines[350:], "\t").encode())
        old = send(flow, [{"id": "vieux", "text": "L’été « à l’ancienne » coûte 3 €", "date": "24/07/2026 14h05",
                           "author": "Gaëlle"}])
        put(flow, "d.csv", table(old).encode("cp1252"))
        good = send(flow, [{"id": f"e{i}", "text": f"Bonne ligne {i}\nsur deux"} for i in range(4)])
        rows = table(good).encode().split(b"\r\ne")
        head, good = rows[0], [b"e" + row.rstrip(b"\r\n") for row in rows[1:]]
        put(flow, "e.csv", b"\r\n".join([
            head, good[0], b'x1;;Odile;"Il a dit "bonjour" hier";', good[1], b"x2;;Odile;Trop; de; points;virgules", b"",
            b"x3;avant-hier;Odile;Une date illisible;", good[2], b"x4;;Odile", good[3],
            b'x5;;Odile;"Un guillemet qui ne se ferme pas;']))
        put(flow, ".cache.csv", b"nothing")
        put(flow, "notes.pdf", b"nothing")
        os.symlink("/etc/passwd", flow.path("exports", "passwd.csv"))
        code, out, err = flow.run("connect", "test", "site")
        ok(code == 0 and "50 à prendre" in out and lines[0]["author"] in out, "connect test shows the first rows", out + err)
        ok(flow.start("--until-done", wait=False).wait(120) == 0, "runs to the end", flow.log())
        found = places(flow)
        expected = {"e.csv:4:11": "malformed", "e.csv:7:20": "malformed", "e.csv:9:4": "bad_date", "e.csv:12:10": "malformed",
                    "e.csv:15:11": "malformed"}
        ok({k: v[0] for k, v in found.items()} == expected, "each bad row in quarantine with its file, line and column", found)
        ok(found.get("e.csv:4:11", ("", ""))[1] == 'x1;;Odile;"Il a dit "bonjour" hier";', "and as it stood there", found)
        ok("e.csv:4:11 : ligne mise en quarantaine, pas une ligne du tableau" in flow.log(), "the log says which", flow.log())
        row = comments(flow)["vieux"]
        who = flow.rows("SELECT handle FROM item WHERE handle IS NOT NULL ORDER BY seq")
        ok(("Gaëlle\0".encode(),) in [(bytes(handle),) for handle, in who] and row["created_at"] == 1784894700000,
           "an old encoding, a French date in the town's zone", (row, who[-5:]))
        ok("06 12 34" not in str(comments(flow)), "a column that is not named stays out")
        flow.account(ok, quarantined=len(expected), name="whole")


def growing(ok):
    """The tables are written while they are read; the connector dies again and again."""
    with Flow(sources=source(", follow: yes")) as flow:
        flow.start()
        rnd, number, halves = random.Random(3), 0, set()
        for turn in range(6):
            items = send(flow, many(2500, number))
            number += len(items)
            data = table(items).encode()
            cut = rnd.randrange(len(data))
            halves.add(f"{turn % 3}{turn}.csv:{data[:cut].count(10) + 1}")
            put(flow, f"{turn % 3}{turn}.csv", data[:cut])  # not in the order of their names
            flow.wait_for(lambda: flow.kill("connect.site"), 20, "a connector to kill")
            put(flow, f"{turn % 3}{turn}.csv", data[cut:], "ab")
            if turn % 2:
                flow.wait_for(lambda: flow.seq() >= number, 60, f"{number} rows")
        flow.settle(number)
        more = send(flow, many(50, number))
        put(flow, "00.csv", table(more, head=False).encode(), "ab")
        flow.settle(number + 50)
        put(flow, "01.csv", b"Autre;Colonnes\r\n1;2\r\n")
        flow.wait_for(lambda: "pas de colonne « Numéro »" in flow.log(), 30, "the complaint")
        flow.wait_for(lambda: flow.gauges()["source_error", "site"] == 1, 30, "its gauge")
        ok("01.csv : pas de colonne « Numéro » ; la première ligne est : Autre;Colonnes" in flow.log(),
           "a table without its columns is said, once", flow.log())
        last = send(flow, many(10, number + 50))
        put(flow, "01.csv", table(last).encode())
        flow.settle(number + 60)
        # half a row that stands there for long is shown as one that cannot be read; whole, it is read again
        odd = {re.sub(r"(:\d+):\d+$", r"\1", place) for place in places(flow)}
        ok(odd <= halves, "only half rows were refused", (odd, halves))
        flow.account(ok, quarantined=len(odd), name="growing")
        ok(flow.log().count("pas de colonne") == 1, "once", flow.log())


def half(ok):
    """Half a row stands there until it is taken for one: when the rest comes, the row is whole."""
    with Flow(sources=source(", follow: yes")) as flow:
        flow.start()
        items = send(flow, many(3))
        data = table(items).encode()
        cut = data.rindex(items[2]["id"].encode()) + 12
        put(flow, "a.csv", data[:cut])
        flow.wait_for(lambda: places(flow), 60, "the half row")
        put(flow, "a.csv", data[cut:], "ab")
        flow.settle(3)
        flow.account(ok, quarantined=1, name="half")


def again(ok):
    """A second start reads nothing again; the same words in another table are no new comments."""
    with Flow(sources=source()) as flow:
        items = send(flow, many(700))
        put(flow, "a.csv", table(items[:650]).encode())
        put(flow, "b.csv", table(items[600:]).encode())
        for _ in range(2):
            ok(flow.start("--until-done", wait=False).wait(120) == 0, "runs to the end", flow.log())
        flow.account(ok, name="again")
        total = flow.ledger()
        ok(total["duplicate"] == 50, "only what stands in both tables is a duplicate", total)


def scenario(ok):
    whole(ok)
    growing(ok)
    half(ok)
    again(ok)


main(scenario)
