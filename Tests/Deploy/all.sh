#!/usr/bin/env bash
# Every recipe and every file of Docs/Deploy on the real thing: systemd of two Debians, the container image, the Kubernetes
# manifest, pgAdmin, pgcli. Needs root and the way to Debian and PyPI, about 2 GB in .build/deploy, and the first time about
# half an hour.
set -euo pipefail
cd "$(dirname "$0")/../.."

say() { printf '\n== %s\n' "$*"; }
say "packages, and the image"
bash Tests/Deploy/prepare.sh
bash Tests/Deploy/image.sh
swift build --quiet --product passgres
swift build --quiet --product passgres-local-entra
say "what a keeper tells a service manager, PgBouncer, a connection service"
bash Tests/isolated.sh bash Tests/Deploy/run.sh
say "systemd"
bash Tests/isolated.sh bash Tests/Deploy/systemd.sh bookworm
bash Tests/isolated.sh bash Tests/Deploy/systemd.sh trixie
say "Kubernetes"
bash Tests/isolated.sh bash Tests/Deploy/kubernetes.sh
bash Tests/isolated.sh bash Tests/Deploy/container.sh
say "pgAdmin and pgcli"
bash Tests/isolated.sh bash Tests/Deploy/pgadmin.sh
bash Tests/isolated.sh bash Tests/Deploy/pgcli.sh
