#!/usr/bin/env bash
# A request made from a certificate or another request: --from.
. "$(dirname "$0")/../support/cli.sh"

new_token tok-from
make_key signer 01

# certificate NAME [SUBJECT] makes NAME.key and a self-signed NAME.pem; what is on stdin are its extensions.
certificate() {
  { printf '[req]\ndistinguished_name = dn\n[dn]\n[ext]\n'; cat; } >"$1.cnf"
  must openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" -utf8 -days 3 \
    -config "$1.cnf" -extensions ext -multivalue-rdn -subj "${2:-/C=DE/O=Müller, Söhne/CN=web-01.example}" -out "$1.pem"
}

# contents FILE prints, with python3-cryptography, the subject in encoding order, then each extension but the
# identifiers of keys, which openssl req adds by itself.
contents() {
  python3 - "$1" <<'PYTHON'
import sys
from cryptography import x509
data = open(sys.argv[1], "rb").read()
load = x509.load_pem_x509_csr if b"REQUEST" in data else x509.load_pem_x509_certificate
document = load(data)
for rdn in document.subject.rdns:
    print("rdn", " + ".join(sorted(f"{a.oid.dotted_string}={a.value}" for a in rdn)))
for e in sorted(document.extensions, key=lambda e: e.oid.dotted_string):
    if e.oid.dotted_string in ("2.5.29.14", "2.5.29.35"):
        continue
    print(e.oid.dotted_string, e.critical, e.value.public_bytes().hex())
PYTHON
}

# expect_same_contents FILE OTHER
expect_same_contents() {
  contents "$1" >one && contents "$2" >two && [ -s one ] || fail "the contents cannot be read"
  diff one two >"$out" || fail "$1 and $2 differ"
}

scenario "a certificate is renewed: subject, names and extensions are repeated, as they stand"
certificate old <<'EXT'
subjectAltName = DNS:web-01.example, DNS:*.example.org, IP:192.0.2.1, IP:2001:db8::1, email:a@example.org, URI:https://example.org/x, otherName:1.3.6.1.4.1.311.20.2.3;UTF8:user@example.org
keyUsage = digitalSignature, keyAgreement
extendedKeyUsage = critical, serverAuth, 1.2.3.4
basicConstraints = CA:FALSE
1.3.6.1.5.5.7.1.24 = critical, DER:30:03:02:01:05
1.2.3.4.5 = ASN1:UTF8String:anything
EXT
run p11csr request --from old.pem --key signer --out new.csr
expect_exit 0
expect_request_verifies new.csr
expect_same_contents old.pem new.csr

scenario "multi-valued and repeated RDNs keep their order"
certificate old "/DC=org/DC=example/OU=b/OU=a/CN=web+UID=w1/emailAddress=a@example.org" </dev/null
run p11csr request --from old.pem --key signer --out new.csr
expect_exit 0
expect_same_contents old.pem new.csr

scenario "what belongs to the issuer or to the key is left out, and each is said"
certificate old <<'EXT'
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always
authorityInfoAccess = OCSP;URI:http://ocsp.example
crlDistributionPoints = URI:http://crl.example/c.crl
certificatePolicies = 1.2.3.4
nameConstraints = permitted;DNS:example.org
1.3.6.1.4.1.11129.2.4.2 = DER:04:00
1.3.6.1.4.1.11129.2.4.3 = critical, DER:05:00
subjectAltName = DNS:web-01.example, dirName:dn_of_name, RID:1.2.3.4, otherName:1.2.3;UTF8:x
[dn_of_name]
CN = elsewhere
EXT
run p11csr request --from old.pem --key signer --out new.csr
expect_exit 0
expect_stderr_contains "subjectKeyIdentifier" "authorityKeyIdentifier" "authorityInfoAccess" "cRLDistributionPoints" \
  "certificatePolicies" "nameConstraints" "signed certificate timestamps" "certificate transparency poison"
run openssl req -in new.csr -noout -text
names=$(openssl x509 -in old.pem -noout -ext subjectAltName | sed -n 's/^ *\(DNS:.*\)/\1/p')
expect_stdout_contains "$names" "DirName:/CN=elsewhere"
contents new.csr >"$out"
[ "$(grep -c '^[0-9]' "$out")" = 1 ] || fail "more was taken over than the names"

scenario "rekey: the certificate's content with a new key"
certificate old <<<'subjectAltName = DNS:web-01.example'
run p11csr request --from old.pem --generate ec:P-256 --label web-2027 --out new.csr
expect_exit 0
expect_request_verifies new.csr
expect_same_contents old.pem new.csr
expect_keys_on_token 2

