#!/usr/bin/env bash
# `make run`: the whole system on this machine, for trying it out. Three services, a SQLite file, and two simulated
# WAHAs whose guests have written first. All data is in `.local/`, private to this user; delete that folder to start
# without data.
#
# It differs from production in two points: a simulator replaces WAHA, and the pace profile, which is printed.
set -euo pipefail

# A script's `make run &` starts this with SIGINT ignored, which bash cannot undo.
case $(trap -p INT) in
  *"''"*)
    if env --default-signal=INT true 2>/dev/null; then
      exec env --default-signal=INT "${BASH_SOURCE[0]}"
    fi ;;
esac

cd "$(dirname "${BASH_SOURCE[0]}")/.."

state=$PWD/.local
fail() { printf 'make run: %s\n' "$*" >&2; exit 1; }
# shellcheck source=tools/children.sh
. tools/children.sh

# ---- before the start ------------------------------------------------------------------------------------

# A debug build, because a newcomer waits for the first start, and speed does not matter here.
build() {
  local target
  cargo build --package queue-api --package whatsapp-worker --package whatsapp-integration \
    --package waha-simulator --bins
  target=$(cargo metadata --no-deps --format-version 1 | sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p')
  binaries=$target/debug
}

# 32 random bytes as 64 hexadecimal digits
secret() { od -An -v -tx1 -N32 /dev/urandom | tr -d ' \n'; }

# Made once, so that a second start finds the simulated phones and their webhooks unchanged. Missing secrets of a newer
# version are added.
load_secrets() {
  local file=$state/secrets name
  touch "$file"
  for name in QUEUE_API_INTERNAL_TOKEN INTEGRATION_TOKEN WORKER_TOKEN UNKNOWN_WRITERS_KEY WEBHOOK_SECRET \
    WAHA_API_KEY_GROOM WAHA_API_KEY_BRIDE; do
    grep -q "^$name=..*" "$file" || echo "$name=$(secret)" >>"$file"
  done
  set -a
  # shellcheck source=/dev/null
  . "$file"
  set +a
}

is_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# 8080 and the ports after it, or the same ports some hundreds higher while one of these is in use.
choose_ports() {
  local port free
  for first_port in 8080 8180 8280 8380 8480 8580 8680 8780; do
    free=yes
    for port in $(seq "$first_port" $((first_port + 8))) $((first_port + 10)) $((first_port + 1000)) $((first_port + 1002)) $((first_port + 1003)); do
      if is_taken "$port"; then free=no; break; fi
    done
    if [ "$free" = yes ]; then
      [ "$first_port" = 8080 ] || echo "port 8080 or one of the ports after it is in use; using $first_port and up instead"
      return 0
    fi
  done
  fail "no free ports: every range from 8080 to 8790 has a port that another program uses"
}

at() { echo "127.0.0.1:$((first_port + $1))"; }

# The settings of all services; each reads its own.
# shellcheck disable=SC2034 # exported by `set -a`
export_settings() {
  set -a
  DATABASE_URL=sqlite://$state/queue.sqlite3
  WAHA_SESSIONS=groom,bride PACE_PROFILE=simulated LOG_FORMAT=human RUST_LOG=${RUST_LOG:-info}
  QUEUE_API_LISTEN=$(at 0) QUEUE_API_INNER_LISTEN=$(at 1) QUEUE_API_METRICS_LISTEN=$(at 1000)
  QUEUE_API_PUBLIC_LISTEN=$(at 10)
  WORKER_LISTEN=$(at 2) WORKER_METRICS_LISTEN=$(at 1002)
  INTEGRATION_LISTEN=$(at 3) WEBHOOK_LISTEN=$(at 4) INTEGRATION_METRICS_LISTEN=$(at 1003)
  QUEUE_API_INNER_URL=http://$QUEUE_API_INNER_LISTEN WORKER_URL=http://$WORKER_LISTEN
  INTEGRATION_URL=http://$INTEGRATION_LISTEN WEBHOOK_URL=http://$WEBHOOK_LISTEN
  WAHA_URL_GROOM=http://$(at 5) WAHA_URL_BRIDE=http://$(at 7)
  set +a
  api=http://$QUEUE_API_LISTEN/api/v1
}

# ---- the parts, in the order they start ------------------------------------------------------------------

wait_until_ready() {
  local _
  for _ in $(seq 300); do
    if curl --silent --fail --max-time 2 --output /dev/null "http://$1/readyz"; then return; fi
    check_children
    sleep 0.2
  done
  fail "http://$1/readyz does not become ready; see $state/logs"
}

call() { curl --silent --fail --max-time 10 --header "Authorization: Bearer $token" "$@"; }

# The token of the first start, if it is still valid.
load_token() {
  local file=$state/api-token
  token=$(cat "$file" 2>/dev/null || true)
  if [ -z "$token" ] || ! call --output /dev/null "$api/messages?limit=1"; then
    token=$("$binaries/queue-api" create-token --name 'make run' --scopes read,enqueue,operate)
    echo "$token" >"$file"
  fi
}

# Three guests, added to the list before they write: the text of an unknown sender is not stored.
guests='393470000001,393470000002,393470000003'

load_guests() {
  local number
  case $(call "$api/guests?limit=1") in *'"items":[]'*) ;; *) return ;; esac
  for number in ${guests//,/ }; do
    call --output /dev/null --header 'Content-Type: application/json' "$api/guests" \
      --data "{\"name\":\"Guest ${number#39347000000}\",\"phone\":\"+$number\"}"
  done
}

