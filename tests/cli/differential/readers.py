"""Three programs that read a request, none of which shares code with p11csr, in one form:

  subject     [[(OID, text), ...], ...]: an RDN a list
  names       [(kind, value), ...] of the subjectAltName; another name is ("other", OID, hex)
  extensions  [(OID, critical, hex), ...]
"""

import ipaddress
import json
import os
import re
import subprocess

from cryptography import x509

READ_REQUESTS = os.path.join(os.path.dirname(__file__), "..", "..", "npm", "read_requests.js")
SHOWN_BY_CERTTOOL = {"DNSname": "dns", "IPAddress": "ip", "RFC822Name": "email", "URI": "uri"}


def rdns(name):
    return [[(each.oid.dotted_string, each.value) for each in rdn] for rdn in name.rdns]


def name_of(name):
    if isinstance(name, x509.OtherName):
        return "other", name.type_id.dotted_string, name.value.hex()
    if isinstance(name, x509.DirectoryName):
        return "dn", rdns(name.value)
    if isinstance(name, x509.RegisteredID):
        return "rid", name.value.dotted_string
    kinds = {x509.DNSName: "dns", x509.RFC822Name: "email", x509.UniformResourceIdentifier: "uri", x509.IPAddress: "ip"}
    return kinds[type(name)], str(name.value)


def by_cryptography(pem):
    request = x509.load_pem_x509_csr(pem)
    names = []
    for extension in request.extensions:
        if isinstance(extension.value, x509.SubjectAlternativeName):
            names = [name_of(name) for name in extension.value]
    extensions = [(each.oid.dotted_string, each.critical, each.value.public_bytes().hex()) for each in request.extensions]
    return {"subject": rdns(request.subject), "names": names, "extensions": extensions}


def by_certtool(pem):
    """What certtool shows: the kinds of name that it has words for, and of each extension whether it is critical."""
    shown = subprocess.run(["certtool", "--crq-info"], input=pem, capture_output=True, check=True).stdout.decode()
    # Behind an A-label it shows the U-label.
    names = [(SHOWN_BY_CERTTOOL[kind], value) for kind, value in
             re.findall(r"^\t{4}(\w+): (.*?)(?: \(.*\))?$", shown, re.MULTILINE) if kind in SHOWN_BY_CERTTOOL]
    critical = [word == "" for word in re.findall(r"^\t{3}\S.* \((not )?critical\):$", shown, re.MULTILINE)]
    return {"names": names, "critical": critical, "verifies": "Self signature: verified" in shown}


def tuples(value):
    return [tuple(tuples(each) if isinstance(each, list) else each for each in row) for row in value]


def canonical(name):
    return ("ip", str(ipaddress.ip_address(name[1]))) if name[0] == "ip" else name


def by_peculiar(pems):
    """What @peculiar/x509 reads in each of the requests; one process for all, since it starts slowly."""
    answer = subprocess.run(["node", READ_REQUESTS], input=json.dumps([pem.decode() for pem in pems]).encode(),
                            capture_output=True, check=True)
    read = []
    for each in json.loads(answer.stdout):
        names = [canonical(("dn", [tuples(rdn) for rdn in name[1]]) if name[0] == "dn" else tuple(name))
                 for name in each["names"]]
        read.append({"subject": [tuples(rdn) for rdn in each["subject"]], "names": names,
                     "extensions": tuples(each["extensions"]), "verifies": each["verifies"]})
    return read


def disagreements(pem, peculiar):
    """What the three readers do not agree about, a text each."""
    first, certtool = by_cryptography(pem), by_certtool(pem)
    found = [f"{part}: cryptography reads {first[part]}, @peculiar/x509 {peculiar[part]}"
             for part in ("subject", "names", "extensions") if first[part] != peculiar[part]]
    named = [name for name in first["names"] if name[0] in SHOWN_BY_CERTTOOL.values()]
    if named != certtool["names"]:
        found.append(f"names: cryptography reads {named}, certtool {certtool['names']}")
    critical = [each[1] for each in first["extensions"]]
    if critical != certtool["critical"]:
        found.append(f"critical: cryptography reads {critical}, certtool {certtool['critical']}")
    found += [f"{reader} does not verify it" for reader, seen in (("certtool", certtool), ("@peculiar/x509", peculiar))
              if not seen["verifies"]]
    return found
