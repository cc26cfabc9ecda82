#!/usr/bin/env bash
# Completions of bash, zsh and fish, and man pages: all of them know what help knows, and labels are live.
. "$(dirname "$0")/../support/cli.sh"

# The build writes them beside the program.
completions=${P11CSR%/*}/completions
manuals=${P11CSR%/*}/man
mkdir "$test_folder/bin"
ln -s "$P11CSR" "$test_folder/bin/p11csr"
PATH=$test_folder/bin:$PATH
# A start under the sanitisers takes longer than a person would wait.
export P11CSR_COMPLETION_TIMEOUT=30000

# commands_in HELP prints the names under its heading "Commands:".
commands_in() {
  awk '/^Commands:$/ {inside = 1; next} /^[^ ]|^$/ {inside = 0} inside {print $1}' <<<"$1"
}

# The commands that have options, and those that only have commands below them.
leaves=() groups=()
for name in $(commands_in "$(p11csr help)"); do
  members=$(commands_in "$(p11csr help "$name")")
  [ -z "$members" ] || groups+=("$name")
  for member in ${members:-.}; do
    if [ "$member" = . ]; then leaves+=("$name"); else leaves+=("$name $member"); fi
  done
done

# flags_in INDENT reads help or a rendered man page and prints the flags that options' lines begin with, sorted. In a page
# groff indents by five or by seven blanks.
flags_in() {
  awk -v indent="^$1-" '/^(Options:|OPTIONS)$/ {inside = 1} /^(Examples:|EXAMPLES)$/ {exit}
    inside && $0 ~ indent {for (i = 1; i <= NF && $i ~ /^-/; i++) {sub(/,$/, "", $i); print $i}}' | sort
}

# all_answers SHELL reads lines of words and prints, for each, "== LINE" and what the shell offers at its end, sorted.
all_answers() {
  case $1 in
    bash)
      # shellcheck disable=SC2016
      bash --norc --noprofile -c '
        . "$1"
        while IFS= read -r COMP_LINE; do
          read -ra COMP_WORDS <<<"$COMP_LINE"
          [[ $COMP_LINE != *" " ]] || COMP_WORDS+=("")
          COMP_POINT=${#COMP_LINE} COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
          _p11csr
          echo "== $COMP_LINE"
          ((${#COMPREPLY[@]} == 0)) || printf "%s\n" "${COMPREPLY[@]}" | sort
        done' bash "$completions/p11csr" ;;
    zsh)
      # compadd and its like exist in the line editor only.
      # shellcheck disable=SC2016
      zsh -f -c '
        compdef() { }
        compset() { }
        _files() { }
        compadd() { local list=$@[-1]; print -rl -- ${(P)list} }
        . "$1"
        while IFS= read -r line; do
          words=(${=line})
          [[ $line != *" " ]] || words+=("")
          CURRENT=$#words PREFIX=$words[-1]
          print -r -- "== $line"
          _p11csr | sort
        done' zsh "$completions/_p11csr" ;;
    fish)
      # shellcheck disable=SC2016
      fish --no-config -c '
        source $argv[1]
        while read -l line
          echo "== $line"
          complete -C "$line" | string split -f 1 \t | sort
        end' "$completions/p11csr.fish" ;;
  esac
}

scenario "there are commands to look at"
[ "${#leaves[@]}" -ge 24 ] || fail "found only ${#leaves[@]} commands: ${leaves[*]}"

scenario "help, man pages and the completions of all shells have the same flags for each command"
for command in "${leaves[@]}"; do
  echo "== p11csr $command -"
  # shellcheck disable=SC2086
  p11csr $command --help | flags_in '  '
done >help
for command in "${leaves[@]}"; do
  echo "== p11csr $command -"
  groff -man -K utf8 -Tascii -P-cbou "$manuals/man1/p11csr-${command// /-}.1" | flags_in '     (  )?'
done >manual
[ "$(grep -c '^--' help)" -gt 300 ] || fail "help has only $(grep -c '^--' help) flags"
cmp -s help manual || fail "man pages differ: $(diff help manual)"
for shell in bash zsh fish; do
  printf 'p11csr %s -\n' "${leaves[@]}" | all_answers "$shell" >"$shell" 2>problems
  [ ! -s problems ] || fail "$shell says $(<problems)"
  cmp -s help "$shell" || fail "$shell differs: $(diff help "$shell")"
done

scenario "help, the man page and all completions have the same options of p11csr itself"
p11csr --help | flags_in '  ' >help
groff -man -K utf8 -Tascii -P-cbou "$manuals/man1/p11csr.1" | flags_in '     (  )?' >manual
[ "$(tr '\n' ' ' <help)" = "--help --version -V -h " ] || fail "help has $(<help)"
cmp -s help manual || fail "the man page differs: $(diff help manual)"
for shell in bash zsh fish; do
  echo "p11csr -" | all_answers "$shell" | tail -n +2 >"$shell"
  cmp -s help "$shell" || fail "$shell differs: $(diff help "$shell")"
done

scenario "all shells complete commands"
for shell in bash zsh fish; do
  { echo "p11csr "; printf 'p11csr %s \n' "${groups[@]}"; } | all_answers "$shell" >"$shell"
  { echo "== p11csr "; commands_in "$(p11csr help)" | sort; for group in "${groups[@]}"; do
    echo "== p11csr $group "; commands_in "$(p11csr help "$group")" | sort; done; } >expected
  cmp -s expected "$shell" || fail "$shell differs: $(diff expected "$shell")"
done

scenario "there is a man page for each command and topic, without a mistake that roff would tell"
for page in "$manuals"/man*/*; do
  said=$(groff -man -K utf8 -ww -Tascii -z "$page" 2>&1)
  [ -z "$said" ] || fail "$said"
done
for name in "" "${leaves[@]}" "${groups[@]}"; do
  [ -s "$manuals/man1/p11csr${name:+-${name// /-}}.1" ] || fail "no page for '$name'"
done
for topic in exit-codes environment pin profiles uri; do [ -s "$manuals/man7/p11csr-$topic.7" ] || fail "no page for $topic"; done
[ "$(find "$manuals" -type f | wc -l)" = $((1 + ${#leaves[@]} + ${#groups[@]} + 5)) ] || fail "there are other pages"
! grep -rq "HERE AND NOW\|$HOME" "$manuals" || fail "a page speaks of the machine that made it"

scenario "they are installed where people and shells look"
run cmake --install "${P11CSR%/*}" --prefix "$PWD/there"
expect_exit 0
for file in man/man1/p11csr-request.1 man/man7/p11csr-pin.7 bash-completion/completions/p11csr zsh/site-functions/_p11csr \
  fish/vendor_completions.d/p11csr.fish; do
  [ -s "there/share/$file" ] || fail "there is no $file"
done

scenario "p11csr completion prints what is installed"
for pair in bash:p11csr zsh:_p11csr fish:p11csr.fish; do
  run p11csr completion "${pair%:*}"
  expect_exit 0
  cmp -s "$out" "$completions/${pair#*:}" || fail "it differs for ${pair%:*}"
done
run p11csr completion bsh
expect_exit 2
expect_stderr_contains "did you mean 'bash'?"
run p11csr completion
expect_exit 2

new_token "my hsm"
make_key web-01 01
make_key web-02 02
add_token "other"
new_token single
make_key only-key 0a
single=$SOFTHSM2_CONF
export SOFTHSM2_CONF=${single/hsm-2/hsm-1}

# answers_for WORD… prints what may come for the last word, with what it is.
answers_for() { run p11csr __complete "$@"; }

scenario "labels of tokens, those of keys and names of profiles are live"
answers_for token info --token ""
expect_exit 0
expect_stdout_contains "my hsm" "other" "SoftHSM v2"
answers_for key show --token "my hsm" web-
expect_stdout_contains "web-01" "EC P-256" "web-02"
answers_for request --token=other --key ""
expect_stdout_lacks web-01
answers_for key show --token "my hsm" id:
expect_stdout_contains "id:01" "id:02"
answers_for token info --token=pkcs11:
expect_stdout_contains "--token=pkcs11:" "token=my%20hsm"
SOFTHSM2_CONF=$single answers_for key delete ""
expect_stdout_contains only-key
answers_for request --profile tls-
expect_stdout_contains tls-server tls-client "files"
expect_stdout_lacks smime

scenario "values that are listed are completed too"
answers_for key generate ec:P-
expect_stdout_is "$(printf -- '-\t\nec:P-256\t\nec:P-384\t\nec:P-521\t')"
answers_for request --form=p
expect_stdout_contains "--form=pem"
answers_for request --pin-source "fi"
expect_stdout_contains "file:"
answers_for request --pin-source file:
expect_stdout_contains "$(printf 'files\tfile:')"
answers_for batch run --out-dir ""
expect_stdout_contains folders
answers_for sandbox --keep -- p11csr lint --rul
expect_stdout_contains "--rules"
answers_for lint --rules cabf
expect_stdout_contains cabf-tls cabf-codesign

scenario "what cannot go on has no answer, and is no error"
for words in "nothing " "token nothing " "request --nothing=" "token list --module nowhere.so --token "; do
  read -ra each <<<"$words"
  answers_for "${each[@]}" ""
  expect_exit 0
  expect_stderr_empty
done

scenario "nobody is asked for a PIN, and nobody logs in"
orders ""
P11CSR_PIN_SOURCE="command:touch asked" answers_for key show --token "my hsm" ""
expect_stdout_contains web-01
expect_no_file asked
! grep -q '^C_Login' "$calls" || fail "there was a login"

scenario "a label that would deceive a terminal is not offered"
add_token $'a\e[31mb'
answers_for token info --token a
expect_stdout_is "$(printf -- '-\t')"

scenario "a module that hangs does not hang the shell, and nothing of it is left"
unset P11CSR_COMPLETION_TIMEOUT
marker=marker-$$-$RANDOM
for order in hang=C_Initialize hang=C_GetSlotList hang=C_GetTokenInfo; do
  orders "$order"
  run timeout 40 "$P11CSR" __complete token info --module-args "$marker" --token ""
  expect_exit 0
  expect_stdout_is "$(printf -- '-\t')"
done
for ((tries = 0; tries < 100; tries++)); do pgrep -f "$marker" >/dev/null || break; sleep 0.1; done
! pgrep -f "$marker" || fail "a process is left"

scenario "a module that hangs does not keep others from answering"
modules=$HOME/.config/pkcs11/modules
mkdir -p "$modules"
printf 'module: %s\n' "$WAYWARD" >"$modules/a-wayward.module"
printf 'module: %s\n' "$SOFTHSM2_MODULE" >"$modules/b-softhsm2.module"
printf 'module: p11-kit-trust.so\n' >"$modules/c-trust.module"
export P11CSR_COMPLETION_TIMEOUT=5000
orders hang=C_GetSlotList
unset P11CSR_MODULE
answers_for token info --token ""
rm -r "$modules"
expect_stdout_contains "my hsm"
expect_stdout_lacks "Trust"

# at_a_terminal SHELL LINE… types lines, in which <TAB> is that key, into an interactive shell and shows what comes of it.
at_a_terminal() {
  local shell=$1 line start
  shift
  case $shell in
    bash) start="bash --norc --noprofile -i" first=". $completions/p11csr" ;;
    zsh) start="zsh -f -i" first="fpath=($completions \$fpath); autoload -Uz compinit; compinit -u -D" ;;
  esac
  {
    echo "set timeout 60; match_max 100000; spawn $start; send {PS1='READY'; $first}; send \\r; expect -re READY.*READY"
    for line in "$@"; do
      echo "send {${line%%<TAB>*}}; send \\t; sleep 3; send {${line#*<TAB>}}; send \\r; expect READY"
    done
    echo 'send exit\r; expect eof'
  } >typed.exp
  TERM=dumb run expect typed.exp
}

export P11CSR_COMPLETION_TIMEOUT=30000
for shell in bash zsh; do
  scenario "the Tab key in $shell goes on with a name, a label with a blank, and a key's label"
  at_a_terminal "$shell" 'p11csr profile show tls-s<TAB> --json | grep name' 'p11csr token info --token my<TAB> | grep label' \
    'p11csr key show --token=my<TAB> web-01 | grep SPKI' 'p11csr key show --token "my hsm" we<TAB>1 | grep SPKI'
  expect_exit 0
  expect_stdout_contains '"name": "tls-server"' "label         my hsm"
  # What is typed may stand before it in the line.
  [ "$(grep -o 'SPKI SHA-256  ' "$out" | wc -l)" = 2 ] || fail "the keys were not shown"
done

# Whoever names a key or a token decides what a shell is about to read.
# shellcheck disable=SC2016 # what is in these labels is to stay there
hostile=('run$(touch PWNED)' 'tick`touch PWNED`' "six'; touch PWNED #" 'dog"; touch PWNED #' 'semi; touch PWNED' 'back\slash' 'my key' 'ab:c d' "it's")
for label in "${hostile[@]}"; do must p11csr key generate ec:P-256 --token "my hsm" --label "$label"; done

# offered_in_bash START WORD… prints what the shell makes of the line that readline would have for each candidate: START,
# the candidate in the place of the last word's end, and the quote that START leaves open.
offered_in_bash() {
  # A start of the sanitised program takes ten times as long, and there are a hundred.
  # shellcheck disable=SC2016
  PATH=${RELEASE_FOLDER:+$RELEASE_FOLDER:}$PATH bash --norc --noprofile -c '
    . "$1"
    start=$2 COMP_LINE=$3 COMP_WORDS=("${@:4}") COMP_POINT=${#COMP_LINE} COMP_CWORD=$(($# - 4))
    _p11csr
    quote=${start: -1} apostrophe=$(printf "\047")
    [[ $quote == [\"$apostrophe] ]] || quote=
    for candidate in "${COMPREPLY[@]}"; do
      eval "words=($start$candidate$quote)"
      printf "%s\n" "${words[@]: -1}"
    done' bash "$completions/p11csr" "$@"
}

# expect_offer EXPECTED START TYPED WORD…
expect_offer() {
  local found
  found=$(offered_in_bash "$2" "$2$3" "${@:4}" 2>&1)
  [ "$found" = "$1" ] || fail "of $2$3 bash makes '$found', not '$1'"
  [ ! -e PWNED ] || fail "$2$3: what the label says was run"
  rm -f PWNED
}

scenario "bash reads of a completed word exactly the label, whatever is in it, and runs nothing"
start='p11csr key show --token "my hsm" '
words=(p11csr key show --token '"my hsm"')
for label in "${hostile[@]}"; do
  expect_offer "$label" "$start" "${label:0:2}" "${words[@]}" "${label:0:2}"
  # Between quotes, what means something there is not offered at all.
  for quote in '"' "'"; do
    expected=$label
    case $quote in
      '"') [[ $label != *[\"\\\$\`]* ]] || expected= ;;
      "'") [[ $label != *\'* ]] || expected= ;;
    esac
    expect_offer "$expected" "$start$quote" "${label:0:2}" "${words[@]}" "$quote${label:0:2}"
    expect_offer "${expected:+--key=$expected}" "p11csr request --token 'my hsm' --key=$quote" "${label:0:2}" \
      p11csr request --token "'my hsm'" --key = "$quote${label:0:2}"
  done
done
expect_offer "ab:c d" "${start}ab:" c "${words[@]}" ab : c
expect_offer "my key" "$start" 'my\ ' "${words[@]}" 'my\ '

# Within the quotes bash has nothing to offer, and zsh quotes what it offers.
for shell in bash zsh; do
  scenario "the Tab key in $shell has the shell run nothing of what a label says"
  case $shell in bash) end='"' shown=1 ;; zsh) end='' shown=2 ;; esac
  at_a_terminal "$shell" 'p11csr key show --token "my hsm" ru<TAB> | grep SPKI' "p11csr key show --token 'my hsm' \"tick<TAB>$end | grep SPKI"
  expect_exit 0
  [ ! -e PWNED ] || fail "what a label says was run"
  [ "$(grep -o 'SPKI SHA-256  ' "$out" | wc -l)" = "$shown" ] || fail "the keys were not shown"
done

scenario "behind -- there are the commands of the shell"
expect_offer sha512sum "p11csr sandbox -- " sha512su p11csr sandbox -- sha512su

scenario "bash knows a token by its label, whatever is in it"
new_token "bob's \"own\""
must p11csr key generate ec:P-256 --token "bob's \"own\"" --label web-02
expect_offer web-02 "p11csr key show --token bob\\'s\\ \\\"own\\\" " we p11csr key show --token "bob\\'s\\ \\\"own\\\"" we
expect_offer web-02 "p11csr key show --token \"bob's \\\"own\\\"\" " we p11csr key show --token "\"bob's \\\"own\\\"\"" we
