#!/usr/bin/env bash
# Every check, in the order that finds a fault soonest. Ends with the first that fails.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '\n== %s\n' "$*"; }

say "format and imports"
swift format lint --strict --recursive --parallel Package.swift Sources Plugins Tests 2>&1
if grep -rnE '^(public |package |@preconcurrency )*import Foundation$' Sources --include='*.swift'; then
    echo "full Foundation is imported by a library" >&2
    exit 1
fi

say "build, with every warning an error"
swift build --build-tests 2>&1 | grep -vE '^\[[0-9]+/[0-9]+\]' || true
swift build --build-tests >/dev/null

# What a run prints, less the lines that say that something began or went well.
brief() { grep -avE '^(◇|↳|✔ (Test|Suite) ")|^\[[0-9]+/[0-9]+\]'; }

say "tests, in a network that has no way out"
# In turns, so that what measures a time, runs programs or opens hundreds of connections is not held up by what computes.
bash Tests/isolated.sh bash -c '
    clouds="LocalEntraTests|LocalEntraLoginTests|SharedTokenCacheTests"
    long="KnownFailuresTests|PassgresCommandsTests|CommandCredentialsTests"
    swift test --skip-build --disable-xctest --filter "PostgresCredentialsTests" &&
    swift test --skip-build --disable-xctest --filter "$clouds" &&
    swift test --skip-build --disable-xctest --skip "PostgresCredentialsTests|CommandLineTests|$clouds|$long" &&
    swift test --skip-build --disable-xctest --filter "$long" &&
    swift test --skip-build --disable-xctest --filter "CommandLineTests" &&
    bash Tests/off-azure.sh' 2>&1 | brief

say "broken set-ups, each found by its cause"
bash Tests/isolated.sh bash Tests/Doctor/broken.sh
bash Tests/isolated.sh bash Tests/Doctor/unreachable.sh

say "the secret service, and a sign-in from beginning to end"
bash Tests/Linkage/secret-prototypes.sh
bash Tests/isolated.sh bash Tests/SecretStore/check.sh
bash Tests/isolated.sh bash Tests/SecretStore/login.sh

say "the keeper, through rotations and an outage"
bash Tests/isolated.sh bash Tests/Keeper/run.sh
bash Tests/isolated.sh bash Tests/Keeper/faults.sh

say "the recipes of the pages"
bash Tests/isolated.sh bash Tests/Deploy/run.sh

say "leaks"
bash Tests/Leaks/check.sh

say "linkage"
bash Tests/Linkage/check.sh

say "the tool with optimisation, ten thousand logins, and what a login costs"
swift build --quiet -c release --static-swift-stdlib --product passgres
bash Tests/isolated.sh bash Tests/Keeper/many.sh release
bash Tests/Benchmarks/run.sh

say "plugins and examples"
bash Tests/Plugins/run.sh
bash Tests/Examples/run.sh
bash Tests/api.sh
