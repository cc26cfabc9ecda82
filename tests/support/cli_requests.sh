# shellcheck shell=bash disable=SC2154
# Sourced after cli.sh by the scripts that look into requests. The variables are those of cli.sh.

# make_bound_key LABEL ID [SPEC] [TOKEN] lets p11csr generate a pair that passes the gate: ec:P-256 (default), rsa:2048, …
make_bound_key() {
  must "$P11CSR" key generate "${3:-ec:P-256}" --label "$1" --id "$2" --token "${4:-$token}" --module "$SOFTHSM2_MODULE"
}

# public_key_of_request FILE prints its SubjectPublicKeyInfo as PEM.
public_key_of_request() { openssl req -in "$1" -noout -pubkey 2>&1; }

# public_points_on_token --label TEXT | --id HEX prints the CKA_EC_POINT of each EC public key that has it. pkcs11-tool
# shows every point, but cannot export every curve, and lists all keys whatever it is asked for.
public_points_on_token() {
  pkcs11-tool --module "$SOFTHSM2_MODULE" --token-label "$token" --list-objects --type pubkey 2>/dev/null | as_hex |
    awk -v option="$1" -v wanted="$2" '
      /^Public Key Object/ { point = "" }
      /^  EC_POINT:/ { point = $2 }
      /^  label:/ { sub(/^  label: */, ""); if (option == "--label" && $0 == wanted && point) print point }
      /^  ID:/ { if (option == "--id" && $2 == wanted && point) print point }'
}

# expect_key_of_token FILE --label TEXT | --id HEX: the request is about the one public key that pkcs11-tool finds.
expect_key_of_token() {
  scenario_failed && return 0
  local file=$1 spki point
  shift
  spki=$(public_key_of_request "$file" | openssl pkey -pubin -pubout -outform DER | xxd -p -c 0)
  point=$(public_points_on_token "$@")
  if [ -z "$point" ]; then
    expect_same "$spki" "$(pkcs11-tool --module "$SOFTHSM2_MODULE" --token-label "$token" --read-object --type pubkey \
      "$@" 2>/dev/null | xxd -p -c 0)" "the key of '$file' and that of $*"
    return
  fi
  case $point in 0481*) point=${point:6} ;; *) point=${point:4} ;; esac
  [ "${spki%"$point"}" != "$spki" ] || fail "the key of '$file' is '$spki', that of $* '$point'"
}

# expect_same ONE OTHER WHAT
expect_same() {
  scenario_failed && return 0
  [ -n "$1" ] && [ "$1" = "$2" ] || fail "$3 differ: '$1', '$2'"
}

# expect_python_verifies FILE: for curves that GnuTLS lacks.
expect_python_verifies() {
  scenario_failed && return 0
  local verdict
  verdict=$(python3 -c '
import sys
from cryptography import x509
print(x509.load_pem_x509_csr(open(sys.argv[1], "rb").read()).is_signature_valid)
' "$1" 2>&1 | tail -n 1)
  [ "$verdict" = True ] || fail "python3-cryptography of '$1': $verdict"
}

# make_authority makes the one of this script: $test_folder/ca.pem and ca.key.
make_authority() {
  [ -e "$test_folder/ca.pem" ] || openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
    -keyout "$test_folder/ca.key" -subj /CN=ca -days 2 -out "$test_folder/ca.pem" 2>/dev/null
}

# expect_certifiable FILE: an authority signs it into a certificate, which is about the same key.
expect_certifiable() {
  scenario_failed && return 0
  local ca=$test_folder/ca
  make_authority
  [ -e "$ca.index" ] || : >"$ca.index"
  printf '%s\n' '[ca]' 'default_ca = this' '[this]' "database = $ca.index" "new_certs_dir = $test_folder" 'rand_serial = yes' \
    'default_md = sha256' 'policy = any' 'copy_extensions = copyall' 'unique_subject = no' '[any]' 'commonName = optional' >"$ca.cnf"
  if ! openssl ca -batch -notext -config "$ca.cnf" -cert "$ca.pem" -keyfile "$ca.key" -days 1 -in "$1" \
    -out "$test_folder/certificate.pem" 2>"$test_folder/last/prepared"; then
    fail "openssl ca with '$1': $(<"$test_folder/last/prepared")"
    return
  fi
  expect_issued "$test_folder/certificate.pem" "$1"
}

# request_by_profile NAME FLAG…: a shipped profile's request, as request.csr; its key has a label of its own.
request_by_profile() {
  run p11csr request --profile "$1" --label "key $scenario_count" --out request.csr "${@:2}"
  expect_exit 0
}

# values_of EXTENSION prints its values in what openssl shows, a line each: servers put names into an order of their own.
values_of() { sed -n "/^ *X509v3 $1:/{n;s/^ *//;s/, /\\n/g;p}" | sort; }

# expect_issued CERTIFICATE REQUEST EXTENSION…: the certificate has the request's key, and these extensions say the same.
expect_issued() {
  scenario_failed && return 0
  expect_same "$(public_key_of_request "$2")" "$(openssl x509 -in "$1" -noout -pubkey)" "public key of '$1'"
  local extension
  for extension in "${@:3}"; do
    expect_same "requested: $(openssl req -in "$2" -noout -text | values_of "$extension")" \
      "requested: $(openssl x509 -in "$1" -noout -text | values_of "$extension")" "$extension of '$1'"
  done
}

# describe_request FILE prints what python3-cryptography sees: a line per RDN, name, extension and attribute, values as
# Python literals, so that a comma or a line end cannot pass for two.
describe_request() {
  python3 -c '
import sys
from cryptography import x509
from cryptography.hazmat.primitives import serialization
csr = x509.load_pem_x509_csr(open(sys.argv[1], "rb").read())
for rdn in csr.subject.rdns:
    print("rdn " + " + ".join(sorted(f"{a.oid.dotted_string} {a._type.name} {a.value!r}" for a in rdn)))
for extension in csr.extensions:
    critical = "critical" if extension.critical else "optional"
    print("extension", extension.oid.dotted_string, critical)
    if extension.oid == x509.OID_SUBJECT_ALTERNATIVE_NAME:
        for name in extension.value:
            value = name.value.hex() if isinstance(name, x509.OtherName) else str(name.value)
            print("name", type(name).__name__, repr(value))
    elif extension.oid == x509.OID_EXTENDED_KEY_USAGE:
        for purpose in extension.value:
            print("purpose", purpose.dotted_string)
    else:
        print("value", extension.value.public_bytes().hex())
for attribute in csr.attributes:
    print("attribute", attribute.oid.dotted_string)
' "$1" 2>&1
}

# describe FILE keeps its description for the expectations below.
describe() {
  scenario_failed && return 0
  describe_request "$1" >"$test_folder/last/description"
}

expect_description_contains() { expect_contains "the description" "$test_folder/last/description" "$@"; }
expect_description_lacks() { expect_lacks "the description" "$test_folder/last/description" "$@"; }

# expect_description N PATTERN: N lines match.
expect_description_lines() {
  scenario_failed && return 0
  local found
  found=$(grep -c -e "$2" "$test_folder/last/description")
  [ "$found" = "$1" ] || fail "expected $1 lines '$2', found $found: $(<"$test_folder/last/description")"
}
