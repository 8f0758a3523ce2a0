"""Runs a command at a terminal and keeps what its screen shows: `screen.py COLUMNS ACTION… -- COMMAND…`.

The actions, one after the other:
  wait:PATTERN   wait until a row of the screen matches the pattern from its start to its end
  show           print the screen, and a row `--`
  press:KEY      press a key
  size:COLUMNS   change the number of columns
  touch:FILE     make a file
After them the screen at the end is printed. What came byte for byte is in the file `raw`. It ends as the command does.
"""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
import unicodedata

PATIENCE = 45
CODE = re.compile(r"\x1b\[([0-9;?]*)([A-Za-z])")


class Screen:
    """As much of a terminal as bdd uses. A row that is longer than the screen becomes narrow stays as it is."""

    def __init__(self, columns):
        self.columns = columns
        self.rows = [""]
        self.row = self.column = 0
        self.waiting = ""

    def put(self, letter):
        width = 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        if self.column + width > self.columns:
            self.down()
            self.column = 0
        row = self.rows[self.row].ljust(self.column)
        self.rows[self.row] = row[:self.column] + letter + row[self.column + width:]
        self.column += width

    def down(self):
        self.row += 1
        if self.row == len(self.rows):
            self.rows.append("")

    def code(self, number, letter):
        if letter == "A":
            self.row = max(0, self.row - int(number or 1))
        elif letter == "J":
            self.rows[self.row] = self.rows[self.row][:self.column]
            del self.rows[self.row + 1:]
        elif letter == "K":
            self.rows[self.row] = self.rows[self.row][:self.column]
        elif letter != "m":
            sys.exit(f"unknown code {number}{letter}")

    def feed(self, text):
        text = self.waiting + text
        self.waiting = ""
        at = 0
        while at < len(text):
            letter = text[at]
            if letter == "\x1b":
                found = CODE.match(text, at)
                if not found:
                    self.waiting = text[at:]
                    return
                self.code(*found.groups())
                at = found.end()
                continue
            if letter == "\n":
                self.down()
            elif letter == "\r":
                self.column = 0
            else:
                self.put(letter)
            at += 1

    def shown(self):
        return [row.rstrip() for row in self.rows]


def main():
    columns, words = int(sys.argv[1]), sys.argv[2:]
    middle = words.index("--")
    actions, command = words[:middle], words[middle + 1:]
    process, terminal = pty.fork()
    if process == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        os.execvp(command[0], command)
    # The child may be slower than this.
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    screen = Screen(columns)
    raw = open("raw", "wb")
    late = time.monotonic() + PATIENCE
    pending = b""
    for action in actions + [None]:
        kind, _, value = (action or "").partition(":")
        while True:
            if kind == "wait":
                if any(re.fullmatch(value, row) for row in screen.shown()):
                    break
            elif action is not None:
                break
            if time.monotonic() > late:
                os.kill(process, signal.SIGKILL)
                print("waited in vain for", action)
                break
            if not select.select([terminal], [], [], 0.05)[0]:
                continue
            try:
                part = os.read(terminal, 4096)
            except OSError:
                part = b""
            if not part:
                if action is not None:
                    print("it ended before", action)
                action = None
                break
            raw.write(part)
            raw.flush()
            pending += part
            try:
                text, pending = pending.decode(), b""
            except UnicodeDecodeError:
                continue
            screen.feed(text)
        if kind == "show":
            print("\n".join(screen.shown()) + "\n--")
        elif kind == "press":
            os.write(terminal, value.encode().decode("unicode_escape").encode())
        elif kind == "size":
            screen.columns = int(value)
            fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, int(value), 0, 0))
        elif kind == "touch":
            open(value, "w").close()
    print("\n".join(screen.shown()))
    sys.stdout.flush()
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]))


main()
