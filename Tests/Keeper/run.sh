#!/usr/bin/env bash
# The keeper on real parts: a PostgreSQL and a PgBouncer live through rotations of short tokens and through an outage.
#
#   Tests/Keeper/run.sh         tokens of 8 seconds, about 50 seconds in all
#   Tests/Keeper/run.sh long    tokens of 60 seconds, five minutes of pgbench
set -euo pipefail
cd "$(dirname "$0")/../.."
. Tests/Demo/stage.sh
. Tests/Keeper/bouncer.sh
. Tests/Keeper/console.sh

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
refusals() { grep -c 'authentication failed' "$stage/postgres.log" || true; }
issued() {
    "$local_entra" control --directory "$stage/cloud" requests '{"endpoint":"imds"}' |
        sed -nE 's/.*"count" ?: ?([0-9]+).*/\1/p' | grep .
}

stage_build
step "starting the stand-in with tokens of $lifetime seconds, PostgreSQL and PgBouncer"
stage_up --token-lifetime "$lifetime"
trap '[ -z "${console_pid:-}" ] || { kill "$console_pid"; wait "$console_pid"; } 2>/dev/null || true; bouncer_down; [ -z "${keep_pid:-}" ] || kill "$keep_pid" 2>/dev/null || true; stage_down' EXIT
stage_sql orders <<SQL
create table items as select n from generate_series(1, 1000) as n;
create table more as select n from generate_series(1, 1000) as n;
grant select on items, more to "orders-api";
SQL
# What is dumped here and restored into the other, and takes so long to restore that there is a rotation meanwhile. No
# longer: the pg_restore of -j logs in once more at its end, with the password it began with, whatever the file says.
stage_sql <<'SQL'
create database source owner "orders-api";
create database copy owner "orders-api";
SQL
stage_sql source <<SQL
set role "orders-api";
create function nap(n int) returns int immutable language plpgsql as 'begin return n; end';
create table slow as select 1 as n;
create index on slow (nap(n));
create table quick as select n from generate_series(1, 1000) as n;
create or replace function nap(n int) returns int immutable language plpgsql as
  'begin perform pg_sleep($((lifetime / 2)).2); return n; end';
SQL
bouncer_prepare pgbouncer orders-api
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
XDG_RUNTIME_DIR=$stage/home "$passgres" keep --config "$stage/keep.json" \
    2> >(while IFS= read -r line; do printf '%s %s\n' "$EPOCHREALTIME" "$line"; done >"$stage/keep.log") &
keep_pid=$!
stage_wait 15 test -s "$passfile" || fail "no password file came to be"
[ "$(health /readyz)" = 503 ] || fail "ready, although PgBouncer could not be told"
stage_wait 5 grep -q 'there is no pid file' "$stage/keep.log" || fail "nothing was said of the missing pid file"
bouncer_up
stage_wait 15 is_ready || fail "not ready after PgBouncer had started"
[ "$(stat -c %a "$passfile")" = 600 ] || fail "the password file is open to others"
can_read() { # whether PgBouncer can read its auth file, and nobody else
    [ "$(stat -c '%U %a' "$bouncer/userlist.txt")" = "$bouncer_user 600" ] &&
        "${as_postgres[@]}" grep -q '^"orders-api" "eyJ' "$bouncer/userlist.txt"
}
can_read || fail "the auth file is not PgBouncer's: $(stat -c '%U %a' "$bouncer/userlist.txt")"
rm "$bouncer/userlist.txt"
stage_wait 10 can_read || fail "a new auth file is not PgBouncer's: $(stat -c '%U %a' "$bouncer/userlist.txt")"
stage_wait 10 is_ready || fail "not ready by a new auth file"
step "ready: $(XDG_RUNTIME_DIR=$stage/home "$passgres" keep --status | tr '\n' ';')"

# Where pgbench makes a million connections, the shell forgets how a child ended whose number has come round: a file tells.
(console_checks; touch "$stage/console.passed") &
console_pid=$!

export PGSSLMODE=verify-full
"$passgres" exec "dbname=source user=orders-api" -- pg_dump -Fd -j4 -f "$stage/archive" || fail "no dump to restore"
echo 'select 1' >"$stage/one.sql"
before=$(rotations)
step "for $span seconds: pgbench -C, pg_dump -j4, pg_restore -j4 and \\c under exec; pgbench -C on the kept file, and through PgBouncer"
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
for ((turn = 0; turn < span / (lifetime / 2 + 1); turn++)); do
    printf '\\! sleep %s\n\\c %s\nselect current_database();\n' "$((lifetime / 2 + 1))" "$([ $((turn % 2)) = 0 ] && echo reporting || echo orders)"
done |
    "$passgres" psql "dbname=orders user=orders-api" -- -X -At -v ON_ERROR_STOP=1 >"$stage/psql.log" 2>&1 &
jobs_running+=($!)
"$passgres" exec --no-cache "dbname=copy user=orders-api" -- \
    pg_restore -j4 --exit-on-error -d copy "$stage/archive" >"$stage/restore.log" 2>&1 &
jobs_running+=($!)
for job in "${jobs_running[@]}"; do wait "$job" || fail "a client failed"; done
changes=$(grep -cxE 'reporting|orders' "$stage/psql.log") || true
[ "$changes" -ge 4 ] || fail "\\c worked after $changes rotations only"
for log in exec-bench file-bench bouncer-bench; do
    grep -qE 'number of failed transactions: 0 ' "$stage/$log.log" || fail "$log has failed transactions"
