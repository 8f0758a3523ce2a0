"""A feature that runs: its scenarios as bdd sends them, and those that hooks add."""
from . import model
from .attempt import Attempt
from .selection import LeftOutRun

from behave.model_core import Status


class FeatureRun:
    """Feeds the loops of behave's `run` methods of a feature and its rules."""

    # The keys of all scenarios that were added in this process, by what they say.
    _keys = {}

    def __init__(self, host, uri, make):
        self.rule = None  # The rule that runs.
        self.is_open = False  # Whether bdd knows that it is open, because a scenario has started.
        self._host = host
        self._uri = uri
        self._model = make(self._items)
        self._feature = self._model.feature
        self._added = {}  # The scenarios that hooks have added, by their keys.
        self._unrun = {}
        self._refused = {}  # The opening hook that failed, of the feature (None) and of rules.
        self._outline = None  # The outline that the last scenario was a row of.
        self._passed = set()  # What formatters have got already.
        self._shows_left_out = host.left_out is not None and host.left_out.claim(uri)

    @property
    def feature(self):
        """behave's model of it."""
        return self._feature

    # ------------------------------------------------ hooks

    def before_hook(self, kind):
        """A hook is about to run. If it closes what a failed hook has opened, the scenarios are reported first."""
        if kind in ("after_feature", "after_rule"):
            self._leave_out(self.rule if kind == "after_rule" else None)

    def after_hook(self):
        """A hook has run. It may have replaced the lists."""
        self._model.feed()

    def hook_failed(self, hook):
        """A hook of the feature or a rule has failed."""
        if hook.name in ("before_feature", "before_rule"):
            self._refused.setdefault(self.rule, hook)

    def _leave_out(self, rule):
        """Report the scenarios of what a failed hook has opened. behave does not run them."""
        hook = self._refused.get(rule)
        if hook is None:
            return
        for planned in self._host.scenarios_of(self._uri, rule):
            self._host.reports.event("scenario_skipped", scenario=planned["scenario"], hook=hook.number)

    # ------------------------------------------------ scenarios

    def _items(self, container):
        """What runs in `Feature.run()` or `Rule.run()`."""
        rule = container if container is not self._feature else None
        self._look()
        while True:
            if not self._host.wire.has_work():
                self._look()
            self._host.note_abort()
            planned = self._host.next_of(self._uri, rule)
            if planned is None:
                self._look()
                break
            self._model.prepare(planned)
            inner = self._model.rules.get((planned.get("rule") or {}).get("line"))
            if inner is not None and rule is None:
                yield from self._left_out_before(container, inner)
                yield RuleRun(self, inner)
                continue
            self._host.wire.take()
            scenario = self._scenario(planned)
            if scenario is not None:
                yield from self._left_out_before(container, scenario)
                yield ScenarioRun(self, scenario, planned)
        yield from self._left_out_before(container, None)
        if rule is None:
            self._skip_others()

    def _left_out_before(self, container, entity):
        """What the tags leave out before a rule or scenario, or before the end."""
        if not self._shows_left_out:
            return
        units = self._model.units(container)
        place = next((number for number, one in enumerate(units) if one is entity), 0 if entity else len(units))
        for one in self._host.left_out.among(units[:place]):
            if id(one) not in self._passed:
                self._passed.add(id(one))
                yield LeftOutRun(self._host.left_out, one)

    def _scenario(self, planned):
        """behave's scenario for one of the plan, if it is to run."""
        if "added" in planned:
            scenario = self._added.get(planned["added"])
            where = "the scenario that a hook added"
        else:
            scenario = self._model.scenario(planned["line"]) or self._same_as_added(planned)
            where = f"a scenario in line {planned['line']} of {self._uri}"
        if scenario is not None:
            self._unrun.pop(id(scenario), None)
        elif "added" not in planned and (self._model.has_line(planned["line"]) or self._was_in_file(planned["line"])):
            self._host.skip_scenario(planned, "a hook has removed it")
        else:
            self._host.lose_scenario(planned, f"behave does not find {where}")
        return scenario

    def _was_in_file(self, line):
        """Whether the file has a scenario or row that `before_all` has removed, before this feature ran."""
        return model.FeatureModel(self._uri, self._host.parse(self._uri), iter).has_line(line)

    def _same_as_added(self, planned):
        """The scenario that a hook has added here, if bdd learned of it from another worker."""
        texts = [step["text"] for step in planned["steps"]]
        for scenario in self._added.values():
            if scenario.line == planned["line"] and [step.name for step in scenario.all_steps][:len(texts)] == texts:
                return scenario
        return None

    def _look(self):
        """Find scenarios that hooks have added, and tell bdd, which plans and sends them."""
        is_first, counts = not self._unrun and not self._added, {}
        for rule, scenario in self._model.look():
            message = model.added_message(self._uri, rule, scenario)
            text = repr(sorted(message.items()))
            counts[text] = counts.get(text, 0) + 1
            # The hooks of a feature that opens again add the same once more. bdd knows that already.
            known = (text, counts[text])
            is_new = known not in self._keys
            key = self._keys.setdefault(known, len(self._keys))
            self._added.setdefault(key, scenario)
            if is_new:
                self._host.reports.event("scenario_added", key=key, **message)
        if is_first:
            self._unrun = {id(scenario): scenario for _, scenario in self._model.scenarios()}

    def _skip_others(self):
        """Give scenarios that do not run here the status that behave gives to those that are not selected."""
        for scenario in self._unrun.values():
            if not scenario.should_skip:
                scenario.should_skip = True
                for step in scenario.all_steps:
                    step.status = Status.skipped

    def run_scenario(self, scenario, planned, runner):
        """Run or skip a scenario of behave."""
        host, outline = self._host, self._model.outline(scenario)
        if outline is not None and outline is not self._outline:
            outline.clear_status()  # As its own `run` does: a hook may have looked at it before its rows have run.
        self._outline = outline
        if scenario.should_skip and not planned["attempt"]:
            scope, reason = self._skipped(scenario)
            host.recorder.has_opened()
            host.skip_scenario(planned, reason, scope)
            return scenario.run(runner)  # No hook and no step runs, but formatters learn of it.
        self.is_open = True
        return ScenarioAttempts(host, scenario, planned).run(runner)

    def _skipped(self, scenario):
        """What a hook has skipped with this scenario, and why."""
        for scope, entity in (("feature", self._feature), ("rule", self.rule)):
            if entity is not None and entity.should_skip:
                return scope, str(entity.skip_reason or "")
        return "scenario", str(scenario.skip_reason or "a hook has skipped it")

    def run_rule(self, rule, runner):
        """Run a rule with the scenarios that come."""
        self.rule = rule
        self._host.recorder.opens(rule, self._uri)
        failed = rule.run(runner)
        self._host.recorder.closes()
        self._leave_out(rule)
        self._host.reports.settle()
        self.rule = None
        return failed

    def close(self):
        """behave has run the feature. Scenarios that it has not taken are reported, so that none is lost."""
        self._leave_out(None)
        for planned in self._host.scenarios_of(self._uri) if not self._host.runner.aborted else ():
            self._host.lose_scenario(planned, "behave did not run it")


