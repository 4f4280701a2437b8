#!/usr/bin/env bash
# What Passgres costs, beside what else does the same, all in one run.
#
#   Tests/Benchmarks/run.sh          in one process: cache, chain, connection strings, password files; ends with 1 beyond a limit
#   Tests/Benchmarks/run.sh tool     a whole `passgres token`, beside azure-identity for Python (installed from PyPI); ends
#                                    with 1 unless it takes less than half of the time and no more memory and requests
set -euo pipefail
cd "$(dirname "$0")/../.."

if [ "${1:-}" != tool ]; then
    swift build --quiet -c release --package-path Tests/Benchmarks
    exec "$(swift build -c release --package-path Tests/Benchmarks --show-bin-path)/Benchmarks"
fi

if [ "${2:-}" != isolated ]; then
    place=.build/benchmarks
    mkdir -p "$place"
    [ -x "$place/python/bin/python" ] || python3 -m venv "$place/python"
    "$place/python/bin/python" -c 'import azure.identity' 2>/dev/null || "$place/python/bin/pip" --quiet install azure-identity
    cc -O2 -o "$place/cost" Tests/Benchmarks/cost.c
    swift build --quiet -c release --static-swift-stdlib --product passgres
    exec bash Tests/isolated.sh bash "$0" tool isolated
fi

. Tests/Demo/stage.sh
stage_build
passgres=$(swift build -c release --static-swift-stdlib --show-bin-path)/passgres
place=$PWD/.build/benchmarks
stage=$(mktemp -d)
trap 'kill "$cloud_pid" 2>/dev/null || true; rm -rf "$stage"' EXIT
mkdir -m 0700 "$stage/cloud" "$stage/run"
"$local_entra" serve --directory "$stage/cloud" >"$stage/log" 2>&1 &
cloud_pid=$!
stage_wait 15 test -s "$stage/cloud/ready.json"
. "$stage/cloud/environment"
export XDG_RUNTIME_DIR=$stage/run HOME=$stage

requests() { "$local_entra" control --directory "$stage/cloud" requests | sed -n 's/.*"count" : \([0-9]*\),*/\1/p'; }
measure() { # NAME TURNS COMMAND...: one line
    local name=$1 turns=$2 before costs; shift 2
    before=$(requests)
    costs=$("$place/cost" "$turns" "$@")
    # shellcheck disable=SC2086
    printf '%-46s best %7s ms   middle %7s ms   processor %7s ms   %7s KiB' "$name" $costs
    asked=$(awk "BEGIN { printf \"%.1f\", ($(requests) - $before) / $turns }")
    printf '   %s requests\n' "$asked"
    set -- $costs
    time=$1 memory=$4
}
measure "passgres --version" 20 "$passgres" --version
measure "managed identity, and no cache" 20 "$passgres" token --no-cache --credentials managed-identity
measure "managed identity, from the shared cache" 20 "$passgres" token --credentials managed-identity
. "$stage/cloud/client-secret.environment"
measure "a client secret" 20 "$passgres" token
ours=("$time" "$memory" "$asked")
measure "a client secret, by azure-identity for Python" 10 "$place/python/bin/python" Tests/Benchmarks/peer.py
awk -v t="${ours[0]}" -v m="${ours[1]}" -v r="${ours[2]}" -v T="$time" -v M="$memory" -v R="$asked" 'BEGIN {
    printf "passgres to azure-identity: time × %.2f, memory × %.2f, requests × %.2f\n", t / T, m / M, r / R
    exit !(t / T < 0.5 && m <= M && r <= R)
}'