done
turns=$(($(rotations) - before))
[ "$turns" -ge 4 ] || fail "only $turns rotations"
[ "$(stage_sql copy <<<'copy (select count(*) from slow, quick) to stdout')" = 1000 ] || fail "not all was restored"
[ "$(refusals)" = 0 ] || fail "the server refused $(refusals) logins"
step "$turns rotations: $changes times \\c, $(sed -n 's/number of transactions actually processed: //p' "$stage"/{exec,file,bouncer}-bench.log | paste -sd' ') logins of pgbench, $(ls -d "$stage"/dump-* | wc -l) dumps, none failed"
[ "$(grep -c 'new connection to server' "$bouncer.log")" -ge 8 ] || fail "PgBouncer hardly ever logged in"
if grep -q 'password too long\|broken auth' "$bouncer.log"; then fail "PgBouncer could not read its file"; fi

step "an outage of the identity service, longer than a token lives"
turns=$(rotations)
stage_wait 40 bash -c "[ \$(grep -c 'gave a token' '$stage/keep.log') -gt $turns ]" || fail "no rotation to begin after"
"$local_entra" control --directory "$stage/cloud" fault '{"endpoint":"imds","kind":"reply","status":500,"body":"{}","times":100000}' >/dev/null
failures=0 logins=0 attempts=$(grep -c 'gave no token' "$stage/keep.log" || true)
# The token's own end, in microseconds: a login that was answered before it has to have been let in.
end=$(sed -n 's/.*:eyJ[^.]*\.\([^.]*\)\..*/\1/p;q' "$passfile" | tr -- '-_' '+/' | { base64 -d 2>/dev/null || true; } | grep -oE '"exp":[0-9]+' | cut -d : -f 2)000000 || fail "no end in the token of $passfile"
while [ "${EPOCHREALTIME/./}" -lt "$end" ]; do
    if PGPASSFILE=$passfile psql -X -At -w -U orders-api orders -c 'select 1' >/dev/null 2>>"$stage/outage.log"; then
        logins=$((logins + 1))
    elif [ "${EPOCHREALTIME/./}" -lt "$end" ]; then
        failures=$((failures + 1))
    fi
done
[ "$logins" -gt 3 ] || fail "only $logins logins during the outage"
[ "$failures" = 0 ] || fail "$failures of $logins logins failed while the token was good"
[ "$(health /readyz)" = 503 ] || fail "ready during an outage"
stage_wait 5 grep -q 'the old password stays and is good for another' "$stage/keep.log" || fail "nothing was said of the outage"
stage_wait 20 bash -c "PGPASSFILE='$passfile' psql -X -At -w -U orders-api orders -c 'select 1' 2>&1 | grep -q 'authentication failed'" \
    || fail "an ended token was let in"
stage_wait 60 bash -c "[ \$(grep -c 'gave no token' '$stage/keep.log') -ge $((attempts + 3)) ]" || fail "it does not try again"
attempts=$(($(grep -c 'gave no token' "$stage/keep.log") - attempts))
"$local_entra" control --directory "$stage/cloud" no-faults >/dev/null
restored=$EPOCHREALTIME
stage_wait 40 is_ready || fail "no recovery"
PGPASSFILE=$passfile psql -X -At -w -U orders-api orders -c 'select 1' >/dev/null || fail "no login after the recovery"
# In milliseconds: the longest time from one failed attempt of this outage to the next, and from the end of the outage to
# a token.
read -r interval recovery < <(awk -v restored="$restored" '
    /gave a token/ { if ($1 < restored) { longest = last = 0 } else if (!again) again = $1 }
    /gave no token/ { if (last && $1 - last > longest) longest = $1 - last; last = $1 }
    END { printf "%d %d\n", longest * 1000, (again - restored) * 1000 }' "$stage/keep.log")
[ "$interval" -gt 0 ] && [ "$recovery" -ge 0 ] && [ "$recovery" -le $((interval * 11 / 10 + 200)) ] \
    || fail "it took $recovery ms to recover, and attempts are $interval ms apart"
step "$logins logins during the outage, none failed while the token was good; $attempts attempts, at most $interval ms apart; a token $recovery ms after the end"

step "a person changes the file: it is put right, and SIGHUP drops nothing"
echo 'srv.postgres.database.azure.com:*:*:*:mine' >"$passfile"
stage_wait 10 grep -q "$passfile was changed by somebody else" "$stage/keep.log" || fail "a changed file was not noticed"
stage_wait 5 bash -c "PGPASSFILE='$passfile' psql -X -At -w -U orders-api orders -c 'select 1'" >/dev/null || fail "a changed file was not put right"
[ "$(tail -n 1 "$passfile")" = 'srv.postgres.database.azure.com:*:*:*:mine' ] || fail "a person's line was lost"
requests=$(issued)
kill -HUP "$keep_pid"
stage_wait 5 grep -q 'the configuration was read again' "$stage/keep.log" || fail "SIGHUP was not heard"
stage_wait 5 is_ready || fail "not ready after SIGHUP"
[ "$(issued)" -le $((requests + 1)) ] || fail "SIGHUP made it ask again"
kill -TERM "$keep_pid"
wait "$keep_pid" || fail "SIGTERM ended it with status $?"
keep_pid=
if ls "$stage"/home/passgres-*/keep-* >/dev/null 2>&1; then fail "its socket was left behind"; fi
if grep -hE 'eyJ[A-Za-z0-9_-]{20,}' "$stage"/*.log; then fail "a token stands in a log"; fi

wait "$console_pid" 2>/dev/null || true
[ -e "$stage/console.passed" ] || fail "the second PgBouncer"
console_pid=
. Tests/Keeper/roles.sh
step "done"
