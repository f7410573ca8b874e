#!/bin/sh
# The commands beside now, watch and history: energy and run over a pretended Mac whose rates are
# known (13.46 W in its first 12 s, then more), gates, events, exports.
# shellcheck source=tests/e2e/lib.sh
. tests/e2e/lib.sh

ACTOP_WORLD=tests/fixtures/apple/m4-pro.json "$build"/actopd-apple --socket "$socket" \
	--state none --interval 200ms 2>>"$dir/log" &
daemon=$!
knows_watts() {
	# Not by jq's exit status: without a daemon there is no input, which some versions take well.
	ctl now -f soc_watts --json | jq '.v.soc_watts != null' | grep -q true
}
until_true 10 knows_watts

# holds FILTER FILE: whether the jq filter is true of it.
holds() {
	jq -e "$1" "$2" >/dev/null || {
		cat "$2" >&2
		return 1
	}
}

case_is 'a command of known cost'
# In the background, so that the tests below are done before the rates of the world change.
"$build"/actopctl -S "$socket" run --units 4 --baseline 1s --json -o "$dir/cost" -- \
	sh -c 'sleep 3; exit 3' 2>"$dir/notes" &
costly=$!

case_is 'run'
check 'has the status of the command' exits_with 3 ctl run -- sh -c 'exit 3'
check 'and tells the joules on stderr' says 'soc .* J +- .* W mean'
check 'leaves stdin and stdout alone' equal "$(echo in | ctl run cat 2>/dev/null)" in
check 'takes options of the command for its own' equal "$(ctl run echo -n -q 2>/dev/null)" '-q'
check 'is 127 for no such command' exits_with 127 ctl run -- no-such-command
check 'is 126 for what cannot be run' exits_with 126 ctl run -- /etc/passwd
check 'is 125 without a command' exits_with 125 ctl run
check 'is 125 for a report that cannot be written' exits_with 125 ctl run -o /no/file -- true
check 'ends by the signal of the command' exits_with 143 sh -c \
	"'$build/actopctl' -S '$socket' run -- sh -c 'kill -TERM \$\$'"
check 'runs the command without a daemon too' exits_with 5 \
	"$build/actopctl" -S "$dir/none" run -- sh -c 'exit 5'
check 'and tells what it can' says 'cpu time .* memory'

"$build"/actopctl -S "$socket" run --json -o "$dir/tree" -- sh -c '
	hold="import time; x = bytearray(40 << 20); time.sleep(0.8)"
	python3 -c "$hold" & python3 -c "$hold" & wait'
check 'counts the memory of all processes' holds '.peak_memory_bytes > 80 * 1048576' "$dir/tree"

# As a shell with job control does: a process group of its own, whose leader can be stopped.
cat >"$dir/jobs.py" <<'PY'
import os, signal, subprocess, sys, time

def state(pid):
    with open(f'/proc/{pid}/stat') as f:
        return f.read().rpartition(')')[2].split()[0]

def children(pid):
    with open(f'/proc/{pid}/task/{pid}/children') as f:
        return [int(p) for p in f.read().split()]

def until(condition):
    for _ in range(500):
        if condition():
            return
        time.sleep(0.01)
    sys.exit('not within 5 s')

def begin(script):
    p = subprocess.Popen(sys.argv[1:] + ['run', '--', 'sh', '-c', script],
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                         preexec_fn=os.setpgrp)
    p.stdout.readline()
    return p, children(p.pid)[0]

p, child = begin('trap "exit 7" TERM; echo ready; while :; do sleep 0.02; done')
p.send_signal(signal.SIGTSTP)
until(lambda: state(p.pid) == 'T' and state(child) == 'T')
p.send_signal(signal.SIGCONT)
until(lambda: state(p.pid) != 'T' and state(child) != 'T')
p.send_signal(signal.SIGTERM)
assert p.wait() == 7, p.returncode

p, child = begin('echo ready; exec sleep 0.5')
os.kill(child, signal.SIGSTOP)
until(lambda: state(child) == 'T')
os.kill(child, signal.SIGCONT)
assert p.wait() == 0, p.returncode

p, child = begin('echo ready; exec sleep 30')
p.send_signal(signal.SIGINT)
assert p.wait() == -signal.SIGINT, p.returncode
PY
check 'stops, goes on and ends with the command' timeout 30 python3 "$dir/jobs.py" \
	"$build/actopctl" -S "$socket"

case_is 'a command of known cost'
wait "$costly"
check 'has its status' equal $? 3
check 'costs watts times seconds' holds \
	'.joules - 13.46 * .covered_s | fabs < 0.05' "$dir/cost"
check 'of the time that it took' holds '.seconds - .covered_s | fabs < 0.02' "$dir/cost"
check 'with a peak' holds '.peak_watts - 13.46 | fabs < 0.1' "$dir/cost"
# Idle is what the whole time would have taken, also what was not measured of it.
check 'which is nothing above idle' holds \
	'.above_idle_joules - 13.46 * (.covered_s - .seconds) | fabs < 0.2' "$dir/cost"
