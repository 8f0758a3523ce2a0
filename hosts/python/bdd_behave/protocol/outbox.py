"""The pipe for messages that need not wake bdd at once.

Each message on the socket wakes a thread of bdd, which costs as much as a quick step. What is in the pipe is not lost when the
worker dies, and bdd reads it when the socket rings.
"""
import os
import select
import threading
import time

# How long bdd may wait for what was written, in seconds. Limits of time and the live output depend on it.
LATEST = 0.005


class Outbox:
    """Writes to the pipe, and rings soon after."""

    def __init__(self, path, ring):
        self._pipe = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
        self._ring = ring
        self._written = threading.Event()
        os.register_at_fork(after_in_child=lambda: os.close(self._pipe))

    def start(self):
        """Ring from now on, even while a step runs."""
        threading.Thread(target=self._ring_soon, name="bdd-ring", daemon=True).start()

    def write(self, lines):
        """Write whole lines."""
        rest = memoryview(lines)
        while rest:
            try:
                rest = rest[os.write(self._pipe, rest):]
            except BlockingIOError:
                self._ring()
                select.select([], [self._pipe], [])
        if not self._written.is_set():
            self._written.set()

    def _ring_soon(self):
        while True:
            self._written.wait()
            time.sleep(LATEST)
            self._written.clear()
            self._ring()
