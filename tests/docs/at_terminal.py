#!/usr/bin/env python3
"""Runs a command at a terminal of its own and answers its questions: at_terminal.py JSON-LIST COMMAND…

"TEXT" in the list is typed, and Enter, when the command waits behind a prompt, which is a line without an end;
["TEXT", "COMMAND"] waits until TEXT appears and runs a shell command; ["TEXT", "COMMAND", "MORE"] types MORE behind that.
What appears on the terminal goes to standard output, an answer that the terminal echoes too. What was not asked for is
exit 99.
"""

import json
import os
import pty
import select
import subprocess
import sys
import time

PATIENCE = 60
QUIET = 0.3  # so long nothing more appears behind a prompt


class Session:
    """`heard` is called with each piece of output and the seconds since the start."""

    def __init__(self, command, heard, size=None, typing=0.0):
        self.heard, self.typing = heard, typing
        self.begun = time.monotonic()
        self.screen = b""
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            os.execvp(command[0], command)
        if size:
            import fcntl, struct, termios

            fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))

    def read(self, seconds):
        """False where nothing came in that time, None at the end."""
        if not select.select([self.master], [], [], seconds)[0]:
            return False
        try:
            piece = os.read(self.master, 65536)
        except OSError:
            return None
        if not piece:
            return None
        self.screen += piece
        self.heard(piece, time.monotonic() - self.begun)
        return True

    def prompted(self):
        return self.screen and self.screen[-1:] in (b" ", b":", b"?", b">")

    def answer(self, text):
        """Waits for a prompt; False where the command ends before."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            state = self.read(QUIET)
            if state is None:
                return False
            if state is False and self.prompted():
                for letter in text:
                    os.write(self.master, letter.encode())
                    if self.typing:
                        self.read(self.typing)
                self.screen = b""
                os.write(self.master, b"\n")
                return True
        return False

    def act(self, step):
        """Takes a step of the list; False where the command ends before its time has come."""
        if isinstance(step, str):
            return self.answer(step)
        text, command, *typed = step
        end = time.monotonic() + PATIENCE
        while text.encode() not in self.screen and time.monotonic() < end:
            if self.read(QUIET) is None:
                return False
        if text.encode() not in self.screen:
            return False
        self.screen = self.screen.partition(text.encode())[2]
        subprocess.run(["bash", "-c", command], check=True)
        for each in typed:
            os.write(self.master, each.encode() + b"\n")
        return True

    def finish(self):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self.read(1) is not None:
            pass
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def main():
    def heard(piece, _):
        sys.stdout.buffer.write(piece.replace(b"\r\n", b"\n"))
        sys.stdout.buffer.flush()

    session = Session(sys.argv[2:], heard)
    for step in json.loads(sys.argv[1]):
        if not session.act(step):
            print(f"at_terminal: nobody asked for {step!r}", flush=True)
            sys.exit(99)
    sys.exit(session.finish())


if __name__ == "__main__":
    main()