check 'of which each unit has a share' holds '.j_per_unit * 4 - .joules | fabs < 0.01' "$dir/cost"
check 'by rails' holds '.rails.gpu.joules - 3.5 * .covered_s | fabs < 0.05' "$dir/cost"

case_is 'wait'
check 'is exit 124 after the timeout' exits_with 124 ctl wait 'cpu_temp_c < 1' --timeout 300ms
check 'and tells why' says 'cpu_temp_c is'
check 'is exit 2 for a wrong condition' exits_with 2 ctl wait 'cpu_temp_c < < 1'
check 'and 4 for what is not there' exits_with 4 ctl wait 'cpu_tmp_c < 1'
check 'with the place' says 'column 1: .* did you mean cpu_temp_c'
check 'is exit 4 for what cannot be known here' exits_with 4 ctl wait 'scpu_util_pct < 1'
check 'and names it' says 'scpu_util_pct is not known on this machine'
check 'lets the past count' exits_with 0 ctl wait 'gpu_watts > 3 W' --for 1s --timeout 200ms
check 'ends when it holds' exits_with 0 ctl wait 'cpu_watts > 15 W' --timeout 15s
now=$(ctl now --json -f cpu_watts | jq .seq)
first=$(ctl history --json -f cpu_watts | jq -s 'map(select(.v.cpu_watts > 15)) | .[0].seq')
# One sample on a machine that has nothing else to do; 5 a second come here.
check 'soon' [ $((now - first)) -le 25 ]

case_is 'check'
check 'is exit 0 when all hold' exits_with 0 ctl check 'cpu_temp_c < 90' \
	'thermal_state <= Fair and swap_used_bytes < 1 GiB'
check 'is exit 11 when one does not' exits_with 11 ctl check 'cpu_temp_c < 90' 'gpu_watts < 1 W'
check 'which is told' grep -q '^false .*gpu_watts is 3.5' "$dir/out"
check 'is exit 10 when one is not known' exits_with 10 ctl check 'scpu_util_pct < 1'
check 'also beside one that holds' exits_with 10 ctl check 'cpu_temp_c < 90 and scpu_util_pct < 1'
check 'and names the one that is not' grep -q '(scpu_util_pct is unknown)' "$dir/out"
check 'knows a growth' exits_with 11 ctl check 'rise(ram_used_bytes, 2s) > 1TB'
check 'as an amount' grep -Eq '(rose|fell) by [0-9.]+ ([KMG]i)?B\)' "$dir/out"
fires() {
	ctl alerts --json | jq -e '.alerts | map(.rule) == ["thermal"]'
}
until_true 10 fires
check 'is exit 10 while an alert of severity warn fires' exits_with 10 ctl check
check 'which is told' grep -q '^firing *thermal (warn)' "$dir/out"
check 'is exit 4 for a series that is not there' exits_with 4 ctl check 'fan.9.rpm > 1'

case_is 'marks and events'
ctl mark 'begin here' >"$dir/mark"
check 'a mark has a number' holds .eseq "$dir/mark"
sleep_until_sample() {
	seq=$(jq .seq "$dir/mark")
	[ "$(ctl now --json -f load_1m | jq .seq)" -gt $((seq + 3)) ]
}
until_true 5 sleep_until_sample
ctl mark end >/dev/null
check 'are listed' equal "$(ctl events --kinds mark --json | jq -r .text | tr '\n' ,)" \
	'begin here,end,'
check 'the last one alone' equal "$(ctl events -n 1 --json | jq -r .text)" end
check 'as csv' sh -c "'$build/actopctl' -S '$socket' events -o csv | grep -q ',mark,begin here$'"
check 'as a table' sh -c \
	"'$build/actopctl' -S '$socket' events -o table | grep -q '  mark      begin here$'"
check 'unknown kinds are usage errors' exits_with 2 ctl events --kinds markk
check 'there are none tomorrow' exits_with 4 ctl events --since 1ms --kinds clock
"$build"/actopctl -S "$socket" events --follow --kinds mark -n 1 --json >"$dir/followed" &
follower=$!
marked() {
	ctl mark followed && [ -s "$dir/followed" ]
}
until_true 5 marked
wait "$follower"
check 'are followed' equal "$(jq -r .text "$dir/followed")" followed
check 'stand between samples' sh -c "'$build/actopctl' -S '$socket' watch --events --since 1m -n 5 \
	-f load_1m -o table | grep -q '  mark      begin here'"
check 'an alert is listed while it fires' sh -c "'$build/actopctl' -S '$socket' alerts -o table |
	grep -q '^firing *thermal .* Fair  *thermal_state'"
check 'and once with the past' equal \
	"$(ctl alerts --since 1h -o table | grep -c thermal)" 1
check 'as an event' equal "$(ctl alerts --since 1h --json | jq -r .state)" firing

case_is 'energy'
ctl energy --between 'begin here' end --json >"$dir/energy"
check 'between marks is watts times time' holds \
	'.rails.gpu.joules - 3.5 * .rails.gpu.covered_s | fabs < 0.05' "$dir/energy"
