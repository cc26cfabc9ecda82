#!/usr/bin/env bash
# What a request says: subject, names and extensions as other programs read them back.
. "$(dirname "$0")/../support/cli.sh"
. "$(dirname "$0")/../support/cli_requests.sh"

new_token tok-a
make_bound_key web 01

# request FLAG… signs with the one key there is, into web.csr.
request() { run p11csr request --token tok-a --key web --out web.csr "$@"; }

# signed FLAG… expects it to work, and describes the request.
signed() {
  request "$@"
  expect_exit 0
  expect_only_files web.csr
  expect_request_verifies web.csr
  describe web.csr
}

# refused TEXT FLAG… expects wrong input that the error quotes, with the same flags for a new key, and nothing made.
refused() {
  local text=$1
  shift
  request "$@"
  expect_exit 2
  expect_stderr_contains "p11csr: error: " "$text"
  run p11csr request --token tok-a --generate ec:P-256 --label new --out web.csr "$@"
  expect_exit 2
  expect_only_files
  expect_stdout_empty
}

expect_rdns() {
  scenario_failed && return 0
  expect_same "$(grep '^rdn' "$test_folder/last/description")" "$1" "the subjects"
}

expect_names() {
  scenario_failed && return 0
  expect_same "$(grep '^name' "$test_folder/last/description")" "$1" "the names"
}

scenario "RFC 4514 puts the most significant RDN last, so it is encoded first"
signed --subject 'CN=web-01,OU=Servers,O=Example,L=Berlin,ST=Berlin,C=DE'
expect_rdns "rdn 2.5.4.6 PrintableString 'DE'
rdn 2.5.4.8 PrintableString 'Berlin'
rdn 2.5.4.7 PrintableString 'Berlin'
rdn 2.5.4.10 PrintableString 'Example'
rdn 2.5.4.11 PrintableString 'Servers'
rdn 2.5.4.3 PrintableString 'web-01'"

scenario "the slash form keeps its order"
signed --subject '/C=DE/O=Example/CN=web-01'
expect_rdns "rdn 2.5.4.6 PrintableString 'DE'
rdn 2.5.4.10 PrintableString 'Example'
rdn 2.5.4.3 PrintableString 'web-01'"

scenario "an RDN can have several values, in both forms"
signed --subject 'CN=a+UID=b,O=Example'
expect_rdns "rdn 2.5.4.10 PrintableString 'Example'
rdn 0.9.2342.19200300.100.1.1 PrintableString 'b' + 2.5.4.3 PrintableString 'a'"
rm web.csr
signed --subject '/O=Example/CN=a+UID=b'
expect_description_lines 2 '^rdn'

scenario "UTF-8 stays UTF-8"
signed --subject 'CN=Zoë 東京,O=Ærø A/S,C=DK' --san dns:web.example
expect_description_contains "UTF8String 'Zoë 東京'" "UTF8String 'Ærø A/S'"

scenario "text that is not UTF-8 is refused"
refused "UTF-8" --subject $'CN=caf\xe9'
refused "UTF-8" --subject CN=web --san $'email:caf\xe9@example.org'

scenario "DC and emailAddress are IA5String, serialNumber is PrintableString"
signed --subject 'CN=web,serialNumber=X-12,emailAddress=a@example.org,DC=example,DC=org'
expect_description_contains "0.9.2342.19200300.100.1.25 IA5String 'example'" "0.9.2342.19200300.100.1.25 IA5String 'org'" \
  "1.2.840.113549.1.9.1 IA5String 'a@example.org'" "2.5.4.5 PrintableString 'X-12'"

scenario "a dotted OID names an attribute"
signed --subject '2.5.4.97=NTRDE-1,1.2.3.4.5=x,CN=web'
expect_description_contains "2.5.4.97 PrintableString 'NTRDE-1'" "1.2.3.4.5 PrintableString 'x'"

scenario "a comma, a plus, an equals sign or a slash inside a value stays inside it"
signed --subject 'CN=a\,CN\=b\+c/d,O=Example\, Inc.'
expect_rdns "rdn 2.5.4.10 PrintableString 'Example, Inc.'
rdn 2.5.4.3 PrintableString 'a,CN=b+c/d'"
rm web.csr
signed --subject '/O=Example, Inc./CN=a,CN\=b\+c\/d'
expect_rdns "rdn 2.5.4.10 PrintableString 'Example, Inc.'
rdn 2.5.4.3 PrintableString 'a,CN=b+c/d'"

scenario "ASCII that PrintableString lacks becomes UTF8String"
signed --subject 'CN=a_b@c,O=a*b'
expect_description_contains "2.5.4.3 UTF8String 'a_b@c'" "2.5.4.10 UTF8String 'a*b'"

scenario "a line end in a subject is refused"
refused "U+000A" --subject $'CN=a\nCN=b'
refused "U+000A" --subject 'CN=a\0ab'

