#!/usr/bin/env bash
# Builds the project and runs all its tests. The last line counts them; the exit code is 0 only if
# there are some and all have passed or were skipped for a stated reason.
#
#   ./test.sh [<arguments for Maven>]      e.g. ./test.sh -pl flink-runtime -am
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
. tools/lib.sh

LOG=target/test.log

# The test reports of the last run of Maven, one path a line.
reports() {
    find . -path '*/target/surefire-reports/TEST-*.xml' -o \
        -path '*/target/failsafe-reports/TEST-*.xml'
}

# Sums the reports: prints passed, failed and skipped.
count_tests() {
    reports | tr '\n' '\0' | xargs -0 -r awk '
        function attribute(name) {
            return match($0, " " name "=\"[0-9]+\"") \
                ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4) + 0 : 0
        }
        /<testsuite / {
            tests += attribute("tests")
            failed += attribute("failures") + attribute("errors")
            skipped += attribute("skipped")
        }
        END { print tests - failed - skipped, failed + 0, skipped + 0 }' |
        awk '{ p += $1; f += $2; s += $3 } END { print p + 0, f + 0, s + 0 }'
}

# What a reader wants to see of Maven's output while it runs.
progress() {
    grep --line-buffered -E \
        '^\[INFO\] Building Tern|Tests run:.*(Time elapsed|FAIL)|^\[ERROR\]|BUILD (SUCC|FAIL)' |
        grep --line-buffered -v -E '^\[ERROR\] *$|Re-run Maven|re-run Maven|\[Help 1\]' |
        sed -u -E 's/^\[(INFO|WARNING)\] //'
}

require_prerequisites
mkdir -p target
reports | tr '\n' '\0' | xargs -0 -r rm -f
say "Building and testing with Maven $(maven_version) and JDK 17 (log: $LOG)."
mvn -B -ntp -Dstyle.color=never -Dmaven.test.failure.ignore=true verify "$@" 2>&1 |
    tee "$LOG" | progress
built=${PIPESTATUS[0]}

read -r passed failed skipped < <(count_tests)
[ "$built" = 0 ] || say "The build itself failed; see $LOG."
if [ "$failed" -gt 0 ]; then
    say "Failed:"
    reports | tr '\n' '\0' | xargs -0 grep -lE '<(failure|error)[ >]' |
        sed -E 's#.*/TEST-(.*)\.xml#  \1#'
fi
echo "tests: $passed passed, $failed failed, $skipped skipped"
[ "$built" = 0 ] && [ "$failed" = 0 ] && [ "$passed" -gt 0 ]
