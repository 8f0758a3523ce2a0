"""One run of a scenario: its steps beside those of the plan."""
import time

from . import model

STATUSES = {"passed": "passed", "pending_warn": "passed", "skipped": "skipped", "untested": "skipped",
            "pending": "pending"}


class Attempt:
    """Reports the steps of a scenario that behave runs.

    behave's steps are found in the plan by their lines. A hook can take steps out (`use_background = False`), change or add
    them; then the plan and what runs differ, and bdd learns that.
    """

    def __init__(self, host, scenario, planned):
        self.scenario = scenario
        self.planned = planned
        self.errors = []  # What went wrong outside of steps and hooks.
        self.has_failed = False  # Whether bdd knows of a failure.
        self.has_stopped = False  # Whether bdd expects no further step.
        self._host = host
        self._reports = host.reports
        self._number = planned["scenario"]
        self._position = 0  # Of the next planned step.
        self._extras = 0
        self._steps = []  # The steps that run, the innermost last.
        self._inner_failed = False
        self._closes = False  # Whether its closing hooks have begun.

    # ------------------------------------------------ steps

    def in_step(self):
        """Whether a step runs."""
        return bool(self._steps)

    def hides_hooks(self):
        """Whether the protocol has no place for the hooks of the step that runs: it is inside another or not planned."""
        return len(self._steps) > 1 or bool(self._steps) and self._steps[0].position is None

    def close(self):
        """The steps are over: its closing hooks begin."""
        self.settle_opening()
        self.leave_out_rest("the steps did not run")
        self._closes = True

    def settle_opening(self):
        """Report whether the hooks before the steps have skipped the scenario, once nothing of them can follow."""
        if self.scenario.should_skip and not self._steps and not self.has_stopped and not self._closes:
            reason = getattr(self.scenario, "skip_reason", None)
            self.has_stopped |= self._reports.skip_by_hook(str(reason) if reason else None)
        self._reports.settle()

    def step_begins(self, step):
        """behave begins a step, which may be inside another one."""
        if self._steps:
            return self._inner_begins(step)
        self._inner_failed = False
        position, actual = self._find(step), None
        if position is None:
            running = self._extra(step, None, 0)
        else:
            self._leave_out(position, "a hook has taken it out")
            planned = self.planned["steps"][position]
            actual = model.content(step, self._host.uri) if model.differs(step, planned) else None
            running = self._reports.step_started(self._number, position, actual)
            self._position = position + 1
        self._steps.append(RunningStep(step, running, position, actual))
        return None

    def _inner_begins(self, step):
        outer = self._steps[0]
        if outer.position is None or any(one.running is None for one in self._steps):
            # The protocol has no steps in steps that are not planned.
            self._steps.append(RunningStep(step, None, None))
            return
        running = self._extra(step, outer.position, len(self._steps))
        self._steps.append(RunningStep(step, running, None))

    def _extra(self, step, parent, depth):
        number = self._extras
        self._extras += 1
        return self._reports.extra_started(self._number, number, model.content(step, None), parent, depth)

    def code_begins(self):
        """The code of the innermost step gets control, after its hooks."""
        if self._steps:
            self._steps[-1].since = time.monotonic_ns()
            call = self._steps[0].call()
            if call is not None:
                self._reports.flush()  # Until bdd knows that the hooks before it have ended, they run.
                self._host.calls.enter(call)

    def code_ended(self, step):
        """The code of a step has returned; its hooks follow."""
        if not (self._steps and self._steps[-1].step is step):
            return
        one = self._steps[-1]
        one.code_is_over = True
        one.nanos = time.monotonic_ns() - one.since
        if len(self._steps) == 1 and one.call() is not None:
            one.request = self._host.calls.end(one.call())
            if one.request and step.status.name == "passed":
                step.hook_failed = True  # The code has caught what should end it. behave must not go on.

    def hooks_ended(self, step):
        """The hooks after a step have run. behave says the result of inner steps nowhere else."""
        if len(self._steps) < 2 or self._steps[-1].step is not step:
            return
        one = self._steps.pop()
        status, error = self._outcome(one, step)
        self._inner_failed |= status in ("failed", "pending")
        if one.running is not None:
            self._reports.extra_finished(one.running, status, one.nanos, error)
        if self._steps[0].call() is not None:
            self._host.calls.enter(self._steps[0].call())

    def step_ended(self, step):
        """behave has the result of a step that is not inside another."""
        if not self._steps:
            return self._not_begun(step)
        one = self._steps[0]
        del self._steps[:]
        status, error = self._outcome(one, step)
        if one.position is None:
            self._reports.extra_finished(one.running, status, one.nanos, error)
        else:
            handled = status == "passed" and self._inner_failed
            planned = self.planned["steps"][one.position]
            changed = not one.actual and model.differs(step, planned)
            actual = model.content(step, self._host.uri) if changed else None
            self._reports.step_finished(one.running, status, one.nanos, error, handled, actual)
        self._note(status)
        return None

    def interrupt(self, problem):
        """behave has left the scenario, whatever ran."""
        error = self._host.errors.of_exception(problem)
        for one in reversed(self._steps):
            if one.position is not None:
                if not one.code_is_over:
                    self._host.calls.end(one.call())
                self._reports.step_finished(one.running, "failed", one.nanos, error)
            elif one.running is not None:
                self._reports.extra_finished(one.running, "failed", 0, error)
        del self._steps[:]
        self.has_failed = self.has_stopped = True

    def _not_begun(self, step):
        """behave has not found a definition, so no code ran."""
        position = self._find(step)
        if position is None:
            self.has_failed = self.has_stopped = True  # bdd knows that too: it planned no such step.
            return
        self._leave_out(position, "a hook has taken it out")
        running = self._reports.step_started(self._number, position)
        self._host.calls.end(running.call)
        self._position = position + 1
        message = f"behave finds no step definition for `{step.keyword} {step.name}`"
        self._reports.step_finished(running, "failed", 0, {"kind": "undefined", "message": message})
        self._note("failed")

    def _note(self, status):
        self.has_failed |= status in ("failed", "pending")
        self.has_stopped |= status != "passed"

    def _outcome(self, one, step):
        name = step.status.name
        if one.request:
            status = "skipped" if one.request.get("cancelled") else "failed"
            self.scenario.continue_after_failed_step = False
            return status, self._host.errors.broken_off(step, one.request)
        status = STATUSES.get(name, "failed")
        if status in ("failed", "pending"):
            return status, self._host.errors.of_step(step)
        if self.scenario.should_skip and not self._is_last(step):
            status = "skipped"  # A hook after the step may have skipped the rest, too.
        reason = getattr(self.scenario, "skip_reason", None)
        return status, {"kind": "", "message": str(reason)} if status == "skipped" and reason else None

    def _is_last(self, step):
        """Whether nothing is left that could be skipped."""
        steps = list(self.scenario.all_steps)
        return bool(steps) and steps[-1] is step

    # ------------------------------------------------ the plan

    def _find(self, step):
        """The position of a step in the plan, not before the next one."""
        steps = self.planned["steps"]
        for position in range(self._position, len(steps)):
            if steps[position]["line"] == step.line:
                return position
        if self._position < len(steps) and not model.differs(step, steps[self._position]):
            return self._position
        return None

    def _leave_out(self, until, reason):
        for position in range(self._position, until):
            self._reports.event("step_left_out", scenario=self._number, step=position, reason=reason)
        self._position = max(self._position, until)

    def leave_out_rest(self, reason):
        """Report the steps that behave has not run, though nothing before them failed."""
        if not self.has_stopped:
            self._leave_out(len(self.planned["steps"]), reason)


class RunningStep:
    """A step that runs."""

    def __init__(self, step, running, position, actual=None):
        self.actual = actual  # What bdd knows of it if it is not as planned.
        self.step = step
        self.running = running
        self.position = position
        self.since = time.monotonic_ns()
        self.nanos = 0
        self.code_is_over = False  # Only hooks of the step may run.
        self.request = None  # What bdd asked for, if it asked to break the step off.

    def call(self):
        """Its number among the steps and hooks; None for a step that the plan does not have."""
        return self.running.call if self.running is not None else None
