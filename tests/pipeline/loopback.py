"""Servers on the loopback, for the contract servers: a small HTTP one (contract.py, blogs.py, skies.py), each request is serve()'s;
and one of bare connections (feeds.py, mailboxes.py, rough.py), each is meet()'s."""
import http.server
import socket
import threading


class Loopback:
    def __init__(self):
        self.lock, self.behaviours, self.stopping = threading.RLock(), [], threading.Event()
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.0"

            def do_GET(self):
                site.serve(self)

            def do_POST(self):
                site.serve(self, self.rfile.read(int(self.headers.get("Content-Length") or 0)))

            do_DELETE = do_GET

            def log_message(self, *words):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *what: None  # whoever asked was killed
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def serve(self, h, body=None):
        """h: the handler; body: bytes of what was posted, None when nothing was."""
        raise NotImplementedError

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *trace):
        self.stopping.set()
        self.server.shutdown()
        self.server.server_close()

    def next(self, *behaviours):
        with self.lock:
            self.behaviours += behaviours


class Bare:
    def __init__(self, host="127.0.0.1"):
        self.lock, self.behaviours, self.stopping = threading.RLock(), [], threading.Event()
        self.server = socket.socket()
        self.server.bind((host, 0))
        self.server.listen(64)
        self.port = self.server.getsockname()[1]

    def arrives(self):
        """What is settled in the order in which connections come: more of meet()'s arguments."""
        return ()

    def meet(self, s, *more):
        """s: the connection, in a thread of its own; closed behind."""
        raise NotImplementedError

    def guard(self, s, more):
        s.settimeout(60)
        try:
            self.meet(s, *more)
        except (OSError, ValueError, IndexError):
            pass  # whoever asked was killed, or said nonsense
        finally:
            s.close()

    def accept(self):
        while not self.stopping.is_set():
            try:
                s, _ = self.server.accept()
            except OSError:
                return
            threading.Thread(target=self.guard, args=(s, self.arrives()), daemon=True).start()

    def __enter__(self):
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def __exit__(self, *trace):
        self.stopping.set()
        self.server.close()

    def next(self, *behaviours):
        with self.lock:
            self.behaviours += behaviours

    def behaviour(self):
        with self.lock:
            return self.behaviours.pop(0) if self.behaviours else "ok"
