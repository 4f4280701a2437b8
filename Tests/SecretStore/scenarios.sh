#!/usr/bin/env bash
# One scenario with a secret service, inside a session made by session.sh. KEEPER is the program that uses the store.
set -euo pipefail

failures=0
expect() { # what it is about, a pattern for a whole line without its time, and what was said
    if sed 's/ \[[0-9]* ms\]$//' <<<"$3" | grep -qE -- "^($2)$"; then return; fi
    printf 'secret store: %s: expected %s, and this was said:\n%s\n' "$1" "$2" "$3" >&2
    failures=$((failures + 1))
}
within() { # what it is about, the least and the most milliseconds, and what was said
    local time
    time=$(tail -n 1 <<<"$4" | sed -nE 's/.* \[([0-9]+) ms\]$/\1/p')
    if [ -n "$time" ] && [ "$time" -ge "$2" ] && [ "$time" -le "$3" ]; then return; fi
    printf 'secret store: %s: expected %s to %s ms, and this was said:\n%s\n' "$1" "$2" "$3" "$4" >&2
    failures=$((failures + 1))
}
lock() {
    gdbus call --session --dest org.freedesktop.secrets --object-path /org/freedesktop/secrets \
        --method org.freedesktop.Secret.Service.Lock "['/org/freedesktop/secrets/collection/login']" >/dev/null
}
lock_database() { # KeePassXC locks in answer to a prompt, for which it asks nobody where all is saved
    local prompt end=$((SECONDS + 10))
    prompt=$(gdbus call --session --dest org.freedesktop.secrets --object-path /org/freedesktop/secrets \
        --method org.freedesktop.Secret.Service.Lock "['/org/freedesktop/secrets/collection/kept']" |
        grep -oE "/org/freedesktop/secrets/prompt/[^']+")
    gdbus call --session --dest org.freedesktop.secrets --object-path "$prompt" \
        --method org.freedesktop.Secret.Prompt.Prompt '' >/dev/null
    until "$KEEPER" state | grep -q '^locked'; do
        [ $SECONDS -lt $end ] || { echo "secret store: the database was not locked" >&2; exit 1; }
    done
}
wait_for() { # a pattern in a file, ten seconds at most
    local end=$((SECONDS + 10))
    until grep -qE -- "$2" "$1" 2>/dev/null; do
        [ $SECONDS -lt $end ] || { echo "secret store: $2 did not come" >&2; exit 1; }
        read -r -t 0.02 _ <> <(:) || true
    done
}
watch_calls() { # begins to write down what the service is asked
    dbus-monitor --address "$DBUS_SESSION_BUS_ADDRESS" path=/org/freedesktop/secrets >"$HOME/calls" 2>&1 &
    monitor=$!
    wait_for "$HOME/calls" 'member=NameLost'
}
attributes() { # every item's attributes, as any program of the session can read them
    gdbus call --session --dest org.freedesktop.secrets --object-path /org/freedesktop/secrets \
        --method org.freedesktop.Secret.Service.SearchItems "{'kind': 'test'}" | grep -oE '/org/[^'"'"']+/[0-9]+' |
        while read -r item; do
            gdbus call --session --dest org.freedesktop.secrets --object-path "$item" \
                --method org.freedesktop.DBus.Properties.Get org.freedesktop.Secret.Item Attributes
        done
}

