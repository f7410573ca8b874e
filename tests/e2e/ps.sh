#!/bin/sh
# Processes as people and scripts see them.
# shellcheck source=tests/e2e/lib.sh
. tests/e2e/lib.sh

case_is 'processes'
start --interval 100ms
sleep 600 &
idle=$!

check 'the first look has differences' sh -c \
	"'$build/actopctl' -S '$socket' ps --json | jq -e '.dt_ms > 500 and .op == \"processes\"' >/dev/null"
# Whoever is the first now need not have been it at the first look.
sh -c 'while :; do :; done' &
spinner=$!
check 'those of all that it shows' sh -c \
	"'$build/actopctl' -S '$socket' ps -n 1 --user '$(id -un)' --json | jq -e '.rows[0].disk_read_bytes_per_s >= 0' >/dev/null"
kill $spinner
wait $spinner 2>/dev/null
check 'a process is found by its number' equal \
	"$(ctl ps --pid $idle --json | jq -r '.rows[0].name')" sleep
check 'and by its command line' equal \
	"$(ctl ps --match '^sleep 600$' -s pid -o plain | awk -v p="$idle" '$1 == p { print $10 }')" sleep
check 'at most so many rows are shown' equal "$(ctl ps -n 2 -o plain | wc -l | tr -d ' ')" 2
check 'the table has a header' equal \
	"$(ctl ps --pid $idle -o table | awk 'NR == 1 { print $1, $2, $3, $10 }')" 'PID USER CPU% COMMAND'
check 'and a last line' sh -c \
	"'$build/actopctl' -S '$socket' ps -n 1 -o table | tail -n 1 | grep -q ' 1 of [0-9]* shown'"
check 'CSV has the names of the protocol' equal \
	"$(ctl ps --pid $idle -o csv | head -n 1 | cut -d , -f 1-4)" 'ts_ms,pid,ppid,start_ms'
check 'groups are sums' sh -c \
	"'$build/actopctl' -S '$socket' ps --group --json | jq -e '([.groups[].processes] | add) == .shown' >/dev/null"
# One that is busy, and one above it that is not.
timeout 60 sh -c 'while :; do :; done; : in a tree' &
above=$!
branches() {
	ctl ps --tree -n 1 --match 'while.*in a [t]ree' -o table >"$dir/tree" &&
		grep -q ' timeout 60 sh -c while' "$dir/tree" && grep -q '   sh -c while' "$dir/tree"
}
check 'a tree has the first by the order, and those above them' until_true 10 branches
kill $above
wait $above 2>/dev/null
check 'no such process is exit 4' exits_with 4 ctl ps --pid 2147483000
check 'no match is exit 4' exits_with 4 ctl ps --match '^no such process anywhere'
check 'a bad expression is exit 2' exits_with 2 ctl ps --match '('
check 'and names its option' says '--match: '
check 'a bad order is exit 2' exits_with 2 ctl ps -s size
check 'groups are no CSV' exits_with 2 ctl ps --group -o csv
check 'a number too many is exit 2' exits_with 2 ctl ps -n 1001

case_is 'a workload'
# Children that live shorter than the interval; the shell goes on until it is killed.
sh -c 'while :; do sh -c "i=0; while [ \$i -lt 20000 ]; do i=\$((i+1)); done"; done' &
busy=$!
ctl ps --pid $busy --watch -i 500ms -o table >"$dir/load" 2>"$dir/notes" &
watch=$!
counts_the_dead() {
	grep -q 'CPU .* % by processes that have ended' "$dir/load"
}
check 'counts what began and ended between two looks' until_true 10 counts_the_dead
kill $busy $idle
wait $busy $idle 2>/dev/null
check 'ends with its first process' wait $watch
check 'and says so' grep -q "process $busy has ended" "$dir/notes"

case_is 'a stream'
ctl ps --watch -i 100ms -n 1 --json >"$dir/stream" 2>"$dir/notes" &
watch=$!
stream_has() {
	[ "$(wc -l <"$dir/stream")" -ge "$1" ]
}
check 'goes on' until_true 10 stream_has 3
stop
start --interval 100ms
check 'over a restart of the daemon too' until_true 10 stream_has "$(($(wc -l <"$dir/stream") + 2))"
check 'which is noted' grep -q 'waiting for it to come back' "$dir/notes"
check 'as it came' sh -c "jq -e 'select(.type != \"processes\") | error' '$dir/stream'; [ \$? -ne 5 ]"
kill $watch
wait $watch 2>/dev/null
stop

finish
