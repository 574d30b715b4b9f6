#!/usr/bin/env bash
# `make chaos`: the kill campaign with the real binaries, in real time, on SQLite and on a private PostgreSQL in turn.
# Ten kills are a round with a seed of its own; FROM continues an interrupted campaign with that round.
#
#   chaos.sh [SEED] [KILLS] [FROM]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export CHAOS_SEED=${1:-1} CHAOS_KILLS=${2:-100} CHAOS_FROM=${3:-0}
cargo build --workspace --bins --tests
tools/with-postgres.sh cargo test --workspace --test stories -- \
  --nocapture --exact processes::chaos::random_kills_lose_nothing_and_send_nothing_twice
