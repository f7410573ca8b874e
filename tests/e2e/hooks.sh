#!/bin/sh
# Programs of alert rules (exec = ...).
# shellcheck source=tests/e2e/lib.sh
. tests/e2e/lib.sh

conf=$dir/actopd.conf
# What a hook is given: its arguments and its environment, a line each.
cat >"$dir/hook" <<'END'
#!/bin/sh
out=$1
shift
{
	for word; do
		echo "arg $word"
	done
	env | grep -v -e ^PWD= -e ^SHLVL= -e ^_= -e ^OLDPWD= | sort
	if read -r line; then echo "input $line"; fi
} >"$out.new"
mv "$out.new" "$out-$ACTOP_STATE"
END
chmod +x "$dir/hook"
told() {
	sed -n "s/^ACTOP_$1=//p" "$dir/got-${2:-firing}"
}

case_is 'a program of a rule'
cat >"$conf" <<END
[alert fires]
when = thermal_state >= Fair
severity = critical
exec = $dir/hook $dir/got 'two words' \$HOME "*;" ""
END
python3 - "$dir/world.json" <<'PYTHON'
import json, sys
world = json.load(open("tests/fixtures/apple/m4-pro.json"))
world["script"] = [{"at_s": 2, "set": {"thermal_pressure": 1}}, {"at_s": 4, "set": {"thermal_pressure": 0}}]
del world["repeat_s"]
json.dump(world, open(sys.argv[1], "w"))
PYTHON
# Far longer than any other variable, and not to be cut.
long=$(printf '%0400d' 7)
PATH=$PATH:/$long ACTOP_WORLD=$dir/world.json SECRET=1 "$build"/actopd-apple --socket "$socket" \
	--state none --interval 100ms -c "$conf" 2>>"$dir/log" &
daemon=$!
check 'runs when it fires' until_true 10 [ -s "$dir/got-firing" ]
check 'with its words, which no shell has read' equal "$(grep ^arg "$dir/got-firing")" \
	'arg two words
arg $HOME
arg *;
arg '
check 'and nothing but this in its environment' equal \
	"$(sed -n 's/^\([A-Z_]*\)=.*/\1/p' "$dir/got-firing" | tr '\n' ' ')" \
	'ACTOP_HELD_MS ACTOP_METRIC ACTOP_RULE ACTOP_SEQ ACTOP_SEVERITY ACTOP_STATE ACTOP_THRESHOLD ACTOP_TS_MS ACTOP_VALUE HOME PATH '
check 'the whole of the path' grep -q "^PATH=$PATH:/$long\$" "$dir/got-firing"
check 'the alert' equal "$(told RULE) $(told STATE) $(told SEVERITY) $(told METRIC) $(told VALUE) $(told THRESHOLD)" \
	'fires firing critical thermal_state Fair Fair'
check 'the sample of its event' equal "$(told SEQ) $(told TS_MS)" \
	"$(ctl events --kinds alert --json | jq -r 'select(.rule == "fires" and .state == "firing") | "\(.seq) \(.ts_ms)"')"
check 'and no input' equal "$(grep -c ^input "$dir/got-firing")" 0
check 'and when it is resolved' until_true 10 [ -s "$dir/got-resolved" ]
check 'as which it is told' equal "$(told STATE resolved) $(told VALUE resolved)" 'resolved Nominal'
check 'the daemon ends' stop

case_is 'a program that there is not'
printf '[alert x]\nwhen = load_1m >= 0\nexec = /no/such/program\n' >"$conf"
start -c "$conf"
check 'is said' until_true 10 grep -q '/no/such/program of rule x does not start: no such file' "$dir/log"
check 'and is nothing to the daemon' stop

case_is 'a program that fails'
printf '[alert x]\nwhen = load_1m >= 0\nexec = /bin/sh -c "exit 3"\n' >"$conf"
start -c "$conf"
check 'is said' until_true 10 grep -q 'the program of rule x failed with 3' "$dir/log"
check 'the daemon ends' stop

case_is 'more programs than may run at a time'
: >"$conf"
for i in 1 2 3 4 5 6 7 8 9; do
	printf '[alert x%d]\nwhen = load_1m >= 0\nexec = /bin/sh -c "echo $$ >>%s; sleep 60"\n' \
		$i "$dir/pids" >>"$conf"
done
start -c "$conf"
check 'leave the ninth out' until_true 10 grep -q '8 programs run already; that of rule x9 is left out' "$dir/log"
all_run() {
	[ "$(wc -l <"$dir/pids")" -eq 8 ]
}
check 'and run the others' until_true 10 all_run
# How many of their process groups there are.
groups() {
	while read -r pid; do
		kill -0 "-$pid" 2>/dev/null && echo "$pid"
	done <"$dir/pids" | wc -l | tr -d ' '
}
check 'which run' equal "$(groups)" 8
check 'until the daemon ends' stop
all_over() {
	[ "$(groups)" -eq 0 ]
}
check 'with what they have started' until_true 10 all_over
finish
