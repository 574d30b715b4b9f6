# Starts programs in the background and stops them again, each by its pid. Sourced by run.sh and test-contract.sh.
# Needs $state (a folder): pids are stored in $state/pids, output in $state/logs.
# shellcheck shell=bash
# shellcheck disable=SC2154 # the caller sets $state

names=()
pids=()

# Fails while a program of an earlier, killed run still runs: both would use the same data.
refuse_a_second_run() {
  local file pid program
  for file in "$state"/pids/*; do
    [ -e "$file" ] || continue
    read -r pid program <"$file"
    if ps -p "$pid" -o command= 2>/dev/null | grep -qF "$program"; then
      fail "${file##*/} of an earlier start is still running: press Ctrl-C where it runs, or kill $pid"
    fi
    rm -f "$file"
  done
}

# start NAME PROGRAM ARGUMENT… : `set -m` gives the program its own process group, so that Ctrl-C reaches only the
# script, which then stops all programs in order.
start() {
  local name=$1
  shift
  set -m
  "$@" >"$state/logs/$name.log" 2>&1 </dev/null &
  set +m
  names+=("$name")
  pids+=("$!")
  echo "$! $1" >"$state/pids/$name"
}

# Ends the script when a child has ended by itself.
check_children() {
  local i
  for i in "${!pids[@]}"; do
    kill -0 "${pids[i]}" 2>/dev/null && continue
    printf '%s\n' "${names[i]} ended by itself. Its last output ($state/logs/${names[i]}.log):"
    tail -n 20 "$state/logs/${names[i]}.log"
    ! tail -n 20 "$state/logs/${names[i]}.log" | grep -q 'migration' ||
      printf '\n%s\n' "The data in $state was made by another version of this program. Delete that folder to start without data."
    exit 1
  done
  return 0
}

# 80 s: the integration may have to finish a send
has_ended() {
  local _
  for _ in $(seq 800); do
    kill -0 "$1" 2>/dev/null || return 0
    sleep 0.1
  done
  return 1
}

# The last started program stops first, so that no program loses a service that it calls.
stop_children() {
  # no signal may interrupt this, not even that of a closed terminal
  trap '' INT TERM HUP
  set +e
  local i
  [ "${#pids[@]}" -gt 0 ] || return
  printf '\n%s\n' 'stopping…'
  for ((i = ${#pids[@]} - 1; i >= 0; i--)); do
    kill -TERM "${pids[i]}" 2>/dev/null
    has_ended "${pids[i]}" || { printf '%s\n' "${names[i]} does not stop; killing it"; kill -KILL "${pids[i]}"; }
    wait "${pids[i]}" 2>/dev/null
    rm -f "$state/pids/${names[i]}"
  done
  printf '%s\n' 'stopped'
}
