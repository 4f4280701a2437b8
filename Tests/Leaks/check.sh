#!/usr/bin/env bash
# Signs ten thousand times under the address sanitizer: no memory error, and nothing left behind.
set -euo pipefail
cd "$(dirname "$0")"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(
    umask 077
    openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=leaks -days 2 -keyout "$work/key.pem" -out "$work/cert.pem" 2>/dev/null
    cat "$work/cert.pem" "$work/key.pem" >"$work/both.pem"
    openssl pkcs12 -export -in "$work/cert.pem" -inkey "$work/key.pem" -out "$work/both.pfx" -passout pass:hush
)
swift build --sanitize=address >"$work/build" 2>&1 || { cat "$work/build" >&2; exit 1; }
program=$(swift build --sanitize=address --show-bin-path)/Signatures
export ASAN_OPTIONS=detect_leaks=1 LSAN_OPTIONS=report_objects=0
sign() { "$program" "$@" >"$work/out" 2>&1 || { cat "$work/out" >&2; exit 1; }; cat "$work/out"; }
[ "$(sign "$work/both.pem" 10000)" = "10000 different signatures" ] || { cat "$work/out" >&2; exit 1; }
[ "$(sign "$work/both.pfx" 500 hush)" = "500 different signatures" ] || { cat "$work/out" >&2; exit 1; }
echo "leaks: none over 10,000 signatures, nor over 500 with an encrypted PKCS#12 file"
