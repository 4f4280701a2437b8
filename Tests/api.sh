#!/usr/bin/env bash
# Compares the public interface with that of the last release, if there is one.
set -euo pipefail
cd "$(dirname "$0")/.."

release=$(git describe --tags --abbrev=0 --match '[0-9]*.[0-9]*.[0-9]*' 2>/dev/null || true)
if [ -z "$release" ]; then
    echo "api: no release is tagged yet, so there is nothing to compare with"
    exit 0
fi
# What serves tests may change with a minor version; see Docs/Stability.md.
products=()
while read -r product; do products+=(--products "$product"); done < <(
    swift package dump-package | python3 -c '
import json, sys
for product in json.load(sys.stdin)["products"]:
    if "library" in product["type"] and product["name"] not in ("CredentialTesting", "LocalEntra"):
        print(product["name"])')
swift package diagnose-api-breaking-changes "$release" "${products[@]}"
