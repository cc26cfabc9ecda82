#!/usr/bin/env python3
"""Runs a command as a person at a terminal would, or in the background, and does something at the right moment.

usage: on_terminal.py [--background] STEP… -- COMMAND…

Its standard input and standard error are a terminal of its own; what appears there is written to standard error at the
end. Standard output stays what it is. With --background there is no terminal, and standard error stays too.

Steps, one after the other; one that does not come within 60 seconds ends everything with 99:
  see=TEXT     wait until TEXT is on the terminal
  next=TEXT    wait until TEXT is there behind what the last next= found
  do=COMMAND   run a shell command; $PID is the process at the terminal
  call=C_X     wait until the file in $CALLS holds a call of C_X
  wait=S       wait so many seconds
  type=TEXT    type it; \\x03 is Ctrl-C
  signal=INT   send the signal to the process
  echo=off     what is typed must not be shown now

It exits as the command does, with 128 + N where a signal ended it, and with 98 where the terminal was left without echo.
"""

import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time

PATIENCE = 60


class Stage:
    def __init__(self, command, background):
        self.screen = b""
        self.seen = 0  # what next= has found ends here
        self.master = self.slave = None
        if not background:
            self.master, self.slave = pty.openpty()
        self.pid = os.fork()
        if self.pid == 0:
            os.setsid()
            for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGTSTP):
                signal.signal(each, signal.SIG_DFL)
            if self.slave is not None:
                os.close(self.master)
                terminal = os.open(os.ttyname(self.slave), os.O_RDWR)  # becomes the controlling terminal
                os.dup2(terminal, 0)
                os.dup2(terminal, 2)
            os.execvp(command[0], command)
        self.status = None

    def look(self, seconds):
        """Takes in what appears on the terminal for so long."""
        if self.master is None:
            time.sleep(seconds)
            return
        if select.select([self.master], [], [], seconds)[0]:
            try:
                self.screen += os.read(self.master, 65536)
            except OSError:
                pass

    def ended(self):
        if self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = status
        return self.status is not None

    def wait_for(self, what, condition):
        end = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > end or (self.ended() and not condition()):
                self.give_up(f"waited in vain for {what}")
            self.look(0.02)

    def give_up(self, why):
        if not self.ended():
            os.kill(self.pid, signal.SIGKILL)
        sys.stderr.write(self.screen.decode(errors="replace") + f"\non_terminal: {why}\n")
        sys.exit(99)

    def echoes(self):
        return bool(termios.tcgetattr(self.slave)[3] & termios.ECHO)

    def wait_for_next(self, step, text):
        self.wait_for(step, lambda: self.screen.find(text, self.seen) >= 0)
        self.seen = self.screen.find(text, self.seen) + len(text)

    def act(self, step):
        name, _, value = step.partition("=")
        if name == "see":
            self.wait_for(step, lambda: value.encode() in self.screen)
        elif name == "next":
            self.wait_for_next(step, value.encode())
        elif name == "do":
            subprocess.run(value, shell=True, check=True, env={**os.environ, "PID": str(self.pid)})
        elif name == "call":
            self.wait_for(step, lambda: os.path.exists(os.environ["CALLS"]) and value + " " in open(os.environ["CALLS"]).read())
        elif name == "wait":
            end = time.monotonic() + float(value)
            while time.monotonic() < end:
                self.look(0.02)
        elif name == "type":
            os.write(self.master, value.encode().decode("unicode_escape").encode("latin-1"))
        elif name == "signal":
            os.kill(self.pid, getattr(signal, "SIG" + value))
        elif name == "echo":
            self.wait_for(step, lambda: self.echoes() == (value == "on"))
        else:
            self.give_up(f"no such step: {step}")

    def finish(self):
        self.wait_for("its end", self.ended)
        self.look(0.05)
        sys.stderr.write(self.screen.decode(errors="replace"))
        if self.slave is not None and not self.echoes():
            sys.stderr.write("\non_terminal: the terminal was left without echo\n")
            return 98
        code = os.waitstatus_to_exitcode(self.status)
        return code if code >= 0 else 128 - code


def main(arguments):
    background = arguments[:1] == ["--background"]
    split = arguments.index("--")
    stage = Stage(arguments[split + 1 :], background)
    for step in arguments[1 if background else 0 : split]:
        stage.act(step)
    return stage.finish()


sys.exit(main(sys.argv[1:]))
