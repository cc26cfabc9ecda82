"""Requests as p11csr's flags and as a configuration of `openssl req` that says the same. Both must give the same
CertificationRequestInfo, octet by octet.

A row: what it is about, p11csr's flags, the lines of [dn], the lines of [ext], and more text of the configuration (its
sections; before the first one, lines of [req]). Of p11csr's defaults a configuration has to say: keyUsage and
basicConstraints are critical, and the subjectAltName is where the subject is empty. Extensions stand in p11csr's order.
"""

WEB = ["/CN=web"], ["CN = web"]


def dn(about, subject, *lines):
    return about, ["--subject", subject], list(lines), [], ""


def san(about, names, configured, more=""):
    flags = [word for name in names for word in ("--san", name)]
    return about, ["--subject", *WEB[0], *flags], WEB[1], [f"subjectAltName = {configured}"], more


def ext(about, flags, lines, more=""):
    return about, ["--subject", *WEB[0], *flags], WEB[1], lines, more


ROWS = [
    dn("a common name", "CN=web", "CN = web"),
    dn("RFC 4514 text is encoded from its end", "CN=web,O=Example,C=DE", "C = DE", "O = Example", "CN = web"),
    dn("the slash form is encoded as written", "/C=DE/O=Example/CN=web", "C = DE", "O = Example", "CN = web"),
    dn("an escaped comma", "CN=web,O=Example\\, Inc.", "O = Example\\, Inc.", "CN = web"),
    dn("a plus in a value", "CN=a\\+b", "CN = a+b"),
    dn("UTF-8", "CN=Bücher,O=Größe", "O = Größe", "CN = Bücher"),
    dn("an at sign is no PrintableString", "CN=a@b", "CN = a@b"),
    dn("an asterisk is no PrintableString", "CN=*.example.com", "CN = *.example.com"),
    dn("Cyrillic", "CN=пример", "CN = пример"),
    dn("an RDN of two attributes", "CN=web+UID=w1", "CN = web", "+UID = w1"),
    dn("an organizational unit twice", "/OU=a/OU=b/CN=web", "0.OU = a", "1.OU = b", "CN = web"),
    dn("domain components", "/DC=org/DC=example/CN=web", "0.DC = org", "1.DC = example", "CN = web"),
    dn("an e-mail address in the subject", "/CN=web/emailAddress=a@example.org", "CN = web", "emailAddress = a@example.org"),
    dn("a serial number", "/CN=web/serialNumber=1234-5", "CN = web", "serialNumber = 1234-5"),
    dn("state and locality", "/C=DE/ST=Berlin/L=Berlin/O=Example/CN=web", "C = DE", "ST = Berlin", "L = Berlin",
       "O = Example", "CN = web"),
    dn("street and postal code", "/street=Main St 1/postalCode=10115/CN=web", "street = Main St 1", "postalCode = 10115",
       "CN = web"),
    dn("a person's names", "/GN=Ada/SN=Lovelace/title=Dr/CN=Ada Lovelace", "GN = Ada", "SN = Lovelace", "title = Dr",
       "CN = Ada Lovelace"),
    dn("a dotted OID", "/CN=web/1.2.3.4=x", "CN = web", "0.1.2.3.4 = x"),
    dn("64 characters", "CN=" + "a" * 64, "CN = " + "a" * 64),
    san("a DNS name", ["dns:web.example"], "DNS:web.example"),
    san("two DNS names keep their order", ["dns:b.example", "dns:a.example"], "DNS:b.example, DNS:a.example"),
    san("a wildcard", ["dns:*.example.com"], "DNS:*.example.com"),
    san("a U-label becomes an A-label", ["dns:bücher.example"], "DNS:xn--bcher-kva.example"),
    san("an IPv4 address", ["ip:192.0.2.1"], "IP:192.0.2.1"),
    san("an IPv6 address", ["ip:2001:db8::1"], "IP:2001:db8::1"),
    san("a mailbox", ["email:a@example.org"], "email:a@example.org"),
    san("a URI", ["uri:https://example.org/x?y=1"], "URI:https://example.org/x?y=1"),
    san("a URI with a comma", ["uri:https://example.org/x?y=1,2"], "@alt", "[alt]\nURI = https://example.org/x?y=1,2\n"),
    san("a UUID", ["uri:urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6"], "@alt",
        "[alt]\nURI = urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6\n"),
    san("a user principal name", ["upn:ada@example.org"], "otherName:1.3.6.1.4.1.311.20.2.3;UTF8:ada@example.org"),
    san("a directory name", ["dirname:CN=a,O=b"], "dirName:who", "[who]\nO = b\nCN = a\n"),
    san("a registered ID", ["rid:1.2.3.4"], "RID:1.2.3.4"),
    san("another name as UTF-8", ["othername:1.2.3;UTF8:text"], "otherName:1.2.3;UTF8:text"),
    san("another name as IA5", ["othername:1.2.3;IA5:text"], "otherName:1.2.3;IA5STRING:text"),
    san("another name as DER", ["othername:1.2.3;HEX:020105"], "otherName:1.2.3;INTEGER:5"),
    san("every kind at once", ["dns:a.example", "ip:192.0.2.1", "email:a@example.org", "rid:1.2.3"],
        "DNS:a.example, IP:192.0.2.1, email:a@example.org, RID:1.2.3"),
    ("an empty subject makes the names critical", ["--subject", "", "--san", "dns:web.example"], [],
     ["subjectAltName = critical, DNS:web.example"], ""),
]

