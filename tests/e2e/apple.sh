#!/bin/sh
# The whole daemon over a pretended Mac.
# shellcheck source=tests/e2e/lib.sh
. tests/e2e/lib.sh

# A Mac that sleeps for ten minutes when two seconds old, and goes on.
python3 - "$dir/sleeps.json" <<'PYTHON'
import json, sys
world = json.load(open("tests/fixtures/apple/m4-max.json"))
world["script"] = [{"at_s": 2, "sleep_s": 600}]
del world["repeat_s"]
json.dump(world, open(sys.argv[1], "w"))
PYTHON

start_apple() {
	ACTOP_WORLD=$1 "$build"/actopd-apple --socket "$socket" --state none 2>>"$dir/log" &
	daemon=$!
	until_true 10 has_sample
}

get() {
	ask "{\"op\":\"get\",\"metrics\":[\"$1\"],\"close\":true}"
}

# reads METRIC VALUE: whether the newest sample says so.
reads() {
	get "$1" | grep -q "\"$1\":$2[,}]"
}

is_simulated() {
	ask '{"op":"hello","close":true}' | grep -q '"simulated":true'
}

case_is 'a world'
check 'starts' start_apple tests/fixtures/apple/m5-max.json
check 'is simulated, in hello' is_simulated
check 'has a Super tier' until_true 5 reads scpu_freq_mhz 4608
check 'and Performance cores' reads pcpu_max_freq_mhz 4380
check 'reads its temperature' reads cpu_temp_c 42.5
check 'ends' stop

case_is 'a Mac that sleeps'
check 'starts' start_apple "$dir/sleeps.json"
printf '{"op":"subscribe","metrics":["gpu_watts","cpu_util_pct","gpu_joules"]}\n' >"$dir/request"
(cat "$dir/request" && exec sleep 20) | nc -U "$socket" >"$dir/stream" &
reader=$!
check 'says that it woke' until_true 8 grep -q '"wake"' "$dir/stream"
check 'has no rate over the gap' sh -c "grep '\"wake\"' '$dir/stream' | grep -q '\"cpu_util_pct\":null'"
check 'goes on' until_true 5 sh -c "sed '1,/\"wake\"/d' '$dir/stream' | grep -q '\"cpu_util_pct\":23[,}]'"
check 'says so once' sh -c "[ \$(grep -c '\"wake\"' '$dir/stream') -eq 1 ]"
check 'ends' stop
kill "$reader" 2>/dev/null

case_is 'what it is measured against'
start_apple tests/fixtures/apple/m4-pro.json
check 'is told in hello' sh -c "echo '{\"op\":\"hello\",\"close\":true}' | nc -U '$socket' |
	jq -e '.profile | .name == \"Apple M4 Pro\" and .exact and .package_watts == 83 and .auto.cpu_watts == 20'"
check 'with the reason of the limit in status' until_true 5 sh -c \
	"'$build/actopctl' -S '$socket' status -o table | grep -q '^limit  *[a-z]'"
check 'ends' stop

case_is 'processes of a Mac'
# The values were worked out by hand: see tests/unit/test_darwin_process.c.  Clocks are real: 2 %.
cat >"$dir/table.json" <<'JSON'
[[0, 20, 0, 15000000, 0.375, "estimated", ""],
 [1, 0, 0, 9000000, 0, "estimated", "/sbin/launchd"],
 [410, 20, 3, 900000000, 0.162, "estimated",
  "/System/Library/PrivateFrameworks/SkyLight.framework/Resources/WindowServer"],
 [612, 50, 0, 314572800, 0.6, "measured", "ollama serve"],
 [613, 250, 2, 3543348019, 2.908, "estimated", "/opt/homebrew/bin/ollama runner --model /Users/Shared/a model"],
 [700, 100, 0, 950000, 1.875, "estimated", "/usr/bin/yes"],
 [720, 10, 0, 200000000, 0.1, "measured", "/Applications/Safari.app/Contents/MacOS/Safari"],
 [721, 30, 0, 600000000, 0.25, "measured",
  "/System/Library/Frameworks/WebKit.framework/com.apple.WebKit.WebContent"]]
