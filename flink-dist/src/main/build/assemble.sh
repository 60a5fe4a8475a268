#!/usr/bin/env bash
# Completes the distribution after Maven has put jars into its lib/, opt/ and plugins/: scripts,
# configuration, examples, texts, and the link build-target at the root of the project.
#
#   assemble.sh <distribution directory> <file with the class path that lib/ must equal>
set -euo pipefail

distribution=$1
class_path=$2
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../../.." && pwd)

# put <file> <directory>: copies a file that has changed, as a new file that takes the old one's
# place. Overwritten, a jar would break under the JVMs of a cluster that runs from here.
put() {
    local target=$2/$(basename "$1")
    if ! cmp -s "$1" "$target"; then
        cp -p "$1" "$target.new"
        mv "$target.new" "$target"
    fi
}

mkdir -p "$distribution"/{bin,conf,examples,log}
tr ':' '\n' <"$class_path" | grep '/target/[^/]*\.jar$' | while read -r jar; do
    put "$jar" "$distribution/lib"
done
# A jar of an earlier build whose version has changed since would stand beside the new one.
for jar in "$distribution"/lib/*; do
    grep -qF "/$(basename "$jar")" "$class_path" || rm "$jar"
done

for script in "$root"/flink-dist/src/main/bin/*; do
    put "$script" "$distribution/bin"
done
# Newer files only: what somebody edited in the distribution survives the next build.
cp -pu "$root"/conf/* "$distribution/conf/"
for text in LICENSE NOTICE README.md; do
    [ ! -e "$root/$text" ] || cp -p "$root/$text" "$distribution/"
done

# The examples are job jars of their own names; flink-examples*.jar is the library they are made of.
shopt -s nullglob
for jar in "$root"/flink-examples/target/*.jar; do
    case $(basename "$jar") in
        flink-examples* | original-* | *-tests.jar | *-sources.jar) ;;
        *) put "$jar" "$distribution/examples" ;;
    esac
done

ln -sfn "${distribution#"$root"/}" "$root/build-target"
