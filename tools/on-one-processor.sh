#!/usr/bin/env bash
# Runs a test on one processor, for .config/nextest.toml. A scenario in virtual time switches threads at each statement;
# on several processors it takes a quarter more time.
set -euo pipefail

processor=$((${NEXTEST_TEST_GROUP_SLOT:-0} % $(getconf _NPROCESSORS_ONLN)))
# not every machine has taskset, and a container may have other processors
if taskset --cpu-list "$processor" true 2>/dev/null; then
  exec taskset --cpu-list "$processor" "$@"
fi
exec "$@"
