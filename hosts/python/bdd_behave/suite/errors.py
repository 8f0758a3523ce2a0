"""Errors of behave as errors of reports.

The kind keeps the difference that behave makes: `AssertionError` for a step that *failed*; `hook_error`, `cleanup_error`,
`undefined`; and for a step with an *error*, the name of the exception.
"""
import os

import behave

from ..protocol import failures
from ..protocol.calls import BrokenOff

HOST = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class Errors:
    """Makes errors without the frames of behave and of the host."""

    def __init__(self):
        self._failures = failures.Failures([HOST, os.path.dirname(os.path.abspath(behave.__file__))])

    def of_step(self, step):
        """The error of a step that behave has run."""
        problem = step.exception
        name = step.status.name
        if step.hook_failed or name == "hook_error":
            message = step.error_message or (failures.named(problem) if problem else "a hook of the step failed")
            return self._stored("hook_error", step, message)
        if problem is None:
            return {"kind": "Error", "message": failures.shortened(str(step.error_message or f"the step is {name}"))}
        if isinstance(problem, AssertionError):
            exact = type(problem) is AssertionError
            return self._stored("AssertionError", step, None if exact else failures.named(problem))
        if isinstance(problem, BrokenOff):
            return self._stored(problem.kind, step, None)
        return self._stored(type(problem).__name__, step, None)

    def _stored(self, kind, entity, message):
        if entity.exception is None:
            return {"kind": kind, "message": failures.shortened(str(message))}
        return self._failures.of(kind, entity.exception, entity.exc_traceback, message)

    def of_hook(self, problem):
        """The error of a hook."""
        return self._failures.of("hook_error", problem, message=failures.named(problem))

    def of_cleanup(self, problem):
        """The error of a cleanup."""
        return self._failures.of("cleanup_error", problem, message=failures.named(problem))

    def of_exception(self, problem):
        """The error of anything else."""
        return self._failures.of(type(problem).__name__, problem)

    def in_one_line(self, problem):
        """An exception with its place."""
        return self._failures.in_one_line(problem)

    def broken_off(self, entity, request):
        """The error of a step or hook that bdd has ended."""
        problem = entity if isinstance(entity, BaseException) else getattr(entity, "exception", None)
        if problem is None:
            return {"kind": request["kind"], "message": request["message"]}
        trace = getattr(entity, "exc_traceback", None) or problem.__traceback__
        return self._failures.of(request["kind"], problem, trace, request["message"])
