"""Threads that a scenario leaves behind."""
import sys
import threading

from ..protocol import places


class Threads:
    """Finds threads that a scenario has started and that still run after it."""

    def now(self):
        """The threads that run."""
        return set(threading.enumerate())

    def left(self, before):
        """A remark for each thread that was not there before and keeps the process from ending."""
        new = [one for one in threading.enumerate() if one not in before and not one.daemon and one.is_alive()]
        frames = sys._current_frames() if new else {}
        return [self._remark(one, frames.get(one.ident)) for one in new if not is_pool(one)]

    @staticmethod
    def _remark(thread, frame):
        return f"it left the thread `{thread.name}` behind, which is not a daemon{place(frame)}"


def is_pool(thread):
    """Whether a thread waits for work of a pool, which Python ends by itself."""
    return getattr(getattr(thread, "_target", None), "__module__", "") == "concurrent.futures.thread"


def place(frame):
    """Where a thread is: the innermost line of the project."""
    while frame is not None:
        if places.is_inside(frame.f_code.co_filename):
            return f": it runs at {places.shown(frame.f_code.co_filename)}:{frame.f_lineno}"
        frame = frame.f_back
    return ""
