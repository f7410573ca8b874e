#!/bin/sh
# kill -9 at random moments under load: what was served is there afterwards but for the last 10 s, and
# no number is given twice.  KILLS=200 for the full run, in which every fifth daemon lives long enough to
# write; 4 otherwise.
# shellcheck source=tests/e2e/lib.sh
. tests/e2e/lib.sh

kills=${KILLS:-4}
state=$dir/state
: >"$dir/given"

begin() {
	"$build"/actopd --socket "$socket" --state "$state" --interval 100ms \
		--history '100ms:2h, 1s:3h, 5s:4h' 2>>"$dir/log" &
	daemon=$!
	until_true 10 has_sample
}

# What a subscriber was told, as "seq ts_ms": it reads from before the kill until the end comes.
listen() {
	(printf '%s\n' '{"op":"subscribe","metrics":["load_1m"],"interval_ms":100}' && exec sleep 60) |
		nc -U "$socket" >"$dir/stream.$1" 2>/dev/null &
	reader=$!
	printf '%s\n' '{"op":"subscribe"}' | nc -q 60 -U "$socket" >/dev/null 2>&1 &
	load=$!
}

told() {
	grep '"type":"sample"' "$dir/stream.$1" | grep '}}$' | jq -r --arg n "$1" '"\(.seq) \(.ts_ms) \($n)"' >>"$dir/given"
}

# Of what each listener was told: what is not in the rows is at the end, at most 10 s and the sample under way.
lost_too_many() {
	sort -n "$dir/given" | awk 'NR == FNR { row[$1] = 1; next }
		!($1 in row) { lost[$3]++; next }
		$3 in lost { print "a hole before", $1 }
		END { for (n in lost) if (lost[n] > 101) print "listener", n, "lost", lost[n] }' "$dir/rows" - >"$dir/lost"
	head -n 20 "$dir/lost" >&2
	wc -l <"$dir/lost"
}

# Seconds until the kill.
lifetime() {
	awk -v n="$1" -v seed="$1$$" 'BEGIN { srand(seed)
		print (n % 5 == 0 ? 9.5 + 3 * rand() : 0.3 + 1.7 * rand()) }'
}

# All rows of the finest tier, page by page.
rows() {
	after=$(ask '{"op":"hello","close":true}' | jq -r '"\(.epoch):\(.oldest_seq - 1)"')
	while [ "$after" != null ]; do
		ask "{\"op\":\"history\",\"metrics\":[\"load_1m\"],\"after\":\"$after\",\"limit\":10000,\"close\":true}" \
			>"$dir/page"
		grep '"row"' "$dir/page" | jq -r '"\(.seq) \(.ts_ms)"'
		after=$(grep '"reply"' "$dir/page" | jq -r .next)
	done
}

case_is "$kills times kill -9"
n=0
epoch=
while [ "$n" -lt "$kills" ]; do
	n=$((n + 1))
	begin || check 'starts again' false
	now=$(ask '{"op":"hello","close":true}' | jq -r .epoch)
	epoch=${epoch:-$now}
	check 'goes on in the same epoch' equal "$now" "$epoch"
	listen "$n"
	sleep "$(lifetime "$n")"
	kill -9 "$daemon"
	wait "$daemon" 2>/dev/null
	kill "$reader" "$load" 2>/dev/null
	told "$n"
done
check 'gives no number twice' equal "$(cut -d ' ' -f 1 "$dir/given" | sort -n | uniq -d | wc -l)" 0
begin
rows | sort -n >"$dir/rows"
check 'keeps no row twice' equal "$(cut -d ' ' -f 1 "$dir/rows" | uniq -d | wc -l)" 0
sort -n "$dir/given" >"$dir/sorted"
check 'keeps no row that was not given' \
	equal "$(awk 'NR == FNR { t[$1] = $2; next } $1 in t && t[$1] != $2' "$dir/rows" "$dir/sorted" | wc -l)" 0
check 'loses the last ten seconds at most' equal "$(lost_too_many)" 0
check 'keeps what was written' test "$(wc -l <"$dir/rows")" -ge $((kills * 6 - 300))
check 'says that the end was not in order' grep -q 'did not end in order' "$dir/log"
check 'and has damaged nothing' equal "$(find "$state" -name '*.bad-*' | wc -l)" 0
check 'ends in order' stop

# In one write, with what goes with it.
case_is 'ten seconds'
rm -rf "$state" "$dir/given"
begin
listen ten
long_enough() {
	ask '{"op":"status","close":true}' | jq -e '.store.stored_seq >= 90' >/dev/null
}
check 'are written together' until_true 14 long_enough
stored=$(ask '{"op":"status","close":true}' | jq .store.stored_seq)
kill -9 "$daemon"
wait "$daemon" 2>/dev/null
kill "$reader" "$load" 2>/dev/null
told ten
begin
rows >"$dir/rows"
check 'and are there after a kill' equal "$(awk -v s="$stored" '$1 <= s' "$dir/rows" | wc -l | tr -d ' ')" \
	"$stored"
lost=$(awk -v s="$stored" 'NR == FNR { t[$1] = 1; next } $1 > s && !($1 in t)' "$dir/rows" "$dir/given" | wc -l)
check 'with at most 101 samples lost' test "$lost" -le 101
check 'a cursor into what was lost gets one gap' equal "$(ask "{\"op\":\"history\",\"after\":\"$(
	ask '{"op":"hello","close":true}' | jq -r .epoch):$stored\",\"close\":true}" |
	grep '"reply"' | jq -r .gap.reason)" lost

case_is 'SIGTERM'
newest=$(ask '{"op":"ping","close":true}' | jq .head_seq)
check 'ends it' stop
begin
rows >"$dir/rows"
check 'and loses nothing' grep -q "^$newest " "$dir/rows"
check 'nor leaves a hole in the numbers' equal \
	"$(ask '{"op":"history","last_ms":60000,"limit":10000,"metrics":["load_1m"],"close":true}' | grep '"row"' |
		jq -r '.seq, (.flags // [] | join(","))' | grep -c lost)" 0
check 'ends once more' stop

case_is 'a state directory that is taken'
begin
first=$daemon
firstsocket=$socket
socket=$dir/other
begin
check 'leaves the second daemon in memory' equal \
	"$(ask '{"op":"status","close":true}' | jq -r .store.state)" memory
check 'which runs' has_sample
stop
socket=$firstsocket
daemon=$first
check 'and the first with its store' equal "$(ask '{"op":"status","close":true}' | jq -r .store.state)" ok
check 'which ends in order' stop
finish
