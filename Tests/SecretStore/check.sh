#!/usr/bin/env bash
# Uses a real secret service, whole and broken, as the user who runs this; run by root, also as an ordinary user.
set -euo pipefail
cd "$(dirname "$0")/../.."

swift build --quiet --product SecretKeeper
KEEPER=$(swift build --show-bin-path)/SecretKeeper
export KEEPER

run() { # a kind of session and its scenarios
    local kind=$1 name; shift
    for name in "$@"; do
        "${as[@]}" Tests/SecretStore/session.sh $kind Tests/SecretStore/scenarios.sh "$name"
    done
}

as_everybody=("env")
[ "$(id -u)" = 0 ] && as_everybody+=("setpriv --reuid=nobody --regid=$(id -g nobody) --clear-groups env")
for words in "${as_everybody[@]}"; do
    read -ra as <<<"$words"
    run "" whole large together stopped killed-mid-call dies-mid-call service-ends bus-ends locked-later unlocking dismissed
    run --locked locked
    run --no-service no-service
    run --keepassxc keepassxc
    run --keepassxc-locked keepassxc-locked
    run --no-bus no-bus
    echo "secret store: all scenarios hold as $("${as[@]}" id -un)"
done
if pgrep -f passgres-session- >/dev/null; then echo "secret store: something was left running" >&2; exit 1; fi
if ls -d "${TMPDIR:-/tmp}"/passgres-session-* >/dev/null 2>&1; then echo "secret store: something was left behind" >&2; exit 1; fi
