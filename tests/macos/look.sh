#!/bin/sh
# What this machine is like, for those who have none:  look.sh BUILD FOLDER [SECONDS]
# Describes it, runs the real daemon for a minute and leaves in FOLDER what it saw: the world, the
# schema, every sample, a recording that "actopd --source replay:" takes, the log, what doctor says.
set -eu

build=$1 folder=$2 seconds=${3:-60}
socket=/tmp/actop-look.$$ # short: the name of a socket has 103 bytes
daemon=
cleanup() {
	[ -z "$daemon" ] || kill -9 "$daemon" 2>/dev/null || :
	rm -f "$socket" "$socket.lock"
}
trap cleanup EXIT

ctl() {
	command=$1
	shift
	"$build/actopctl" "$command" --socket "$socket" "$@"
}

mkdir -p "$folder"
uname -srm >"$folder/machine.txt"
if command -v sw_vers >/dev/null 2>&1; then
	sw_vers >>"$folder/machine.txt"
	sysctl hw machdep.cpu >>"$folder/machine.txt"
fi
rm -f "$folder/world.json" "$folder/trace.ndjson" # neither is written over
"$build/actopd" --dump-world "$folder/world.json"
"$build/actopd" --socket "$socket" --state none --record "$folder/trace.ndjson" --log-file "$folder/actopd.log" &
daemon=$!
tries=300
until ctl ping >/dev/null 2>&1; do
	tries=$((tries - 1))
	[ "$tries" -gt 0 ] || {
		echo 'look: the daemon does not answer' >&2
		cat "$folder/actopd.log" >&2
		exit 1
	}
	sleep 0.1
done
ctl watch -n "$seconds" -o json >"$folder/samples.ndjson"
ctl info -o json >"$folder/schema.json"
ctl status -o json >"$folder/status.json"
ctl ps -o json >"$folder/processes.json" || echo "look: ps ended with $?" >&2
# 10: something to look at; the bundle says what.
ctl doctor -o table --bundle "$folder/report.ndjson" >"$folder/doctor.txt" || [ $? -eq 10 ] || echo 'look: doctor found a fault' >&2
cat "$folder/doctor.txt"
kill -TERM "$daemon"
wait "$daemon"
daemon=
lines=$(grep -c '"type":"sample"' "$folder/samples.ndjson")
echo "look: $((lines)) samples in $folder"
[ "$lines" -eq "$seconds" ]
