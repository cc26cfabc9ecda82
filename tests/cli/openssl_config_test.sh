#!/usr/bin/env bash
# A request made from a configuration of `openssl req`: --openssl-config. OpenSSL's own request from the same file is
# the measure.
. "$(dirname "$0")/../support/cli.sh"

new_token tok-config
make_key signer 01

# extensions FILE prints the extensions of a request, one a line, sorted: OpenSSL keeps the order of the file.
extensions() {
  python3 - "$1" <<'PYTHON'
import sys
from cryptography import x509
request = x509.load_pem_x509_csr(open(sys.argv[1], "rb").read())
for e in sorted(request.extensions, key=lambda e: e.oid.dotted_string):
    print(e.oid.dotted_string, e.critical, e.value.public_bytes().hex())
PYTHON
}

# subject FILE prints the subject's DER.
subject() {
  python3 -c 'import sys; from cryptography import x509
print(x509.load_pem_x509_csr(open(sys.argv[1], "rb").read()).subject.public_bytes().hex())' "$1"
}

# expect_as_openssl [ARGUMENT…]: ours.csr says what OpenSSL makes of req.cnf, in subject and extensions to the octet.
expect_as_openssl() {
  must openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout software.key -batch -config req.cnf \
    "$@" -out theirs.csr
  run p11csr request --openssl-config "${config:-req.cnf}" --key signer --out ours.csr
  expect_exit 0
  scenario_failed && return 0
  subject theirs.csr >one && subject ours.csr >two && [ -s one ] || fail "a subject cannot be read"
  diff one two >"$out" || fail "the subjects differ"
  extensions theirs.csr >one && extensions ours.csr >two || fail "extensions cannot be read"
  diff one two >"$out" || fail "the extensions differ"
  openssl req -in ours.csr -noout -subject -nameopt utf8,esc_ctrl,sep_multiline,sname >two
  openssl req -in theirs.csr -noout -subject -nameopt utf8,esc_ctrl,sep_multiline,sname >one
  diff one two >"$out" || fail "openssl shows another subject"
  rm -f one two
}

# 0x2002 is PrintableString and UTF8String: what p11csr chooses from.
scenario "prompt=no: names, all extensions and the digest are OpenSSL's"
cat >req.cnf <<'CONF'
host = web-01.example
oid_section = oids
[req]
prompt = no
utf8 = yes
string_mask = MASK:0x2002
default_bits = 2048
default_md = sha384
distinguished_name = dn
req_extensions = v3_req
[oids]
ourPurpose = 1.2.3.4.77
[dn]
C = DE
0.DC = org
1.DC = example
O = Müller\, Söhne, CN=evil
0.OU = first
1.OU = second
CN = $host
+UID = w1
emailAddress = a@example.org
[v3_req]
subjectAltName = critical, @names
keyUsage = digitalSignature, keyEncipherment, keyCertSign
extendedKeyUsage = critical, serverAuth, 1.2.3.4, TLS Web Client Authentication, ourPurpose
basicConstraints = CA:TRUE, pathlen:3
1.2.3.4.5 = critical, ASN1:SEQUENCE:seq
1.2.3.4.6 = DER:05:00
tlsfeature = status_request
certificatePolicies = 1.2.3.4, @policy
nameConstraints = critical, permitted;DNS:example.org
nsComment = "made, by us"
[policy]
policyIdentifier = 1.2.3.5
CPS.1 = https://example.org/cps
[seq]
a = UTF8:text
b = INTEGER:5
[names]
DNS.1 = ${host}
DNS.2 = *.example.org
IP.1 = 192.0.2.1
IP.2 = 2001:db8::1
email = a@example.org
URI.1 = https://example.org/x?y=1,2
otherName = 1.3.6.1.4.1.311.20.2.3;UTF8:user@example.org
otherName.1 = 1.2.3.4;IA5:text
otherName.2 = 1.2.3.4;SEQUENCE:seq
RID = 1.2.3.4
dirName = somebody
[somebody]
C = DE
0.OU = first
1.OU = second
CN = web
+UID = w1
CONF
expect_as_openssl
expect_request_verifies ours.csr
run openssl req -in ours.csr -noout -text
expect_stdout_contains ecdsa-with-SHA384

