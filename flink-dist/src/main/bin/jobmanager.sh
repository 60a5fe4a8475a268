#!/usr/bin/env bash
# Starts and stops a JobManager on this host.
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/config.sh"
. "$FLINK_BIN_DIR/daemon.sh"

USAGE="Usage: jobmanager.sh ((start|start-foreground) [-D <key>=<value>]...)|stop|stop-all"
NAME=standalonesession
MAIN=org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint

ACTION=${1:-}
[ $# -eq 0 ] || shift
case $ACTION in
    start | start-foreground)
        configure "$@"
        read_memory_parameters GET_JM_RESOURCE_PARAMS "$@"
        OPTIONS=("${MEMORY_OPTIONS[@]}")
        ROLE_OPTS=$(java_opts "${FLINK_ENV_JAVA_OPTS_JM:-}" jobmanager)
        read -ra WORDS <<<"${JVM_ARGS:-} $JAVA_OPTS $ROLE_OPTS"
        OPTIONS+=("${WORDS[@]}")
        ARGUMENTS=(--configDir "$FLINK_CONF_DIR" "${MEMORY_PROPERTIES[@]}" "$@")
        if [ "$ACTION" = start ]; then
            start_daemon $NAME $MAIN "${OPTIONS[@]}" -- "${ARGUMENTS[@]}"
        else
            run_in_foreground $NAME $MAIN "${OPTIONS[@]}" -- "${ARGUMENTS[@]}"
        fi
        ;;
    stop)
        configure
        stop_daemon $NAME $MAIN last
        ;;
    stop-all)
        configure
        stop_daemon $NAME $MAIN all
        ;;
    *)
        [ -z "$ACTION" ] || echo "jobmanager.sh: unknown action '$ACTION'." >&2
        echo "$USAGE" >&2
        exit 1
        ;;
esac
