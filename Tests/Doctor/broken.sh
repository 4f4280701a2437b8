#!/usr/bin/env bash
# Set-ups broken for real, on PostgreSQL, PgBouncer and the stand-in for Entra: doctor has to name the right cause first.
set -euo pipefail
cd "$(dirname "$0")/../.."
. Tests/Demo/stage.sh

failures=0
count=0
good="dbname=orders user=orders-api"

# expect CODE WHAT ARGUMENT...: runs doctor, whose first line has to be a failure of that code.
expect() {
    local code=$1 what=$2 first status=0 start end; shift 2
    start=$(date +%s%N)
    "$passgres" doctor "$@" >"$stage/report" 2>&1 || status=$?
    end=$(date +%s%N)
    first=$(head -n 1 "$stage/report")
    count=$((count + 1))
    local time=$(((end - start) / 1000000))
    if [[ $code = ok && $status = 0 || $first = "FAIL  $code "* && $status = 1 ]] && [ $time -lt 5000 ] \
        && ! grep -qE 'eyJ[A-Za-z0-9_-]{20,}' "$stage/report"; then
        printf 'ok    %-4s %-46s %5s ms\n' "$code" "$what" "$time"
    else
        printf 'WRONG %-4s %-46s %5s ms, status %s\n' "$code" "$what" "$time" "$status"
        sed 's/^/        /' "$stage/report"
        failures=$((failures + 1))
    fi
}

token() { "$local_entra" issue token --directory "$stage/cloud" "$@"; }

pooler() { # a PgBouncer: [TLS settings]
    local directory=$stage/pooler-$1; shift
    pooler_port=$(stage_free_port)
    mkdir -m 0700 "$directory"
    install -m 0600 "$stage/cloud/server.crt" "$stage/cloud/server.key" "$directory/"
    {
        printf '[databases]\norders = host=127.0.0.1 port=%s user=orders-api\n[pgbouncer]\n' "$db_port"
        printf 'listen_addr = 127.0.0.1\nlisten_port = %s\nunix_socket_dir = \nauth_type = plain\n' "$pooler_port"
        printf 'auth_file = %s/users\nlogfile = %s/log\npidfile = %s/pid\n' "$directory" "$directory" "$directory"
        printf '%s\n' "$@"
    } >"$directory/pgbouncer.ini"
    echo '"orders-api" "another"' >"$directory/users"
    if [ "$(id -u)" = 0 ]; then chown -R nobody "$directory"; fi
    "${as_postgres[@]}" pgbouncer -q "$directory/pgbouncer.ini" >"$directory/out" 2>&1 &
    pooler_pids+=($!)
    stage_wait 10 eval "(: <>/dev/tcp/127.0.0.1/$pooler_port) 2>/dev/null" || { cat "$directory/out" "$directory/log" >&2; return 1; }
}

