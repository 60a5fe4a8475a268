#!/usr/bin/env bash
# Starts and stops a history server on this host.
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/config.sh"
. "$FLINK_BIN_DIR/daemon.sh"

NAME=historyserver
MAIN=org.apache.flink.runtime.webmonitor.history.HistoryServer
ROLE=historyserver
OPTS_FROM_ENV=${FLINK_ENV_JAVA_OPTS_HS:-}
MEMORY_QUESTION=
daemon_script "$@"
