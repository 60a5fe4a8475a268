#!/usr/bin/env bash
# Starts and stops a history server on this host.
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/config.sh"
. "$FLINK_BIN_DIR/daemon.sh"

USAGE="Usage: historyserver.sh (start|start-foreground)|stop"
NAME=historyserver
MAIN=org.apache.flink.runtime.webmonitor.history.HistoryServer

ACTION=${1:-}
[ $# -eq 0 ] || shift
case $ACTION in
    start | start-foreground)
        configure "$@"
        ROLE_OPTS=$(java_opts "${FLINK_ENV_JAVA_OPTS_HS:-}" historyserver)
        read -ra OPTIONS <<<"${JVM_ARGS:-} $JAVA_OPTS $ROLE_OPTS"
        ARGUMENTS=(--configDir "$FLINK_CONF_DIR" "$@")
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
    *)
        [ -z "$ACTION" ] || echo "historyserver.sh: unknown action '$ACTION'." >&2
        echo "$USAGE" >&2
        exit 1
        ;;
esac