scenario "a NUL in a subject is refused"
refused "U+0000" --subject 'CN=a\00b'
refused "" --subject 'CN=#0c03610062'

for subject in 'web-01' 'CN' 'CN=' '=web' 'CN=web,' ',CN=web' 'CN=web,,O=x' 'CN=a+' 'CN="a' 'CN=a\' 'XY=a' '/CN' '/CN=a/' '//CN=a' \
  'CN=a;b"c' '1.2.=x' '3.1=x' '1=x' 'CN=#zz' 'C=Germany' 'C=D' 'C=D1' 'DC=exämple' 'emailAddress=ä@example.org' 'serialNumber=a_b'; do
  scenario "the subject '$subject' is refused"
  refused "" --subject "$subject"
  expect_stderr_contains "p11csr: hint: "
done

scenario "upper bounds are those of RFC 5280, in characters and not octets"
sixty_four=$(printf 'é%.0s' {1..64})
signed --subject "CN=$sixty_four"
expect_description_contains "'$sixty_four'"
rm web.csr
refused "64" --subject "CN=${sixty_four}é"
refused "64" --subject "O=$(printf 'a%.0s' {1..65})"
refused "128" --subject "L=$(printf 'a%.0s' {1..129})"

scenario "names of every kind, in their order"
signed --subject CN=web --san dns:www.example.org --san ip:192.0.2.7 --san ip:2001:db8::7 --san email:a@example.org \
  --san uri:https://example.org/x?a=b,c --san upn:user@corp.example --san 'dns:*.example.org' --san DNS:b.example
expect_names "name DNSName 'www.example.org'
name IPAddress '192.0.2.7'
name IPAddress '2001:db8::7'
name RFC822Name 'a@example.org'
name UniformResourceIdentifier 'https://example.org/x?a=b,c'
name OtherName '0c117573657240636f72702e6578616d706c65'
name DNSName '*.example.org'
name DNSName 'b.example'"
expect_description_contains "extension 2.5.29.17 optional"

scenario "U-labels become A-labels"
signed --subject CN=web --san dns:bücher.example --san dns:faß.example --san 'email:a@bücher.example'
expect_names "name DNSName 'xn--bcher-kva.example'
name DNSName 'xn--fa-hia.example'
name RFC822Name 'a@xn--bcher-kva.example'"

scenario "the subjectAltName is critical where the subject is empty"
signed --subject '' --san uri:urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6
expect_description_lines 0 '^rdn'
expect_description_contains "extension 2.5.29.17 critical"
rm web.csr
signed --san dns:web.example
expect_description_contains "extension 2.5.29.17 critical"

scenario "a request that names nobody is refused"
refused "names nobody" --subject ''
refused "names nobody"

for name in dsn:web.example DNS=web.example web.example dns dns: : '' 'dns:a b' 'dns:a,DNS:b' '[a,b]' '[dns:a,dns:b]' 'dns:[a,b]' \
  'dns:*' 'dns:a.*.b' 'dns:*a.b' 'dns:a..b' 'dns:.a' 'dns:-a.b' "dns:$(printf 'a%.0s' {1..64}).b" ip:192.0.2 ip:192.0.2.256 ip:192.0.2.0/24 \
  ip:fe80::1%eth0 ip:::1:: email:a email:@b email:a@b@c 'email:a@b, email:c@d' uri:nothing 'uri:http://a b/' upn: upn:a \
  dirname: dirname:CN rid: rid:1 rid:3.2.1 rid:a 'othername:1.2.3' 'othername:1.2.3;UTF8' 'othername:;UTF8:a' \
  'othername:1.2.3;XML:a' 'othername:1.2.3;HEX:05' 'othername:1.2.3;HEX:0g' $'othername:1.2.3;IA5:\xc3\xa9' $'dns:a\nb' $'email:a@b.example\n' $'uri:http://a/\nb' $'upn:a@b\tc'; do
  scenario "the name $(printf '%q' "$name") is refused"
  refused "" --subject CN=web --san "$name"
done
expect_keys_on_token 1

scenario "a mistyped kind is quoted and the nearest one is offered"
refused "'dsn:web.example'" --subject CN=web --san dns:a.example --san dsn:web.example
expect_stderr_contains "dns"

scenario "a name without a kind is answered with the flag to paste"
refused "'web.example'" --subject CN=web --san web.example
expect_stderr_contains "--san dns:web.example"

scenario "a name that is given twice is refused"
refused "twice" --subject CN=web --san dns:a.example --san dns:A.example

scenario "the value of --san is one name, and what follows it is not taken for more"
request --subject CN=web --san dns:a.example dns:b.example
expect_exit 2
expect_only_files

scenario "one extensionRequest attribute carries every extension"
signed --subject CN=web --san dns:web.example --key-usage digitalSignature,keyCertSign \
  --extended-key-usage serverAuth,1.3.6.1.5.5.7.3.2,1.2.3.4 --basic-constraints ca,pathlen=1 \
  --extension 1.2.3.4.5,critical=hex:0500 --extension 1.2.3.4.6=asn1:UTF8String:hello
