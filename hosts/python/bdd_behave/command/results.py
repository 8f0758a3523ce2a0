"""What bdd says of the run, and what workers have noted."""
import contextlib
import glob
import json
import os
import pickle
import socket
import sys

from ..suite.bare_features import FILE
from ..suite.states import name_of_part

# bdd was killed: it always says the end.
CUT_OFF = {"type": "end", "is_cut_off": True, "is_problem": False}


class Results:
    """The plan and the results, as they come."""

    def __init__(self, path, folder):
        self._path = path
        self._folder = folder
        self._connection = None
        self._lines = None
        self._planned = {}  # The numbers of scenarios, by file and line.
        self._added = {}  # Those that hooks have added, by file.
        self._started = set()  # The numbers of scenarios that have begun.
        self._ended = {}  # The last word on scenarios, by number.
        self._is_planned = False
        self.unparsed = {}  # Why bdd cannot read a file, by file.
        self.end = None  # The last message.

    def ready(self, said, order, bare):
        """Tell bdd what to run, and wait for the plan. Workers get the features of which only hooks run."""
        with open(os.path.join(self._folder, FILE), "w", encoding="utf-8") as file:
            json.dump({"order": order, "bare": bare}, file)
        self._connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._connection.connect(self._path)
        self._connection.sendall(json.dumps(said).encode() + b"\n")
        self._lines = self._connection.makefile("r", encoding="utf-8")
        while not self._is_planned and self._hear():
            pass

    def leave(self, code):
        """Tell bdd the exit code."""
        if self._connection is not None:
            with contextlib.suppress(OSError):  # bdd is gone.
                self._connection.sendall(f"{code}\n".encode())

    def _hear(self):
        """Take a message. Returns false after the last one."""
        if self.end is not None:
            return False
        line = self._lines.readline()
        message = json.loads(line) if line.endswith("\n") else CUT_OFF
        kind = message["type"]
        if kind == "planned":
            for number, scenario_line in message["scenarios"]:
                self._planned[os.path.abspath(message["uri"]), scenario_line] = number
        elif kind == "begins":
            self._is_planned = True
        elif kind == "added":
            self._added.setdefault(os.path.abspath(message["uri"]), []).append(message)
        elif kind == "started":
            self._started.add(message["scenario"])
        elif kind == "ended":
            self._ended[message["scenario"]] = message
        elif kind == "unparsed":
            self.unparsed.setdefault(os.path.abspath(message["uri"]), message["message"])
            print(f"error: {message['message']}", file=sys.stderr, flush=True)
        elif kind == "note":
            print(message["text"], file=sys.stderr, flush=True)
        elif kind == "end":
            self._is_planned = True
            self.end = message
        return True

    # ------------------------------------------------ scenarios

    def number(self, path, line):
        """The number of a scenario; None if it is not selected."""
        return self._planned.get((path, line))

    def take_added(self, path):
        """The scenarios that hooks have added to a file since the last question."""
        return self._added.pop(path, [])

    def of(self, number):
        """The last word on a scenario; None if it has not run."""
        while number not in self._ended and self._hear():
            pass
        return self._ended.get(number)

    def has_run_others(self, numbers):
        """Whether scenarios other than these have run, as far as it is known."""
        return any(number not in numbers and one["status"] not in ("not_run", "skipped") for number, one in self._ended.items())

    def notes(self, number):
        """What a worker has noted of a scenario; None if it could not."""
        return self._read(os.path.join(self._folder, f"scenario-{number}"))

    # ------------------------------------------------ features, rules and workers

    def opened(self, uri, line, numbers):
        """The notes about a feature or rule, once one of its scenarios has begun, or all have ended without that."""
        if not numbers:
            return self.closed(uri, line)
        while not any(number in self._started for number in numbers) and self._waits(numbers):
            pass
        return self._parts(uri, line)

    def closed(self, uri, line):
        """The notes about a feature or rule, once it has been closed."""
        while True:
            found = self._parts(uri, line)
            if found and all(one["closed"] for one in found) or not self._hear():
                return self._parts(uri, line)

    def _waits(self, numbers):
        """Wait for a message, unless all of these scenarios have ended. Returns false if none follows."""
        return not all(number in self._ended for number in numbers) and self._hear()

    def _parts(self, uri, line):
        return self._all(f"{name_of_part(uri, line)}-*[0-9]")

    def workers(self):
        """The notes of workers about hooks before and after everything."""
        return self._all("worker-*[0-9]")

    def _all(self, pattern):
        found = (self._read(path) for path in sorted(glob.glob(os.path.join(self._folder, pattern))))
        return [one for one in found if one]

    def first_worker(self):
        """The notes of a worker about the hooks before everything, once a worker has run them."""
        while True:
            found = self.workers()
            if found or not self._hear():
                return (found or self.workers() or [None])[0]

    def wait_for_end(self):
        """Wait for the last message."""
        while self._hear():
            pass

    @staticmethod
    def _read(path):
        try:
            with open(path, "rb") as file:
                return pickle.load(file)
        except Exception:  # It is not there, or has objects that only the suite knows.
            return None
