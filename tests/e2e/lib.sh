# shellcheck shell=sh
# For tests of the real programs.  Each script sources this, calls `case NAME` before each case and
# `check MESSAGE COMMAND...` for each claim, and ends with `finish`.  Private folder and socket; waits
# are for conditions, never for time.

set -u
build=${BUILD:-build/plain}
dir=$(mktemp -d /tmp/actop-e2e.XXXXXX)
socket=$dir/s
passed=0
failed=0
daemon=
title=$0

cleanup() {
	[ -n "$daemon" ] && kill -9 "$daemon" 2>/dev/null
	# Whoever still has to do with this folder: LeakSanitizer hangs at the end of a program
	# whose terminal goes away just then.
	pkill -9 -f -- "$dir/" 2>/dev/null
	rm -rf "$dir"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

case_is() {
	title=$1
}

check() {
	message=$1
	shift
	if "$@"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED: $title: $message ($*)" >&2
	fi
}

finish() {
	echo "$(basename "$0" .sh): $passed passed, $failed failed"
	[ "$failed" -eq 0 ]
	exit
}

# until_true SECONDS COMMAND...: polls every 20 ms.
until_true() {
	tries=$(($1 * 50))
	shift
	while ! "$@" >/dev/null 2>&1; do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || return 1
		sleep 0.02
	done
}

# listens PATH: whether a connection to it is accepted; the file is there a moment earlier.
listens() {
	python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).connect(sys.argv[1])' "$1"
}

# start OPTION...: a daemon on the private socket, once it answers with a sample.
start() {
	"$build"/actopd --socket "$socket" --state none "$@" 2>>"$dir/log" &
	daemon=$!
	until_true 10 has_sample
}

has_sample() {
	ask '{"op":"get","metrics":["ram_total_bytes"],"close":true}' | grep -q '"type":"reply"'
}

stop() {
	kill -TERM "$daemon"
	wait "$daemon"
	code=$?
	daemon=
	return $code
}

# ask REQUEST: sends one line, prints what comes until the daemon closes.
ask() {
	printf '%s\n' "$1" | timeout 10 nc -U "$socket"
}

ctl() {
	timeout 20 "$build"/actopctl --socket "$socket" "$@"
}

# exits_with CODE COMMAND...
exits_with() {
	want=$1
	shift
	"$@" >"$dir/out" 2>"$dir/err"
	got=$?
	[ "$got" -eq "$want" ] || {
		echo "exit code $got instead of $want" >&2
		cat "$dir/err" >&2
		return 1
	}
}

says() {
	grep -q -- "$1" "$dir/err"
}

equal() {
	[ "$1" = "$2" ] || {
		echo "'$1' is not '$2'" >&2
		return 1
	}
}
