# What run.sh and quickstart.sh share; sourced from the root of the project, after tools/lib.sh.

# Builds unless what is built is newer than every source.
build_if_needed() {
    local jar=(experiments/target/tern-experiments-*.jar)
    if [ -e "${jar[0]}" ] && [ -e build-target/examples/KeyCount.jar ] &&
        [ -z "$(find pom.xml conf tools flink-* experiments -name target -prune -o \
            -path experiments/results -prune -o \
            -type f ! -path '*/src/test/*' ! -name '*.md' -newer "${jar[0]}" -print -quit)" ]; then
        return
    fi
    build_distribution
}

# Replaces this shell with the harness; arguments are those of its command line.
run_harness() {
    local classpath
    classpath=$(printf '%s:' experiments/target/tern-experiments-*.jar experiments/target/lib/*.jar)
    exec "$JAVA_HOME/bin/java" -Xmx4g -cp "${classpath%:}" dev.tern.experiments.Main "$@"
}
