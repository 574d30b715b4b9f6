#!/usr/bin/env bash
# Runs a command with TEST_POSTGRES_URL set to a private PostgreSQL, which is removed afterwards in any case.
# A TEST_POSTGRES_URL that is set already is not changed.
#
#   with-postgres.sh COMMAND [ARGUMENT…]
set -euo pipefail

tools=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ $# -gt 0 ] || { sed -n '5s/^# *//p' "$0" >&2; exit 2; }
[ -z "${TEST_POSTGRES_URL:-}" ] || exec "$@"

# root gives the folder to an unprivileged user, who may not read root's own TMPDIR
base=${TMPDIR:-/tmp}
[ "$(id -u)" != 0 ] || base=/tmp
dir=$(mktemp -d "$base/pg.XXXXXX")
trap '"$tools/postgres-for-tests.sh" stop "$dir"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

TEST_POSTGRES_URL=$("$tools/postgres-for-tests.sh" start "$dir")
export TEST_POSTGRES_URL
code=0
"$@" || code=$?
exit "$code"
