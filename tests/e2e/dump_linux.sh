#!/bin/sh
# actopd --dump-world on Linux, and back: a daemon over the tree that is made of it knows the same.
# shellcheck source=tests/e2e/lib.sh
. tests/e2e/lib.sh

if [ "$(uname -s)" != Linux ]; then
	echo "dump_linux: not run: this is no Linux (tests/unit/test_darwin_dump is for a Mac)" >>"${ACTOP_NOT_RUN:-/dev/stderr}"
	finish
fi

# What a metric is, and whether there is one; how many processes run stands in no file.
schema() {
	ctl info --json | jq -r '.metrics[] | select(.name != "process_count") |
		"\(.name) \(.unit) \(.avail)"' >"$1"
}

case_is 'a description of this machine'
check 'is written' "$build/actopd" --dump-world "$dir/machine.json"
check 'is JSON' sh -c "jq -e .linux '$dir/machine.json' >/dev/null"
check 'has the files that are read' sh -c "jq -e '.files[\"proc/stat\"]' '$dir/machine.json' >/dev/null"
check 'has no address of an interface' sh -c "! grep -Eqi '([0-9a-f]{2}:){5}[0-9a-f]{2}' '$dir/machine.json'"
check 'has nothing of serial numbers' sh -c "! grep -qi serial '$dir/machine.json'"
check 'becomes a tree' python3 tests/fixtures/linux/unpack.py "$dir/machine.json" "$dir/root"

start
schema "$dir/native"
stop
start --source "linux:$dir/root"
schema "$dir/back"
stop
check 'of which a daemon knows what this one knew' diff "$dir/native" "$dir/back"

case_is 'a description that cannot be written'
check 'is an error' exits_with 73 "$build/actopd" --dump-world "$dir/none/machine.json"
check 'that names the file' says "$dir/none/machine.json"
if [ -w /dev/full ]; then # Linux's own
	check 'for want of room too' exits_with 69 "$build/actopd" --dump-world /dev/full
	check 'and a device is not removed' test -c /dev/full
fi
finish
