"""Receivers of mail and webhooks that fail in every way, on the loopback; for scenarios and for the chaos suite.

    with Smtp(["cut", "ok"]) as server:        # one behaviour a connection, the last for all that follow
        ... mail: {url: server.url, tls: none} ...
        server.arrived                         # [Message]: every message whose last byte was received

Modes of Smtp
    ok          accepts
    refuse      nobody listens (the port is closed until the next mode of the list)
    mute        accepts the connection, says nothing
    half        greets, never answers a command
    421         turns away with the greeting
    4xx, 5xx    refuse the recipient
    4xx-data, 5xx-data   refuse the message after its last byte
    cut         takes the whole message, closes without an answer
    hang        takes the whole message, never answers
    reset       reads a little of the message, then resets the connection
    slow        answers each command after `delay` seconds, then accepts
Modes of Http: ok, refuse, mute, hang, cut, reset, slow and a status ("503", "500", "400", "302", …); echo and
"403 echo" repeat the request in the answer.
"""
import socket
import struct
import threading
import time
import urllib.parse
from collections import namedtuple

Message = namedtuple("Message", "mode raw at headers")


class Receiver:
    scheme = ""

    def __init__(self, modes=("ok",), delay=0.5, limit=120):
        self.modes, self.delay, self.limit = list(modes), delay, limit
        self.arrived, self.connections = [], 0
        self.lock, self.stopping = threading.Lock(), False
        self.open_sockets = []
        holder = socket.socket()
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", 0))
        self.port, self.server = holder.getsockname()[1], holder
        self.url = f"{self.scheme}://127.0.0.1:{self.port}" + ("/hook" if self.scheme == "http" else "")

    def __enter__(self):
        if self.modes[0] == "refuse":  # bound, not listening: refused; `listen` changes that
            self.modes.pop(0)
        else:
            self.listen()
        return self

    def __exit__(self, *trace):
        self.stopping = True
        self.server.close()
        with self.lock:
            for s in self.open_sockets:
                s.close()

    def listen(self):
        self.server.listen(64)
        self.server.settimeout(0.2)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while not self.stopping:
            try:
                s, _ = self.server.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            with self.lock:
                mode = self.modes[min(self.connections, len(self.modes) - 1)]
                self.connections += 1
                self.open_sockets.append(s)
            threading.Thread(target=self.guard, args=(s, mode), daemon=True).start()

    def guard(self, s, mode):
        s.settimeout(self.limit)
        try:
            self.serve(s, mode)
        except (OSError, ValueError, EOFError):
            pass
        if mode not in ("mute", "half", "hang"):
            s.close()

    def keep(self, mode, raw, headers=None):
        with self.lock:
            self.arrived.append(Message(mode, raw, time.monotonic(), headers or {}))

    def reset(self, s):
        s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        s.close()

    def nap(self):
        end = time.monotonic() + self.limit
        while not self.stopping and time.monotonic() < end:
            time.sleep(0.1)


class Smtp(Receiver):
    scheme = "smtp"

    def serve(self, s, mode):
        f = s.makefile("rb")
        say = lambda line: s.sendall(line.encode() + b"\r\n")
        if mode == "mute":
            return self.nap()
        say("421 trop de monde" if mode == "421" else "220 essai ESMTP")
        if mode == "half":
            return self.nap()
        while True:
            line = f.readline()
            if not line:
                return None
            word = line.split()[0].upper() if line.split() else b""
            if mode == "slow":
                time.sleep(self.delay)
            if word == b"RCPT" and mode in ("4xx", "5xx"):
                say("451 plus tard" if mode == "4xx" else "550 inconnu ici")
            elif word == b"DATA":
                say("354 envoyez")
                if mode == "reset":
                    s.recv(16)
                    return self.reset(s)
                if not self.data(s, f, mode, say):
                    return None
            elif word == b"QUIT":
                return say("221 au revoir")
            else:
                say("250 oui")

    def data(self, s, f, mode, say):
        raw = b""
        while True:
            line = f.readline()
            if not line:
                return False  # cut by the sender: no message
            if line == b".\r\n":
                break
            raw += line[1:] if line.startswith(b".") else line
        if mode == "4xx-data":
            say("452 plus de place")
            return True
        if mode == "5xx-data":
            say("554 message refusé".encode("ascii", "replace").decode())
            return True
        self.keep(mode, raw)
        if mode == "cut":
            return False
        if mode == "hang":
            self.nap()
            return False
        say("250 recu")
        return True


class Http(Receiver):
    scheme = "http"

    def serve(self, s, mode):
        f = s.makefile("rb")
        if mode == "mute":
            return self.nap()
        if mode == "reset":
            s.recv(16)
            return self.reset(s)
        request, headers = f.readline(), {}
        while True:
            line = f.readline().decode("latin-1")
            if not line:
                return None  # cut by the sender: no message
            if not line.strip():
                break
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        length = int(headers.get("content-length", "0"))
        body = f.read(length)
        if len(body) < length:
            return None
        if mode == "slow":
            time.sleep(self.delay)
        status = mode[:3] if mode[:3].isdigit() else "200"
        if status[0] in "25":  # 4xx and 3xx are answered without doing anything; a 500 may have done it
            if status != "503":
                self.keep(mode, body, {**headers, ":request": request.decode("latin-1").strip()})
        if mode == "cut":
            return None
        if mode == "hang":
            return self.nap()
        more = "Location: http://127.0.0.1:1/ailleurs\r\n" if status[0] == "3" else ""
        answer = urllib.parse.unquote_plus(request.decode("latin-1")).encode() + body if mode.endswith("echo") else b"ok"
        s.sendall(f"HTTP/1.1 {status} x\r\n{more}Content-Length: {len(answer)}\r\nConnection: close\r\n\r\n".encode() + answer)
        return None
