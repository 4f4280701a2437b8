# Sourced: a PgBouncer before the stage's PostgreSQL, which logs in with what its auth file holds.
#
#   bouncer_prepare NAME USER     a directory for one; sets $bouncer, $bouncer_port and $bouncer_user, whom it runs as
#   bouncer_up                    starts it; sets $bouncer_pid
#   bouncer_down                  ends it

bouncer_prepare() {
    bouncer=$stage/$1
    bouncer_port=$(stage_free_port)
    mkdir -m 0700 "$bouncer"
    install -m 0600 /dev/null "$bouncer/userlist.txt"
    cp "$stage/cloud/ca.pem" "$bouncer/ca.pem"
    # Up to 1.23, PgBouncer closes every server connection that has TLS at each reload, and cuts a login that is under way,
    # whose client is then refused; there are logins after each rotation by that alone. Later ones are made to log in all
    # the time, by connections that live for two seconds.
    local version lifetime=3600
    version=$(/usr/sbin/pgbouncer --version | sed -n 's/^PgBouncer \([0-9]*\.[0-9]*\).*/\1/p')
    [ "$(printf '%s\n' 1.24 "$version" | sort -V | head -n 1)" != 1.24 ] || lifetime=2
    cat >"$bouncer/pgbouncer.ini" <<INI
[databases]
orders = host=127.0.0.1 port=$db_port dbname=orders user=$2
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = $bouncer_port
unix_socket_dir =
auth_type = trust
auth_file = $bouncer/userlist.txt
pidfile = $bouncer/pid
pool_mode = transaction
server_lifetime = $lifetime
server_login_retry = 1
server_tls_sslmode = verify-full
server_tls_ca_file = $bouncer/ca.pem
admin_users = $2
stats_users = watcher
INI
    # Under root it is another user's than the keeper.
    bouncer_user=$(id -un)
    [ "$(id -u)" != 0 ] || { bouncer_user=nobody; chown -R nobody "$bouncer"; }
}

bouncer_up() {
    "${as_postgres[@]}" /usr/sbin/pgbouncer "$bouncer/pgbouncer.ini" >>"$bouncer.log" 2>&1 &
    bouncer_pid=$!
    stage_wait 10 grep -qx "$bouncer_pid" "$bouncer/pid"
}

bouncer_down() {
    [ -z "${bouncer_pid:-}" ] || { kill -INT "$bouncer_pid" 2>/dev/null || true; wait "$bouncer_pid" 2>/dev/null || true; }
    bouncer_pid=
}
