"""The console's port and its proxy's Unix socket, byte by byte: what is no clean HTTP is refused, and what is hidden behind it is
nobody's request; slow senders hold nobody up."""
import contextlib
import getpass
import socket

from desk import PASSWORD, Desk, database
from gate import read_all
from slow import Slow, past
from smuggling import forms
from town import main

TRIED = "intrus"


def sign_in(person):
    """The bytes of a good sign-in, as a browser sends them."""
    csrf = person.get("/connexion").csrf
    body = f"csrf={csrf}&nom={TRIED}&secret={PASSWORD.replace(' ', '+')}".encode()
    return (f"POST /connexion HTTP/1.1\r\nHost: gate\r\nContent-Length: {len(body)}\r\nCookie: {person.cookie}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n\r\n").encode() + body


def by_name():
    """The bytes of a form that the proxy hands on for anne."""
    body = b"csrf=0&origine=1"
    return (b"POST /raccourcis HTTP/1.1\r\nHost: gate\r\nContent-Length: %d\r\nRemote-User: anne\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\n\r\n" % len(body)) + body


def over(family, address):
    def connect(timeout=30):
        s = socket.socket(family)
        s.settimeout(timeout)
        s.connect(address)
        return s
    return connect


def raw(connect, data):
    with connect() as s:
        with contextlib.suppress(OSError):
            s.sendall(data)
        return read_all(s)


def signed_in(desk):
    return database(desk, "SELECT count(*) FROM audit WHERE verb = 'sign-in'")[0][0]


def refused(ok, desk, connect, good, target, behind, where):
    before = signed_in(desk)
    for name, (want, data) in forms(good, target).items():
        statuses, answer = raw(connect, data)
        ok(statuses == [want] and b"close" in answer.lower() and b"microhttpd" not in answer.lower(), f"{where}: {name}: {want}", answer[:300])
        statuses, answer = raw(connect, data + behind)
        ok(statuses in ([want], []), f"{where}: {name}: what is behind it is not read", answer[:300])
    ok(signed_in(desk) == before, f"{where}: nobody came in by all that", signed_in(desk))


def slow(ok, desk, connect, good, quick, where):
    crawling, statuses = Slow(connect, 100, good + b" " * 1000, 20, renew=True), []
    free = past([crawling], 20, lambda i: statuses.append(quick()))
    ok(set(statuses) == {200} and free, f"{where}: pages are not behind a hundred slow connections", (free, set(statuses)))
    crawling.renew = False
    crawling.join(120)
    ok(not crawling.is_alive() and len(crawling.lived) >= 100, f"{where}: each of the slow ones was ended", len(crawling.lived))
    ok(set(crawling.answers) <= {b"408", b""} and b"408" in crawling.answers, f"{where}: … and told why", set(crawling.answers))


def scenario(ok):
    with Desk(console="{listen: '127.0.0.1:0', proxy: {socket: prise, users: [%s]}}" % getpass.getuser()) as desk:
        desk.write("site.jsonl", "")
        desk.start()
        anne = desk.person("anne", "moderation")
        desk.account(TRIED, "moderation")
        port, proxy = over(socket.AF_INET, ("127.0.0.1", desk.port)), over(socket.AF_UNIX, desk.path("prise"))
        desk.wait_for(lambda: signed_in(desk) == 1, 30, "anne's coming in to be written down")
        good = sign_in(desk.visitor())
        refused(ok, desk, port, good, b"/connexion", sign_in(desk.visitor()), "port")
        ok(raw(port, good)[0] == [303], "the good one is good")
        desk.wait_for(lambda: signed_in(desk) == 2, 30, "… and written down")
        named = by_name()
        refused(ok, desk, proxy, named, b"/raccourcis", named, "socket")
        ok(raw(proxy, named)[0] == [403], "the good one is read: its form is not ours")
        slow(ok, desk, port, good, lambda: anne.get("/moderation").status, "port")
        slow(ok, desk, proxy, named, lambda: raw(proxy, b"GET /healthz HTTP/1.1\r\nHost: gate\r\nConnection: close\r\n\r\n")[0][0], "socket")
        ok(anne.get("/healthz").status == 200 and desk.stop() == 0, "and all is well")


main(scenario)
