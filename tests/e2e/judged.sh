#!/bin/sh
# Rules over recordings whose events were worked out by hand: an hour of an Apple M4 Pro (273 GB/s), at
# three intervals.  Seconds are since the first sample; what becomes true or false behind second N is
# seen with the next sample.
# shellcheck source=tests/e2e/lib.sh
. tests/e2e/lib.sh

cat >"$dir/make.py" <<'PYTHON'
import json, sys

step_ms = int(sys.argv[1])
header = {"actop_trace": 1, "base_ms": step_ms, "entities": {}, "notes": {}, "machine": {
    "os": "macos", "os_version": "15.5", "model": "Mac16,8", "chip": "Apple M4 Pro", "gpu_cores": 20}}
print(json.dumps(header))
# Until which second, GB/s: 250 of 273 are 91.6 %, 225 are 82.4 %, 200 are 73.3 %.
traffic = [(10, 100), (50, 250), (70, 225), (80, 200), (100, 250), (3726, 250), (3730, None),
           (3756, 250), (3760, 100), (3800, 250), (3810, 100)]
GIB = 1 << 30

def until(rows, t):
    return next(value for end, value in rows if t <= end)

t, slept = 0, 0
while t <= 3810:
    v = {"bandwidth_gbps": [until(traffic, t)], "thermal_state": [1 if 20 < t <= 26 else 0],
         "swap_total_bytes": [2 * GIB], "swap_used_bytes": [int(0.051 * GIB * min(max(t - 30, 0), 10))],
         "mem_pressure": [0], "load_1m": [1]}
    now = round(1000 * t)
    print(json.dumps({"wall_ms": 1700000000000 + now, "mono_ns": (100000 + now) * 1000000,
                      "awake_ns": (100000 + now - slept) * 1000000, "v": v}))
    if t == 100:  # it sleeps for an hour less a sample
        t, slept = 3700, 3600000 - step_ms
    else:
        t += step_ms / 1000
PYTHON

cat >"$dir/actopd.conf" <<'END'
[alert hot]
when  = bandwidth_pct >= 85
for   = 30s
clear = bandwidth_pct < 80
[alert held]
when = thermal_state >= Fair
hold = 20s
severity = critical
END

has_ended() {
	grep -q 'the recording has ended' "$dir/log"
}
events() {
	ctl events --kinds alert --json |
		jq -r '"\((.ts_ms - 1700000000000) / 1000) \(.rule) \(.state) \(if .state == "firing" then .held_ms else "" end)"' |
		sed 's/ *$//'
}

# next SECOND: when the first sample behind it is.
next() {
	echo "$1 $step" | awk '{ print $1 + $2 / 1000 }'
}
expected() {
	cat <<END
16 mem_bound firing 6000
$(next 20) thermal firing $step
$(next 20) held firing $step
$(next 26) thermal resolved
36 swap_rise firing $step
40 hot firing 30000
$(next 40) held resolved
$1 swap_rise resolved
$(next 70) hot resolved
$(next 70) mem_bound resolved
86 mem_bound firing 6000
$(next 3756) mem_bound resolved
3766 mem_bound firing 6000
3790 hot firing 30000
$(next 3800) hot resolved
$(next 3800) mem_bound resolved
END
}
# Events of one moment come in the order of the rules.
in_order() {
	sort -n -k 1,1 -k 2,2
}

# judge INTERVAL SECOND: at that one the swap has grown by less than 0.3 GiB in 8 s again, which is at
# 42.118.
judge() {
	step=$1
	case_is "a sample every $step ms"
	: >"$dir/log"
	python3 "$dir/make.py" "$step" >"$dir/trace.ndjson"
	start --source "replay:$dir/trace.ndjson,speed=max" --interval "${step}ms" --history "${step}ms:2h" \
		-c "$dir/actopd.conf" --state "$dir/state$step"
	check 'is read to its end' until_true 20 has_ended
	expected "$2" | in_order >"$dir/expected"
	events | in_order >"$dir/got"
	check 'has the events worked out by hand' diff -u "$dir/expected" "$dir/got"
}
judge 1000 43
check 'in their order' equal "$(events | cut -d ' ' -f 1 | sort -n -c && echo sorted)" sorted
check 'and their severity' equal "$(ctl events --kinds alert --json |
	jq -r 'select(.severity == "critical") | .rule' | sort -u)" held
check 'ends' stop

case_is 'the daemon after a restart'
start --state "$dir/state1000" --history 1s:2h
check 'has them as history' equal "$(events | in_order)" "$(cat "$dir/got")"
check 'of which none fires' equal "$(ask '{"op":"alerts","close":true}' | jq -c .alerts)" '[]'
check 'in a table' sh -c "'$build/actopctl' -S '$socket' alerts --since @1700000000 -o table |
	grep -c '^resolved *hot ' | grep -qx 2"
check 'and not among those that fire' sh -c "! '$build/actopctl' -S '$socket' alerts --firing -o table | grep -q hot"
check 'ends' stop

judge 500 42.5
check 'ends' stop
judge 2000 44
check 'ends' stop
finish
