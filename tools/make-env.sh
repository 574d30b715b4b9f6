#!/usr/bin/env bash
# Writes `.env` from `.env.example`, every empty value filled with a fresh random secret. Does nothing when there
# is a `.env`: its secrets are in use.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

target=${1:-.env}
[ ! -e "$target" ] || exit 0

# 32 random bytes as 64 hexadecimal digits: fits in an address and in a shell
secret() { od -An -v -tx1 -N32 /dev/urandom | tr -d ' \n'; }

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
