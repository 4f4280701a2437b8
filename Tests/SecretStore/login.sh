#!/usr/bin/env bash
# A person signs in once with a device code, and later commands in new processes ask nobody; after logout nothing is left.
# As the user who runs this; run by root, also as an ordinary user.
# Real parts: gnome-keyring and KeePassXC, each on a bus of its own, PostgreSQL over TLS, a terminal, the built tool.
set -euo pipefail
cd "$(dirname "$0")/../.."

if [ "${1:-}" != --inside ]; then
    swift build --quiet --product passgres
    swift build --quiet --product passgres-local-entra
    inside=(bash Tests/SecretStore/login.sh --inside "$(swift build --show-bin-path)")
    bash Tests/SecretStore/session.sh "${inside[@]}" gnome-keyring
    bash Tests/SecretStore/session.sh --keepassxc "${inside[@]}" KeePassXC
    bash Tests/SecretStore/session.sh --keepassxc-locked "${inside[@]}" locked-KeePassXC
    if [ "$(id -u)" = 0 ]; then
        setpriv --reuid=nobody --regid="$(id -g nobody)" --clear-groups \
            bash Tests/SecretStore/session.sh "${inside[@]}" gnome-keyring
    fi
    exit
fi
bin=$2 store=$3
passgres=$bin/passgres local_entra=$bin/passgres-local-entra
bus=$DBUS_SESSION_BUS_ADDRESS keyring_home=$HOME
. Tests/Demo/stage.sh
# Two people, an application and a machine; whoever waits for a code may ask every second.
cat >"$HOME/cloud.json" <<'JSON'
{"deviceCodeInterval": 1, "tenant": {
    "applications": [
        {"clientID": "7e57ab1e-0000-4000-8000-0000000000c1", "objectID": "7e57ab1e-0000-4000-8000-0000000000c2",
         "secrets": ["s3cr+t~orders"]},
        {"clientID": "04b07795-8ddb-461a-bbee-02f9e1bf7b46", "objectID": "7e57ab1e-0000-4000-8000-0000000000d2",
         "kind": "publicClient"}],
    "managedIdentities": [
        {"kind": "systemAssigned", "clientID": "7e57ab1e-0000-4000-8000-0000000000b1",
         "objectID": "7e57ab1e-0000-4000-8000-0000000000b2", "resourceID": ""}],
    "users": [
        {"objectID": "7e57ab1e-0000-4000-8000-0000000000e1", "principalName": "ada@contoso.example", "name": "Ada",
         "password": "hush-ada"},
        {"objectID": "7e57ab1e-0000-4000-8000-0000000000e2", "principalName": "bob@contoso.example", "name": "Bob",
         "password": "hush-bob"}],
    "roles": [{"name": "ada@contoso.example", "kind": "user", "objectID": "7e57ab1e-0000-4000-8000-0000000000e1"}]}}
JSON
stage_up --config "$HOME/cloud.json"
export DBUS_SESSION_BUS_ADDRESS=$bus
fail() { echo "login: $*" >&2; exit 1; }
control() { "$local_entra" control --directory "$stage/cloud" "$@"; }
to="dbname=orders user=ada@contoso.example"

if [ "$store" = locked-KeePassXC ]; then
    . Tests/SecretStore/passed-over.sh
    stage_down
    exit
fi

"$passgres" login --device-code >"$stage/login.out" 2>"$stage/login.err" &
login=$!
stage_wait 15 grep -qE '^  [A-Z0-9]{8,9}$' "$stage/login.err" || { cat "$stage/login.err" >&2; fail "no code was shown"; }
code=$(grep -oE '^  [A-Z0-9]{8,9}$' "$stage/login.err" | tr -d ' ')
control answer-device "{\"userCode\": \"$code\", \"user\": \"ada@contoso.example\"}" >/dev/null
wait "$login" || { cat "$stage/login.err" >&2; fail "login ended with $?"; }
grep -q 'signed in as ada@contoso.example; kept in' "$stage/login.err" || fail "login does not say where the sign-in is kept"
if grep -rqE 'eyJ|refresh' "$stage/login.out" "$stage/login.err"; then fail "a secret was printed"; fi

# Eight at once with one refresh token, each of which replaces it: all are served, and so is whoever comes after them.
control forget-requests >/dev/null
askers=()
for number in $(seq 8); do
    "$passgres" token --credentials secret-store --no-cache >"$stage/token.$number" 2>"$stage/token.$number.err" &
    askers+=($!)
done
for number in $(seq 8); do
    wait "${askers[$((number - 1))]}" || { cat "$stage/token.$number.err" >&2; fail "one of eight at once failed"; }
    grep -q '^eyJ' "$stage/token.$number" || fail "one of eight at once got no token"
done
"$passgres" token --credentials secret-store --no-cache >"$stage/token.9" || fail "after eight at once nothing is left to refresh"

# Sixty at once that share: one asks for all, and whoever comes after them asks nobody. The token is where the sign-in is.
control forget-requests >/dev/null
askers=()
for number in $(seq 60); do
    "$passgres" token --credentials secret-store >"$stage/token.$number" 2>"$stage/token.$number.err" &
    askers+=($!)
