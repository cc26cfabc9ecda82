# Sourced by tests/cli/every_call_test.sh, behind cli_commands.sh: each call that a command makes fails once.
# The variables are those of cli.sh.
# shellcheck shell=bash disable=SC2154

# What a token answers where something is wrong with it, its session or its login, and what only its vendor knows.
fault_codes=(CKR_DEVICE_ERROR CKR_DEVICE_REMOVED CKR_DEVICE_MEMORY CKR_HOST_MEMORY CKR_GENERAL_ERROR CKR_FUNCTION_FAILED
  CKR_SESSION_HANDLE_INVALID CKR_SESSION_COUNT CKR_USER_NOT_LOGGED_IN CKR_PIN_EXPIRED CKR_TOKEN_NOT_PRESENT 0x80000001)
# How wayward's list of calls shows them.
declare -A fault_values=([CKR_DEVICE_ERROR]=0x30 [CKR_DEVICE_REMOVED]=0x32 [CKR_DEVICE_MEMORY]=0x31 [CKR_HOST_MEMORY]=0x2
  [CKR_GENERAL_ERROR]=0x5 [CKR_FUNCTION_FAILED]=0x6 [CKR_SESSION_HANDLE_INVALID]=0xb3 [CKR_SESSION_COUNT]=0xb1
  [CKR_USER_NOT_LOGGED_IN]=0x101 [CKR_PIN_EXPIRED]=0xa3 [CKR_TOKEN_NOT_PRESENT]=0xe0 [0x80000001]=0x80000001)
codes_there_are=${#fault_codes[@]}
changing_calls="C_CreateObject C_DestroyObject C_GenerateKeyPair C_InitPIN C_InitToken C_SetAttributeValue C_SetPIN"
module_calls="C_Initialize C_GetInfo C_GetSlotList C_GetSlotInfo"

# every_call NAME: a call fails with one of the codes, the next one with the next code; with EVERY_CODE=1 each fails with
# each of them.
every_call() {
  local name=$1 number function
  local -a functions
  scenario "$name: nothing fails"
  prepare "$name" ""
  scenario_failed && return
  mapfile -t functions < <(grep -Ev '^C_(Initialize|Finalize|GetInfo|GetFunctionList|GetSlotList|GetSlotInfo|GetSessionInfo) ' \
    "$calls" | cut -d' ' -f1)
  for number in $(seq 1 ${#functions[@]}); do
    function=${functions[number - 1]}
    each_code "$name" "$function" "$number" "failcall=$number" "call $number of ${#functions[@]}"
  done
  for function in $changing_calls; do
    for number in $(seq 1 "$(grep -c "^$function\$" <(printf '%s\n' "${functions[@]}"))"); do
      each_code "$name" "$function" "$number" "failafter=$function:$number" "and was done all the same, time $number"
    done
  done
  number=0
  for function in $module_calls; do
    number=$((number + 1))
    each_code "$name" "$function" "$number" "fail=$function:1" "its first call"
  done
}

# each_code NAME FUNCTION NUMBER ORDER WHICH
each_code() {
  local fault number
  scenario "$1: $2 fails, $5"
  for number in $(seq 1 "$codes_there_are"); do
    [ -n "${EVERY_CODE:-}" ] || [ $((number % codes_there_are)) -eq $(($3 % codes_there_are)) ] || continue
    fault=${fault_codes[number - 1]}
    orders "$4:$fault"
    attempt "$1" is_named "$2" "$fault"
    ! scenario_failed || { echo "#   fault: $4:$fault ($2)"; return; }
  done
}

# is_named FUNCTION CODE: the error names it, or another call that failed so. (A session starts its module several times,
# and wayward counts anew each time.) Where nothing but waiting failed, there is nothing to tell.
is_named() {
  local function others
  others=$(awk -v value="${fault_values[$2]}" '$2 == value {print $1}' "$calls" | sort -u)
  for function in "$1" $others; do
    ! grep -qE "$function: (CKR_VENDOR_DEFINED, )?$2\b" "$err" && ! is_no_failure "$function" "$2" || return 0
  done
  [ "$(<"$code")" = 130 ] && ! grep -q "recognise:" "$err"
}

# is_no_failure FUNCTION CODE: a slot whose token is gone has no token, and no failure to tell; libp11 starts a
# module by two calls, and keeps 23 bits of what one gave.
is_no_failure() {
  case $1:$2 in
    C_GetTokenInfo:CKR_DEVICE_REMOVED | C_GetTokenInfo:CKR_TOKEN_NOT_PRESENT) grep -qE "no (blank )?token " "$err" ;;
    C_Initialize:0x80000001 | C_GetInfo:0x80000001) grep -q "C_GetInfo or C_Initialize:" "$err" ;;
    C_GetInfo:*) grep -q "C_GetInfo or C_Initialize: $2\b" "$err" ;;
    *) false ;;
  esac
}
