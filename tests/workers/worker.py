#!/usr/bin/env python3
"""A worker for bdd in plain Python: the protocol of docs/protocol.md without any library.

Its steps are matched with Python's own regular expressions, under a kind of their own.
"""
import collections
import hashlib
import json
import os
import re
import socket
import sys
import threading
import time
import traceback

DEFINITIONS = []


def step(keyword, pattern):
    """Register a function as the definition of a step."""
    def register(function):
        DEFINITIONS.append((keyword, re.compile(pattern), function))
        return function
    return register


class Pending(Exception):
    """Raised by a step that is not written yet."""


# ---------------------------------------------------------------- the steps

@step("given", r"a counter at (?P<start>\d+)")
def counter_at(world, start):
    """Sets the counter."""
    world["counter"] = int(start)


@step("when", r"it is incremented(?: by (\d+)(?: times (\d+))?)?")
def incremented(world, by, times):
    world["counter"] += int(by or 1) * int(times or 1)


@step("then", r"the counter is (\d+)")
def counter_is(world, expected):
    assert world["counter"] == int(expected), f"the counter is {world['counter']}, not {expected}"


@step("given", r"a step that passes")
def passes(world):
    pass


@step("given", r'a step that fails with "(.*)"')
def fails(world, message):
    raise ValueError(message)


@step("given", r"a step that is pending")
def is_pending(world):
    raise Pending("not written yet")


@step("given", r"a step that aborts")
def aborts(world):
    os.abort()


@step("given", r"a step that exits with (\d+)")
def exits(world, code):
    os._exit(int(code))


@step("given", r"a step that sleeps (\d+) ms")
def sleeps(world, millis):
    time.sleep(int(millis) / 1000)


@step("given", r'a step that prints "(.*)"')
def prints(world, text):
    print(text)


@step("given", r"a step that takes a table")
def takes_table(world, table):
    assert all(len(row) == len(table[0]) for row in table)


@step("given", r"a step that takes a docstring")
def takes_docstring(world, docstring):
    assert isinstance(docstring["content"], str)


# ---------------------------------------------------------------- matching

