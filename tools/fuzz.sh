#!/usr/bin/env bash
# `make fuzz`: runs each fuzz target for MINUTES, one on each processor at a time. Exits with 1 at a finding; the output then names the
# file with the input.
#
#   fuzz.sh [MINUTES] [SEED] [ONLY]    ONLY: a regular expression of names of targets
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

minutes=${1:-10} seed=${2:-1} only=${3:-.}
[[ $minutes =~ ^[0-9]+$ && $seed =~ ^[0-9]+$ ]] || { printf 'MINUTES and SEED are whole numbers.\n' >&2; exit 2; }
export FUZZ_SECONDS=$((minutes * 60)) FUZZ_SEED=$seed

cargo test --workspace --test fuzz --no-run
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# a copy, so that a concurrent build cannot replace it
cp "$(cargo test --workspace --test fuzz --no-run 2>&1 | sed -n 's/.*Executable .*(\(.*\))$/\1/p')" "$work/fuzz"

# a target is a folder of the corpus and the test with its name
mapfile -t targets < <(cd crates/fuzz/corpus && printf '%s\n' * | grep -E -- "$only")
if ((${#targets[@]} == 0)); then
  printf 'No target has a name like %s. There are: %s\n' "$only" "$(cd crates/fuzz/corpus && echo *)" >&2
  exit 2
fi

run() {
  local test
  test=$("$work/fuzz" --list | sed -n "s/^\(.*::$1\): test$/\1/p")
  if "$work/fuzz" --nocapture --exact "$test" >"$work/$1.log" 2>&1; then
    grep '^fuzz ' "$work/$1.log"
  else
    cat "$work/$1.log"
    touch "$work/failed"
  fi
}
for target in "${targets[@]}"; do
  while (($(jobs -rp | wc -l) >= $(getconf _NPROCESSORS_ONLN))); do wait -n || true; done
  run "$target" &
done
wait
[[ ! -e $work/failed ]]
