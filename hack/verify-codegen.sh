#!/usr/bin/env bash
# Fails, with the difference, if generating again would change a file. It works
# on a copy: the tree stays as it is, whatever state it is in.
set -euo pipefail
cd "$(dirname "$0")/.."

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' file; do
	[[ ! -e $file ]] || printf '%s\0' "$file"
done | tar --null --files-from=- -cf - | tar -xf - -C "$copy"

# The copy is a repository of its own, which tells what generating has changed.
git -C "$copy" init -q
git -C "$copy" add --all
(cd "$copy" && hack/update-codegen.sh)
git -C "$copy" add --all --intent-to-add
if ! git -C "$copy" --no-pager diff --exit-code; then
	echo "generated files are not what the generators make: run make generate" >&2
	exit 1
fi
