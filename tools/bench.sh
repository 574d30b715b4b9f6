#!/usr/bin/env bash
# `make bench`: builds everything as it is released, and measures what is promised of speed and size, on SQLite and on a
# private PostgreSQL that keeps its promises to the disk. All of it is kept in docs/benchmarks.md; a part is only printed.
#
#   bench.sh [MEASUREMENT,…]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

cargo build --release --package queue-api --package whatsapp-worker --package whatsapp-integration \
  --package benchmarks --bins
target=$(cargo metadata --no-deps --format-version 1 | sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p')
if [ -n "${1:-}" ]; then arguments=(--only "$1"); else arguments=(--keep docs/benchmarks.md); fi

# thousands of streams are thousands of open files
ulimit -n "$(ulimit -Hn)"
POSTGRES_FSYNC=on tools/with-postgres.sh "$target/release/benchmarks" "${arguments[@]}"
