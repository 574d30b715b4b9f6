#!/usr/bin/env bash
# `make test-compose`: starts the containers with simulated phones, sends a message through them, then restarts and
# kills each container in turn under load. In the end every message must be on a guest's phone exactly once, and every
# row settled. It has its own project, ports and secrets, and removes all of it.
#
#   MESSAGES=3 tools/test-compose.sh    that many messages before, and as many during, each restart
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

messages=${MESSAGES:-3}
project=wedding-queue-test-$$
scratch=$(mktemp -d)
phones='groom bride'
services='whatsapp-integration whatsapp-worker queue-api db'

compose() {
  docker compose --project-name "$project" --env-file "$scratch/env" --progress "${progress:-quiet}" \
    --file docker-compose.yml --file deploy/docker-compose.simulated.yml "$@"
}

step() { printf '\n== %s\n' "$*"; }
pass() { printf 'PASS  %s\n' "$*"; }
fail() {
  printf 'FAIL  %s\n' "$*" >&2
  compose ps --all >&2 || true
  compose logs --no-color --tail 25 >&2 || true
  exit 1
}

clean_up() {
  trap '' INT TERM
  # all of it is deleted, volumes included, so an orderly stop is not needed
  compose down --volumes --remove-orphans --timeout 1 >/dev/null 2>&1 || true
  rm -rf "$scratch"
}

# eventually SECONDS COMMAND… : tries it every half second
eventually() {
  local until=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$until" ] || return 1
    sleep 0.5
  done
}

# ---- calls to the system ---------------------------------------------------------------------------------

# The published address of a container's port; Docker may choose another one at each start.
address() { compose port "$1" "$2" 2>/dev/null; }

# api METHOD PATH [BODY [KEY]] : the answer's body; fails unless the answer is a success
api() {
  curl --silent --fail --max-time 20 --request "$1" "http://$(address queue-api 8080)/api/v1$2" \
    --header "Authorization: Bearer $token" --header 'Content-Type: application/json' \
    ${3:+--data "$3"} ${4:+--header "Idempotency-Key: $4"}
}

# The status of an answer on the guests' port.
public_status() {
  curl --silent --max-time 20 --output /dev/null --write-out '%{http_code}' "http://$(address queue-api 8090)$1"
}

# control PHONE METHOD PATH [BODY] : what a person does on a simulated phone
control() {
  curl --silent --fail --max-time 20 --request "$2" "http://$(address "waha-$1" 3001)$3" \
    --header 'Content-Type: application/json' ${4:+--data "$4"}
}

# The value of a JSON text field that occurs once.
field() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }

# What the guests' phones show, one text per line.
delivered() {
  local phone
  for phone in $phones; do control "$phone" GET /control/deliveries || return 1; done | grep -o '"text":"[^"]*"' | cut -d '"' -f 4
}

# A guest's number, digits only.
phone_number() { printf '39347%07d' "$1"; }

# send_once NUMBER SESSION TEXT : queues it; repeated with the same key until it is answered
send_once() {
  local body answer key=$project-$3
  body=$(printf '{"session":"%s","to":"%s","text":"%s"}' "$2" "+$(phone_number "$1")" "$3")
  until answer=$(api POST /messages "$body" "${key// /-}"); do
    [ "$SECONDS" -lt "$deadline" ] || fail "the API does not take a message"
    sleep 0.3
  done
  echo "$answer" | sed -n 's/^{"id":"\([^"]*\)".*/\1/p' >>"$scratch/ids"
  echo "$3" >>"$scratch/texts"
}

status_of() { api GET "/messages/$1" | sed -n 's/.*"status":"\([a-z]*\)".*/\1/p'; }

session_of() { if [ $(($1 % 2)) = 0 ]; then echo groom; else echo bride; fi; }

# A message from before the phone was linked is no consent, so the guests write afterwards.
phones_are_linked() { [ "$(api GET /sessions | grep -o '"state":"connected"' | wc -l)" = 2 ]; }

