#!/usr/bin/env python3
"""A worker for bdd in plain Python: the protocol of docs/protocol.md without any library.

Its steps are matched with Python's own regular expressions, under a kind of their own.
"""
import base64
import collections
import hashlib
import json
import os
import re
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
import traceback

DEFINITIONS = []
HOOKS = []


def step(keyword, pattern):
    """Register a function as the definition of a step."""
    def register(function):
        DEFINITIONS.append((keyword, re.compile(pattern), function))
        return function
    return register


def hook(kind, tags="", name="", order=0):
    """Register a function as a hook."""
    def register(function):
        HOOKS.append({"id": len(HOOKS), "kind": kind, "tags": tags, "name": name, "order": order,
                      "file": os.path.abspath(__file__), "line": function.__code__.co_firstlineno,
                      "function": function.__name__, "call": function})
        return function
    return register


class Pending(Exception):
    """Raised by a step that is not written yet."""


class Skip(Exception):
    """Raised to skip the rest of the scenario, or by a hook to skip what it runs before."""


class World(dict):
    """What the steps and hooks of an attempt share, and their way to the report."""

    def __init__(self, worker):
        super().__init__()
        self.worker = worker

    def attach(self, content, media_type, name=None):
        """Attach a text or bytes to the step or hook that runs."""
        if isinstance(content, str):
            body = {"text": content}
        else:
            body = {"base64": base64.b64encode(content).decode()}
        self.worker.attach(body, media_type, name)

    def attach_file(self, path, media_type):
        """Attach a copy of a file, however large."""
        handle, copy = tempfile.mkstemp(dir=os.environ["BDD_ATTACHMENTS"])
        os.close(handle)
        shutil.copyfile(path, copy)
        self.worker.attach({"file": copy}, media_type, os.path.basename(path))

    def run_steps(self, text):
        """Run steps that are written as in a feature file."""
        for planned in self.worker.ask_for_steps(text):
            try:
                self.worker.run_inner_step(planned, self)
            except Exception as problem:
                problem.args = (f"`{planned['text']}`, line {planned['line']} of the steps in it: {problem}",)
                raise


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


@step("given", r'a step that waits for the file "(.*)"')
def waits_for(world, path):
    while not os.path.exists(path):
        time.sleep(0.001)


@step("given", r"a step that sleeps (\d+) ms")
def sleeps(world, millis):
    time.sleep(int(millis) / 1000)


@step("given", r"a step that marks (\d+)")
def marks(world, number):
    """For tests that kill the process while it runs."""
    def mark(what):
        with open("marks", "a") as file:
            file.write(f"{what} {number} {os.getpid()}\n")
    mark("begin")
    time.sleep(int(number) % 3 / 1000)
    mark("end")


@step("given", r'a step that prints "(.*)"')
def prints(world, text):
    print(text)


@step("given", r"a step that takes a table")
def takes_table(world, table):
    assert all(len(row) == len(table[0]) for row in table)


@step("given", r"a step that takes a docstring")
def takes_docstring(world, docstring):
    assert isinstance(docstring["content"], str)


@step("given", r"a step that passes from attempt (\d+) on")
def passes_from(world, attempt):
    assert world["attempt"] >= int(attempt), f"this is attempt {world['attempt']}"


@step("given", r'a step that attaches the text "(.*)"')
def attaches_text(world, text):
    world.attach(text, "text/plain")


@step("given", r"a step that attaches (\d+) bytes of a file")
def attaches_file(world, size):
    with tempfile.NamedTemporaryFile(suffix=".bin") as file:
        file.write(bytes(number % 256 for number in range(int(size))))
        file.flush()
        world.attach_file(file.name, "application/octet-stream")


@step("given", r"a step that runs these steps")
def runs_steps(world, docstring):
    world.run_steps(docstring["content"])


@step("given", r"a step that is (?:calm|CALM)")
@step("given", r"a step that the host leaves out")
def does_nothing(world):
    pass


@step("given", r'a step that aborts the run since "(.*)"')
def aborts_run(world, reason):
    world.worker.report("abort", reason=reason)


@step("given", r"a step that adds a row with (\d+)")
def adds_row(world, number):
    world.worker.add_row(number)


LEFT_OUT = "that the host leaves out"


def slow():
    pass


