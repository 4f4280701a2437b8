#!/usr/bin/env bash
# For each library product: a program that uses it alone, and which shared libraries that program may load.
# allowed.txt has a line for each product; a product without one fails.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
bash "$here/core.sh"

scratch=$root/.build/clients
place=$root/.build/linkage
rm -rf "$place"
mkdir -p "$place"

products=$(swift package --package-path "$root" dump-package | python3 -c '
import json, sys
print(*(p["name"] for p in json.load(sys.stdin)["products"] if "library" in p["type"]), sep="\n")')
listed=$(grep -vE '^(#|$)' "$here/allowed.txt" | cut -d: -f1)
if ! diff <(sort <<<"$products") <(sort <<<"$listed"); then
    echo "linkage: allowed.txt and the library products differ" >&2
    exit 1
fi

{
    echo '// swift-tools-version: 6.2'
    echo 'import PackageDescription'
    echo "let package = Package(name: \"linkage\", dependencies: [.package(name: \"passgres\", path: \"$root\")], targets: ["
    for product in $products; do
        echo "    .executableTarget(name: \"Uses$product\", dependencies: [.product(name: \"$product\", package: \"passgres\")]),"
        mkdir -p "$place/Sources/Uses$product"
        printf 'import %s\n\nprint("%s")\n' "$product" "$product" >"$place/Sources/Uses$product/main.swift"
    done
    echo '])'
} >"$place/Package.swift"
swift build --disable-build-manifest-caching --package-path "$place" --scratch-path "$scratch" >"$place/log" 2>&1 || { tail -30 "$place/log" >&2; exit 1; }

# What every Swift program on Linux loads.
runtime='libc libm libgcc_s libstdc++ ld-linux-x86-64 ld-linux-aarch64 linux-vdso libdispatch libBlocksRuntime
libswiftCore libswift_Concurrency libswift_StringProcessing libswift_RegexParser libswiftGlibc libswiftSynchronization
libswiftDispatch libswift_Builtin_float libswiftSwiftOnoneSupport'
essentials='libFoundationEssentials lib_FoundationCollections lib_FoundationCShims lib_FoundationICU'

faults=0
while IFS=: read -r product extra; do
    program=$scratch/debug/Uses$product
    [ "$("$program")" = "$product" ] || { echo "linkage: $product does not run" >&2; exit 1; }
    # What system libraries load in turn is their affair: the rule for them is what the program itself names.
    case $extra in
        *lib*) loaded=$(objdump -p "$program" | awk '/NEEDED/ { print $2 }') ;;
        *) loaded=$(ldd "$program" | awk '{ print $1 }' | xargs -n1 basename) ;;
    esac
    allowed=" $(echo $runtime ${extra/essentials/$essentials}) "
    for library in $loaded; do
        name=${library%%.so*}
        case $allowed in
            *" $name "*) ;;
            *) echo "linkage: $product loads $name, which allowed.txt does not list" >&2; faults=1 ;;
        esac
    done
done < <(grep -vE '^(#|$)' "$here/allowed.txt")
[ "$faults" = 0 ] || exit 1
echo "linkage: each of $(wc -w <<<"$products") library products, used alone, loads nothing that is not listed for it"