# Adds that many guests to the list; then each writes to the spouse who will write to them.
introduce_guests() {
  local guest
  for guest in $(seq "$1"); do
    api POST /guests "$(printf '{"name":"Guest %s","phone":"%s"}' "$guest" "+$(phone_number "$guest")")" >/dev/null ||
      fail 'the API does not take a guest'
    control "$(session_of "$guest")" POST "/control/guests/$(phone_number "$guest")/write" '{"text":"Hello"}' \
      >/dev/null || fail 'a simulated guest cannot write'
  done
}

# ---- the load and its checks -----------------------------------------------------------------------------

# One guest for each message, so that no limit between two messages to one contact slows the load.
guests=0
load() {
  for _ in $(seq "$messages"); do
    guests=$((guests + 1))
    send_once "$guests" "$(session_of "$guests")" "load $guests"
  done
}

# One of the newest messages is being sent, or was.
something_moves() { api GET "/messages?limit=$messages" | grep -Eq '"status":"(composing|sending|sent)"'; }

# under_load NAME COMMAND… : runs the command on a container while messages are sent and received
under_load() {
  local name=$1
  shift
  deadline=$((SECONDS + 180))
  load
  eventually 20 something_moves || true
  "$@" >"$scratch/action" 2>&1 &
  local action=$!
  load
  wait "$action" || { cat "$scratch/action" >&2; fail "$name: docker could not do it"; }
  eventually 120 healthy "$name" || fail "$name does not come back"
}

restart() { compose restart "$1"; }

# SIGKILL, as a crash or the kernel's memory killer would
kill_and_start() { compose kill --signal SIGKILL "$1" && compose start "$1"; }

healthy() { compose ps --format '{{.Health}}' "$1" | grep -qx healthy; }

# Settles uncertain messages as a person does, who looks at the guest's phone.
settle_as_a_person() {
  local id=$1 text verdict=send_again
  text=$(api GET "/messages/$id" | field text) || return 0
  if delivered | grep -qxF "$text"; then verdict=arrived; fi
  if api POST "/messages/$id/settle" "{\"verdict\":\"$verdict\"}" >/dev/null; then
    echo "      a person looked and said of '$text': $verdict"
  fi
}

all_settled() {
  local id status open=0
  while read -r id; do
    status=$(status_of "$id") || return 1
    case $status in
      sent) ;;
      uncertain)
        open=$((open + 1))
        # the services settle by themselves in the first two and a half minutes
        if [ "$SECONDS" -gt "$patience" ]; then settle_as_a_person "$id"; fi ;;
      *) open=$((open + 1)) ;;
    esac
  done <"$scratch/ids"
  [ "$open" = 0 ]
}

each_text_arrived_once() {
  delivered | sort >"$scratch/arrived"
  sort "$scratch/texts" | diff - "$scratch/arrived" >"$scratch/difference"
}

# ---- checks of the containers ----------------------------------------------------------------------------

cannot_reach() {
  ! compose exec -T "$1" timeout 3 bash -c "exec 3<>/dev/tcp/$2/$3" >/dev/null 2>&1 || fail "$1 reaches $2:$3"
}

check_isolation() {
  local config published
  config=$(docker compose --env-file "$scratch/env" --file docker-compose.yml config)
  published=$(grep -c 'published:' <<<"$config")
  [ "$published" = 2 ] || fail "$published ports are published, not two"
  published=$(grep -cE 'target: (8080|8090)$' <<<"$config")
  [ "$published" = 2 ] || fail "another port than queue-api's two is published"
  pass "only queue-api publishes ports: the couple's and the guests'"
  [ "$(public_status /healthz)" = 200 ] || fail "the guests' port does not answer"
  [ "$(public_status /api/v1/sessions)" = 404 ] || fail "the guests' port serves the API"
  [ "$(public_status /i/K7M-Q4XR-P2W9)" = 404 ] || fail "the guests' port shows an invitation that nobody made"
  pass "the guests' port serves invitations and nothing else"
  cannot_reach waha-groom db 5432
  cannot_reach waha-groom queue-api 8081
  cannot_reach waha-groom waha-bride 3000
  cannot_reach whatsapp-integration db 5432
  cannot_reach whatsapp-worker waha-groom 3000
  pass 'each WAHA is reached by whatsapp-integration alone, the database by queue-api and the worker'
}

