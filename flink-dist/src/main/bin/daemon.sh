# Starting and stopping of Java processes in the background; sourced by jobmanager.sh,
# taskmanager.sh and historyserver.sh after config.sh. A daemon has a name (part of its pid and log
# files) and a main class. Several of one name may run on one host: the pid file has one line for
# each.

pid_file() {
    echo "$FLINK_PID_DIR/flink-$FLINK_IDENT_STRING-$1.pid"
}

# Whether process $1 exists and runs the main class $2; pids are reused, so the first alone says
# little.
is_running() {
    kill -0 "$1" 2>/dev/null || return 1
    if [ -r "/proc/$1/cmdline" ]; then
        grep -qaF -- "$2" "/proc/$1/cmdline"
    else
        ps -p "$1" -o args= -ww | grep -qF -- "$2"
    fi
}

# Runs the rest of the arguments while holding the lock of the pid file $1, so that two starts at
# once get two numbers. Without flock (macOS) it just runs them.
with_lock() {
    local file=$1
    shift
    if command -v flock >/dev/null; then
        (
            flock -w 60 9 || die "could not lock $file.lock within 60 s."
            "$@" 9>&-
        ) 9>"$file.lock"
    else
        "$@"
    fi
}

# daemon_command <name> <id> <log4j file> <main class> <java options> -- <arguments>: sets COMMAND.
daemon_command() {
    local name=$1 id=$2 log4j=$3 main=$4
    shift 4
    local options=()
    while [ $# -gt 0 ] && [ "$1" != -- ]; do
        options+=("$1")
        shift
    done
    shift
    LOG_PREFIX=$FLINK_LOG_DIR/flink-$FLINK_IDENT_STRING-$name-$id-$HOST
    mkdir -p "$FLINK_LOG_DIR" 2>/dev/null && [ -w "$FLINK_LOG_DIR" ] ||
        die "cannot write to the log directory $FLINK_LOG_DIR; set FLINK_LOG_DIR or env.log.dir."
    local logging
    mapfile -t logging < <(logging_options "$LOG_PREFIX.log" "$log4j")
    COMMAND=("$JAVA" "${options[@]}" "${JDK17_OPTS[@]}" "${logging[@]}"
        -classpath "$(class_path)" "$main" "$@")
}

start_daemon_locked() {
    local name=$1 main=$2 file id pid
    shift 2
    file=$(pid_file "$name")
    id=0
    if [ -f "$file" ]; then
        id=$(wc -l <"$file" | tr -d ' ')
        local running=0
        while read -r pid; do
            is_running "$pid" "$main" && running=$((running + 1))
        done <"$file"
        if [ $running -gt 0 ]; then
            echo "[INFO] $running instance(s) of $name are already running on $HOST."
        else
            # Left over from processes that died: start counting anew.
            : >"$file"
            id=0
        fi
    fi
    daemon_command "$name" "$id" log4j.properties "$main" "$@"
    echo "Starting $name daemon on host $HOST."
    "${COMMAND[@]}" >"$LOG_PREFIX.out" 2>&1 </dev/null 9>&- &
    pid=$!
    disown
    if ! echo $pid >>"$file"; then
        kill $pid
        die "cannot write $file; set FLINK_PID_DIR or env.pid.dir."
    fi
}

# start_daemon <name> <main class> <java options> -- <arguments>
start_daemon() {
    mkdir -p "$FLINK_PID_DIR" 2>/dev/null && [ -w "$FLINK_PID_DIR" ] ||
        die "cannot write to the pid directory $FLINK_PID_DIR; set FLINK_PID_DIR or env.pid.dir."
    with_lock "$(pid_file "$1")" start_daemon_locked "$@"
}

# The same in the foreground, with the log on the console as well; does not return.
run_in_foreground() {
    local name=$1 main=$2
    shift 2
    daemon_command "$name" 0 log4j-console.properties "$main" "$@"
    echo "Starting $name as a console application on host $HOST."
    exec "${COMMAND[@]}"
}

# Ends process $1: asks, waits up to FLINK_STOP_TIMEOUT seconds (10), then kills it.
end_process() {
    local pid=$1 left=$((${FLINK_STOP_TIMEOUT:-10} * 10))
    kill "$pid" 2>/dev/null
    while kill -0 "$pid" 2>/dev/null; do
        if [ $left -le 0 ]; then
            echo "Process $pid did not end within ${FLINK_STOP_TIMEOUT:-10} s; killing it." >&2
            kill -9 "$pid" 2>/dev/null
            left=10
        fi
        left=$((left - 1))
        sleep 0.1
    done
}

# stop_daemon_locked <name> <main class> (last|all)
stop_daemon_locked() {
    local name=$1 main=$2 which=$3 file pids pid first
    file=$(pid_file "$name")
    if ! [ -s "$file" ]; then
        rm -f "$file"
        echo "No $name daemon to stop on host $HOST."
        return
    fi
    mapfile -t pids <"$file"
    first=0
    [ "$which" = all ] || first=$((${#pids[@]} - 1))
    for pid in "${pids[@]:$first}"; do
        if is_running "$pid" "$main"; then
            echo "Stopping $name daemon (pid: $pid) on host $HOST."
            end_process "$pid"
        else
            echo "The $name daemon (pid: $pid) is not running anymore on host $HOST."
        fi
    done
    if [ $first -eq 0 ]; then
        rm -f "$file"
    else
        printf '%s\n' "${pids[@]:0:$first}" >"$file"
    fi
}

stop_daemon() {
    [ -d "$FLINK_PID_DIR" ] || die "the pid directory $FLINK_PID_DIR does not exist."
    with_lock "$(pid_file "$1")" stop_daemon_locked "$@"
    rm -f "$(pid_file "$1").lock"
}

# Splits the memory parameters that $1 (GET_JM_RESOURCE_PARAMS or GET_TM_RESOURCE_PARAMS) gives for
# the arguments into MEMORY_OPTIONS, for the JVM, and MEMORY_PROPERTIES, for the main class.
read_memory_parameters() {
    local answer lines
    answer=$(bash_java_utils "$@") || exit 1
    mapfile -t lines <<<"$answer"
    [ ${#lines[@]} -ge 2 ] || die "$1 gave ${#lines[@]} lines instead of 2: $answer"
    read -ra MEMORY_OPTIONS <<<"${lines[-2]}"
    read -ra MEMORY_PROPERTIES <<<"${lines[-1]}"
}

# What jobmanager.sh and its kin do with their arguments. They have set NAME and MAIN (of the
# daemon), ROLE (its name below env.java.opts), OPTS_FROM_ENV (the variable that wins over it) and
# MEMORY_QUESTION (what to ask for its memory, empty to leave that to the JVM).
daemon_script() {
    local action=${1:-} options=() words
    [ $# -eq 0 ] || shift
    case $action in
        start | start-foreground)
            configure "$@"
            MEMORY_PROPERTIES=()
            if [ -n "$MEMORY_QUESTION" ]; then
                read_memory_parameters "$MEMORY_QUESTION" "$@"
                options+=("${MEMORY_OPTIONS[@]}")
            fi
            read -ra words <<<"${JVM_ARGS:-} $JAVA_OPTS $(java_opts "$OPTS_FROM_ENV" "$ROLE")"
            options+=("${words[@]}")
            set -- --configDir "$FLINK_CONF_DIR" "${MEMORY_PROPERTIES[@]}" "$@"
            if [ "$action" = start ]; then
                start_daemon "$NAME" "$MAIN" "${options[@]}" -- "$@"
            else
                run_in_foreground "$NAME" "$MAIN" "${options[@]}" -- "$@"
            fi
            ;;
        stop)
            configure
            stop_daemon "$NAME" "$MAIN" last
            ;;
        stop-all)
            configure
            stop_daemon "$NAME" "$MAIN" all
            ;;
        *)
            [ -z "$action" ] || echo "${0##*/}: unknown action '$action'." >&2
            echo "Usage: ${0##*/} ((start|start-foreground) [-D <key>=<value>]...)" \
                "| stop | stop-all" >&2
            exit 1
            ;;
    esac
}