done
for number in $(seq 60); do
    wait "${askers[$((number - 1))]}" || { cat "$stage/token.$number.err" >&2; fail "one of sixty at once failed"; }
    cmp -s "$stage/token.1" "$stage/token.$number" || fail "sixty at once got several tokens"
done
"$passgres" token --credentials secret-store | cmp -s - "$stage/token.1" || fail "the sixty-first got another token"
asked=$(control requests '{"endpoint": "token"}' | grep -c 'grant_type=refresh_token' || true)
[ "$asked" = 1 ] || fail "sixty-one commands asked $asked times for a token"
if grep -rq eyJ "$XDG_RUNTIME_DIR/passgres-$(id -u)"; then fail "the token of a sign-in lies in a file"; fi

control forget-requests >/dev/null
who=$("$passgres" psql "$to" -- -X -A -t -c "select current_user" </dev/null)
[ "$who" = ada@contoso.example ] || fail "psql logged in as $who"
asked=$(control requests '{"endpoint": "device-code"}') || fail "the stand-in does not say what it was asked"
case $asked in *"device-code: "*) fail "a code was asked for again" ;; esac
"$passgres" status --output json >"$stage/status"
grep -q '"user" : "ada@contoso.example"' "$stage/status" || fail "status does not say who is signed in"
if grep -q eyJ "$stage/status"; then fail "status shows a token"; fi
python3 - "$stage/status" <<'PY' || fail "status has not the keys of the contract"
import json, sys
status = json.load(open(sys.argv[1]))
assert {"signIns", "cachedTokens", "secrets"} <= set(status), status
(sign_in,) = status["signIns"]
assert {"user", "tenant", "clientID", "cloud", "expiresOn", "store"} <= set(sign_in), sign_in
assert sign_in["store"] == "the secret service" and sign_in["expiresOn"] is None, sign_in
PY

control forget-requests >/dev/null
"$passgres" token --credentials managed-identity >/dev/null
"$passgres" token --credentials managed-identity >/dev/null
asked=$(control requests '{"endpoint": "imds"}' | grep -c 'resource=' || true)
[ "$asked" = 1 ] || fail "two commands asked the machine's endpoint $asked times"
"$passgres" status --output json | python3 -c '
import json, sys
tokens = json.load(sys.stdin)["cachedTokens"]
assert all({"credential", "scopes", "expiresOn", "store"} <= set(token) for token in tokens), tokens
places = {token["credential"]: token["store"] for token in tokens}
assert set(places) == {"managed-identity", "secret-store"} and len(tokens) == 2, tokens
assert places["secret-store"] == "the secret service" and places["managed-identity"].startswith("/"), tokens' || fail "status does not list the token that is shared"

# An application's secret, kept in the same store and found there by its name.
application() { (. "$stage/cloud/client-secret.environment"; printf '%s\n' "${!1}"); }
application AZURE_CLIENT_SECRET | "$passgres" secret store orders-batch 2>"$stage/secret.err"
grep -q 'kept the secret orders-batch in the secret service' "$stage/secret.err" || fail "secret store does not say where"
[ "$("$passgres" secret list)" = "orders-batch  kept in the secret service" ] || fail "the secret is not listed"
named=(env AZURE_TENANT_ID="$(application AZURE_TENANT_ID)" AZURE_CLIENT_ID="$(application AZURE_CLIENT_ID)"
    PASSGRES_CLIENT_SECRET_NAME=orders-batch)
"${named[@]}" "$passgres" token --credentials environment >"$stage/batch" || fail "the secret was not found by its name"
grep -q '^eyJ' "$stage/batch" || fail "no token for the secret that is kept"

"$passgres" logout 2>"$stage/logout.err"
grep -q 'the sign-in of ada@contoso.example' "$stage/logout.err" || fail "logout does not say what it forgot"
grep -q '1 token in the secret service' "$stage/logout.err" || fail "logout does not say that it forgot the token"
grep -q 'the secret "orders-batch" in the secret service' "$stage/logout.err" || fail "logout does not name the secret"
[ -z "$("$passgres" secret list)" ] || fail "logout left a secret"
status=0
"${named[@]}" "$passgres" token --credentials environment 2>"$stage/named.err" || status=$?
[ "$status" = 78 ] || { cat "$stage/named.err" >&2; fail "a secret that is not there ends with $status"; }
grep -q 'passgres secret store orders-batch' "$stage/named.err" || fail "the remedy does not say how to store the secret"
status=0
"$passgres" token --credentials secret-store 2>"$stage/after.err" || status=$?
[ "$status" = 69 ] || { cat "$stage/after.err" >&2; fail "after logout a token ends with $status"; }
grep -q 'passgres login' "$stage/after.err" || fail "the remedy does not name passgres login"

. Tests/SecretStore/terminal.sh
if [ "$store" = gnome-keyring ]; then
    python3 Tests/SecretStore/typed.py "$passgres" || fail "a terminal was not given back"
    . Tests/SecretStore/places.sh
fi

stage_down
echo "login: signed in once, psql asked nobody, sixty commands shared a token, logout left nothing ($store, as $(id -un))"
