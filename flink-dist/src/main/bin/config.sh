# The part that all scripts in this directory share. It is sourced, never run: it finds the
# installation, its configuration and a Java, and offers the functions below.
#
# Read from the environment: FLINK_CONF_DIR, FLINK_LOG_DIR, FLINK_PID_DIR, FLINK_IDENT_STRING,
# FLINK_PLUGINS_DIR, FLINK_OPT_DIR, FLINK_LIB_DIR, JAVA_HOME, JVM_ARGS, FLINK_SSH_OPTS,
# FLINK_ENV_JAVA_OPTS, FLINK_ENV_JAVA_OPTS_JM, _TM, _CLI and _HS, HADOOP_CLASSPATH,
# MAX_LOG_FILE_NUMBER, ROOT_LOG_LEVEL. Each wins over its key `env.*` in config.yaml.

# What Flink needs opened on JDK 17, in the client as in the daemons.
JDK17_OPTS=(
    --add-exports=java.rmi/sun.rmi.registry=ALL-UNNAMED
    --add-exports=java.security.jgss/sun.security.krb5=ALL-UNNAMED
)
for package in java.lang java.net java.io java.nio sun.nio.ch java.lang.reflect java.text \
        java.time java.util java.util.concurrent java.util.concurrent.atomic \
        java.util.concurrent.locks; do
    JDK17_OPTS+=("--add-opens=java.base/$package=ALL-UNNAMED")
done

die() {
    echo "${0##*/}: $*" >&2
    exit 1
}

[ "${BASH_VERSINFO[0]}" -ge 4 ] || die "bash 4 or later is needed, this is $BASH_VERSION."

FLINK_BIN_DIR=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
FLINK_HOME=$(dirname "$FLINK_BIN_DIR")
CONF_DIR_FROM_ENV=${FLINK_CONF_DIR:-}
FLINK_CONF_DIR=${FLINK_CONF_DIR:-$FLINK_HOME/conf}
FLINK_LIB_DIR=${FLINK_LIB_DIR:-$FLINK_HOME/lib}
FLINK_OPT_DIR=${FLINK_OPT_DIR:-$FLINK_HOME/opt}
FLINK_PLUGINS_DIR=${FLINK_PLUGINS_DIR:-$FLINK_HOME/plugins}
export FLINK_BIN_DIR FLINK_HOME FLINK_CONF_DIR FLINK_LIB_DIR FLINK_OPT_DIR FLINK_PLUGINS_DIR

[ -d "$FLINK_CONF_DIR" ] ||
    die "the configuration directory $FLINK_CONF_DIR does not exist; set FLINK_CONF_DIR."
[ -r "$FLINK_CONF_DIR/config.yaml" ] ||
    die "there is no readable config.yaml in $FLINK_CONF_DIR; put one there or set FLINK_CONF_DIR."
FLINK_CONF_DIR=$(cd "$FLINK_CONF_DIR" && pwd)

