"""Objects of behave as plain data, which another process with the same behave can read."""
import hashlib
import os
import re
import traceback

from ..protocol import places

HOST = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "")
# Frames of this package in the text of a traceback: a line with the file, and the indented lines of code after it.
OWN_FRAMES = re.compile(rf'^  File "{re.escape(HOST)}.*\n(?:    .*\n)*', re.MULTILINE)


def name_of_part(uri, line):
    """The beginning of the names of the notes about a feature, or about the rule in a line of it."""
    digest = hashlib.sha1(f"{uri}:{'' if line is None else line}".encode()).hexdigest()[:16]
    return f"part-{digest}"


def position_of(step, steps):
    """The position of a step, by identity: equal steps may stand in one scenario."""
    return next((position for position, one in enumerate(steps) if one is step), None)


def content(step):
    """A step as it stands in the feature file."""
    table = None
    if step.table is not None:
        table = ([str(cell) for cell in step.table.headings], [[str(cell) for cell in row.cells] for row in step.table.rows])
    text = None if step.text is None else (str(step.text), getattr(step.text, "content_type", "text/plain"))
    return {"keyword": step.keyword, "step_type": step.step_type, "name": step.name, "line": step.line, "table": table,
            "text": text, "file": places.shown(str(step.filename))}


def step_state(step):
    """How a step has ended."""
    return {"status": step.status.name, "duration": step.duration, **error_state(step)}


def error_state(entity):
    """What a step, scenario, rule or feature keeps of errors and output."""
    trace = entity.exc_traceback
    message = entity.error_message
    return {"hook_failed": getattr(entity, "hook_failed", False), "exception": exception_state(entity.exception),
            "trace": trace_lines(trace), "error_message": without_own_frames(message) if message is not None else None,
            "captured": captured_state(entity)}


def exception_state(problem):
    """An exception."""
    if problem is None:
        return None
    try:
        text = plain(str(problem))
    except Exception as trouble:  # The code for that is the suite's and may fail itself.
        text = f"({type(trouble).__name__} in its text)"
    return {"name": type(problem).__name__, "module": type(problem).__module__, "text": text,
            "is_assertion": isinstance(problem, AssertionError), "has_args": bool(problem.args)}


def trace_lines(trace):
    """The lines of a traceback, without this package."""
    if trace is None:
        return None
    frames = [frame for frame in traceback.extract_tb(trace) if not frame.filename.startswith(HOST)]
    return traceback.format_list(frames)


def without_own_frames(text):
    """A text with tracebacks, without the frames of this package."""
    return OWN_FRAMES.sub("", text) if HOST in text else text


def captured_state(entity):
    """What behave has captured: a list of parts in behave 1.3, one part in behave 1.2.6."""
    captured = getattr(entity, "captured", None)
    if captured is None:
        return None
    parts = list(captured.captures) if hasattr(captured, "captures") else [captured]
    for part in parts:
        if part.stdout and HOST in part.stdout:
            part.stdout = without_own_frames(part.stdout)
    return parts if hasattr(captured, "captures") else captured


def match_state(match):
    """The definition of a step and the arguments; None if there is no definition."""
    if match.location is None and match.func is None:
        return None
    arguments = [(one.start, one.end, one.original, plain(one.value), one.name) for one in match.arguments or ()]
    return {"location": match.location, "arguments": arguments}


def plain(value):
    """A value that JSON has, without the class that the suite gave it; of others only the text."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str.__str__(value)
    for kind in (int, float):
        if isinstance(value, kind):
            return kind.__add__(value, kind())
    return Opaque(value)


class Opaque:
    """A value of a type of the suite, which only the worker has."""

    def __init__(self, value):
        try:
            self._text = repr(value)
        except Exception:  # The code for that is the suite's and may fail itself.
            self._text = f"<{type(value).__name__}>"

    def __repr__(self):
        return self._text