expect_description_lines 1 '^attribute'
expect_description_contains "attribute 1.2.840.113549.1.9.14" "extension 2.5.29.15 critical" "value 03020284" \
  "extension 2.5.29.37 optional" "purpose 1.3.6.1.5.5.7.3.1" "purpose 1.3.6.1.5.5.7.3.2" "purpose 1.2.3.4" \
  "extension 2.5.29.19 critical" "value 30060101ff020101" "extension 1.2.3.4.5 critical" "value 0500" \
  "extension 1.2.3.4.6 optional" "value 0c0568656c6c6f"
expect_same "$(openssl asn1parse -in web.csr | grep -c ':Extension Request')" 1 "the counts of extensionRequest"

scenario "a request without extensions has no attribute"
signed --subject CN=web
expect_description_lines 0 '^attribute'

scenario "extensions that are given twice are refused"
refused "twice" --subject CN=web --extension 1.2.3=hex:0500 --extension 1.2.3=hex:0101ff
refused "subjectAltName" --subject CN=web --san dns:a.example --extension 2.5.29.17=hex:3000
refused "keyUsage" --subject CN=web --key-usage digitalSignature --extension 2.5.29.15=hex:03020780
refused "" --subject CN=web --key-usage digitalSignature --key-usage keyAgreement
refused "" --subject CN=web --subject CN=other

for extension in 1.2.3 1.2.3= 1.2.3=0500 1.2.3=hex: 1.2.3=hex:05 1.2.3=hex:0g 1.2.3=hex:050000 1.2.3,maybe=hex:0500 \
  =hex:0500 name=hex:0500 1.2.3=asn1:NONSENSE:x 1.2.3=asn1:SEQUENCE:section 1.2.3=der:0500; do
  scenario "the extension '$extension' is refused"
  refused "" --subject CN=web --extension "$extension"
done

scenario "usages and constraints that cannot be are refused"
refused "digitalSignatur" --subject CN=web --key-usage digitalSignatur
expect_stderr_contains "digitalSignature"
refused "" --subject CN=web --key-usage digitalSignature,,keyAgreement
refused "servrAuth" --subject CN=web --extended-key-usage servrAuth
refused "" --subject CN=web --extended-key-usage serverAuth,serverAuth
refused "" --subject CN=web --basic-constraints ca,pathlen=-1
refused "" --subject CN=web --basic-constraints pathlen=1
refused "" --subject CN=web --basic-constraints ca:false,pathlen=1

scenario "nothing was generated by any of these"
expect_keys_on_token 1
expect_public_keys_on_token 1

# advised HINT FLAG…: refused, and the hint says what to try.
advised() {
  local hint=$1
  shift
  refused "p11csr: hint: $hint" "$@"
}

scenario "whatever is wrong with the content is answered with what to try"
advised "give one whole DER element: hex:0500 is NULL" --subject CN=a --extension 1.2.3=hex:05
advised "give one whole DER element: hex:0500 is NULL" --subject CN=a --extension 1.2.3=hex:0501
advised "write it like asn1:UTF8:text" --subject CN=a --extension 1.2.3=asn1:FOO
advised "give one whole DER element: HEX:0500 is NULL" --san 'othername:1.2.3;HEX:05'
advised "write it as 2.23.140.1.2.1,cps=https://example.org/cps" --subject CN=a --policy 1.2.3,cps=hello
advised "use a name with shorter labels" --san "dns:$(printf 'a%.0s' {1..64}).example"
advised "write a port from 0 to 65535, or none" --san uri:https://example.org:x/
advised "write it like admin@[192.0.2.1]" --san email:admin@192.0.2.1
advised "shorten it" --subject CN=a --unstructured-name "$(printf 'n%.0s' {1..256})"
advised "leave the character out" --subject CN=a --san dns:a$'\x07'.example
advised "give one of prompt, env:NAME" --subject CN=a --challenge-password-source secret

scenario "the host of a TLS server in its own script is written in A-labels, in the subject too"
run p11csr request --token tok-a --profile tls-server --set host=bücher.com --out web.csr
expect_exit 0
expect_stderr_lacks "cabf-tls-common-name"
run openssl req -in web.csr -noout -subject
expect_stdout_contains "xn--bcher-kva.com"
run p11csr request --token tok-a --profile tls-server --subject CN=bücher.com --label second --out second.csr
expect_exit 0
expect_stderr_contains "cabf-tls-common-name-spelling" "as 'xn--bcher-kva.com'"

scenario "mailboxes with a quoted local part or an address literal are encoded as they stand"
signed --subject CN=a --san 'email:"john doe"@example.org' --san 'email:user@[192.0.2.1]'
expect_description_contains '"john doe"@example.org' 'user@[192.0.2.1]'
