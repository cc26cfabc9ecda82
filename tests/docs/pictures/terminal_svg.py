"""Draws what appeared on a terminal as SVG: each line at the moment when it was there, sped up, and all of them at the end."""

import html
import re

CELL, LINE, SIZE, MARGIN, BAR = 8.0, 19, 13.3, 16, 30
LONGEST_PAUSE = 1.2  # seconds; what took longer is not waited for


class Screen:
    """So much of a terminal as the recorded programs use: lines, carriage return, erasing to the end of a line."""

    def __init__(self, width):
        self.width = width
        self.lines = [[]]
        self.times = [0.0]  # when the line got its last letter
        self.column = 0
        self.clock = self.last = 0.0
        self.gone = []  # (line number, text, from, to): what was there for a while

    def feed(self, text, when):
        self.clock += min(when - self.last, LONGEST_PAUSE)
        self.last = when
        for piece in re.findall(r"\x1b\[[0-9;?]*[A-Za-z]|.", text, flags=re.DOTALL):
            if piece == "\n":
                self.new_line()
            elif piece == "\r":
                self.column = 0
            elif piece == "\x1b[K":
                self.erase()
            elif piece == "\b":
                self.column = max(0, self.column - 1)
            elif piece.startswith("\x1b"):
                raise ValueError(f"a sequence that is not drawn: {piece!r}")
            elif piece >= " ":
                self.put(piece)

    def erase(self):
        text = "".join(self.lines[-1])
        if self.column == 0 and text and self.clock > self.times[-1]:
            self.gone.append((len(self.lines) - 1, text, self.times[-1], self.clock))
        del self.lines[-1][self.column :]

    def put(self, letter):
        if self.column == self.width:
            self.new_line()
        line = self.lines[-1]
        line[self.column :] = [letter] + line[self.column + 1 :]
        self.column += 1
        self.times[-1] = self.clock

    def new_line(self):
        self.lines.append([])
        self.times.append(self.clock)
        self.column = 0

    def text(self):
        """The lines with their times, without the empty ones at the end."""
        lines = [("".join(line).rstrip(), when) for line, when in zip(self.lines, self.times)]
        while lines and not lines[-1][0]:
            lines.pop()
        return lines


def kind(line, typed):
    if typed:
        return "typed"
    if re.match(r"p11csr: (error|hint)", line):
        return "error"
    return "told" if line.startswith("p11csr: ") else "said"


def draw(screen, title):
    lines = screen.text()
    width = screen.width * CELL + 2 * MARGIN
    height = len(lines) * LINE + 2 * MARGIN + BAR
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" width="{width:.0f}" height="{height}" role="img">',
        f"<title>{html.escape(title)}</title>",
        "<style>",
        f"text {{ font: {SIZE}px ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace; white-space: pre; }}",
        ".typed { fill: #f2f5f8; font-weight: 700 } .said { fill: #c5cdd6 } .told { fill: #8fc7a4 } .error { fill: #f0937d }",
        ".title { fill: #8b949e }",
        "@keyframes appear { from { opacity: 0 } to { opacity: 1 } }",
        ".gone { opacity: 0 } @keyframes stay { from, to { opacity: 1 } }",
        "@media (prefers-reduced-motion: no-preference) { .line { animation: appear 0.12s both } .gone { animation: stay } }",
        "</style>",
        f'<rect width="{width:.0f}" height="{height}" rx="8" fill="#161b22"/>',
        *(f'<circle cx="{MARGIN + 4 + 18 * at}" cy="{BAR / 2 + 3:.0f}" r="5.5" fill="#30363d"/>' for at in range(3)),
        f'<text class="title" x="{width / 2:.0f}" y="{BAR / 2 + 7:.0f}" text-anchor="middle">{html.escape(title)}</text>',
    ]
    for number, line, begin, end in screen.gone:
        parts.append(f'<text class="gone told" style="animation-delay:{begin:.2f}s;animation-duration:{end - begin:.2f}s" '
                     f'x="{MARGIN}" y="{BAR + MARGIN + LINE * number + SIZE:.0f}" xml:space="preserve">'
                     f"{html.escape(line, quote=False)}</text>")
    how, continued = "said", False
    for number, (line, when) in enumerate(lines):
        # What is too long for a line goes on in the next one as it began.
        if number == 0 or len(lines[number - 1][0]) < screen.width:
            how = kind(line, line.startswith("$ ") or continued)
        continued = how == "typed" and line.endswith("\\")
        if line:
            parts.append(f'<text class="line {how}" style="animation-delay:{when:.2f}s" x="{MARGIN}" '
                         f'y="{BAR + MARGIN + LINE * number + SIZE:.0f}" xml:space="preserve">{html.escape(line, quote=False)}</text>')
    return "\n".join(parts + ["</svg>", ""])
