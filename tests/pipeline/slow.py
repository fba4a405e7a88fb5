"""Senders that are slow: shared by whatever listens to HTTP."""
import select
import threading
import time


class Slow(threading.Thread):
    """Many connections that each send a byte every quarter of a second; notes how long each lived and its answer. With renew, whoever
    is ended is there again, until renew is taken back."""

    def __init__(self, connect, n, data, first, renew=False):
        super().__init__(daemon=True)
        self.connect, self.data, self.first = connect, data, first
        self.stop, self.renew = False, renew
        self.lived, self.answers = [], []
        self.open = {}  # socket: [since when, how far it is]
        for _ in range(n):
            self.begin()
        self.start()

    def begin(self):
        since = time.monotonic()
        s = self.connect()
        s.sendall(self.data[:self.first])
        self.open[s] = [since, self.first]

    def end(self, s):
        try:
            answer = s.recv(4096)
        except OSError:
            answer = b""
        self.answers.append(answer[9:12])
        self.lived.append(time.monotonic() - self.open.pop(s)[0])
        s.close()

    def run(self):
        while self.open and not self.stop:
            for s in select.select(list(self.open), [], [], 0)[0]:
                self.end(s)
                if self.renew:
                    self.begin()
            for s, sent in self.open.items():
                try:
                    s.send(self.data[sent[1]:sent[1] + 1])
                except OSError:
                    pass
                sent[1] = min(sent[1] + 1, len(self.data) - 2)
            time.sleep(0.25)
        for s in self.open:
            s.close()


def past(slow, n, ask):
    """How many of n requests were answered before any of the slow senders, who are there all the while, was ended: whoever waits for
    them sees them end, however fast the machine is."""
    free = 0
    for i in range(n):
        before = sum(len(s.lived) for s in slow)
        ask(i)
        free += sum(len(s.lived) for s in slow) == before
    return free
