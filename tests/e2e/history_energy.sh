#!/bin/sh
# Energy counters go on over kill -9, restarts and boots; on a pretended machine whose counters we turn.
# shellcheck source=tests/e2e/lib.sh
. tests/e2e/lib.sh

state=$dir/state
cp -R tests/fixtures/linux/laptop "$dir/root"
chmod -R u+w "$dir/root"
counter=$(find "$dir/root/sys/class/powercap/intel-rapl:0/" -maxdepth 1 -name energy_uj)

begin() {
	"$build"/actopd --socket "$socket" --state "$state" --source "linux:$dir/root" --interval 100ms \
		--history "${1:-100ms:1m}" 2>>"$dir/log" &
	daemon=$!
	until_true 10 has_sample
}

# turn JOULES: the machine uses so much.  Written over the former number, which is never longer: a daemon that
# reads meanwhile finds the one or the other, never an empty file.
turn() {
	echo $(($(cat "$counter") + $1 * 1000000)) >"$dir/new"
	cat "$dir/new" 1<>"$counter"
}

total() {
	ask '{"op":"get","metrics":["package_joules"],"close":true}' | jq '.sample.v.package_joules'
}

energy() {
	ask "{\"op\":\"energy\",\"close\":true,$1}"
}

events() {
	ask "{\"op\":\"events\",\"close\":true,$1}"
}

is_total() {
	[ "$(total)" = "$1" ]
}

rows_stored() {
	[ "$(ask '{"op":"status","close":true}' | jq .store.stored_seq)" -gt "$1" ]
}

boot_again() {
	echo "0000$1-0000-4000-8000-000000000000" >"$dir/root/proc/sys/kernel/random/boot_id"
}

case_is 'energy'
begin
check 'is counted' is_total 0
turn 40
check 'as it is used' until_true 5 is_total 40
check 'and ends in order' stop
turn 100
begin
check 'goes on after a restart where it was' is_total 40
turn 5
check 'and counts on' until_true 5 is_total 45

case_is 'kill -9'
seq=$(ask '{"op":"ping","close":true}' | jq .head_seq)
check 'comes after a write' until_true 15 rows_stored "$seq"
kill -9 "$daemon"
wait "$daemon" 2>/dev/null
begin
check 'takes nothing back' is_total 45
check 'ends in order' stop

case_is 'a boot'
boot_again 1
echo 7 >"$counter"
begin
check 'does not begin anew' is_total 45
check 'and is flagged' equal \
	"$(ask '{"op":"history","close":true,"boot":0,"limit":1}' | head -1 | jq -r '.flags[0]')" boot
turn 3
check 'counts on' until_true 5 is_total 48
check 'the boot before is there' equal \
	"$(ask '{"op":"history","close":true,"boot":-1,"limit":10000,"metrics":["package_joules"]}' |
		grep '"row"' | tail -1 | jq '.v.package_joules')" 45
check 'and time since then reaches behind it' equal \
	"$(ask '{"op":"history","close":true,"last_ms":600000,"limit":1,"metrics":["package_joules"]}' |
		head -1 | jq '.seq')" 1
check 'energy of this boot' equal "$(energy '"boot":0' | jq .rails.package.joules)" 3
check 'energy of the boot before' equal "$(energy '"boot":-1' | jq '.rails.package.joules > 0')" true
check 'not with another beginning' equal "$(energy '"boot":0,"last_ms":1000' | jq -r .code,.field | xargs)" 'conflict boot'
check 'nor of one that was not' equal "$(energy '"boot":-2' | jq -r .code,.field | xargs)" 'bad_value boot'
check 'events of this boot' equal "$(events '"boot":0' | jq -r 'select(.kind) | .kind + " " + .reason')" 'start boot'
check 'events of the boot before' equal "$(events '"boot":-1' | jq -r 'select(.kind) | .kind' | sort -u | xargs)" 'start stop'
check 'none of them is of this one' equal \
	"$(events '"boot":-1' | jq -r 'select(.kind) | .reason' | grep -c boot)" 0
check 'nor of one that was not' equal "$(events '"boot":-2' | jq -r .code,.field | xargs)" 'bad_value boot'
check 'ends in order' stop

head_seq() {
	ask '{"op":"ping","close":true}' | jq .head_seq
}
head_is_behind() {
	[ "$(head_seq)" -gt "$1" ]
}
case_is 'longer ago than every sample is kept'
boot_again 2
begin '100ms:3s, 1s:10m'
start=$(head_seq)
check 'some time' until_true 10 head_is_behind $((start + 25))
turn 30
check 'is used' until_true 5 is_total 78
check 'and goes by' until_true 20 head_is_behind $((start + 80))
check 'what was used is known' equal "$(energy '"boot":0' | jq .rails.package.joules)" 30
check 'by time as well' equal "$(energy '"last_ms":60000,"id":1' | jq '.rails.package.joules >= 30')" true
check 'what was used before two boots is known' equal "$(energy '"boot":-2' | jq '.rails.package.joules | round')" 45
check 'the last second has used nothing' equal "$(energy '"last_ms":1000' | jq .rails.package.joules)" 0
check 'ends in order' stop
finish