for bits in ("digitalSignature", "digitalSignature,nonRepudiation", "keyAgreement", "keyCertSign,cRLSign",
             "digitalSignature,keyEncipherment"):
    ca = [["--basic-constraints", "ca"], ["basicConstraints = critical, CA:TRUE"]] if "Cert" in bits else [[], []]
    ROWS.append(ext(f"key usage {bits}", ["--key-usage", bits, *ca[0]], [f"keyUsage = critical, {bits}", *ca[1]]))
for purpose in ("serverAuth", "clientAuth", "codeSigning", "emailProtection", "timeStamping", "OCSPSigning",
                "serverAuth,clientAuth", "1.2.3.4.5"):
    ROWS.append(ext(f"purpose {purpose}", ["--extended-key-usage", purpose], [f"extendedKeyUsage = {purpose}"]))
CA = ["--key-usage", "keyCertSign"], "keyUsage = critical, keyCertSign"
ROWS += [
    ext("smart-card logon", ["--extended-key-usage", "smartcardLogon"], ["extendedKeyUsage = 1.3.6.1.4.1.311.20.2.2"]),
    ext("a CA", [*CA[0], "--basic-constraints", "ca"], [CA[1], "basicConstraints = critical, CA:TRUE"]),
    ext("a CA of path length 0", [*CA[0], "--basic-constraints", "ca,pathlen=0"],
        [CA[1], "basicConstraints = critical, CA:TRUE, pathlen:0"]),
    ext("a CA of path length 3", [*CA[0], "--basic-constraints", "ca,pathlen=3"],
        [CA[1], "basicConstraints = critical, CA:TRUE, pathlen:3"]),
    ext("must-staple", ["--tls-feature", "status_request"], ["tlsfeature = status_request"]),
    ext("a policy", ["--policy", "1.2.3.4"], ["certificatePolicies = 1.2.3.4"]),
    ext("two policies", ["--policy", "1.2.3.4", "--policy", "2.5.29.32.0"], ["certificatePolicies = 1.2.3.4, 2.5.29.32.0"]),
    ext("a policy with its statement", ["--policy", "1.2.3.4,cps=https://example.org/cps"],
        ["certificatePolicies = @pol"], "[pol]\npolicyIdentifier = 1.2.3.4\nCPS = https://example.org/cps\n"),
    ext("policies of a section and of the list", ["--policy", "1.2.3.4,cps=https://example.org/cps", "--policy", "1.2.9"],
        ["certificatePolicies = @pol, 1.2.9"], "[pol]\npolicyIdentifier = 1.2.3.4\nCPS = https://example.org/cps\n"),
    ext("an extension as DER", ["--extension", "1.2.3.4=hex:0500"], ["1.2.3.4 = DER:0500"]),
    ext("a critical extension", ["--extension", "1.2.3.4,critical=hex:0500"], ["1.2.3.4 = critical, DER:0500"]),
    ext("an extension as ASN.1 text", ["--extension", "1.2.3.4=asn1:UTF8:text"], ["1.2.3.4 = ASN1:UTF8:text"]),
    ext("a template by its name", ["--ms-template", "User"], ["1.3.6.1.4.1.311.20.2 = ASN1:BMP:User"]),
    ext("a template by its OID", ["--ms-template", "1.2.3.4:100:5"], ["1.3.6.1.4.1.311.21.7 = ASN1:SEQUENCE:tmpl"],
        "[tmpl]\na = OID:1.2.3.4\nb = INTEGER:100\nc = INTEGER:5\n"),
    ext("a template by its OID without versions", ["--ms-template", "1.2.3.4"],
        ["1.3.6.1.4.1.311.21.7 = ASN1:SEQUENCE:tmpl"], "[tmpl]\na = OID:1.2.3.4\n"),
    ext("a SID as an extension", ["--sid", "S-1-5-21-1-2-3-500"], ["1.3.6.1.4.1.311.25.2 = ASN1:SEQUENCE:sid"],
        "[sid]\na = IMPLICIT:0,SEQUENCE:name\n[name]\na = OID:1.3.6.1.4.1.311.25.2.1\n"
        "b = EXPLICIT:0,FORMAT:ASCII,OCT:S-1-5-21-1-2-3-500\n"),
    ext("a SID as a name", ["--sid", "S-1-5-21-1-2-3-500", "--sid-form", "uri"], ["subjectAltName = @alt"],
        "[alt]\nURI = tag:microsoft.com,2022-09-14:sid:S-1-5-21-1-2-3-500\n"),
    # RFC 2985, 5.2.2 would have IA5String, which openssl takes where its mask has it and PrintableString will not do.
    ext("an unstructured name", ["--unstructured-name", "web@server"], [],
        "string_mask = MASK:0x2012\nattributes = att\n[att]\nunstructuredName = web@server\n"),
    ext("a challenge password", ["--challenge-password-source", "env:CHALLENGE"], [],
        "attributes = att\n[att]\nchallengePassword = sesame\n"),
    ext("names, usages and purposes together",
        ["--san", "dns:web.example", "--key-usage", "digitalSignature", "--extended-key-usage", "clientAuth"],
        ["subjectAltName = DNS:web.example", "keyUsage = critical, digitalSignature", "extendedKeyUsage = clientAuth"]),
]


