# Sourced before the commands of a page: what its set-up blocks use. DOCS_FOLDER and DOCS_ROOT are of run_pages.py.
# shellcheck shell=bash

# new_token LABEL makes a SoftHSM2 token, PIN 1234, SO PIN 12345678.
new_token() { softhsm2-util --init-token --free --label "$1" --pin 1234 --so-pin 12345678; }

# new_ca makes a CA in the folder of the page, and a stand-in for `ssh ca sign`, which gets a request on its standard
# input and answers the certificate on its standard output.
new_ca() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$DOCS_FOLDER/ca.key" -out issuers.pem \
    -subj "/O=Example/CN=Example CA" -days 3650
  cat >"$DOCS_FOLDER/bin/ssh" <<TEXT
#!/bin/sh
cat >"$DOCS_FOLDER/asked.csr"
exec openssl x509 -req -in "$DOCS_FOLDER/asked.csr" -CA "$PWD/issuers.pem" -CAkey "$DOCS_FOLDER/ca.key" \
  -CAserial "$DOCS_FOLDER/serial" -CAcreateserial -days 365 -copy_extensions copy 2>/dev/null
TEXT
  chmod +x "$DOCS_FOLDER/bin/ssh"
}

# new_reader makes an empty card reader, and the commands put-in NAME and take-out for its cards; new_card NAME is a blank
# card. What readers there are is a matter of the module in tests/support that misbehaves on order.
new_reader() {
  mkdir -p "$DOCS_FOLDER/cards"
  new_card nobody
  : >"$DOCS_FOLDER/reader"
  export SOFTHSM2_CONF=$DOCS_FOLDER/cards/nobody.conf P11CSR_MODULE=$WAYWARD WAYWARD_MODULE=$SOFTHSM2_MODULE
  export WAYWARD_ORDERS="reader=$DOCS_FOLDER/reader"
  stand_in put-in <<TEXT
echo "$DOCS_FOLDER/cards/\$1.conf" >"$DOCS_FOLDER/reader.new" && mv "$DOCS_FOLDER/reader.new" "$DOCS_FOLDER/reader"
TEXT
  stand_in take-out <<<": >'$DOCS_FOLDER/reader'"
}
new_card() {
  mkdir "$DOCS_FOLDER/cards/$1"
  printf '%s\n' "directories.tokendir = $DOCS_FOLDER/cards/$1" "objectstore.backend = file" "log.level = ERROR" \
    "slots.removable = true" >"$DOCS_FOLDER/cards/$1.conf"
}

# stand_in NAME makes a command of that name that runs what is on standard input, where the real one is somebody else's.
stand_in() {
  { echo '#!/bin/sh' && cat; } >"$DOCS_FOLDER/bin/$1"
  chmod +x "$DOCS_FOLDER/bin/$1"
}
