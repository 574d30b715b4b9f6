#!/usr/bin/env bash
# Finds Chromium and its driver for the browser tests, installs them where that needs no password, or says how to install
# them. Prints nothing when both are installed.
set -euo pipefail

say() { echo "browser-for-tests: $*" >&2; }

has_browser() { [ -n "${TEST_CHROMIUM:-}" ] || command -v chromium || command -v chromium-browser || command -v google-chrome; }
has_driver() { [ -n "${TEST_CHROMEDRIVER:-}" ] || command -v chromedriver; }
is_here() { has_browser >/dev/null && has_driver >/dev/null; }

# Installs Debian's packages where that needs no password.
install_packages() {
  local as_root=()
  command -v apt-get >/dev/null || return 1
  if [ "$(id -u)" != 0 ]; then
    sudo -n true 2>/dev/null || return 1
    as_root=(sudo -n)
  fi
  say "Chromium was not found: installing the packages 'chromium' and 'chromium-driver'"
  { "${as_root[@]+"${as_root[@]}"}" apt-get update -qq &&
    "${as_root[@]+"${as_root[@]}"}" env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -qq --no-install-recommends chromium chromium-driver; } >&2
}

is_here || install_packages || true
is_here || {
  say "the tests of the couple's page drive Chromium, which was not found. One of these installs it and its driver:"
  say "  Debian           sudo apt-get install chromium chromium-driver"
  say "  Fedora           sudo dnf install chromium chromedriver"
  say "  macOS            brew install --cask chromium chromedriver"
  say "or set TEST_CHROMIUM and TEST_CHROMEDRIVER to the two programs."
  exit 1
}
