# Completion of p11csr for bash. Every candidate comes from the program itself: p11csr __complete.
# shellcheck shell=bash

# Readline ends words at ':' and '=' as well; p11csr does not. Sets words, as they were typed.
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
}

# _p11csr_read WORD takes the quotes of a shell from it. Sets value; open, the quote that is not closed yet; and kept, the
# beginning of the value that readline leaves as it is when it replaces the word.
_p11csr_read() {
  local word=$1 index char
  value='' open='' kept=''
  for ((index = 0; index < ${#word}; index++)); do
    char=${word:index:1}
    if [[ $char == \\ && $open != \' ]]; then
      # Between double quotes it is itself before most characters.
      [[ -z $open || ${word:index + 1:1} == [\$\`\"\\] ]] || value+=$char
      index=$((index + 1))
      value+=${word:index:1}
    elif [[ $char == "$open" || (-z $open && $char == [\"\']) ]]; then
      [[ -n $open ]] && open='' || open=$char
      kept=$value
    else
      value+=$char
      [[ -n $open || $COMP_WORDBREAKS != *"$char"* ]] || kept=$value
    fi
  done
}

# _p11csr_offer CANDIDATE offers it so that the shell reads exactly that. Between quotes nothing can be quoted once more:
# what means something there (a token's label can be anything) is offered outside of them only.
_p11csr_offer() {
  case $open in
    \") [[ $1 != *[\"\\\$\`!]* ]] || return ;;
    \') [[ $1 != *\'* ]] || return ;;
  esac
  local shown=${1#"$kept"}
  [[ -n $open ]] || printf -v shown %q "$shown"
  COMPREPLY+=("$shown")
}

_p11csr() {
  local words current program=${COMP_WORDS[0]/#\~/$HOME} kind prefix line candidate index value open kept
  _p11csr_words
  for index in "${!words[@]}"; do
    _p11csr_read "${words[index]}"
    words[index]=$value
  done
  current=$value

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
    _p11csr_offer "$candidate"
  done < <("$program" __complete "${words[@]}" 2>/dev/null </dev/null)

  case $kind in
    commands)
      while IFS= read -r candidate; do _p11csr_offer "$candidate"; done < <(compgen -c -- "$current" | sort -u)
      ;;
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
