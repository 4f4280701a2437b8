#!/usr/bin/env bash
# Builds and tests every example as a client of this package would. All share one build directory.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
scratch=$root/.build/clients

for example in "$root"/Docs/Examples/*/Package.swift; do
    example=$(dirname "$example")
    name=$(basename "$example")
    log=$(mktemp)
    # The manifest of a build is kept by directory, and would be the last example's.
    if swift test --disable-xctest --disable-build-manifest-caching --package-path "$example" --scratch-path "$scratch" >"$log" 2>&1; then
        echo "examples: $name: $(grep -oE 'Test run with .* passed' "$log" || echo 'no test was run')"
        # Its own tests, and all of them.
        expected=$(grep -rhcE '^ *@Test' "$example/Tests" --include='*.swift' | awk '{ sum += $1 } END { print sum }')
        grep -qE "Test run with $expected tests? " "$log" || { echo "examples: $name has $expected tests" >&2; exit 1; }
    else
        tail -40 "$log" >&2
        echo "examples: $name does not build and pass" >&2
        exit 1
    fi
    rm -f "$log"
done
