#!/usr/bin/env bash
# A person signs in once with a device code, and later commands in new processes ask nobody; after logout nothing is left.
# Real parts: gnome-keyring on a bus of its own, PostgreSQL over TLS, the built tool.
set -euo pipefail
cd "$(dirname "$0")/../.."

if [ "${1:-}" != --inside ]; then
    swift build --quiet --product passgres
    swift build --quiet --product passgres-local-entra
    exec bash Tests/SecretStore/session.sh bash Tests/SecretStore/login.sh --inside
fi
bus=$DBUS_SESSION_BUS_ADDRESS
. Tests/Demo/stage.sh
stage_build
stage_up
export DBUS_SESSION_BUS_ADDRESS=$bus
fail() { echo "login: $*" >&2; exit 1; }
control() { "$local_entra" control --directory "$stage/cloud" "$@"; }
to="dbname=orders user=ada@contoso.example"

"$passgres" login --device-code >"$stage/login.out" 2>"$stage/login.err" &
login=$!
stage_wait 15 grep -qE '^  [A-Z0-9]{8,9}$' "$stage/login.err" || { cat "$stage/login.err" >&2; fail "no code was shown"; }
code=$(grep -oE '^  [A-Z0-9]{8,9}$' "$stage/login.err" | tr -d ' ')
control answer-device "{\"userCode\": \"$code\", \"user\": \"ada@contoso.example\"}" >/dev/null
wait "$login" || { cat "$stage/login.err" >&2; fail "login ended with $?"; }
grep -q 'signed in as ada@contoso.example; kept in' "$stage/login.err" || fail "login does not say where the sign-in is kept"
if grep -rqE 'eyJ|refresh' "$stage/login.out" "$stage/login.err"; then fail "a secret was printed"; fi

control forget-requests >/dev/null
who=$("$passgres" psql "$to" -- -X -A -t -c "select current_user" </dev/null)
[ "$who" = ada@contoso.example ] || fail "psql logged in as $who"
[ "$(control requests '{"endpoint": "device-code"}' | grep -c 'device-code: ')" = 0 ] || fail "a code was asked for again"
"$passgres" status --output json >"$stage/status"
grep -q '"user" : "ada@contoso.example"' "$stage/status" || fail "status does not say who is signed in"
if grep -q eyJ "$stage/status"; then fail "status shows a token"; fi

control forget-requests >/dev/null
"$passgres" token --credentials managed-identity >/dev/null
"$passgres" token --credentials managed-identity >/dev/null
asked=$(control requests '{"endpoint": "imds"}' | grep -c 'resource=' || true)
[ "$asked" = 1 ] || fail "two commands asked the machine's endpoint $asked times"

"$passgres" logout 2>"$stage/logout.err"
grep -q 'the sign-in of ada@contoso.example' "$stage/logout.err" || fail "logout does not say what it forgot"
status=0
"$passgres" token --credentials secret-store 2>"$stage/after.err" || status=$?
[ "$status" = 69 ] || { cat "$stage/after.err" >&2; fail "after logout a token ends with $status"; }
grep -q 'passgres login' "$stage/after.err" || fail "the remedy does not name passgres login"
stage_down
echo "login: signed in once, psql asked nobody, two commands shared a token, logout left nothing"
