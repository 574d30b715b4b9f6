#!/usr/bin/env bash
# Prints what has happened to the newest messages since the last call, one line for each phase. `make run` calls it
# again and again.
#
#   show-phases.sh API_URL TOKEN_FILE FOLDER    FOLDER remembers what has been shown
set -euo pipefail

api=$1 folder=$3
token=$(cat "$2")
mkdir -p "$folder"

get() { curl --silent --fail --max-time 5 --header "Authorization: Bearer $token" "$api$1"; }

# One line for each step of a message's timeline, then `waits: …` when it waits.
phases() {
  # one record for each object of the JSON; quotes inside texts are escaped there, so they cannot match
  awk 'BEGIN { RS = "{" }
    function value(key,   found) {
      if (!match($0, "\"" key "\":\"[^\"]*\"")) return ""
      found = substr($0, RSTART, RLENGTH)
      return substr(found, length(key) + 5, length(found) - length(key) - 5)
    }
    value("phase") != "" { print value("phase") (value("detail") == "" ? "" : ": " value("detail")) }
    value("phase") == "" && value("sentence") != "" { waits = value("sentence") }
    END { if (waits != "") print "waits: " waits }'
}

# Explains a phase to a person who sees it for the first time.
meaning() {
  case $1 in
    queued) echo 'it is in the queue' ;;
    claimed) echo 'the rules permit it now; the worker reads the chat first' ;;
    reading) echo "online, reading the guest's chat" ;;
    typing) echo "the guest sees 'typing…'" ;;
    pausing) echo 'a short pause before the send' ;;
    committed) echo 'point of no return: stored before the one call to WAHA' ;;
    'sent: answer') echo 'WAHA accepted it' ;;
    sent*) echo "WhatsApp shows that it was sent (seen in: ${1#sent: })" ;;
    delivered) echo "it is on the guest's phone" ;;
    read) echo 'the guest has read it' ;;
    release*) echo "back in the queue before it was sent (${1#release: })" ;;
    put_back*) echo "back in the queue, it was not sent (${1#put_back: })" ;;
    uncertain* | doubt*) echo 'it may have been sent or not; the chat is read to find out' ;;
    *:*) echo "${1#*: }" ;;
  esac
}

# A step is shown once, however often it is read; a wait is shown when it differs from the last one.
show() {
  local id=$1 known=$folder/$1 steps
  get "/messages/$id" | phases >"$known.now" || return 0
  grep -v '^waits: ' "$known.now" >"$known.steps" || true
  grep '^waits: ' "$known.now" >"$known.wait.now" || true
  touch "$known" "$known.wait"
  steps=$(wc -l <"$known")
  {
    tail -n "+$((steps + 1))" "$known.steps"
    cmp -s "$known.wait" "$known.wait.now" || cat "$known.wait.now"
  } | while IFS= read -r line; do
    case $line in
      waits:*) set -- waits "${line#waits: }" ;;
      *) set -- "${line%%:*}" "$(meaning "$line")" ;;
    esac
    printf '  %s  …%s  %-10s %s\n' "$(date +%H:%M:%S)" "${id#"${id%??????}"}" "$1" "$2"
  done
  mv "$known.steps" "$known"
  mv "$known.wait.now" "$known.wait"
  case $(tail -n 1 "$known" | cut -d : -f 1) in
    delivered | read | failed | cancelled) touch "$known.done" ;;
  esac
}

# newest first in the answer, oldest first on the screen
for id in $(get '/messages?limit=20' | grep -o '"id":"[^"]*"' | cut -d '"' -f 4 | sed '1!G;h;$!d'); do
  [ -e "$folder/$id.done" ] || show "$id"
done
