#!/usr/bin/env bash
# `make screenshots`: takes pictures of every page, at a phone's and a desktop's width, in both languages, from the real services with
# simulated phones, as the browser scenarios visit them. All pictures are written to target/screenshots; those that the README
# shows are copied to docs/screenshots.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# what the README shows, by name
shown='en-phone-home en-phone-conversations-one en-phone-guests en-phone-letter en-desktop-queue'

all=$PWD/target/screenshots
rm -rf "$all"
cargo build --workspace --bins --tests
SCREENSHOTS=$all cargo test --workspace --test stories -- browser::couple --test-threads 1

mkdir -p docs/screenshots
for name in $shown; do cp "$all/$name.png" docs/screenshots/; done
echo "$(find "$all" -name '*.png' | wc -l) pictures in $all, $(wc -w <<<"$shown") of them in docs/screenshots"
