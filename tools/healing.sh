#!/usr/bin/env bash
# `make healing`: fills and frees volumes, and ends the database, under load. The volumes are small file systems in memory, in a
# mount namespace of this run, and the PostgreSQL server is private: nothing else on this machine is filled or ended.
# Only root may mount them.
#
#   healing.sh [SEED] [ROUNDS] [ONLY]    ONLY: part of a scenario's name, like sqlite or tmp
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [ "$(id -u)" != 0 ] || ! unshare --mount true 2>/dev/null; then
  echo "healing: this mounts small volumes, which only root may do. Run it as root, or in a container with --cap-add SYS_ADMIN." >&2
  exit 2
fi

# ---- outside: build, then start again in a mount namespace --------------------------------------------------

if [ -z "${HEALING_FOLDER:-}" ]; then
  export HEALING_SEED=${1:-1} HEALING_ROUNDS=${2:-10} HEALING_ONLY=${3:-}
  cargo build --workspace --bins --tests --features end-to-end/healing
  HEALING_TESTS=$(cargo test --workspace --features end-to-end/healing --test stories --no-run 2>&1 | sed -n 's/.*Executable .*(\(.*\))$/\1/p')
  HEALING_FOLDER=$(mktemp -d /tmp/healing.XXXXXX)
  export HEALING_TESTS HEALING_FOLDER
  exec unshare --mount --propagation private "$0"
fi

# ---- inside: volumes and server ----------------------------------------------------------------------------

# the server runs as another user
chmod 711 "$HEALING_FOLDER"
volume() {
  mkdir "$HEALING_FOLDER/$1"
  mount -t tmpfs -o "size=$2,mode=1777" healing "$HEALING_FOLDER/$1"
}
volume database 256m
volume tmp 16m
volume cluster 256m
export HEALING_DATABASE=$HEALING_FOLDER/database HEALING_TMP=$HEALING_FOLDER/tmp HEALING_CLUSTER=$HEALING_FOLDER/cluster
export HEALING_SERVER=$HEALING_CLUSTER/server
# the log is on another volume: it is needed while this one is full
mkdir -m 777 "$HEALING_FOLDER/log"
export POSTGRES_LOG=$HEALING_FOLDER/log/postgres
# small segments of the write-ahead log, so that these fill the volume, too
export POSTGRES_FSYNC=on POSTGRES_INITDB='--wal-segsize=1' POSTGRES_SETTINGS=$'min_wal_size = 2MB\nmax_wal_size = 8MB'

# shellcheck disable=SC2317,SC2329 # called by the trap
clean_up() {
  tools/postgres-for-tests.sh stop "$HEALING_SERVER" || true
  umount --lazy "$HEALING_DATABASE" "$HEALING_TMP" "$HEALING_CLUSTER" || true
  rm -rf "$HEALING_FOLDER"
}
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
TEST_POSTGRES_URL=$(tools/postgres-for-tests.sh start "$HEALING_SERVER")
export TEST_POSTGRES_URL

mapfile -t scenarios < <("$HEALING_TESTS" --list | sed -n 's/^\(processes::healing::[a-z_]*\): test$/\1/p' | grep -F -- "$HEALING_ONLY")
if ((${#scenarios[@]} == 0)); then
  printf 'No scenario has %s in its name.\n' "$HEALING_ONLY" >&2
  exit 2
fi
code=0
for scenario in "${scenarios[@]}"; do
  printf '\n== %s, seed %s\n' "${scenario##*::}" "$HEALING_SEED"
  "$HEALING_TESTS" --nocapture --exact "$scenario" || code=1
done
exit "$code"
