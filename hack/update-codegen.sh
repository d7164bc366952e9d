#!/usr/bin/env bash
# Generates all that is generated, from the go:generate lines of this module.
set -euo pipefail
cd "$(dirname "$0")/.."
echo "==> go generate ./..."
go generate ./...