scenario "policies are taken of sections and of the list, as OpenSSL takes them"
policies() {
  cat >req.cnf <<CONF
[req]
prompt = no
string_mask = MASK:0x2002
distinguished_name = dn
req_extensions = v3_req
[dn]
CN = web
[v3_req]
certificatePolicies = $1
[pol]
policyIdentifier = 1.2.3.5
CPS.1 = https://example.org/cps
userNotice.1 = @notice
[other]
policyIdentifier = 1.2.3.6
[notice]
explicitText = "by us, for us"
organization = Example
noticeNumbers = 1, 2
CONF
}
for value in @pol,1.2.9 1.2.9,@pol 'critical, @pol, @other, 1.2.9' @pol,@other ia5org,@pol 'ia5org, 1.2.9' @pol; do
  policies "$value"
  expect_as_openssl
  rm -f ours.csr
done

scenario "without prompt=no the defaults count, and a field without one is left out and said"
cat >req.cnf <<'CONF'
[req]
string_mask = MASK:0x2002
distinguished_name = dn
attributes = att
req_extensions = v3_req
[dn]
countryName = Country Name (2 letter code)
countryName_default = DE
countryName_min = 2
countryName_max = 2
0.organizationName = Organization
0.organizationName_default = Example
commonName = Common Name
commonName_max = 64
commonName_value = web-01
localityName = Locality
SET-ex3 = SET extension number 3
[att]
challengePassword = A challenge password
challengePassword_min = 4
[v3_req]
basicConstraints = CA:FALSE
keyUsage = nonRepudiation, digitalSignature, keyEncipherment
subjectAltName = DNS:web-01.example, IP:2001:db8::1, DNS:web-02.example
CONF
expect_as_openssl
run p11csr request --openssl-config req.cnf --key signer --out again.csr
expect_stderr_contains "left out [dn] localityName: it has no value"
expect_stderr_lacks SET-ex3

scenario "another section may be named, and .include works"
cat >dn.inc <<'CONF'
[mine_dn]
CN = included
CONF
cat >req.cnf <<'CONF'
[mine]
prompt = no
string_mask = MASK:0x2002
distinguished_name = mine_dn
.include dn.inc
CONF
config=req.cnf:mine expect_as_openssl -section mine
run p11csr request --openssl-config req.cnf:other --key signer
expect_exit 2
expect_stderr_contains "no section [other]" "hint: write it into the file, below a line [other]"
run p11csr request --openssl-config req.cnf:mien --key signer
expect_exit 2
expect_stderr_contains "hint: did you mean 'mine'?"

scenario "flags override"
cat >req.cnf <<'CONF'
[req]
prompt = no
default_md = sha1
distinguished_name = gone
req_extensions = v3_req
[v3_req]
subjectAltName = RID:1.2.3.4
keyUsage = digitalSignature
subjectKeyIdentifier = hash
CONF
run p11csr request --openssl-config req.cnf --key signer --subject CN=flag --san dns:flag.example --digest sha512 \
  --out ours.csr
expect_exit 0
expect_stderr_contains "left out [v3_req] subjectKeyIdentifier"
run openssl req -in ours.csr -noout -text -nameopt RFC2253
expect_stdout_contains "Subject: CN=flag" DNS:flag.example ecdsa-with-SHA512 "Digital Signature"

scenario "the digest of a configuration gives way where the key has none to choose"
printf '[req]\nprompt = no\ndefault_md = sha256\ndistinguished_name = dn\n[dn]\nCN = ed\n' >req.cnf
run p11csr request --openssl-config req.cnf --generate ed25519 --label ed --dry-run
expect_exit 0
expect_stdout_contains ED25519
run p11csr request --openssl-config req.cnf --generate ed25519 --label ed --dry-run --digest sha256
expect_exit 2

