#!/usr/bin/env bash
# `make bench`: makes a release build and measures the promises of speed and size, on SQLite and on a
# private PostgreSQL with fsync. A whole run is stored in docs/benchmarks.md; a partial run is only printed.
#
#   bench.sh [MEASUREMENT,…]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

cargo build --release --package queue-api --package whatsapp-worker --package whatsapp-integration \
  --package benchmarks --bins
target=$(cargo metadata --no-deps --format-version 1 | sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p')
if [ -n "${1:-}" ]; then arguments=(--only "$1"); else arguments=(--keep docs/benchmarks.md); fi

# each of thousands of streams needs an open file
ulimit -n "$(ulimit -Hn)"
POSTGRES_FSYNC=on tools/with-postgres.sh "$target/release/benchmarks" "${arguments[@]}"
