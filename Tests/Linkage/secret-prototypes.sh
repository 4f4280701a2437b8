#!/usr/bin/env bash
# Holds the hand-written declarations of CTokenSecret against the headers of libsecret and GLib that are installed.
set -euo pipefail
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
{
    echo '#include <libsecret/secret.h>'
    # Some are macros as well in later versions; what is compared is the function.
    grep -oE '\b(g|secret)_[a-z_]+\(' Sources/CTokenSecret/shim.h | tr -d '(' | sort -u | sed 's/^/#undef /'
} >"$work/both.c"
cat >>"$work/both.c" <<'C'
#define TOKEN_SECRET_SCHEMA_IS_KNOWN
#include "Sources/CTokenSecret/shim.h"

_Static_assert(offsetof(GError, domain) == offsetof(struct token_secret_error, domain), "GError.domain");
_Static_assert(offsetof(GError, code) == offsetof(struct token_secret_error, code), "GError.code");
_Static_assert(offsetof(GError, message) == offsetof(struct token_secret_error, message), "GError.message");
_Static_assert(sizeof(GError) == sizeof(struct token_secret_error), "GError");
_Static_assert(TOKEN_SECRET_SESSION_BUS == G_BUS_TYPE_SESSION, "G_BUS_TYPE_SESSION");
_Static_assert(TOKEN_SECRET_MD5 == G_CHECKSUM_MD5, "G_CHECKSUM_MD5");
_Static_assert(TOKEN_SECRET_SEARCH_ALL == SECRET_SEARCH_ALL, "SECRET_SEARCH_ALL");
_Static_assert(TOKEN_SECRET_LOAD_SECRETS == SECRET_SEARCH_LOAD_SECRETS, "SECRET_SEARCH_LOAD_SECRETS");
_Static_assert(TOKEN_SECRET_REPLACE == SECRET_ITEM_CREATE_REPLACE, "SECRET_ITEM_CREATE_REPLACE");
_Static_assert(SECRET_SCHEMA_ATTRIBUTE_STRING == 0 && SECRET_SCHEMA_NONE == 0, "the schema's zeros");
_Static_assert(SECRET_ERROR_IS_LOCKED == 2 && SECRET_ERROR_NO_SUCH_OBJECT == 3, "the error codes of libsecret");
_Static_assert(G_DBUS_ERROR_SERVICE_UNKNOWN == 2 && G_DBUS_ERROR_NAME_HAS_NO_OWNER == 3, "the error codes of D-Bus");
_Static_assert(G_DBUS_ERROR_UNKNOWN_METHOD == 19 && G_DBUS_ERROR_UNKNOWN_OBJECT == 41, "the error codes of D-Bus");
_Static_assert(G_DBUS_ERROR_SPAWN_EXEC_FAILED == 23 && G_DBUS_ERROR_SPAWN_NO_MEMORY == 34, "the codes of failed starts");
_Static_assert(G_IO_ERROR_CANCELLED == 19, "the error codes of GIO");
C
flags=$(pkg-config --cflags libsecret-1)
read -ra flags <<<"$flags"
clang -fsyntax-only -std=c11 -Wall -Werror -I. "${flags[@]}" "$work/both.c"

# That the comparison can fail: one declaration made wrong has to be noticed.
mkdir -p "$work/Sources/CTokenSecret"
sed 's/^int secret_item_get_locked(SecretItem \*item);/int secret_item_get_locked(SecretItem *item, int more);/' \
    Sources/CTokenSecret/shim.h >"$work/Sources/CTokenSecret/shim.h"
if cmp -s Sources/CTokenSecret/shim.h "$work/Sources/CTokenSecret/shim.h" ||
    clang -fsyntax-only -std=c11 -I"$work" "${flags[@]}" "$work/both.c" 2>/dev/null; then
    echo "secret-prototypes: a wrong declaration went unnoticed" >&2
    exit 1
fi
echo "secret-prototypes: the declarations of CTokenSecret are those of libsecret $(pkg-config --modversion libsecret-1)"
