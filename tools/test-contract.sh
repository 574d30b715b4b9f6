#!/usr/bin/env bash
# `make test-contract`: checks that the API is as docs/openapi.json and docs/openapi-guests.json say. schemathesis sends requests drawn
# from both descriptions to a running system, on SQLite and on a private PostgreSQL, and checks each answer; Redocly and Spectral read
# the descriptions. Exits with 1 at any finding.
#
#   test-contract.sh [REQUESTS] [SEED]    at least that many requests in all; the seed of the first round
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

requests=${1:-20000} seed=${2:-1}
[[ $requests =~ ^[0-9]+$ && $seed =~ ^[0-9]+$ ]] || { printf 'REQUESTS and SEED are whole numbers.\n' >&2; exit 2; }
[ -n "${TEST_POSTGRES_URL:-}" ] || exec tools/with-postgres.sh "${BASH_SOURCE[0]}" "$requests" "$seed"

fail() { printf 'test-contract: %s\n' "$*" >&2; exit 1; }
# shellcheck source=tools/children.sh
. tools/children.sh
work=$(mktemp -d)
answers=$work/answers
# test cases of one operation in one phase of a round; few requests in all need small rounds
examples=$((requests / 500))
examples=$((examples < 5 ? 5 : examples > 40 ? 40 : examples))
trap 'stop_children >/dev/null; rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
touch "$answers"

# ---- the checkers --------------------------------------------------------------------------------------------

venv=target/tools/contract-venv
node=$PWD/target/tools/contract-node
install_checkers() {
  command -v python3 >/dev/null || fail 'python3 is needed'
  command -v npm >/dev/null || fail 'npm is needed'
  "$venv/bin/schemathesis" --version 2>/dev/null | grep -qF 4.32.5 || {
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check schemathesis==4.32.5
  }
  if ! [ -x "$node/node_modules/.bin/redocly" ] || ! [ -x "$node/node_modules/.bin/spectral" ]; then
    mkdir -p "$node"
    (cd "$node" && npm install --no-save --no-audit --no-fund --loglevel=error @redocly/cli@2.77.0 @stoplight/spectral-cli@6.16.3)
  fi
}

lint() {
  local file
  for file in docs/openapi.json docs/openapi-guests.json; do
    REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true "$node/node_modules/.bin/redocly" lint \
      --config tools/contract/redocly.yaml "$file"
    "$node/node_modules/.bin/spectral" lint --ruleset tools/contract/spectral.yaml --fail-severity error "$file"
  done
}

# ---- the system ----------------------------------------------------------------------------------------------

secret() { od -An -v -tx1 -N32 /dev/urandom | tr -d ' \n'; }
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
at() { echo "127.0.0.1:$(free_port)"; }

build() {
  cargo build --workspace --bins
  binaries=$(cargo metadata --no-deps --format-version 1 | sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p')/debug
}

# shellcheck disable=SC2034 # exported by `set -a`
export_settings() {
  set -a
  DATABASE_URL=$1
  WAHA_SESSIONS=groom,bride LOG_FORMAT=json RUST_LOG=warn
  QUEUE_API_INTERNAL_TOKEN=$(secret) INTEGRATION_TOKEN=$(secret) WORKER_TOKEN=$(secret) UNKNOWN_WRITERS_KEY=$(secret)
  WEBHOOK_SECRET=$(secret) WAHA_API_KEY_GROOM=$(secret) WAHA_API_KEY_BRIDE=$(secret)
  QUEUE_API_LISTEN=$(at) QUEUE_API_INNER_LISTEN=$(at) QUEUE_API_PUBLIC_LISTEN=$(at) QUEUE_API_METRICS_LISTEN=$(at)
  INTEGRATION_LISTEN=$(at) WEBHOOK_LISTEN=$(at) INTEGRATION_METRICS_LISTEN=$(at)
  WORKER_URL=http://$(at) INTEGRATION_URL=http://$INTEGRATION_LISTEN WEBHOOK_URL=http://$WEBHOOK_LISTEN
  QUEUE_API_INNER_URL=http://$QUEUE_API_INNER_LISTEN
  WAHA_URL_GROOM=http://$(at) WAHA_URL_BRIDE=http://$(at)
  # so that schemathesis can use many client addresses
  QUEUE_API_PUBLIC_TRUSTED_PROXIES=127.0.0.1
  CONTRACT_ANSWERS=$answers CONTRACT_SEED=$seed CONTRACT_INVITATIONS=$state.invitations
  set +a
}

wait_until_ready() {
  local _
  for _ in $(seq 300); do
    if curl --silent --fail --max-time 2 --output /dev/null "http://$1/readyz"; then return; fi
    check_children
    sleep 0.2
  done
  fail "http://$1/readyz does not become ready"
}

call() { curl --silent --show-error --fail --max-time 10 --header "Authorization: Bearer $CONTRACT_TOKEN" "$@"; }

# The addresses of the simulator of each spouse's phone.
declare -A phones

# Links both phones again, in whatever state earlier requests left them: an invitation needs a linked number.
link_phones() {
  local name _
  for name in groom bride; do
    for _ in $(seq 240); do
      case $(curl --silent --show-error --max-time 10 "http://${phones[$name]}/control/status") in
        *WORKING*) if knows_number "$name"; then continue 2; fi ;;
        *SCAN_QR*) curl --silent --output /dev/null --max-time 10 --request POST "http://${phones[$name]}/control/scan" ;;
        *FAILED* | *STOPPED*) operate "$name/restart" --output /dev/null --request POST || true ;;
      esac
      check_children
      sleep 0.5
    done
    fail "the simulated phone of the $name is not linked again: $(operate "$name")"
  done
}