# refused SECTION TEXT… takes a whole configuration on stdin.
refused() {
  cat >req.cnf
  run p11csr request --openssl-config req.cnf --key signer
  expect_exit 2
  expect_stdout_empty
  expect_stderr_contains "--openssl-config 'req.cnf'" "$@"
}

scenario "a mistyped entry does not drop the extensions"
refused "[req] req_extension:" "did you mean 'req_extensions'" <<'CONF'
[req]
prompt = no
distinguished_name = dn
req_extension = v3_req
[dn]
CN = web
CONF

scenario "what is not understood is named with its section"
base='[req]
prompt = no
distinguished_name = dn
req_extensions = v3_req
[dn]
CN = web
[v3_req]'
refused "[v3_req] certificatePolicies" <<<"$base
certificatePolicies = not-an-oid"
refused "[v3_req] noSuchExtension" <<<"$base
noSuchExtension = x"
refused "[v3_req] keyUsage" "'digitalSignatur'" <<<"$base
keyUsage = digitalSignatur"
refused "[v3_req] subjectAltName" "no section [nowhere]" "hint: write it into the file, below a line [nowhere]" <<<"$base
subjectAltName = @nowhere"
refused "[alt] DNS.2" "'bad name'" <<<"$base
subjectAltName = @alt
[alt]
DNS.1 = good.example
DNS.2 = bad name"
refused "[v3_req] RID" <<<"$base
subjectAltName = RID:9.9"
refused "[who] comonName" <<<"$base
subjectAltName = dirName:who
[who]
comonName = x"
refused "[v3_req] otherName" <<<"$base
subjectAltName = otherName:1.2.3.4;NONSENSE:x"
refused "[v3_req] email" "'copy'" <<<"$base
subjectAltName = email:copy"
refused "[v3_req] pathlen" "'x'" <<<"$base
basicConstraints = CA:TRUE, pathlen:x"
refused "[v3_req] 1.2.3.4" <<<"$base
1.2.3.4 = ASN1:NONSENSE:x"
refused "[req] default_md" "'md5'" "--digest" <<<"${base/prompt/default_md = md5
prompt}"
refused "[dn] CN" "65 characters" <<<"${base/web/$(printf 'a%.0s' {1..65})}"
refused "[dn] CN" "utf8" <<<"${base/web/Müller}"
refused "[dn] comonName" <<<"${base/CN = web/comonName = web}"
refused "[dn] C:" "country" <<<"${base/CN = web/C = Germany}"
refused "distinguished_name" <<<'[req]
prompt = no'

scenario "attributes of a request are not dropped without a word"
refused "[att] challengePassword" <<'CONF'
[req]
prompt = no
distinguished_name = dn
attributes = att
[dn]
CN = web
[att]
challengePassword = secret
CONF
expect_stderr_lacks secret

scenario "garbage is exit 2 with the line, a missing file exit 8"
printf '[req]\nprompt = no\n[unfinished\n' >req.cnf
run p11csr request --openssl-config req.cnf --key signer
expect_exit 2
expect_stderr_contains "line 3"
printf '[req]\nprompt = no\ndistinguished_name = dn\n[dn]\nCN = good\0.evil\n' >req.cnf
run p11csr request --openssl-config req.cnf --key signer
expect_exit 2
expect_stderr_contains NUL
head -c 4000 "$SOFTHSM2_MODULE" >req.cnf
run p11csr request --openssl-config req.cnf --key signer
expect_exit 2
run p11csr request --openssl-config gone.cnf --key signer
expect_exit 8
expect_stderr_contains "'gone.cnf'" "hint: ls -l . shows which files are there"
run p11csr request --openssl-config gone.cnf:req --key signer
expect_exit 8
