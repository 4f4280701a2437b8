#!/usr/bin/env bash
# Builds the image of Docs/Deploy/Containerfile, with buildah. Needs root and the way to Debian's packages; no registry is
# asked: the two base images are made here and carry the names the file uses. Debian's is made by debootstrap; Swift's is
# that with the toolchain that is on the PATH.
set -euo pipefail
cd "$(dirname "$0")/../.."
. Tests/Deploy/places.sh

[ "$(id -u)" = 0 ] || { echo "image: building an image from nothing needs root" >&2; exit 1; }
box=(buildah --root "$place/storage" --runroot "$place/storage-run")
toolchain=$(dirname "$(dirname "$(dirname "$(readlink -f "$(command -v swift)")")")")
cache=${XDG_CACHE_HOME:-$HOME/.cache}/org.swift.swiftpm

base() { # a name and the packages it has besides the smallest Debian
    local name=$1 container; shift
    "${box[@]}" inspect --type image "$name" >/dev/null 2>&1 && return
    local root=$place/base
    rm -rf "$root"
    debootstrap --variant=minbase --include="$(IFS=,; echo "$*")" bookworm "$root" http://deb.debian.org/debian >"$place/debootstrap.log" 2>&1 ||
        { tail -n 5 "$place/debootstrap.log" >&2; exit 1; }
    rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/*
    tar -C "$root" -cf "$place/base.tar" .
    container=$("${box[@]}" from scratch)
    "${box[@]}" add -q "$container" "$place/base.tar" / >/dev/null
    "${box[@]}" config --cmd bash --env PATH="$toolchain/usr/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" "$container"
    [[ $name == *swift* ]] || "${box[@]}" config --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$container"
    "${box[@]}" commit -q "$container" "$name" >/dev/null
    "${box[@]}" rm "$container" >/dev/null
    rm -rf "$root" "$place/base.tar"
}
base docker.io/library/debian:bookworm-slim adduser
# What Swift's image for Debian has besides the toolchain.
base docker.io/library/swift:6.3-bookworm binutils libc6-dev libgcc-12-dev libstdc++-12-dev libedit2 libncurses6 libpython3-dev \
    libsqlite3-0 libxml2-dev libz3-dev git gnupg2 unzip pkg-config tzdata zlib1g-dev uuid-dev libcurl4-openssl-dev ca-certificates

# What was built stays for the next time.
mkdir -p "$place/image-build"
volumes=(--volume "$toolchain:$toolchain:ro" --volume "$place/image-build:/source/.build")
[ ! -d "$cache" ] || volumes+=(--volume "$cache:/root/.cache/org.swift.swiftpm")
"${box[@]}" build --isolation chroot --format docker --pull-never --layers=false "${volumes[@]}" \
    -f Docs/Deploy/Containerfile -t localhost/passgres . >"$place/image.log" 2>&1 || { tail -n 40 "$place/image.log" >&2; exit 1; }
"${box[@]}" rmi --prune --force >/dev/null
"${box[@]}" images --format '{{.Name}}:{{.Tag}} {{.Size}}'