check 'from mark to mark, to the millisecond' equal \
	"$(ctl events --kinds mark --json | jq .ts_ms | head -n 2 | tr '\n' ,)" \
	"$(jq .from_ts_ms,.to_ts_ms "$dir/energy" | tr '\n' ,)"
check 'as a table has a cost' sh -c \
	"'$build/actopctl' -S '$socket' energy --since 2s --price 0.3 -o table | grep -q COST"
check 'by hour has a line' sh -c \
	"'$build/actopctl' -S '$socket' energy --by hour -o csv | grep -q ',soc,'"
check 'by hour tells how long was measured, and the uncertainty' sh -c \
	"'$build/actopctl' -S '$socket' energy --by hour -o table --price 0.3 |
	grep -Eqx 'FROM +MEASURED  +system J  +soc J .* dram J +\\+- J +COST'"
check 'by hour has a dash in each column of an hour that nobody measured' sh -c \
	"'$build/actopctl' -S '$socket' energy --since 3h --by hour -o table --price 0.3 |
	grep -Eqx '[-0-9]+ [0-9:]+ +0 ms( +-){9}'"
check 'of marks that nobody made fails' exits_with 4 ctl energy --between nothing
check 'and says which' says 'the first mark: no such mark'
cat >"$dir/old.py" <<'PY'
import json, os, socket, sys
s = socket.socket(socket.AF_UNIX)
s.bind(sys.argv[1] + ".new")
s.listen()
os.rename(sys.argv[1] + ".new", sys.argv[1])
c, _ = s.accept()
for line in c.makefile():
    op = json.loads(line)['op']
    c.sendall((json.dumps({'type': 'reply', 'op': 'hello', 'proto': 1} if op == 'hello' else
        {'type': 'error', 'op': op, 'code': 'unknown_op', 'message': 'no'}) + '\n').encode())
PY
python3 "$dir/old.py" "$dir/old" &
old=$!
until_true 5 [ -S "$dir/old" ]
check 'of an old daemon fails' exits_with 1 "$build/actopctl" -S "$dir/old" energy
check 'and says so' says 'has no op energy'
wait "$old"

case_is 'history'
check '--stat adds the energy of steps' equal \
	"$(ctl history --since 10s --stat -f gpu_watts -o csv | head -n 1)" \
	'seq,ts_ms,gpu_watts.mean,gpu_watts.min,gpu_watts.max,gpu_joules.step'
# The time between two rows, since a busy machine samples late.
is_watts_times_seconds() {
	ctl history --since 4s --step 1s --stat -f gpu_watts -o csv | awk -F, '
		NR == 3 { seconds = ($2 - before) / 1000; off = $6 - 3.5 * seconds
			exit !(seconds > 0.5 && off > -0.02 && off < 0.02) }
		{ before = $2 }'
}
check 'which is watts times seconds' is_watts_times_seconds
check 'a power without a counter is no error' exits_with 0 ctl history --stat -f adapter_watts
check '--step auto makes at most 50 rows' sh -c \
	"[ \"\$('$build/actopctl' -S '$socket' history --step auto -f load_1m --json | wc -l)\" -le 51 ]"
check '--plot draws' sh -c \
	"'$build/actopctl' -S '$socket' history --plot -f gpu_watts,load_1m | grep -c '┴' | grep -qx 2"
check 'only plain' exits_with 2 ctl history --plot --json

case_is 'export'
cd_export() {
	"$build"/actopctl -S "$socket" export --since 5s -f load_1m -o "$dir/export/$1"
}
mkdir "$dir/export"
check 'writes csv' exits_with 0 cd_export x.csv
check 'with a header' grep -qx 'seq,ts_ms,load_1m' "$dir/export/x.csv"
check 'writes ndjson' exits_with 0 cd_export x.ndjson
check 'of rows' sh -c "jq -es 'length > 5 and all(.type == \"row\")' '$dir/export/x.ndjson'" \
	>/dev/null
check 'needs to know the format' exits_with 2 cd_export x.txt
check 'is exit 4 without rows' exits_with 4 ctl export --until 2000-01-01 -o "$dir/export/none.csv"
check 'tells of what is not there' exits_with 0 ctl export --since 5s -f load_1m,scpu_util_pct \
	-o "$dir/export/x.csv"
check 'by its name' says '^actopctl: scpu_util_pct is not available on this machine'
check 'leaves nothing beside' equal "$(find "$dir/export" -type f | wc -l | tr -d ' ')" 2
socat "UNIX-LISTEN:$dir/mute,fork" SYSTEM:'cat >/dev/null' 2>/dev/null &
mute=$!
until_true 5 listens "$dir/mute"
"$build"/actopctl -S "$dir/mute" --timeout 1s export -o "$dir/export/y.csv" 2>/dev/null &
interrupted=$!
begun() {
	find "$dir/export" -name '.y.csv.*' | grep -q .
}
until_true 5 begun
kill -TERM "$interrupted"
wait "$interrupted"
check 'leaves nothing when it is interrupted' equal \
	"$(find "$dir/export" -type f | wc -l | tr -d ' ')" 2
kill "$mute" 2>/dev/null
wait "$mute" 2>/dev/null
check 'the daemon ends' stop
finish
