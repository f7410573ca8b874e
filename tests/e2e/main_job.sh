#!/bin/sh
# The main job on the machine at hand: sample, remember, serve, watch.
# shellcheck source=tests/e2e/lib.sh
. tests/e2e/lib.sh

start --interval 100ms --history 100ms:10m
case_is 'a new daemon'
check 'answers get with real values' sh -c "[ $(ask '{"op":"get","close":true}' |
	jq '.sample.v.ram_total_bytes > 1000000') = true ]"
check 'says null for what is unknown' equal \
	"$(ask '{"op":"get","metrics":["bandwidth_gbps"],"close":true}' | jq -c .sample.v)" \
	'{"bandwidth_gbps":null}'
check 'says hello' sh -c "printf '%s\n' '{\"op\":\"hello\",\"close\":true}' |
	timeout 5 nc -U '$socket' | jq -e '.proto == 1 and (.caps | length > 5)' >/dev/null"
check 'keeps the schema in step with get' equal \
	"$(ask '{"op":"schema","close":true}' | jq '.metrics | length')" \
	"$(ask '{"op":"get","close":true}' | jq '.sample.v | length')"

has_rows() {
	[ "$(ctl history --since 5s -o json | wc -l)" -ge "$1" ]
}
case_is 'history'
check 'holds what was sampled' until_true 10 has_rows 20
check 'ends with an answer of exit 0' exits_with 0 ctl history --since 2s -o csv -f load_1m
check 'prints a CSV header' equal "$(head -n 1 "$dir/out")" 'seq,ts_ms,load_1m'
check 'says that nothing matched' exits_with 4 ctl history --since 2030-01-01

consecutive() {
	jq -s 'map(.seq) | . as $s | [range(1; length)] | all(. as $i | $s[$i] == $s[$i - 1] + 1)' |
		grep -q true
}
case_is 'watch'
ctl watch --since 1s -i 100ms -n 12 -o json >"$dir/watch"
check 'gives as many lines as were asked for' equal "$(wc -l <"$dir/watch" | tr -d ' ')" 12
check 'has no gap and no duplicate between past and live' consecutive <"$dir/watch"
check 'prints the 20 keys of actop 1.0.0' equal \
	"$(ctl watch -n 1 -i 100ms -o actop1 | jq -r 'keys_unsorted | join(" ")')" \
	'timestamp cpu_watts gpu_watts ane_watts package_watts ecpu_util_pct pcpu_util_pct gpu_util_pct cpu_temp_c gpu_temp_c ecpu_freq_mhz pcpu_freq_mhz gpu_freq_mhz ram_used_gb swap_used_gb thermal_state bandwidth_gbps bandwidth_available e_cores p_cores'
check 'ends quietly when its reader does' sh -c \
	"'$build/actopctl' --socket '$socket' watch -i 100ms -o json | head -n 1 | grep -q seq"

case_is 'now'
check 'prints plain values' equal "$(ctl now -f bandwidth_gbps,bandwidth_available -o plain)" '- false'
check 'wraps values as .v' sh -c "[ $(ctl now -o json | jq '.v.load_1m >= 0') = true ]"
check 'refuses an unknown metric' exits_with 4 ctl now -f nonsense

case_is 'the end'
check 'is orderly' stop
check 'takes the socket along' [ ! -e "$socket" ]
check 'leaves the client a clear answer' exits_with 3 ctl now
finish
