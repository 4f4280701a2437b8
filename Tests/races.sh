#!/usr/bin/env bash
# Every test under the thread sanitizer, in a build of its own; takes a quarter of an hour. Ends with the first race of ours.
#
# swift-subprocess locks by a futex that the sanitizer does not see, so what it reports of that package is left out; our own
# lock is a pthread mutex in this build. Tests that hold a time to a limit are left out: everything is ten times slower.
set -euo pipefail
cd "$(dirname "$0")/.."
options=(--scratch-path .build/races --sanitize=thread -Xswiftc -DSANITIZE_THREAD)
swift build --quiet --build-tests "${options[@]}"
list=$(mktemp)
trap 'rm -f "$list"' EXIT
echo 'race:*/swift-subprocess/*' >"$list"
export TSAN_OPTIONS="suppressions=$list halt_on_error=1 exitcode=66"
clouds="LocalEntraTests|LocalEntraLoginTests|SharedTokenCacheTests"
timed="cost little, however many|ends in bounded time|let go at once|is not waited for|gives a connection its time|DocumentationTests|CommandLineTests"
for choice in "--filter PostgresCredentialsTests|PasswordKeepingTests" "--filter $clouds" \
    "--skip PostgresCredentialsTests|PasswordKeepingTests|$clouds|$timed"; do
    read -r verb pattern <<<"$choice"
    bash Tests/isolated.sh swift test --skip-build --disable-xctest "${options[@]}" "$verb" "$pattern" "--skip" "$timed" 2>&1 |
        grep -avE '^(◇|↳|✔ (Test|Suite) ")' || exit 1
done
