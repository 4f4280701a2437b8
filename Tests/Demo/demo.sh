#!/usr/bin/env bash
# The main job, step by step, on real parts: a token from a chain opens a PostgreSQL session over TLS.
set -euo pipefail
cd "$(dirname "$0")/../.."
. Tests/Demo/stage.sh

step=0
say() { step=$((step + 1)); printf '\n%s. %s\n' "$step" "$*"; }
typed() { # prints a command as a person would type it
    local word line=
    for word in "$@"; do
        case $word in *" "*) word="\"$word\"" ;; esac
        line+=" $word"
    done
    printf '   $%s\n' "$line" | sed "s#$bin/##g; s#$stage#DIR#g"
}
show() { # prints a command and runs it
    typed "$@"
    "$@" 2>&1 | sed -e "s#$stage#DIR#g" -e 's/^/   | /'
}
refused() { # the same for a command that must fail
    typed "$@"
    local status=0
    "$@" >"$stage/refused" 2>&1 || status=$?
    sed -e "s#$stage#DIR#g" -e 's/^/   | /' "$stage/refused"
    [ "$status" -ne 0 ] || { echo "   this should have been refused" >&2; exit 1; }
    echo "   (exit status $status: refused, as it should be)"
}

echo "Building passgres and the stand-in for Entra ..."
stage_build
stage_up
question="select current_user, ssl as tls, version as tls_version from pg_stat_ssl where pid = pg_backend_pid()"
to_orders="dbname=orders user=orders-api"

say "A real PostgreSQL with TLS is running, and a local stand-in for Entra that gives tokens and checks them."
echo "   The server is known as $PGHOST, and answers on 127.0.0.1:$PGPORT."

say "Which credential applies here? The chain passes over environment and settles on managed-identity."
show "$passgres" explain

say "passgres psql logs in with the token: who are we, and is TLS on?"
show "$passgres" psql "$to_orders" -- -X -c "$question"

say "The token belongs to one role. Another role is refused by the server."
refused "$passgres" psql "dbname=orders user=reporting" -- -X -c "select 1"

say "A token that has expired is refused too."
"$local_entra" issue token --directory "$stage/cloud" --lifetime -60 >"$stage/expired"
PGPASSWORD=$(cat "$stage/expired") refused psql "$to_orders sslmode=verify-full" -X -c "select 1"
grep -o 'LDAP diagnostics: .*expired.*' "$stage/postgres.log" | tail -n 1 | sed 's/^/   in the server log: /'

say "A password file entry, used by plain psql."
show "$passgres" pgpass "$to_orders"
ls -l "$stage/home/.pgpass" | awk '{print "   | " $1 "  ~/.pgpass"}'
show psql "$to_orders sslmode=verify-full" -X -c "$question"

say "The same once more with a client secret: now environment applies, and nobody else is asked."
. "$stage/cloud/client-secret.environment"
show "$passgres" explain
show "$passgres" psql "dbname=orders user=orders-batch" -- -X -c "$question"

stage_down
printf '\nDone. Everything started here has been ended, and its directory removed.\n'
