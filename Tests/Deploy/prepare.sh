#!/usr/bin/env bash
# Puts what Tests/Deploy/all.sh needs from Debian and PyPI into .build/deploy, as far as it is not there. Needs root, and the
# way to both.
set -euo pipefail
cd "$(dirname "$0")/../.."
. Tests/Deploy/places.sh

[ "$(id -u)" = 0 ] || { echo "deploy: booting systems and running images needs root" >&2; exit 1; }
bash Tests/packages.sh
needed=(
    systemd-container debootstrap buildah   # systems and images to boot and run
    python3-venv python3-dev gcc libkrb5-dev # pgAdmin's packages, of which one is compiled
)
missing=()
for package in "${needed[@]}"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
    echo "installing: ${missing[*]}"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends -o Dpkg::Use-Pty=0 "${missing[@]}" >/dev/null
fi

mkdir -p "$place"
python() { # a place of its own for packages of PyPI
    local name=$1; shift
    [ ! -e "$place/$name/complete" ] || return 0
    echo "installing: $*"
    rm -rf "${place:?}/$name"
    python3 -m venv "$place/$name"
    "$place/$name/bin/pip" install --quiet --disable-pip-version-check "$@"
    touch "$place/$name/complete"
}
python kubernetes kubernetes-validate==1.37.0 pyyaml
python pgcli pgcli==4.7.1 psycopg-binary
python pgadmin pgadmin4==9.18

system() { # a suite of Debian with systemd and PgBouncer, and the packages that have other names there
    local suite=$1; shift
    [ ! -e "$place/$suite.complete" ] || return 0
    echo "installing: Debian $suite"
    rm -rf "${place:?}/$suite"
    local packages=(systemd systemd-sysv dbus dbus-user-session libpam-systemd procps libsecret-1-0 ca-certificates pgbouncer postgresql-client "$@")
    debootstrap --variant=minbase --include="$(IFS=,; echo "${packages[*]}")" "$suite" "$place/$suite" http://deb.debian.org/debian \
        >"$place/debootstrap.log" 2>&1 || { tail -n 5 "$place/debootstrap.log" >&2; exit 1; }
    touch "$place/$suite.complete"
}
system bookworm libcurl4 libssl3
system trixie libcurl4t64 libssl3t64
