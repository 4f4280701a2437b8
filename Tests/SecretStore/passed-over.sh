# Sourced by login.sh with a KeePassXC whose database is locked and in which nobody ever kept a sign-in.

# The credentials after it are asked, and at once; KeePassXC is not made to ask anybody.
begun=${EPOCHREALTIME/./}
"$passgres" token --output json >"$stage/token" 2>"$stage/token.err" || { cat "$stage/token.err" >&2; fail "a locked KeePassXC ends the chain"; }
lasted=$(((${EPOCHREALTIME/./} - begun) / 1000))
[ "$lasted" -lt 4000 ] || fail "a locked KeePassXC took $lasted ms"
grep -q '"credential" : "managed-identity"' "$stage/token" || fail "the next credential was not asked"
status=0
"$passgres" token --credentials secret-store 2>"$stage/token.err" || status=$?
[ "$status" = 69 ] || { cat "$stage/token.err" >&2; fail "a locked KeePassXC alone ends with $status"; }
grep -q 'nobody is known to have signed in' "$stage/token.err" || fail "what is not known is not said"
"$passgres" status >"$stage/status" 2>&1 || fail "status ended with $?"
grep -q 'cannot be told' "$stage/status" || fail "status takes what it cannot see for nothing"
"$passgres" logout 2>"$stage/logout.err" || { cat "$stage/logout.err" >&2; fail "logout ended with $?"; }
grep -q 'warning: what may be kept in the secret service stays: ' "$stage/logout.err" || fail "logout does not say what it could not see"
echo "login: a locked KeePassXC that keeps nothing anybody knows of is passed over in $lasted ms"
