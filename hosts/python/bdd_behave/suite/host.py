"""Drives behave with the work that bdd sends."""
import hashlib
import importlib.util
import json
import os
import sys

from behave import step_registry

try:
    from behave.runner_util import FileLocation, parse_features
except ImportError:
    from behave.model_core import FileLocation
    from behave.runner_util import parse_features

from ..protocol import output, places
from ..protocol.reports import Reports
from . import capturing, model, settings
from .bare_features import BareFeatures
from .definitions import Definitions
from .errors import Errors
from .feature_run import FeatureRun
from .hooks import Hooks
from .plan_model import PlanModel
from .recorded import NoRecorder, Recorder
from .runner import Context, Runner, Tap
from .selection import LeftOut
from .threads import Threads

# Code for undefined steps is in the style of the installed behave.
LANGUAGE = "python-pending" if importlib.util.find_spec("behave.api.pending_step") else "python"


class HookRun:
    """A hook that runs."""

    def __init__(self, name, number, running, calls):
        self.name = name
        self.number = number
        self.running = running
        self._calls = calls

    def enter(self):
        """Its code gets control."""
        self._calls.enter(self.running.call)

    def leave(self):
        """Its code has returned."""
        output.restore()  # behave itself may print now.
        self._calls.leave()


class Host:
    """Connects behave's runner with bdd."""

    def __init__(self, environment):
        self._request = settings.Request(environment)
        self.config = self._request.configuration()
        self.runner = Runner(self.config, self)
        self.errors = Errors()
        self.wire = self.reports = self.calls = None
        self.abort_reason = None
        self.uri = None  # Of the feature that runs.
        self.attempts = None  # The scenario that runs.
        self.attempt = None  # The attempt at it.
        self.threads = Threads()
        self.recorder = NoRecorder()
        self._bare = BareFeatures(self._request.notes)
        self._is_bare = False  # Whether a feature runs that bdd does not know.
        self._feature = None  # The feature that runs, as `FeatureRun`.
        self._hook = None  # The hook that runs.
        self._closing_errors = []
        self.left_out = None  # What the tags leave out, if formatters of the user get it.
        self._hooks = None
        self._all_failed = False  # Whether `before_all` has failed: bdd stops by itself.

    # ------------------------------------------------ before the first work

    def load(self):
        """Load the steps and hooks of the suite, as behave does."""
        sys.argv[:] = ["behave", *self._request.shown_arguments()]  # A suite may look at them.
        runner = self.runner
        runner.find_base(self._request.base)
        runner.context = Context(runner)
        if self._request.notes:
            self.recorder = Recorder(self._request.notes, runner)
        capturing.install(self.recorder)
        runner.load_hooks()
        runner.load_step_definitions()
        runner.step_registry = step_registry.registry
        runner.formatters = [Tap(self), *self.recorder.formatters()]
        self.definitions = Definitions(step_registry.registry)
        self.definitions.remember()
        self._hooks = Hooks(runner, os.path.join(runner.base_dir, self.config.environment_file))

    def hello(self):
        """The first message to bdd."""
        definitions, hooks = self.definitions.described(), self._hooks.described()
        digest = hashlib.sha256(json.dumps([definitions, hooks]).encode()).hexdigest()
        return {"type": "hello", "protocol": 1, "language": LANGUAGE, "hash": digest, "definitions": definitions,
                "hooks": hooks, "says_closed": True, "breaks_off": True, "match_by": ["keyword", "below"]}

    def connect(self, wire):
        """Use a connection."""
        self.wire, self.calls, self.reports = wire, wire.calls, Reports(wire)

    # ------------------------------------------------ the run

    def run(self):
        """Run what bdd sends, until it says that nothing follows."""
        while self.wire.peek()[0] == "feature_done":
            self.wire.take()
        if self.wire.peek()[0] != "finish":  # A worker without work opens and closes nothing.
            self.runner.formatters += settings.formatters(self.config, self._request.formatters)
            if self._request.formatters and (self._request.tags or self._request.notes):
                self.left_out = LeftOut(self._request.selection, self.wire.path)
            self.runner.run_model(self._features())
        self.reports.flush()
        self._report_closing("worker")
        self.reports.event("closed")
        self.reports.flush(wakes=True)

    def _features(self):
        """The features for `run_model`, as bdd sends their scenarios."""
        self.recorder.run_begins()
        while True:
            self.note_abort()
            kind, *work = self.wire.peek()
            if kind == "begin":
                self.wire.take()
                self.reports.event("begun", environment=[])
                self.reports.flush(wakes=True)
            elif kind == "feature_done":
                self.wire.take()
            elif kind == "finish":
                yield from self._run_bare(self._bare.rest())
                yield from self._left_out_features()
                return
            elif self.next_of(work[0]["uri"]):
                yield from self._run_bare(self._bare.before(work[0]["uri"]))
                yield from self._run_feature(work[0])

    def _left_out_features(self):
        """The features of which the tags select nothing, for the formatters of the user."""
        if self.left_out is not None and not self.runner.aborted and self.left_out.claim(""):
            for feature in self.left_out.among(self.runner.features):
                if places.shown(str(feature.filename)) in self._bare.names:
                    continue  # It has run.
                with self.left_out.selecting_nothing():
                    yield feature

    def _run_feature(self, info):
        self.uri = uri = info["uri"]
        try:
            make = self._model(uri, info)
        except Exception as problem:  # bdd can read what behave cannot: its parser knows less of Gherkin.
            self._fail_feature(uri, self.errors.of_exception(problem))
            return
        if make is None:
            self._skip_feature(uri, "a hook has removed the feature")
            return
        self._feature = FeatureRun(self, uri, make)
        self.recorder.opens(self._feature.feature, uri)
        yield self._feature.feature
        self.recorder.closes()
        self.reports.settle()
        self._feature.close()
        self._report_closing("feature")
        self._feature = self.uri = None

    def _run_bare(self, uris):
        """Run features of which only the hooks run, because no scenario in them is selected. bdd does not know them."""
        for uri in uris:
            feature = self.parse(uri)
            for scenario in feature.walk_scenarios():
                scenario.should_skip = True
            self._is_bare = True
            self.recorder.opens(feature, uri)
            with self._request.selecting(self.config):
                yield feature
            self.recorder.closes()
            self._is_bare = False

    def _model(self, uri, info):
        """What makes the model of a feature; None if the suite has removed the feature."""
        path = places.absolute(uri)
        if not (path.endswith(".feature") and os.path.isfile(path)):
            return lambda feed: PlanModel(uri, info, feed, self.definitions.keyword)
        known = self.runner.looked_at_features()
        if known is None:
            feature = self.parse(uri)
        else:
            feature = next((one for one in known if places.absolute(one.filename) == path), None)
        return feature and (lambda feed: model.FeatureModel(uri, feature, feed))

    def parse(self, uri):
        """behave's model of a file, as it is now."""
        with places.at_root():
            features = parse_features([FileLocation(uri)], language=self.config.lang)
        if not features:
            raise ValueError(f"behave finds no feature in {uri}")
        return features[0]

    def all_features(self):
        """All features below the paths of the user."""
        with places.at_root():
            locations = [one for one in self.runner.feature_locations() if not self.config.exclude(one)]
            return parse_features(locations, language=self.config.lang)

    def _fail_feature(self, uri, error):
        """Report the scenarios of a feature that behave cannot read: the run fails.

        No scenario can start without its hooks. So the error is that of a hook, and the scenarios are skipped.
        """
        number = self._hooks.of_file(uri, self.reports)
        running = self.reports.hook_started(number)
        self.calls.end(running.call)
        self.reports.hook_ended(running, "failed", error)
        for planned in self.scenarios_of(uri):
            self.reports.event("scenario_skipped", scenario=planned["scenario"], hook=number)

    def _skip_feature(self, uri, reason):
        for planned in self.scenarios_of(uri):
            self.skip_scenario(planned, reason, "feature")

    # ------------------------------------------------ scenarios that do not run

    def next_of(self, uri, rule=None):
        """The next scenario of a feature, or of a rule of it; None if something else comes.

        The next scenario stays with this worker from now on: features and rules are closed and opened for it.
        """
        while True:
            work = self.wire.peek()
            if work[0] != "run":
                return None
            if self.wire.claim(work):
                break
        planned = work[2]
        is_next = work[1]["uri"] == uri and (rule is None or (planned.get("rule") or {}).get("line") == rule.line)
        return planned if is_next else None

    def scenarios_of(self, uri, rule=None):
        """The scenarios of a feature or rule, as they come."""
        while True:
            planned = self.next_of(uri, rule)
            if planned is None:
                return
            self.wire.take()
            yield planned

    def lose_scenario(self, planned, message):
        """Report a scenario that behave does not run, for no reason of the suite: the run fails."""
        self._closing_errors.append({"kind": "Error", "message": f"`{planned['name']}` did not run: {message}"})
        self.skip_scenario(planned, message)

    def skip_scenario(self, planned, reason, scope="scenario"):
        """Report a scenario that the suite has skipped."""
        self.reports.event("scenario_skipped", scenario=planned["scenario"], reason=reason, scope=scope)

    # ------------------------------------------------ what behave does

    def scenario_begins(self):
        """behave begins to run a scenario."""
        if self.attempts:
            self.attempts.begins()

    def hook_begins(self, name, entity, function):
        """A hook is about to run. Returns None for one that bdd does not learn of, such as one inside another."""
        if not self.attempt and name in ("after_feature", "after_rule", "after_tag"):
            self.recorder.has_opened()
        if self._hook or self._is_bare or self.attempt and self.attempt.hides_hooks():
            return None
        kind, shown = name, name
        if name.endswith("_tag"):
            level = "scenario" if self.attempt else "rule" if self._feature and self._feature.rule else "feature"
            kind, shown = name.replace("tag", level), f"{name} @{entity}"
        if self._feature:
            self._feature.before_hook(kind)
        if self.attempt and kind == "after_scenario":
            self.attempt.close()
        number = self._hooks.number(kind, shown, function, self.reports)
        self._hook = HookRun(kind, number, self.reports.hook_started(number), self.calls)
        return self._hook

    def hook_ended(self, hook, problem):
        """A hook has run."""
        self._hook = None
        request = self.calls.end(hook.running.call)
        status, error = "passed", None
        if request:
            error = self.errors.broken_off(problem, request)
            status = "skipped" if request.get("cancelled") else "failed"
        elif problem is not None:
            status, error = "failed", self.errors.of_hook(problem)
        if status == "failed":
            self._all_failed |= hook.name == "before_all"
            if self.attempt:
                self.attempt.has_failed = True
                self.attempt.has_stopped |= hook.name == "before_scenario"
            elif self._feature:
                self._feature.hook_failed(hook)
        self.reports.hook_ended(hook.running, status, error)
        if self._feature:
            self._feature.after_hook()

    def step_begins(self, step):
        """behave begins a step."""
        if self.attempt and not self._hook:
            self.attempt.settle_opening()
            self.attempt.step_begins(step)

    def step_code_begins(self):
        """The code of a step gets control."""
        if self.attempt and not self._hook:
            self.attempt.code_begins()

    def step_code_ended(self, step):
        """The code of a step has returned."""
        output.restore()
        if self.attempt and not self._hook:
            self.attempt.code_ended(step)

    def step_hooks_ended(self, step):
        """The hooks after a step have run."""
        if self.attempt and not self._hook:
            self.attempt.hooks_ended(step)

    def step_ended(self, step):
        """behave has the result of a step."""
        if self.attempt:
            self.attempt.settle_opening()
            self.attempt.step_ended(step)

    def cleanup_failed(self, layer, problem):
        """A cleanup of a layer of the context has failed. Those of the suite's own layers fail the step."""
        error = self.errors.of_cleanup(problem)
        self.recorder.cleanup_failed(layer)
        if layer == "scenario" and self.attempt:
            self.attempt.errors.append(error)
        elif layer in ("feature", "rule", "testrun"):
            self._closing_errors.append(error)

    def _report_closing(self, scope):
        errors, self._closing_errors = self._closing_errors, []
        if scope == "feature" and not self._feature.is_open:
            scope = "worker"  # None of its scenarios has started, so bdd does not know that it was open.
        if errors:
            self.reports.event("closing_failed", scope=scope, errors=errors)

    def note_abort(self):
        """Ask bdd to stop if the suite has aborted the run. No scenario that waits may start then."""
        if self.runner.aborted and not self.wire.is_stopping:
            self.wire.is_stopping = True
            if self.wire.release() is not None:  # Before bdd learns of it: the answer recalls what is not claimed.
                _, _, planned = self.wire.take()
                self.skip_scenario(planned, "the run was aborted")
            if not self._all_failed:
                self.reports.event("abort", reason=str(self.abort_reason or "the suite has aborted it"))
                self.reports.flush(wakes=True)