if ! command -v pgbouncer >/dev/null; then echo "broken: PgBouncer is not installed (apt install pgbouncer)" >&2; exit 1; fi
stage_build
stage_up
pooler_pids=()
ended() { local pid; for pid in "${pooler_pids[@]}"; do kill -INT "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; done; stage_down; }
trap ended EXIT
pass=$HOME/.pgpass
host=$PGHOST
write() { printf '%s\n' "$@" >"$pass"; chmod 600 "$pass"; }

expect ok "nothing is broken" "$good"

write "$host:$db_port:orders:orders-api:$(token --lifetime -7200)"
expect T01 "an expired token in the password file" "$good"
expect T01 "the same offline" "$good" --offline
rm "$pass"
expect T03 "a token for another audience" "$good" --scope https://management.azure.com/.default
expect R03 "the user in another case" "dbname=orders user=Orders-API"
expect T07 "a service's token for the role of a person" "dbname=orders user=ada@contoso.example"
expect N08 "a file of other authorities" "$good sslrootcert=/etc/ssl/certs/ca-certificates.crt"
expect N07 "a file of authorities that is not there" "$good sslrootcert=$stage/none.pem"
write "$host:$db_port:orders:orders-api:$(token)"; chmod 644 "$pass"
expect L01 "a password file others may read" "$good"
write "*:*:*:*:an old password" "$host:$db_port:orders:orders-api:$(token)"
expect L13 "an earlier line that hides the right one" "$good"
printf '\xef\xbb\xbf%s:%s:orders:orders-api:x\n' "$host" "$db_port" >"$pass"
expect L04 "a password file with a byte order mark" "$good"
rm "$pass"; ln -s /dev/null "$pass"
expect L02 "a password file that is none" "$good"
rm "$pass"
PGPASSWORD=secret-of-old expect L09 "PGPASSWORD set to an old password" "$good"
PGPASSWORD=$(token --lifetime -60) expect T01 "PGPASSWORD set to an expired token" "$good"
PGPASSWORD="{$(token)}" expect T02 "PGPASSWORD set to a token in braces" "$good"
PGPASSWORD=$(token --user bob@contoso.example) expect R02 "no role for the person" "dbname=orders user=bob@contoso.example"
PGREQUIREAUTH=scram-sha-256 expect L11 "PGREQUIREAUTH that allows no token" "$good"
PGCHANNELBINDING=require expect L12 "PGCHANNELBINDING=require" "$good"
PGSERVICE=nowhere expect L15 "a service that is not there" "$good"
grep -q '"nowhere"' "$stage/report" || { cat "$stage/report"; failures=$((failures + 1)); }
PGSSLMODE=verify-all expect N11 "an sslmode that does not exist" "$good"
expect R10 "a database that is not there" "dbname=nowhere user=orders-api"
expect N05 "a closed port" "$good port=$(stage_free_port)"
expect N06 "a name that is not there" "host=nowhere.invalid hostaddr='' $good"
expect N09 "a name the certificate does not have" "host=other.postgres.database.azure.com $good"
expect N17 "an sslmode that may show the token" "$good hostaddr='' host=db.example.org sslmode=prefer"
expect L17 "a connection string that cannot be read" "dbname=orders user"
AZURE_CLIENT_SECRET=x expect E25 "half-set variables" "$good"
AZURE_FEDERATED_TOKEN_FILE=/var/run/none AZURE_TENANT_ID=x expect E25 "a half-set workload identity" "$good"
expect E27 "an unknown credential" "$good" --credentials azur-cli
expect T09 "another's role" "dbname=orders user=reporting"
PGPASSWORD=$(token --user bob@contoso.example) expect T08 "a person who is not in the group" "dbname=orders user='Order Readers'"
PGPASSWORD=$(token --user ada@contoso.example) expect R03 "a group in another case" "dbname=orders user='order readers'"
PGPASSWORD=$(token --user ada@contoso.example) expect R03 "a backslash from a page" 'dbname=orders user='"'"'Order\\ Readers'"'"
PGPASSWORD=$(token --user ada@contoso.example) expect R03 "the server's name behind the user" "dbname=orders user=ada@contoso.example@srv"
PGPASSWORD=$(token --user ada@contoso.example) expect R03 "a person in another case" "dbname=orders user=Ada@contoso.example"
PGPASSWORD=$(token --user ada@contoso.example) expect ok "a group's login" "dbname=orders user='Order Readers'"
if grep -qE '^(warn|FAIL)  [TR]' "$stage/report"; then cat "$stage/report"; failures=$((failures + 1)); fi
expect R16 "a client id for a user" "dbname=orders user=7e57ab1e-0000-4000-8000-0000000000b1"

# Several hosts: libpq takes the first that answers, and so does doctor.
two="$good hostaddr=127.0.0.1,127.0.0.1 host=$host,$host port=$(stage_free_port),$db_port"
expect ok "the first of two hosts is closed" "$two"
grep -q '^warn  N05 .*goes on to the next host' "$stage/report" || { cat "$stage/report"; failures=$((failures + 1)); }
expect N05 "both hosts are closed" "$good hostaddr=127.0.0.1,127.0.0.1 host=$host,$host port=$(stage_free_port),$(stage_free_port)"
expect N09 "the first host has another's certificate" "$good hostaddr=127.0.0.1,127.0.0.1 host=other.postgres.database.azure.com,$host port=$db_port,$db_port"
expect R10 "a database that is not at the second host" "dbname=nowhere user=orders-api hostaddr=127.0.0.1,127.0.0.1 host=$host,$host port=$(stage_free_port),$db_port"

pooler plain
expect N10 "a pooler without TLS" "$good port=$pooler_port"
pooler tls "client_tls_sslmode = require" "client_tls_key_file = $stage/pooler-tls/server.key" \
    "client_tls_cert_file = $stage/pooler-tls/server.crt"
expect P03 "a pooler that knows another password" "$good port=$pooler_port"
"$local_entra" control --directory "$stage/cloud" token '{"length": 6000}' >"$stage/long.json" 2>/dev/null || true
long=$(grep -oE 'eyJ[A-Za-z0-9_.-]+' "$stage/long.json" | head -n 1)
PGPASSWORD=$long expect P01 "a long token on PgBouncer" "$good port=$pooler_port"

# The stand-in's own front refuses in the words of the real service.
front="dbname=orders port=$PASSGRES_LOCAL_DATABASE_PORT"
expect ok "nothing is broken at the front" "$front user=orders-api"
PGPASSWORD=$(token --user ada@contoso.example) expect T06 "a person's token for the role of a service" "$front user=orders-api"
PGPASSWORD=$(token --user bob@contoso.example) expect T08 "a token without the group" "$front user='Order Readers'"
expect T09 "the role of another service" "$front user=orders-batch"
expect T09 "a role that is mapped to nobody" "$front user=nobody"

# What an administrator sees decides before the login does. The function stands in for the service's own.
stage_sql <<SQL
create table mappings (rolename name, principaltype text, objectid text);
create function pgaadauth_list_principals(boolean)
returns table (rolename name, principaltype text, objectid text, tenantid text, ismfa integer, isadmin integer)
language sql as \$\$ select rolename, principaltype, objectid, '', 0, 0 from mappings \$\$;
insert into mappings values
    ('orders-api', 'service', '7e57ab1e-0000-4000-8000-0000000000b2'),
    ('reporting', 'service', '7e57ab1e-0000-4000-8000-0000000000ff'),
    ('ada@contoso.example', 'user', '7e57ab1e-0000-4000-8000-0000000000e1'),
    ('Order Readers', 'group', '7e57ab1e-0000-4000-8000-0000000000fe');
create role disabled;
create role unmapped login;
SQL
administrator="host=$data/socket hostaddr='' port=$db_port dbname=postgres user=admin sslmode=disable"
expect ok "nothing is broken, says the administrator" "$good" --administrator "$administrator"
grep -q '^ok .* role .*as the token is' "$stage/report" || { cat "$stage/report"; failures=$((failures + 1)); }
expect R02 "no such role, says the administrator" "dbname=orders user=nobody-at-all" --administrator "$administrator"
expect R03 "another case, says the administrator" "dbname=orders user=Orders-API" --administrator "$administrator"
expect R13 "a role without login, says the administrator" "dbname=orders user=disabled" --administrator "$administrator"
expect T09 "an unmapped role, says the administrator" "dbname=orders user=unmapped" --administrator "$administrator"
expect T09 "another's role, says the administrator" "dbname=orders user=reporting" --administrator "$administrator"
expect T07 "a person's role, says the administrator" "dbname=orders user=ada@contoso.example" --administrator "$administrator"
PGPASSWORD=$(token --user bob@contoso.example) expect T08 "a group that the token lacks, says the administrator" \
    "dbname=orders user='Order Readers'" --administrator "$administrator"
# That table names another group than the server knows: a login that is let in is right.
expect ok "a login that is let in, whatever the administrator sees" "dbname=orders user='Order Readers'" --administrator "$administrator"

# explained CODE WHAT CONNECTION: what psql prints, explained.
explained() {
    local code=$1 what=$2 first; shift 2
    first=$(psql "$@" -X -c "select 1" 2>&1 | "$passgres" explain-error | head -n 1) || true
    count=$((count + 1))
    if [[ $first = "$code  "* ]]; then
        printf 'ok    %-4s psql: %s\n' "$code" "$what"
    else
        printf 'WRONG %-4s psql: %s: %s\n' "$code" "$what" "$first"
        failures=$((failures + 1))
    fi
}
PGPASSWORD=$(token --lifetime -60) explained T01 "an expired token" "$front user=orders-api sslmode=require"
PGPASSWORD=$(token --audience https://vault.azure.net) explained T03 "another audience" "$front user=orders-api sslmode=require"
PGPASSWORD=hunter2 explained T02 "an ordinary password" "$front user=orders-api sslmode=require"
PGPASSWORD=$(token) explained T07 "a service's token for a person's role" "$front user=ada@contoso.example sslmode=prefer"
PGPASSWORD=$(token) explained R08 "no TLS" "$front user=orders-api sslmode=disable"
explained L03 "no password" "$front user=orders-api sslmode=require" -w
explained N05 "a closed port" "$good port=$(stage_free_port)"

# finished CODE STATUS WHAT COMMAND...: what stood in the way is said after the program's own words, and its status stays.
finished() {
    local code=$1 wanted=$2 what=$3 status=0 good=1; shift 3
    "$passgres" "$@" >"$stage/report" 2>&1 </dev/null || status=$?
    count=$((count + 1))
    if [ "$code" = none ]; then ! grep -q '^passgres: ' "$stage/report" || good=0
    else grep -qE "^passgres: .* \[$code\]$" "$stage/report" && tail -n 1 "$stage/report" | grep -q '^passgres: -> ' || good=0; fi
    if [ $good = 1 ] && [ $status = "$wanted" ] && ! grep -qE 'eyJ[A-Za-z0-9_-]{20,}' "$stage/report"; then
        printf 'ok    %-4s %s\n' "$code" "$what"
    else
        printf 'WRONG %-4s %s, status %s\n' "$code" "$what" "$status"
        sed 's/^/        /' "$stage/report"
        failures=$((failures + 1))
    fi
}
finished R03 2 "psql as a user in another case" psql "dbname=orders user=Orders-API" -- -X -c 'select 1'
finished R10 1 "pg_dump of a database that is not there" exec "dbname=nowhere user=orders-api" -- pg_dump
finished T09 1 "pgbench as another's role" exec "$front user=orders-batch" -- pgbench -n -t 1
finished T03 2 "psql with a token for another audience" psql "$good" --scope https://management.azure.com/.default -- -X -c 'select 1'
finished T03 2 "the same by the variable" exec "$good" --password-variable --scope https://management.azure.com/.default -- psql -X -c 'select 1'
finished N05 2 "psql at a closed port" psql "$good port=$(stage_free_port)" -- -X -c 'select 1'
finished N08 1 "pg_dump with other authorities" exec "$good sslrootcert=/etc/ssl/certs/ca-certificates.crt" -- pg_dump
finished none 0 "psql that is let in" psql "$good" -- -X -c 'select 1'
finished none 1 "psql with a fault of its own" psql "$good" -- -X -c 'select nothing'
finished none 7 "a program with a fault of its own" exec "$good" -- sh -c 'psql -X -c "select 1" && exit 7'
finished A09 3 "a role by a server that knows no Entra" role create someone --apply user=orders-api
finished A09 3 "a mapping by a server that knows no Entra" role map reporting --type service \
    --object-id 7e57ab1e-0000-4000-8000-0000000000b2 --apply user=orders-api
finished T07 2 "a role made by somebody who is not let in" role create someone --apply user=ada@contoso.example

kill -STOP "$postgres_pid"
expect N18 "a port that says nothing" "$good"
kill -CONT "$postgres_pid"
"$passgres" doctor "$good" --redacted >"$stage/report" || true
if grep -nE 'orders-api|srv\.postgres|127\.0\.0\.1|7e57ab1e' "$stage/report"; then echo "WRONG a name is left in the redacted report"; failures=$((failures + 1)); fi

echo "$count set-ups, $failures wrong"
[ "$failures" = 0 ]
