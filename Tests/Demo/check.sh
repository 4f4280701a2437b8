#!/usr/bin/env bash
# Checks what `make demo` printed; its argument is a file with that.
set -euo pipefail
log=$1
expect() { grep -qE -- "$1" "$log" || { echo "demo: nothing matches: $1" >&2; exit 1; }; }

expect '^   \| environment +unavailable .*AZURE_CLIENT_SECRET'
expect '^   \| managed-identity +token '
expect '^   \|  orders-api +\| t +\| TLSv1\.[23]'
expect 'LDAP authentication failed for user "reporting"'
expect 'in the server log: LDAP diagnostics: .*expired'
expect '^   \| -rw-------  ~/\.pgpass'
[ "$(grep -cE '^   \|  orders-api +\| t +\|' "$log")" = 2 ] || { echo "demo: two sessions of orders-api were expected" >&2; exit 1; }
expect '^   \| environment +token '
expect '^   \| managed-identity +not-asked'
expect '^   \|  orders-batch +\| t +\| TLSv1\.[23]'
[ "$(grep -c '(exit status .*: refused' "$log")" = 2 ] || { echo "demo: two refusals were expected" >&2; exit 1; }
expect '^Done\.'
if grep -qE 'eyJ[A-Za-z0-9_-]{20,}' "$log"; then echo "demo: a token stands in the output" >&2; exit 1; fi
if pgrep -f passgres-stage- >/dev/null; then echo "demo: something was left running" >&2; exit 1; fi
if ls -d "${TMPDIR:-/tmp}"/passgres-stage-* >/dev/null 2>&1; then echo "demo: something was left behind" >&2; exit 1; fi
echo "demo: every line is there, no token is shown, nothing is left running"
