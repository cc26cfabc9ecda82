#!/usr/bin/env python3
"""Records terminal sessions and draws them: record.py FOLDER. Needs P11CSR, SOFTHSM2_MODULE and WAYWARD."""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import at_terminal
import run_pages
import terminal_svg

ROOT = HERE.parent.parent.parent
WIDTH = 118
TYPING = 0.03


class Recording:
    """One session in one folder; every command is run by a shell of its own at a terminal."""

    def __init__(self, folder, environment):
        self.folder, self.environment = folder, environment
        self.screen = terminal_svg.Screen(WIDTH)
        self.begun = 0.0

    def hear(self, text, seconds):
        # Where it happened is of no interest, and on each machine another place.
        text = text.replace(str(ROOT), "~/p11csr").replace(str(self.folder), "~")
        self.screen.feed(text.replace("\r\n", "\n"), self.begun + seconds)

    def type(self, text):
        for letter in "$ " + text + "\n":
            self.begun += TYPING
            self.hear(letter, 0)

    def run(self, command, answers=(), shown=True, within=None):
        if shown:
            self.type(command)
        command = ["env", "-i", *(f"{name}={value}" for name, value in self.environment.items()), "bash", "-c",
                   f"cd '{within or self.folder / 'page'}' && {command}"]
        heard = []
        session = at_terminal.Session(command, lambda piece, when: heard.append((piece, when)), (50, WIDTH), TYPING)
        for answer in answers:
            if not session.act(answer):
                sys.exit(f"record: nobody asked for {answer!r}")
        code = session.finish()
        pending = b""
        for piece, when in heard:
            # A letter of several octets may come in two pieces.
            pending += piece
            text = pending.decode(errors="ignore")
            if text.encode() == pending:
                self.hear(text, when)
                pending = b""
        self.begun += heard[-1][1] if heard else 0
        if code:
            sys.exit(f"record: {command[-1]} ended with {code}")


def prepared(setup):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="p11csr-picture-"))
    run_pages.lay_out(folder)
    environment = run_pages.clean_environment(folder)
    script = f'. {HERE.parent}/setup.sh\n{setup}\nenv -0 >"$DOCS_FOLDER/environment"'
    subprocess.run(["bash", "-ec", script], cwd=folder / "page", env=environment, check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    told = (folder / "environment").read_text().split("\0")
    return Recording(folder, dict(each.split("=", 1) for each in told if each))


def demo():
    """The last lines of the real script: what it does once everything is built."""
    subprocess.run([ROOT / "scripts/demo"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    recording = prepared("")
    recording.run("./scripts/demo", within=ROOT, shown=False)
    screen = recording.screen
    first = next(at for at, line in enumerate(screen.lines) if "".join(line).startswith("$ export"))
    begun = screen.times[first]
    shown = terminal_svg.Screen(WIDTH)
    shown.lines = [list("$ ./scripts/demo")] + [list("…")] + screen.lines[first:]
    shown.times = [0.0, 0.4] + [0.8 + when - begun for when in screen.times[first:]]
    return recording, shown


def batch():
    recording = prepared("""new_token fleet
mkdir requests
{ echo label,subject,san; for i in $(seq -f %04.0f 1 300); do echo "dev-$i,CN=dev-$i,dns:dev-$i.example.org"; done; } >devices.csv""")
    recording.run("head -n 3 devices.csv; wc -l <devices.csv")
    recording.run("p11csr batch run devices.csv --generate ec:P-256 --out-dir requests --ledger devices.ledger", ["1234"])
    recording.run("p11csr batch status devices.ledger")
    recording.run("ls requests | tail -n 2")
    return recording, recording.screen


def enroll():
    recording = prepared("""new_reader
new_card one
new_ca
echo 12345678 >so-pin
mkdir requests pins
printf '%s\\n' name,upn,_room 'Anna Ng,anna@example.org,1.07' 'Bert Zu,bert@example.org,2.11' >people.csv""")
    folder = recording.folder
    put_in, take_out = f"sleep 0.6; PATH={folder}/bin:$PATH put-in one", f"sleep 0.6; PATH={folder}/bin:$PATH take-out; sleep 1"
    recording.run("p11csr enroll --profile smartcard-logon --generate ec:P-256 --roster people.csv --out-dir requests \\\n"
                  '    --so-pin-source file:so-pin --generate-pin 6 --pin-out pins --ca-command "ssh ca sign"',
                  [["put in a card", put_in], "", "", "y", ["remove the card", take_out, ""], "q"])
    return recording, recording.screen


def main():
    target = pathlib.Path(sys.argv[1])
    for record, title in ((demo, "scripts/demo"), (batch, "p11csr batch"), (enroll, "p11csr enroll")):
        recording, screen = record()
        shutil.rmtree(recording.folder)
        drawn = terminal_svg.draw(screen, title)
        if re.search(r"/(root|home|tmp|work)/", drawn):
            sys.exit(f"record: the picture of {title} shows where it was made")
        (target / f"{record.__name__}.svg").write_text(drawn)
        print(f"pictures: {record.__name__}.svg, {len(screen.text())} lines")


if __name__ == "__main__":
    main()
