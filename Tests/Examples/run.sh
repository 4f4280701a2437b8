#!/usr/bin/env bash
# Builds and tests every example as a client of this package would. All share one build directory.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
scratch=$root/.build/clients

for example in "$root"/Docs/Examples/*/Package.swift; do
    example=$(dirname "$example")
    name=$(basename "$example")
    log=$(mktemp)
    if swift test --disable-xctest --package-path "$example" --scratch-path "$scratch" >"$log" 2>&1; then
        echo "examples: $name: $(grep -oE 'Test run with .* passed' "$log" || echo 'no test was run')"
        grep -qE 'Test run with [1-9][0-9]* tests? ' "$log" || exit 1
    else
        tail -40 "$log" >&2
        echo "examples: $name does not build and pass" >&2
        exit 1
    fi
    rm -f "$log"
done
