"""A host that keeps to the whole protocol, and one mistake that a test adds to it.

A test calls `serve` with a function that gets each message before it is sent, and returns the messages
that are sent in its place.
"""
import collections
import json
import os
import re
import signal
import socket
import sys
import threading
import time

STEPS = ["it passes", 'it takes "(.*)"(?: and "(.*)")?', "it fails", "it is pending", "it skips", "it waits (\\d+) ms",
         "it passes from attempt (\\d+) on", "it attaches", "it runs steps"]
RANKS = ["passed", "skipped", "pending", "failed"]
BEFORE = ["before_all", "before_feature", "before_rule", "before_scenario", "before_step"]
AFTER = ["after_all", "after_feature", "after_rule", "after_scenario", "after_step"]
HOOKS = [{"id": 10 + number, "kind": kind, "name": "passes", "order": order}
         for number, (kind, order) in enumerate([(kind, order) for kind in BEFORE + AFTER for order in (1, 2)])]
HOOKS += [{"id": 40, "kind": "before_feature", "name": "fails", "tags": "@refused"},
          {"id": 41, "kind": "before_rule", "name": "skips", "tags": "@refused-rule"},
          {"id": 42, "kind": "before_scenario", "name": "fails", "tags": "@unfit"},
          {"id": 43, "kind": "before_scenario", "name": "skips", "tags": "@skipped", "order": -1},
          {"id": 44, "kind": "before_step", "name": "fails", "tags": "@unfit-steps"}]
RUN_HOOKS = [{"id": 50, "kind": "before_run", "name": "exports"}, {"id": 51, "kind": "after_run", "name": "passes"}]


class Left(Exception):
    """A step was asked to leave."""


def hang(*_):
    time.sleep(600)


def end(code):
    os._exit(code)


def output():
    sys.stdout.flush()
    return os.fstat(1).st_size


def groups(match):
    found = []
    for number in range(1, match.re.groups + 1):
        start, finish = match.span(number)
        if start < 0:
            found.append({"start": 0, "end": 0})
        else:
            units = lambda text: len(text.encode("utf-16-le")) // 2
            text = match.string
            found.append({"value": match.group(number), "start": units(text[:start]), "end": units(text[:finish])})
    return found