def by_profile(name, settings, names, purposes, *more, usage="digitalSignature"):
    """A row by a shipped profile: names are lines of [dn], more are flags beside --set, then lines of [ext] before the usage
    and after the purposes."""
    flags, before, after = more or ([], [], [])
    flags = ["--profile", name, *(word for each in settings for word in ("--set", each)), *flags]
    lines = [*before, f"keyUsage = critical, {usage}", *([f"extendedKeyUsage = {purposes}"] if purposes else []), *after]
    return f"profile {name}", flags, names, lines, ""


PROFILES = [
    by_profile("tls-server", ["host=www.example.com"], ["CN = www.example.com"], "serverAuth",
               [], ["subjectAltName = DNS:www.example.com"], []),
    by_profile("tls-client", ["name=client"], ["CN = client"], "clientAuth"),
    by_profile("mtls", ["host=node.example.com"], ["CN = node.example.com"], "serverAuth, clientAuth",
               [], ["subjectAltName = DNS:node.example.com"], []),
    by_profile("smime-sign", ["email=a@example.org"], ["CN = a@example.org"], "emailProtection",
               [], ["subjectAltName = email:a@example.org"], []),
    by_profile("document-signing", ["name=Ada"], ["CN = Ada"], "1.3.6.1.5.5.7.3.36"),
    by_profile("timestamping", ["name=TSA"], ["CN = TSA"], "critical, timeStamping"),
    by_profile("ocsp-responder", ["name=OCSP"], ["CN = OCSP"], "OCSPSigning", [], [], ["1.3.6.1.5.5.7.48.1.5 = DER:0500"]),
    by_profile("sub-ca", ["name=CA"], ["CN = CA"], "", [], [], ["basicConstraints = critical, CA:TRUE"],
               usage="keyCertSign, cRLSign"),
    by_profile("device-identity", ["serial=SN-1"], ["serialNumber = SN-1"], ""),
    by_profile("piv-auth", ["name=Ada", "uuid=f81d4fae-7dec-11d0-a765-00a0c91e6bf6"], ["CN = Ada"], "", [],
               ["subjectAltName = URI:urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6"], []),
    by_profile("smartcard-logon", ["name=Ada", "upn=ada@example.org"], ["CN = Ada"],
               "1.3.6.1.4.1.311.20.2.2, clientAuth", [],
               ["subjectAltName = otherName:1.3.6.1.4.1.311.20.2.3;UTF8:ada@example.org"], []),
]
CODE_SIGNING = by_profile("code-signing", ["name=Example", "country=DE"], ["C = DE", "O = Example", "CN = Example"],
                          "codeSigning")
# What a request says does not depend on its key, so that a part of the table suffices for the other kinds.
ROWS_BY_KEY = {
    "p256": ROWS + PROFILES,
    "rsa": ROWS[::6] + PROFILES,
    "rsa3072": [CODE_SIGNING],
    "ed25519": ROWS[::6] + [row for row in PROFILES if row[0].split()[1] in ("tls-client", "mtls", "sub-ca")],
}
