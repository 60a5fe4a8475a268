#!/usr/bin/env bash
# Rewrites docs/SEAMS.md and NOTICE from the .openings files.
set -euo pipefail
cd "$(dirname "$0")/.."
mvn -q -B ${MVN_ARGS:-} -pl tests/seams -am test -Dtest=GeneratedDocumentsTest \
    -Dsurefire.failIfNoSpecifiedTests=false -Dtern.docs.update=true
git --no-pager diff --stat -- docs/SEAMS.md NOTICE