TAG_HOOKS = {"@slow": slow, "@broken": lambda: 1 // 0}


@hook("before_run", name="exports a variable")
def exports(world):
    world.worker.exported["COUNTER_RUN"] = "1"


@hook("before_scenario", "@hooked", "notes the attempt", order=-1)
def notes_attempt(world):
    world.attach("before", "text/plain")


@hook("after_scenario", "@hooked", "always runs")
def always_runs(world):
    world.attach("after", "text/plain")


@hook("before_all", name="passes")
@hook("after_all", name="passes")
@hook("before_feature", "@passes", "passes")
@hook("after_feature", "@passes", "passes")
@hook("before_rule", "@passes", "passes")
@hook("after_rule", "@passes", "passes")
@hook("before_step", "@passes", "passes")
@hook("after_step", "@passes", "passes")
def hook_passes(world):
    pass


@hook("before_feature", "@fails", "fails")
@hook("before_scenario", "@fails", "fails")
@hook("before_step", "@fails", "fails")
def hook_fails(world):
    raise ValueError("broken hook")


@hook("before_rule", "@skips", "skips")
@hook("before_scenario", "@skips", "skips")
def hook_skips(world):
    raise Skip("not today")


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
        self.answers = collections.deque()
        self.changed = threading.Condition()
        self.held_back = []
        self.exported = {}
        self.open = []  # the feature and the rule that the last scenario was in
        self.added = 0  # how many scenarios were added
        self.depth = 0  # how many steps are around the code that runs
        self.added_hooks = {}  # the ids of hooks that `hello` does not list, by what they are

    # ------------------------------------------------ talking

    def send(self, *messages):
        """Write messages at once."""
        lines = "".join(json.dumps(message) + "\n" for message in messages)
        with self.turn:
            self.connection.sendall(lines.encode())

    def report(self, kind, **event):
        """Hold an event back until the next `flush`."""
        self.held_back.append({"type": kind, **event})

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
        hooks = [{key: value for key, value in hook.items() if key != "call"} for hook in HOOKS]
        digest = hashlib.sha256(json.dumps([definitions, hooks]).encode()).hexdigest()
        self.send({"type": "hello", "protocol": 1, "language": "python", "hash": digest,
                   "definitions": definitions, "hooks": hooks})

    def listen(self):
        """Serve the runner, and end the process when it is gone."""
        try:
            for line in self.connection.makefile("rb"):
                self.serve(json.loads(line))
            # The runner is gone: what steps have started ends with the worker.
            if os.environ.get("BDD_PROCESS_GROUP") == "1" and os.getpgrp() == os.getpid():
                os.killpg(0, signal.SIGKILL)
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
                self.work.extend(("run", message["feature"], scenario) for scenario in message["scenarios"])
            elif kind == "cancel":
                given_back = [work for work in self.work if work[0] == "run"]
                for work in given_back:
                    self.work.remove(work)
                self.send({"type": "cancelled", "scenarios": [work[2]["scenario"] for work in given_back]})
            elif kind == "steps":
                self.answers.append(message)
            elif kind in ("begin", "finish"):
                self.work.append((kind, message.get("hooks", [])))
            elif kind == "feature_done":
                self.work.append((kind, message["uri"]))
            else:
                raise ValueError(f"unknown message {kind}")
            self.changed.notify()

    def next(self, queue):
        """The next element of a queue, when there is one."""
        with self.changed:
            if not queue:
                self.flush()
            while not queue:
                self.changed.wait()
            return queue.popleft()

    # ------------------------------------------------ running

    def run(self):
        self.hello()
        threading.Thread(target=self.listen, daemon=True).start()
        while True:
            kind, *work = self.next(self.work)
            if kind == "run":
                self.run_scenario(*work)
            elif kind == "feature_done":
                self.leave(0)
            elif kind == "begin":
                self.call_hooks(work[0], World(self))
                variables = [{"name": name, "value": value} for name, value in self.exported.items()]
                self.send(*self.held_back, {"type": "begun", "environment": variables})
                self.held_back = []
            else:
                self.leave(0)
                self.call_hooks(work[0], World(self))
                return self.flush()

    def enter(self, depth, place, name):
        """Open a feature (depth 0) or a rule (depth 1), unless it is open or what is around it is blocked."""
        if len(self.open) > depth and self.open[depth]["name"] == name:
            return
        self.leave(depth)
        if place and not self.blocked():
            results = self.call_hooks(place.get("before", []), World(self))
            culprits = [hook for wanted in ("failed", "pending", "skipped")
                        for hook, status, _ in results if status == wanted]
            self.open.append({"name": name, "after": place.get("after", []), "culprits": culprits})

    def leave(self, depth):
        """Close the rule, and the feature too if depth is 0."""
        while len(self.open) > depth:
            self.call_hooks(self.open.pop()["after"], World(self))

    def blocked(self):
        """The hooks that keep the open feature or rule from being run, the worst first."""
        return next((place["culprits"] for place in self.open if place["culprits"]), [])

    def run_scenario(self, feature, scenario):
        rule = scenario.get("rule")
        self.uri = feature["uri"]
        self.enter(0, feature, feature["uri"])
        self.enter(1, rule, rule and rule["line"])
        skipped = next((tag for tag in scenario["tags"] if tag == "@not_here"), None)
        if skipped and not self.blocked():
            return self.report("scenario_skipped", scenario=scenario["scenario"], reason=f"{skipped} is skipped here")
        if self.blocked():
            return self.report("scenario_skipped", scenario=scenario["scenario"], hook=self.blocked()[0])
        last = scenario["attempt"] + scenario.get("retries", 0)
        for attempt in range(scenario["attempt"], last + 1):
            who = {"scenario": scenario["scenario"], "attempt": attempt}
            start = time.monotonic_ns()
            self.report("scenario_started", **who, at=time.time_ns() // 1000, output=captured())
            again = self.attempt(scenario, attempt) == "failed" and attempt < last
            self.report("scenario_finished", **who, nanos=time.monotonic_ns() - start, output=captured(),
                        will_be_retried=again)
            if not again:
                return

    def attempt(self, scenario, attempt):
        """Run a scenario once; the worst status of its hooks and steps."""
        world = World(self)
        world["attempt"] = attempt
        self.scenario, self.extra, self.position = scenario["scenario"], 0, None
        worst = worst_of(self.call_hooks(scenario.get("before", []), world, until="skipped"))
        for tag in scenario["tags"] if worst == "passed" else []:
            # As in behave: a hook for each tag, which nobody can declare before the tags are known.
            if tag in TAG_HOOKS:
                went = self.call_added_hook("before_scenario", f"before_tag {tag}", TAG_HOOKS[tag])
                worst = max(worst, went, key=STATUSES.index)
        goes_on = worst == "passed"
        if goes_on and "@prepared" in scenario["tags"]:
            self.run_extra_step({"keyword": "Given", "text": "what the host prepares"}, lambda: None)
        for position, planned in enumerate(scenario["steps"]):
            if not goes_on:
                break
            if LEFT_OUT in planned["text"]:
                self.report("step_left_out", scenario=scenario["scenario"], step=position, reason="the text says so")
                continue
            status = self.run_step(scenario, position, planned, world)
            goes_on = status == "passed" or status == "failed" and scenario.get("continue_after_failure", False)
            worst = max(worst, status, key=STATUSES.index)
        return max(worst, worst_of(self.call_hooks(scenario.get("after", []), world)), key=STATUSES.index)

    def run_step(self, scenario, position, planned, world):
        """Run a step between its hooks; the worst of their statuses."""
        name = {"scenario": scenario["scenario"], "step": position}
        self.position, self.depth = position, 1
        actual = {"actual": {"keyword": planned.get("keyword", ""), "text": planned["text"].replace("CALM", "calm")}}
        self.report("step_started", **name, **(actual if "CALM" in planned["text"] else {}))
        self.flush()
        results = self.call_hooks(scenario.get("before_step", []), world)
        nanos, own_error = 0, {}
        if worst_of(results) == "passed":
            started = time.monotonic_ns()
            status, own_error = outcome(lambda: invoke(planned, world))
            nanos = time.monotonic_ns() - started
            results.append((None, status, own_error))
        results += self.call_hooks(scenario.get("after_step", []), world)
        status = worst_of(results)
        # The error is that of the step, else of the first hook that is to blame.
        errors = [own_error] + [error for _, of, error in results if of == status]
        self.report("step_finished", **name, status=status, nanos=nanos, **next(filter(None, errors), {}))
        return status

    def call_hooks(self, hooks, world, until=None):
        """Call all these hooks, whatever fails, or those up to a status: for each its id, status and error."""
        results = []
        for number in hooks:
            self.report("hook_started", hook=number, output=captured())
            self.flush()
            started = time.monotonic_ns()
            status, error = outcome(lambda: HOOKS[number]["call"](world))
            nanos = time.monotonic_ns() - started
            self.report("hook_finished", hook=number, status=status, nanos=nanos, output=captured(), **error)
            if error:
                error["error"] = {**error["error"], "message": "the hook `{function}` ({file}:{line}): "
                                  .format(**HOOKS[number]) + error["error"]["message"]}
            results.append((number, status, error))
            if status == until:
                break
        return results

    # ------------------------------------------------ departing from the plan

    def run_extra_step(self, content, code, parent=None):
        """Run code as a step that the plan does not have."""
        name = {"scenario": self.scenario, "extra": self.extra}
        self.extra += 1
        inside = {} if parent is None else {"parent": parent, "depth": self.depth}
        self.report("extra_step_started", **name, **inside, step=content)
        self.flush()
        started = time.monotonic_ns()
        self.depth += 1
        status, error = outcome(code)
        self.depth -= 1
        self.report("extra_step_finished", **name, status=status, nanos=time.monotonic_ns() - started, **error)
        return status

    def run_inner_step(self, planned, world):
        """Run a step from text inside the running step, which fails with it."""
        problems = []

        def code():
            try:
                invoke(planned, world)
            except Exception as problem:
                problems.append(problem)
                raise

        content = {key: planned[key] for key in ("text", "table", "docstring") if key in planned}
        content["keyword"] = planned.get("keyword", "")
        self.run_extra_step(content, code, parent=self.position)
        if problems:
            raise problems[0]

    def add_row(self, number):
        """Add a scenario as if the examples of an outline had one more row."""
        self.added += 1
        steps = [{"keyword": "Given", "text": f"a counter at {number}"}, {"keyword": "Then", "text": "the counter is 7"}]
        self.report("scenario_added", key=self.added, feature=self.uri, name=f"Row {number}", row=[number],
                    outline={"name": "Row <n>", "line": 1, "header": ["n"]}, steps=steps)

    def call_added_hook(self, kind, name, code):
        """Run code as a hook that `hello` does not list."""
        number = self.added_hooks.get((kind, name))
        if number is None:
            number = self.added_hooks[kind, name] = len(HOOKS) + len(self.added_hooks)
            self.report("hook_added", hook={"id": number, "kind": kind, "name": name, "file": os.path.abspath(__file__),
                                            "line": code.__code__.co_firstlineno})
        self.report("hook_started", hook=number, output=captured())
        self.flush()
        started = time.monotonic_ns()
        status, error = outcome(code)
        self.report("hook_finished", hook=number, status=status, nanos=time.monotonic_ns() - started,
                    output=captured(), **error)
        return status

    # ------------------------------------------------ what steps and hooks ask for

    def attach(self, body, media_type, name):
        self.report("attachment", media_type=media_type, body=body, **({"file_name": name} if name else {}))

    def ask_for_steps(self, text):
        self.report("run_steps", text=text)
        answer = self.next(self.answers)
        if answer.get("error"):
            raise ValueError(answer["error"])
        return answer["steps"]


STATUSES = ["passed", "skipped", "pending", "failed"]


def worst_of(results):
    return max((status for _, status, _ in results), key=STATUSES.index, default="passed")


def captured():
    """The length of the capture file."""
    sys.stdout.flush()
    sys.stderr.flush()
    return os.fstat(1).st_size


def invoke(planned, world):
    """Call the function of a step."""
    arguments = list(planned["arguments"])
    arguments += [planned[below] for below in ("table", "docstring") if below in planned]
    # A nested group is the function's argument too, but the runner sends the top-level ones.
    _, pattern, function = DEFINITIONS[planned["definition"]]
    if pattern.groups > len(planned["arguments"]):
        arguments = list(pattern.fullmatch(planned["text"]).groups()) + arguments[len(planned["arguments"]):]
    function(world, *arguments)


def outcome(code):
    """Run code of the user: its status, and the error if there is one."""
    try:
        code()
        return "passed", {}
    except Pending as pending:
        return "pending", {"error": {"kind": "PendingException", "message": str(pending)}}
    except Skip as skip:
        return "skipped", {"error": {"kind": "SkippedException", "message": str(skip)}}
    except Exception as problem:
        # Without the frames of this file's machinery, which are above those of the user.
        frames = traceback.extract_tb(problem.__traceback__)
        frames = [frame for frame in frames if frame.name not in MACHINERY] or frames
        kind = "AssertionError" if isinstance(problem, AssertionError) else "Error"
        return "failed", {"error": {
            "kind": kind, "message": str(problem) or type(problem).__name__,
            "trace": "".join(traceback.format_list(frames)), "file": frames[-1].filename, "line": frames[-1].lineno}}


MACHINERY = {"outcome", "invoke", "<lambda>", "run_steps", "ask_for_steps"}


def main():
    path = os.environ.get("BDD_SOCKET")
    if not path:
        sys.exit("this is a step program; run it with `bdd run --steps`")
    Worker(path).run()


if __name__ == "__main__":
    main()
