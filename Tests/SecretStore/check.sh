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
    run "" whole large together stopped killed-mid-call dies-mid-call service-ends bus-ends locked-later restarted unlocking dismissed
    run --locked locked
    run --no-service no-service
    run --keepassxc keepassxc keepassxc-locked-later
    run --keepassxc-locked keepassxc-locked
    run --keepassxc-empty keepassxc-no-database
    run --no-bus no-bus
    echo "secret store: all scenarios hold as $("${as[@]}" id -un)"
done
if [ "$(id -u)" = 0 ]; then
    # A user that the user database does not know, without a home: GLib would complain of it.
    said=$(setpriv --reuid=54321 --regid=54321 --clear-groups env -i PATH="$PATH" "$KEEPER" get a 2>&1)
    pattern='^error: absent\("there is no session bus: .* no home directory"\) \[[0-9]+ ms\]$'
    grep -qE "$pattern" <<<"$said" && [ "$(grep -c . <<<"$said")" = 1 ] ||
        { printf 'secret store: a user without a name and a home is told:\n%s\n' "$said" >&2; exit 1; }
fi
if pgrep -f passgres-session- >/dev/null; then echo "secret store: something was left running" >&2; exit 1; fi
if ls -d "${TMPDIR:-/tmp}"/passgres-session-* >/dev/null 2>&1; then echo "secret store: something was left behind" >&2; exit 1; fi
