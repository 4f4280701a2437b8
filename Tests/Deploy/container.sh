#!/usr/bin/env bash
# The image that Tests/Deploy/image.sh built, as the manifest of the sidecar runs it: its user, a root that cannot be
# written, no capabilities, volumes of a tmpfs that belong to root. Needs root.
set -euo pipefail
cd "$(dirname "$0")/../.."
. Tests/Demo/stage.sh
. Tests/Deploy/places.sh
. Tests/Deploy/workload.sh

[ "$(id -u)" = 0 ] || { echo "container: running an image needs root" >&2; exit 1; }
step() { printf '%3ss  %s\n' "$SECONDS" "$*"; }
fail() { tail -n 12 "$stage"/*.log >&2 || true; echo "container: $*" >&2; exit 1; }
box=(buildah --root "$place/storage" --runroot "$place/storage-run")

stage_build
settings=$(mktemp)
workload_settings >"$settings"
stage_up --config "$settings" --token-lifetime 8
rm -f "$settings"
workload_environment
trap container_down EXIT
container_down() {
    [ -z "${inside_pid:-}" ] || { kill "$inside_pid" 2>/dev/null || true; wait "$inside_pid" 2>/dev/null || true; }
    if [ -n "${container:-}" ]; then "${box[@]}" rm "$container" >/dev/null || true; fi
    stage_down
}

container=$("${box[@]}" from --pull-never localhost/passgres)
image=$("${box[@]}" inspect --type image localhost/passgres)
look() { python3 -c 'import json, sys; print(eval("json.load(sys.stdin)[\"Docker\"][\"config\"]" + sys.argv[1]))' "$1" <<<"$image"; }
[ "$(look '["User"]')" = 10001:10001 ] || fail "its user is $(look '["User"]')"
[ "$(look '["Healthcheck"]["Test"]')" = "['CMD', 'passgres', 'keep', '--status']" ] || fail "its health check is $(look '["Healthcheck"]')"
[ "$(look '["Cmd"]')" = "['passgres', 'keep']" ] || fail "its command is $(look '["Cmd"]')"
[ "$("${box[@]}" run --isolation chroot "$container" -- id -un)" = passgres ] || fail "it runs as somebody else"
step "image: $("${box[@]}" run --isolation chroot "$container" -- passgres --version), $("${box[@]}" run --isolation chroot "$container" -- stat -c '%s bytes' /usr/local/bin/passgres), loads $(
    objdump -p "$("${box[@]}" mount "$container")/usr/local/bin/passgres" | awk '/NEEDED/ {print $2}' | grep -vE '^(libc|libm|libgcc_s|ld-linux.*|libstdc\+\+)\.so' | paste -sd' ')"
if "${box[@]}" run --isolation chroot "$container" -- passgres keep --status >/dev/null 2>&1; then fail "healthy without a keeper"; fi

# The identity's token, where the webhook puts it, readable by the pod's user alone.
mkdir "$stage/tokens"
install -o 10001 -g 10001 -m 0400 "$stage/federated-token" "$stage/tokens/token"
install -m 0644 "$stage/cloud/ca.pem" "$stage/tokens/ca.pem"
chmod 0755 "$stage/tokens"
root=$("${box[@]}" mount "$container")
# Where volumes come is made by whoever runs containers.
mkdir -p "$root/credentials" "$root/var/run/secrets/azure/tokens"
inside() { # a command in the container
    systemd-nspawn --quiet --register=no --keep-unit --machine=passgres-container --directory="$root" --read-only \
        --user=passgres --drop-capability=all --no-new-privileges=yes --as-pid2 --resolv-conf=off --timezone=off --console=pipe \
        --bind="$stage/volumes/credentials:/credentials" --bind="$stage/volumes/keeper:/run/passgres" \
        --bind-ro="$stage/tokens:/var/run/secrets/azure/tokens" "${variables[@]}" -- "$@"
}
mkdir -m 0777 "$stage/volumes"
for volume in credentials keeper; do mkdir -m 0777 "$stage/volumes/$volume"; chmod 0777 "$stage/volumes/$volume"; done
variables=(--setenv=PGPORT="$db_port" --setenv=SSL_CERT_FILE=/var/run/secrets/azure/tokens/ca.pem
    --setenv=AZURE_FEDERATED_TOKEN_FILE=/var/run/secrets/azure/tokens/token --setenv=PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin)
for name in AZURE_CLIENT_ID AZURE_TENANT_ID AZURE_AUTHORITY_HOST; do variables+=(--setenv="$name=${!name}"); done
variables+=(--setenv=XDG_RUNTIME_DIR=/run/passgres)

mapfile -t command < <("$place/kubernetes/bin/python" - "$PGHOST" <<'PY'
import sys, yaml
pod = next(one for one in yaml.safe_load_all(open("Docs/Deploy/kubernetes-sidecar.yaml")) if one["kind"] == "Pod")
sidecar = pod["spec"]["initContainers"][0]
for word in sidecar["command"] + sidecar["args"]:
    print(word.replace("db.postgres.database.azure.com", sys.argv[1]))
PY
)
inside "${command[@]}" >"$stage/keep.log" 2>&1 &
inside_pid=$!
is_ready() {
    exec 8<>/dev/tcp/127.0.0.1/9911 || return 1
    printf 'GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n' >&8
    head -n 1 <&8 | grep -q ' 200 '
}
stage_wait 20 is_ready || fail "not ready"
step "sidecar: ready, as user 10001 with a root that cannot be written"
[ "$(stat -c '%u %a' "$stage/volumes/credentials/pgpass")" = "10001 600" ] || fail "the password file is $(stat -c '%u %a' "$stage/volumes/credentials/pgpass")"
login() { # as the application's container would, with the same user
    setpriv --reuid=10001 --regid=10001 --clear-groups env -i PATH="$PATH" PGHOST="$PGHOST" PGHOSTADDR=127.0.0.1 PGPORT="$db_port" PGUSER=orders-api \
        PGDATABASE=orders PGSSLMODE=verify-full PGSSLROOTCERT="$stage/tokens/ca.pem" PGPASSFILE="$stage/volumes/credentials/pgpass" \
        psql -X -At -w -c 'select current_user'
}
turns=$(grep -c 'gave a token' "$stage/keep.log" || true) logins=0
while [ $(($(grep -c 'gave a token' "$stage/keep.log" || true) - turns)) -lt 2 ]; do
    [ "$(login)" = orders-api ] || fail "a login failed"
    logins=$((logins + 1))
    read -r -t 0.2 _ <> <(:) || true
done
step "application: $logins logins through two rotations, none failed"
keeper=$(pgrep -n -u 10001 -x passgres)
step "memory: $(awk '/VmHWM/ {print $2 " kB at most"}' "/proc/$keeper/status"); $(awk '/NoNewPrivs|CapBnd/ {printf "%s%s ", $1, $2}' "/proc/$keeper/status")"
nsenter --all --target "$keeper" --setuid 10001 --setgid 10001 env XDG_RUNTIME_DIR=/run/passgres \
    passgres keep --status --allow-shared-directory=/run/passgres >"$stage/healthy" ||
    fail "its health check says no: $(cat "$stage/healthy")"
grep -q '^fresh  */credentials/pgpass' "$stage/healthy" || fail "its health check says $(cat "$stage/healthy")"
step "health check: $(cat "$stage/healthy")"
kill -TERM "$keeper"
status=0; wait "$inside_pid" || status=$?
inside_pid=
[ "$status" = 0 ] || fail "SIGTERM ended it with status $status"
step "SIGTERM: status 0"
if grep -qE 'eyJ[A-Za-z0-9_-]{20,}' "$stage/keep.log"; then fail "a token stands in the log"; fi
