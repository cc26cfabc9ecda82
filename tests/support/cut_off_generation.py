#!/usr/bin/env python3
"""Makes the one private EC key of a SoftHSM2 token what a kill inside C_GenerateKeyPair leaves of it: the object is there,
with label and ID, and does not hold a key yet, nor that it was made here. usage: cut_off_generation.py TOKENS-FOLDER"""

import pathlib
import struct
import sys

CKA_CLASS, CKA_VALUE, CKA_LOCAL, CKA_KEY_GEN_MECHANISM = 0x0, 0x11, 0x163, 0x166
CKO_PRIVATE_KEY = 3
BOOLEAN, NUMBER, OCTETS, ATTRIBUTES, MECHANISMS = 1, 2, 3, 4, 5


def attributes(content):
    """The (type, as it is written) of an object's file, behind the eight octets of its generation."""
    at = 8
    while at < len(content):
        attribute, kind = struct.unpack_from(">QQ", content, at)
        length = {BOOLEAN: 1, NUMBER: 8}.get(kind)
        if length is None:
            assert kind in (OCTETS, ATTRIBUTES, MECHANISMS), f"an attribute of the kind {kind}"
            (length,) = struct.unpack_from(">Q", content, at + 16)
            length = 8 + length * (8 if kind == MECHANISMS else 1)
        yield attribute, content[at : at + 16 + length]
        at += 16 + length


def written(attribute, kind, value):
    return struct.pack(">QQ", attribute, kind) + value


changed = 0
for path in pathlib.Path(sys.argv[1]).rglob("*.object"):
    content = path.read_bytes()
    found = dict(attributes(content))
    if path.name == "token.object" or found[CKA_CLASS] != written(CKA_CLASS, NUMBER, struct.pack(">Q", CKO_PRIVATE_KEY)):
        continue
    found[CKA_VALUE] = written(CKA_VALUE, OCTETS, bytes(8))
    found[CKA_LOCAL] = written(CKA_LOCAL, BOOLEAN, b"\0")
    found[CKA_KEY_GEN_MECHANISM] = written(CKA_KEY_GEN_MECHANISM, NUMBER, b"\xff" * 8)
    path.write_bytes(content[:8] + b"".join(found.values()))
    changed += 1
sys.exit(0 if changed == 1 else f"there are {changed} private keys")