JSON
is_the_table() {
	ctl ps -s pid --json | jq -e --slurpfile table "$dir/table.json" '
		def near($x): . >= $x * 0.98 - 0.001 and . <= $x * 1.02 + 0.001;
		[[.rows, $table[0]] | transpose[] | . as [$row, $want] |
			([$row | .pid, .mem_bytes, .energy_quality, .command] == [$want[0, 3, 5, 6]]) and
			($row.cpu_pct | near($want[1])) and ($row.gpu_pct | near($want[2])) and
			($row.watts | near($want[4]))] | length == 8 and all' >/dev/null
}
check 'starts' start_apple tests/fixtures/apple/m4.json
check 'are what was worked out by hand' until_true 5 is_the_table
check 'as a table' sh -c "'$build/actopctl' -S '$socket' ps -s mem -n 2 -o table | awk '
	NR == 2 { good = \$1 == 613 && \$4 == \"2.0\" && \$6 == \"3.3\" && \$7 == \"GiB\" }
	NR == 4 { good = good && /of 16.0 W .cpu and gpu rails. - 2 of 8 shown/ }
	END { exit !(good && NR == 4) }'"
check 'helpers belong to their application' equal \
	"$(ctl ps --group --json | jq -c '[.groups[] | select(.name == "Safari") | .processes]')" '[2]'
check 'ends' stop
sed 's/"euid": 0/"euid": 501/' tests/fixtures/apple/m4.json >"$dir/agent.json"
check 'starts as an agent of a user' start_apple "$dir/agent.json"
check 'what it may not read is counted' sh -c \
	"'$build/actopctl' -S '$socket' ps -o table | tail -n 1 | grep -q ' - 3 restricted - 8 of 8 shown'"
check 'and null' sh -c "'$build/actopctl' -S '$socket' ps --pid 410 --json |
	jq -e '.rows[0] | .name == \"WindowServer\" and .cpu_pct == null and .mem_bytes == null and .command == null' >/dev/null"
check 'ends' stop

# Passes on, as launchd would, a socket that somebody waits at before there is a daemon.
cat >"$dir/launchd.py" <<'PYTHON'
import json, os, socket, subprocess, sys
program, path, log = sys.argv[1:]
given = socket.socket(socket.AF_UNIX)
given.bind(path)
given.listen(16)
early = socket.socket(socket.AF_UNIX)
early.connect(path)
early.sendall(b'{"op":"status","close":true}\n')
daemon = subprocess.Popen([program, "--state", "none"], pass_fds=[given.fileno()], stderr=open(log, "ab"),
                          env={**os.environ, "ACTOP_LAUNCHD": f"actopd={given.fileno()}"})
early.settimeout(10)
status = json.loads(early.makefile().readline())
assert status["pid"] == daemon.pid and status["sockets"] == [path], status
second = subprocess.run([program, "--state", "none", "--socket", path], stderr=subprocess.DEVNULL, timeout=10)
assert second.returncode == 75, second
daemon.terminate()
assert daemon.wait(10) == 0 and os.path.exists(path)
PYTHON

case_is 'a socket of launchd'
check 'is served, locked, and left where it is' env ACTOP_WORLD=tests/fixtures/apple/m4-pro.json \
	python3 "$dir/launchd.py" "$build/actopd-apple" "$dir/given" "$dir/log"

# More than the 83 W and 273 GB/s that an M4 Pro is measured against, for a moment.
python3 - "$dir/strong.json" <<'PYTHON'
import json, sys
world = json.load(open("tests/fixtures/apple/m4-pro.json"))
cpu, traffic = "ioreport/Energy Model//CPU Energy/per_s", "ioreport/PMP/DCS BW/AMCC RD+WR/states/"
world["script"] = [{"at_s": 0, "set": {cpu: 100000}}, {"at_s": 5, "set": {cpu: 40000}}]
for channel in world["ioreport"]["channels"]:
    if channel["name"] == "AMCC RD+WR":
        last = len(channel["states"]) - 1
        channel["states"] = [[name, float(i == last)] for i, (name, _) in enumerate(channel["states"])]
del world["repeat_s"]
json.dump(world, open(sys.argv[1], "w"))
PYTHON
case_is 'readings above what they are measured against'
start_apple "$dir/strong.json"
profile() {
	ask '{"op":"hello","close":true}' | jq -e ".profile | $1" >/dev/null
}
check 'raise the ceiling of the package' until_true 10 profile \
	'.package_watts - 103.54 | fabs < 0.5'
check 'of which that is all' reads package_power_pct 100
check 'and with it what is less afterwards' until_true 10 sh -c "'$build/actopctl' -S '$socket' check -q \
	'package_power_pct > 41.5 and package_power_pct < 43'"
check 'and that of the bus' profile '.bandwidth_gbps > 273'
check 'of which that is all' reads bandwidth_pct 100
check 'not those of the table' profile '.cpu_watts == 40 and .gpu_watts == 35'
check 'the scale auto is a quarter above the highest' profile \
	'.auto.cpu_watts - 125 | fabs < 0.7'
check 'and never below its floor' profile '.auto.gpu_watts == 15'
check 'ends' stop

# From second 2 on the GPU is busy (90 %), at half its speed and hot, until second 14.
python3 - "$dir/hot.json" <<'PYTHON'
import json, sys
world = json.load(open("tests/fixtures/apple/m4-pro.json"))
gpu, heat = "ioreport/GPU Stats/GPU Performance States/GPUPH/states/", "smc/Tg1k/celsius"
busy = {gpu + "OFF": 0.1, gpu + "P1": 0.0, gpu + "P7": 0.9, gpu + "P15": 0.0, heat: 96.0}
world["script"] = [{"at_s": 2, "set": busy}, {"at_s": 14, "set": {heat: 60.0}}]
del world["repeat_s"]
json.dump(world, open(sys.argv[1], "w"))
PYTHON
ctl() {
	timeout 30 "$build/actopctl" -S "$socket" "$@"
}
throttles() {
	ctl check -q throttle_gpu
}
fires() {
	ctl alerts --json | jq -e '.alerts | any(.rule == "throttle")' >/dev/null
}
case_is 'a GPU that is held back by its heat'
start_apple "$dir/hot.json"
check 'is throttled' until_true 10 throttles
ctl run --json -o "$dir/cost" -- sleep 3
check 'which a command is told of' jq -e '.throttled_s > 2.9 and .throttled_s < 3.1' "$dir/cost" >"$dir/out"
check 'is what limits the machine' exits_with 0 ctl check 'limit == thermal'
check 'for a reason' sh -c "'$build/actopctl' -S '$socket' status -o table |
	grep -q '^limit *the GPU is busy, hot and below its frequency'"
check 'is an event' equal "$(ctl events --kinds throttle --json | jq -c '[.domain, .state]')" \
	'["gpu","throttled"]'
check 'and an alert after six seconds' until_true 10 fires
check 'which are right to a sample' equal "$(ctl events --kinds alert,throttle --json |
	jq -s 'map(select(.kind == "throttle"))[0].seq as $from |
	map(select(.rule == "throttle"))[0].seq - $from')" 5
check 'is over when it has cooled' until_true 10 exits_with 11 ctl check throttle_gpu
check 'ends' stop

case_is 'no world'
unset ACTOP_WORLD
"$build"/actopd-apple --socket "$socket" --state none 2>"$dir/err"
check 'is refused with 78' [ $? -eq 78 ]
check 'and said' grep -q ACTOP_WORLD "$dir/err"
echo '{"net": 5}' >"$dir/wrong.json"
ACTOP_WORLD=$dir/wrong.json "$build"/actopd-apple --socket "$socket" --state none 2>"$dir/err"
check 'as is a wrong one' [ $? -eq 78 ]
check 'with the path of the fault' grep -q 'net is not an array' "$dir/err"

finish