scenario "a request is taken as well, in DER; its attributes are named without their values"
cat >r.cnf <<'CONF'
[req]
prompt = no
distinguished_name = dn
attributes = att
req_extensions = ext
[dn]
CN = web-02
[att]
challengePassword = secret-word
[ext]
certificatePolicies = 1.2.3.4
CONF
must openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout r.key -config r.cnf -out r.pem
must openssl req -in r.pem -outform der -out r.der
run p11csr request --from r.der --key signer --out new.csr
expect_exit 0
expect_stderr_contains "challengePassword"
expect_stderr_lacks "secret-word"
expect_same_contents r.pem new.csr

scenario "flags replace what they name, and nothing else"
certificate old <<'EXT'
subjectAltName = DNS:web-01.example, dirName:dn_of_name
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
1.2.3.4.5 = ASN1:NULL
[dn_of_name]
CN = elsewhere
EXT
run p11csr request --from old.pem --key signer --subject CN=other --san dns:a.example --key-usage keyAgreement \
  --extension 1.2.3.4.5=hex:0101ff --out new.csr
expect_exit 0
expect_stderr_lacks dirname
contents new.csr >"$out"
expect_stdout_is "rdn 2.5.4.3=other
1.2.3.4.5 False 0101ff
2.5.29.15 True 03020308
2.5.29.17 False 300b8209612e6578616d706c65
2.5.29.37 False 300a06082b06010505070301"

scenario "an empty --subject is a subject, too"
certificate old <<<'subjectAltName = DNS:web-01.example'
run p11csr request --from old.pem --key signer --subject '' --out new.csr
expect_exit 0
contents new.csr >"$out"
expect_stdout_is "2.5.29.17 True 3010820e7765622d30312e6578616d706c65"

scenario "a BMPString in the subject is refused with the subject to paste, and --subject helps"
printf '[req]\ndistinguished_name = dn\nstring_mask = pkix\n[dn]\n' >bmp.cnf
must openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout b.key -utf8 -config bmp.cnf \
  -subj "/C=DE/CN=Müller" -out bmp.pem
run p11csr request --from bmp.pem --key signer
expect_exit 2
expect_stderr_contains "CN 'Müller'" BMPSTRING "--subject 'CN=Müller,C=DE'"
run p11csr request --from bmp.pem --key signer --subject CN=Müller,C=DE
expect_exit 0

scenario "a value over its bound is refused and named"
certificate old "/CN=web/postalCode=$(printf '1%.0s' {1..41})" </dev/null
run p11csr request --from old.pem --key signer
expect_exit 2
expect_stderr_contains "postalCode '1111" "41 characters"

scenario "a request whose signature does not verify is refused"
must openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout r.key -subj /CN=web-03 -outform der \
  -out r.der
sed -i 's/web-03/web-04/' r.der
run p11csr request --from r.der --key signer
expect_exit 9
expect_stdout_empty
expect_stderr_contains "'r.der'" "does not verify"

scenario "a truncated file and a folder are exit 2, a missing one exit 8"
certificate old </dev/null
head -c 200 old.pem >cut.pem
run p11csr request --from cut.pem --key signer
expect_exit 2
expect_stderr_contains "--from 'cut.pem'"
run p11csr request --from gone.pem --key signer
expect_exit 8
expect_stderr_contains "'gone.pem'" "No such file" "hint: ls -l . shows which files are there"
run p11csr request --from . --key signer
expect_exit 2
expect_stderr_contains "is a directory"
: >empty.pem
run p11csr request --from empty.pem --key signer
expect_exit 2
run p11csr request --from old.key --key signer
expect_exit 2
expect_stderr_contains "a private key"

scenario "--set has no meaning without a profile"
run p11csr request --subject CN=a --key signer --set host=a
expect_exit 2
expect_stderr_contains "--set fills the fields of a profile, and no profile was given"

scenario "--from and --openssl-config exclude each other"
run p11csr request --from a --openssl-config b --key signer
expect_exit 2
expect_stderr_contains "exclude each other"

scenario "--dry-run shows what was taken"
certificate old <<<'subjectAltName = DNS:web-01.example'
run p11csr request --from old.pem --key signer --dry-run
expect_exit 0
expect_stdout_contains "Müller, Söhne" "dns:web-01.example"

scenario "what a profile does not take from a file is said, each extension"
must openssl req -new -newkey rsa:2048 -nodes -keyout o.key -subj "/CN=www.example.com" -out o.csr \
  -addext "subjectAltName=DNS:www.example.com" -addext "tlsfeature=status_request" -addext "keyUsage=critical,digitalSignature" \
  -addext "extendedKeyUsage=serverAuth,1.2.3.4.5" -addext "basicConstraints=CA:FALSE" -addext "1.2.3.4=ASN1:NULL"
run p11csr request --from o.csr --profile tls-server --generate ec:P-256 --label said --dry-run
expect_exit 0
expect_stderr_contains "left out the extension tlsfeature" "left out the extension extendedKeyUsage" \
  "left out the extension basicConstraints" "left out the extension 1.2.3.4: the profile decides"
expect_stderr_lacks "left out the extension keyUsage" "left out the extension subjectAltName"
