"""behave's capture, which also writes to the real output.

behave keeps what a step prints in memory and shows it when the step fails. The suite may read it there, so the capture
stays as the user has configured it. bdd needs the same text in the capture file, at the time when it is printed.
"""
import io
import logging
import sys

import behave.capture

from ..protocol import output
from .recorded import Stream

# How much of a scenario's output stays in memory. behave copies all of it after each step.
MOST = 16_000_000


class Tee(io.StringIO):
    """Keeps a text, and writes it to the real output."""

    _kept = 0

    def write(self, text):
        write(text)
        self._kept += len(text)
        if self._kept > MOST:
            return len(text)
        return super().write(text)

    def close(self):
        """Not possible while behave captures: it reads the text after each step."""
        output.refuse_to_close(self)
        super().close()


class LogTee(behave.capture.LoggingCapture):
    """Keeps records, and writes them to the real output unless another handler does."""

    def emit(self, record):
        super().emit(record)
        if not any(writes_to_output(handler) for handler in logging.getLogger().handlers):
            try:
                write(self.format(record) + "\n")
            except Exception:  # A record whose arguments do not fit its message must not fail the step.
                self.handleError(record)


def write(text):
    """Write to the real output, unless the suite has closed it."""
    try:
        sys.__stdout__.write(text)
    except (OSError, ValueError):
        pass


def writes_to_output(handler):
    """Whether a handler prints."""
    return isinstance(handler, logging.StreamHandler) and not isinstance(handler, logging.FileHandler) \
        and (getattr(handler, "stream", None) in (sys.__stdout__, sys.__stderr__, sys.stdout, sys.stderr)
             or isinstance(handler.stream, Stream))


def install(recorder):
    """Let behave use these buffers."""
    behave.capture.StringIO = Tee
    behave.capture.LoggingCapture = LogTee
    if hasattr(behave.capture, "CaptureSink2Print"):
        # It would print what a hook has printed a second time.
        show = behave.capture.CaptureSink2Print.print_captured_output
        behave.capture.CaptureSink2Print.print_captured_output = lambda sink, captured: recorder.note_output_of(show, sink, captured)
