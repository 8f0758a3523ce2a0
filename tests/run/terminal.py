"""Runs a command at a terminal of its own: `terminal.py TEXT COMMAND…` presses Enter, or the KEY of the
environment, for each TEXT when nothing more has come for QUIET seconds, and shows where."""
import os
import pty
import select
import signal
import sys
import time

text, command = sys.argv[1].encode(), sys.argv[2:]
quiet = float(os.environ.get("QUIET", "0.3"))
process, terminal = pty.fork()
if process == 0:
    os.execvp(command[0], command)
shown, answered, late = b"", 0, time.monotonic() + 60
while time.monotonic() < late:
    if select.select([terminal], [], [], quiet)[0]:
        try:
            part = os.read(terminal, 4096)
        except OSError:
            part = b""
        if not part:
            break
        shown += part
    elif shown.count(text) > answered:
        # Nothing more comes until the key is pressed.
        answered += 1
        shown += b"<Enter>"
        os.write(terminal, os.environ.get("KEY", "\n").encode())
else:
    os.kill(process, signal.SIGKILL)
sys.stdout.write(shown.decode().replace("\r\n", "\n"))
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]))
