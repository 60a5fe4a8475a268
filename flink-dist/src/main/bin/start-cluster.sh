#!/usr/bin/env bash
# Starts a JobManager for each line of conf/masters (only with high availability; else one, here)
# and a TaskManager for each line of conf/workers.
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/config.sh"
. "$FLINK_BIN_DIR/hosts.sh"

if [ $# -gt 0 ]; then
    echo "Usage: start-cluster.sh (no arguments; options go to $FLINK_CONF_DIR/config.yaml)" >&2
    exit 1
fi
configure
WORKERS=$(hosts_of workers) || exit 1

HA=$(config_value high-availability.type "$(config_value high-availability)")
case ${HA:-NONE} in
    NONE | none)
        echo "Starting cluster."
        "$FLINK_BIN_DIR/jobmanager.sh" start || exit 1
        ;;
    *)
        MASTERS=$(hosts_of masters) || exit 1
        echo "Starting HA cluster with $(wc -w <<<"$MASTERS") masters."
        for master in $MASTERS; do
            host=${master%:*} port=${master##*:}
            arguments=(-D "jobmanager.rpc.address=$host")
            [ "$port" = "$master" ] || arguments+=(-D "rest.port=$port")
            on_host "$host" jobmanager.sh start "${arguments[@]}" || exit 1
        done
        ;;
esac
for worker in $WORKERS; do
    on_host "$worker" taskmanager.sh start || exit 1
done
