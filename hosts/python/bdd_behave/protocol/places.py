"""Files as reports show them.

Python and behave name files relative to the working directory, and steps may change that. So everything is relative to the
directory in which the worker was started, which is the root of the project.
"""
import contextlib
import os

ROOT = os.getcwd()


def absolute(file):
    """The absolute path of a file."""
    return os.path.normpath(os.path.join(ROOT, file))


def shown(file):
    """A file relative to the root, or absolute if it is elsewhere. Two copies of a project have the same places."""
    path = absolute(file)
    return os.path.relpath(path, ROOT) if is_inside(path) else path


def is_inside(file):
    """Whether a file is in the project."""
    return absolute(file).startswith(os.path.join(ROOT, ""))


@contextlib.contextmanager
def at_root():
    """Do something in the root of the project, wherever the steps have gone."""
    try:
        here = os.getcwd()
    except OSError:
        here = None  # The suite has removed its directory.
    os.chdir(ROOT)
    try:
        yield
    finally:
        if here is not None and here != ROOT:
            os.chdir(here)