class RuleRun:
    """A rule as a run item of its feature."""

    def __init__(self, feature_run, rule):
        self._feature_run = feature_run
        self._rule = rule

    def run(self, runner):
        """Called by behave."""
        return self._feature_run.run_rule(self._rule, runner)


class ScenarioRun:
    """A scenario as a run item of its feature or rule."""

    def __init__(self, feature_run, scenario, planned):
        self._feature_run = feature_run
        self._scenario = scenario
        self._planned = planned

    def run(self, runner):
        """Called by behave."""
        return self._feature_run.run_scenario(self._scenario, self._planned, runner)


class ScenarioAttempts:
    """A scenario between its start and its end: one attempt, or several if the suite retries it by itself."""

    def __init__(self, host, scenario, planned):
        self._host = host
        self._scenario = scenario
        self._planned = planned
        self._attempt = None
        self._since = 0
        self._threads = set()
        self._has_begun = False

    def run(self, runner):
        """Run it by behave. Returns whether it failed."""
        host, scenario, row = self._host, self._scenario, self._scenario._row
        if self._planned["attempt"]:
            scenario.reset()
            scenario._row = row
        if self._planned.get("continue_after_failure"):
            scenario.continue_after_failed_step = True
        runner.context._set_root_attribute("active_outline", row)
        self._start()
        host.attempts = self
        try:
            failed = scenario.run(runner)
        except KeyboardInterrupt as problem:
            # behave 1.2.6 lets it end the run if it comes from a hook.
            self._attempt.interrupt(problem)
            self._finish(True, False)
            raise
        finally:
            host.attempts = host.attempt = None
        runner.context._set_root_attribute("active_outline", None)
        self._finish(failed, False)
        host.note_abort()
        return failed

    def begins(self):
        """behave begins to run it. The suite may have wrapped `run` in a loop, as `scenario_autoretry` of behave does."""
        if self._has_begun:
            self._finish(True, True)
            self._planned = {**self._planned, "attempt": self._planned["attempt"] + 1}
            self._start()
        self._has_begun = True

    def _start(self):
        self._host.recorder.begins(self._scenario)
        self._since = self._host.reports.scenario_started(self._planned)
        self._threads = self._host.threads.now()
        self._attempt = self._host.attempt = Attempt(self._host, self._scenario, self._planned)

    def _finish(self, failed, is_retried):
        host, attempt = self._host, self._attempt
        attempt.settle_opening()
        attempt.leave_out_rest("the run was aborted" if host.runner.aborted else "the steps did not run")
        errors = attempt.errors
        if failed and not errors and not attempt.has_failed:
            errors = [{"kind": "Error", "message": f"behave reports the scenario as {self._scenario.status.name}"}]
        host.recorder.ends(self._planned["scenario"], failed, is_retried)
        host.reports.scenario_finished(self._planned, self._since, errors, host.threads.left(self._threads), is_retried)
        if failed:
            host.reports.flush(wakes=True)  # The run may have to stop.
