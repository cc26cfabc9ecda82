#!/usr/bin/env bash
# The request has the key that was asked for, whatever else on the token has its label or ID.
. "$(dirname "$0")/../support/cli.sh"
. "$(dirname "$0")/../support/cli_requests.sh"

export GNUTLS_PIN=1234

# make_pair TOOL LABEL ID [KIND]: a pair that passes the gate; other tools do not mind a label that is taken.
make_pair() {
  local kind=${4:-ec}
  case $1 in
    pkcs11-tool)
      [ "$kind" = ec ] && kind=EC:prime256v1
      must pkcs11-tool --module "$SOFTHSM2_MODULE" --token-label "$token" --login --pin 1234 --keypairgen --sensitive \
        --key-type "${kind/#rsa/rsa:2048}" --label "$2" --id "$3" --usage-sign
      ;;
    p11tool)
      local -a what=(--generate-ecc --curve secp256r1)
      [ "$kind" = ec ] || what=(--generate-rsa --bits 2048)
      must p11tool --provider "$SOFTHSM2_MODULE" --login --set-pin 1234 "${what[@]}" --label "$2" --id "$3" \
        "pkcs11:token=$token"
      ;;
  esac
}

on_token() { pkcs11-tool --module "$SOFTHSM2_MODULE" --token-label "$token" --login --pin 1234 "$@"; }

# write_wrong_public_key puts a public key of web's ID and label on the token, whose value is another one's.
write_wrong_public_key() {
  openssl ecparam -name prime256v1 -genkey -noout | openssl ec -pubout -outform DER -out wrong.der 2>/dev/null
  must on_token --write-object wrong.der --type pubkey --id 01 --label web
  rm wrong.der
}

request() {
  local key=$1
  shift
  run p11csr request --token "$token" --key "$key" --subject CN=web --out web.csr "$@"
}

# signs_with KEY SELECTION…: the request verifies and is about the key that pkcs11-tool finds.
signs_with() {
  rm -f web.csr
  request "$1"
  shift
  expect_exit 0
  expect_only_files web.csr
  expect_request_verifies web.csr
  expect_key_of_token web.csr "$@"
}

# refuses_ambiguous KEY N: exit 5, and N candidates as URIs.
refuses_ambiguous() {
  rm -f web.csr
  request "$1"
  expect_exit 5
  expect_stderr_contains "$2 private keys" "p11csr: hint: "
  expect_same "$(grep -c '^pkcs11:.*type=private$' "$err")" "$2" "the numbers of candidates"
  expect_only_files
}

# candidate_works PART SELECTION…: the candidate with that part, as it stands on stderr, is the key.
candidate_works() {
  scenario_failed && return 0
  local part=$1 uri
  shift
  uri=$(grep '^pkcs11:' "$err" | grep -F -e "$part")
  signs_with "$uri" "$@"
}

for tool in pkcs11-tool p11tool; do
  for count in 2 3; do
    scenario "$count pairs of one label, made by $tool, are told apart by ID"
    new_token tok-a
    for i in $(seq "$count"); do make_pair "$tool" web "0$i"; done
    for i in $(seq "$count"); do
      refuses_ambiguous web "$count"
      candidate_works ";id=%0$i" --id "0$i"
      signs_with "id:0$i" --id "0$i"
    done

    scenario "$count pairs of one ID, made by $tool, are told apart by label, and their public halves by value"
    new_token tok-a
    for i in $(seq "$count"); do make_pair "$tool" "web-$i" 01; done
    for i in $(seq "$count"); do
      refuses_ambiguous id:01 "$count"
      candidate_works ";object=web-$i;" --label "web-$i"
      signs_with "web-$i" --label "web-$i"
    done
  done

  scenario "pairs of one label and ID, made by $tool, cannot be told apart, and no request is written"
  new_token tok-a
  make_pair "$tool" web 01
  make_pair "$tool" web 01
  refuses_ambiguous web 2
  refuses_ambiguous id:01 2
  refuses_ambiguous "pkcs11:object=web;id=%01" 2
  make_pair "$tool" web 01
  refuses_ambiguous web 3
done

