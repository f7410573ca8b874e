#!/bin/sh
# The client as people and scripts meet it: exit codes, formats, a daemon that comes and goes.
# shellcheck source=tests/e2e/lib.sh
. tests/e2e/lib.sh

case_is 'no daemon'
check 'is exit 3' exits_with 3 ctl now
check 'names the path' says "$socket: no such file"
check 'tells how to start one' says "actopd --socket $socket"
check 'is exit 3 for status too' exits_with 3 ctl status
check 'tells length and limit of a path' exits_with 3 \
	"$build/actopctl" -S "$(printf 'x%.0s' $(seq 130))" now
check 'and both are numbers' says '130 bytes are too long for a socket path, the limit is 10'

case_is 'something that is no actopd'
socat "UNIX-LISTEN:$dir/liar,fork" SYSTEM:'echo hello there; cat >/dev/null' 2>/dev/null &
liar=$!
until_true 5 listens "$dir/liar"
for command in now history 'watch -n 1'; do
	# shellcheck disable=SC2086
	check "is exit 1 for $command" exits_with 1 "$build/actopctl" -S "$dir/liar" $command
	check 'is said' says 'is no actopd'
done
kill "$liar"
wait "$liar" 2>/dev/null
socat "UNIX-LISTEN:$dir/mute,fork" SYSTEM:'cat >/dev/null' 2>/dev/null &
mute=$!
until_true 5 listens "$dir/mute"
check 'that never answers is exit 124' exits_with 124 \
	"$build/actopctl" -S "$dir/mute" --timeout 200ms now
kill "$mute"
wait "$mute" 2>/dev/null

start --interval 100ms --history 100ms:10m
case_is 'usage'
check 'is exit 2 for an unknown command' exits_with 2 ctl wacth
check 'which is guessed' says 'did you mean "watch"'
check 'is exit 2 for an unknown topic of help' exits_with 2 "$build/actopctl" help tims
check 'which is guessed' says 'did you mean "times"'
check 'is exit 2 for an unknown option' exits_with 2 ctl now --feilds load_1m
check 'which is guessed' says 'did you mean --fields'
check 'is exit 2 for an unknown unit' exits_with 2 ctl history --since 5min
check 'which is guessed' says 'did you mean 5m'
check 'is exit 2 for an option of actop' exits_with 2 ctl watch --subsamples 3
check 'which is told what there is instead' says 'no option --subsamples as in actop: actopd samples'
check 'is exit 2 for an option like no other' exits_with 2 ctl now --bogus
check 'which the help of the command does not have' says 'no option --bogus; see actopctl help now'
check 'is exit 2 for such a letter' exits_with 2 ctl now -qZ
check 'which is the one that is named' says 'no option -Z; see actopctl help now'
check 'is exit 2 for one before any command' exits_with 2 ctl --bogus now
check 'which no help has' says 'no option --bogus; see actopctl help$'
check 'is exit 2 for a format of another command' exits_with 2 ctl metrics -o csv
check 'is exit 2 for a bare number' exits_with 2 ctl history --since 5
check 'which is explained' says 'did you mean 5s or 5m'
check 'is exit 2 for an option of another command' exits_with 2 ctl now --since 5m
check 'is exit 2 for an interval that the daemon refuses' exits_with 2 ctl watch -i 1ms -n 1
check 'in the spelling in which it is given' says '^actopctl: --interval: must be from 100ms to 1h$'
check 'is exit 4 for an unknown metric' exits_with 4 ctl now -f load_1n
check 'which is guessed' says 'did you mean load_1m'
check 'is exit 4 for a pattern without a hit' exits_with 4 ctl now -f 'zz*' -o json
check '--help is exit 0' exits_with 0 ctl watch --help
check 'on stdout' grep -q cursor-file "$dir/out"
check 'a full disk is exit 1' exits_with 1 sh -c \
	"'$build/actopctl' -S '$socket' now >/dev/full"

has_20() {
	[ "$(ctl history -o json -f load_1m | wc -l)" -ge 20 ]
}
case_is 'formats'
until_true 10 has_20
check '-n is the last N rows' equal "$(ctl history -n 5 -f load_1m -o csv | wc -l | tr -d ' ')" 6
check 'with a step too' equal \
	"$(ctl history -n 3 --step 300ms -f load_1m --json | jq -s 'map(.n) | .[0:2]' -c)" '[3,3]'
check 'several aggregations are columns' equal \
	"$(ctl history -n 1 --agg all -f load_1m -o csv | head -n 1)" \
	'seq,ts_ms,load_1m.min,load_1m.mean,load_1m.max'
check 'without a row there is no header' exits_with 4 ctl history --until 2000-01-01 -f load_1m -o csv
check 'nor anything else' equal "$(cat "$dir/out")" ''
check 'fields come in the order of -f' equal \
	"$(ctl now -f ram_total_bytes,load_1m -o csv | head -n 1)" 'seq,ts_ms,ram_total_bytes,load_1m'
check 'pretty JSON is the same JSON' sh -c \
	"'$build/actopctl' -S '$socket' now --json --pretty | jq -e '.v | has(\"load_1m\")' >/dev/null"
