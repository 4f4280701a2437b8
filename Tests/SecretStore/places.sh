# Sourced by login.sh with a gnome-keyring: sign-ins and secrets in two places, and a keyring that is locked or hangs.

lock_keyring() {
    gdbus call --session --dest org.freedesktop.secrets --object-path /org/freedesktop/secrets \
        --method org.freedesktop.Secret.Service.Lock "['/org/freedesktop/secrets/collection/login']" >/dev/null
}
sign_in() { # USER OPTION...
    local user=$1; shift
    # The code of the sign-in before is not this one's.
    : >"$stage/login.err"
    "$passgres" login --device-code "$@" 2>"$stage/login.err" &
    login=$!
    stage_wait 15 grep -qE '^  [A-Z0-9]{8,9}$' "$stage/login.err" || { cat "$stage/login.err" >&2; fail "no code was shown"; }
    code=$(grep -oE '^  [A-Z0-9]{8,9}$' "$stage/login.err" | tr -d ' ')
    control answer-device "{\"userCode\": \"$code\", \"user\": \"$user\"}" >/dev/null
    wait "$login" || { cat "$stage/login.err" >&2; fail "login as $user $* ended with $?"; }
}
user() { "$passgres" token --credentials secret-store --output json | sed -n 's/.*"user" : "\(.*\)".*/\1/p'; }
ends() { # STATUS PATTERN ARGUMENT...: what is said on both streams
    local wanted=$1 pattern=$2 status=0 begun=${EPOCHREALTIME/./}; shift 2
    "$passgres" "$@" >"$stage/said" 2>&1 </dev/null || status=$?
    lasted=$(((${EPOCHREALTIME/./} - begun) / 1000))
    [ "$status" = "$wanted" ] || { cat "$stage/said" >&2; fail "$* ends with $status, and not with $wanted"; }
    grep -qE -- "$pattern" "$stage/said" || { cat "$stage/said" >&2; fail "$* does not say: $pattern"; }
}

# Whoever signed in last is who later commands speak for, wherever that is kept.
sign_in bob@contoso.example
sign_in ada@contoso.example --keep-in file
grep -q 'forgot the older sign-in in the secret service' "$stage/login.err" || fail "the older sign-in is not said to be gone"
[ "$(user)" = ada@contoso.example ] || fail "after a sign-in to a file the token is for $(user)"
sign_in bob@contoso.example
[ "$(user)" = bob@contoso.example ] || fail "after a sign-in to the secret service the token is for $(user)"
[ "$("$passgres" status --output json 2>/dev/null | grep -c '"user"')" = 1 ] || fail "status lists more than one sign-in"

# logout forgets what is kept anywhere, whatever the variable says of new secrets.
PASSGRES_SECRET_STORE=file sign_in ada@contoso.example
PASSGRES_SECRET_STORE=file "$passgres" logout 2>"$stage/logout.err" || fail "logout ended with $?"
for place in 'bob@contoso.example in the secret service' 'ada@contoso.example in the file'; do
    grep -q "the sign-in of $place" "$stage/logout.err" || { cat "$stage/logout.err" >&2; fail "logout leaves the sign-in of $place"; }
done
ends 0 'nobody is signed in' status

# A keyring that is locked, with nobody there: nobody is asked to sign in for nothing, and nothing is said that is not known.
sign_in bob@contoso.example
lock_keyring
control forget-requests >/dev/null
ends 77 'locked, and nobody is there to unlock it.*--keep-in file' login --device-code
requests=$(control requests '{"endpoint": "device-code"}') || fail "the stand-in does not say what it was asked"
if grep -q 'device-code: ' <<<"$requests"; then fail "a code was asked for in vain"; fi
ends 77 'locked, and nobody is there to unlock it' secret store other
ends 0 'cannot be told' status
if grep -q 'nobody is signed in' "$stage/said"; then fail "status takes a locked sign-in for none"; fi
ends 0 'the secret service: .*locked' status --output json
ends 74 'the secret service: .*locked' logout
if grep -q 'nothing to forget' "$stage/said"; then fail "logout takes a locked sign-in for none"; fi
PASSGRES_SECRET_STORE=file ends 0 'warning: what is kept in the secret service stays: .*locked' logout
sign_in ada@contoso.example --keep-in file
grep -qE 'warning: an older sign-in in the secret service .*PASSGRES_SECRET_STORE=file' "$stage/login.err" ||
    fail "nobody is warned of a sign-in that is found first"
[ "$(PASSGRES_SECRET_STORE=file user)" = ada@contoso.example ] || fail "the variable does not leave the secret service out"

# A keyring that hangs: every command ends in its time.
kill -STOP "$KEYRING_PID"
ends 75 '--timeout' login --device-code --timeout 1
[ "$lasted" -lt 30000 ] || fail "login --timeout 1 took $lasted ms"
ends 75 'the secret service did not serve' login --device-code
PASSGRES_SECRET_STORE=file ends 0 'warning: what is kept in the secret service stays: ' logout
grep -q 'forgotten: the sign-in of ada@contoso.example in the file' "$stage/said" || fail "logout waits for what it leaves out"
kill -CONT "$KEYRING_PID"

# The machine was started anew, and the keyring has not been opened since: nobody becomes the machine in silence.
PASSGRES_SECRET_STORE=file "$passgres" logout 2>/dev/null
kill "$KEYRING_PID"
stage_wait 15 eval '! kill -0 "$KEYRING_PID" 2>/dev/null' || fail "the keyring did not end"
HOME=$keyring_home gnome-keyring-daemon --foreground --components=secrets >/dev/null 2>&1 &
restarted=$!
gdbus wait --session --timeout 10 org.freedesktop.secrets
"$passgres" token --credentials managed-identity >/dev/null || fail "the machine has no identity, so that nothing is proved"
ends 77 'a sign-in is kept, and the secret store is locked' token
ends 0 'cannot be told' status
ends 74 'the secret service: .*locked' logout
kill "$restarted"
wait "$restarted" || true
echo "login: the last sign-in counts in two places, a locked keyring and one that hangs are told ($store)"
