#!/usr/bin/env bash
# Checks every dependency: cargo-deny compares crates, versions, licences, sources and published advisories with deny.toml;
# cargo-machete finds dependencies that no source uses. A tool that is not on the PATH is installed below target/.
# Only the advisory data may be missing: without access to it the script says so and goes on.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tools=$PWD/target/tools

# Prints the path of that program, which is installed in that version when it is not on the PATH.
find_or_install() {
  local name=$1 version=$2 program=$tools/bin/$1
  if command -v "$name"; then return; fi
  # cargo-machete prints the version alone, cargo-deny its name before it
  if [ "$("$program" --version 2>/dev/null | sed 's/.* //')" != "$version" ]; then
    echo "installing $name $version below target/, once: this may take some minutes" >&2
    # not in this project's target folder: its lock would wait for other builds
    env -u CARGO_TARGET_DIR cargo install "$name" --locked --version "$version" --root "$tools" --force --quiet >&2
  fi
  echo "$program"
}

deny=$(find_or_install cargo-deny 0.20.2)
machete=$(find_or_install cargo-machete 0.9.2)

"$deny" --all-features check bans licenses sources
"$machete" crates

if "$deny" --all-features fetch db >/dev/null 2>&1; then
  "$deny" --all-features check advisories
else
  echo "advisories not checked: the advisory database cannot be reached"
fi
