# Runs inside the booted system, as root. Its findings go to /share.
exec >/share/report 2>&1
set -uo pipefail

began=$SECONDS
say() { printf '%3ss  %s\n' "$((SECONDS - began))" "$*"; }
ended() {
    journalctl --no-pager --output=short-monotonic >/share/journal 2>&1
    sync
}
trap ended EXIT
fail() { say "FAILED: $*"; systemctl status --no-pager passgres-keep pgbouncer 2>&1 | head -40; echo failed >/share/result; exit 1; }
until_true() { # seconds, command
    local end=$((SECONDS + $1)); shift
    until "$@" >/dev/null 2>&1; do [ $SECONDS -lt $end ] || return 1; sleep 0.1; done
}
shows() { systemctl show --value --property="$1" "${2:-passgres-keep}"; }
is() { [ "$(shows "$1")" = "$2" ]; }
logged() { journalctl --no-pager -u passgres-keep | grep -q -- "$1"; }
ready() { # the status of /readyz
    exec 8<>/dev/tcp/127.0.0.1/9911 || return 1
    printf 'GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n' >&8
    head -n 1 <&8 | grep -q ' 200 '
}
pooled() { psql -X -At -w -c 'select current_user' "host=127.0.0.1 port=6432 dbname=orders user=orders-api sslmode=disable"; }
control() { "$LOCAL_ENTRA" control --directory "$CLOUD" "$@" >/dev/null; }
outage() { control fault '{"endpoint":"imds","kind":"reply","status":500,"body":"{}","times":100000}'; }
as_postgres() { runuser -u postgres -- env XDG_RUNTIME_DIR=/run/passgres "$@"; }

say "$(systemctl --version | head -n 1)"
systemd-analyze verify /etc/systemd/system/passgres-keep.service /machine/passgres-keep.user.service || fail "systemd-analyze verify"
say "verify: both units; security: $(systemd-analyze security --no-pager passgres-keep | tail -n 1 | sed 's/^[^O]*//')"

# As the page says: its configuration of PgBouncer, and the keeper's.
install -o postgres -g postgres -m 0640 /machine/pgbouncer.ini /etc/pgbouncer/pgbouncer.ini
mkdir /etc/passgres && cp /machine/keep.json /etc/passgres/keep.json
systemctl restart pgbouncer || fail "PgBouncer does not start without its auth file"
pooled 2>/dev/null && fail "a login without a password"

timeout 60 systemctl start passgres-keep || fail "start"
is ActiveState active || fail "not active"
ready || fail "started, and not ready"
[ "$(ps -o user= -p "$(shows MainPID)")" = postgres ] || fail "runs as somebody else"
[ "$(stat -c '%U %a' /run/passgres/userlist.txt /run/passgres/reports.pgpass | sort -u)" = "postgres 600" ] || fail "files: $(ls -l /run/passgres)"
[ "$(pooled)" = orders-api ] || fail "no login through PgBouncer"
[ "$(as_postgres psql -X -At -w -c 'select current_user' "host=srv.postgres.database.azure.com dbname=orders user=report-reader sslmode=verify-full sslrootcert=/share/ca.pem port=$PGPORT passfile=/run/passgres/reports.pgpass")" = report-reader ] || fail "no login by the password file"
say "start: returned when every file was fresh; systemd shows \"$(shows StatusText)\""
as_postgres passgres keep --status | sed 's/^/      /' || fail "keep --status"

turns=$(journalctl -u passgres-keep | grep -c 'gave a token'); logins=0
while [ $(($(journalctl -u passgres-keep | grep -c 'gave a token') - turns)) -lt 4 ]; do
    pooled >/dev/null || fail "a login failed"
    logins=$((logins + 1)); sleep 0.2
done
say "rotation: $logins logins through PgBouncer over two rotations of both tokens, none failed"

sed -i 's#"/run/passgres/reports.pgpass"#"/run/passgres/reports.pgpass", "/var/lib/postgresql/outside.pgpass"#' /etc/passgres/keep.json
systemctl reload passgres-keep || fail "reload"
until_true 10 logged 'the configuration was read again' || fail "reload was not heard"
until_true 10 logged 'outside.pgpass.*Read-only file system' || fail "it may write where it should not"
is ActiveState active || fail "not active after a reload"
say "reload: heard; ProtectSystem keeps it from a directory that is not its own, and the rest goes on"
cp /machine/keep.json /etc/passgres/keep.json
echo '{"connection": []}' >/etc/passgres/keep.json
systemctl reload passgres-keep
until_true 10 logged 'could not be read again, the old one stays' || fail "a broken configuration was taken"
cp /machine/keep.json /etc/passgres/keep.json
systemctl reload passgres-keep
until_true 10 ready || fail "not ready after the configuration was put right"

