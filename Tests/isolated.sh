#!/usr/bin/env bash
# Runs a command in a network namespace that holds the loopback interface and nothing else, after proving that it does:
# whatever the command does, no identity endpoint outside can be reached.
set -euo pipefail

if [ "${1:-}" = --inside ]; then
    shift
    ip link set lo up
    interfaces=$(awk -F: 'NR > 2 {gsub(/ /, "", $1); print $1}' /proc/net/dev)
    routes=$(ip route show table all type unicast; ip -6 route show table all type unicast | grep -v 'dev lo' || true)
    if [ "$interfaces" != lo ] || [ -n "$routes" ]; then
        echo "isolated: there is a way out: $interfaces $routes" >&2
        exit 1
    fi
    if ip route get 169.254.169.254 >/dev/null 2>&1; then
        echo "isolated: the link-local address has a route" >&2
        exit 1
    fi
    echo "isolated: only loopback, and no route to 169.254.169.254"
    export AZURE_POD_IDENTITY_AUTHORITY_HOST=http://127.0.0.1:1 AZURE_AUTHORITY_HOST=https://localhost:1
    exec "$@"
fi

script=$(cd "$(dirname "$0")" && pwd)/isolated.sh
if [ "$(id -u)" = 0 ]; then
    exec unshare --net bash "$script" --inside "$@"
else
    exec unshare --user --map-current-user --keep-caps --net bash "$script" --inside "$@"
fi
