"""The capture file: what is printed goes to descriptors 1 and 2, which are one file."""
import os
import stat
import sys

# For the end of the worker itself: the host replaces `os._exit` to show which step calls it.
exit_at_once = os._exit


def prepare():
    """Write lines at once: what was printed before a crash must be in the report."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)


def length():
    """The length of the capture file, 0 if output is not captured."""
    for stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
        try:
            stream.flush()
        except (AttributeError, OSError, ValueError):
            pass  # The suite has closed or replaced it.
    try:
        about = os.fstat(1)
    except OSError:
        return 0
    return about.st_size if stat.S_ISREG(about.st_mode) else 0
