# Sourced: a PgBouncer before the stage's PostgreSQL, which logs in with what its auth file holds.
#
#   bouncer_prepare NAME USER     a directory for one; sets $bouncer and $bouncer_port
#   bouncer_up                    starts it; sets $bouncer_pid
#   bouncer_down                  ends it

bouncer_prepare() {
    bouncer=$stage/$1
    bouncer_port=$(stage_free_port)
    mkdir -m 0700 "$bouncer"
    install -m 0600 /dev/null "$bouncer/userlist.txt"
    cp "$stage/cloud/ca.pem" "$bouncer/ca.pem"
    # Server connections live for two seconds, so that there are logins all the time.
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
server_lifetime = 2
server_login_retry = 1
server_tls_sslmode = verify-full
server_tls_ca_file = $bouncer/ca.pem
admin_users = $2
stats_users = watcher
INI
    [ "$(id -u)" != 0 ] || chown -R nobody "$bouncer"
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
