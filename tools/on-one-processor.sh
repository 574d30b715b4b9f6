#!/usr/bin/env bash
# Runs a test on one processor, for .config/nextest.toml. A story in virtual time hands over between threads at each statement;
# between processors that takes a quarter more of their time.
set -euo pipefail

processor=$((${NEXTEST_TEST_GROUP_SLOT:-0} % $(getconf _NPROCESSORS_ONLN)))
# not every machine can, and a container may own other processors
if taskset --cpu-list "$processor" true 2>/dev/null; then
  exec taskset --cpu-list "$processor" "$@"
fi
exec "$@"
