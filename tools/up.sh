#!/usr/bin/env bash
# `make up`: the containers for real phones. Writes `.env` with fresh secrets when there is none, builds, starts, waits
# until every container is healthy, and says what comes next.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

fail() { printf 'make up: %s\n' "$*" >&2; exit 1; }

command -v docker >/dev/null ||
  fail 'Docker was not found; https://docs.docker.com/engine/install says how to install it'
docker compose version >/dev/null 2>&1 ||
  fail "Docker's compose plugin was not found (Debian, Ubuntu: docker-compose-plugin, from Docker's own packages)"
docker info >/dev/null 2>&1 ||
  fail 'the Docker engine does not answer: is it running, and may this user use it?'

tools/make-env.sh
docker compose up --build --detach --wait --wait-timeout 300 || {
  docker compose ps --all
  fail "not every container became healthy within 5 minutes; 'docker compose logs NAME' shows why"
}
# empty once there is an account
code=$(docker compose exec -T queue-api queue-api first-account-code 2>/dev/null || true)
cat <<TEXT

  Everything runs, and starts again with the machine; 'make down' stops it.

  the page  http://$(docker compose port queue-api 8080)${code:+/first}${code:+
  code      $code makes the first account, within an hour}
  next      README.md, "For real, with two phones", step 2

TEXT
