#!/usr/bin/env bash
# pgAdmin itself imports what `passgres connections export pgadmin` prints, and logs in with the command of it and with a
# password file. Tests/Deploy/prepare.sh installs pgAdmin.
set -euo pipefail
cd "$(dirname "$0")/../.."
. Tests/Demo/stage.sh
. Tests/Deploy/places.sh

fail() { tail -n 20 "$stage"/pgadmin*.log >&2 || true; echo "pgadmin: $*" >&2; exit 1; }

stage_build
python=$place/pgadmin/bin/python
program=$("$python" -c 'import importlib.util; print(importlib.util.find_spec("pgadmin4").submodule_search_locations[0])')
stage_up --token-lifetime 3600
trap '[ -z "${pgadmin_pid:-}" ] || kill "$pgadmin_pid" 2>/dev/null || true; stage_down' EXIT
# As on a desktop: one user, and no secret service.
cat >"$program/config_local.py" <<'PY'
import os

SERVER_MODE = False
DATA_DIR = os.environ["PGADMIN_PLACE"]
LOG_FILE = DATA_DIR + "/log"
SQLITE_PATH = DATA_DIR + "/pgadmin4.db"
SESSION_DB_PATH = DATA_DIR + "/sessions"
STORAGE_DIR = DATA_DIR + "/storage"
KERBEROS_CCACHE_DIR = DATA_DIR + "/kerberos"
AZURE_CREDENTIAL_CACHE_DIR = DATA_DIR + "/azure"
USE_OS_SECRET_STORAGE = False
MASTER_PASSWORD_REQUIRED = False
UPGRADE_CHECK_ENABLED = False
CONSOLE_LOG_LEVEL = 20
PY
connection="host=$PGHOST dbname=orders user=orders-api"
"$passgres" connections export pgadmin "$connection" --credentials managed-identity >"$stage/by-command.json"
"$passgres" pgpass "$connection dbname=" --passfile "$stage/kept.pgpass" --quiet
sed -i "s/:$PGPORT:[^:]*:/:$PGPORT:*:/" "$stage/kept.pgpass"
"$passgres" connections export pgadmin "$connection" --passfile "$stage/kept.pgpass" >"$stage/by-file.json"

# pgAdmin has what its own menu would give it: the command on the PATH, and the identity of the machine.
saved=(PGHOST PGHOSTADDR PGPORT PGSSLROOTCERT)
unset "${saved[@]}"
export PATH=$bin:$PATH PGADMIN_SERVER_MODE=OFF PGADMIN_PLACE=$stage/pgadmin
mkdir -m 0700 "$PGADMIN_PLACE"
"$python" "$program/setup.py" setup-db >"$stage/pgadmin-import.log" 2>&1 || fail "its database could not be made"
for file in by-command by-file; do
    "$python" "$program/setup.py" load-servers "$stage/$file.json" >>"$stage/pgadmin-import.log" 2>&1 || fail "it did not import $file.json"
done
[ "$(grep -c 'Added 1 Server Group(s) and 1 Server(s)\|Added 0 Server Group(s) and 1 Server(s)' "$stage/pgadmin-import.log")" = 2 ] || fail "it did not import both servers"
"$python" - "$PGADMIN_PLACE/pgadmin4.db" "$stage/rows" <<'PY'
import sqlite3, sys
rows = sqlite3.connect(sys.argv[1]).execute(
    "select name, host, port, maintenance_db, username, passexec_cmd, passexec_expiration, connection_params from server order by id")
open(sys.argv[2], "w").write("".join("  " + " | ".join(str(field) for field in row) + "\n" for row in rows))
PY
echo "pgAdmin $("$place/pgadmin/bin/pip" show pgadmin4 | sed -n 's/^Version: //p') holds:"
sed "s#$stage#DIR#g" "$stage/rows"
[ "$(grep -c "| orders | orders-api | passgres token 'host=srv.postgres.database.azure.com port=$db_port' --credentials 'managed-identity' | 0 | " "$stage/rows")" = 1 ] || fail "the command was not stored"
[ "$(grep -c "| orders | orders-api | None | None | .*passfile.*kept.pgpass" "$stage/rows")" = 1 ] || fail "the password file was not stored"

port=$(stage_free_port)
key=$(openssl rand -hex 16)
PGADMIN_INT_PORT=$port PGADMIN_INT_KEY=$key "$python" "$program/pgAdmin4.py" >"$stage/pgadmin.log" 2>&1 &
pgadmin_pid=$!
stage_wait 60 bash -c ": <>/dev/tcp/127.0.0.1/$port" || fail "it does not answer"
"$python" Tests/Deploy/pgadmin.py "http://127.0.0.1:$port" "$key" >"$stage/answers" 2>"$stage/pgadmin-client.log" || fail "no login"
cat "$stage/answers"
[ "$(grep -c 'orders-api; orders-api in reporting, TLS true' "$stage/answers")" = 2 ] || fail "not both logged in"
calls=$(grep -c 'Calling passexec' "$stage/pgadmin.log")
[ "$calls" -ge 2 ] || fail "the command was run $calls times for several connections"
echo "the command was run $calls times: once for each connection"
kill "$pgadmin_pid"; wait "$pgadmin_pid" 2>/dev/null || true
pgadmin_pid=
