#!/bin/sh
# Alert rules about groups of processes.
# shellcheck source=tests/e2e/lib.sh
. tests/e2e/lib.sh

# libuv closes descriptors by system calls that ThreadSanitizer does not see, so that one which the
# walk has after a client looks as if they shared it.
echo race:daemon/source/linux/process.c >"$dir/tsan"
export TSAN_OPTIONS="${TSAN_OPTIONS:-} suppressions=$dir/tsan"

conf=$dir/actopd.conf
# A word that stands in no other command line, that of this daemon included.
word=held$$by

# hold MIB WORD: a process that does nothing but hold so much, until it is killed.
hold() {
	python3 -c "
import time
x = bytearray($1 << 20)
time.sleep(60) # $2" &
	held="${held:-} $!"
}

walks() {
	ask '{"op":"status","close":true}' | jq .processes.walks
}
has_walked() {
	[ "$(walks)" -gt "${1:-0}" ]
}
fires() {
	ask '{"op":"alerts","close":true}' | jq -e --arg rule "$1" '.alerts | any(.rule == $rule)' >/dev/null
}
is_over() {
	! fires "$1"
}
event() {
	ctl events --kinds alert --json | jq -c "select(.state == \"$1\") | $2"
}

# holds FILTER FILE
holds() {
	jq -e "$1" "$2" >/dev/null || {
		cat "$2" >&2
		return 1
	}
}

case_is 'a daemon whose rules do not ask for processes'
start --interval 100ms
check 'takes no walk' equal "$(walks)" 0
check 'ends' stop

case_is 'a rule about a group of processes'
cat >"$conf" <<END
[alert heavy]
when  = footprint(${word}_(one|two)) > 60 MiB
clear = count(${word}_(one|two)) == 0
END
hold 40 "${word}_one"
start --interval 100ms -c "$conf"
check 'is judged by a walk' until_true 10 has_walked
check 'does not fire below' is_over heavy
hold 40 "${word}_two"
check 'fires above' until_true 20 fires heavy
check 'and says what it is about' equal "$(event firing '[.metric, .threshold, .value > 83886080]')" \
	"[\"footprint(${word}_(one|two))\",62914560,true]"
seq=$(ctl now --json -f load_1m | jq .seq)
walks=$(walks)
is_later() {
	[ "$(ctl now --json -f load_1m | jq .seq)" -gt $((seq + 70)) ]
}
until_true 20 is_later
check 'takes a walk in five seconds, not in each sample' [ $(($(walks) - walks)) -le 2 ]
check 'check knows groups' exits_with 0 ctl check "footprint(${word}_(one|two)) > 60 MiB" \
	"count(${word}_(one|two)) == 2 and load_1m >= 0"
check 'and says what they are' grep -q "(footprint(${word}_(one|two)) is [0-9.]* MiB)" "$dir/out"
check 'over time as well' exits_with 0 ctl check "cpu(${word}_(one|two)) < 90"
check 'has exit 11 where one is not' exits_with 11 ctl check "load_1m >= 0 and count(${word}_one) > 1"
check 'and names what is not' grep -q "(count(${word}_one) is 1)" "$dir/out"
check 'wait ends at once' exits_with 0 ctl wait "count(${word}_one) == 1" --timeout 10s
check 'or not in time' exits_with 124 ctl wait "footprint(${word}_one) > 1TiB" --timeout 500ms
check 'and says how it is' says "footprint(${word}_one) is [0-9.]* MiB"
check 'is refused with the place of a wrong expression' exits_with 2 ctl wait 'count(a++) == 1'
check 'where it is wrong' says 'column 7: one repetition behind another'
check 'and for more groups than can be followed' exits_with 2 ctl check 'count(a)>1 and count(b)>1' \
	'count(c)>1 and count(d)>1 and count(e)>1 and count(f)>1 and count(g)>1' 'count(h)>1'
check 'which is said' says 'more than 7 groups of processes'
check 'run tells of a group' exits_with 0 ctl run --match "${word}_(one|two)" -- sleep 0.3
check 'beside what the command used' grep -Eq "^ *${word}_.one.two.: 2 processes  memory [0-9.]+ MiB  cpu time 0" \
	"$dir/err"
check 'as JSON too' exits_with 3 ctl run --json -o "$dir/report" --match "${word}_one" -- sh -c 'sleep 0.3; exit 3'
check 'which has its memory' holds '.group | .processes == 1 and .peak_memory_bytes > 41943040
	and .seconds <= 0.5 and .cpu_s < 0.2' "$dir/report"
ctl run --json -o "$dir/report" -- python3 -c "
import time
x = bytearray(50 << 20)
time.sleep(3)"
check 'and of the processes of the command itself' holds '.tree | .processes >= 1 and .peak_memory_bytes > 52428800
	and .seconds > 0' "$dir/report"
