#!/usr/bin/env bash
# A client of the core alone builds where none of the system libraries' headers is installed, and links none of them.
set -euo pipefail
cd "$(dirname "$0")/CoreOnly"

# Everything the headers and their pkg-config files could be found by is covered with something empty, for this build alone.
covered=()
for path in /usr/include/openssl /usr/include/*/openssl /usr/include/curl /usr/include/*/curl /usr/include/libsecret-1 \
    /usr/include/glib-2.0 /usr/include/postgresql /usr/lib/*/pkgconfig /usr/share/pkgconfig; do
    [ -d "$path" ] && covered+=("$path")
done
build='
    set -e
    empty=$(mktemp -d)
    for path in "$@"; do mount --bind "$empty" "$path"; done
    if echo "#include <curl/curl.h>" | clang -E -x c - >/dev/null 2>&1; then echo "curl is still there" >&2; exit 1; fi
    if echo "#include <openssl/ssl.h>" | clang -E -x c - >/dev/null 2>&1; then echo "openssl is still there" >&2; exit 1; fi
    swift build 2>&1
    rmdir "$empty" 2>/dev/null || true
'
namespace=(unshare --mount)
[ "$(id -u)" = 0 ] || namespace=(unshare --mount --map-root-user)
"${namespace[@]}" bash -c "$build" bash "${covered[@]}" | grep -vE '^(\[|Building|Fetch|Cloning|Computing|Creating|Updating|Resolv)' || true

program=.build/debug/CoreOnly
[ -x "$program" ] || { echo "linkage: the client of the core alone did not build" >&2; exit 1; }
"$program" | grep -q '^AccessToken(expires ' || { echo "linkage: the client does not run" >&2; exit 1; }
if ldd "$program" | grep -E 'libcurl|libssl|libcrypto|libsecret|libglib|libpq'; then
    echo "linkage: the core pulls in a system library" >&2
    exit 1
fi
echo "linkage: the core alone builds without headers of curl, OpenSSL and libsecret, and links none of them"
