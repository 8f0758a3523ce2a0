"""Errors for reports, made from exceptions."""
import os
import traceback

from . import places

# Longer messages and traces are cut in the middle. A report is no place for them, and each is held in memory.
LONGEST = 100_000
MOST_CAUSES = 5


class Failures:
    """Makes errors. Frames of the folders in `hidden` are left out, because they say nothing about the suite."""

    def __init__(self, hidden):
        self._hidden = tuple(os.path.join(os.path.abspath(folder), "") for folder in hidden)

    def of(self, kind, problem, trace=None, message=None):
        """The error for an exception. `message` replaces the exception's own."""
        frames = self._frames(trace if trace is not None else problem.__traceback__)
        frames += [traceback.FrameSummary(*frame) for frame in getattr(problem, "waiting", ())]
        lines = traceback.format_list(frames) + self._causes(problem)
        error = {"kind": kind, "message": shortened(text_of(problem) if message is None else message),
                 "trace": shortened("".join(lines))}
        if frames:
            place = self._place(frames)
            error.update(file=places.shown(place.filename), line=place.lineno or 0)
        return error

    def in_one_line(self, problem):
        """An exception with its place in the project, if it has one."""
        if isinstance(problem, SyntaxError) and problem.filename:  # No frame is in the file, and the text has only its name.
            text, file, line = f"{type(problem).__name__}: {problem.msg}", problem.filename, problem.lineno
        else:
            place = self._place(self._frames(problem.__traceback__))
            text, file, line = named(problem), place.filename, place.lineno
        where = f" ({places.shown(file)}:{line})" if places.is_inside(file) else ""
        return " ".join(shortened(text).split()) + where

    def _frames(self, trace):
        frames = traceback.extract_tb(trace)
        return [frame for frame in frames if not places.absolute(frame.filename).startswith(self._hidden)] or frames[-1:]

    def _causes(self, problem):
        lines = []
        for _ in range(MOST_CAUSES):
            problem = problem.__cause__ or (None if problem.__suppress_context__ else problem.__context__)
            if problem is None:
                break
            lines.append(f"caused by {type(problem).__name__}: {text_of(problem)}\n")
            lines.extend(traceback.format_list(self._frames(problem.__traceback__)))
        return lines

    @staticmethod
    def _place(frames):
        """The innermost line of the project. The innermost of all is often in a library of assertions."""
        own = [frame for frame in frames if places.is_inside(frame.filename) and "site-packages" not in frame.filename]
        return (own or frames)[-1]


def text_of(problem):
    """What an exception says, or else what it is. The code for that is the suite's and may fail itself."""
    try:
        return str(problem) or type(problem).__name__
    except Exception as trouble:
        return f"{type(problem).__name__} (its text cannot be shown: {type(trouble).__name__})"


def named(problem):
    """What an exception is and says."""
    text, name = text_of(problem), type(problem).__name__
    return text if text == name else f"{name}: {text}"


def shortened(text):
    """A text without its middle if it is very long."""
    if len(text) <= LONGEST:
        return text
    half = LONGEST // 2
    return f"{text[:half]}\n… {len(text) - 2 * half} characters left out …\n{text[-half:]}"
