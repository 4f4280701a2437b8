#!/usr/bin/env bash
# Installs the system packages that building and testing need and that are missing. Does nothing where none is.
set -euo pipefail

needed=(
    libssl-dev libcurl4-openssl-dev libsecret-1-dev   # what the libraries link
    libpq-dev                                         # the judge of our parsers
    postgresql postgresql-client pgbouncer            # a real server, psql and a real pooler
    gnome-keyring dbus libglib2.0-bin pkg-config      # a real secret service on a bus of its own
    python3-gi                                        # a person who shuts the window that asks for a password
    keepassxc                                         # another secret service, without a screen
    libqrencode4 zbar-tools                           # draws QR codes, and reads them
    python3 binutils                                  # an example program, and what programs link
    openssl util-linux procps iproute2                # certificates, setpriv and unshare, process lists, private networks
)

missing=()
for package in "${needed[@]}"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

echo "installing: ${missing[*]}"
if [ "$(id -u)" = 0 ]; then
    as_root=(env DEBIAN_FRONTEND=noninteractive)
elif command -v sudo >/dev/null; then
    as_root=(sudo env DEBIAN_FRONTEND=noninteractive)
else
    echo "These packages are missing and need root to install: ${missing[*]}" >&2
    echo "Run as root:  apt-get install ${missing[*]}" >&2
    exit 1
fi
install() {
    "${as_root[@]}" apt-get install -y -qq --no-install-recommends -o Dpkg::Use-Pty=0 "$@" >/dev/null
}
"${as_root[@]}" apt-get update -qq

# Debian's packages start a server of their own when they are installed, and PostgreSQL's makes a database for it. None is
# wanted here: what prevents that is put in place for the installation, and taken away after it.
setting=/etc/postgresql-common/createcluster.conf
policy=/usr/sbin/policy-rc.d
restore() {
    [ ! -e "$setting.passgres" ] || "${as_root[@]}" mv -f "$setting.passgres" "$setting"
    [ -z "${made_policy:-}" ] || "${as_root[@]}" rm -f "$policy"
}
trap restore EXIT
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
    "${as_root[@]}" chmod 0755 "$policy"
    made_policy=yes
fi
if [[ " ${missing[*]} " == *" postgresql "* ]]; then
    install postgresql-common
    "${as_root[@]}" cp -p "$setting" "$setting.passgres"
    echo "create_main_cluster = false" | "${as_root[@]}" tee -a "$setting" >/dev/null
fi
install "${missing[@]}"
