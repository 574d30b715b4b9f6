#!/usr/bin/env bash
# Every test of the workspace, with cargo-nextest where it is installed and plain `cargo test` otherwise.
# `make test` calls it with TEST_POSTGRES_URL set.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# the stories start the services' own binaries; built together with the tests, they share every dependency
cargo build --workspace --bins --tests
if command -v cargo-nextest >/dev/null; then
  cargo nextest run --workspace --test-threads "$((2 * $(getconf _NPROCESSORS_ONLN)))"
else
  cargo test --workspace --lib --bins --tests
fi
# nextest does not know documentation tests
cargo test --workspace --doc