check 'of a wrong expression runs nothing' exits_with 125 ctl run --match 'a++' -- touch "$dir/ran"
check 'not even the command' [ ! -e "$dir/ran" ]
ctl wait "count(${word}_(one|two)) == 0" --timeout 20s 2>"$dir/err" &
waiting=$!
# shellcheck disable=SC2086  # a list
kill $held
# shellcheck disable=SC2086
wait $held 2>/dev/null
wait "$waiting"
check 'wait ends when they have' equal $? 0
check 'clears once they are gone' until_true 20 is_over heavy
check 'is listed' sh -c "'$build/actopctl' -S '$socket' alerts --rules -o table | grep -q \"^ok *heavy .*footprint(${word}_\""

case_is 'a reload without it'
: >"$conf"
kill -HUP "$daemon"
check 'is done' until_true 10 grep -q 'read again' "$dir/log"
walks=$(walks)
seq=$(ctl now --json -f load_1m | jq .seq)
until_true 20 is_later
check 'takes no more walks' [ $(($(walks) - walks)) -le 1 ]
check 'ends' stop

# Two processes of the name ollama, one of which is ollama's child: of 300 MiB and 0.5 cores, of 3.3 GB
# and 2.5 cores, and of 12 + 3 + 5 ms of the GPU a second.
case_is 'a Mac'
world=tests/fixtures/apple/m4.json
bytes=$(jq '[.processes[] | select(.name == "ollama") | .footprint] | add' "$world")
printf '[alert models]\nwhen = footprint(ollama|mlx) > 3 GB and cpu(ollama|mlx) > 299.5 and gpu(ollama) >= 1.95\n' >"$conf"
ACTOP_WORLD=$world "$build"/actopd-apple --socket "$socket" --state none -c "$conf" 2>>"$dir/log" &
daemon=$!
until_true 10 has_sample
check 'has its groups' exits_with 0 ctl check "footprint(ollama|mlx) == $bytes B" 'count(ollama|mlx) == 2' \
	'cpu(ollama|mlx) > 295 and cpu(ollama|mlx) < 305' 'gpu(ollama|mlx) > 1.9 and gpu(ollama|mlx) < 2.1'
ctl run --json -o "$dir/report" --match 'ollama|mlx' -- sleep 3
check 'of which a command is told' holds '.group | .processes == 2 and (.seconds - 3 | fabs) < 0.1 and
	(.cpu_s - 9 | fabs) < 0.2 and (.gpu_s - 0.06 | fabs) < 0.005 and .energy_quality == "estimated"' "$dir/report"
# The kernel measured 0.6 W of the one; of the other it is a share.
check 'with joules between what was measured and all of the rails' holds \
	'.group.joules > 0.6 * 3 and .group.joules < .rails.cpu.joules + .rails.gpu.joules' "$dir/report"
check 'and its rules' until_true 15 fires models
check 'ends' stop

case_is 'a daemon that has no processes'
printf '[alert heavy]\nwhen = footprint(x) >= 0\n' >"$conf"
start --source "replay:tests/fixtures/traces/missed.ndjson,speed=max" -c "$conf"
check 'says so' grep -q 'rules ask for processes, which cannot be read here' "$dir/log"
check 'fires nothing for them' is_over heavy
check 'check does not know them' exits_with 10 ctl check 'count(x) >= 0'
check 'and says why' says 'this daemon cannot list processes'
check 'wait does not wait for them' exits_with 4 ctl wait 'count(x) >= 0'
check 'and run runs without' exits_with 0 ctl run --match x -- true
check 'and says so' says 'match: this daemon cannot list processes'
check 'ends' stop

case_is 'a rule about processes that cannot be'
printf '[alert x]\nwhen = footprint(a++) > 1GiB\n' >"$conf"
check 'is refused by --test' exits_with 78 "$build/actopd" --test -c "$conf"
check 'with file, line and column' says "actopd.conf:2: when: column 11: one repetition behind another"
{
	echo '[alert x]'
	printf 'when = count(a0) > 9'
	for i in 1 2 3 4 5 6 7; do
		printf ' or count(a%d) > 9' $i
	done
	printf '\n[alert y]\nwhen = count(b0) > 9'
	for i in 1 2 3 4 5 6 7; do
		printf ' or count(b%d) > 9' $i
	done
	printf '\nclear = count(a0) < 1\n'
} >"$conf"
check 'there may be sixteen groups' exits_with 0 "$build/actopd" --test -c "$conf"
printf '[alert z]\nwhen = count(c) > 9\n' >>"$conf"
check 'and no more' exits_with 78 "$build/actopd" --test -c "$conf"
check 'which is said with the rule' says 'alert z. brings the 17th group of processes'
finish
