"""Reports to bdd what runs: hooks, scenarios and steps, in the order and form of the protocol."""
import base64
import os
import tempfile
import time

from . import output

# Larger attachments go through a file, so that no side holds them as one line.
LARGEST_MESSAGE = 1_000_000


class Running:
    """A step or hook that has started: its number among all calls, and since when it runs."""

    def __init__(self, call, **name):
        self.call = call
        self.name = name
        self.since = time.monotonic_ns()

    def nanos(self):
        """How long it has been running."""
        return time.monotonic_ns() - self.since


class Reports:
    """The events of a worker. Methods that return a `Running` have written everything before they return."""

    def __init__(self, wire):
        self._wire = wire
        wire.settle = self.settle
        self._ended_hook = None  # The end of a hook, which is not reported yet: see `hook_ended`.
        self._running = []  # The steps and hooks that may attach something.

    def event(self, kind, **event):
        """Report an event, after the end of the last hook."""
        self.settle()
        self._wire.report(kind, **event)

    def flush(self, wakes=False):
        """Write everything that was reported. bdd reads it soon, or at once if that `wakes` it."""
        self._wire.flush(wakes)

    # ------------------------------------------------ hooks

    def hook_started(self, hook):
        """A hook is about to run."""
        self.event("hook_started", hook=hook, output=output.length())
        self._wire.flush()
        running = Running(self._wire.calls.start(), hook=hook)
        self._running.append(running)
        return running

    def hook_ended(self, running, status, error=None):
        """A hook has run. Its end is held back: only what follows shows whether it was the last that could skip."""
        self._running.remove(running)
        self._ended_hook = {**running.name, "status": status, "nanos": running.nanos(), "output": output.length()}
        if error:
            self._ended_hook["error"] = error

    def skip_by_hook(self, reason):
        """The hook that ended last has skipped what it ran before. Returns whether there is one that can say so."""
        ended = self._ended_hook
        if not ended or ended["status"] != "passed":
            return False
        ended["status"] = "skipped"
        if reason:
            ended["error"] = {"kind": "", "message": reason}
        return True

    def settle(self):
        """Report the end of the last hook."""
        ended, self._ended_hook = self._ended_hook, None
        if ended:
            self._wire.report("hook_finished", **ended)

    # ------------------------------------------------ scenarios and steps

    def scenario_started(self, planned):
        """A scenario starts. Returns since when."""
        self.event("scenario_started", scenario=planned["scenario"], attempt=planned["attempt"],
                   at=time.time_ns() // 1000, output=output.length())
        return time.monotonic_ns()

    def scenario_finished(self, planned, since, errors=(), remarks=(), is_retried=False):
        """Everything of a scenario is closed. `is_retried` says that the suite runs it again."""
        more = {name: list(what) for name, what in (("errors", errors), ("remarks", remarks)) if what}
        if is_retried:
            more.update(will_be_retried=True, own_retry=True)
        self.event("scenario_finished", scenario=planned["scenario"], attempt=planned["attempt"],
                   nanos=time.monotonic_ns() - since, output=output.length(), **more)

    def step_started(self, scenario, step, actual=None):
        """A planned step is about to run."""
        self.event("step_started", scenario=scenario, step=step, **({"actual": actual} if actual else {}))
        self._wire.flush()
        return self._started(Running(self._wire.calls.start(), scenario=scenario, step=step))

    def step_finished(self, running, status, nanos, error=None, handled=False, actual=None):
        """A planned step has run."""
        self._running.remove(running)
        more = {name: what for name, what in (("error", error), ("actual", actual)) if what}
        if handled:
            more["handled"] = True
        self.event("step_finished", **running.name, status=status, nanos=nanos, **more)

    def extra_started(self, scenario, extra, step, parent=None, depth=0):
        """A step that the plan does not have is about to run."""
        inside = {} if parent is None else {"parent": parent}
        self.event("extra_step_started", scenario=scenario, extra=extra, depth=depth, step=step, **inside)
        self._wire.flush()
        return self._started(Running(None, scenario=scenario, extra=extra))

    def extra_finished(self, running, status, nanos, error=None):
        """Such a step has run."""
        self._running.remove(running)
        self.event("extra_step_finished", **running.name, status=status, nanos=nanos,
                   **({"error": error} if error else {}))

    def _started(self, running):
        self._running.append(running)
        return running

    # ------------------------------------------------ attachments

    def attach(self, media_type, content, name=None):
        """Attach a text or bytes to what runs. Returns false if nothing runs that could have an attachment."""
        if not self._running:
            return False
        if isinstance(content, str) and len(content) <= LARGEST_MESSAGE:
            body = {"text": content}
        else:
            content = content.encode("utf-8", "replace") if isinstance(content, str) else bytes(content)
            body = self._file(content) if len(content) > LARGEST_MESSAGE else None
            body = body or {"base64": base64.b64encode(content).decode()}
        self.event("attachment", media_type=media_type, body=body, **({"file_name": name} if name else {}))
        return True

    @staticmethod
    def _file(content):
        folder = os.environ.get("BDD_ATTACHMENTS")
        if not folder:
            return None
        handle, path = tempfile.mkstemp(dir=folder)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        return {"file": path}