# Prints the jars of lib/ as a class path; with arguments only those that match one of the patterns.
library_class_path() {
    local patterns=("$@") jar pattern path=
    [ $# -gt 0 ] || patterns=('*.jar')
    for pattern in "${patterns[@]}"; do
        for jar in "$FLINK_LIB_DIR"/$pattern; do
            [ -e "$jar" ] && path+=$jar:
        done
    done
    echo "${path%:}"
}

require_library() {
    compgen -G "$FLINK_LIB_DIR/flink-runtime-*.jar" >/dev/null ||
        die "there is no flink-runtime jar in $FLINK_LIB_DIR; build the project first" \
            "(mvn package -DskipTests) or set FLINK_LIB_DIR."
}

class_path() {
    local path
    path=$(library_class_path)
    echo "$path${HADOOP_CLASSPATH:+:$HADOOP_CLASSPATH}${HADOOP_CONF_DIR:+:$HADOOP_CONF_DIR}"
}

# Sets JAVA to the command that runs Java, of version 17 or later where that can be told cheaply.
find_java() {
    local home=${JAVA_HOME:-$1} version
    if [ -z "$home" ]; then
        JAVA=$(command -v java) ||
            die "no Java found: JAVA_HOME is not set and no java is on the PATH; install JDK 17."
        return
    fi
    JAVA=$home/bin/java
    [ -x "$JAVA" ] || die "JAVA_HOME is $home, but $JAVA is not there or cannot be executed."
    version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release" 2>/dev/null)
    [ -z "$version" ] || [ "$version" -ge 17 ] ||
        die "JAVA_HOME is $home, which is Java $version; Java 17 or later is needed."
}

# Runs Flink's own reader of configurations: $1 is its command, the rest its arguments. Prints the
# lines it answers with. Logging is left out of its class path, which makes it start faster.
bash_java_utils() {
    local command=$1 answer errors status
    shift
    errors=$(mktemp "${TMPDIR:-/tmp}/flink-bash-java-utils.XXXXXX") ||
        die "cannot write a temporary file to ${TMPDIR:-/tmp}."
    answer=$("$JAVA" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto -Xmx128m \
        -cp "$(library_class_path 'flink-runtime-*' 'flink-core*' 'flink-annotations*' \
            'flink-metrics-core*' 'flink-rpc-core*' 'flink-shaded-*' 'flink-clients*' \
            'commons-*' 'snakeyaml-*' 'slf4j-api-*' 'jsr305*')" \
        org.apache.flink.runtime.util.bash.BashJavaUtils "$command" \
        --configDir "$FLINK_CONF_DIR" "$@" 2>"$errors")
    status=$?
    if [ $status -ne 0 ]; then
        {
            echo "${0##*/}: the configuration in $FLINK_CONF_DIR cannot be used ($command):"
            grep -v -e '^SLF4J' -e '^[[:space:]]*at ' -e '^[[:space:]]*\.\.\. ' "$errors"
        } >&2
        rm -f "$errors"
        return 1
    fi
    rm -f "$errors"
    sed -n 's/^BASH_JAVA_UTILS_EXEC_RESULT://p' <<<"$answer"
}

# Fills FLAT_CONFIG with one `key: value` line per key, but only if a key that a script reads is
# set at all: reading YAML takes a JVM, and most configurations set none of them. Of the arguments
# only the -D options count; others mean something else to each script.
load_config() {
    local dynamic=() previous= argument
    for argument; do
        if [[ $argument == -D?* ]]; then
            dynamic+=("$argument")
        elif [ "$previous" = -D ]; then
            dynamic+=("-D$argument")
        fi
        previous=$argument
    done
    FLAT_CONFIG=
    if sed 's/#.*//' "$FLINK_CONF_DIR/config.yaml" | grep -qE '(^|[^a-z.])env|high-availability' ||
            [[ ${dynamic[*]} == *-Denv.* ]]; then
        find_java ""
        FLAT_CONFIG=$(bash_java_utils UPDATE_AND_GET_FLINK_CONFIGURATION -flatten \
            "${dynamic[@]}") || exit 1
    fi
}

# Prints the value of the key $1, or $2 where it is not set.
config_value() {
    local value
    value=$(awk -v key="$1: " 'index($0, key) == 1 { print substr($0, length(key) + 1); exit }' \
        <<<"$FLAT_CONFIG")
    case $value in
        \"*\") value=${value#\"} value=${value%\"} value=${value//\\\"/\"} ;;
        \'*\') value=${value#\'} value=${value%\'} value=${value//\'\'/\'} ;;
    esac
    echo "${value:-$2}"
}

# Everything below needs the configuration. The arguments of the script are given for the sake
# of -D options among them.
configure() {
    require_library
    load_config "$@"
    find_java "$(config_value env.java.home)"
    export JAVA_HOME

    FLINK_IDENT_STRING=${FLINK_IDENT_STRING:-${USER:-$(id -un)}}
    FLINK_LOG_DIR=${FLINK_LOG_DIR:-$(config_value env.log.dir "$FLINK_HOME/log")}
    FLINK_PID_DIR=${FLINK_PID_DIR:-$(config_value env.pid.dir /tmp)}
    FLINK_SSH_OPTS=${FLINK_SSH_OPTS:-$(config_value env.ssh.opts)}
    MAX_LOG_FILE_NUMBER=${MAX_LOG_FILE_NUMBER:-$(config_value env.log.max 10)}
    ROOT_LOG_LEVEL=${ROOT_LOG_LEVEL:-$(config_value env.log.level INFO)}
    HADOOP_CONF_DIR=${HADOOP_CONF_DIR:-$(config_value env.hadoop.conf.dir)}
    export FLINK_LOG_DIR MAX_LOG_FILE_NUMBER ROOT_LOG_LEVEL
    JAVA_OPTS=$(java_opts "${FLINK_ENV_JAVA_OPTS:-}" all)
    HOST=$(hostname 2>/dev/null || uname -n)
}

# Prints the Java options for $2 (all, jobmanager, taskmanager, client or historyserver): $1, which
# the environment gave, or else what env.java.default-opts and env.java.opts say.
java_opts() {
    if [ -n "$1" ]; then
        echo "$1"
    else
        echo "$(config_value "env.java.default-opts.$2") $(config_value "env.java.opts.$2")"
    fi
}

# The options that tell log4j2 (or a log4j 1 or logback bridge) its file $1 and its set-up $2.
logging_options() {
    echo "-Dlog.file=$1"
    echo "-Dlog4j.configuration=file:$FLINK_CONF_DIR/$2"
    echo "-Dlog4j.configurationFile=file:$FLINK_CONF_DIR/$2"
}
