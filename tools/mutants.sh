#!/usr/bin/env bash
# `make mutants`: changes the rules of `domain` in one place at a time (cargo-mutants, in a copy of the tree) and runs the crate's own tests,
# which must fail. Fails when a mutant survives that tools/mutants-kept.txt does not list with a reason, when a listed mutant no longer
# survives, and when no mutant was tried.
#
#   mutants.sh [PART] [RESUME]    PART: a regular expression for "path: change", such as `windows` or `in free_at`
#                                 RESUME=1: tries only what the last run with this PART did not see fail
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

part=${1:-} resume=${2:-}
kept=tools/mutants-kept.txt
if ! command -v cargo-mutants >/dev/null; then
  printf '%s\n' "The program 'cargo-mutants' is needed: cargo install cargo-mutants --locked" >&2
  exit 1
fi
without=$(awk '/^[^ #]/ { if (name) print name; name = $0 } /^ +[^ ]/ { name = "" } END { if (name) print name }' "$kept")
if [ -n "$without" ]; then
  printf '%s\n' "These in $kept have no reason:" "$without" >&2
  exit 1
fi

out=target/mutants/all
options=(--config tools/mutants.toml --package domain --colors never --no-shuffle)
if [ -n "$part" ]; then
  out=target/mutants/part-${part//[^a-zA-Z0-9_]/-}
  options+=(--re "$part")
fi
[ -z "$resume" ] || options+=(--iterate)
mkdir -p "$out"

# The dependencies are compiled once for all runs, so only one may run at a time. Debug information is not needed.
exec 9>>target/mutants/lock
! command -v flock >/dev/null || flock 9
export CARGO_TARGET_DIR="$PWD/target/mutants/build" CARGO_PROFILE_DEV_DEBUG=none
code=0
cargo mutants "${options[@]}" --output "$out" || code=$?
# 0: all caught; 2: some survived; 3: some timed out. Any other code: the run did not finish.
case $code in 0 | 2 | 3) ;; *) exit "$code" ;; esac

names() { [ ! -f "$out/mutants.out/$1.txt" ] || sed 's/^\([^:]*\):[0-9]*:[0-9]*: /\1: /' "$out/mutants.out/$1.txt"; }
count() { names "$1" | wc -l; }

listed=$(grep '^[^ #]' "$kept" | sort || true)
survived=$(names missed | sort)
unlisted=$(comm -23 <(echo "$survived") <(echo "$listed"))
stale=$(comm -13 <(echo "$survived") <(echo "$listed"))
# a partial run does not try all listed mutants
[ -z "$part" ] || stale=$(comm -12 <(echo "$stale") <({ names caught; names previously_caught; names timeout; } | sort))

tried=$(($(count caught) + $(count timeout) + $(count unviable) + $(count missed)))
printf '\n%s\n' "Mutants of crates/domain${part:+, $part}"
printf '  %-20s %s\n' \
  tried "$tried" \
  caught "$(count caught)" "timed out" "$(count timeout)" "do not compile" "$(count unviable)" survived "$(count missed)"
[ -z "$resume" ] || printf '  %-20s %s\n' "not tried again" "$(count previously_caught)"
[ "$(count timeout)" = 0 ] || printf '\n%s\n' "Timed out, which counts as caught:" "$(names timeout)"
[ "$(count missed)" = 0 ] || printf '\n%s\n' "Survived:" "$(names missed)"
failed=0
if [ -z "$resume" ] && [ "$tried" = 0 ]; then
  printf '\n%s\n' "No mutant has '$part' in its path or change." >&2
  failed=1
fi
# A stale entry would excuse the next survivor of that name.
if [ -n "$stale" ]; then
  printf '\n%s\n' "These no longer survive; remove them from $kept:" "$stale"
  failed=1
fi
if [ -n "$unlisted" ]; then
  printf '\n%s\n' "Not in $kept. Write a test that fails for each, remove code that nothing needs, or list it with a reason:" "$unlisted"
  failed=1
fi
exit "$failed"
