#!/usr/bin/env bash
# Whatever call a token fails at: a documented exit code, a text that names the call, nothing left that is not named.
. "$(dirname "$0")/../support/cli.sh"
. "$(dirname "$0")/../support/cli_batch.sh"
. "$(dirname "$0")/../support/cli_desk.sh"
. "$(dirname "$0")/../support/cli_commands.sh"
. "$(dirname "$0")/../support/cli_every_call.sh"

for name in ${COMMANDS:-request_new request_old cert_install token_init batch enroll}; do every_call "$name"; done
