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

# The values of a message that people watch, one per line: its timeline, then why it waits.
phases() {
  # one record for each object of the JSON; quotes inside texts are escaped there, so they cannot match
  awk 'BEGIN { RS = "{" }
    function value(key,   found) {
      if (!match($0, "\"" key "\":\"[^\"]*\"")) return ""
      found = substr($0, RSTART, RLENGTH)
      return substr(found, length(key) + 5, length(found) - length(key) - 5)
    }
    value("phase") != "" { print value("phase") (value("detail") == "" ? "" : " (" value("detail") ")") }
    value("phase") == "" && value("reason") != "" { waits = value("reason") }
    END { if (waits != "") print "waits: " waits }'
}

show() {
  local id=$1 shown=$folder/$1 line
  get "/messages/$id" | phases >"$shown.new" || return 0
  [ -e "$shown" ] || : >"$shown"
  grep -vxFf "$shown" "$shown.new" | while IFS= read -r line; do
    printf '  %s  …%s  %s\n' "$(date +%H:%M:%S)" "${id#"${id%??????}"}" "$line"
  done || true
  mv "$shown.new" "$shown"
  case $(tail -n 1 "$shown") in
    sent* | failed* | cancelled*) touch "$shown.done" ;;
  esac
}

# newest first in the answer, oldest first on the screen
for id in $(get '/messages?limit=20' | grep -o '"id":"[^"]*"' | cut -d '"' -f 4 | sed '1!G;h;$!d'); do
  [ -e "$folder/$id.done" ] || show "$id"
done
