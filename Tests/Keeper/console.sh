# Sourced: a second PgBouncer, told through its console by a keeper of its own, and what can go wrong with it.
#
#   console_checks    runs in a subshell beside the other checks; its identity is an application, whose endpoint stays up

console_checks() (
    bouncer_pid= second_pid= bystander=
    trap 'kill -CONT $bouncer_pid 2>/dev/null; bouncer_down; kill $second_pid $bystander 2>/dev/null' EXIT
    . "$stage/cloud/client-secret.environment"
    export XDG_RUNTIME_DIR=$stage/run
    bouncer_prepare second orders-batch
    health_port=$(stage_free_port)
    log=$stage/second-keep.log patience=$((lifetime + 20))
    console="host=127.0.0.1 port=$bouncer_port sslmode=disable"

    second_configure() { # how PgBouncer is told
        cat >"$stage/second.json" <<JSON
{
  "groups": ["pool"],
  "connections": ["user=orders-batch"],
  "passwordFiles": ["$stage/second.pgpass"],
  "pool": {"connections": ["user=orders-batch"], "pgbouncer": {"authFile": "$bouncer/userlist.txt", $1}$owner},
  "health": "127.0.0.1:$health_port",
  "renewal": {"checkSeconds": 1, "retrySeconds": 2}
}
JSON
    }
    second_says() { # a text, in what was said since the mark
        stage_wait "$patience" bash -c "tail -n +$mark '$log' | grep -q '$1'" || fail "the second keeper did not say: $1"
    }
    mark() { mark=$(($(wc -l <"$log") + 1)); }
    reloads() { grep -c 'RELOAD command issued' "$bouncer.log" || true; }
    login() {
        PGHOSTADDR= PGSSLMODE=disable PGCONNECT_TIMEOUT=5 psql -X -At -w -h 127.0.0.1 -p "$bouncer_port" -U orders-batch orders \
            -c 'select current_user' 2>&1
    }
    login_works() { [ "$(login)" = orders-batch ] || fail "no login through the second PgBouncer: $(login)"; }

    # A console does not say whom PgBouncer runs as.
    owner=", \"owner\": \"$bouncer_user\""
    # Who may look at PgBouncer and not order it about.
    printf '"watcher" ""\n' >>"$bouncer/userlist.txt"
    second_configure "\"console\": \"$console user=orders-batch\""
    "$passgres" keep --config "$stage/second.json" 2>"$log" &
    second_pid=$!
    mark=1
    second_says 'console could not be logged in to'
    bouncer_up
    stage_wait "$patience" is_ready || fail "the second keeper is not ready"
    told=$(reloads)
    stage_wait "$patience" bash -c "[ \$(grep -c 'RELOAD command issued' '$bouncer.log') -ge $((told + 2)) ]" \
        || fail "PgBouncer was not told by its console at each rotation"
    login_works
    step "told $(($(reloads) - told)) more times by its console"

    # Stopped, it accepts connections and says nothing. The password file beside it goes on.
    mark
    kill -STOP "$bouncer_pid"
    second_says 'did not answer RELOAD within 5 seconds'
    second_says 'second.pgpass holds a new password'
    [ "$(health /readyz)" = 503 ] || fail "ready, although PgBouncer hears nothing"
    # Killed in the middle of a rotation, when psql waits for its answer.
    stage_wait "$patience" bash -c "pgrep -P $second_pid -x psql" >/dev/null || fail "it is not tried again"
    mark
    kill -KILL "$bouncer_pid"
    wait "$bouncer_pid" 2>/dev/null || true
    second_says 'console could not be logged in to'
    bouncer_up
    login_works
    stage_wait "$patience" is_ready || fail "the second keeper is not ready after PgBouncer was started again"
    step "a console that does not answer, and a PgBouncer killed in the middle of a rotation and started again"

    mark
    second_configure "\"console\": \"$console user=watcher\""
    kill -HUP "$second_pid"
    second_says 'did not take RELOAD'
    second_configure "\"console\": \"$console user=stranger\""
    mark
    kill -HUP "$second_pid"
    second_says 'console could not be logged in to'

    # What root writes PgBouncer could not read, and it is not written before that is known to be no more so.
    owner=
    if [ "$(id -u)" = 0 ]; then
        second_configure "\"console\": \"$console user=orders-batch\""
        mark
        kill -HUP "$second_pid"
        second_says "userlist.txt did not take the password: PgBouncer.s user is not known, and a file of root.s it could not read"
        [ "$(health /readyz)" = 503 ] || fail "ready, although nobody knows who reads the auth file"
    fi

    # A pid file that was left behind, whose number somebody else has got.
    ( trap "echo hung up >'$stage/hung-up'" HUP; while :; do sleep 0.2; done ) &
    bystander=$!
    echo "$bystander" >"$stage/stale.pid"
    second_configure "\"pidFile\": \"$stage/stale.pid\""
    mark
    kill -HUP "$second_pid"
    second_says "process $bystander is no PgBouncer, and is left alone"
    second_configure "\"pidFile\": \"$bouncer/pid\""
    kill -HUP "$second_pid"
    stage_wait "$patience" is_ready || fail "the second keeper is not ready by the right pid file"
    [ ! -e "$stage/hung-up" ] || fail "another process got the signal"
    login_works
    kill -INT "$second_pid"
    status=0; wait "$second_pid" || status=$?
    [ "$status" = 130 ] || fail "an interruption ended the second keeper with status $status"
    step "a console that refuses, a pid file of somebody else's, and an interruption"
)
