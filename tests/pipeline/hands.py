"""The hands of the wall clock that a scenario's processes see: put forward or back while they run, so that nobody waits for
the minute that a plan names."""
import mmap
import os
import struct
import tempfile
import time

BUILD = os.environ.get("TOCSIN_BUILD", "build")


class Hands:
    """env is for the processes; a file of eight bytes moves their clock (shift.c)."""

    def __init__(self):
        self.ahead = 0.0
        self.file = tempfile.NamedTemporaryFile(prefix="tocsin-hands-")
        self.file.write(bytes(8))
        self.file.flush()
        self.map = mmap.mmap(self.file.fileno(), 8)
        self.env = {"TOCSIN_SHIFT": self.file.name,
                    "LD_PRELOAD": os.path.join(BUILD, "tests", "pipeline", "libshift.so"),
                    "ASAN_OPTIONS": "verify_asan_link_order=0:detect_leaks=0"}

    def put(self, seconds):
        """So far ahead of ours; negative: behind."""
        self.ahead = seconds
        self.map[:] = struct.pack("=q", int(seconds * 1000))

    def now(self):
        return time.time() + self.ahead

    def reach(self, moment):
        """It is that moment, or later already."""
        self.put(max(self.ahead, moment - time.time()))
