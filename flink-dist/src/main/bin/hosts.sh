# The files masters and workers: sourced by start-cluster.sh and stop-cluster.sh after config.sh.

# Prints the entries of conf/$1, one a line, without comments.
hosts_of() {
    [ -r "$FLINK_CONF_DIR/$1" ] ||
        die "there is no readable file '$1' in $FLINK_CONF_DIR; it lists one host per line."
    sed -e 's/#.*//' -e 's/[[:space:]]//g' -e '/^$/d' "$FLINK_CONF_DIR/$1"
}

is_local() {
    case $1 in
        localhost | 127.0.0.1 | ::1 | '[::1]') true ;;
        *) false ;;
    esac
}

# on_host <host> <script> <arguments>: runs a script of bin/, here or by ssh.
on_host() {
    local host=$1 script=$2 command
    shift 2
    if is_local "$host"; then
        "$FLINK_BIN_DIR/$script" "$@"
        return
    fi
    command=$(printf '%q ' "$FLINK_BIN_DIR/$script" "$@")
    [ -z "$CONF_DIR_FROM_ENV" ] ||
        command="FLINK_CONF_DIR=$(printf '%q' "$FLINK_CONF_DIR") $command"
    # shellcheck disable=SC2086  # the options are words
    ssh -n $FLINK_SSH_OPTS "$host" "nohup /bin/bash -lc $(printf '%q' "$command")"
}
