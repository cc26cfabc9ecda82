"""Reads a Markdown page: which commands its console blocks show, and what is prepared for them. README.md tells the form."""

import dataclasses
import json
import re

# What a fenced block may be besides console. A page's commands hide in none of these.
PLAIN_LANGUAGES = {"text", "toml", "yaml", "csv", "json", "ini", "cpp", "cmake", "dot"}
WHATEVER = "…"


class PageError(Exception):
    def __init__(self, line, what):
        super().__init__(what)
        self.line = line


@dataclasses.dataclass
class Command:
    """A command of a console block; `first_output` is the index in the page's lines where its output begins."""

    line: int
    text: str
    expected: list
    first_output: int
    answers: list = None


@dataclasses.dataclass
class Preparation:
    line: int
    text: str


@dataclasses.dataclass
class File:
    line: int
    name: str
    text: str


@dataclasses.dataclass
class NotRun:
    line: int
    reason: str
    commands: int


@dataclasses.dataclass
class Page:
    path: str
    lines: list
    steps: list = dataclasses.field(default_factory=list)
    not_run: list = dataclasses.field(default_factory=list)
    beside: str = None


class Reader:
    def __init__(self, path, text):
        self.page = Page(path, text.split("\n"))
        self.index = 0
        self.reason = self.answers = None  # what a comment says about the block that follows

    def error(self, what):
        raise PageError(self.index + 1, what)

    def read(self):
        before = ""
        while self.index < len(self.page.lines):
            line = self.page.lines[self.index]
            if line.startswith("<!-- docs: "):
                self.comment()
            elif line.startswith("```"):
                self.block(line[3:].strip())
            elif line.startswith("    ") and not before.strip():
                self.error("an indented block: fence it and say what it is, ```console for commands")
            elif line.strip() and (self.reason or self.answers):
                self.error("a comment about a console block, and no block follows")
            before = self.page.lines[self.index]
            self.index += 1
        return self.page

    def until(self, end):
        """The lines up to the one that ends so, which becomes the current one."""
        begin = self.index + 1
        for index in range(begin, len(self.page.lines)):
            if self.page.lines[index].endswith(end) and self.page.lines[index].strip() == end:
                self.index = index
                return self.page.lines[begin:index]
        return self.error(f"no '{end}' ends this")

    def comment(self):
        line, number = self.page.lines[self.index][len("<!-- docs: ") :], self.index + 1
        if line == "setup":
            self.page.steps.append(Preparation(number, "\n".join(self.until("-->"))))
            return
        kind, _, value = line.removesuffix(" -->").partition(": ")
        if not line.endswith(" -->") or not value:
            self.error(f"an unfinished comment: {line}")
        if kind == "not run":
            self.reason = value
        elif kind == "typed":
            self.answers = json.loads(value)
        elif kind == "beside":
            self.page.beside = value
        else:
            self.error(f"no such comment: {kind}")

    def block(self, info):
        number = self.index + 1
        language, _, title = info.partition(" ")
        if language == "console":
            self.console(number)
        elif language not in PLAIN_LANGUAGES:
            self.error(f"a block of '{language}': a page has blocks of console, {', '.join(sorted(PLAIN_LANGUAGES))}")
        else:
            text = "\n".join(self.until("```")) + "\n"
            if title:
                name = re.fullmatch(r"title=(\S+)", title) or self.error(f"not title=FILE: {title}")
                self.page.steps.append(File(number, name[1], text))

    def console(self, number):
        begin = self.index + 1
        lines = self.until("```")
        commands = []
        for offset, line in enumerate(lines):
            if commands and commands[-1].text.endswith("\\") and not commands[-1].expected:
                commands[-1].text += "\n" + line
                commands[-1].first_output = begin + offset + 1
            elif line.startswith("$ "):
                commands.append(Command(begin + offset + 1, line[2:], [], begin + offset + 1))
            elif not commands:
                raise PageError(begin + offset + 1, "output before the first '$ '")
            else:
                commands[-1].expected.append(line)
        if not commands:
            raise PageError(number, "a console block without a command")
        if self.reason:
            self.page.not_run.append(NotRun(number, self.reason, len(commands)))
        else:
            if self.answers is not None and len(commands) != 1:
                raise PageError(number, "answers are for a block of one command")
            commands[-1].answers = self.answers
            self.page.steps += commands
        self.reason = self.answers = None


def read_page(path, text):
    return Reader(path, text).read()


def line_pattern(line):
    """Behind what varies a column may be wider or narrower."""
    first, *rest = (re.escape(part) for part in line.rstrip().split(WHATEVER))
    return first + "".join(".+?" + re.sub(r"^(\\ ){2,}", " +", part) for part in rest)


def first_difference(expected, actual):
    """None where the output is as the page has it, else (how many lines of the page fitted, how many of the output)."""
    patterns = [None if line == WHATEVER else re.compile(line_pattern(line)) for line in expected]
    furthest = (0, 0)
    seen = set()
    waiting = [(0, 0)]
    while waiting:
        at = waiting.pop()
        if at in seen:
            continue
        seen.add(at)
        furthest = max(furthest, at)
        page, output = at
        if page == len(patterns):
            if output == len(actual):
                return None
        elif patterns[page] is None:
            waiting += [(page + 1, output)] + ([(page, output + 1)] if output < len(actual) else [])
        elif output < len(actual) and patterns[page].fullmatch(actual[output].rstrip()):
            waiting.append((page + 1, output + 1))
    return furthest
