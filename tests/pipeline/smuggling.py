"""Requests that two readers could read differently, or that are no clean HTTP: shared by whatever listens to HTTP."""


def forms(good, target):
    """{name: (status, the bytes)} made from a good POST to this target, in one piece, whose Host is `gate`."""
    head, _, body = good.partition(b"\r\n\r\n")
    n = str(len(body)).encode()
    length = b"Content-Length: " + n

    def swap(old, new):
        assert old in good
        return good.replace(old, new, 1)

    def add(field):
        return swap(b"Host: gate\r\n", b"Host: gate\r\n" + field + b"\r\n")
    cases = {
        "two Content-Length": (400, add(length)),
        "two Content-Length that differ": (400, add(b"Content-Length: 1")),
        "Content-Length and Transfer-Encoding": (400, add(b"Transfer-Encoding: chunked")),
        "two Transfer-Encoding": (400, swap(length, b"Transfer-Encoding: chunked\r\nTransfer-Encoding: x")),
        "a folded Transfer-Encoding": (400, add(b"Transfer-Encoding:\r\n chunked")),
        "Transfer-Encoding in HTTP/1.0": (400, swap(length, b"Transfer-Encoding: chunked").replace(b"/1.1", b"/1.0")),
        "an unknown coding": (501, swap(length, b"Transfer-Encoding: gzip, chunked")),
        "identity": (501, swap(length, b"Transfer-Encoding: identity")),
        "two Host": (400, add(b"Host: other")),
        "no Host": (400, swap(b"Host: gate\r\n", b"")),
        "a Host with a path": (400, swap(b"Host: gate", b"Host: gate/x")),
        "no length": (411, swap(length + b"\r\n", b"")),
        "an Expect that we don't know": (417, add(b"Expect: 200-ok")),
        "too many fields": (431, add(b"\r\n".join([b"A: b"] * 200))),
        "too long a field": (431, add(b"A: " + b"b" * 20000)),
        "too long a target": (431, swap(target, b"/" + b"v" * 20000)),
        "HTTP/1.2": (505, swap(b"/1.1", b"/1.2")),
        "HTTP/2.0": (505, swap(b"/1.1", b"/2.0")),
        "an unknown method": (405, swap(b"POST", b"BREW")),
        "TRACE": (405, swap(b"POST", b"TRACE")),
        "a method that is no token": (400, swap(b"POST", b"P@ST")),
        "an absolute target": (400, swap(b"POST /", b"POST http://gate/")),
        "no target": (400, swap(b"POST " + target + b" ", b"POST  ")),
        "two spaces": (400, swap(b"POST /", b"POST  /")),
        "a tab": (400, swap(b"POST /", b"POST\t/")),
        "a third word": (400, swap(b" HTTP", b" x HTTP")),
        "a fragment": (400, swap(target + b" ", target + b"#x ")),
        "a NUL in the target": (400, swap(target + b" ", target + b"\0x ")),
        "UTF-8 in the target": (400, swap(target + b" ", target + "é ".encode())),
        "a NUL in a field": (400, add(b"A: b\0c")),
        "a NUL in the length": (400, swap(length, length + b"\0" + b"0")),
        "a control character": (400, add(b"A: b\x01")),
        "a bare line feed": (400, add(b"A: b\nB: c")),
        "line feeds only": (400, head.replace(b"\r\n", b"\n") + b"\n\n" + body),
        "a bare carriage return": (400, add(b"A: b\rB: c")),
        "a folded line": (400, add(b"A: b\r\n c")),
        "a folded first line": (400, swap(b"Host: gate", b" Host: gate")),
        "a space before the colon": (400, swap(b"Content-Length:", b"Content-Length :")),
        "no colon": (400, add(b"Bonjour")),
        "no name": (400, add(b": b")),
        "blank lines before": (400, b"\r\n\r\n" + good),
        "TLS": (400, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200)),
        "HTTP/0.9": (400, b"GET /health\r\n\r\n"),
        "a body with GET": (400, swap(b"POST", b"GET")),
    }
    for value in (b"-1", b"+" + n, b"0x10", n + b", " + n, b"", b"1e1", b"9" * 30, n + b" " + n, b"\xd9\xa1"):
        cases[f"Content-Length {value[:20]}"] = (400, swap(length, b"Content-Length: " + value))
    return cases
