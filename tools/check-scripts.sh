#!/usr/bin/env bash
# Runs shellcheck on every shell script of the repository. Installs Debian's package where that needs no password, or says how.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { echo "check-scripts: $*" >&2; }

install_package() {
  local as_root=()
  command -v apt-get >/dev/null || return 1
  if [ "$(id -u)" != 0 ]; then
    sudo -n true 2>/dev/null || return 1
    as_root=(sudo -n)
  fi
  say "installing the package 'shellcheck'"
  { "${as_root[@]+"${as_root[@]}"}" apt-get update -qq &&
    "${as_root[@]+"${as_root[@]}"}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends shellcheck; } >&2
}

command -v shellcheck >/dev/null || install_package || true
command -v shellcheck >/dev/null || {
  say "shellcheck was not found. One of these installs it:"
  say "  Debian, Ubuntu   sudo apt-get install shellcheck"
  say "  Fedora           sudo dnf install ShellCheck"
  say "  macOS            brew install shellcheck"
  exit 1
}
shellcheck --external-sources .ci/run tools/*.sh
