#!/usr/bin/env bash
# A server that swallows every packet: a whole run of doctor ends in under five seconds, and offline in under 0.3.
# To be run within Tests/isolated.sh: it makes an interface there that leads nowhere.
set -euo pipefail
cd "$(dirname "$0")/../.."
passgres=$(swift build --show-bin-path)/passgres
ip link add here type veth peer name there
ip link set here up
ip link set there up
ip address add 192.0.2.1/24 dev here
# Who has that address is settled, and is nobody: what is sent there is swallowed.
ip neighbour add 192.0.2.9 lladdr 02:00:00:00:00:01 dev here nud permanent

measure() { # LIMIT WHAT ARGUMENT...
    local limit=$1 what=$2 start status=0 milliseconds first; shift 2
    start=$(date +%s%N)
    first=$("$passgres" doctor "$@" 2>&1 | head -n 1) || status=$?
    milliseconds=$((($(date +%s%N) - start) / 1000000))
    echo "doctor, $what: $milliseconds ms, first: $(cut -c1-60 <<<"$first")"
    [ "$milliseconds" -lt "$limit" ]
}
export HOME=/nonexistent PGHOSTADDR=192.0.2.9
measure 5000 "a server that swallows every packet" "host=db.example.org dbname=orders user=u" --timeout 20
measure 300 "offline" "host=db.example.org dbname=orders user=u" --offline
