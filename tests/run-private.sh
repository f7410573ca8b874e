#!/bin/sh
# Starts a daemon of its own, in a folder of its own, and watches it:
#   run-private.sh BUILD SOURCE [WORLD]
# With a world (a file, or a name in tests/fixtures/apple) it is the pretended Mac of that world.
# Nothing is left behind, and a daemon that runs already is not touched.
set -eu

build=$1
source=${2:-auto}
world=${3:-}
program=$build/actopd
if [ -n "$world" ]; then
	program=$build/actopd-apple
	[ -e "$world" ] || world=tests/fixtures/apple/$world.json
	[ -e "$world" ] || {
		echo "run: no world $world; there are:" tests/fixtures/apple/*.json >&2
		exit 1
	}
	export ACTOP_WORLD="$world"
fi
dir=$(mktemp -d /tmp/actop-run.XXXXXX)
daemon=

finish() {
	trap - EXIT
	trap '' INT TERM HUP
	if [ -n "$daemon" ]; then
		kill "$daemon" 2>/dev/null || true
		wait "$daemon" 2>/dev/null || true
	fi
	rm -rf "$dir"
}
trap finish EXIT
trap 'finish; exit 130' INT
trap 'finish; exit 143' TERM HUP

# Ctrl-C reaches all of them; finish waits for the daemon to have ended.
"$program" --socket "$dir/s" --state none --source "$source" &
daemon=$!

# The first sample takes one interval; what is awaited here is only the socket.
tries=0
until "$build/actopctl" -q --socket "$dir/s" ping >/dev/null 2>&1; do
	tries=$((tries + 1))
	if ! kill -0 "$daemon" 2>/dev/null; then
		echo "run: actopd ended before it answered" >&2
		exit 1
	fi
	if [ "$tries" -ge 200 ]; then
		echo "run: actopd did not answer within 10 s" >&2
		exit 1
	fi
	sleep 0.05
done

echo "run: a daemon of its own listens on $dir/s; Ctrl-C ends both" >&2
"$build/actopctl" --socket "$dir/s" watch
