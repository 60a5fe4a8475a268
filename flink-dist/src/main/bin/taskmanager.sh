#!/usr/bin/env bash
# Starts and stops TaskManagers on this host.
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/config.sh"
. "$FLINK_BIN_DIR/daemon.sh"

NAME=taskexecutor
MAIN=org.apache.flink.runtime.taskexecutor.TaskManagerRunner
ROLE=taskmanager
OPTS_FROM_ENV=${FLINK_ENV_JAVA_OPTS_TM:-}
MEMORY_QUESTION=GET_TM_RESOURCE_PARAMS
daemon_script "$@"
