#!/usr/bin/env bash
# pgcli logs in in each way that Docs/Connecting.md names. Tests/Deploy/prepare.sh installs it.
set -euo pipefail
cd "$(dirname "$0")/../.."
. Tests/Demo/stage.sh
. Tests/Deploy/places.sh

stage_build
stage_up --token-lifetime 3600
pgcli=$place/pgcli/bin/pgcli
connection="host=$PGHOST dbname=orders user=orders-api"
question="select current_user || ' in ' || current_database()"
expect() { # what it is, and the command
    local what=$1; shift
    local answer
    answer=$("$@" </dev/null 2>&1) || true
    [ "$answer" = "orders-api in orders" ] || { echo "pgcli: $what: $answer" >&2; exit 1; }
}
expect "under exec" "$passgres" exec "$connection" -- "$pgcli" -w -t -c "$question"
"$passgres" conninfo "$connection" --format service >"$stage/home/.pg_service.conf"
expect "by a service" "$pgcli" -w -t service=orders -c "$question"
"$passgres" pgpass "$connection" --passfile "$stage/kept.pgpass" --quiet
expect "by a password file" env PGPASSFILE="$stage/kept.pgpass" PGSSLMODE=verify-full "$pgcli" -w -t -h "$PGHOST" -u orders-api -d orders -c "$question"
echo "pgcli $("$pgcli" --version | sed 's/.*: //'): logged in under exec, by a service and by a password file"
