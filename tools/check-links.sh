#!/usr/bin/env bash
# Checks the links of every Markdown file: a path must exist, and an anchor must be a heading of the file it points to.
# Addresses of other sites are not visited.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# The anchors of that file, made from its headings as GitHub makes them.
anchors() {
  sed -n 's/^##* //p' "$1" | tr '[:upper:]' '[:lower:]' | sed 's/[^[:alnum:] _-]//g; s/ /-/g'
}

# shellcheck disable=SC2016 # the quotes are Markdown's
without_code() { sed '/^ *```/,/^ *```/d' "$1"; }

broken=0
while IFS= read -r file; do
  while IFS= read -r link; do
    case $link in *://* | mailto:*) continue ;; esac
    path=${link%%#*}
    target=$file
    [ -z "$path" ] || target=$(dirname "$file")/$path
    if ! [ -e "$target" ]; then
      echo "$file: $link does not exist" >&2
      broken=1
    elif [ "$link" != "$path" ] && ! anchors "$target" | grep -qxF -- "${link#*#}"; then
      echo "$file: $link is no heading" >&2
      broken=1
    fi
  done < <(without_code "$file" | grep -oE '\]\([^) ]+\)' | sed 's/^](//; s/)$//')
done < <(find . -name target -prune -o -name '*.md' -print | sort)
exit "$broken"
