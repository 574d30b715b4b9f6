#!/usr/bin/env bash
# Names the missing programs before a build fails halfway with another program's error.
#
#   check-tools.sh [PROGRAM…]    a Rust that is new enough, a C compiler, and these programs
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

missing=0
lacks() { printf '%s\n' "$*" >&2; missing=1; }

# Whether a version is the wanted one or newer.
is_new_enough() { printf '%s\n%s\n' "$2" "$1" | sort -C -V; }

wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
if ! command -v cargo >/dev/null || ! command -v rustc >/dev/null; then
  lacks "Rust was not found (no cargo on the PATH). https://rustup.rs installs it for this user alone; then open a new terminal."
elif ! found=$(rustc --version); then
  lacks "rustc does not run; its error is above. With rustup, 'rustup default stable' usually repairs it."
elif found=${found#rustc } && found=${found%% *} && ! is_new_enough "${found%%-*}" "$wanted"; then
  lacks "Rust $wanted or newer is needed, and this is $found. 'rustup update' installs the newest; a distribution's package is often older (https://rustup.rs)."
fi
command -v cc >/dev/null ||
  lacks "A C compiler is needed (SQLite is compiled). Debian, Ubuntu: sudo apt-get install build-essential; Fedora: sudo dnf install gcc; macOS: xcode-select --install"
for program in "$@"; do
  command -v "$program" >/dev/null || lacks "The program '$program' is needed: install it with the system's package manager."
done
exit "$missing"
