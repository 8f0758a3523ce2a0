"""What a worker notes for `bdd behave`: everything that behave's own formatters and reporters can see of a run.

The notes of a scenario, feature or worker are one file each, in the folder that bdd names. The process that prints reads
them (`command`): it has the same behave, so that most objects of behave itself can be written as they are.
"""
import base64
import contextlib
import io
import os
import pickle
import sys

from behave.formatter.base import Formatter

from ..protocol import output
from .states import content, error_state, match_state, name_of_part, plain, position_of, step_state, without_own_frames

# How many characters of one part of the output are noted. The reports of bdd have all of it.
MOST = 4_000_000


class Stream:
    """Standard output or error while behave does not capture it: writes to it, and notes what is written."""

    def __init__(self, stream, kind, note):
        self._stream = stream
        self._kind = kind
        self._note = note

    def write(self, text):
        """Write a text."""
        self._note(self._kind, text)
        return self._stream.write(text)

    def close(self):
        """Not possible while it is standard output or error."""
        output.refuse_to_close(self)
        self._stream.close()

    def writelines(self, lines):
        """Write several texts."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name):
        return getattr(self._stream, name)


class Recorder:
    """Notes what happens. Each text that is printed belongs to the part of the run in which it is printed."""

    def __init__(self, folder, runner):
        self._folder = folder
        self._names = 0
        self._runner = runner
        self._run = {"process": os.getpid(), "before": [], "begun": None, "after": [], "ended": None, "cleanup_failed": False}
        self._opened = []  # The feature that runs, and the rule of it.
        self._part = self._run["before"]
        self._length = 0
        self._scenario = None
        self._earlier = []  # What was noted of earlier runs of the scenario.
        self._undefined = 0
        self._hook_failures = 0
        sys.stdout = Stream(sys.stdout, "out", self._print)
        sys.stderr = Stream(sys.stderr, "err", self._print)

    def formatters(self):
        """The formatter that notes what behave tells formatters."""
        return [Calls(self)]

    def _print(self, kind, text):
        self._length += len(text)
        if self._length > MOST:
            return
        text = without_own_frames(plain(text))
        if self._part and self._part[-1][0] == kind:
            self._part[-1] = (kind, self._part[-1][1] + text)
        else:
            self._part.append((kind, text))

    def note_output_of(self, function, *arguments):
        """Note what a function of behave prints, without printing it: bdd has it already."""
        with contextlib.redirect_stdout(Stream(io.StringIO(), "out", self._print)):
            function(*arguments)

    def _turn_to(self, part):
        self._part, self._length = part, 0

    def call(self, *call):
        """Note what behave tells formatters of a scenario."""
        if self._scenario is not None:
            self._part.append(call)

    # ------------------------------------------------ features and rules

    def opens(self, entity, uri):
        """A feature or rule begins."""
        self._names += 1
        part = name_of_part(uri, entity.line if self._opened else None)
        opened = {"name": f"{part}-{os.getpid()}-{self._names}", "entity": entity, "before": [], "after": [],
                  "state": None, "cleanup_failed": False}
        self._opened.append(opened)
        self._turn_to(opened["before"])

    def cleanup_failed(self, layer):
        """A cleanup of a layer of the context has failed."""
        if layer in ("feature", "rule") and self._opened:
            self._opened[-1]["cleanup_failed"] = True
        elif layer == "testrun":
            self._run["cleanup_failed"] = True

    def closes(self):
        """A feature or rule has ended."""
        opened = self._opened[-1]
        self._write_opened(opened, True)
        self._opened.pop()
        self._turn_to((self._opened[-1] if self._opened else self._run)["after"])

    def _write_opened(self, opened, is_closed):
        entity = opened["entity"]
        state = {**error_state(entity), "should_skip": entity.should_skip, "skip_reason": reason(entity),
                 "hook_failures": self._take_hook_failures()}
        if opened["state"] is None:
            opened["state"] = state
        said = {"before": opened["before"], "opened": opened["state"], "closed": state if is_closed else None,
                "after": opened["after"], "cleanup_failed": opened["cleanup_failed"]}
        self._write(opened["name"], said)

    def _take_hook_failures(self):
        new = self._runner.hook_failures - self._hook_failures
        self._hook_failures = self._runner.hook_failures
        return new

    # ------------------------------------------------ scenarios

    def has_opened(self):
        """The hooks before the feature or rule that runs have run."""
        for opened in self._opened:
            if opened["state"] is None:
                self._write_opened(opened, False)
                self._turn_to(opened["after"])

    def begins(self, scenario):
        """A scenario begins, or a further attempt at it."""
        self.has_opened()
        self._scenario = scenario
        self._undefined = len(self._runner.undefined_steps)
        self._turn_to(self._earlier)

    def ends(self, number, failed, is_retried):
        """A scenario has ended. If the suite itself retries it, formatters see both."""
        scenario, steps = self._scenario, list(self._scenario.all_steps)
        undefined = []
        for step in self._runner.undefined_steps[self._undefined:]:
            position = position_of(step, steps)
            undefined.append(position if position is not None else content(step))
        said = {"calls": self._part, "failed": failed, "status": scenario.status.name, "undefined": undefined,
                "steps": [content(step) for step in steps], "states": [step_state(step) for step in steps],
                "name": scenario.name, "tags": [str(tag) for tag in scenario.tags], "line": scenario.line,
                "keyword": scenario.keyword, "description": list(scenario.description or ()),
                "was_dry_run": scenario.was_dry_run, "should_skip": scenario.should_skip,
                "skip_reason": reason(scenario), "aborted": bool(self._runner.aborted),
                "feature_is_skipped": any(opened["entity"].should_skip for opened in self._opened[:1]),
                "hook_failures": self._take_hook_failures(), **error_state(scenario)}
        self._write(f"scenario-{number}", said)
        self._scenario = None
        self._earlier = self._part if is_retried else []
        self._turn_to((self._opened[-1] if self._opened else self._run)["after"])

    def position(self, step):
        """The position of a step in the scenario that runs."""
        return position_of(step, self._scenario.all_steps) if self._scenario is not None else None

    # ------------------------------------------------ the worker

    def run_begins(self):
        """The hooks before everything have run."""
        self._write_run("begun")
        self._turn_to(self._run["after"])

    def run_ends(self):
        """The hooks after everything have run. What behave prints now, the process that prints does itself."""
        self._write_run("ended")
        self._turn_to([])

    def _write_run(self, moment):
        # Each moment has its own state: the process that prints may still want to know how the run began when it has ended.
        self._run[moment] = {"aborted": bool(self._runner.aborted), "hook_failures": self._take_hook_failures()}
        self._write(f"worker-{self._run['process']}", self._run)

    def _write(self, name, said):
        path = os.path.join(self._folder, name)
        try:
            with open(f"{path}.new", "wb") as file:
                pickle.dump(said, file)
            os.replace(f"{path}.new", path)
        except Exception as problem:  # What is noted has objects of the suite. Its results are with bdd.
            print(f"what behave shows of {name} cannot be noted: {problem!r}", file=sys.__stderr__)


class NoRecorder:
    """Notes nothing: `bdd run` needs no notes."""

    def formatters(self):
        """No formatter."""
        return []

    def _ignored(self, *_args):
        """Nothing."""

    opens = has_opened = closes = note_output_of = cleanup_failed = begins = ends = run_begins = run_ends = _ignored


class Calls(Formatter):
    """Gets what behave tells formatters, and notes it."""

    name = "calls"
    description = "notes what formatters see"

    def __init__(self, recorder):  # The formatter has no stream, so behave's own constructor is not called.
        self._recorder = recorder
        self._step = None

    def scenario(self, _scenario):
        """A scenario is shown."""
        self._recorder.call("scenario")

    def step(self, step):
        """A step will run."""
        self._recorder.call("step", self._recorder.position(step))

    def match(self, match):
        """The step that runs has a definition, or none."""
        self._recorder.call("match", match_state(match))

    def result(self, step):
        """A step has ended."""
        self._recorder.call("result", self._recorder.position(step), step_state(step))

    def embedding(self, mime_type, data, *more):
        """The suite attaches something."""
        data = data if isinstance(data, bytes) else str(data).encode("utf-8", "replace")
        self._recorder.call("embedding", mime_type, base64.b64encode(data), *map(str, more))

    def _ignored(self, *_args):
        """What the process that prints knows by itself."""

    uri = feature = background = rule = eof = close = _ignored


def reason(entity):
    """Why a hook or step has skipped something: any object of the suite."""
    return None if entity.skip_reason is None else str(entity.skip_reason)
