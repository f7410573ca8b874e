#!/bin/sh
# Recordings played through the whole daemon give what lies beside them.  To renew an expectation
# after a change that is meant: ACTOP_EXPECT=write sh tests/e2e/traces.sh
# shellcheck source=tests/e2e/lib.sh
. tests/e2e/lib.sh

has_ended() {
	grep -q 'the recording has ended' "$dir/log"
}

# What differs from run to run goes.
answers() {
	sed -e 's/"epoch":"[0-9a-f]*",//g' -e 's/"[0-9a-f]\{16\}:\([0-9]*\)"/"EPOCH:\1"/g'
}

metrics='"metrics":["load_1m","net_rx_bytes","net_rx_bytes_per_s"]'
all_answers() {
	ask "{\"op\":\"history\",$metrics,\"close\":true}" | answers
	ask "{\"op\":\"history\",$metrics,\"step_ms\":5000,\"agg\":[\"min\",\"mean\",\"max\"],\"close\":true}" |
		answers
	ask "{\"op\":\"history\",$metrics,\"last_ms\":3000,\"close\":true}" | answers
	ask '{"op":"events","kinds":["sleep","wake","clock"],"close":true}' | answers
}

for trace in tests/fixtures/traces/*.ndjson; do
	expected=${trace%.ndjson}.expected
	case_is "$trace"
	: >"$dir/log"
	start --source "replay:$trace,speed=max" --history 1s:10m
	until_true 10 has_ended
	all_answers >"$dir/got"
	[ "${ACTOP_EXPECT:-}" = write ] && cp "$dir/got" "$expected"
	check 'gives what is expected' diff -u "$expected" "$dir/got"
	check 'ends in order' stop
done
finish
