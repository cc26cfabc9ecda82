#!/usr/bin/env bash
# Whatever a token tells wrong: a documented exit code, a text that names it, nothing left that is not named.
. "$(dirname "$0")/../support/cli.sh"
. "$(dirname "$0")/../support/cli_batch.sh"
. "$(dirname "$0")/../support/cli_desk.sh"
. "$(dirname "$0")/../support/cli_commands.sh"
. "$(dirname "$0")/../support/cli_every_answer.sh"

# A point off the curve; a modulus that is even, an exponent that is one.
impossible_keys() {
  case $key_kind in
    ec:*) echo CKA_EC_POINT:last-bit CKA_EC_PARAMS:last-bit ;;
    rsa:*) echo CKA_MODULUS:last-bit CKA_PUBLIC_EXPONENT:one CKA_PUBLIC_EXPONENT:last-bit ;;
  esac
}

: "${EVERY_NTH:=41}"
for kind in ${KINDS:-ec rsa}; do
  use_kind "$kind"
  for name in ${COMMANDS:-request_new request_old cert_install token_init batch enroll}; do
    every_answer "$name"
    # shellcheck disable=SC2046
    [ "$name" = token_init ] || wrong_throughout "$name" $(impossible_keys)
  done
done
echo "$answers_tried of $combinations wrong answers"
