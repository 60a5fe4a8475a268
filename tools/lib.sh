# What ./test.sh and ./quickstart.sh share; sourced from the root of the project.

# Says one line about what goes on.
say() {
    echo "[$(date +%H:%M:%S)] $*"
}

fail() {
    echo "${0##*/}: $*" >&2
    exit 1
}

# The major version of the javac in the Java installation $1, nothing if there is none.
javac_version() {
    [ -x "$1/bin/javac" ] || return 0
    "$1/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p'
}

# Prints the home of a JDK 17: JAVA_HOME, the javac on the PATH, or where Linux distributions
# and macOS put it.
jdk17_home() {
    local home javac
    javac=$(command -v javac || true)
    for home in "${JAVA_HOME:-}" \
        "$([ -z "$javac" ] || dirname "$(dirname "$(readlink -f "$javac")")")" \
        /usr/lib/jvm/*17* /Library/Java/JavaVirtualMachines/*17*/Contents/Home; do
        if [ -n "$home" ] && [ "$(javac_version "$home")" = 17 ]; then
            echo "$home"
            return
        fi
    done
}

# The version of Maven as major.minor.patch, nothing if there is none. All output is read before
# any of it is used: Maven throws a stack trace at a reader who leaves early.
maven_version() {
    local output
    output=$(mvn -B -Dstyle.color=never -v 2>/dev/null) || return 0
    sed -nE 's/.*Apache Maven ([0-9]+\.[0-9]+\.[0-9]+).*/\1/p' <<<"$output"
}

# Whether there is a Maven of at least 3.8.
has_maven() {
    local version
    version=$(maven_version)
    [ -n "$version" ] && [ "$(printf '%s\n' 3.8 "$version" | sort -V | sed -n 1p)" = 3.8 ]
}

# Makes sure of a JDK 17 and Maven. On Debian, as root, it installs what is missing; elsewhere it
# says what to install. Sets JAVA_HOME.
require_prerequisites() {
    local missing=()
    [ -n "$(jdk17_home)" ] || missing+=(openjdk-17-jdk-headless)
    has_maven || missing+=(maven)
    if [ ${#missing[@]} -gt 0 ]; then
        if [ -f /etc/debian_version ] && [ "$(id -u)" = 0 ]; then
            say "Installing ${missing[*]}."
            apt-get update -qq &&
                DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null ||
                fail "apt-get could not install ${missing[*]}; see its messages above."
        fi
        [ -n "$(jdk17_home)" ] ||
            fail "JDK 17 is needed and was not found. Install it (Debian, Ubuntu:" \
                "apt-get install openjdk-17-jdk-headless) or point JAVA_HOME to it."
        has_maven ||
            fail "Maven 3.8 or later is needed and was not found. Install it (Debian, Ubuntu:" \
                "apt-get install maven; else https://maven.apache.org/download.cgi)."
    fi
    JAVA_HOME=$(jdk17_home)
    export JAVA_HOME
}

# Builds everything including the distribution that build-target points to, without tests. Takes
# seconds when nothing has changed. Arguments go to Maven; its log is target/build.log.
build_distribution() {
    mkdir -p target
    say "Building the distribution (log: target/build.log)."
    if ! mvn -B -ntp package -DskipTests "$@" >target/build.log 2>&1; then
        grep '^\[ERROR\]' target/build.log | head -n 20 >&2
        fail "the build failed; all of it is in target/build.log."
    fi
}
