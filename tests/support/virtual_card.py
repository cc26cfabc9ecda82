"""A card in the virtual reader of with_vpcd.sh until the process ends: virtual_card.py unknown|piv [--leave-at INS].

`unknown` answers every command that it does not know it (6D00). `piv` is what NIST SP 800-73-4 makes of a card that
holds one EC P-256 key, in slot 9A, with its certificate; its PIN is 123456, three wrong ones block it. --leave-at takes the
card out when a command with that instruction (hexadecimal) arrives, unanswered.

vpcd listens; each message has its length before it, in two octets. One octet is an order, more are a command APDU.
"""

import argparse
import datetime
import socket
import struct
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

OK, WRONG_PIN, BLOCKED, NOT_ALLOWED, NOT_FOUND, UNKNOWN = 0x9000, 0x63C0, 0x6983, 0x6982, 0x6A82, 0x6D00
ATR_ORDER = b"\x04"
VERIFY, SELECT, GET_RESPONSE, AUTHENTICATE, GET_DATA = 0x20, 0xA4, 0xC0, 0x87, 0xCB
PIV_NAME = bytes.fromhex("A000000308")
CERTIFICATE_9A = bytes.fromhex("5FC105")


def tlv(tag, value):
    size = len(value)
    length = bytes([size]) if size < 0x80 else b"\x82" + struct.pack(">H", size)
    return bytes.fromhex(tag) + length + value


class UnknownCard:
    atr = bytes.fromhex("3B80800101")

    def answer(self, apdu):
        return b"", UNKNOWN


class PivCard:
    atr = bytes.fromhex("3B8180018080")

    def __init__(self):
        self.tries = 3
        self.verified = False
        self.rest = b""
        self.chained = b""
        self.key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name.from_rfc4514_string("CN=Virtual Card")
        now = datetime.datetime.utcnow()
        certificate = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(self.key.public_key())
                       .serial_number(1).not_valid_before(now).not_valid_after(now + datetime.timedelta(days=2))
                       .sign(self.key, hashes.SHA256()))
        der = certificate.public_bytes(serialization.Encoding.DER)
        self.certificate = tlv("53", tlv("70", der) + tlv("71", b"\0") + tlv("FE", b""))

    def answer(self, apdu):
        chaining, instruction = apdu[0] & 0x10, apdu[1]
        if instruction == GET_RESPONSE:
            return self.next_piece()
        self.chained += self.data_of(apdu)
        if chaining:
            return b"", OK
        data, self.chained = self.chained, b""
        commands = {SELECT: self.select, VERIFY: self.verify, GET_DATA: self.get_data, AUTHENTICATE: self.authenticate}
        if instruction not in commands:
            return b"", UNKNOWN
        self.rest, status = commands[instruction](data, apdu)
        return self.next_piece() if status == OK else (b"", status)

    @staticmethod
    def data_of(apdu):
        if len(apdu) <= 5:
            return b""
        return apdu[5:5 + apdu[4]] if apdu[4] else apdu[7:7 + int.from_bytes(apdu[5:7], "big")]

    def next_piece(self):
        piece, self.rest = self.rest[:256], self.rest[256:]
        return piece, 0x6100 + min(len(self.rest), 255) if self.rest else OK

    def select(self, data, _):
        if not data.startswith(PIV_NAME):
            return b"", NOT_FOUND
        return tlv("61", tlv("4F", bytes.fromhex("000010000100")) + tlv("79", tlv("4F", PIV_NAME))), OK

    def verify(self, data, _):
        if not self.tries:
            return b"", BLOCKED
        if not data:
            return b"", OK if self.verified else WRONG_PIN + self.tries
        self.verified = data.rstrip(b"\xff") == b"123456"
        self.tries = 3 if self.verified else self.tries - 1
        return b"", OK if self.verified else WRONG_PIN + self.tries

    def get_data(self, data, _):
        return (self.certificate, OK) if data.endswith(CERTIFICATE_9A) else (b"", NOT_FOUND)

    def authenticate(self, data, apdu):
        if not self.verified or apdu[3] != 0x9A:
            return b"", NOT_ALLOWED
        # 7C { 82 (empty: the response is wanted) 81 (what to sign) }
        digest = data[data.index(b"\x81\x20") + 2:][:32]
        signature = self.key.sign(digest, ec.ECDSA(Prehashed(hashes.SHA256())))
        return tlv("7C", tlv("82", signature)), OK


def read(reader, size):
    message = b""
    while len(message) < size:
        piece = reader.recv(size - len(message))
        if not piece:
            sys.exit()
        message += piece
    return message


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("card", choices=["unknown", "piv"])
    arguments.add_argument("--leave-at", type=lambda text: int(text, 16))
    chosen = arguments.parse_args()
    card = PivCard() if chosen.card == "piv" else UnknownCard()
    with socket.create_connection(("127.0.0.1", 35963)) as reader:
        while True:
            message = read(reader, struct.unpack(">H", read(reader, 2))[0])
            if len(message) > 1 and message[1] == chosen.leave_at:
                return
            if len(message) > 1:
                data, status = card.answer(message)
                answer = data + struct.pack(">H", status)
            elif message == ATR_ORDER:
                answer = card.atr
            else:  # power and reset have no answer
                continue
            reader.sendall(struct.pack(">H", len(answer)) + answer)


main()
