#!/usr/bin/env bash
# `make run`: the whole system on this machine, for trying it out. Three services, a SQLite file, and two simulated
# WAHAs whose guests have written first. Everything it makes is in `.local/`, private to this user; delete that
# folder to start from nothing.
#
# The only differences from production are who plays WAHA and the pace profile, which is printed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
umask 077

here=$PWD
local=$here/.local
logs=$local/logs
names=()
pids=()

say() { printf '%s\n' "$*"; }
fail() { printf 'make run: %s\n' "$*" >&2; exit 1; }

# ---- before the start ------------------------------------------------------------------------------------

refuse_a_second_run() {
  local file pid program
  for file in "$local"/pids/*; do
    [ -e "$file" ] || continue
    read -r pid program <"$file"
    if ps -p "$pid" -o command= 2>/dev/null | grep -qF "$program"; then
      fail "${file##*/} of an earlier start is still running; stop that first (kill $pid)"
    fi
    rm -f "$file"
  done
}

# A debug build: the first start is what a newcomer waits for, and nothing here needs to be fast.
build() {
  cargo build --package queue-api --package whatsapp-worker --package whatsapp-integration \
    --package waha-simulator --bins
  target=$(cargo metadata --no-deps --format-version 1 | sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p')
  binaries=$target/debug
}

# 32 random bytes as 64 hexadecimal digits
secret() { od -An -v -tx1 -N32 /dev/urandom | tr -d ' \n'; }

# Made once, so that a second start finds the simulated phones and their webhooks as they were.
load_secrets() {
  local file=$local/secrets name
  if [ ! -e "$file" ]; then
    for name in QUEUE_API_INTERNAL_TOKEN INTEGRATION_TOKEN WORKER_TOKEN WEBHOOK_SECRET \
      WAHA_API_KEY_GROOM WAHA_API_KEY_BRIDE; do
      echo "$name=$(secret)"
    done >"$file.new"
    mv "$file.new" "$file"
  fi
  set -a
  # shellcheck source=/dev/null
  . "$file"
  set +a
}

is_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# 8080 and its neighbours, or the same hundred ports further up while somebody else has one of them.
choose_ports() {
  local base port free
  for base in 8080 8180 8280 8380 8480 8580 8680 8780; do
    free=yes
    for port in $(seq "$base" $((base + 8))) $((base + 1000)) $((base + 1002)) $((base + 1003)); do
      if is_taken "$port"; then free=no; break; fi
    done
    if [ "$free" = yes ]; then first_port=$base; return; fi
  done
  fail "no free ports between 8080 and 8788"
}

at() { echo "127.0.0.1:$((first_port + $1))"; }

# Every setting of every service; each reads its own.
export_settings() {
  export DATABASE_URL="sqlite://$local/queue.sqlite3"
  export WAHA_SESSIONS=groom,bride PACE_PROFILE=simulated LOG_FORMAT=human RUST_LOG="${RUST_LOG:-info}"
  export QUEUE_API_LISTEN QUEUE_API_INNER_LISTEN QUEUE_API_METRICS_LISTEN QUEUE_API_INNER_URL
  export WORKER_LISTEN WORKER_METRICS_LISTEN WORKER_URL
  export INTEGRATION_LISTEN INTEGRATION_METRICS_LISTEN INTEGRATION_URL WEBHOOK_LISTEN WEBHOOK_URL
  export WAHA_URL_GROOM WAHA_URL_BRIDE
  QUEUE_API_LISTEN=$(at 0) QUEUE_API_INNER_LISTEN=$(at 1) QUEUE_API_METRICS_LISTEN=$(at 1000)
  WORKER_LISTEN=$(at 2) WORKER_METRICS_LISTEN=$(at 1002)
  INTEGRATION_LISTEN=$(at 3) WEBHOOK_LISTEN=$(at 4) INTEGRATION_METRICS_LISTEN=$(at 1003)
  QUEUE_API_INNER_URL=http://$QUEUE_API_INNER_LISTEN WORKER_URL=http://$WORKER_LISTEN
  INTEGRATION_URL=http://$INTEGRATION_LISTEN WEBHOOK_URL=http://$WEBHOOK_LISTEN
  WAHA_URL_GROOM=http://$(at 5) WAHA_URL_BRIDE=http://$(at 7)
  api=http://$QUEUE_API_LISTEN/api/v1
}

# ---- start and stop --------------------------------------------------------------------------------------

# start NAME PROGRAM ARGUMENT… : in the background, its words in .local/logs/NAME.log. `set -m` gives it a process
# group of its own: Ctrl-C then reaches this script alone, which stops everybody in order.
start() {
  local name=$1
  shift
  set -m
  "$@" >"$logs/$name.log" 2>&1 </dev/null &
  set +m
  names+=("$name")
  pids+=("$!")
  echo "$! $1" >"$local/pids/$name"
}

# start_phone NAME PORT NUMBER KEY : a simulated WAHA with its paired phone
start_phone() {
  local name=$1 port=$2 number=$3 key=$4
  SIMULATOR_API_KEY=$key start "waha-simulator-$name" "$binaries/waha-simulator" \
    --listen "$(at "$port")" --control-listen "$(at $((port + 1)))" \
    --own-number "$number" --own-name "$name" --paired --guests-write \
    --state-file "$local/phone-$name.json"
}

stop_everything() {
  trap '' INT TERM HUP
  local i
  [ "${#pids[@]}" -eq 0 ] || say '' 'stopping…'
  # last started, first stopped: nobody loses the one it calls while it still works
  for ((i = ${#pids[@]} - 1; i >= 0; i--)); do
    kill -TERM "${pids[i]}" 2>/dev/null || true
    wait_for_end "${pids[i]}" || { say "${names[i]} does not stop; killing it"; kill -KILL "${pids[i]}" 2>/dev/null || true; }
    wait "${pids[i]}" 2>/dev/null || true
    rm -f "$local/pids/${names[i]}"
  done
}

# 80 s: the integration may have to finish a send
wait_for_end() {
  local _
  for _ in $(seq 800); do
    kill -0 "$1" 2>/dev/null || return 0
    sleep 0.1
  done
  return 1
}

# Ends the run when a child has ended by itself.
check_children() {
  local i
  for i in "${!pids[@]}"; do
    kill -0 "${pids[i]}" 2>/dev/null && continue
    say "${names[i]} has ended by itself. Its last words ($logs/${names[i]}.log):"
    tail -n 20 "$logs/${names[i]}.log"
    exit 1
  done
  return 0
}

wait_until_ready() {
  local address=$1 _
  for _ in $(seq 300); do
    if curl --silent --fail --max-time 2 --output /dev/null "http://$address/readyz"; then return; fi
    check_children
    sleep 0.2
  done
  fail "http://$address/readyz does not become ready; see $logs"
}

start_everything() {
  start_phone groom 5 393331112222 "$WAHA_API_KEY_GROOM"
  start_phone bride 7 393334445555 "$WAHA_API_KEY_BRIDE"
  start queue-api "$binaries/queue-api" serve
  wait_until_ready "$QUEUE_API_LISTEN"
  start whatsapp-integration "$binaries/whatsapp-integration"
  wait_until_ready "$INTEGRATION_LISTEN"
  start whatsapp-worker "$binaries/whatsapp-worker"
  wait_until_ready "$WORKER_LISTEN"
}

# ---- what a person sees ----------------------------------------------------------------------------------

# The token of the first start, as long as the database knows it.
load_token() {
  local file=$local/api-token
  if [ ! -e "$file" ] || ! curl --silent --fail --output /dev/null \
    --header "Authorization: Bearer $(cat "$file")" "$api/messages?limit=1"; then
    "$binaries/queue-api" create-token --name "make run" --scopes read,enqueue,operate >"$file.new"
    mv "$file.new" "$file"
  fi
  token=$(cat "$file")
}

welcome() {
  cat <<TEXT

  Everything runs; Ctrl-C stops it.

  address     http://$QUEUE_API_LISTEN
  API token   $token
  pace        simulated: quiet hours off, gaps and cool-downs scaled down; production keeps them
  logs, data  .local/ (delete it to start from nothing)

  Paste this into another terminal to send a message; its phases appear here:

curl -sS $api/messages -H 'Authorization: Bearer $token' -H 'Content-Type: application/json' -d '{"session":"groom","to":"+39 347 000 0001","text":"Ciao!"}'

TEXT
}

command -v curl >/dev/null || fail "curl is needed to talk to the services"
mkdir -p "$logs" "$local/pids"
refuse_a_second_run
rm -rf "$local/shown"
build
load_secrets
choose_ports
export_settings
trap stop_everything EXIT
trap 'exit 0' INT
trap 'exit 143' TERM
trap 'exit 129' HUP
start_everything
load_token
tools/show-phases.sh "$api" "$local/api-token" "$local/shown" >/dev/null
welcome
while check_children; do
  tools/show-phases.sh "$api" "$local/api-token" "$local/shown"
  sleep 0.3
done