mkfifo "$HOME/go"
case $1 in
    whole)
        said=$("$KEEPER" state get a set a 'one é' get a set a two get a get b choice)
        expect "an open collection" ready "$said"
        expect "nothing stored" nothing "$said"
        expect "a secret" 'one é' "$said"
        expect "a secret that took its place" two "$said"
        expect "the choice" 'secret-service: the secret service: it is there and open' "$said"
        expect "another program" two "$("$KEEPER" get a)"
        "$KEEPER" set b three >/dev/null
        found=$(attributes)
        [ "$(grep -c . <<<"$found")" = 2 ] || expect "one item for each key" 'two lines' "$found"
        expect "the attributes" "\(<\{'kind': 'test', 'profile': 'a', 'version': '1', 'xdg:schema': 'dev.passgres.Secret'\}>,\)" \
            "$(sed -E "s/\(<\{(.*)\}>,\)/\1/" <<<"$found" | while read -r line; do
                echo "(<{$(tr ',' '\n' <<<"$line" | sed 's/^ //' | sort | paste -sd , | sed 's/,/, /g')}>,)"; done)"
        expect "the names" 'a b' "$("$KEEPER" list)"
        expect "forgetting" nothing "$("$KEEPER" forget a get a)"
        expect "forgetting alone what was named" three "$("$KEEPER" get b)"
        expect "forgetting what is not there" done "$("$KEEPER" forget c)"
        expect "the names that are left" b "$("$KEEPER" list)"
        expect "no sign-in" 'error: not available here: nobody has signed in .*' "$("$KEEPER" token)"
        ;;
    large)
        said=$("$KEEPER" fill a 65536 size a fill a 1048576 size a fill a 1048577 size a)
        expect "64 KB" 65536 "$said"
        expect "1 MB" 1048576 "$said"
        expect "more" 'error: failed\("a secret of more than 1048576 bytes is not stored"\)' "$said"
        ;;
    together)
        "$KEEPER" set a zero >/dev/null
        writers=()
        for number in $(seq 8); do
            "$KEEPER" set a "number-$number" get a >"$HOME/said.$number" &
            writers+=($!)
        done
        for writer in "${writers[@]}"; do wait "$writer"; done
        expect "eight writers" 'number-[1-8]' "$("$KEEPER" get a)"
        for number in $(seq 8); do expect "a writer among eight" 'number-[1-8]' "$(cat "$HOME/said.$number")"; done
        ;;
    dies-mid-call)
        "$KEEPER" set a one >/dev/null
        watch_calls
        kill -STOP "$KEYRING_PID"
        "$KEEPER" --limit 30 get a >"$HOME/said" &
        user=$!
        wait_for "$HOME/calls" "^method call"
        kill -KILL "$KEYRING_PID"
        wait "$user"
        kill "$monitor"
        said=$(cat "$HOME/said")
        expect "a service that dies while it is asked" 'error: (failed|absent)\(".*"\)' "$said"
        within "a service that dies while it is asked" 0 10000 "$said"
        ;;
    keepassxc)
        said=$("$KEEPER" state get a set a 'one é' get a set a two get a get b choice)
        expect "an open database" ready "$said"
        expect "nothing stored" nothing "$said"
        expect "a secret" 'one é' "$said"
        expect "a secret that took its place" two "$said"
        within "all of it" 0 4000 "$said"
        expect "another program" two "$("$KEEPER" get a)"
        expect "64 KB" 65536 "$("$KEEPER" set b three fill b 65536 size b)"
        expect "the names" 'a b' "$("$KEEPER" list)"
        expect "forgetting" nothing "$("$KEEPER" forget a get a)"
        expect "the names that are left" b "$("$KEEPER" list)"
        expect "no sign-in" 'error: not available here: nobody has signed in .*' "$("$KEEPER" token)"
        ;;
    keepassxc-locked)
        said=$("$KEEPER" state set a one)
        expect "its state" locked "$said"
        expect "writing" 'error: locked\("its default collection is locked"\)' "$said"
        watch_calls
        hidden='error: hidden\(".* does not show what it holds"\)'
        for action in "get a" "list" "forget a" "--kind sign-in get default"; do
            # shellcheck disable=SC2086
            said=$("$KEEPER" $action)
            expect "$action, of which nothing can be told" "$hidden" "$said"
            within "$action" 0 2000 "$said"
        done
        said=$("$KEEPER" token)
        expect "a sign-in that nobody is known to have kept" 'error: not available here: nobody is known to have signed in .*' "$said"
        within "a sign-in that nobody is known to have kept" 0 2000 "$said"
        kill "$monitor"
        if grep -q 'member=SearchItems' "$HOME/calls"; then expect "nobody is asked to unlock it" "no search" "a search"; fi
        ;;
    keepassxc-no-database)
        said=$("$KEEPER" state get a list)
        expect "its state" 'absent\("the secret service has no default collection"\)' "$said"
        expect "reading, of which nothing can be told" 'error: hidden\(".* does not show what closed ones hold"\)' "$said"
        within "reading" 0 2000 "$said"
        ;;
    keepassxc-locked-later)
        said=$("$KEEPER" --kind sign-in set default one set second two)
        expect "keeping" 'done' "$said"
        "$KEEPER" set a one >/dev/null
        lock_database
        locked='error: locked\(".* does not show what it holds"\)'
        expect "a sign-in that was kept" "$locked" "$("$KEEPER" --kind sign-in get default)"
        expect "forgetting it" "$locked" "$("$KEEPER" --kind sign-in forget default)"
        said=$("$KEEPER" token)
        expect "the credential" 'error: failed: a sign-in is kept, and the secret store is locked: .*' "$said"
        within "the credential" 0 2000 "$said"
        expect "one that was not" 'error: hidden\(".*"\)' "$("$KEEPER" --kind sign-in get third)"
        expect "another kind" 'error: hidden\(".*"\)' "$("$KEEPER" get a)"
        ;;
    restarted)
        # The machine was started anew, or somebody came over SSH: the keyring's file has not been opened yet.
        "$KEEPER" set a one >/dev/null
        "$KEEPER" --kind sign-in set default one >/dev/null
        kill "$KEYRING_PID"
        while kill -0 "$KEYRING_PID" 2>/dev/null; do read -r -t 0.02 _ <> <(:) || true; done
        gnome-keyring-daemon --foreground --components=secrets >/dev/null 2>&1 &
        daemon=$!
        gdbus wait --session --timeout 10 org.freedesktop.secrets
        expect "its state" locked "$("$KEEPER" state)"
        expect "a secret" 'error: locked\("the collection that holds it is locked"\)' "$("$KEEPER" get a)"
        expect "forgetting it" 'error: locked\("the collection that holds it is locked"\)' "$("$KEEPER" forget a)"
        expect "nothing stored, told from locked" nothing "$("$KEEPER" get b)"
        expect "the names" 'error: locked\(".*, and their names with it"\)' "$("$KEEPER" list)"
        expect "the credential" 'error: failed: a sign-in is kept, and the secret store is locked: .*' "$("$KEEPER" token)"
        rm -r "$HOME/.local/state"
        expect "the credential without its record" 'error: failed: a sign-in is kept, and the .*' "$("$KEEPER" token)"
        kill "$daemon"
        wait "$daemon" || true
        ;;
    stopped)
        "$KEEPER" set a one >/dev/null
        kill -STOP "$KEYRING_PID"
        said=$("$KEEPER" --limit 0.7 get a)
        expect "reading from a service that hangs" 'error: failed\("it did not answer within 0.7 seconds"\)' "$said"
        within "the limit" 690 2500 "$said"
        said=$("$KEEPER" --limit 0.7 set a two)
        expect "writing to a service that hangs" 'error: failed\("it did not answer within 0.7 seconds"\)' "$said"
        within "the limit" 690 2500 "$said"
        said=$("$KEEPER" --limit 30 --cancel-after 0.3 get a)
        expect "cancelling" 'error: cancelled' "$said"
        within "cancelling" 290 2000 "$said"
        kill -CONT "$KEYRING_PID"
        expect "the service goes on" 'one|two' "$("$KEEPER" get a)"
        ;;
    killed-mid-call)
        "$KEEPER" set a one >/dev/null
        watch_calls
        kill -STOP "$KEYRING_PID"
        "$KEEPER" --limit 30 set a two >"$HOME/said" &
        writer=$!
        wait_for "$HOME/calls" "^method call"
        kill -KILL "$writer"
        kill "$monitor"
        wait "$writer" 2>/dev/null || true
        kill -CONT "$KEYRING_PID"
        expect "a writer that was killed" 'one|two' "$("$KEEPER" get a)"
        ;;
    service-ends)
        "$KEEPER" set a one get a pause "$HOME/go" get a state >"$HOME/said" &
        user=$!
        wait_for "$HOME/said" '^waiting'
        kill -KILL "$KEYRING_PID"
        until ! gdbus introspect --session --dest org.freedesktop.secrets --object-path / >/dev/null 2>&1; do :; done
        : >"$HOME/go"
        wait "$user"
        said=$(sed '1,/^waiting/d' "$HOME/said")
        expect "a service that has ended" 'error: absent\("no program on the session bus offers a secret service: .*"\)' "$said"
        expect "its state" 'absent\("no program .*"\)' "$said"
        ;;
    bus-ends)
        "$KEEPER" set a one get a pause "$HOME/go" get a state >"$HOME/said" &
        user=$!
        wait_for "$HOME/said" '^waiting'
        kill -KILL "$BUS_PID"
        : >"$HOME/go"
        status=0
        wait "$user" || status=$?
        [ $status = 0 ] || expect "the end of the bus" "an orderly end" "status $status"
        said=$(sed '1,/^waiting/d' "$HOME/said")
        expect "a bus that has ended" 'error: (absent|failed)\(".*"\)' "$said"
        within "a bus that has ended" 0 4000 "$said"
        ;;
    locked-later)
        "$KEEPER" set a one pause "$HOME/go" get a >"$HOME/said" &
        user=$!
        wait_for "$HOME/said" '^waiting'
        lock
        : >"$HOME/go"
        wait "$user"
        expect "a collection that was locked meanwhile" 'error: locked\(".*is locked"\)' "$(cat "$HOME/said")"
        said=$("$KEEPER" get b set b two forget a state)
        expect "nothing stored, told from locked" nothing "$said"
        expect "writing to it" 'error: locked\("its default collection is locked"\)' "$said"
        expect "forgetting what is in it" 'error: locked\("the collection that holds it is locked"\)' "$said"
        expect "its state" locked "$said"
        expect "the names" a "$("$KEEPER" list)"
        expect "the choice" 'secret-service: the secret service: it is there, and locked' "$("$KEEPER" choice)"
        ;;
    unlocking)
        # There is a display by name, and nothing behind it: the prompt cannot come up.
        "$KEEPER" set a one >/dev/null
        lock
        said=$("$KEEPER" --unlock get a)
        expect "nobody there" 'error: locked\("the collection that holds it is locked"\)' "$said"
        said=$(DISPLAY=:987 "$KEEPER" --unlock --limit 5 get a)
        expect "a prompt that nobody answers" 'error: (locked|failed)\(".*"\)' "$said"
        within "a prompt that nobody answers" 0 7000 "$said"
        ;;
    dismissed)
        # Somebody is there, is asked to unlock, and shuts the window.
        "$KEEPER" set a one >/dev/null
        lock
        /usr/bin/python3 Tests/SecretStore/prompter.py >"$HOME/prompts" 2>&1 &
        prompter=$!
        wait_for "$HOME/prompts" '^ready'
        said=$(DISPLAY=:987 "$KEEPER" --unlock --limit 20 get a set a two forget a)
        kill "$prompter"
        [ "$(grep -c . <<<"$said")" = 3 ] || expect "three answers" 'three lines' "$said"
        [ "$(grep -c '^error: locked(".* is locked, and the prompt was dismissed") ' <<<"$said")" = 3 ] ||
            expect "a prompt that was dismissed, thrice" 'error: locked, and the prompt was dismissed' "$said"
        [ "$(grep -c '^dismissed' "$HOME/prompts")" = 3 ] || expect "three prompts" 'three times dismissed' "$(cat "$HOME/prompts")"
        expect "it stays locked, and nobody is asked by default" 'error: locked\(".*is locked"\)' "$("$KEEPER" get a)"
        ;;
    locked)
        said=$("$KEEPER" state get a set a one)
        expect "its state" locked "$said"
        expect "nothing stored" nothing "$said"
        expect "writing" 'error: locked\("its default collection is locked"\)' "$said"
        within "nobody there" 0 4000 "$said"
        ;;
    no-service)
        said=$("$KEEPER" state get a set a one token choice)
        expect "its state" 'absent\("no program on the session bus offers a secret service: .*"\)' "$said"
        expect "reading and writing" 'error: absent\("no program .*"\)' "$said"
        expect "the credential" 'error: not available here: there is no secret store here: no program .*' "$said"
        expect "the choice" 'memory: this program.s memory: no program .*PASSGRES_SECRET_STORE=file would .*' "$said"
        expect "a file that was asked for" 'file: the file .*: PASSGRES_SECRET_STORE names it' \
            "$(PASSGRES_SECRET_STORE=file "$KEEPER" choice)"
        ;;
    no-bus)
        said=$("$KEEPER" state get a set a one token choice)
        expect "its state" 'absent\("there is no session bus: .*"\)' "$said"
        expect "reading and writing" 'error: absent\("there is no session bus: .*"\)' "$said"
        expect "the credential" 'error: not available here: there is no secret store here: there is no session bus.*' "$said"
        said=$(DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent "$KEEPER" get a)
        expect "a bus that is not where it should be" 'error: absent\("there is no session bus: .*"\)' "$said"
        within "a bus that is not where it should be" 0 2000 "$said"
        ;;
    *)
        echo "unknown scenario: $1" >&2
        exit 64
        ;;
esac
exit $((failures > 0))
