#!/usr/bin/env bash
# Writes `.env` from `.env.example`, every empty value filled with a fresh random secret. An existing `.env`
# keeps its values, because its secrets are in use; missing secrets of a newer version are added.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

target=${1:-.env}

# 32 random bytes as 64 hexadecimal digits, which need no quoting in an address or a shell
secret() { od -An -v -tx1 -N32 /dev/urandom | tr -d ' \n'; }

add_what_is_new() {
  local line
  while IFS= read -r line; do
    case $line in
      \#*) continue ;;
      *=) ;;
      *) continue ;;
    esac
    grep -q "^$line" "$target" && continue
    # the last line may lack its line break
    [ -z "$(tail -c 1 "$target")" ] || echo >>"$target"
    printf '%s%s\n' "$line" "$(secret)" >>"$target"
    echo "added ${line%=} to $target, as this version needs it"
  done <.env.example
}

if [ -e "$target" ]; then
  add_what_is_new
  exit 0
fi

settings=$(while IFS= read -r line; do
  case $line in
    \#*) ;;
    *=) line=$line$(secret) ;;
  esac
  printf '%s\n' "$line"
done <.env.example)
umask 077
printf '%s\n' "$settings" >"$target"
echo "wrote $target with fresh secrets"
