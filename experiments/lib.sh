# What run.sh and quickstart.sh share; sourced from the root of the project, after tools/lib.sh.

# Written after a build that has succeeded; what is newer has not been built.
BUILT=experiments/target/built

# Builds unless the last build is newer than every source.
build_if_needed() {
    if [ -e "$BUILT" ] && [ -e build-target/examples/KeyCount.jar ] &&
        [ -z "$(find pom.xml conf tools flink-* experiments -name target -prune -o \
            -path experiments/results -prune -o \
            -type f ! -path '*/src/test/*' ! -name '*.md' -newer "$BUILT" -print -quit)" ]; then
        return
    fi
    local started
    started=$(mktemp)
    build_distribution
    # As of its start: a file that was edited meanwhile is built the next time.
    touch -r "$started" "$BUILT"
    rm -f "$started"
}

# Replaces this shell with the harness; arguments are those of its command line.
run_harness() {
    local classpath
    classpath=$(printf '%s:' experiments/target/tern-experiments-*.jar experiments/target/lib/*.jar)
    exec "$JAVA_HOME/bin/java" -Xmx4g -cp "${classpath%:}" dev.tern.experiments.Main "$@"
}
