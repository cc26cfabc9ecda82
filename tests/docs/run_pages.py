#!/usr/bin/env python3
"""Runs the commands that pages show and compares what they say: run_pages.py [--write] PAGE…

README.md beside it tells the form of a page. --write puts what was said into the page where it differs; read the result
before you keep it. Needs P11CSR (the program), SOFTHSM2_MODULE and, for cards that come and go, WAYWARD (the module of tests/support).
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import page as pages

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PATIENCE = 240


def clean_environment(folder):
    """Nothing of the person's own choice of module, token, PIN, settings or language takes part."""
    own = re.compile(r"P11CSR_|WAYWARD_|PKCS11_|SOFTHSM2_CONF$|XDG_|NO_COLOR$|CREDENTIALS_DIRECTORY$|P11CSR$")
    environment = {name: value for name, value in os.environ.items() if not own.match(name)}
    # Modules leak, and the frames of one that is unloaded have no name.
    environment["ASAN_OPTIONS"] = environment.get("ASAN_OPTIONS", "") + ":detect_leaks=0"
    module = os.environ["SOFTHSM2_MODULE"]
    environment.update(
        HOME=f"{folder}/home", XDG_CONFIG_HOME=f"{folder}/home/.config", TMPDIR=f"{folder}/tmp", LC_ALL="C.UTF-8", TZ="UTC",
        WAYWARD=os.environ.get("WAYWARD", ""),
        PATH=f"{folder}/bin:{environment['PATH']}", SOFTHSM2_CONF=f"{folder}/softhsm2.conf", P11CSR_MODULE=module,
        SOFTHSM2_MODULE=module, DOCS_FOLDER=str(folder), DOCS_ROOT=str(ROOT))
    return environment