# start_phone NAME PORT NUMBER LID KEY : a simulated WAHA, the spouse who scans its QR, and the guests who write
start_phone() {
  WAHA_API_KEY=$5 start "waha-simulator-$1" "$binaries/waha-simulator" \
    --listen "$(at "$2")" --control-listen "$(at $(($2 + 1)))" --own-name "$1" --own-number "$3" --own-lid "$4" \
    --paired --guests-write "$guests" --guests-answer-after 10 --state-file "$state/phone-$1.json"
}

# Only the simulated guests count: a guest who was added later may never write.
both_have_been_written_to() {
  local number contact
  for number in ${guests//,/ }; do
    for contact in $(call "$api/guests?search=$number" | grep -o '"contact":"[^"]*"' | cut -d '"' -f 4); do
      [ "$(call "$api/contacts/$contact" | grep -o '"last_in_at":"' | wc -l)" -ge 2 ] || return 1
    done
  done
}

wait_for_the_guests() {
  local _
  echo 'linking the simulated phones; their guests write first (some 10 seconds)…'
  for _ in $(seq 120); do
    if both_have_been_written_to; then return; fi
    check_children
    sleep 0.5
  done
  fail "the simulated guests' messages do not arrive; see $state/logs"
}

start_everything() {
  start queue-api "$binaries/queue-api" serve
  wait_until_ready "$QUEUE_API_LISTEN"
  load_token
  load_guests
  start_phone groom 5 393331112222 111222333444555 "$WAHA_API_KEY_GROOM"
  start_phone bride 7 393334445555 666777888999000 "$WAHA_API_KEY_BRIDE"
  start whatsapp-integration "$binaries/whatsapp-integration"
  wait_until_ready "$INTEGRATION_LISTEN"
  start whatsapp-worker "$binaries/whatsapp-worker"
  wait_until_ready "$WORKER_LISTEN"
  wait_for_the_guests
  ask_for_passkeys
}

# With PASSKEY set to a domain, WhatsApp asks for a passkey of it whenever a phone is linked again.
ask_for_passkeys() {
  local port
  [ -n "${PASSKEY:-}" ] || return 0
  for port in 6 8; do
    curl --silent --fail --max-time 10 --header 'Content-Type: application/json' "http://$(at "$port")/control/passkey" \
      --data "{\"rp_id\":\"$PASSKEY\",\"credentials\":[],\"code\":\"1234\"}"
  done
  echo "WhatsApp asks for a passkey of $PASSKEY when a phone is linked again"
}

# Empty once there is an account.
first_account() {
  local code
  code=$("$binaries/queue-api" first-account-code 2>/dev/null) || return 0
  printf "            no account yet: make the first one with the code %s (it works for an hour)" "$code"
}

# The invitation of the first guest; empty once the guest was removed or the invitation revoked.
invitation() {
  local household address
  household=$(call "$api/guests?search=${guests%%,*}" | grep -o '"household_id":"[^"]*"' | head -n 1 | cut -d '"' -f 4)
  [ -n "$household" ] || return 0
  address=$(call "$api/households/$household/invitation" | grep -o '"token":"[^"]*"' | cut -d '"' -f 4)
  address=http://$QUEUE_API_PUBLIC_LISTEN/i/$address
  curl --silent --fail --max-time 10 --output /dev/null "$address" || return 0
  printf '  invitation  %s\n              (of Guest 0001; do not send the message of its button: that number is made up)' "$address"
}

# ---- what a person sees ----------------------------------------------------------------------------------

welcome() {
  cat <<TEXT

  Everything runs; Ctrl-C stops it.

  the page    http://$QUEUE_API_LISTEN
$(first_account)
$(invitation)
  API token   $token
  pace        simulated: quiet hours off, gaps, cool-downs and typing scaled down (production keeps them)
  logs, data  .local/ (delete it to start without data)

  Paste this into another terminal to send a message; its phases appear here:

curl -sS -w '\n' $api/messages -H 'Authorization: Bearer $token' -H 'Content-Type: application/json' -d '{"session":"groom","to":"+39 347 000 0001","text":"Ciao!"}'

  The guests (0001 to 0003, of groom and bride) answer ten seconds after they get something. Two messages leave
  without an answer; a third waits for it and says so, as it would in real life.

TEXT
}

tools/check-tools.sh curl || exit 1
refuse_a_second_run
build
umask 077
mkdir -p "$state/logs" "$state/pids"
rm -rf "$state/shown"
load_secrets
choose_ports
export_settings
trap stop_children EXIT
trap 'exit 0' INT
trap 'exit 143' TERM
trap 'exit 129' HUP
start_everything
# do not print the phases of earlier starts
tools/show-phases.sh "$api" "$state/api-token" "$state/shown" >/dev/null
welcome
while check_children; do
  tools/show-phases.sh "$api" "$state/api-token" "$state/shown" || true
  sleep 0.3
done
