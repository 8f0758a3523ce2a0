"""The capture file: what is printed goes to descriptors 1 and 2, which are one file."""
import io
import os
import stat
import sys

# For the end of the worker itself: the host replaces `os._exit` to show which step calls it.
exit_at_once = os._exit

PROCESS = os.getpid()
_copies = {}  # Of the descriptors 0 to 2, for `restore`.


class Standard(io.TextIOWrapper):
    """Standard output or error of the worker, which stays open. Forks may close theirs."""

    def close(self):
        """Do nothing in the worker: what captures output writes here, too."""
        refuse_to_close(self)
        if os.getpid() != PROCESS:
            super().close()


def prepare():
    """Write lines at once: what was printed before a crash must be in the report."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if not isinstance(stream, io.TextIOWrapper):
            continue  # Something that Python loads at its start has replaced it.
        mode, write_through = stream.mode, stream.write_through
        kept = Standard(stream.detach(), encoding="utf-8", errors="backslashreplace", line_buffering=True,
                        write_through=write_through)
        kept.mode = mode
        setattr(sys, name, kept)
        setattr(sys, f"__{name}__", kept)
    for number in range(3):
        _copies[number] = os.dup(number)


def refuse_to_close(stream):
    """Raise an exception if what prints uses this stream."""
    if os.getpid() == PROCESS:
        for name in ("stdout", "stderr"):
            if stream is getattr(sys, name):
                raise io.UnsupportedOperation(f"sys.{name} cannot be closed: later steps and scenarios need it")


def restore():
    """Open the descriptors 0 to 2 again that a scenario has closed. Those that it has redirected stay so."""
    for number, copy in _copies.items():
        try:
            os.fstat(number)
        except OSError:
            os.dup2(copy, number)


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
