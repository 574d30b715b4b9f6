#!/usr/bin/env bash
# Every test of the workspace, with cargo-nextest where it is installed and plain `cargo test` otherwise.
# `make test` calls it with TEST_POSTGRES_URL set.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# scenarios start the services' binaries; built together with the tests, both share every dependency
cargo build --workspace --bins --tests
if command -v cargo-nextest >/dev/null; then
  cargo nextest run --workspace --test-threads "$((2 * $(getconf _NPROCESSORS_ONLN)))"
else
  cargo test --workspace --lib --bins --tests
fi
# nextest runs no documentation tests
cargo test --workspace --doc
