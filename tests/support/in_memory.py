#!/usr/bin/env python3
"""Tells where texts are in the memory of a process that runs: all that it can write to. Root may read any process's.

usage: in_memory.py PID TEXT…

Writes a line for each place: the TEXT, where it is, and the octets around it.
"""

import sys

AROUND = 32
# A sanitiser reserves terabytes for its shadow, where no data is.
LARGEST = 1 << 30
PAGE = 4096


def writable_maps(pid):
    for line in open(f"/proc/{pid}/maps"):
        span, rights, *rest = line.split(maxsplit=5)
        begin, end = (int(each, 16) for each in span.split("-"))
        if rights.startswith("rw") and end - begin < LARGEST:
            yield begin, end, rest[3].strip() if len(rest) > 3 else "no file"


def content_of(memory, begin, end):
    """A guard page of glibc 2.42 lies inside what is writable and cannot be read; zeros stand for it."""
    content = bytearray()
    while begin + len(content) < end:
        memory.seek(begin + len(content))
        try:
            part = memory.read(end - begin - len(content))
        except OSError:
            part = b""
        content += part or bytes(PAGE)
    return bytes(content)


def main(pid, texts):
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for begin, end, name in writable_maps(pid):
            content = content_of(memory, begin, end)
            for text in texts:
                at = content.find(text.encode())
                while at >= 0:
                    print(text, f"{begin + at:x} ({name})", content[max(at - AROUND, 0) : at + len(text) + AROUND])
                    at = content.find(text.encode(), at + 1)


if "" in sys.argv:
    sys.exit("in_memory: an empty text is everywhere")
main(sys.argv[1], sys.argv[2:])
