"""compare.py FOLDER: makes the request of each row by p11csr, with the key of the token that has the key's label, and by
`openssl req`, with the same key in the file FOLDER/LABEL.key; prints a line for each row and fails where the two differ,
or where three other readers of what p11csr made do not agree about its names and extensions."""

import os
import subprocess
import sys
import warnings

from cryptography import x509
from readers import by_peculiar, disagreements
from rows import ROWS_BY_KEY

LEAST_ROWS = 100
ENVIRONMENT = {**os.environ, "CHALLENGE": "sesame"}


def configuration(names, extensions, more):
    text = "[req]\nprompt = no\nutf8 = yes\nstring_mask = MASK:0x2002\ndistinguished_name = dn\n"
    if extensions:
        text += "req_extensions = ext\n"
    beside, bracket, sections = more.partition("[")
    text += beside + "[dn]\n" + "".join(line + "\n" for line in names)
    return text + "[ext]\n" + "".join(line + "\n" for line in extensions) + bracket + sections


def run(*command):
    result = subprocess.run(command, env=ENVIRONMENT, capture_output=True, check=False)
    if result.returncode != 0:
        raise ValueError(f"{' '.join(command)}: {result.stderr.decode()}")
    return result.stdout


def of_openssl(key, names, extensions, more):
    with open("row.cnf", "w", encoding="utf-8") as file:
        file.write(configuration(names, extensions, more))
    # Where nothing is named openssl asks for -subj.
    empty = [] if names else ["-subj", "/"]
    return run("openssl", "req", "-new", "-key", key, "-config", "row.cnf", *empty)


def of_p11csr(label, flags):
    return run(os.environ["P11CSR"], "request", "--key", label, "--allow-extractable", *flags)


def info(pem):
    return x509.load_pem_x509_csr(pem).tbs_certrequest_bytes


def request_of(label, key, row):
    """The request of a row, if openssl req would have asked for the same signature; otherwise says why not."""
    _, flags, names, extensions, more = row
    ours = of_p11csr(label, flags)
    theirs = of_openssl(key, names, extensions, more)
    if info(ours) != info(theirs):
        raise ValueError(f"ours   {info(ours).hex()}\n# theirs {info(theirs).hex()}")
    return ours


def compare(label, key, rows):
    """How many of the rows fail with this key."""
    made, failed = [], 0
    for row in rows:
        try:
            made.append((row[0], request_of(label, key, row)))
        except ValueError as error:
            print(f"# {error}\nnot ok - {label}: {row[0]}")
            failed += 1
    for (about, pem), peculiar in zip(made, by_peculiar([pem for _, pem in made])):
        found = disagreements(pem, peculiar)
        for text in found:
            print(f"# {text}")
        print(f"{'not ok' if found else 'ok'} - {label}: {about}")
        failed += bool(found)
    return failed


def main(folder):
    warnings.simplefilter("ignore")  # of names that are not as cryptography would have them
    count = failed = 0
    for label, rows in ROWS_BY_KEY.items():
        failed += compare(label, os.path.join(folder, f"{label}.key"), rows)
        count += len(rows)
    print(f"{count} rows, {failed} failed")
    return 1 if failed or count < LEAST_ROWS else 0


sys.exit(main(*sys.argv[1:]))
