"""Lines that are no comments: each in quarantine with its place and reason, counted, and the rest goes on."""
import json
import os

from town import main
from flow import Flow, many

SOURCES = "  - {id: site, kind: jsonl, path: site.jsonl}\n"
BAD = [  # bytes, reason
    (b'{"id":"a","text":"x"', "malformed"),
    (b'pas du JSON', "malformed"),
    (b'{"id":"a","text":"x"} {"id":"b","text":"y"}', "malformed"),
    (b'{"id":"a","id":"b","text":"double"}', "malformed"),
    (b'{"id":"a","text":"nul \x00 dedans"}', "malformed"),
    (b'{"id":"a","text":"\\u0000"}', "malformed"),
    (b'{"id":"a","text":"\\ud800"}', "malformed"),
    (b'[' * 5000 + b']' * 5000, "malformed"),
    (b'{"id":"a","text":"x","e":' + b'{"a":' * 40 + b'1' + b'}' * 40 + b'}', "malformed"),
    (b'{"id":"a","text":"caf\xe9"}', "bad_utf8"),
    (b'{"id":"a","text":"\xed\xa0\x80"}', "bad_utf8"),
    (b'"un texte"', "not_object"),
    (b'[1, 2]', "not_object"),
    (b'{"text":"sans id"}', "missing_field"),
    (b'{"id":"a"}', "missing_field"),
    (b'{"id":12,"text":"x"}', "wrong_type"),
    (b'{"id":"a","text":["x"]}', "wrong_type"),
    (b'{"id":"a","text":"x","created_at":12}', "wrong_type"),
    (b'{"id":"a","text":"x","created_at":"hier"}', "bad_date"),
    (b'{"id":"a","text":"x","created_at":"1912-01-01T00:00:00Z"}', "bad_date"),
    (b'{"id":"a","text":"x","created_at":"2300-01-01T00:00:00Z"}', "bad_date"),
    (b'{"id":"","text":"x"}', "bad_value"),
    (b'{"id":"a\\nb","text":"x"}', "bad_value"),
    (b'{"id":"' + b"i" * 600 + b'","text":"x"}', "bad_value"),
    (b'{"id":"a","text":"' + b"l" * 200_000 + b'"}', "too_long"),
    (b'x' * 3_000_000, "too_long"),
]


def scenario(ok):
    with Flow(sources=SOURCES, extra="ingest: {line: 64 KiB}\n") as flow:
        good = list(many(len(BAD) * 20))
        expected, number = {}, 0
        path = flow.path("site.jsonl")
        with open(path, "wb") as out:
            out.write(b"\xef\xbb\xbf")  # a byte order mark
            for i, item in enumerate(good):
                out.write(json.dumps(item, ensure_ascii=False).encode() + (b"\r\n" if i % 3 else b"\n"))
                number += 1
                flow.sent["site", item["id"]] = item["text"]
                if i % 20 == 10:
                    raw, reason = BAD[i // 20]
                    out.write(raw + b"\n\n")  # and a blank line, which is nothing
                    number += 2
                    expected[f"{os.path.realpath(path)}:{number - 1}"] = reason
            out.write(b'{"id":"fin","text":"sans fin de ligne"}')
            flow.sent["site", "fin"] = "sans fin de ligne"
        ok(flow.start("--until-done", wait=False).wait(120) == 0, "runs to the end", flow.log())
        found = flow.quarantined()
        places = {os.path.realpath(p.rpartition(":")[0]) + ":" + p.rpartition(":")[2]: r for p, (r, _) in found.items()}
        ok(places == expected, f"{len(expected)} lines in quarantine, each with its place and reason",
           sorted(set(places.items()) ^ set(expected.items())))
        ok(all(0 < len(raw.encode()) <= 4096 for _, raw in found.values()), "what was refused is shown, at most 4 KiB")
        first = min(int(place.rpartition(":")[2]) for place, reason in expected.items() if reason == "bad_date")
        ok(f":{first} : ligne mise en quarantaine, date illisible : 2026-" in flow.log(),
           "the log names the first line of a kind and its cure", flow.log())
        flow.account(ok, quarantined=len(BAD))


main(scenario)