knows_number() { operate "$1" | grep -q '"own_number":"'; }

# operate ADDRESS OPTION… : a call about a session
operate() {
  local address=$1
  shift
  curl --silent --show-error --fail --max-time 30 --header "Authorization: Bearer $both_sessions_token" "$@" \
    "http://$QUEUE_API_LISTEN/api/v1/sessions/$address"
}

# Guests who have written, unknown senders, a linked phone, and one that waits to be linked.
guests='393470000001,393470000002,393470000003'
strangers=$(seq -s , 393471000001 393471000060)
start_system() {
  local number _
  mkdir -p "$state/pids" "$state/logs"
  start queue-api "$binaries/queue-api" serve
  wait_until_ready "$QUEUE_API_LISTEN"
  CONTRACT_TOKEN=$("$binaries/queue-api" create-token --name contract --scopes read,enqueue,operate --session groom)
  export CONTRACT_TOKEN
  # named like the other token, so that no request revokes it
  both_sessions_token=$("$binaries/queue-api" create-token --name contract --scopes read,operate)
  phones[groom]=$(at) phones[bride]=$(at)
  for number in ${guests//,/ }; do
    call --output /dev/null --header 'Content-Type: application/json' "http://$QUEUE_API_LISTEN/api/v1/guests" \
      --data "{\"name\":\"Guest $number\",\"phone\":\"+$number\",\"side\":\"groom\"}"
  done
  WAHA_API_KEY=$WAHA_API_KEY_GROOM start waha-groom "$binaries/waha-simulator" --listen "${WAHA_URL_GROOM#http://}" \
    --control-listen "${phones[groom]}" --own-name groom --own-number 393331112222 --own-lid 111222333444555 --paired \
    --time-scale 0.01 --guests-write "$guests,$strangers"
  WAHA_API_KEY=$WAHA_API_KEY_BRIDE start waha-bride "$binaries/waha-simulator" --listen "${WAHA_URL_BRIDE#http://}" \
    --control-listen "${phones[bride]}" --own-name bride --own-number 393334445555 --own-lid 666777888999000 --time-scale 0.3
  start whatsapp-integration "$binaries/whatsapp-integration"
  wait_until_ready "$INTEGRATION_LISTEN"
  for _ in $(seq 600); do
    if [ "$(call "http://$QUEUE_API_LISTEN/api/v1/sessions/groom/unknown-writers?limit=200" | grep -o '"first_at"' | wc -l)" = 60 ]; then return; fi
    check_children
    sleep 0.5
  done
  fail 'the simulated guests do not write'
}

# round SEED DESCRIPTION ADDRESS MAX_EXAMPLES : one run of schemathesis
round() {
  "$venv/bin/schemathesis" --config-file tools/contract/schemathesis.toml run "docs/$2" --url "http://$3" --checks all \
    --seed "$1" --max-examples "$4" --workers 1 --continue-on-failure --request-timeout 120 --suppress-health-check all \
    --warnings off --no-color --output-sanitize false
}

count() { wc -l <"$answers"; }

# Rounds on one database until that many requests were sent.
check_on() {
  local name=$1 until=$(($(count) + $3)) round=$seed failed=0
  state=$work/$name
  printf '\n==== %s\n' "$name"
  export_settings "$2"
  start_system
  while [ "$(count)" -lt "$until" ]; do
    round "$round" openapi.json "$QUEUE_API_LISTEN" "$examples" || failed=1
    link_phones
    round "$round" openapi-guests.json "$QUEUE_API_PUBLIC_LISTEN" $((examples * 10)) || failed=1
    check_children
    [ "$failed" = 0 ] || break
    round=$((round + 1))
  done
  grep -h '"level":"ERROR"' "$state/logs/queue-api.log" | grep -v 'answered with a failure' | head -n 5 || true
  stop_children
  names=() pids=()
  trap 'exit 130' INT
  trap 'exit 143' TERM
  return "$failed"
}

# Each operation with its requests, how many were accepted (of the valid ones, and of all), and the statuses.
table() {
  awk '
    { all[$1]++; status[$1 " " $2]++; statuses[$2] }
    $4 == "positive" { meant[$1]++; good += $2 < 300; if ($2 < 300) done[$1]++; positives++ }
    END {
      for (id in all) {
        line = ""
        for (s = 200; s < 600; s++) if ((id " " s) in status) line = line " " s ":" status[id " " s]
        printf "%-26s %6d requests, %3d %% of %5d valid ones accepted  %s\n", id, all[id], meant[id] ? 100 * done[id] / meant[id] : 0, meant[id], line
      }
      printf "~total: %d requests to %d operations; %d valid ones, %.0f %% of them accepted\n", NR, length(all), positives, positives ? 100 * good / positives : 0
    }' "$answers" | sort | sed 's/^~//'
}

install_checkers
build
lint
outcome=0
check_on sqlite "sqlite://$work/queue.sqlite3" $((requests / 2)) || outcome=1
check_on postgres "$TEST_POSTGRES_URL" $((requests - requests / 2)) || outcome=1
echo
table
exit "$outcome"
