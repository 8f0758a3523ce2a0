"""Connects a suite with bdd. This is the only module that knows both sides."""
import atexit
import faulthandler
import os
import signal
import sys
import threading
import traceback

from .protocol import calls, output
from .protocol.wire import Wire


def main():
    """Run a worker."""
    path = os.environ.get("BDD_SOCKET")
    if not path:
        sys.exit("this program runs behave suites for bdd; run it with `bdd run`")
    output.prepare()
    show_where_it_ends()
    process = os.getpid()
    code = 1
    try:
        code = work(path)
    except SystemExit as end:
        code = exit_code(end)
        print_problem(end)
    except KeyboardInterrupt:
        code = 130
    except BaseException as problem:
        print_problem(problem)
    finally:
        leave(code, process)


def work(path):
    """Load the suite, say hello and run what bdd sends. Returns the exit code."""
    host = load(path)
    if host is None:
        return 1
    wire = Wire(path, host.definitions.answer, os.environ.get("BDD_OUTBOX"))
    wire.calls.prepare()
    calls.forget_in_children()
    wire.greet(host.hello())
    host.connect(wire)
    wire.listen()
    try:
        host.run()
    except Exception as problem:
        wire.fail(f"the host for behave cannot continue: {problem!r}", traceback.format_exc())
        return 1
    return 0


def load(path):
    """Load the suite. If that is not possible, tell bdd why and return None."""
    from .suite.errors import Errors
    from .suite.host import Host
    process = os.getpid()
    try:
        host = Host(os.environ)
        host.load()
        return host
    except BaseException as problem:
        if os.getpid() != process:
            raise  # A fork that the suite has made ends like this, too.
        print_problem(problem)
        output.length()  # Everything must be in the capture file before bdd reads it.
        Wire(path, None).fail(f"the suite cannot be loaded: {Errors().in_one_line(problem)}")
        return None


def show_where_it_ends():
    """Print the line of Python code when a signal or `os._exit` ends the process."""
    faulthandler.enable()
    process = os.getpid()

    def exit_after_line(code):
        if os.getpid() == process:
            faulthandler.dump_traceback(2, all_threads=False)
        output.exit_at_once(code)

    os._exit = exit_after_line
    if hasattr(faulthandler, "register"):
        faulthandler.register(signal.SIGTERM, chain=True)
        # Suites end their own forks by this signal. That is no news.
        os.register_at_fork(after_in_child=lambda: faulthandler.unregister(signal.SIGTERM))


def print_problem(problem):
    """Print an exception without the frames of this package, as when the suite cannot be loaded."""
    here, trace = os.path.join(os.path.dirname(os.path.abspath(__file__)), ""), problem.__traceback__
    while trace.tb_next is not None and os.path.abspath(trace.tb_frame.f_code.co_filename).startswith(here):
        trace = trace.tb_next
    traceback.print_exception(type(problem), problem, trace)


def exit_code(end):
    """The exit code of a `SystemExit`, as Python itself would give."""
    if end.code is None:
        return 0
    if isinstance(end.code, int):
        return end.code
    print(end.code, file=sys.stderr)
    return 1


def leave(code, process):
    """End the process, even if the suite has left threads that would keep it alive."""
    others = [one for one in threading.enumerate() if one is not threading.main_thread() and not one.daemon]
    if others or os.getpid() != process:
        if os.getpid() == process:
            atexit._run_exitfuncs()
        output.length()
        output.exit_at_once(code)
    sys.exit(code)
