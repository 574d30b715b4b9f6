#!/usr/bin/env bash
# A private PostgreSQL for one test run: a cluster in its own folder, on a free loopback port.
#
#   postgres-for-tests.sh start DIR          makes the cluster in DIR (empty, or not there yet), prints its postgres:// URL
#   postgres-for-tests.sh stop DIR           stops the server and removes DIR
#   postgres-for-tests.sh end DIR            ends the server at once, without a checkpoint
#   postgres-for-tests.sh start-again DIR    starts a server that has ended, on the same port
#
# The caller names DIR, so that it can clean up whenever it is interrupted, also in the middle of `start`
# (with-postgres.sh does). PostgreSQL 14 or newer is searched, and installed where that needs no password.
set -euo pipefail

oldest=14
marker=.postgres-for-tests
# an interrupted step is not a failed one: no error report, the caller cleans up
trap 'exit 130' INT
trap 'exit 143' TERM

say() { echo "postgres-for-tests: $*" >&2; }
fail() { say "$*"; exit 1; }

# ---- which PostgreSQL ------------------------------------------------------------------------------------

# The major version in a bin folder, or 0 when programs of PostgreSQL are missing there.
major_version() {
  local bin=$1 program
  for program in initdb pg_ctl postgres; do
    [ -x "$bin/$program" ] || { echo 0; return; }
  done
  "$bin/postgres" --version 2>/dev/null | sed -n 's/^[^0-9]*\([0-9][0-9]*\).*/\1/p' | grep . || echo 0
}

# The newest usable bin folder among the arguments; fails when there is none.
newest_of() {
  local bin version best='' best_version=$((oldest - 1))
  for bin in "$@"; do
    version=$(major_version "$bin")
    if [ "$version" -gt "$best_version" ]; then best=$bin best_version=$version; fi
  done
  [ -n "$best" ] && echo "$best"
}

