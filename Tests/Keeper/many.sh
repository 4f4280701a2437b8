#!/usr/bin/env bash
# Ten thousand logins of one identity in one running keeper: what each refresh costs.
#
#   Tests/Keeper/many.sh            with the tool as it is tested, which is not built for speed
#   Tests/Keeper/many.sh release    with the tool as it is shipped
set -euo pipefail
cd "$(dirname "$0")/../.."
. Tests/Demo/stage.sh

# CPU time in milliseconds that a refresh may take; the promise is made for the tool as it is shipped.
limit=20000
stage_build
if [ "${1:-}" = release ]; then
    limit=1000
    swift build --quiet -c release --static-swift-stdlib --product passgres
    passgres=$(swift build -c release --static-swift-stdlib --show-bin-path)/passgres
fi

step() { printf '%3ss  %s\n' "$SECONDS" "$*"; }
fail() { tail -n 12 "$stage"/*.log >&2 || true; echo "many: $*" >&2; exit 1; }

stage=$(mktemp -d "${TMPDIR:-/tmp}/passgres-stage-XXXXXX")
keep_pid=
trap 'kill $keep_pid $cloud_pid 2>/dev/null || true; wait; rm -rf "$stage"' EXIT
mkdir -m 0700 "$stage/cloud" "$stage/run" "$stage/one" "$stage/two"
for name in $(compgen -e | grep -E '^(AZURE_|PG|PASSGRES_|IDENTITY_|MSI_|IMDS_|XDG_)'); do unset "$name"; done
"$local_entra" serve --directory "$stage/cloud" --token-lifetime 24 >"$stage/cloud.log" 2>&1 &
cloud_pid=$!
stage_wait 15 test -s "$stage/cloud/ready.json" || fail "the stand-in did not start"
. "$stage/cloud/environment"
export HOME=$stage XDG_RUNTIME_DIR=$stage/run PASSGRES_CACHE=off

{
    printf '{"passwordFiles": ["%s/one/a", "%s/two/b"], "renewal": {"checkSeconds": 86400}, "connections": [' "$stage" "$stage"
    for ((number = 0; number < 10000; number++)); do
        printf '"host=h%s port=%s dbname=d user=u%s",\n' $((number % 100)) $((number + 1)) "$number"
    done
    printf '"host=last dbname=d user=u"]}\n'
} >"$stage/keep.json"

spent() { # CPU time of the keeper in milliseconds
    awk -v ticks="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); printf "%d\n", ($12 + $13) * 1000 / ticks }' "/proc/$keep_pid/stat"
}
rotations() { grep -c 'gave a token' "$stage/keep.log" || true; }
stored() { grep -c 'holds a new password for 10001 logins' "$stage/keep.log" || true; }
requests() {
    "$local_entra" control --directory "$stage/cloud" requests '{"endpoint":"imds"}' |
        sed -nE 's/.*"count" ?: ?([0-9]+).*/\1/p' | grep .
}

"$passgres" keep --config "$stage/keep.json" 2>"$stage/keep.log" &
keep_pid=$!
stage_wait 60 bash -c "[ \$(grep -c 'holds a new password' '$stage/keep.log') -ge 2 ]" || fail "nothing was stored"
step "10001 logins in two files: $(spent) ms of CPU time to read the configuration and store the first time, $(awk '/VmHWM/ {print int($2 / 1024)}' "/proc/$keep_pid/status") MB at most"

turns=$(rotations) asked=$(requests) before=$(spent) files_before=$(stored)
# A file that is replaced is another one: each is seen for as long as it takes to make the next.
declare -A seen_a=() seen_b=()
while [ "$(stored)" -lt $((files_before + 6)) ]; do
    seen_a[$(stat -c '%i %z' "$stage/one/a")]=1 seen_b[$(stat -c '%i %z' "$stage/two/b")]=1
    [ $SECONDS -lt 120 ] || fail "it does not refresh"
    read -r -t 0.02 _ <> <(:) || true
done
seen_a[$(stat -c '%i %z' "$stage/one/a")]=1 seen_b[$(stat -c '%i %z' "$stage/two/b")]=1
turns=$(($(rotations) - turns)) asked=$(($(requests) - asked)) cost=$((($(spent) - before) / 3))
[ "$turns" = 3 ] || fail "$turns refreshes"
[ "$asked" = 3 ] || fail "$asked requests for 3 refreshes"
[ "${#seen_a[@]}" = 4 ] && [ "${#seen_b[@]}" = 4 ] || fail "$((${#seen_a[@]} - 1)) and $((${#seen_b[@]} - 1)) replacements for 3 refreshes"
[ "$(wc -l <"$stage/one/a")" = 10001 ] || fail "not all logins are there"
[ "$(cut -d: -f5 "$stage/one/a" "$stage/two/b" | sort -u | wc -l)" = 1 ] || fail "the files hold more than one password"
[ "$cost" -lt "$limit" ] || fail "a refresh of both files took $cost ms of CPU time"
step "3 refreshes: 3 requests, 3 replacements of each file, $cost ms of CPU time for each refresh of both"
kill -TERM "$keep_pid"
wait "$keep_pid" || fail "it ended with status $?"
keep_pid=
