#!/bin/sh
# Starting, ending, and everything in the way of it.
# shellcheck source=tests/e2e/lib.sh
. tests/e2e/lib.sh

actopd() {
	timeout 10 "$build"/actopd --state none "$@"
}

case_is 'a second daemon on the same socket'
start
check 'is refused with 75' exits_with 75 actopd --socket "$socket"
check 'names the first one' says "pid $daemon"
check 'does not disturb the first one' has_sample

case_is 'kill -9'
kill -9 "$daemon"
wait "$daemon" 2>/dev/null
check 'leaves a stale socket' [ -S "$socket" ]
check 'does not stop the next daemon' start
check 'whose socket answers' has_sample

case_is 'SIGTERM'
printf '{"op":"subscribe","metrics":["load_1m"]}\n' >"$dir/request"
(cat "$dir/request" && exec sleep 20) | nc -U "$socket" >"$dir/stream" &
reader=$!
check 'is sent to a daemon with a subscriber' until_true 5 grep -q '"type":"sample"' "$dir/stream"
check 'ends it with 0' stop
check 'says end to the subscription' grep -q '"type":"end","sub":"s1","reason":"shutdown"' "$dir/stream"
check 'says bye to the connection' grep -q '"type":"bye","reason":"shutdown"' "$dir/stream"
kill "$reader" 2>/dev/null

case_is 'a path too long for a socket'
long=$dir/$(printf '%0150d' 0)
check 'is refused with 69' exits_with 69 actopd --socket "$long"
check 'with its limit' says 107

case_is 'a recording that is none'
echo 'nonsense' >"$dir/broken"
check 'is refused with 78' exits_with 78 actopd --socket "$socket" --source "replay:$dir/broken"
check 'with its place' says 'broken:1'
check 'one that is missing too' exits_with 78 actopd --socket "$socket" --source "replay:$dir/none"
check 'with the reason' says 'No such file'

case_is 'options'
check 'of no meaning are refused with 64' exits_with 64 actopd --nonsense
check 'a bare number is too' exits_with 64 actopd --interval 5
check 'help is no error' exits_with 0 actopd --help

case_is 'a recording of the machine'
start --interval 100ms --history 100ms:1m --record "$dir/trace"
has_lines() {
	[ "$(wc -l <"$dir/trace")" -ge 8 ]
}
check 'is written' until_true 5 has_lines
check 'and closed' stop
replayed() {
	start --source "replay:$dir/trace,speed=max"
	until_true 5 has_rows 7
	ask '{"op":"history","close":true,"limit":7}' |
		grep '"row"' | sed 's/"epoch":"[0-9a-f]*"//' >"$1"
	stop
}
has_rows() {
	[ "$(ask '{"op":"history","close":true}' | grep -c '"row"')" -ge "$1" ]
}
replayed "$dir/first"
replayed "$dir/second"
check 'plays back the same each time' cmp "$dir/first" "$dir/second"
check 'with all its rows' equal "$(wc -l <"$dir/first" | tr -d ' ')" 7

case_is 'the socket file'
start
rm "$socket"
check 'that was deleted does not end those who are connected' kill -0 "$daemon"
check 'and the daemon still ends in order' stop
finish
