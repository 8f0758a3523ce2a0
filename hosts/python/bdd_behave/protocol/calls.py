"""The steps and hooks that run, by number, and how they are left when bdd asks for that.

A step is left by a signal to the main thread, whose handler raises an exception where the code hangs. So the traceback
ends at the hanging line, and the framework handles it like any other failure of the step.
"""
import os
import signal
import threading

# A signal that suites are unlikely to use themselves. macOS has no real-time signals.
SIGNAL = signal.SIGRTMIN + 9 if hasattr(signal, "SIGRTMIN") else signal.SIGUSR2

# How often the exception is raised again when the code has caught it, in seconds. Loops that poll and ignore every
# exception are common.
AGAIN = 0.2


class BrokenOff(Exception):
    """Raised in a step or hook that bdd wants to end."""

    def __init__(self, request, frame=None):
        super().__init__(request["message"])
        self.kind = request["kind"]
        self.waiting = waiting_coroutine(frame)


def waiting_coroutine(frame):
    """The lines at which the coroutine of an event loop waits, as (file, line, function), the innermost last.

    The stack of the thread shows only the loop.
    """
    while frame is not None and frame.f_code.co_name != "run_until_complete":
        frame = frame.f_back
    task = frame.f_locals.get("future") if frame is not None else None
    found, coroutine = [], task.get_coro() if hasattr(task, "get_coro") else None
    while getattr(coroutine, "cr_frame", None) is not None:
        found.append((coroutine.cr_code.co_filename, coroutine.cr_frame.f_lineno, coroutine.cr_code.co_name))
        coroutine = coroutine.cr_await
    return found


class Calls:
    """Counts the steps and hooks that have started, and knows which one runs."""

    def __init__(self):
        self._count = 0
        self._lock = threading.Lock()
        self._open = []  # The steps and hooks that have started and not ended, the innermost last.
        self._interruptible = None  # The call whose code runs at this moment.
        self._request = None  # What bdd asked for.

    def prepare(self):
        """Install the handler. Only the main thread may do this."""
        signal.signal(SIGNAL, self._interrupt)

    def start(self):
        """A step or hook starts. Returns its number."""
        with self._lock:
            self._count += 1
            self._open.append(self._count)
            return self._count

    def enter(self, number):
        """The code of a call gets control."""
        self._interruptible = number

    def leave(self):
        """The code of a call has returned: nothing is interrupted any more."""
        self._interruptible = None

    def end(self, number):
        """A call has ended. Returns the request of bdd if it asked to break it off."""
        self._interruptible = None
        with self._lock:
            self._open.remove(number)
            return self.request(number)

    def request(self, number):
        """The request of bdd to break off a call, if there is one."""
        request = self._request
        return request if request is not None and request["call"] == number else None

    def break_off(self, request, answer):
        """Leave the call if it still runs, and call `answer` with whether that is possible.

        Runs in the thread that reads. The answer is given under the lock, so that nothing of a later call comes before it.
        """
        call = request["call"]
        with self._lock:
            runs = bool(self._open) and self._open[-1] == call and self._interruptible == call
            can = runs and signal.getsignal(SIGNAL) == self._interrupt
            if can:
                self._request = request
            answer(can)
        if can:
            self._raise_in_main(call)

    def _raise_in_main(self, call):
        if self._interruptible != call:
            return
        signal.pthread_kill(threading.main_thread().ident, SIGNAL)
        again = threading.Timer(AGAIN, self._raise_in_main, [call])
        again.daemon = True
        again.start()

    def _interrupt(self, _signal, frame):
        request = self._request
        if request is not None and self._interruptible == request["call"]:
            raise BrokenOff(request, frame)


def forget_in_children():
    """Let forks of the worker handle the signal as a new process does."""
    os.register_at_fork(after_in_child=lambda: signal.signal(SIGNAL, signal.SIG_DFL))
