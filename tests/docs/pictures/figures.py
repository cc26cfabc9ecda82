#!/usr/bin/env python3
"""Draws the measurements of scripts/bench-figures and writes docs/figures.md with their numbers: figures.py FOLDER PAGE."""

import csv
import pathlib
import sys

import plot_svg

OURS = "p11csr"
PAGE = """# Pictures and figures

Written by `./scripts/pictures` from real runs; do not edit. The machine had two processors
and nothing else to do. Times are milliseconds of processor of the whole process, the median of {rounds} runs each, in turn; rates are the best of three. What counts is how they compare.

## At the terminal

![scripts/demo at a terminal](pictures/demo.svg)

![p11csr batch at a terminal](pictures/batch.svg)

![p11csr enroll at a terminal](pictures/enroll.svg)

## The rooms of the source

![rooms and the way of a request](pictures/architecture.svg)

[ARCHITECTURE.md](ARCHITECTURE.md) has it in words.

## One request, by how many keys are on the token

A request by a P-256 key that exists, on SoftHSM2. A search by template finds the key in the same number of calls, however many others there are; a program that reads every key asks for
each of them.

![calls to the token by the number of keys](pictures/calls.svg)

{calls}

![time of a request by the number of keys](pictures/time.svg)

{time}

The bare C program makes the calls that a request cannot do without, and nothing else: what it takes is SoftHSM2's own.

## A batch, by how many sessions

Rows a second on a token that takes 2 ms for each call, which stands for an HSM in the network. SoftHSM2 behind it is as quick as its processor; new keys reach that end first.

![rows a second by the number of sessions](pictures/sessions.svg)

{sessions}
"""


def table(series, corner):
    columns = [x for x, _ in next(iter(series.values()))]
    lines = [f"| {corner} | " + " | ".join(f"{x:g}" for x in columns) + " |", "|---" * (len(columns) + 1) + "|"]
    for name, points in series.items():
        lines.append(f"| {name} | " + " | ".join(plot_svg.number(y) for _, y in points) + " |")
    return "\n".join(lines)


def read(path, x, name, y):
    series = {}
    with open(path, newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            series.setdefault(row[name], []).append((float(row[x]), float(row[y])))
    # Ours first: it has the first colour and the numbers at its points.
    return dict(sorted(series.items(), key=lambda each: each[0] != OURS))


def main():
    folder, page, rounds = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
    calls = read(folder / "keys.tsv", "keys", "program", "calls")
    time = read(folder / "keys.tsv", "keys", "program", "milliseconds")
    sessions = read(folder / "sessions.tsv", "sessions", "rows", "rows a second")
    for name, picture in {
        "calls": plot_svg.plot("Calls to the token for one request", "keys on the token", "calls", calls),
        "time": plot_svg.plot("Time of processor for one request", "keys on the token", "milliseconds", time),
        "sessions": plot_svg.plot("A batch by its sessions", "sessions", "rows a second", sessions),
    }.items():
        (folder / f"{name}.svg").write_text(picture)
    page.write_text(PAGE.format(rounds=rounds, calls=table(calls, "keys"), time=table(time, "keys"),
                                sessions=table(sessions, "sessions")))


if __name__ == "__main__":
    main()
