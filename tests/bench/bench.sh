#!/bin/sh
# The cost of the daemon, in CPU time, beside minimal C programs run in the same minute.  Whole
# programs: CPU of all threads from /proc/PID/task/*/schedstat.  BUILD names the programs' folder.
set -eu

dir=$(mktemp -d /tmp/actop-bench.XXXXXX)
children=
# shellcheck disable=SC2154  # p is the loop's
trap 'for p in $children; do kill "$p" 2>/dev/null || :; done; wait 2>/dev/null; rm -rf "$dir"' EXIT INT TERM

cpu_ns() {
	cat /proc/"$1"/task/*/schedstat | awk '{ sum += $1 } END { printf "%.0f\n", sum }'
}

wakeups() {
	cat /proc/"$1"/task/*/status | awk '/^voluntary/ { sum += $2 } END { print sum }'
}

until_there() {
	for _ in $(seq 200); do
		[ -S "$1" ] && return
		sleep 0.05
	done
	echo "bench: $1 does not come" >&2
	exit 1
}

# start_daemon SOCKET OPTION...
start_daemon() {
	at=$1
	shift
	"$BUILD"/actopd --socket "$at" --state none "$@" 2>"$dir/log" &
	daemon=$!
	children="$children $daemon"
	until_there "$at"
}

stop() {
	kill "$1" 2>/dev/null || true
	wait "$1" 2>/dev/null || true
}

snapshot() {
	echo "$(cpu_ns "$1") $(wakeups "$1") $(awk '/VmRSS/ { print $2 }' /proc/"$1"/status)"
}

# per_sample SECONDS NAME PID [NAME PID]...: all of them at the same time, one sample a second.
per_sample() {
	seconds=$1
	shift
	sleep 2
	for name in "$@"; do
		case $name in *[!0-9]*) ;; *) snapshot "$name" >"$dir/before.$name" ;; esac
	done
	sleep "$seconds"
	while [ $# -gt 1 ]; do
		echo "$(cat "$dir/before.$2") $(snapshot "$2")" | awk -v name="$1" -v s="$seconds" '{
			printf "%-44s %8.1f us/sample %6.2f wake-ups/s %6d KiB\n", \
				name, ($4 - $1) / 1000 / s, ($5 - $2) / s, $6 }'
		shift 2
	done
}

# per_line NAME PID COUNT SECONDS REQUEST
per_line() {
	"$BUILD"/bench/readers "$dir/s" "$3" "$4" ${5:+"$5"} >"$dir/readers" &
	readers=$!
	until grep -q connected "$dir/readers"; do sleep 0.05; done
	sleep 1
	before=$(cpu_ns "$2")
	sleep $(($4 - 2))
	after=$(cpu_ns "$2")
	wait "$readers"
	awk -v name="$1" -v ns=$((after - before)) -v s=$(($4 - 2)) -v n="$3" '/^lines/ {
		printf "%-44s %8.2f us/line %8.1f bytes/line  p50 %s ms  p99 %s ms  max %s ms\n", \
			name, ns / 1000 / (s * 10 * n), $4 / $2, $6, $8, $10 }' "$dir/readers"
}

uname -srm
grep -m1 'model name' /proc/cpuinfo || true

echo
echo '-- inside one process, hot loop'
for bench in "$BUILD"/bench_*; do
	[ -x "$bench" ] && "$bench"
done

echo
echo '-- whole programs side by side, one sample a second, 30 s'
"$BUILD"/bench/floor 1000 60 >"$dir/floor" &
floor=$!
children="$children $floor"
start_daemon "$dir/idle"
idle=$daemon
start_daemon "$dir/s"
"$BUILD"/bench/readers "$dir/s" 1 40 '{"op":"subscribe"}' >/dev/null &
children="$children $!"
per_sample 30 'floor: re-reads the same files' "$floor" 'actopd, nobody listens' "$idle" \
	'actopd, one subscriber of all series' "$daemon"
stop "$idle"
stop "$daemon"
stop "$floor"

echo
echo '-- processes: while nobody asks, after a stream has ended, and while one runs, 20 s'
start_daemon "$dir/idle"
idle=$daemon
start_daemon "$dir/ended"
ended=$daemon
printf '{"op":"subscribe","stream":"processes","count":3,"close":true}\n' |
	timeout 10 nc -U "$dir/ended" >/dev/null
start_daemon "$dir/s"
"$BUILD"/bench/readers "$dir/s" 1 30 '{"op":"subscribe","stream":"processes"}' >/dev/null &
children="$children $!"
per_sample 20 'actopd, nobody ever asked' "$idle" 'actopd, a stream of processes has ended' \
	"$ended" 'actopd, a stream of processes' "$daemon"
stop "$idle"
stop "$ended"
stop "$daemon"

echo
echo '-- the socket: round trips, idle clients, different views'
start_daemon "$dir/s" --interval 100ms --history 100ms:1m --max-clients 2000
python3 tests/bench/wire.py "$dir/s" "$daemon"

stop "$daemon"

echo
echo '-- whole programs, ten lines a second to N readers, 8 s'
start_daemon "$dir/s" --interval 100ms --history 100ms:1m
bytes=$(printf '{"op":"subscribe","interval_ms":100,"count":3,"close":true}\n' |
	timeout 5 nc -U "$dir/s" | awk '/"sample"/ { n = length($0) + 1 } END { print n }')
for n in 1 64 1000; do
	per_line "actopd, $n subscribers of one view" "$daemon" "$n" 10 \
		'{"op":"subscribe","interval_ms":100}'
done
grep VmRSS /proc/"$daemon"/status
stop "$daemon"
for n in 1 64 1000; do
	rm -f "$dir/s"
	"$BUILD"/bench/fanout_floor "$dir/s" "$n" "$bytes" 100 &
	floor=$!
	children="$children $floor"
	until_there "$dir/s"
	per_line "floor: $n readers of a shared buffer" "$floor" "$n" 10
	stop "$floor"
done

echo
echo "scrapes and pages of actopctl serve:"
python3 tests/bench/serve.py "$BUILD"

echo
echo "actopctl watch, and what is like it:"
python3 tests/bench/watch.py "$BUILD"
