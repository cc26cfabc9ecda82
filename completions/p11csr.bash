# Completion of p11csr for bash. Every candidate comes from the program itself: p11csr __complete.
# shellcheck shell=bash

# Readline ends words at ':' and '=' as well; p11csr does not. Sets words and current, without quotes.
_p11csr_words() {
  local line=${COMP_LINE:0:COMP_POINT} word index
  words=()
  for ((index = 1; index <= COMP_CWORD; index++)); do
    word=${COMP_WORDS[index]}
    line=${line#*"${COMP_WORDS[index - 1]}"}
    # Without a blank before it, it goes on with the word before.
    if ((${#words[@]})) && [[ $line == "$word"* && $line != [[:space:]]* ]]; then
      words[${#words[@]} - 1]+=$word
    else
      words+=("$word")
    fi
  done
  # What stands behind the cursor takes no part.
  ((${#words[@]})) || words=("")
  current=${words[${#words[@]} - 1]}
}

_p11csr() {
  local words current program=${COMP_WORDS[0]/#\~/$HOME} kind prefix line candidate kept index
  _p11csr_words
  local quote=${current:0:1}
  [[ $quote == [\"\'] ]] || quote=
  for index in "${!words[@]}"; do words[index]=${words[index]//[\"\'\\]/}; done
  current=${words[${#words[@]} - 1]}
  # Readline replaces only what stands behind the last of these.
  kept=
  [[ $current != *[:=]* || -n $quote ]] || kept=${current%"${current##*[:=]}"}

  COMPREPLY=()
  while IFS= read -r line; do
    if [[ -z $kind ]]; then
      kind=${line%%$'\t'*}
      prefix=${line#"$kind"}
      prefix=${prefix#$'\t'}
      continue
    fi
    candidate=${line%%$'\t'*}
    [[ $candidate != *[:=] ]] || compopt -o nospace 2>/dev/null
    candidate=${candidate#"$kept"}
    [[ -n $quote ]] || printf -v candidate %q "$candidate"
    COMPREPLY+=("$candidate")
  done < <("$program" __complete "${words[@]}" 2>/dev/null </dev/null)

  case $kind in
    files | folders)
      local action=file
      [[ $kind == files ]] || action=directory
      local path=${current#"$prefix"}
      while IFS= read -r candidate; do
        candidate=$prefix$candidate
        COMPREPLY+=("${candidate#"$kept"}")
        compopt -o filenames 2>/dev/null
      done < <(compgen -A "$action" -- "$path")
      ;;
  esac
}

complete -F _p11csr p11csr
