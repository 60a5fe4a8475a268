#!/usr/bin/env bash
# Makes a distribution of upstream's Flink to compare with: ours, with the four jars we build
# exchanged for the ones they were made from. Everything else, scripts and configuration included,
# is the same. The project must be built; takes a second (jars are hard links where possible).
#
#   tools/stock-distribution.sh [<target directory>]
#
# The default is flink-dist/target/stock/flink-2.2.1; prints where it is.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
source=$root/build-target
target=${1:-$root/flink-dist/target/stock/flink-2.2.1}

fail() {
    echo "stock-distribution.sh: $*" >&2
    exit 1
}

[ -d "$source/lib" ] || fail "there is no $source; build first (mvn package -DskipTests)."
case $target in
    "$source"/* | "$(readlink -f "$source")"*) fail "$target lies in our own distribution." ;;
esac
[ ! -e "$target" ] || [ -d "$target/lib" ] || fail "$target exists and is no distribution."

rm -rf "$target/lib"
mkdir -p "$target/log"
for part in bin conf lib opt plugins examples LICENSE; do
    [ ! -e "$source/$part" ] || cp -aLl -f "$source/$part" "$target/" 2>/dev/null ||
        cp -aL -f "$source/$part" "$target/"
done
# Files that may be edited in place must not be shared with our distribution.
rm -rf "$target/conf" && cp -aL "$source/conf" "$target/"

for module in flink-runtime flink-streaming-java flink-clients flink-statebackend-rocksdb; do
    upstream=$root/$module/target/upstream/$module.jar
    [ -f "$upstream" ] || fail "there is no $upstream; build first."
    ours=("$target"/lib/$module-*-tern-*.jar)
    [ -e "${ours[0]}" ] || fail "there is no $module-*-tern-*.jar in $source/lib."
    rm "${ours[@]}"
    cp "$upstream" "$target/lib/$module-2.2.1.jar"
done
echo "$target"
