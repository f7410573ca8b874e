#!/bin/sh
# The cost of the daemon, in CPU time, beside minimal C programs run in the same minute.  Whole
# programs: CPU of all threads from /proc/PID/task/*/schedstat.  BUILD names the programs' folder.
set -eu

dir=$(mktemp -d /tmp/actop-bench.XXXXXX)
children=
trap 'for p in $children; do kill "$p" 2>/dev/null; done; wait 2>/dev/null; rm -rf "$dir"' EXIT INT TERM

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

start_daemon() {
	"$BUILD"/actopd --socket "$dir/s" --state none "$@" 2>"$dir/log" &
	daemon=$!
	children="$children $daemon"
	until_there "$dir/s"
}

stop() {
	kill "$1"
	wait "$1" 2>/dev/null || true
}

# per_sample NAME PID SECONDS SAMPLES-PER-SECOND
per_sample() {
	sleep 2
	before=$(cpu_ns "$2")
	woken=$(wakeups "$2")
	sleep "$3"
	after=$(cpu_ns "$2")
	woken=$(($(wakeups "$2") - woken))
	awk -v name="$1" -v ns=$((after - before)) -v s="$3" -v hz="$4" -v w="$woken" \
		-v rss="$(awk '/VmRSS/ { print $2 }' /proc/"$2"/status)" 'BEGIN {
		printf "%-44s %8.1f us/sample %6.2f wake-ups/s %6d KiB\n", name, ns / 1000 / s / hz, w / s, rss }'
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
echo '-- whole programs, one sample a second, 20 s'
"$BUILD"/bench/floor 1000 40 >"$dir/floor" &
floor=$!
children="$children $floor"
per_sample 'floor: re-reads the same files' "$floor" 20 1
start_daemon
per_sample 'actopd, nobody listens' "$daemon" 20 1
"$BUILD"/bench/readers "$dir/s" 1 26 '{"op":"subscribe"}' >/dev/null &
per_sample 'actopd, one subscriber' "$daemon" 20 1
stop "$daemon"
stop "$floor"

echo
echo '-- whole programs, ten lines a second to N readers, 8 s'
start_daemon --interval 100ms --history 100ms:1m
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