scenario "pairs of one ID and of several kinds and makers are told apart"
new_token tok-a
make_bound_key ours-1 01
make_pair p11tool rsa-1 01 rsa
make_pair pkcs11-tool ec-1 01
make_pair pkcs11-tool rsa-2 01 rsa
make_pair p11tool ec-2 01
refuses_ambiguous id:01 5
for label in ours-1 ec-1 ec-2; do signs_with "$label" --label "$label"; done
for label in rsa-1 rsa-2; do signs_with "$label" --label "$label"; done

scenario "keys of one ID whose kinds exclude each other's public halves are told apart without a signature"
new_token tok-a
make_pair pkcs11-tool ed 07 EC:edwards25519
make_pair pkcs11-tool ec 07
make_pair pkcs11-tool rsa 07 rsa
make_pair pkcs11-tool larger 07 EC:secp384r1
# SoftHSM2 leaks at Edwards keys.
asan_options=${ASAN_OPTIONS:-}
export ASAN_OPTIONS=$asan_options:detect_leaks=0
signs_with ec --label ec
signs_with rsa --label rsa
signs_with larger --label larger
orders ""
request ed --force
expect_exit 0
expect_calls 1 C_SignInit
expect_request_verifies web.csr
openssl req -in web.csr -noout -text | grep -q ED25519 || fail "expected an Ed25519 key"

no_rsa=
for mechanism in CKM_RSA_PKCS CKM_SHA{256,384,512}_RSA_PKCS; do
  no_rsa+="refuse-mechanism=$mechanism:CKR_KEY_TYPE_INCONSISTENT;"
done
for key in ec larger; do
  scenario "the key '$key' of such a token that names neither type nor curve is told apart by its signature"
  # SoftHSM2 would let an EC key sign by RSA, and with OpenSSL 3.6 crash.
  orders "lie=private:CKA_KEY_TYPE:absent;lie=private:CKA_EC_PARAMS:absent;$no_rsa"
  request $key
  expect_exit 0
  expect_request_verifies web.csr
done

scenario "a token that fails at each trial is what is told"
orders "lie=private:CKA_KEY_TYPE:absent;lie=private:CKA_EC_PARAMS:absent;fail=C_SignInit:*:CKR_DEVICE_ERROR"
request ec
expect_exit 7
expect_stderr_contains "C_SignInit: CKR_DEVICE_ERROR"
expect_only_files
export ASAN_OPTIONS=$asan_options

scenario "pairs of one label, ours the first and ours the last, are told apart"
new_token tok-a
make_bound_key web 01
make_pair pkcs11-tool web 02
refuses_ambiguous web 2
candidate_works ";id=%01" --id 01
signs_with id:02 --id 02
new_token tok-b
make_pair pkcs11-tool web 02
make_bound_key other 01
must on_token --set-id 03 --id 01 --type privkey
make_pair p11tool other 01
refuses_ambiguous other 2

scenario "an EC key whose public half is missing is refused, and the key is named"
new_token tok-c
make_bound_key web 01
make_pair pkcs11-tool rsa 02 rsa
must on_token --delete-object --type pubkey --id 01
request web
expect_exit 5
expect_stderr_contains "the public half of the key is missing" "object=web" "p11csr: hint: "
expect_only_files

scenario "an RSA key carries its public half itself"
must on_token --delete-object --type pubkey --id 02
request rsa
expect_exit 0
expect_request_verifies web.csr

scenario "a public key with a wrong value under the same ID never gives a request"
write_wrong_public_key
request web
expect_exit 9
expect_only_files
expect_stderr_contains "verif"
must on_token --delete-object --type pubkey --id 01

scenario "a certificate with the key's ID gives the public half"
new_token tok-d
make_bound_key web 01
must p11tool --provider "$SOFTHSM2_MODULE" --export-pubkey "pkcs11:token=tok-d;object=web;type=private" --login \
  --set-pin 1234 --outfile "$test_folder/web.pem"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$test_folder/ca.key" -subj /CN=ca \
  -out "$test_folder/ca.pem" 2>/dev/null
openssl x509 -new -force_pubkey "$test_folder/web.pem" -subj /CN=unrelated -CA "$test_folder/ca.pem" \
  -CAkey "$test_folder/ca.key" -outform DER -out "$test_folder/web.der" 2>/dev/null
