"""A scenario that has run in a worker, for behave's formatters and reporters: its state, and the calls in their order."""
import base64
import sys
import traceback

from behave.matchers import Match, NoMatch
from behave.model import Step, Table, Tag, Text
from behave.model_core import Status

try:
    from behave.model_type import Argument
except ImportError:
    from behave.model_core import Argument

format_tb = traceback.format_tb


def install():
    """Let behave format the tracebacks of workers."""
    traceback.format_tb = lambda trace, limit=None: list(trace) if isinstance(trace, Trace) else format_tb(trace, limit)


class Trace(list):
    """The lines of a traceback."""


class Noted(Match):
    """The definition that a step matched in a worker."""

    def __init__(self, state):
        super().__init__(None, [Argument(*one) for one in state["arguments"]])
        self.location = state["location"]


def print_text(kind, text):
    """Print what was printed in a worker."""
    stream = sys.stdout if kind == "out" else sys.stderr
    stream.write(text)
    stream.flush()


def status(name):
    """A status by name. Names of bdd's own, such as that of a lost worker, do not exist."""
    return Status.from_name(name)


ERROR = getattr(Status, "error", Status.failed)  # behave 1.2.6 has one status for both.


def exception(state):
    """An exception that has the name and text of one in a worker."""
    if state is None:
        return None
    base = AssertionError if state["is_assertion"] else Exception
    kind = type(state["name"], (base,), {"__str__": lambda _self: state["text"], "__module__": state["module"]})
    return kind(*([state["text"]] if state["has_args"] else []))


def set_errors(entity, state):
    """Give a step, scenario, rule or feature what it keeps of errors and output."""
    entity.hook_failed = state["hook_failed"]
    entity.exception = exception(state["exception"])
    entity.exc_traceback = None if state["trace"] is None else Trace(state["trace"])
    entity.error_message = state["error_message"]
    captured = state["captured"]
    if captured is None:
        return
    if not isinstance(captured, list):
        entity.captured = captured  # behave 1.2.6
        return
    entity.captured.reset()
    for one in captured:
        entity.captured.add_captured(one, use_merge=False)


def set_step(step, state):
    """Give a step its result."""
    step.status = status(state["status"])
    step.duration = state["duration"]
    set_errors(step, state)


def made_step(said):
    """A step that the file does not have, or that a hook has changed."""
    table = None
    if said["table"] is not None:
        headings, rows = said["table"]
        table = Table(headings, line=said["line"])
        for row in rows:
            table.add_row(row)
    text = None if said["text"] is None else Text(said["text"][0], said["text"][1], said["line"])
    return Step(said["file"], said["line"], said["keyword"], said["step_type"], said["name"], text, table)


def is_same(step, said):
    """Whether a step is the one that a worker has run."""
    return (step.name, step.line, step.keyword) == (said["name"], said["line"], said["keyword"])


class Replay:
    """Shows a scenario to formatters as the worker has run it."""

    def __init__(self, scenario, notes, runner):
        self._scenario = scenario
        self._notes = notes
        self._runner = runner
        self._steps = self._right_steps()
        self._calls = {"out": self._out, "err": self._err, "scenario": self._begin, "step": self._step,
                       "match": self._match, "result": self._result, "embedding": self._embedding}

    def _right_steps(self):
        """The steps of the scenario, made again if hooks of the worker have changed them."""
        scenario, said = self._scenario, self._notes["steps"]
        steps = list(scenario.all_steps)
        if len(steps) == len(said) and all(is_same(*pair) for pair in zip(steps, said)):
            return steps
        steps = [made_step(one) for one in said]
        scenario.background = None
        scenario._background_steps = []
        scenario.steps = steps
        return steps

    def run(self):
        """Tell formatters what the worker has told them. Returns whether the scenario failed."""
        notes, scenario = self._notes, self._scenario
        if scenario.name != notes["name"]:
            scenario.name = notes["name"]
        if [str(tag) for tag in scenario.tags] != notes["tags"]:
            scenario.tags = [Tag(tag, scenario.line) for tag in notes["tags"]]
        scenario.was_dry_run = notes["was_dry_run"]
        for kind, *values in notes["calls"]:
            self._calls[kind](*values)
        self._finish()
        return notes["failed"]

    def _each(self, method, *values):
        for formatter in self._runner.formatters:
            function = getattr(formatter, method, None)
            if function:
                function(*values)

    def _out(self, text):
        print_text("out", text)

    def _err(self, text):
        print_text("err", text)

    def _begin(self):
        self._each("scenario", self._scenario)

    def _step(self, position):
        if position is not None:
            self._each("step", self._steps[position])

    def _match(self, state):
        self._each("match", NoMatch() if state is None else Noted(state))

    def _result(self, position, state):
        if position is not None:
            set_step(self._steps[position], state)
            self._each("result", self._steps[position])

    def _embedding(self, mime_type, data, *more):
        self._each("embedding", mime_type, base64.b64decode(data), *more)

    def _finish(self):
        notes, scenario, runner = self._notes, self._scenario, self._runner
        for step, state in zip(self._steps, notes["states"]):
            set_step(step, state)
        set_errors(scenario, notes)
        scenario.should_skip, scenario.skip_reason = notes["should_skip"], notes["skip_reason"]
        scenario.set_status(status(notes["status"]))
        for one in notes["undefined"]:
            runner.undefined_steps.append(self._steps[one] if isinstance(one, int) else made_step(one))
        runner.hook_failures += notes["hook_failures"]
        runner.has_aborted |= notes["aborted"]


class Lost:
    """A scenario whose worker has ended before it could note anything: bdd knows how far it came."""

    def __init__(self, scenario, ended, runner):
        self._scenario = scenario
        self._ended = ended
        self._runner = runner

    def run(self):
        """Tell formatters what bdd knows. Returns whether the scenario failed."""
        scenario, ended, formatters = self._scenario, self._ended, self._runner.formatters
        for formatter in formatters:
            formatter.scenario(scenario)
        steps = list(scenario.all_steps)
        for step in steps:
            for formatter in formatters:
                formatter.step(step)
        problem = ended.get("error")
        has_failed = ended["status"] not in ("passed", "skipped")
        culprit = next((position for position, one in enumerate(ended["steps"]) if one["status"] == "failed"), None)
        for position, (step, one) in enumerate(zip(steps, ended["steps"])):
            step.duration = one["nanos"] / 1e9
            if position == culprit:
                step.status = ERROR
                self._blame(step, one.get("error") or problem)
            else:
                step.status = status("passed" if one["status"] == "passed" else "skipped")
            if one["status"] in ("passed", "failed"):
                for formatter in formatters:
                    formatter.match(NoMatch())
                    formatter.result(step)
        if has_failed:
            if culprit is None:
                self._blame(scenario, problem)
            scenario.set_status(ERROR)
        return has_failed

    @staticmethod
    def _blame(entity, error):
        error = error or {"kind": "Error", "message": "the worker has ended", "trace": ""}
        state = {"name": error["kind"] or "Error", "module": "bdd", "text": error["message"], "is_assertion": False,
                 "has_args": True}
        entity.exception = exception(state)
        entity.exc_traceback = Trace(line for line in [error.get("trace")] if line)
        entity.error_message = f"{state['name']}: {error['message']}"
