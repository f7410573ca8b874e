#!/bin/sh
# A disk without room, as a limit on the size of files has it: the daemon goes on in memory, says so, keeps
# the file, and writes again when there is room.  util-linux's prlimit sets the limit from outside.
# shellcheck source=tests/e2e/lib.sh
. tests/e2e/lib.sh

command -v prlimit >/dev/null || {
	echo 'history_full: no prlimit here, nothing is tested'
	exit 0
}
state=$dir/state

begin() {
	"$build"/actopd --socket "$socket" --state "$state" --interval 100ms \
		--history '100ms:1m, 1s:10m' 2>>"$dir/log" &
	daemon=$!
	until_true 10 has_sample
}

store() {
	ask '{"op":"status","close":true}' | jq -r ".store.$1"
}

is() {
	[ "$(store "$1")" = "$2" ]
}

has_stored() {
	[ "$(store stored_seq)" -gt "$1" ]
}

goes_on() {
	[ "$(ask '{"op":"ping","close":true}' | jq .head_seq)" -gt "$1" ]
}

case_is 'a disk without room'
begin
check 'is not there at first' until_true 20 has_stored 5
size=$(wc -c <"$state/history.db")
prlimit --pid "$daemon" --fsize=4096:
check 'is told in status' until_true 20 is state full
check 'with the reason' test "$(store error)" != null
check 'and in the log' until_true 5 grep -q 'the history goes on in memory' "$dir/log"
stored=$(store stored_seq)
check 'leaves the daemon running' until_true 10 goes_on $((stored + 30))
check 'and answering from memory' equal "$(ask '{"op":"history","last_ms":1000,"close":true}' |
	grep '"reply"' | jq '.rows > 5')" true
check 'and the file where it is' test "$(wc -c <"$state/history.db")" -ge "$size"
ctl status -o table >"$dir/status"
check 'is told to people' grep -q '^store     full: ' "$dir/status"

case_is 'room again'
prlimit --pid "$daemon" --fsize=unlimited:
check 'is seen' until_true 20 is state ok
check 'and used' until_true 20 has_stored $((stored + 30))
check 'is told in the log' grep -q 'written again' "$dir/log"
ctl status -o table >"$dir/status"
check 'and to people' grep -q "^store     ok: $state/history.db, .* of at most .* MiB, stored up to " "$dir/status"
check 'with what memory takes at most' grep -q '^memory    .* resident, .* of at most .* for the history' "$dir/status"
newest=$(ask '{"op":"ping","close":true}' | jq .head_seq)
check 'ends in order' stop
begin
check 'has everything afterwards' equal "$(ask "{\"op\":\"history\",\"since_ms\":0,\"step_ms\":1000,\"metrics\":[\"load_1m\"],\"close\":true}" |
	grep '"row"' | jq -s --argjson n "$newest" '[.[] | select(.seq <= $n) | .n] | add >= $n - 10')" true
check 'and nothing aside' equal "$(find "$state" -name '*.bad-*' | wc -l | tr -d ' ')" 0
check 'ends in order again' stop
finish
