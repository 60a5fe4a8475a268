#!/usr/bin/env bash
# Starts and stops a JobManager on this host.
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/config.sh"
. "$FLINK_BIN_DIR/daemon.sh"

NAME=standalonesession
MAIN=org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint
ROLE=jobmanager
OPTS_FROM_ENV=${FLINK_ENV_JAVA_OPTS_JM:-}
MEMORY_QUESTION=GET_JM_RESOURCE_PARAMS
daemon_script "$@"