must on_token --write-object "$test_folder/web.der" --type cert --id 01 --label certificate
must on_token --delete-object --type pubkey --id 01
request web
expect_exit 0
expect_request_verifies web.csr
expect_same "$(public_key_of_request web.csr)" "$(openssl pkey -pubin -in "$test_folder/web.pem")" "the keys"

scenario "a certificate with the key's ID gives the public half where a public key of that ID has a wrong value"
write_wrong_public_key
request web
expect_exit 0
expect_only_files web.csr
expect_request_verifies web.csr
expect_same "$(public_key_of_request web.csr)" "$(openssl pkey -pubin -in "$test_folder/web.pem")" "the keys"

scenario "what was confirmed is held to where a certificate stands in for the public key"
request web --dry-run --json
hash=$(json_value csr.to_be_signed_sha256 <"$out")
request web --confirm "$hash"
expect_exit 9
expect_only_files
right=$(sed -n 's/.*SHA-256 is \([0-9a-f]*\):.*/\1/p' "$err")
[ "$right" != "$hash" ] || fail "expected the hash of what the certificate's key would sign"

scenario "neither of two wrong public keys of its ID hides the certificate"
write_wrong_public_key
request web
expect_exit 0
expect_request_verifies web.csr
expect_same "$(public_key_of_request web.csr)" "$(openssl pkey -pubin -in "$test_folder/web.pem")" "the keys"
must on_token --delete-object --type pubkey --id 01
must on_token --delete-object --type pubkey --id 01

scenario "nor does a public key that cannot be decoded"
write_wrong_public_key
orders "lie=public:CKA_EC_POINT:hex:0401"
request web
expect_exit 0
expect_only_files web.csr
expect_same "$(public_key_of_request web.csr)" "$(openssl pkey -pubin -in "$test_folder/web.pem")" "the keys"
must on_token --delete-object --type pubkey --id 01

scenario "a certificate is no key: its label finds nothing, and does not count as taken"
request certificate
expect_exit 5
expect_stderr_contains "no private key" "'certificate'" "object=web"
run p11csr request --token tok-d --generate ec:P-256 --label certificate --subject CN=web --out web.csr
expect_exit 0
expect_request_verifies web.csr
expect_keys_on_token 2

scenario "a key that pkcs11-tool made extractable is refused, and with --allow-extractable signs and says so"
new_token tok-e
must on_token --keypairgen --key-type EC:prime256v1 --extractable --label loose --id 01
request loose
expect_exit 6
expect_stderr_contains "CKA_EXTRACTABLE is true" "nothing was signed" "--allow-extractable"
expect_only_files
request loose --allow-extractable --json
expect_exit 0
expect_stdout_json allow_extractable true
expect_stdout_json key.bound false
expect_stdout_json key.origin.extractable true
expect_stderr_contains "CKA_EXTRACTABLE is true"
expect_request_verifies web.csr
expect_key_of_token web.csr --id 01

scenario "a key that we made signs through libp11, certtool, p11tool and pkcs11-tool"
make_bound_key ours 02
make_bound_key ours-rsa 03 rsa:2048
for label in ours ours-rsa; do
  uri="pkcs11:token=tok-e;object=$label;type=private"
  must env PKCS11_MODULE_PATH="$SOFTHSM2_MODULE" openssl req -new -engine pkcs11 -keyform engine \
    -key "$uri;pin-value=1234" -subj /CN=web -out "$label-libp11.csr"
  expect_request_verifies "$label-libp11.csr"
  run p11csr request --token tok-e --key "$label" --subject CN=web --out "$label.csr"
  expect_exit 0
  expect_same "$(public_key_of_request "$label.csr")" "$(public_key_of_request "$label-libp11.csr")" "the keys"
  printf 'cn = web\n' >template
  must certtool --provider "$SOFTHSM2_MODULE" --generate-request --load-privkey "$uri" --load-pubkey \
    "pkcs11:token=tok-e;object=$label;type=public" --template template --outfile "$label-gnutls.csr"
  expect_request_verifies "$label-gnutls.csr"
  must p11tool --provider "$SOFTHSM2_MODULE" --login --set-pin 1234 --test-sign "$uri"
done
head -c 32 /dev/zero >digest
must on_token --sign --mechanism ECDSA --id 02 --input-file digest --output-file signature
expect_file signature
