#!/usr/bin/env bash
# Runs a command in a session of its own: a private home, a private D-Bus and a real, unlocked gnome-keyring-daemon.
#
#   session.sh [--no-bus | --no-service | --locked] COMMAND...
#
# Nothing of the caller's desktop is seen or touched, and nothing is left running. Works as root and as an ordinary user.
# The command finds the daemon's process id in $KEYRING_PID and the bus's in $BUS_PID.
set -euo pipefail

kind=full
case ${1:-} in
    --no-bus | --no-service | --locked) kind=${1#--}; shift ;;
esac

private=$(mktemp -d "${TMPDIR:-/tmp}/passgres-session-XXXXXX")
keyring= bus=
finish() {
    trap - EXIT
    for pid in $keyring $bus; do
        kill -CONT "$pid" 2>/dev/null || true
        kill -TERM "$pid" 2>/dev/null || true
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

"$@"
