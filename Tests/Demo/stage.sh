# Sourced by scripts: a private directory with a stand-in for Entra and a PostgreSQL that checks tokens with it.
#
#   stage_build             builds the two programs; sets $bin
#   stage_up [OPTION...]    starts both, options for the stand-in; sets $stage, $passgres, $local_entra
#   stage_down              ends both and removes the directory; called by itself at the end, however that comes
#
# Works as root and as an ordinary user: PostgreSQL refuses to be root's, so under root it runs as nobody.

stage_build() {
    swift build --quiet --product passgres
    swift build --quiet --product passgres-local-entra
    bin=$(swift build --show-bin-path)
    passgres=$bin/passgres
    local_entra=$bin/passgres-local-entra
}

stage_up() {
    stage=$(mktemp -d "${TMPDIR:-/tmp}/passgres-stage-XXXXXX")
    trap 'stage_down; trap - EXIT; exit 130' INT TERM HUP
    trap stage_down EXIT
    # Nothing that is set outside reaches what runs here, and no way to a real identity endpoint is left open.
    for name in $(compgen -e | grep -E '^(AZURE_|PG|PASSGRES_|IDENTITY_|MSI_|IMDS_|XDG_RUNTIME_DIR|https?_proxy|HTTPS?_PROXY|ALL_PROXY|all_proxy)'); do
        unset "$name"
    done
    export AZURE_POD_IDENTITY_AUTHORITY_HOST=http://127.0.0.1:1 HOME=$stage/home
    mkdir -m 0700 "$stage/home" "$stage/cloud" "$stage/run"
    export XDG_RUNTIME_DIR=$stage/run

    "$local_entra" serve --directory "$stage/cloud" "$@" >"$stage/cloud.log" 2>&1 &
    cloud_pid=$!
    stage_wait 15 test -s "$stage/cloud/ready.json" || { cat "$stage/cloud.log" >&2; return 1; }
    "$local_entra" issue server-certificate --directory "$stage/cloud"
    . "$stage/cloud/environment"
    stage_postgres
}

stage_postgres() {
    local postgres; postgres=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
    data=$stage/postgres
    mkdir -m 0700 "$data" "$data/socket"
    as_postgres=()
    if [ "$(id -u)" = 0 ]; then
        as_postgres=(setpriv --reuid=nobody --regid="$(id -g nobody)" --clear-groups env HOME=/)
        chmod 0711 "$stage"
    fi
    install -m 0600 "$stage/cloud/server.crt" "$stage/cloud/server.key" "$data/"
    [ "$(id -u)" = 0 ] && chown -R nobody "$data"
    "${as_postgres[@]}" "$postgres/initdb" -D "$data/data" -U admin --auth=trust --no-sync -E UTF8 --locale=C >"$stage/initdb.log" 2>&1 \
        || { cat "$stage/initdb.log" >&2; return 1; }
    # The server asks for the password in clear, as Azure does, and lets the stand-in judge it: signature, audience,
    # expiry, tenant, and that the role belongs to the principal.
    "${as_postgres[@]}" tee "$data/data/pg_hba.conf" >/dev/null <<HBA
local     all admin              trust
hostssl   all all   127.0.0.1/32 ldap ldapserver=127.0.0.1 ldapport=$PASSGRES_LOCAL_LDAP_PORT ldapprefix="role="
hostnossl all all   127.0.0.1/32 reject
HBA
    db_port=$(stage_free_port)
    "${as_postgres[@]}" "$postgres/postgres" -D "$data/data" -c listen_addresses=127.0.0.1 -c port="$db_port" \
        -c unix_socket_directories="$data/socket" -c ssl=on -c ssl_cert_file="$data/server.crt" \
        -c ssl_key_file="$data/server.key" -c fsync=off -c max_connections=50 >"$stage/postgres.log" 2>&1 &
    postgres_pid=$!
    stage_wait 30 "${as_postgres[@]}" "$postgres/pg_isready" -q -h "$data/socket" -p "$db_port" -d postgres -U admin \
        || { cat "$stage/postgres.log" >&2; return 1; }
    stage_sql <<SQL
create role "orders-api" login;
create role "orders-batch" login;
create role "ada@contoso.example" login;
create role "Order Readers" login;
create role reporting login;
create database orders;
create database reporting;
SQL
    # A host name as Azure's, without a DNS: the name is verified, the address is where the connection goes.
    export PGHOST=srv.postgres.database.azure.com PGHOSTADDR=127.0.0.1 PGPORT=$db_port PGSSLROOTCERT=$stage/cloud/ca.pem
}

# Runs SQL as the administrator, over the private socket.
stage_sql() {
    "${as_postgres[@]}" env -u PGHOST -u PGHOSTADDR -u PGSSLROOTCERT psql -q -X -v ON_ERROR_STOP=1 \
        -h "$data/socket" -p "$db_port" -U admin -d "${1:-postgres}"
}

# Waits until a command succeeds, that many seconds at most.
stage_wait() {
    local end=$((SECONDS + $1)); shift
    until "$@" 2>/dev/null; do
        [ $SECONDS -lt $end ] || return 1
        read -r -t 0.05 _ <> <(:) || true
    done
}

# A port that was free a moment ago.
stage_free_port() {
    local port
    while port=$((20000 + RANDOM % 20000)); (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done
    echo "$port"
}

stage_down() {
    trap - EXIT
    local pid
    [ -z "${postgres_pid:-}" ] || kill -INT "$postgres_pid" 2>/dev/null || true
    [ -z "${cloud_pid:-}" ] || kill -TERM "$cloud_pid" 2>/dev/null || true
    for pid in ${postgres_pid:-} ${cloud_pid:-}; do wait "$pid" 2>/dev/null || true; done
    postgres_pid= cloud_pid=
    [ -z "${stage:-}" ] || rm -rf "$stage"
    stage=
}
