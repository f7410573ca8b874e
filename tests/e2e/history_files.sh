#!/bin/sh
# A store that cannot be used, as the real daemon meets it: it runs in memory or begins a new file, says
# which, and deletes nothing.
# shellcheck source=tests/e2e/lib.sh
. tests/e2e/lib.sh

state=$dir/state
store=$state/history.db
as=
program=$build/actopd
client=$build/actopctl

begin() {
	# shellcheck disable=SC2086  # a command and its options, or nothing
	HOME=$dir $as "$program" --socket "$socket" --state "$state" --interval 100ms \
		--history '100ms:1m, 1s:10m' 2>>"$dir/log" &
	daemon=$!
	until_true 10 has_sample
}

told() {
	ask '{"op":"status","close":true}' | jq -r ".store.$1"
}

# to_people PATTERN: a line of the status for people is like that.
to_people() {
	# shellcheck disable=SC2086  # a command and its options, or nothing
	$as "$client" --socket "$socket" status -o table >"$dir/status"
	grep -q "$1" "$dir/status"
}

begins_anew() {
	[ "$(ask '{"op":"history","close":true,"limit":1}' | head -1 | jq -r '.seq, .flags[0]' | xargs)" = '1 start' ]
}

# poke OFFSET BYTES: into the store.
poke() {
	printf '%b' "$2" | dd of="$store" bs=1 seek="$1" conv=notrunc 2>/dev/null
}

check 'a store is made' begin
check 'which is written at the end' stop
cp "$store" "$dir/good"

case_is 'a damaged file'
poke 4096 'garbage, garbage, garbage'
cp "$store" "$dir/bad"
check 'does not keep the daemon from running' begin
check 'which has a new one' equal "$(told state)" ok
check 'and says so' equal "$(told error)" "the file was damaged; kept as $store.bad-1"
check 'also to people' to_people "^store     ok: the file was damaged; kept as $store.bad-1\$"
check 'and in the log' grep -q "warn store: $store: the file was damaged; kept as $store.bad-1; a new one begins" "$dir/log"
check 'in which history begins' begins_anew
check 'that ends in order' stop
check 'the old one is what it was' cmp "$dir/bad" "$store.bad-1"

case_is 'a file of a newer version'
cp "$dir/good" "$store"
poke 60 '\0\0\0\011'
cp "$store" "$dir/newer"
check 'is not for this daemon' begin
check 'as it says' equal "$(told error)" "the file was of a newer version; kept as $store.bad-2"
check 'and a new history begins' begins_anew
check 'that ends in order' stop
check 'the newer one is what it was' cmp "$dir/newer" "$store.bad-2"
check 'as is what was put aside before' cmp "$dir/bad" "$store.bad-1"

# Root may write everywhere, so its daemon is run by nobody.
if [ "$(id -u)" -eq 0 ]; then
	as='setpriv --reuid 65534 --clear-groups'
	command -v setpriv >/dev/null || {
		echo 'history_files: root has no setpriv here, a read-only directory is not tested'
		finish
	}
	cp "$build/actopd" "$build/actopctl" "$dir"
	program=$dir/actopd
	client=$dir/actopctl
	chown -R 65534 "$dir"
fi

case_is 'a directory that may only be read'
cp -p "$dir/good" "$store"
chmod 500 "$state"
check 'does not keep the daemon from running' begin
check 'which keeps its history in memory' equal "$(told state)" readonly
check 'and says so' equal "$(told error)" 'it cannot be written'
check 'also to people' to_people '^store     readonly: it cannot be written$'
check 'and in the log' grep -q "warn store: $store: it cannot be written; the history goes on in memory" "$dir/log"
check 'from where it answers' begins_anew
check 'that ends in order' stop
check 'the file is what it was' cmp "$dir/good" "$store"

case_is 'the same, writable again'
chmod 700 "$state"
check 'runs' begin
check 'and writes' equal "$(told state)" ok
check 'behind what was there' equal "$(ask '{"op":"history","last_ms":600000,"close":true,"limit":1}' | head -1 | jq .seq)" 1
check 'as a restart' equal "$(ask '{"op":"events","last_ms":600000,"close":true}' | jq -r 'select(.kind == "start") | .reason' |
	tail -1)" restart
check 'in order' stop
finish
