#!/usr/bin/env bash
# Checks every dependency against deny.toml: which crates, versions, licences and sources are allowed, and known vulnerabilities.
# Installs cargo-deny below target/ when it is not on the PATH. Without access to the advisory database it says so and goes on; everything else
# has to hold.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

version=0.20.2
tools=$PWD/target/tools

if command -v cargo-deny >/dev/null; then
  deny=cargo-deny
else
  deny=$tools/bin/cargo-deny
  if [ "$("$deny" --version 2>/dev/null)" != "cargo-deny $version" ]; then
    echo "installing cargo-deny $version below target/, once: some minutes"
    # not in this project's target folder: its lock would wait for other builds
    env -u CARGO_TARGET_DIR cargo install cargo-deny --locked --version "$version" --root "$tools" --force --quiet
  fi
fi

"$deny" --all-features check bans licenses sources

if "$deny" --all-features fetch db >/dev/null 2>&1; then
  "$deny" --all-features check advisories
else
  echo "advisories not checked: the advisory database cannot be reached"
fi