def lay_out(folder):
    for name in ("home", "tmp", "bin", "page", "results", "tokens"):
        (folder / name).mkdir()
    (folder / "bin/p11csr").symlink_to(os.environ["P11CSR"])
    (folder / "softhsm2.conf").write_text(
        f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\nlog.level = ERROR\nslots.removable = false\n")


def as_script(page, folder):
    """One shell runs the page, so that a variable that one block sets is there in the next."""
    script = [f". {HERE}/setup.sh", "docs_code=0"]
    for number, step in enumerate(page.steps):
        result = f"{folder}/results/{number}"
        if isinstance(step, pages.File):
            pathlib.Path(result).write_text(step.text)
            script.append(f"mkdir -p \"$(dirname '{step.name}')\" && cp {result} '{step.name}' && chmod u+w '{step.name}'")
            continue
        pathlib.Path(result).write_text(step.text)
        script.append(f"docs_text=$(<{result})")
        if isinstance(step, pages.Preparation):
            script.append(f'eval "$docs_text" >{result}.out 2>&1 </dev/null; echo $? >{result}.code')
            continue
        run = 'eval "$docs_text" </dev/null'
        if step.answers is not None:
            pathlib.Path(f"{result}.answers").write_text(json.dumps(step.answers))
            run = f'python3 {HERE}/at_terminal.py "$(<{result}.answers)" bash -c "$docs_text"'
        # What the command before returned is what `echo $?` tells.
        script.append(f"(exit $docs_code)\n{run} >{result}.out 2>&1; docs_code=$?; echo $docs_code >{result}.code")
    return "\n".join(script) + "\n"


def told(folder, number):
    out, code = folder / f"results/{number}.out", folder / f"results/{number}.code"
    if not code.exists():
        return None, None
    text = out.read_text(errors="replace")
    return text.removesuffix("\n").split("\n") if text else [], int(code.read_text())


def asks_code(step):
    return isinstance(step, pages.Command) and step.text == "echo $?"


def judge(page, folder):
    """Yields (line, what) for each difference."""
    for number, step in enumerate(page.steps):
        if isinstance(step, pages.File):
            continue
        output, code = told(folder, number)
        if code is None:
            yield step.line, "was not reached"
            return
        if isinstance(step, pages.Preparation):
            if code:
                yield step.line, f"the set-up ended with exit code {code}\n" + "\n".join(output)
            continue
        following = page.steps[number + 1] if number + 1 < len(page.steps) else None
        if code and not asks_code(following):
            yield step.line, f"exit code {code}, and no 'echo $?' behind it tells so\n" + "\n".join(output)
        difference = pages.first_difference(step.expected, output)
        if difference is not None:
            at = difference[0]
            wanted = step.expected[at] if at < len(step.expected) else "(the end)"
            seen = output[difference[1]] if difference[1] < len(output) else "(the end)"
            yield step.first_output + at + 1, f"`{step.text}`\n  the page: {wanted}\n  it says:  {seen}"


def without_what_varies(line, folder):
    line = line.replace(f"{folder}/page", "…").replace(str(folder), "…")
    line = re.sub(r"pkcs11:model=SoftHSM%20v2;manufacturer=SoftHSM%20project;serial=[0-9a-f]+", "pkcs11:…", line)
    line = re.sub(r"(?<![A-Za-z])id=(%[0-9A-Fa-f]{2}){8,}", "id=…", line)
    line = re.sub(r"\b[0-9a-f]{16,}(?=  )", lambda found: "…".ljust(len(found[0])), line)
    line = re.sub(r"\b[0-9a-f]{16,}\b", "…", line)
    line = re.sub(r"\d+ s, \d+\.\d+ a second", "… s, … a second", line)
    line = re.sub(r"^p11csr: +\d+ x C_.*", pages.WHATEVER, line)
    line = re.sub(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z?(?=  )", lambda found: "…".ljust(len(found[0])), line)
    line = re.sub(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z?", "…", line)
    line = re.sub(r"\b20\d\d-\d\d-\d\d\b", "…", line)
    line = re.sub(r"^[A-Za-z0-9+/]{40,64}={0,2}$", pages.WHATEVER, line)
    return re.sub(r"/usr/lib/\S*libsofthsm2\.so", "…/libsofthsm2.so", line)


def write_back(page, folder):
    for number, step in reversed(list(enumerate(page.steps))):
        if not isinstance(step, pages.Command):
            continue
        output, code = told(folder, number)
        if code is None or pages.first_difference(step.expected, output) is None:
            continue
        lines = []
        for line in output:
            line = without_what_varies(line, folder).rstrip()
            if line != pages.WHATEVER or lines[-1:] != [line]:
                lines.append(line)
        page.lines[step.first_output : step.first_output + len(step.expected)] = lines
    (ROOT / page.path).write_text("\n".join(page.lines))


def run_page(path, write):
    """Prints what differs; returns (differences, commands that ran, blocks that are not run)."""
    try:
        page = pages.read_page(path, (ROOT / path).read_text())
    except pages.PageError as error:
        print(f"{path}:{error.line}: {error}")
        return 1, 0, []
    folder = pathlib.Path(tempfile.mkdtemp(prefix="p11csr-docs-"))
    try:
        lay_out(folder)
        (folder / "script").write_text(as_script(page, folder))
        command = ["bash", str(folder / "script")]
        if page.beside:
            command = ["bash", str(ROOT / page.beside)] + command
        environment = clean_environment(folder)
        ran = subprocess.run(command, cwd=folder / "page", env=environment, timeout=PATIENCE, start_new_session=True,
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        differences = list(judge(page, folder))
        for line, what in differences:
            print(f"{path}:{line}: {what}")
        if ran.stdout and (differences or ran.returncode):
            print(ran.stdout)
        if write:
            write_back(page, folder)
    finally:
        shutil.rmtree(folder)
    return len(differences), sum(isinstance(step, pages.Command) for step in page.steps), page.not_run


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    parser.add_argument("pages", nargs="*")
    arguments = parser.parse_args()
    everything = [str(each.relative_to(ROOT)) for each in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]]
    failed = commands = 0
    not_run = []
    for path in sorted(arguments.pages or everything):
        differences, ran, left_out = run_page(path, arguments.write)
        failed += differences
        commands += ran
        not_run += [(path, each) for each in left_out]
    for path, each in not_run:
        print(f"not run: {path}:{each.line}: {each.commands} commands: {each.reason}")
    print(f"{commands} commands ran, {failed} differences; {sum(each.commands for _, each in not_run)} commands in "
          f"{len(not_run)} blocks are not run")
    if not commands:
        print("no command ran")
    sys.exit(1 if failed or not commands else 0)


if __name__ == "__main__":
    main()
