#!/usr/bin/env bash
# The recipes that need nothing but what `make packages` installs: what the keeper tells a service manager, the PgBouncer of
# the page, a connection service. The others are in Tests/Deploy/all.sh.
set -euo pipefail
cd "$(dirname "$0")/../.."
. Tests/Demo/stage.sh
. Tests/Deploy/recipe.sh

page=Docs/Keeping-a-password-fresh.md
server=db.postgres.database.azure.com
step() { printf '%3ss  %s\n' "$SECONDS" "$*"; }
fail() { tail -n 12 "$stage"/*.log >&2 || true; echo "deploy: $*" >&2; exit 1; }
rotations() { grep -c 'gave a token' "$stage/keep.log" || true; }

stage_build
step "starting the stand-in with tokens of 8 seconds, and PostgreSQL"
stage_up --token-lifetime 8
trap 'pooler_down; stage_down' EXIT

step "what a keeper tells a service manager"
cat >"$stage/keep.json" <<JSON
{"connections": ["user=orders-api dbname=orders"], "passwordFiles": ["$stage/kept.pgpass"]}
JSON
python3 Tests/Deploy/notify.py "$stage" "$passgres" "$local_entra" "$stage/keep.json" || fail "the service manager"

# The user that PgBouncer runs as has the tool where it can reach it.
pooler=$stage/pooler
mkdir -m 0700 "$pooler" "$pooler/passgres" "$pooler/socket" "$pooler/log" "$pooler/run"
install -m 0755 "$passgres" "$pooler/passgres-tool"
cp "$stage/cloud/ca.pem" "$pooler/ca.pem"
mapped() { # what stands on the page, for the places of this run
    sed "s#host=$server port=5432#host=127.0.0.1 port=$db_port#; s#$server#$PGHOST#; s#/var/run/postgresql#$pooler/socket#g
        s#/var/log/postgresql#$pooler/log#; s#/run/passgres#$pooler/passgres#; s#/etc/ssl/certs/ca-certificates.crt#$pooler/ca.pem#
        s#^passgres #exec $pooler/passgres-tool #"
}
recipe ini "$page" | mapped >"$pooler/pgbouncer.ini"
# Server connections live for two seconds, so that there are logins all the time.
echo 'server_lifetime = 2' >>"$pooler/pgbouncer.ini"
[ "$(id -u)" != 0 ] || chown -R nobody "$pooler"
as_pooler=("${as_postgres[@]}" env -u PGHOST -u PGHOSTADDR -u PGPORT XDG_RUNTIME_DIR="$pooler/run" SSL_CERT_FILE="$pooler/ca.pem")
"${as_pooler[@]}" "$pooler/passgres-tool" --version >/dev/null || fail "PgBouncer's user cannot run the tool: is Swift's runtime open to all?"

pooler_up() {
    "${as_postgres[@]}" /usr/sbin/pgbouncer "$pooler/pgbouncer.ini" >"$stage/pgbouncer.log" 2>&1 &
    pooler_pid=$!
    stage_wait 10 test -s "$pooler/socket/pgbouncer.pid" || fail "PgBouncer does not start"
}
pooler_down() {
    [ -z "${keep_pid:-}" ] || kill "$keep_pid" 2>/dev/null || true
    [ -z "${pooler_pid:-}" ] || { kill -INT "$pooler_pid" 2>/dev/null || true; wait "$pooler_pid" 2>/dev/null || true; }
    pooler_pid= keep_pid=
}
pooled() { # a login through PgBouncer, as a user and with a password, if any
    env -u PGHOSTADDR PGPASSWORD="${2:-}" psql -X -At -w "host=127.0.0.1 port=6432 dbname=orders user=$1 sslmode=disable" -c 'select current_user' 2>>"$stage/pooled.log"
}
lives() { # through two rotations, with a keeper's command of the page
    recipe sh "$page" "$1" | mapped >"$pooler/keep.sh"
    "${as_pooler[@]}" bash "$pooler/keep.sh" 2>"$stage/keep.log" &
    keep_pid=$!
    stage_wait 20 bash -c "grep -q '^\"orders-api\"' '$pooler/passgres/userlist.txt'" || fail "no auth file"
    local before logins=0
    before=$(rotations)
    while [ $(($(rotations) - before)) -lt 2 ]; do
        [ "$(pooled "${@:2}")" = orders-api ] || fail "a login failed"
        logins=$((logins + 1))
    done
    [ "$(stat -c %a "$pooler/passgres/userlist.txt")" = 600 ] || fail "the auth file is open to others"
    kill "$keep_pid"; wait "$keep_pid" || fail "the keeper ended with status $?"
    keep_pid=
    step "  $logins logins through two rotations, none failed"
}

step "PgBouncer of the page, told by its pid file"
pooler_up
if pooled orders-api >/dev/null; then fail "a login without a password"; fi
lives 1 orders-api
step "the same with clients that have a line of their own"
pooler_down
rm -f "$pooler/socket/pgbouncer.pid"
sed -i 's/^auth_type = trust/auth_type = scram-sha-256/' "$pooler/pgbouncer.ini"
"${as_postgres[@]}" tee -a "$pooler/passgres/userlist.txt" >/dev/null <<<'"app" "a password of its own"'
pooler_up
if pooled app wrong >/dev/null; then fail "a wrong password is good enough"; fi
lives 1 app 'a password of its own'
step "told by its console"
lives 2 app 'a password of its own'
grep -q 'RELOAD command issued' "$pooler/log/pgbouncer.log" || fail "the console was not used"
[ "$(tail -n 1 "$pooler/passgres/userlist.txt")" = '"app" "a password of its own"' ] || fail "a line of somebody else was lost"
pooler_down

step "a connection service, as on the page"
recipe sh Docs/Connecting.md | sed "s#$server#$PGHOST#; s#^passgres #$passgres #; s#^psql #psql -X -At -w -c 'select current_user' #" >"$stage/service.sh"
[ "$(bash "$stage/service.sh" 2>"$stage/service.log")" = orders-api ] || fail "no login by a service"
if grep -q eyJ "$stage/home/.pg_service.conf"; then fail "a token stands in the service file"; fi
if grep -hE 'eyJ[A-Za-z0-9_-]{20,}' "$stage"/*.log "$pooler"/log/*; then fail "a token stands in a log"; fi
step "done"
