#!/bin/sh
# The alert sections of actopd.conf, as --test, a start and HUP see them.
# shellcheck source=tests/e2e/lib.sh
. tests/e2e/lib.sh

actopd() {
	timeout 10 "$build"/actopd --state none "$@"
}
conf=$dir/actopd.conf

case_is 'the example of the manual'
cat >"$conf" <<END
interval  = 1s
history   = 1s:1h, 10s:24h, 60s:30d
mode      = 0600

[alert mem_bound]
when  = bandwidth_pct >= 85
for   = 6s
clear = bandwidth_pct < 80

[alert package_power]
when = package_power_pct >= 85
for  = 6s

[alert swap_rise]
when = rise(swap_used_bytes, 8s) >= 0.3GiB and swap_total_bytes >= 0.1GB

[alert thermal]
when = thermal_state >= Fair

[alert throttle]
when = throttle_cpu or throttle_gpu
for  = 6s

[alert memory]
when = mem_pressure >= warn
for  = 10s
exec = /usr/local/bin/notify-me
END
check 'passes --test' exits_with 0 actopd --test -c "$conf"

case_is 'a rule over a series that there is not'
printf '[alert x]\nfor = 3s\nwhen = cpu_wats > 5\n' >"$conf"
check 'is refused by --test with 78' exits_with 78 actopd --test -c "$conf"
check 'with file, line and column' says 'actopd.conf:3: when: column 1'
check 'and what is meant' says 'did you mean cpu_watts?'
check 'is refused at the start' exits_with 78 actopd --socket "$socket" -c "$conf"

case_is 'a key that no alert has'
printf '[alert x]\nwhen = cpu_watts > 5\nfro = 3s\n' >"$conf"
check 'is refused with 78' exits_with 78 actopd --test -c "$conf"
check 'with the line' says 'actopd.conf:3:'

case_is 'a reload of wrong rules'
printf '[alert x]\nwhen = cpu_watts > 5\n' >"$conf"
start -c "$conf"
printf '[alert x]\nwhen = cpu_watts\n' >"$conf"
kill -HUP "$daemon"
check 'keeps the old ones' until_true 5 grep -q 'the old settings stay' "$dir/log"
check 'and the daemon' has_sample
check 'which ends in order' stop
case_is '--print-config'
printf '[alert thermal]\nenabled = no\n[alert job]\nwhen = "count('"'a #b'"') > 1"\n[alert mine]\nwhen = load_1m > 1\nfor = 90s\nexec = /bin/echo "a b"\n' >"$conf"
actopd --config "$conf" --print-config >"$dir/printed"
check 'has the built-in rules' grep -qx \
	'when  = rise(swap_used_bytes, 8s) >= 0.3GiB and swap_total_bytes >= 0.1GB' "$dir/printed"
check 'and ours' equal "$(sed -n '/alert mine/,/^$/p' "$dir/printed" | tr '\n' '|')" \
	"[alert mine]|when  = load_1m > 1|for   = 1m30s|exec  = /bin/echo 'a b'||"
check 'and what has a hash in it' grep -qx "when  = \"count('a #b') > 1\"" "$dir/printed"
check 'and says what is off' equal "$(grep -A1 '^.alert thermal.$' "$dir/printed" | tail -n 1)" \
	'enabled = no'
check 'and the days of the history' grep -q '1m:30d$' "$dir/printed"
actopd --config "$dir/printed" --print-config >"$dir/again"
check 'reads back the same' equal "$(sed 1d "$dir/again")" "$(sed 1d "$dir/printed")"
finish