mkdir /etc/systemd/system/passgres-keep.service.d
if [ "$(systemctl --version | sed -n '1s/^systemd \([0-9]*\).*/\1/p')" -ge 253 ]; then
    printf '[Service]\nType=notify-reload\nExecReload=\n' >/etc/systemd/system/passgres-keep.service.d/reload.conf
    systemctl daemon-reload
    timeout 60 systemctl restart passgres-keep || fail "start with notify-reload"
    before=$(journalctl -u passgres-keep | grep -c 'the configuration was read again')
    timeout 20 systemctl reload passgres-keep || fail "reload with notify-reload"
    [ "$(journalctl -u passgres-keep | grep -c 'the configuration was read again')" -gt "$before" ] || fail "notify-reload did not wait"
    is ActiveState active || fail "not active after notify-reload"
    say "notify-reload: systemctl reload returned when the configuration had been read"
fi
printf '[Service]\nWatchdogSec=4\nRestartSec=1\n' >/etc/systemd/system/passgres-keep.service.d/short.conf
systemctl daemon-reload
timeout 60 systemctl restart passgres-keep || fail "restart"
first=$(shows WatchdogTimestampMonotonic)
sleep 9
is NRestarts 0 || fail "the watchdog did not hear it"
[ "$(shows WatchdogTimestampMonotonic)" -gt "$first" ] || fail "the watchdog heard nothing"
kill -STOP "$(shows MainPID)"
until_true 30 is NRestarts 1 || fail "a keeper that hangs was not noticed"
until_true 30 is ActiveState active || fail "not active after the watchdog"
logged 'Watchdog timeout' || fail "it was something else than the watchdog"
kill -KILL "$(shows MainPID)"
until_true 30 is NRestarts 2 && until_true 30 is ActiveState active || fail "not started again after SIGKILL"
[ "$(pooled)" = orders-api ] || fail "no login after restarts"
say "watchdog: fed for 9 s of 4; a keeper that hangs, and one that is killed, are started again"

systemctl stop passgres-keep || fail "stop"
[ "$(shows Result) $(shows ExecMainStatus)" = "success 0" ] || fail "it ended with $(shows Result) $(shows ExecMainStatus)"
[ -s /run/passgres/userlist.txt ] || fail "its files went with it"
say "stop: status 0, and the files stay"

rm -rf /run/passgres/passgres-*/tokens
outage
systemctl start --no-block passgres-keep
sleep 3
is ActiveState activating || fail "$(shows ActiveState) without a token"
kill -HUP "$(shows MainPID)"
sleep 2
is ActiveState activating || fail "SIGHUP made it count as started"
control no-faults
until_true 60 is ActiveState active || fail "not active after the outage"
say "outage at the start: activating until the identity service was back, then active"

echo '{"connection": []}' >/etc/passgres/keep.json
systemctl restart passgres-keep && fail "a wrong configuration starts"
sleep 2
[ "$(shows ActiveState) $(shows ExecMainStatus) $(shows NRestarts)" = "failed 78 0" ] || fail "wrong configuration: $(shows ActiveState) $(shows ExecMainStatus) $(shows NRestarts)"
say "wrong configuration: failed with status 78, and not tried again"

useradd --create-home --shell /bin/bash ada || fail "no user"
home=/home/ada
install -d -o ada -g ada $home/.config $home/.config/systemd $home/.config/systemd/user $home/.config/passgres
install -o ada -g ada -m 0644 /machine/passgres-keep.user.service $home/.config/systemd/user/passgres-keep.service
echo '{"connections": ["host=srv.postgres.database.azure.com user=orders-api"]}' >$home/.config/passgres/keep.json
loginctl enable-linger ada || fail "linger"
runtime=/run/user/$(id -u ada)
until_true 20 test -S "$runtime/bus" || fail "no user manager"
as_ada() { runuser -u ada -- env -u PGPORT XDG_RUNTIME_DIR="$runtime" HOME=$home "$@"; }
as_ada timeout 60 systemctl --user enable --now passgres-keep || fail "the user's keeper does not start: $(as_ada systemctl --user status --no-pager passgres-keep)"
as_ada psql -X -At -w -c 'select current_user' "host=srv.postgres.database.azure.com dbname=reporting user=orders-api sslmode=verify-full sslrootcert=/share/ca.pem port=$PGPORT" | grep -qx orders-api || fail "no login by ~/.pgpass"
as_ada passgres keep --status | grep -q "fresh *$home/.pgpass" || fail "the user's keeper is not found"
as_ada systemctl --user reload passgres-keep || fail "reload of the user's keeper"
until_true 10 bash -c "journalctl _UID=$(id -u ada) | grep -q 'the configuration was read again'" || fail "the user's keeper did not hear the reload"
as_ada systemctl --user stop passgres-keep || fail "stop of the user's keeper"
[ "$(as_ada systemctl --user show --value --property=Result passgres-keep)" = success ] || fail "the user's keeper did not end well"
say "user: started, logs in by ~/.pgpass, found by keep --status, reloaded, stopped"
echo passed >/share/result
