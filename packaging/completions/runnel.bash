# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# Completion for bash: the program says what there is.

_runnel() {
  local word raw name
  local -a words=() names=()
  # bash breaks words at = and :, of which the second is in names.
  for word in "${COMP_WORDS[@]:1:COMP_CWORD}"; do
    if [[ $word == = ]]; then
      continue
    elif [[ ${#words[@]} -gt 0 && ($word == :* || ${words[-1]} == *:) ]]; then
      words[-1]+=$word
    else
      words+=("$word")
    fi
  done
  [[ ${COMP_WORDS[COMP_CWORD]} != = ]] || words+=("")
  raw=${words[-1]}
  case $raw in
    [\'\"]*) words[-1]=${raw:1} ;;
    *) words[-1]=${raw//\\/} ;;
  esac
  mapfile -t names < <("$1" complete "${words[@]}" 2>/dev/null)
  COMPREPLY=()
  for name in "${names[@]}"; do
    [[ $raw == [\'\"]* ]] || printf -v name %q "$name"
    # What is before the last break stands already.
    [[ $raw != *:* ]] || name=${name#"${raw%"${raw##*:}"}"}
    COMPREPLY+=("$name")
  done
}

complete -o default -F _runnel runnel
