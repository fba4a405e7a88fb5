"""A small HTTP server on the loopback, for the contract servers (contract.py, blogs.py, skies.py): each request is serve()'s."""
import http.server
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
