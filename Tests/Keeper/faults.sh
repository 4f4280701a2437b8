#!/usr/bin/env bash
# The keeper and file systems that do not do what they are told: a full one, a read-only one, one file that is a mount of
# its own. Real ones, in a mount namespace of this script's own.
set -euo pipefail
cd "$(dirname "$0")/../.."
. Tests/Demo/stage.sh

if [ "${1:-}" != --inside ]; then
    stage_build
    if [ "$(id -u)" = 0 ]; then
        exec unshare --mount --propagation private bash "$0" --inside
    fi
    exec unshare --user --map-current-user --keep-caps --mount --propagation private bash "$0" --inside
fi

step() { printf '%3ss  %s\n' "$SECONDS" "$*"; }
fail() { tail -n 12 "$stage"/*.log >&2 || true; echo "faults: $*" >&2; exit 1; }

stage_build
stage=$(mktemp -d "${TMPDIR:-/tmp}/passgres-stage-XXXXXX")
keep_pid=
trap 'kill $keep_pid $cloud_pid 2>/dev/null || true; wait; umount "$stage"/*/file "$stage"/full "$stage"/fixed 2>/dev/null || true; rm -rf "$stage"' EXIT
mkdir "$stage/full" "$stage/fixed" "$stage/bound" "$stage/fine" "$stage/gone"
mkdir -m 0700 "$stage/cloud" "$stage/run"
for name in $(compgen -e | grep -E '^(AZURE_|PG|PASSGRES_|IDENTITY_|MSI_|IMDS_|XDG_)'); do unset "$name"; done
"$local_entra" serve --directory "$stage/cloud" --token-lifetime 20 >"$stage/cloud.log" 2>&1 &
cloud_pid=$!
stage_wait 15 test -s "$stage/cloud/ready.json" || fail "the stand-in did not start"
. "$stage/cloud/environment"
export HOME=$stage XDG_RUNTIME_DIR=$stage/run PASSGRES_CACHE=off
mount -t tmpfs -o size=64k,mode=0700 tmpfs "$stage/full"
mount -t tmpfs -o size=64k,mode=0700 tmpfs "$stage/fixed"
touch "$stage/bound/file"
for place in full fixed bound fine gone; do
    echo "x:1:d:$place:mine" >"$stage/$place/file"
    chmod 0600 "$stage/$place/file"
done
mount --bind "$stage/bound/file" "$stage/bound/file"
mount -o remount,ro "$stage/fixed"
head -c 1M /dev/zero >"$stage/full/ballast" 2>/dev/null || true
[ "$(df --output=avail "$stage/full" | tail -n 1)" -eq 0 ] || fail "the disk is not full"

cat >"$stage/keep.json" <<JSON
{
  "connections": ["host=h dbname=d user=u"],
  "passwordFiles": ["$stage/full/file", "$stage/fixed/file", "$stage/bound/file", "$stage/fine/file", "$stage/gone/file"],
  "pgbouncer": {"authFile": "$stage/full/userlist.txt"},
  "owner": "$(id -u)",
  "renewal": {"checkSeconds": 1, "retrySeconds": 2}
}
JSON
"$passgres" keep --config "$stage/keep.json" 2>"$stage/keep.log" &
keep_pid=$!
says() { stage_wait 20 grep -q "$1" "$stage/keep.log" || fail "nothing was said of this: $1"; }
holds() { # whether a file has the password first and its old line after it
    head -n 1 "$stage/$1/file" | grep -q '^h:5432:d:u:eyJ' && tail -n 1 "$stage/$1/file" | grep -qx "x:1:d:$1:mine" &&
        [ "$(stat -c %a "$stage/$1/file")" = 600 ] && [ "$(wc -l <"$stage/$1/file")" = 2 ]
}
stage_wait 20 holds fine || fail "the sound file has no password"
says "full/file did not take the password: writing $stage/full/file: No space left on device. Make room on its disk"
says "full/userlist.txt did not take the password: writing $stage/full/userlist.txt: No space left on device"
says "fixed/file did not take the password: writing $stage/fixed/file: Read-only file system"
says "bound/file did not take the password: writing $stage/bound/file: .*busy. The file may be a mount of its own: mount its directory"
for place in full fixed bound; do
    [ "$(cat "$stage/$place/file")" = "x:1:d:$place:mine" ] || fail "the file in $place was changed"
done
[ "$(ls -A "$stage/full")" = $'ballast\nfile' ] || fail "left on the full disk: $(ls -A "$stage/full")"
[ "$(ls -A "$stage/bound")" = file ] || fail "left beside the mounted file: $(ls -A "$stage/bound")"
step "a full disk, a read-only one and a file that cannot be renamed to: the old files are whole, the others are served"

rm -r "$stage/gone"
says "gone/file did not take the password: writing $stage/gone/file: No such file or directory. Make its directory"
rm "$stage/full/ballast"
mount -o remount,rw "$stage/fixed"
umount "$stage/bound/file"
mkdir "$stage/gone"
for place in full fixed bound; do stage_wait 10 holds $place || fail "the file in $place was not put right"; done
stage_wait 10 grep -q '^h:5432:d:u:eyJ' "$stage/gone/file" || fail "the removed directory is not served"
stage_wait 10 test -s "$stage/full/userlist.txt" || fail "the auth file was not written"
[ "$(ls -A "$stage/full")" = $'file\nuserlist.txt' ] || fail "left on the disk: $(ls -A "$stage/full")"
"$passgres" keep --status >/dev/null || fail "not every destination is fresh: $("$passgres" keep --status)"
step "each served within seconds of being put right"

# A disk that is full at the next rotation: the old password stays, whole.
head -c 1M /dev/zero >"$stage/full/ballast" 2>/dev/null || true
before=$(cat "$stage/full/file")
turns=$(grep -c 'gave a token' "$stage/keep.log")
stage_wait 20 bash -c "[ \$(grep -c 'gave a token' '$stage/keep.log') -gt $turns ]" || fail "no rotation"
stage_wait 5 bash -c "'$passgres' keep --status | grep -q '^stale .*full/file .*No space left'" || fail "not stale: $("$passgres" keep --status)"
[ "$(cat "$stage/full/file")" = "$before" ] || fail "the old password is gone"
stage_wait 5 bash -c "'$passgres' keep --status | grep -q '^fresh .*fine/file'" || fail "the sound file is not fresh"
kill -TERM "$keep_pid"
wait "$keep_pid" || fail "it ended with status $?"
keep_pid=
if grep -hE 'eyJ[A-Za-z0-9_-]{20,}' "$stage"/*.log; then fail "a token stands in a log"; fi
step "a disk that is full at a rotation: the old password stays, and the status says so"
