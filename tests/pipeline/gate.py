"""The webhook in front of a real ingest: signed pushes, raw bytes, and what the journal holds afterwards."""
import contextlib
import hashlib
import hmac
import http.client
import json
import os
import shutil
import signal
import socket
import sqlite3
import struct
import subprocess
import tempfile
import time

BUILD = os.environ.get("TOCSIN_BUILD", "build")
SECRET = b"0123456789abcdef0123456789abcdef"


def sign(body, at=None, secret=SECRET):
    """The value of X-Tocsin-Signature; at: the timestamp's text, or None."""
    message = body if at is None else at.encode() + b"." + body
    return "sha256=" + hmac.new(secret, message, hashlib.sha256).hexdigest()


def headers_for(body, at="now", secret=SECRET, kind="application/json", name="X-Tocsin-Signature"):
    if at == "now":
        at = str(int(time.time()))
    headers = {"Content-Type": kind, name: sign(body, at, secret)}
    if at is not None:
        headers["X-Tocsin-Timestamp"] = at
    return headers


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def items_of(blob):
    """[(type, source, id, text)] of a journalled batch."""
    found, at = [], 0
    while at < len(blob):
        n, = struct.unpack_from("<I", blob, at)
        item, at = blob[at + 4:at + 4 + n], at + 4 + n
        flags, p = varint(item, 2)
        fields = []
        for i in range(3):
            if flags & 1 << i:
                n, p = varint(item, p)
                fields.append(item[p:p + n].decode())
                p += n
            else:
                fields.append("")
        found.append((item[1], *fields))
    return found


class Gate:
    def __init__(self, sources=None, ingest=True, extra=""):
        self.folder = tempfile.mkdtemp(prefix="tocsin-")
        self.processes = {}
        for name in ("state", "run", "rules"):
            os.mkdir(self.path(name), 0o700)
        self.secret(SECRET)
        sources = sources or "  - {id: formulaire, kind: webhook, secret_file: secret.key}\n"
        with open(self.path("tocsin.yaml"), "w", encoding="utf-8") as f:
            f.write("tocsin: 1\ntown: {name: Valmont}\nfolders: {state: state, run: run, rules: rules}\n"
                    f"{extra}webhook: {{listen: '127.0.0.1:0'}}\nsources:\n{sources}")
        if ingest:
            self.start("ingest")
        self.start("webhook")
        end = time.monotonic() + 40
        while not self.gauge("webhook_port"):
            if time.monotonic() > end or self.processes["webhook"].poll() is not None:
                log = self.log()
                self.end()
                raise RuntimeError("webhook: " + log)
            time.sleep(0.02)
        self.port = int(self.gauge("webhook_port"))

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if kind is not None:
            print("# " + self.log().replace("\n", "\n# "))
        self.end()

    def end(self):
        for process in self.processes.values():
            if process.poll() is None:
                process.kill()
            process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def secret(self, text):
        with open(os.open(self.path("secret.key"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as f:
            f.write(text + b"\n")

    def start(self, name):
        with open(self.path("log.txt"), "ab") as log:
            self.processes[name] = subprocess.Popen(
                [os.path.join(BUILD, "src", name, "tocsin-" + name), "--config", self.path("tocsin.yaml")],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    @staticmethod
    def wait(what, seconds=40):
        """Until there is something, or so long at most: that."""
        end = time.monotonic() + seconds
        while not (found := what()) and time.monotonic() < end:
            time.sleep(0.05)
        return found

    def kill(self, name, how=signal.SIGKILL):
        self.processes[name].send_signal(how)

    def log(self):
        with open(self.path("log.txt"), encoding="utf-8", errors="replace") as f:
            return f.read()

    def gauge(self, name, process="webhook"):
        try:
            with open(self.path("run", "metrics", f"tocsin-{process}.prom"), encoding="utf-8") as f:
                for line in f:
                    key, value = line.rsplit(" ", 1)
                    if key == "tocsin_" + name:
                        return float(value)
        except FileNotFoundError:
            pass
        return None

    def post(self, body, headers=None, path="/v1/comments/formulaire", timeout=30, method="POST"):
        """(status, answer as an object, headers)"""
        if not isinstance(body, bytes):
            body = json.dumps(body).encode()
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            c.request(method, path, body, headers_for(body) if headers is None else headers)
            r = c.getresponse()
            text = r.read()
            try:
                return r.status, json.loads(text), r.headers
            except ValueError:
                return r.status, text, r.headers
        finally:
            c.close()

    def connect(self, timeout=30):
        s = socket.create_connection(("127.0.0.1", self.port), timeout=timeout)
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return s

    def raw(self, data, timeout=30):
        """What comes back for bytes, to its end: (status of each answer, the bytes)."""
        with self.connect(timeout) as s:
            try:
                s.sendall(data)
            except OSError:
                pass
            return read_all(s)

    def journal(self):
        """Every item in ingest's journal, which may be slow to make it: the file comes before its tables."""
        uri = f"file:{self.path('state', 'journal.db')}?mode=ro"
        deadline = time.time() + 20
        while True:
            try:
                with contextlib.closing(sqlite3.connect(uri, uri=True)) as db:
                    return [item for blob, in db.execute("select items from batch order by id")
                            for item in items_of(blob)]
            except sqlite3.OperationalError:
                if time.time() > deadline:
                    raise
            time.sleep(0.05)


def request(body, extra="", line="POST /v1/comments/formulaire HTTP/1.1", length=True, **how):
    """The bytes of a signed request."""
    fields = "".join(f"{k}: {v}\r\n" for k, v in headers_for(body, **how).items())
    size = f"Content-Length: {len(body)}\r\n" if length else ""
    return f"{line}\r\nHost: gate\r\n{size}{fields}{extra}\r\n".encode() + body


def read_all(s):
    data = b""
    try:
        while piece := s.recv(65536):
            data += piece
    except ConnectionResetError:
        pass
    statuses, rest = [], data
    while rest.startswith(b"HTTP/1.1 "):
        statuses.append(int(rest[9:12]))
        head, _, rest = rest.partition(b"\r\n\r\n")
        size = next((int(line.split(b":")[1]) for line in head.split(b"\r\n")
                     if line.lower().startswith(b"content-length:")), 0)
        rest = rest[size:]
    return statuses, data
