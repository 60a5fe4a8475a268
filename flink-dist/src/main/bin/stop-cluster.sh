#!/usr/bin/env bash
# Stops all TaskManagers on the hosts of conf/workers, also those that joined later by
# `taskmanager.sh start`, and then the JobManagers.
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/config.sh"
. "$FLINK_BIN_DIR/hosts.sh"

if [ $# -gt 0 ]; then
    echo "Usage: stop-cluster.sh (no arguments)" >&2
    exit 1
fi
configure
WORKERS=$(hosts_of workers) || exit 1
FAILED=0
for worker in $(sort -u <<<"$WORKERS"); do
    on_host "$worker" taskmanager.sh stop-all || FAILED=1
done

HA=$(config_value high-availability.type "$(config_value high-availability)")
case ${HA:-NONE} in
    NONE | none)
        "$FLINK_BIN_DIR/jobmanager.sh" stop-all || FAILED=1
        ;;
    *)
        MASTERS=$(hosts_of masters) || exit 1
        for host in $(sed 's/:[0-9]*$//' <<<"$MASTERS" | sort -u); do
            on_host "$host" jobmanager.sh stop-all || FAILED=1
        done
        ;;
esac
exit $FAILED
