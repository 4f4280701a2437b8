#!/usr/bin/env bash
# Runs a command in a session of its own: a private home, a private D-Bus and a real, unlocked gnome-keyring-daemon.
#
#   session.sh [--no-bus | --no-service | --locked | --keepassxc | --keepassxc-locked | --keepassxc-empty] COMMAND...
#
# Nothing of the caller's desktop is seen or touched, and nothing is left running. Works as root and as an ordinary user.
# The command finds the daemon's process id in $KEYRING_PID and the bus's in $BUS_PID. With --keepassxc the service is a
# KeePassXC without a screen, with a database that it lends to others, or with --keepassxc-empty none.
set -euo pipefail

kind=full
case ${1:-} in
    --no-bus | --no-service | --locked | --keepassxc | --keepassxc-locked | --keepassxc-empty) kind=${1#--}; shift ;;
esac

private=$(mktemp -d "${TMPDIR:-/tmp}/passgres-session-XXXXXX")
keyring= bus=
finish() {
    trap - EXIT
    for pid in $keyring $bus; do
        kill -CONT "$pid" 2>/dev/null || true
        kill -TERM "$pid" 2>/dev/null || true
        # KeePassXC may want to ask somebody whether to save.
        for _ in $(seq 100); do
            kill -0 "$pid" 2>/dev/null || continue 2
            read -r -t 0.02 _ <> <(:) || true
        done
        kill -KILL "$pid" 2>/dev/null || true
        while kill -0 "$pid" 2>/dev/null; do read -r -t 0.02 _ <> <(:) || true; done
    done
    rm -rf "$private"
}
trap finish EXIT
trap 'exit 130' INT TERM HUP

for name in $(compgen -e | grep -E '^(DBUS_|XDG_|AZURE_|PASSGRES_|GNOME_KEYRING|SECRET_|DISPLAY$|WAYLAND_DISPLAY$)'); do unset "$name"; done
mkdir -m 0700 "$private/home" "$private/runtime"
export HOME=$private/home XDG_RUNTIME_DIR=$private/runtime

if [ "$kind" != no-bus ]; then
    # A configuration of its own: only what is wanted here can be started by the bus, which is nothing.
    cat >"$private/bus.conf" <<CONF
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=$private/runtime/bus</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
CONF
    dbus-daemon --config-file="$private/bus.conf" --nofork --nopidfile >"$private/bus.log" 2>&1 &
    bus=$!
    disown # a scenario may end it, which is nobody else's news
    export DBUS_SESSION_BUS_ADDRESS=unix:path=$private/runtime/bus BUS_PID=$bus
    for _ in $(seq 200); do
        [ -S "$private/runtime/bus" ] && break
        kill -0 "$bus" 2>/dev/null || { cat "$private/bus.log" >&2; exit 1; }
        read -r -t 0.02 _ <> <(:) || true
    done
fi

if [ "$kind" = full ] || [ "$kind" = locked ]; then
    # Unlocking makes the collection `login`, which is the default one.
    printf 'a test' | gnome-keyring-daemon --foreground --unlock --components=secrets >"$private/keyring.log" 2>&1 &
    keyring=$!
    disown
    export KEYRING_PID=$keyring
    gdbus wait --session --timeout 10 org.freedesktop.secrets || { cat "$private/keyring.log" >&2; exit 1; }
    if [ "$kind" = locked ]; then
        gdbus call --session --dest org.freedesktop.secrets --object-path /org/freedesktop/secrets \
            --method org.freedesktop.Secret.Service.Lock "['/org/freedesktop/secrets/collection/login']" >/dev/null
    fi
fi

# KeePassXC lends out the group that a database of its own names; which one can be said when a database is made.
keepassxc_database() {
    cat >"$private/database.xml" <<XML
<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<KeePassFile>
  <Meta>
    <DatabaseName>kept</DatabaseName>
    <CustomData>
      <Item><Key>FDO_SECRETS_EXPOSED_GROUP</Key><Value>{3b30060a-c73f-437f-a39a-cc092545d1cc}</Value></Item>
    </CustomData>
  </Meta>
  <Root><Group><UUID>OzAGCsc/Q3+jmswJJUXRzA==</UUID><Name>Passwords</Name></Group></Root>
</KeePassFile>
XML
    printf 'a test\na test\n' |
        keepassxc-cli import --quiet --set-password --decryption-time 100 "$private/database.xml" "$private/kept.kdbx" \
            >"$private/keyring.log" 2>&1
    cat >"$private/keepassxc.ini" <<INI
[General]
ConfigVersion=2
[FdoSecrets]
Enabled=true
ShowNotification=false
ConfirmAccessItem=false
ConfirmDeleteItem=false
[GUI]
CheckForUpdates=false
[Security]
LockDatabaseIdle=false
LockDatabaseScreenLock=false
INI
}

is_open() {
    [ "$(gdbus call --session --dest org.freedesktop.secrets --object-path /org/freedesktop/secrets/aliases/default \
        --method org.freedesktop.DBus.Properties.Get org.freedesktop.Secret.Collection Locked 2>/dev/null)" = "(<false>,)" ]
}

if [ "${kind%%-*}" = keepassxc ]; then
    keepassxc_database || { cat "$private/keyring.log" >&2; exit 1; }
    options=(--config "$private/keepassxc.ini" --localconfig "$private/local.ini")
    [ "$kind" = keepassxc ] && options+=(--pw-stdin)
    [ "$kind" = keepassxc-empty ] || options+=("$private/kept.kdbx")
    # There is one to a directory for temporary files.
    QT_QPA_PLATFORM=offscreen TMPDIR=$private keepassxc "${options[@]}" <<<'a test' >"$private/keyring.log" 2>&1 &
    keyring=$!
    disown
    export KEYRING_PID=$keyring
    gdbus wait --session --timeout 20 org.freedesktop.secrets || { cat "$private/keyring.log" >&2; exit 1; }
    if [ "$kind" = keepassxc ]; then
        # It offers the service before it has opened the database.
        for _ in $(seq 400); do
            is_open && break
            kill -0 "$keyring" 2>/dev/null || { cat "$private/keyring.log" >&2; exit 1; }
            read -r -t 0.05 _ <> <(:) || true
        done
        is_open || { echo "KeePassXC did not open its database" >&2; cat "$private/keyring.log" >&2; exit 1; }
    fi
fi

"$@"