def utf16(text):
    """The length of a text in UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def groups(match):
    """The groups of a match as the protocol wants them: those inside others as children."""
    top, around = [], []
    for number in range(1, (match.re.groups or 0) + 1):
        start, end = match.span(number)
        if start < 0:
            group = {"start": 0, "end": 0}
        else:
            text = match.string
            group = {"value": match.group(number), "start": utf16(text[:start]), "end": utf16(text[:end])}
        depth = DEPTHS[match.re][number]
        del around[depth:]
        (around[-1].setdefault("children", []) if around else top).append(group)
        around.append(group)
    return top


def depths(pattern):
    """How many groups are around each group of a pattern; the first is at index 1."""
    result, stack = [0], []
    source, at, in_class = pattern.pattern, 0, False
    while at < len(source):
        character = source[at]
        if character == "\\":
            at += 1
        elif in_class:
            in_class = character != "]"
        elif character == "[":
            in_class = True
        elif character == "(":
            captures = not source.startswith("(?", at) or source.startswith("(?P<", at)
            if captures:
                result.append(sum(stack))
            stack.append(captures)
        elif character == ")":
            stack.pop()
        at += 1
    return result


DEPTHS = {pattern: depths(pattern) for _, pattern, _ in DEFINITIONS}


def matches(text):
    """The definitions that match a text."""
    found = []
    for number, (_, pattern, _) in enumerate(DEFINITIONS):
        match = pattern.fullmatch(text)
        if match:
            found.append({"definition": number, "arguments": groups(match)})
    return found


# ---------------------------------------------------------------- the worker

class Worker:
    """Reads on one thread, runs on the other."""

    def __init__(self, path):
        self.connection = socket.socket(socket.AF_UNIX)
        self.connection.connect(path)
        self.turn = threading.Lock()
        self.work = collections.deque()
        self.finished = False
        self.changed = threading.Condition()
        self.held_back = []

    def send(self, *messages):
        """Write messages at once."""
        lines = "".join(json.dumps(message) + "\n" for message in messages)
        with self.turn:
            self.connection.sendall(lines.encode())

    def report(self, **event):
        """Hold an event back until the next `flush`."""
        self.held_back.append(event)

    def flush(self):
        events, self.held_back = self.held_back, []
        if events:
            self.send(*events)

    def hello(self):
        definitions = [
            {"id": number, "keyword": keyword, "kind": "python", "pattern": pattern.pattern,
             "file": os.path.abspath(__file__), "line": function.__code__.co_firstlineno,
             "function": function.__name__, "doc": function.__doc__ or ""}
            for number, (keyword, pattern, function) in enumerate(DEFINITIONS)
        ]
        digest = hashlib.sha256(json.dumps(definitions).encode()).hexdigest()
        self.send({"type": "hello", "protocol": 1, "language": "python", "hash": digest,
                   "definitions": definitions})

    def listen(self):
        """Serve the runner, and end the process when it is gone."""
        try:
            for line in self.connection.makefile("rb"):
                self.serve(json.loads(line))
        except (ValueError, KeyError, TypeError) as error:
            self.send({"type": "error", "message": f"cannot read a message of the runner: {error!r}"})
        finally:
            os._exit(1)

    def serve(self, message):
        kind = message["type"]
        with self.changed:
            if kind == "match":
                self.send({"type": "matched", "id": message["id"],
                           "matches": [matches(text) for text in message["texts"]]})
            elif kind == "run":
                self.work.extend(message["scenarios"])
            elif kind == "cancel":
                given_back = [scenario["scenario"] for scenario in self.work]
                self.work.clear()
                self.send({"type": "cancelled", "scenarios": given_back})
            elif kind == "finish":
                self.finished = True
            elif kind != "feature_done":
                raise ValueError(f"unknown message {kind}")
            self.changed.notify()

    def next(self):
        """The next scenario; none when nothing will come."""
        with self.changed:
            if not self.work:
                self.flush()
            while not self.work and not self.finished:
                self.changed.wait()
            return self.work.popleft() if self.work else None

    def run(self):
        self.hello()
        threading.Thread(target=self.listen, daemon=True).start()
        while (scenario := self.next()) is not None:
            self.run_scenario(scenario)

    def run_scenario(self, scenario):
        who = {"scenario": scenario["scenario"], "attempt": scenario["attempt"]}
        start, world = time.monotonic_ns(), {}
        self.report(type="scenario_started", **who, at=time.time_ns() // 1000, output=captured())
        for position, planned in enumerate(scenario["steps"]):
            name = {"scenario": scenario["scenario"], "step": position}
            self.report(type="step_started", **name)
            self.flush()
            started = time.monotonic_ns()
            status, error = call(planned, world)
            nanos = time.monotonic_ns() - started
            self.report(type="step_finished", **name, status=status, nanos=nanos, **error)
            if status != "passed":
                break
        self.report(type="scenario_finished", **who, nanos=time.monotonic_ns() - start, output=captured())


def captured():
    """The length of the capture file."""
    sys.stdout.flush()
    sys.stderr.flush()
    return os.fstat(1).st_size


def call(planned, world):
    """Call the function of a step: its status, and the error if there is one."""
    arguments = list(planned["arguments"])
    arguments += [planned[below] for below in ("table", "docstring") if below in planned]
    # A nested group is the function's argument too, but the runner sends the top-level ones.
    _, pattern, function = DEFINITIONS[planned["definition"]]
    if pattern.groups > len(planned["arguments"]):
        arguments = list(pattern.fullmatch(planned["text"]).groups()) + arguments[len(planned["arguments"]):]
    try:
        function(world, *arguments)
        return "passed", {}
    except Pending as pending:
        return "pending", {"error": {"kind": "PendingException", "message": str(pending)}}
    except Exception as problem:
        trace = problem.__traceback__.tb_next  # without this function
        frames = traceback.extract_tb(trace)
        kind = "AssertionError" if isinstance(problem, AssertionError) else "Error"
        return "failed", {"error": {
            "kind": kind, "message": str(problem) or type(problem).__name__,
            "trace": "".join(traceback.format_tb(trace)), "file": frames[-1].filename, "line": frames[-1].lineno}}


def main():
    path = os.environ.get("BDD_SOCKET")
    if not path:
        sys.exit("this is a step program; run it with `bdd run --steps`")
    Worker(path).run()


if __name__ == "__main__":
    main()
