"""compare.py KEY-LABEL SOFTWARE-KEY: makes the request of each row by p11csr, with the key of the token, and by
`openssl req`, with the same key as a file; prints a line for each row and fails where the two differ. What p11csr made
is also read by certtool and by python3-cryptography, which must see the same names."""

import os
import subprocess
import sys
import warnings

from cryptography import x509
from rows import ROWS

LEAST_ROWS = 60
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


def read_elsewhere(pem):
    """The common name and the DNS names, by python3-cryptography, are those that certtool shows."""
    request = x509.load_pem_x509_csr(pem)
    with open("row.csr", "wb") as file:
        file.write(pem)
    shown = run("certtool", "--crq-info", "--infile", "row.csr").decode()
    expected = [a.value for a in request.subject if a.oid == x509.NameOID.COMMON_NAME and a.value.isascii()]
    for extension in request.extensions:
        if isinstance(extension.value, x509.SubjectAlternativeName):
            expected += ["DNSname: " + name for name in extension.value.get_values_for_type(x509.DNSName)]
    missing = [text for text in expected if text.replace("+", "\\+") not in shown and text not in shown]
    if missing:
        raise ValueError(f"certtool does not show {missing}")


def compare(label, key, row):
    about, flags, names, extensions, more = row
    try:
        ours = of_p11csr(label, flags)
        theirs = of_openssl(key, names, extensions, more)
        if info(ours) != info(theirs):
            raise ValueError(f"ours   {info(ours).hex()}\n# theirs {info(theirs).hex()}")
        read_elsewhere(ours)
    except ValueError as error:
        print(f"# {error}\nnot ok - {about}")
        return False
    print(f"ok - {about}")
    return True


def main(label, key):
    warnings.simplefilter("ignore")  # of names that are not as cryptography would have them
    failed = sum(not compare(label, key, row) for row in ROWS)
    print(f"{len(ROWS)} rows, {failed} failed")
    return 1 if failed or len(ROWS) < LEAST_ROWS else 0


sys.exit(main(*sys.argv[1:]))