check 'a table names the unit' sh -c \
	"'$build/actopctl' -S '$socket' history -n 1 -o table -f cpu_util_pct | grep -q '^time  *%'"
check 'since boot is everything here' equal \
	"$(ctl history --since boot -f load_1m --json | head -n 1 | jq .seq)" 1

case_is 'other ways to ask'
check '--compat actop1 is -o actop1' equal "$(ctl now --compat actop1 | jq -c keys_unsorted)" \
	"$(ctl now -o actop1 | jq -c keys_unsorted)"
check '--compat of another is exit 2' exits_with 2 ctl now --compat actop2
check 'top is watch' equal "$(ctl top -n 1 -f load_1m --json | jq -r .type)" sample
fresh() {
	newest=$(ctl now -f load_1m --json | jq .seq)
	[ "$(ctl now --fresh -f load_1m --json | jq .seq)" -gt "$newest" ]
}
check '--fresh waits for the next sample' fresh
check 'but not longer than --timeout' exits_with 124 ctl now --fresh --timeout 1ms
check 'which is said' says 'within 0.001 s'
ctl -q mark between >/dev/null
marked() {
	ctl history --since 1m --events -f load_1m --json >"$dir/out"
	jq -se 'map(.type) | index("event") as $at | .[$at - 1] == "row" and .[$at + 1] == "row"' "$dir/out"
}
check 'history --events prints them between the rows' until_true 5 marked
check 'each before the row in which it happened' equal "$(jq -s 'map(.ts_ms) == (map(.ts_ms) | sort)' "$dir/out")" true
check 'in a table too' sh -c \
	"'$build/actopctl' -S '$socket' history --since 1m --events -f load_1m -o table | grep -q 'mark  *between'"
# Once there are two rows behind the mark: it may be in the time of the newest one.
only_a_row() {
	[ "$(ctl history -n 1 --events -f load_1m --json | jq -sc 'map(.type)')" = '["row"]' ]
}
check 'but not what was before the first row' until_true 5 only_a_row
check 'and no CSV' exits_with 2 ctl history --events -o csv

case_is 'ACTOP_FIELDS'
fields() {
	ACTOP_FIELDS=$1
	export ACTOP_FIELDS
	shift
	"$@"
	code=$?
	unset ACTOP_FIELDS
	return $code
}
check 'is what plain text has without -f' equal \
	"$(fields load_1m,ram_total_bytes ctl now -o plain | wc -w | tr -d ' ')" 2
check 'gives way to -f' equal "$(fields load_1m,load_5m ctl now -o plain -f load_1m | wc -w | tr -d ' ')" 1
check 'leaves JSON whole' equal \
	"$(fields load_1m ctl now --json | jq '.v | has("ram_total_bytes")')" true
check 'that is wrong is exit 2' fields 'a b!' exits_with 2 ctl now -o table

lines() {
	[ "$(wc -l <"$dir/watch")" -ge "$1" ]
}
case_is 'a daemon that comes back'
"$build/actopctl" -S "$socket" watch -i 100ms -f load_1m --json --cursor-file "$dir/cursor" \
	>"$dir/watch" 2>"$dir/notes" &
watch=$!
until_true 10 lines 3
until_true 10 [ -s "$dir/cursor" ]
cp "$dir/cursor" "$dir/old"
check 'ends' stop
start --interval 100ms --history 100ms:10m
before=$(wc -l <"$dir/watch")
check 'is followed again' until_true 10 lines $((before + 5))
check 'was missed aloud' grep -q 'actopd is stopping; waiting' "$dir/notes"
check 'was found aloud' grep -q 'connected again' "$dir/notes"
check 'its new history is a gap' grep -q 'gap: the history was begun anew' "$dir/notes"
kill -9 "$daemon"
wait "$daemon" 2>/dev/null
start --interval 100ms --history 100ms:10m
before=$(wc -l <"$dir/watch")
check '--no-meta leaves the gaps out' equal \
	"$(ctl watch -q --no-meta --cursor-file "$dir/old" -i 100ms -n 2 -f load_1m --json | jq -r .type | sort -u)" sample
check 'is followed after a kill' until_true 10 lines $((before + 5))
check 'every line is whole' sh -c "jq -e . '$dir/watch' >/dev/null"
check 'no seq comes twice in one epoch' equal \
	"$(jq -r 'select(.type == "sample") | "\(.epoch):\(.seq)"' "$dir/watch" | sort | uniq -d)" ''
kill "$watch"
wait "$watch" 2>/dev/null
last=$(jq -s 'last | .seq' "$dir/watch")
check 'the cursor file goes on behind the last line' equal \
	"$(ctl watch --cursor-file "$dir/cursor" -i 100ms -f load_1m -n 1 --json | jq .seq)" \
	$((last + 1))

case_is 'an interrupt'
interrupted() {
	# Started by Python, so that INT is not ignored as it is in the background of a script.
	python3 -c 'import signal, subprocess, sys
p = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE)
p.stdout.readline()
p.send_signal(signal.SIGINT)
sys.exit(p.wait())' "$build/actopctl" -S "$socket" watch -i 100ms --json
}
check 'is exit 130' exits_with 130 interrupted
finish