# PATH wins, because a person put it there; then the usual places of Debian, Fedora and macOS.
find_binaries() {
  local on_path
  on_path=$(command -v initdb || true)
  if [ -n "$on_path" ] && newest_of "$(dirname "$on_path")"; then return; fi
  newest_of /usr/lib/postgresql/*/bin /usr/pgsql-*/bin \
    /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin \
    /opt/local/lib/postgresql*/bin /Applications/Postgres.app/Contents/Versions/*/bin
}

# Installs Debian's or Ubuntu's package where that needs no password.
install_package() {
  local as_root=()
  command -v apt-get >/dev/null || return 1
  if [ "$(id -u)" != 0 ]; then
    sudo -n true 2>/dev/null || return 1
    as_root=(sudo -n)
  fi
  say "PostgreSQL was not found: installing the package 'postgresql'"
  { "${as_root[@]+"${as_root[@]}"}" apt-get update -qq &&
    "${as_root[@]+"${as_root[@]}"}" env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -qq --no-install-recommends postgresql; } >&2
}

how_to_install() {
  say "PostgreSQL $oldest or newer is needed for these tests and was not found. One of these installs it:"
  say "  Debian, Ubuntu   sudo apt-get install postgresql"
  say "  Fedora           sudo dnf install postgresql-server"
  say "  macOS            brew install postgresql@17"
  say "or set TEST_POSTGRES_URL to a server on which the tests may create databases."
}

# ---- who runs it -----------------------------------------------------------------------------------------

# The server refuses to run as root, so root starts it as this user.
unprivileged_user() {
  local user
  for user in postgres nobody; do
    if id -u "$user" >/dev/null 2>&1; then echo "$user"; return; fi
  done
  fail "the server cannot run as root, and there is no user 'postgres' or 'nobody' to run it"
}

# Runs a command as the owner of the server.
as_owner() {
  [ "$(id -u)" = 0 ] || { "$@"; return; }
  local user
  user=$(unprivileged_user)
  if command -v setpriv >/dev/null; then
    setpriv --reuid="$(id -u "$user")" --regid="$(id -g "$user")" --clear-groups -- "$@"
  elif command -v runuser >/dev/null; then
    runuser -u "$user" -- "$@"
  else
    su -s /bin/sh "$user" -c "$(printf '%q ' "$@")"
  fi
}

# ---- start and stop --------------------------------------------------------------------------------------

prepare_folder() {
  local dir=$1
  mkdir -p "$dir"
  [ -z "$(ls -A "$dir")" ] || fail "$dir is not empty"
  touch "$dir/$marker"
  chmod 700 "$dir"
  if [ "$(id -u)" = 0 ]; then chown -R "$(unprivileged_user)" "$dir"; fi
}

# The data is deleted afterwards, so no write waits for the disk, except with POSTGRES_FSYNC=on for measurements. `synchronous_commit` keeps
# its default: the product sets it, and a test may check it.
write_settings() {
  local dir=$1
  as_owner tee -a "$dir/data/postgresql.conf" >/dev/null <<CONF
listen_addresses = '127.0.0.1'
unix_socket_directories = '$dir'
max_connections = 300
fsync = ${POSTGRES_FSYNC:-off}
full_page_writes = ${POSTGRES_FSYNC:-off}
${POSTGRES_SETTINGS:-}
CONF
}

# POSTGRES_LOG names another file.
log_of() { echo "${POSTGRES_LOG:-$1/log}"; }

# Starts the server on a port and waits until it takes connections.
start_on() {
  local port=$1 bin=$2 dir=$3
  as_owner "$bin/pg_ctl" start --silent --wait --timeout=60 --pgdata="$dir/data" \
    --log="$(log_of "$dir")" --options="-p $port" >/dev/null 2>&1
}

# The server's own bind decides whether a port is free: a check before the bind would be a race. The
# range is below the ports that kernels assign to outgoing connections.
start_on_a_free_port() {
  local bin=$1 dir=$2 port
  for _ in $(seq 20); do
    port=$((20000 + RANDOM % 12000))
    if start_on "$port" "$bin" "$dir"; then
      echo "$port" >"$dir/port"
      echo "$port"
      return
    fi
    grep -q 'Address already in use' "$(log_of "$dir")" 2>/dev/null || break
    : >"$(log_of "$dir")"
  done
  say "the server did not start:"
  tail -n 20 "$(log_of "$dir")" >&2 || true
  return 1
}

start() {
  local dir=$1 bin port
  bin=$(find_binaries) || { install_package && bin=$(find_binaries); } || { how_to_install; exit 1; }
  prepare_folder "$dir"
  # initdb and pg_ctl read the current folder, which their user may not be permitted to do
  cd "$dir"
  # shellcheck disable=SC2086 # POSTGRES_INITDB holds several options, separated by spaces
  as_owner "$bin/initdb" --pgdata="$dir/data" --username=postgres --auth=trust --encoding=UTF8 \
    --locale=C --no-sync ${POSTGRES_INITDB:-} >"$dir/initdb.log" 2>&1 || { cat "$dir/initdb.log" >&2; fail "initdb failed"; }
  write_settings "$dir"
  port=$(start_on_a_free_port "$bin" "$dir")
  echo "postgres://postgres@127.0.0.1:$port/postgres"
}

stop() {
  local dir=$1 bin
  [ -d "$dir" ] || return 0
  # never remove a folder that `start` did not make
  [ -e "$dir/$marker" ] || { rmdir "$dir" 2>/dev/null || fail "$dir contains no cluster of this script"; return 0; }
  cd "$dir"
  if [ -e "$dir/data/postmaster.pid" ]; then
    bin=$(find_binaries)
    as_owner "$bin/pg_ctl" stop --silent --mode=immediate --pgdata="$dir/data" >/dev/null 2>&1 || true
  fi
  cd /
  rm -rf "$dir"
}

end() {
  local dir=$1 bin
  bin=$(find_binaries)
  cd "$dir"
  as_owner "$bin/pg_ctl" stop --silent --wait --mode=immediate --pgdata="$dir/data"
}

start_again() {
  local dir=$1 bin
  bin=$(find_binaries)
  cd "$dir"
  start_on "$(cat "$dir/port")" "$bin" "$dir"
}

absolute() { case $1 in /*) echo "$1" ;; *) echo "$PWD/$1" ;; esac; }

case "${1:-} ${2:+dir}" in
  'start dir') start "$(absolute "$2")" ;;
  'stop dir') stop "$(absolute "$2")" ;;
  'end dir') end "$(absolute "$2")" ;;
  'start-again dir') start_again "$(absolute "$2")" ;;
  *) sed -n '2,10s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
