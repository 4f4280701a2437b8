#!/usr/bin/env bash
# The units of Docs/Deploy on a systemd that was booted for them: the machine's keeper with Debian's PgBouncer, and a
# user's. Needs root, for systemd-nspawn. Tests/Deploy/prepare.sh makes the systems that are booted.
#
#   Tests/Deploy/systemd.sh [SUITE]     bookworm, or another of Debian's suites
set -euo pipefail
cd "$(dirname "$0")/../.."
. Tests/Demo/stage.sh
. Tests/Deploy/places.sh
. Tests/Deploy/recipe.sh

[ "$(id -u)" = 0 ] || { echo "systemd: booting a system needs root" >&2; exit 1; }
suite=${1:-bookworm}
[ -d "$place/$suite" ] || { echo "systemd: there is no $place/$suite: run Tests/Deploy/prepare.sh" >&2; exit 1; }
stage_build
. Tests/Deploy/machine.sh
settings=$(mktemp)
machine_settings >"$settings"
stage_up --config "$settings" --token-lifetime 10
rm -f "$settings"
stage_sql <<<'create role "report-reader" login;'

units=/etc/systemd/system
files=$stage/machine
share=$stage/share
mkdir "$files" "$share"
sed "s/db\.postgres/srv.postgres/; s/00000000-0000-0000-0000-000000000000/$reader_client/" Docs/Deploy/keep.json >"$files/keep.json"
recipe ini Docs/Keeping-a-password-fresh.md | sed "s/host=db\.postgres[^ ]* port=5432/host=srv.postgres.database.azure.com port=$db_port/
    s#/etc/ssl/certs/ca-certificates.crt#/share/ca.pem#" >"$files/pgbouncer.ini"
# Server connections live for two seconds, so that there are logins all the time.
echo "server_lifetime = 2" >>"$files/pgbouncer.ini"
printf '127.0.0.1 localhost srv.postgres.database.azure.com\n' >"$files/hosts"
install -m 0644 "$stage/cloud/ca.pem" "$share/ca.pem"
# What every service finds in its environment, so that the units need no change.
variables="AZURE_POD_IDENTITY_AUTHORITY_HOST=$AZURE_POD_IDENTITY_AUTHORITY_HOST PASSGRES_CREDENTIALS=managed-identity PGPORT=$db_port SSL_CERT_FILE=/share/ca.pem"
printf '[Manager]\nDefaultEnvironment=%s\n' "$variables" >"$files/environment.conf"
cat >"$files/check.service" <<UNIT
[Unit]
After=basic.target dbus.service pgbouncer.service systemd-logind.service
[Service]
Type=oneshot
Environment=CLOUD=/cloud LOCAL_ENTRA=/usr/local/bin/passgres-local-entra
ExecStart=/bin/bash /machine/check.sh
ExecStopPost=/bin/systemctl poweroff --force
TimeoutStartSec=300
[Install]
WantedBy=multi-user.target
UNIT
mkdir "$files/requires" && ln -s "$units/check.service" "$files/requires/check.service"
cp Tests/Deploy/systemd-check.sh "$files/check.sh"

binds=(
    --bind-ro="$passgres:/usr/local/bin/passgres" --bind-ro="$local_entra:/usr/local/bin/passgres-local-entra"
    --bind-ro="$PWD/Docs/Deploy/passgres-keep.service:$units/passgres-keep.service"
    --bind-ro="$PWD/Docs/Deploy/passgres-keep.user.service:/machine/passgres-keep.user.service"
    --bind-ro="$files/check.service:$units/check.service" --bind-ro="$files/requires:$units/multi-user.target.requires"
    --bind-ro="$files/check.sh:/machine/check.sh"
    --bind-ro="$files/keep.json:/machine/keep.json" --bind-ro="$files/pgbouncer.ini:/machine/pgbouncer.ini"
    --bind-ro="$files/hosts:/etc/hosts"
    --bind-ro="$files/environment.conf:/etc/systemd/system.conf.d/passgres.conf"
    --bind-ro="$files/environment.conf:/etc/systemd/user.conf.d/passgres.conf"
    --bind="$share:/share" --bind-ro="$stage/cloud:/cloud"
)
# A tool that was built against the Swift runtime as shared libraries finds it where it is.
runtime=$(ldd "$passgres" | sed -n 's#.* => \(/.*\)/libswiftCore.so .*#\1#p')
[ -z "$runtime" ] || binds+=(--bind-ro="$runtime")
# Suites after bookworm boot on the unified hierarchy only, whatever this machine has.
SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 timeout 300 systemd-nspawn --quiet --directory="$place/$suite" --volatile=overlay --boot --register=no --keep-unit \
    --machine=passgres-deploy --link-journal=no --resolv-conf=off "${binds[@]}" </dev/null >"$stage/console.log" 2>&1 || true
cat "$share/report" 2>/dev/null || true
if [ "$(cat "$share/result" 2>/dev/null)" != passed ]; then
    tail -n 60 "$share/journal" "$stage/console.log" >&2 || true
    echo "systemd: the units did not hold" >&2
    exit 1
fi
if grep -hE 'eyJ[A-Za-z0-9_-]{20,}' "$share/journal" "$share/report"; then echo "systemd: a token stands in the journal" >&2; exit 1; fi
