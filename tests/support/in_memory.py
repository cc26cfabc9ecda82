#!/usr/bin/env python3
"""Tells where texts are in the memory of a process that runs: all that it can write to. Root may read any process's.

usage: in_memory.py PID TEXT…

Writes a line for each place: the TEXT, where it is, and the octets around it.
"""

import sys

AROUND = 32
# A sanitiser reserves terabytes for its shadow, where no data is.
LARGEST = 1 << 30


def writable_maps(pid):
    for line in open(f"/proc/{pid}/maps"):
        span, rights, *rest = line.split(maxsplit=5)
        begin, end = (int(each, 16) for each in span.split("-"))
        if rights.startswith("rw") and end - begin < LARGEST:
            yield begin, end, rest[3].strip() if len(rest) > 3 else "no file"


def main(pid, texts):
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for begin, end, name in writable_maps(pid):
            memory.seek(begin)
            content = memory.read(end - begin)
            for text in texts:
                at = content.find(text.encode())
                while at >= 0:
                    print(text, f"{begin + at:x} ({name})", content[max(at - AROUND, 0) : at + len(text) + AROUND])
                    at = content.find(text.encode(), at + 1)


if "" in sys.argv:
    sys.exit("in_memory: an empty text is everywhere")
main(sys.argv[1], sys.argv[2:])
