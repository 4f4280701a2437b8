#!/usr/bin/env bash
# Uses the plugins as a client does, in a clean directory: what the scaffold writes builds and passes at once, the tool runs
# and its status is told, and a build fails where a connection file is wrong or holds a password.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
scratch=$root/.build/clients
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
fail() { echo "plugins: $1" >&2; [ ! -f "$place/log" ] || tail -30 "$place/log" >&2; exit 1; }

client=$place/client
mkdir -p "$client/Sources/Client"
cat >"$client/Package.swift" <<MANIFEST
// swift-tools-version: 6.2
import PackageDescription
let package = Package(
    name: "client",
    dependencies: [.package(name: "passgres", path: "$root")],
    targets: [
        .executableTarget(
            name: "Client", dependencies: [.product(name: "TokenCredentials", package: "passgres")],
            plugins: [.plugin(name: "CheckConnections", package: "passgres")])
    ]
)
MANIFEST
echo 'print("client")' >"$client/Sources/Client/main.swift"
package() { swift package --disable-build-manifest-caching --package-path "$client" --scratch-path "$scratch" "$@" >"$place/log" 2>&1; }

# A package, a target and a program; each passes its tests as it is written.
package --allow-writing-to-package-directory new-credential my-vault || fail "new-credential wrote no package"
swift test --disable-xctest --disable-build-manifest-caching --package-path "$client/my-vault" --scratch-path "$scratch" >"$place/log" 2>&1 \
    || fail "the package that new-credential wrote does not build and pass"
grep -qE 'Test run with [1-9]' "$place/log" || fail "the package that new-credential wrote has no tests"
if package --allow-writing-to-package-directory new-credential my-vault; then fail "new-credential wrote over a package"; fi
grep -q 'is there already' "$place/log" || fail "new-credential does not say what is in its way"
if package --allow-writing-to-package-directory new-credential Bad/Name; then fail "new-credential took a bad name"; fi
rm -rf "$client/my-vault"
echo "plugins: a package builds and passes"

package --allow-writing-to-package-directory new-credential other --form target || fail "new-credential wrote no target"
swift test --disable-xctest --disable-build-manifest-caching --package-path "$client" --scratch-path "$scratch" >"$place/log" 2>&1 \
    || fail "the target that new-credential wrote does not build and pass"
grep -qE 'Test run with [1-9]' "$place/log" || fail "the target that new-credential wrote has no tests"
echo "plugins: a target builds and passes"

package --allow-writing-to-package-directory new-credential --form program script || fail "new-credential wrote no program"
"$client/script/test.sh" >"$place/log" 2>&1 || fail "the program that new-credential wrote does not pass"
echo "plugins: a program passes"

# The tool, from the client's package.
# SwiftPM ends with a status of its own and tells the plugin's.
if AZURE_POD_IDENTITY_AUTHORITY_HOST=http://127.0.0.1:1 package --allow-network-connections all \
    passgres token --credentials nonsense; then fail "swift package passgres hides that the tool failed"; fi
grep -q 'exit code 78' "$place/log" || fail "swift package passgres does not tell the tool's status"
grep -q 'no credential is called "nonsense"' "$place/log" || fail "swift package passgres did not run the tool"
echo "plugins: the tool runs"

# Connection files.
build() { swift build --disable-build-manifest-caching --package-path "$client" --scratch-path "$scratch" --product Client >"$place/log" 2>&1; }
mkdir -p "$client/Sources/Client/Resources"
sed -i 's/            plugins:/            exclude: ["Resources"], plugins:/' "$client/Package.swift"
echo 'host=db.example dbname=orders user=api' >"$client/Sources/Client/Resources/orders.conninfo"
printf '[orders]\nhost=db.example\n' >"$client/Sources/Client/Resources/pg_service.conf"
build || fail "good connection files fail the build"
echo 'host=db.example password=s3cr3t' >"$client/Sources/Client/Resources/orders.conninfo"
if build; then fail "a password in a connection file passes the build"; fi
grep -q 'orders.conninfo:1: error: password has a value' "$place/log" || fail "the build does not say where the password is"
if grep -q s3cr3t "$place/log"; then fail "the build prints the password"; fi
echo 'host=db.example' >"$client/Sources/Client/Resources/orders.conninfo"
printf '[orders]\nhots=db.example\n' >"$client/Sources/Client/Resources/pg_service.conf"
if build; then fail "a wrong keyword in a service file passes the build"; fi
grep -q 'pg_service.conf:2: error: ' "$place/log" || fail "the build does not say where the keyword is"
echo "plugins: a build fails where a connection file is wrong or holds a password"
