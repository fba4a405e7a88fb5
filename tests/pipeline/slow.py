"""Senders that are slow: shared by whatever listens to HTTP."""
import select
import threading
import time


class Slow(threading.Thread):
    """Many connections that each send a byte every quarter of a second; notes how long each lived and its answer."""

    def __init__(self, connect, n, data, first):
        super().__init__(daemon=True)
        self.stop = False
        self.lived, self.answers = [], []
        self.open = {}
        for _ in range(n):
            s = connect()
            s.sendall(data[:first])
            self.open[s] = time.monotonic()
        self.data, self.at = data, first
        self.start()

    def run(self):
        while self.open and not self.stop:
            for s in select.select(list(self.open), [], [], 0)[0]:
                try:
                    answer = s.recv(4096)
                except OSError:
                    answer = b""
                self.answers.append(answer[9:12])
                self.lived.append(time.monotonic() - self.open.pop(s))
                s.close()
            for s in self.open:
                try:
                    s.send(self.data[self.at:self.at + 1])
                except OSError:
                    pass
            self.at = min(self.at + 1, len(self.data) - 2)
            time.sleep(0.25)
        for s in self.open:
            s.close()
