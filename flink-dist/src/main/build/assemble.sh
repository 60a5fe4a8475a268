#!/usr/bin/env bash
# Completes the distribution after Maven has put jars into its lib/, opt/ and plugins/: scripts,
# configuration, examples, texts, and the link build-target at the root of the project.
#
#   assemble.sh <distribution directory> <file with the class path that lib/ must equal>
set -euo pipefail

distribution=$1
class_path=$2
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../../.." && pwd)

# A jar of an earlier build whose version has changed since would stand beside the new one.
for jar in "$distribution"/lib/*.jar; do
    grep -qF "/$(basename "$jar")" "$class_path" || rm "$jar"
done

mkdir -p "$distribution"/{bin,conf,examples,log}
cp -p "$root"/flink-dist/src/main/bin/* "$distribution/bin/"
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
        *) cp -pu "$jar" "$distribution/examples/" ;;
    esac
done

ln -sfn "${distribution#"$root"/}" "$root/build-target"