check_privileges() {
  local service
  for service in queue-api whatsapp-worker whatsapp-integration; do
    [ "$(compose exec -T "$service" id -u)" = 10001 ] || fail "$service runs as root"
    ! compose exec -T "$service" touch /usr/local/bin/x 2>/dev/null || fail "$service can change its own image"
  done
  pass 'the services run as nobody in particular and cannot write to their image'
}

# The size is promised, too: the three services together are under 60 MB.
check_size() {
  local size
  size=$(compose exec -T queue-api du --bytes --total /usr/local/bin/queue-api /usr/local/bin/whatsapp-worker \
    /usr/local/bin/whatsapp-integration | tail -n 1 | cut -f 1)
  [ "$size" -lt 60000000 ] || fail "the services' binaries are $size bytes together, not under 60 MB"
  pass "the services' binaries are $((size / 1000000)) MB together"
}

# The logs contain nothing about a person, and no key.
check_logs() {
  local log=$scratch/log secret
  compose logs --no-color --no-log-prefix queue-api whatsapp-worker whatsapp-integration db >"$log"
  grep -q '' "$log" || fail 'the services log nothing'
  for secret in "$token" $(sed -n 's/^[A-Z_]*=\([0-9a-f]\{64\}\)$/\1/p' "$scratch/env"); do
    ! grep -qF "$secret" "$log" || fail 'a secret is in the logs'
  done
  # the guests' numbers and the spouses' own, their hidden ids, what was written
  ! grep -nE '39347[0-9]{7}|393331112222|393334445555|111222333444555|666777888999000' "$log" ||
    fail 'a phone number is in the logs'
  ! grep -nE 'load [0-9]+|Ciao!|Hello|Guest [0-9]+' "$log" || fail 'what people wrote is in the logs'
  pass "$(wc -l <"$log") lines of logs hold no secret, no phone number and no message"
}

# ---- the run ---------------------------------------------------------------------------------------------

command -v curl >/dev/null || { echo 'test-compose: curl is needed' >&2; exit 1; }
if ! docker compose version >/dev/null 2>&1 || ! docker info >/dev/null 2>&1; then
  echo 'test-compose: a running Docker engine with the compose plugin is needed' >&2
  exit 1
fi
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

step 'building the images (minutes the first time)'
tools/make-env.sh "$scratch/env" >/dev/null
printf '%s\n' 'QUEUE_API_PUBLISH=127.0.0.1:0' 'QUEUE_API_PUBLIC_PUBLISH=127.0.0.1:0' >>"$scratch/env"
touch "$scratch/ids" "$scratch/texts"
progress=auto compose build || fail 'the images do not build'

step 'starting the containers with simulated phones'
compose up --detach --wait --wait-timeout 300 || fail 'not every container became healthy'
pass 'every container is healthy'
check_isolation
check_privileges
check_size
token=$(compose exec -T queue-api queue-api create-token --name test-compose --scopes read,enqueue,operate)

step 'guests write, one message is sent'
eventually 120 phones_are_linked || fail 'the simulated phones are not linked'
introduce_guests $((1 + 2 * messages * (2 + 4 + 4)))
deadline=$((SECONDS + 60))
guests=1
send_once 1 "$(session_of 1)" 'Ciao!'
first=$(tail -n 1 "$scratch/ids")
first_is_sent() { [ "$(status_of "$first")" = sent ]; }
eventually 60 first_is_sent || fail 'the first message is not sent'
each_text_arrived_once || fail "the first message is not on the guest's phone once"
pass 'one message went through all containers to the phone'

step "restarting each container under load ($((2 * messages)) messages each)"
for name in waha-groom waha-bride $services; do
  under_load "$name" restart "$name"
  pass "$name restarted and is healthy"
done

# not the simulated phones: the check reads what they have seen, as a guest's own phone would keep it
step 'killing each service under load'
for name in $services; do
  under_load "$name" kill_and_start "$name"
  pass "$name killed, started and is healthy"
done

step 'the account'
patience=$((SECONDS + 150))
eventually 900 all_settled || fail 'not every message is settled'
pass "all $(wc -l <"$scratch/ids") messages are sent"
each_text_arrived_once || { cat "$scratch/difference" >&2; fail 'a message is missing (<) or doubled (>)'; }
pass 'each arrived on its phone exactly once: nothing lost, nothing doubled'
check_logs
