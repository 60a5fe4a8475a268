#!/usr/bin/env bash
# The SQL client: a prompt, or with -f a file of statements. `sql-client.sh --help` says more.
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/config.sh"
configure "$@"

# The client reads its options with a class of flink-python, also where no Python is used.
SQL_JARS=
for name in flink-sql-client flink-sql-gateway flink-python; do
    found=
    for jar in "$FLINK_OPT_DIR/$name"-*.jar "$FLINK_LIB_DIR/$name"-*.jar; do
        [ -e "$jar" ] && found=$jar && break
    done
    [ -n "$found" ] || die "there is no $name jar in $FLINK_OPT_DIR; set FLINK_OPT_DIR."
    SQL_JARS+=:$found
done

mkdir -p "$FLINK_LOG_DIR" 2>/dev/null
mapfile -t LOGGING < <(logging_options \
    "$FLINK_LOG_DIR/flink-$FLINK_IDENT_STRING-sql-client-$HOST.log" log4j-cli.properties)
ROLE_OPTS=$(java_opts "${FLINK_ENV_JAVA_OPTS_CLI:-}" client)
read -ra OPTIONS <<<"${JVM_ARGS:-} $JAVA_OPTS $ROLE_OPTS"

exec "$JAVA" "${OPTIONS[@]}" "${JDK17_OPTS[@]}" "${LOGGING[@]}" \
    -classpath "$(class_path)$SQL_JARS" org.apache.flink.table.client.SqlClient "$@"