class Host:
    def __init__(self, wrong, own, run_hooks):
        self.wrong = wrong
        self.own = own
        self.declared = HOOKS + (RUN_HOOKS if run_hooks else [])
        self.turn = threading.RLock()
        self.changed = threading.Condition()
        self.work = collections.deque()
        self.answers = collections.deque()
        self.open = []
        self.calls = 0
        self.step_call = 0
        self.waits = False
        self.leave = threading.Event()
        self.scenario = None
        self.connection = socket.socket(socket.AF_UNIX)
        self.connection.connect(os.environ["BDD_SOCKET"])

    # ---------------------------------------------------------------- talking

    def raw(self, data):
        with self.turn:
            self.connection.sendall(data)

    def send(self, kind, **more):
        with self.turn:
            for message in self.wrong(self, {"type": kind, **more}, kind):
                self.raw(json.dumps(message).encode() + b"\n")

    def hello(self):
        kind = "python" if self.own else "regex"
        pattern = (lambda text: text) if self.own else (lambda text: f"^{text}$")
        definitions = [{"id": number, "keyword": "step", "kind": kind, "pattern": pattern(text), "file": "host.py",
                        "line": number + 1} for number, text in enumerate(STEPS)]
        self.send("hello", protocol=1, language="python", hash="h", definitions=definitions, hooks=self.declared,
                  says_closed=True, breaks_off=True)

    def listen(self):
        try:
            for line in self.connection.makefile("rb"):
                self.serve(json.loads(line))
        except (ValueError, KeyError) as problem:
            self.send("error", message=f"cannot read it: {problem!r}")
            end(1)
        except OSError:
            pass
        self.runner_is_gone()

    def runner_is_gone(self):
        self.send("_gone")
        os.killpg(0, signal.SIGKILL)

    def serve(self, message):
        kind = message["type"]
        if kind == "match":
            self.send("matched", id=message["id"], matches=[self.matches(text) for text in message["texts"]])
            return
        if kind == "break_off":
            with self.turn:
                can = message["call"] == self.step_call and self.waits
                if can:
                    self.leave.reason = {"kind": message["kind"], "message": message["message"]}
                    self.leave.set()
                self.send("breaking_off", call=message["call"], can=can)
            return
        with self.changed:
            if kind == "run":
                self.work.extend(("run", message["feature"], scenario) for scenario in message["scenarios"])
            elif kind == "cancel":
                given = [work for work in self.work if work[0] == "run"]
                for work in given:
                    self.work.remove(work)
                self.send("cancelled", scenarios=[work[2]["scenario"] for work in given])
            elif kind == "steps":
                self.answers.append(message)
            elif kind in ("begin", "finish"):
                self.work.append((kind, message.get("hooks", [])))
            elif kind == "feature_done":
                self.work.append((kind, message["uri"]))
            else:
                raise ValueError(kind)
            self.changed.notify_all()

    def matches(self, text):
        if not self.own:
            return []
        found = [(number, re.fullmatch(pattern, text)) for number, pattern in enumerate(STEPS)]
        return [{"definition": number, "arguments": groups(match)} for number, match in found if match]

    def next(self, queue):
        with self.changed:
            while not queue:
                self.changed.wait()
            return queue.popleft()

    # ---------------------------------------------------------------- running

    def run(self):
        self.hello()
        threading.Thread(target=self.listen, daemon=True).start()
        while True:
            kind, *work = self.next(self.work)
            if kind == "begin":
                self.hooks(work[0])
                self.send("begun", environment=[{"name": "HOST", "value": "1"}])
            elif kind == "run":
                self.enter(*work)
            elif kind == "feature_done":
                self.close(0)
            else:
                self.close(0)
                self.hooks(work[0])
                self.send("closed")
                self.send("_exit")
                end(0)

    def hooks(self, numbers, until_skip=False):
        """Run hooks; the first that went worst, with its status."""
        went = []
        for number in numbers or ():
            hook = next(one for one in self.declared if one["id"] == number)
            self.calls += 1
            self.send("hook_started", hook=number, output=output())
            status = {"fails": "failed", "skips": "skipped"}.get(hook["name"], "passed")
            self.send("hook_finished", hook=number, status=status, nanos=1000, output=output())
            went.append((number, status))
            if until_skip and status == "skipped":
                break
        worst = max((status for _, status in went), key=RANKS.index, default="passed")
        return next((one for one in went if one[1] == worst), (None, "passed"))

    def close(self, depth):
        while len(self.open) > depth:
            self.hooks(self.open.pop()["after"])

    def enter(self, feature, scenario):
        rule = scenario.get("rule")
        for depth, (name, place) in enumerate([(feature["uri"], feature), (rule and rule["line"], rule)]):
            if len(self.open) > depth and self.open[depth]["name"] == name:
                continue
            self.close(depth)
            if place and not any(one["refused"] for one in self.open):
                hook, status = self.hooks(place.get("before"))
                self.open.append({"name": name, "after": place.get("after", []),
                                  "refused": None if status == "passed" else hook})
        refused = next((one["refused"] for one in self.open if one["refused"]), None)
        if refused:
            self.send("scenario_skipped", scenario=scenario["scenario"], hook=refused)
            return
        first = scenario["attempt"]
        for attempt in range(first, first + scenario.get("retries", 0) + 1):
            if not self.attempt(scenario, attempt, first + scenario.get("retries", 0)):
                return

    def attempt(self, scenario, attempt, last):
        """Run a scenario once; whether it is retried."""
        self.scenario = scenario
        number = scenario["scenario"]
        start = time.monotonic_ns()
        self.send("scenario_started", scenario=number, attempt=attempt, at=time.time_ns() // 1000, output=output())
        worst = self.hooks(scenario.get("before"), until_skip=True)[1]
        goes_on = worst == "passed"
        for position, step in enumerate(scenario["steps"]):
            if goes_on:
                status, left = self.step(scenario, attempt, position, step)
                worst = max(worst, status, key=RANKS.index)
                goes_on = status == "passed" or \
                    status == "failed" and not left and scenario.get("continue_after_failure", False)
        worst = max(worst, self.hooks(scenario.get("after"))[1], key=RANKS.index)
        again = worst == "failed" and attempt < last
        self.send("scenario_finished", scenario=number, attempt=attempt, nanos=time.monotonic_ns() - start,
                  output=output(), will_be_retried=again)
        return again

    def step(self, scenario, attempt, position, step):
        number = scenario["scenario"]
        with self.turn:
            self.calls += 1
            self.step_call = self.calls
            self.send("step_started", scenario=number, step=position)
        start = time.monotonic_ns()
        before = self.hooks(scenario.get("before_step"))[1]
        status, error, left = before, None, False
        if before == "passed":
            try:
                status = self.call(step, attempt)
            except Left as reason:
                status, error, left = "failed", reason.args[0], True
            except Exception as problem:
                status, error = "failed", {"kind": "Error", "message": str(problem)}
        after = self.hooks(scenario.get("after_step"))[1]
        status = max(status, after, key=RANKS.index)
        more = {"error": error} if error else {}
        self.send("step_finished", scenario=number, step=position, status=status,
                  nanos=time.monotonic_ns() - start, **more)
        return status, left

    def call(self, step, attempt):
        arguments = step["arguments"]
        number = step["definition"]
        if number == 1:
            print("it takes", arguments, flush=True)
        elif number == 2:
            raise ValueError("it fails")
        elif number == 3:
            return "pending"
        elif number == 4:
            return "skipped"
        elif number == 5:
            with self.turn:
                self.leave.clear()
                self.waits = True
            left = self.leave.wait(int(arguments[0]) / 1000)
            with self.turn:
                self.waits = False
            if left or self.leave.is_set():
                raise Left(self.leave.reason)
        elif number == 6 and attempt < int(arguments[0]):
            raise ValueError(f"this is attempt {attempt}")
        elif number == 7:
            self.attach()
        elif number == 8:
            self.send("run_steps", text=step["docstring"]["content"])
            answer = self.next(self.answers)
            if "error" in answer:
                raise ValueError(answer["error"])
            for inner in answer["steps"]:
                self.call(inner, attempt)
        return "passed"

    def attach(self):
        self.send("attachment", media_type="text/plain", body={"text": "a"})
        self.send("attachment", media_type="image/png", body={"base64": "QUI="})
        path = os.path.join(os.environ["BDD_ATTACHMENTS"], str(os.getpid()))
        with open(path, "w") as file:
            file.write("a")
        self.send("attachment", media_type="text/plain", body={"file": path})


def serve(wrong=lambda host, m, t: [m], own=False, run_hooks=False):
    def right(host, message, kind):
        messages = wrong(host, message, kind)
        # Those that only the host itself hears of, such as that it is about to exit.
        return [one for one in messages if not one["type"].startswith("_")]
    Host(right, own, run_hooks).run()
