#!/usr/bin/env bash
# Rescales the same job on this distribution and on stock Flink 2.2.1, and compares what a user
# sees; docs/BENCHMARKS.md explains the figures.
#
#   experiments/run.sh --workload keycount --engine tern,stock --backend heap --state 1g \
#       --from 2 --to 4 --pairs 3 --out experiments/results/r1
#
# --help lists all options; --smoke is a first look in about four minutes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. tools/lib.sh
. experiments/lib.sh

require_prerequisites
build_if_needed
stock=$(tools/stock-distribution.sh)
run_harness run --tern-dist build-target --stock-dist "$stock" "$@"
