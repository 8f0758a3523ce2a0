"""The connection to bdd. One thread reads, the main thread runs what was read."""
import collections
import json
import os
import signal
import socket
import threading
import traceback

from . import calls, output
from .outbox import Outbox

RING = b'{"type":"ring"}\n'


class Wire:
    """Sends messages, and keeps the work that bdd has sent in order.

    Events are held back until user code is about to run or the worker waits.
    """

    def __init__(self, path, matcher, outbox=None):
        self.path = path
        self.matcher = matcher
        self.calls = calls.Calls()
        self.settle = lambda: None  # Called before everything is written, for events that wait for what follows.
        self.is_stopping = False  # After an abort, no scenario that waits may start.
        self._outbox = Outbox(outbox, self._ring) if outbox else None
        self._connection = socket.socket(socket.AF_UNIX)
        self._connection.connect(path)
        self._process = os.getpid()
        os.register_at_fork(after_in_child=self._connection.close)
        self._turn = threading.Lock()
        self._held = []
        self._changed = threading.Condition()
        self._work = collections.deque()
        self._claimed = None  # The scenario that the worker opens a feature or rule for: it is not given back.
        self._recalled = False  # Whether bdd has asked for work back. It may not ask again.
        self._questions = collections.deque()

    # ------------------------------------------------ talking

    def greet(self, hello):
        """Send the first message."""
        self._connection.sendall(encoded(hello))

    def send(self, *messages):
        """Write messages, and let bdd read them at once."""
        self._write(messages)
        if self._outbox is not None:
            self._ring()

    def _write(self, messages):
        if os.getpid() != self._process:
            # A fork of the worker has returned from a step of the suite. It must not be a second worker.
            output.exit_at_once(1)
        lines = b"".join(encoded(message) for message in messages)
        with self._turn:
            if self._outbox is not None:
                self._outbox.write(lines)
            else:
                self._connection.sendall(lines)

    def _ring(self):
        try:
            self._connection.sendall(RING)
        except OSError:
            pass  # bdd is gone, which the thread that reads handles.

    def report(self, kind, **event):
        """Hold an event back until the next `flush`."""
        self._held.append({"type": kind, **event})

    def flush(self, wakes=False):
        """Write the events that are held back. bdd reads them soon, or at once if that `wakes` it."""
        self.settle()
        held, self._held = self._held, []
        if wakes:
            self.send(*held)
        elif held:
            self._write(held)

    # ------------------------------------------------ work

    def peek(self):
        """The next work, when there is some: a tuple that begins with `begin`, `run`, `feature_done` or `finish`."""
        while True:
            with self._changed:
                while not (self._questions or self._ready()):
                    self.flush(wakes=True)
                    self._changed.wait()
                if not self._questions:
                    return self._ready()
                question = self._questions.popleft()
            # The suite's own code may take part in matching, so it runs here and not beside a step.
            self.send({"type": "matched", "id": question["id"], "matches": self.matcher(question)})

    def has_work(self):
        """Whether `peek` would return at once."""
        with self._changed:
            return self._ready() is not None

    def take(self):
        """Remove the work that `peek` has returned."""
        with self._changed:
            work = self._ready()
            self._work.remove(work)
            self._claimed = None
            return work

    def claim(self, work):
        """Keep work that `peek` has returned. Returns false if bdd has just recalled it."""
        with self._changed:
            if any(one is work for one in self._work):
                self._claimed = work
                return True
            return False

    def release(self):
        """Let bdd recall what was claimed. Returns what stays here because bdd has recalled the other work already."""
        with self._changed:
            if self._recalled:
                return self._claimed
            self._claimed = None
            return None

    def _ready(self):
        for work in self._work:
            if not (self.is_stopping and work[0] == "run" and work is not self._claimed):
                return work
        return None

    # ------------------------------------------------ reading

    def listen(self):
        """Start to read. The process ends when bdd is gone."""
        threading.Thread(target=self._read, name="bdd", daemon=True).start()
        if self._outbox is not None:
            self._outbox.start()

    def _read(self):
        try:
            for line in self._connection.makefile("rb"):
                self._serve(json.loads(line))
            # bdd is gone: what steps have started ends with the worker.
            if os.environ.get("BDD_PROCESS_GROUP") == "1" and os.getpgrp() == os.getpid():
                os.killpg(0, signal.SIGKILL)
        except Exception as problem:  # Whatever it is, bdd must hear of it.
            self.fail(f"cannot read a message of the runner: {problem!r}", traceback.format_exc())
        finally:
            output.exit_at_once(1)

    def fail(self, message, detail=""):
        """Say that the worker cannot continue."""
        self.send({"type": "error", "message": message, "detail": detail})

    def _serve(self, message):
        kind = message["type"]
        with self._changed:
            if kind == "match":
                self._questions.append(message)
            elif kind == "run":
                self._work.extend(("run", message["feature"], scenario) for scenario in message["scenarios"])
            elif kind == "cancel":
                self._recalled = True
                back = [work for work in self._work if work[0] == "run" and work is not self._claimed]
                for work in back:
                    self._work.remove(work)
                self.send({"type": "cancelled", "scenarios": [work[2]["scenario"] for work in back]})
            elif kind == "break_off":
                answer = {"type": "breaking_off", "call": message["call"]}
                self.calls.break_off(message, lambda can: self.send({**answer, "can": can}))
            elif kind in ("begin", "finish"):
                self._work.append((kind, message.get("hooks", [])))
            elif kind == "feature_done":
                self._work.append((kind, message["uri"]))
            else:
                raise ValueError(f"unknown message {kind}")
            self._changed.notify()


def encoded(message):
    """A message as a line. Half surrogate pairs, which Python allows in texts, are not valid in UTF-8."""
    return json.dumps(message, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
