#!/usr/bin/env bash
# The keeper on real parts: a PostgreSQL and a PgBouncer live through rotations of short tokens and through an outage.
#
#   Tests/Keeper/run.sh         tokens of 8 seconds, about 50 seconds in all
#   Tests/Keeper/run.sh long    tokens of 60 seconds, five minutes of pgbench
set -euo pipefail
cd "$(dirname "$0")/../.."
. Tests/Demo/stage.sh
. Tests/Keeper/bouncer.sh

if [ "${1:-}" = long ]; then lifetime=60 span=300; else lifetime=8 span=20; fi

step() { printf '%3ss  %s\n' "$SECONDS" "$*"; }
fail() { tail -n 12 "$stage"/*.log >&2 || true; echo "keeper: $*" >&2; exit 1; }
health() { # the status of a health check
    exec 8<>"/dev/tcp/127.0.0.1/$health_port"
    printf 'GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n' "$1" >&8
    head -n 1 <&8 | cut -d ' ' -f 2
    exec 8>&-
}
is_ready() { [ "$(health /readyz)" = 200 ]; }
rotations() { grep -c 'gave a token' "$stage/keep.log"; }
issued() { "$local_entra" control --directory "$stage/cloud" requests '{"endpoint":"imds"}' | grep -c '"path"' || true; }

stage_build
step "starting the stand-in with tokens of $lifetime seconds, PostgreSQL and PgBouncer"
stage_up --token-lifetime "$lifetime"
trap 'bouncer_down; [ -z "${keep_pid:-}" ] || kill "$keep_pid" 2>/dev/null || true; stage_down' EXIT
stage_sql orders <<SQL
create table items as select n from generate_series(1, 1000) as n;
create table more as select n from generate_series(1, 1000) as n;
grant select on items, more to "orders-api";
SQL
bouncer_prepare
health_port=$(stage_free_port)
passfile=$stage/keep.pgpass
cat >"$stage/keep.json" <<JSON
{
  "connections": ["user=orders-api"],
  "passwordFiles": ["$passfile"],
  "pgbouncer": {"authFile": "$bouncer/userlist.txt", "pidFile": "$bouncer/pid"},
  "health": "127.0.0.1:$health_port",
  "renewal": {"checkSeconds": 1}
}
JSON
XDG_RUNTIME_DIR=$stage/home "$passgres" keep --config "$stage/keep.json" 2>"$stage/keep.log" &
keep_pid=$!
stage_wait 15 test -s "$passfile" || fail "no password file came to be"
[ "$(health /readyz)" = 503 ] || fail "ready, although PgBouncer could not be told"
grep -q 'there is no pid file' "$stage/keep.log" || fail "nothing was said of the missing pid file"
bouncer_up
stage_wait 15 is_ready || fail "not ready after PgBouncer had started"
[ "$(stat -c %a "$passfile")" = 600 ] || fail "the password file is open to others"
step "ready: $(XDG_RUNTIME_DIR=$stage/home "$passgres" keep --status | tr '\n' ';')"

export PGSSLMODE=verify-full
echo 'select 1' >"$stage/one.sql"
before=$(rotations)
step "for $span seconds: pgbench -C, pg_dump -j4 and \\c under exec; pgbench -C on the kept file, and through PgBouncer"
"$passgres" exec "dbname=orders user=orders-api" -- pgbench -n -C -c 2 -T "$span" -f "$stage/one.sql" >"$stage/exec-bench.log" 2>&1 &
jobs_running=($!)
PGPASSFILE=$passfile pgbench -n -C -c 1 -T "$span" -f "$stage/one.sql" -U orders-api orders >"$stage/file-bench.log" 2>&1 &
jobs_running+=($!)
PGSSLMODE=disable PGHOSTADDR='' pgbench -n -C -c 2 -T "$span" -f "$stage/one.sql" -h 127.0.0.1 -p "$bouncer_port" -U orders-api orders \
    >"$stage/bouncer-bench.log" 2>&1 &
jobs_running+=($!)
"$passgres" exec "dbname=orders user=orders-api" -- bash -euc '
    end=$((SECONDS + '"$span"'))
    for ((number = 0; SECONDS < end; number++)); do
        pg_dump -Fd -j4 -f "'"$stage"'/dump-$number"; read -r -t 1 _ <> <(:) || true
    done' >"$stage/dump.log" 2>&1 &
jobs_running+=($!)
printf 'select 1 as before;\n\\! sleep %s\n\\c reporting\nselect current_database();\n' "$((lifetime + 2))" |
    "$passgres" psql "dbname=orders user=orders-api" -- -X -At -v ON_ERROR_STOP=1 >"$stage/psql.log" 2>&1 &
jobs_running+=($!)
for job in "${jobs_running[@]}"; do wait "$job" || fail "a client failed"; done
grep -qx reporting "$stage/psql.log" || fail "\\c did not work after a rotation"
for log in exec-bench file-bench bouncer-bench; do
    grep -qE 'number of failed transactions: 0 ' "$stage/$log.log" || fail "$log has failed transactions"
done
turns=$(($(rotations) - before))
[ "$turns" -ge 4 ] || fail "only $turns rotations"
step "$turns rotations: $(sed -n 's/number of transactions actually processed: //p' "$stage"/{exec,file,bouncer}-bench.log | paste -sd' ') logins of pgbench, $(ls -d "$stage"/dump-* | wc -l) dumps, none failed"
[ "$(grep -c 'new connection to server' "$stage/pgbouncer.log")" -ge 8 ] || fail "PgBouncer hardly ever logged in"
if grep -q 'password too long\|broken auth' "$stage/pgbouncer.log"; then fail "PgBouncer could not read its file"; fi

step "an outage of the identity service, longer than a token lives"
turns=$(rotations)
stage_wait 40 bash -c "[ \$(grep -c 'gave a token' '$stage/keep.log') -gt $turns ]" || fail "no rotation to begin after"
began=$(date +%s%N)
"$local_entra" control --directory "$stage/cloud" fault '{"endpoint":"imds","kind":"reply","status":500,"body":"{}","times":100000}' >/dev/null
failures=0 logins=0
while [ $((($(date +%s%N) - began) / 1000000)) -lt $((lifetime * 1000 - 1000)) ]; do
    logins=$((logins + 1))
    PGPASSFILE=$passfile psql -X -At -w -U orders-api orders -c 'select 1' >/dev/null 2>>"$stage/outage.log" || failures=$((failures + 1))
done
[ "$failures" = 0 ] || fail "$failures of $logins logins failed while the token was good"
[ "$(health /readyz)" = 503 ] || fail "ready during an outage"
grep -q 'the old password stays and is good for another' "$stage/keep.log" || fail "nothing was said of the outage"
stage_wait 20 bash -c "PGPASSFILE='$passfile' psql -X -At -w -U orders-api orders -c 'select 1' 2>&1 | grep -q 'authentication failed'" \
    || fail "an ended token was let in"
"$local_entra" control --directory "$stage/cloud" no-faults >/dev/null
began=$(date +%s%N)
stage_wait 40 is_ready || fail "no recovery"
recovery=$((($(date +%s%N) - began) / 1000000))
PGPASSFILE=$passfile psql -X -At -w -U orders-api orders -c 'select 1' >/dev/null || fail "no login after the recovery"
step "$logins logins during the outage, none failed while the token was good; fresh again after $recovery ms"

step "a person changes the file: it is put right, and SIGHUP drops nothing"
echo 'srv.postgres.database.azure.com:*:*:*:mine' >"$passfile"
stage_wait 10 grep -q "$passfile was changed by somebody else" "$stage/keep.log" || fail "a changed file was not noticed"
stage_wait 5 bash -c "PGPASSFILE='$passfile' psql -X -At -w -U orders-api orders -c 'select 1'" >/dev/null || fail "a changed file was not put right"
[ "$(tail -n 1 "$passfile")" = 'srv.postgres.database.azure.com:*:*:*:mine' ] || fail "a person's line was lost"
requests=$(issued)
kill -HUP "$keep_pid"
stage_wait 5 grep -q 'the configuration was read again' "$stage/keep.log" || fail "SIGHUP was not heard"
is_ready || fail "not ready after SIGHUP"
[ "$(issued)" -le $((requests + 1)) ] || fail "SIGHUP made it ask again"
kill -TERM "$keep_pid"
wait "$keep_pid" || fail "SIGTERM ended it with status $?"
keep_pid=
if ls "$stage"/home/passgres-*/keep-* >/dev/null 2>&1; then fail "its socket was left behind"; fi
if grep -hE 'eyJ[A-Za-z0-9_-]{20,}' "$stage"/*.log; then fail "a token stands in a log"; fi

. Tests/Keeper/roles.sh
step "done"
