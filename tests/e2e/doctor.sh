#!/bin/sh
# The doctor: nothing to find where nothing is wrong, each of the faults that are planted here, and
# a bundle that names nobody.
# shellcheck source=tests/e2e/lib.sh
. tests/e2e/lib.sh

# What the user has of his own would be found too.
HOME=$dir/home XDG_RUNTIME_DIR=$dir/run XDG_CONFIG_HOME=$dir/config XDG_STATE_HOME=$dir/state
export HOME XDG_RUNTIME_DIR XDG_CONFIG_HOME XDG_STATE_HOME
unset ACTOPD_SOCKET NO_COLOR
mkdir -m 700 "$HOME" "$XDG_RUNTIME_DIR" "$XDG_CONFIG_HOME" "$XDG_STATE_HOME"

# doctor CODE OPTION...: a finding a line in $dir/out
doctor() {
	code=$1
	shift
	exits_with "$code" timeout 60 "$build"/actopctl doctor --json "$@"
}

# found GRADE CHECK TEXT
found() {
	jq -e --arg g "$1" --arg c "$2" --arg t "$3" --slurp \
		'any(.[]; .grade == $g and .check == $c and (.text | contains($t)))' "$dir/out" >/dev/null ||
		{
			cat "$dir/out" >&2
			return 1
		}
}

# Whatever is no PASS comes with something to do.
all_advised() {
	jq -e --slurp 'all(.[]; .grade == "pass" or .advice != null)' "$dir/out" >/dev/null
}

end() {
	kill -9 "$daemon"
	wait "$daemon" 2>/dev/null
	daemon=
}

# pretend SCRIPT...: something else that listens on the socket
pretend() {
	rm -f "$socket"
	python3 - "$socket" "$@" <<'PY' &
import json, os, socket, sys
path, how = sys.argv[1:3]
server = socket.socket(socket.AF_UNIX)
server.bind(path + ".new")
server.listen(4)
os.rename(path + ".new", path)
while True:
    peer, _ = server.accept()
    if how == "stranger":
        peer.sendall(b"220 mail.example.org ESMTP\r\n")
        peer.close()
        continue
    lines = peer.makefile("rb")
    for line in lines:
        op = json.loads(line)["op"]
        reply = {"type": "reply", "id": None, "op": op}
        reply.update(json.loads(sys.argv[3]).get(op, {}))
        peer.sendall(json.dumps(reply).encode() + b"\n")
PY
	daemon=$!
	until_true 5 [ -S "$socket" ]
}

sane='"hello":{"proto":1,"version":"0.1.0","pid":1,"ts_ms":'$(date +%s)'000,"mono_ms":100000},'
sane=$sane'"schema":{"metrics":[{"name":"load_1m","avail":"ok"}]}'

case_is 'a machine without a daemon'
check 'has something wrong' doctor 11
check 'that is named' found fail socket 'no such file'
check 'checks of a daemon are not made up' sh -c "! grep -q '\"check\":\"store\"' '$dir/out'"
exits_with 11 "$build"/actopctl doctor -o table --color never
check 'and that is said' grep -q 'checks need a daemon' "$dir/out"

case_is 'a daemon that is well'
start --state "$dir/kept"
check 'has nothing wrong' doctor 0 -S "$socket"
check 'each part of the source was looked at' found pass sources memory
check 'and what is unknown told with its reason' found pass unknown 'metrics are known here'
check 'its history is on disk' found pass store "$dir/kept/history.db"

case_is 'a bundle'
host=$(uname -n)
user=$(id -un)
check 'is written' doctor 0 -S "$socket" --bundle "$dir/bundle"
check 'its lines are JSON' sh -c "jq -e .part '$dir/bundle' >/dev/null"
for part in about finding hello status schema get config world; do
	check "has $part" grep -q "\"part\":\"$part\"" "$dir/bundle"
done
names() {
	jq -r '[.. | strings] | .[]' "$dir/bundle" | grep -Ewi -- "$1"
}
[ "$host" = localhost ] || check 'does not name the machine' eval '! names "$host"'
[ "$user" = root ] || check 'does not name the user' eval '! names "$user"'
check 'has no hardware address' eval '! names "([0-9a-f]{2}:){5}[0-9a-f]{2}"'
check 'has no internet address' eval '! names "([0-9]{1,3}\.){3}[0-9]{1,3}"'
check 'has no UUID' eval '! names "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"'
check 'has no serial number' sh -c "! grep -i 'serial[a-z]*\":\"[^<]' '$dir/bundle'"
check 'is not there where it cannot be written' exits_with 1 ctl doctor --bundle "$dir/none/bundle"

case_is '1: a daemon that is stopped'
kill -STOP "$daemon"
check 'is found' doctor 11 -S "$socket" --timeout 300ms
check 'as one that does not answer' found fail socket 'does not answer'
kill -CONT "$daemon"

case_is '2: a socket that a daemon left behind'
end
check 'is found' doctor 11 -S "$socket"
check 'as one that nobody listens on' found fail socket 'left over'

case_is '3: a file in place of the socket'
rm "$socket"
: >"$socket"
check 'is found' doctor 11 -S "$socket"
check 'as no socket' found fail socket 'no socket'
rm "$socket"

case_is '4: a path that is too long'
check 'is found' doctor 11 -S "$dir/$(printf '%0150d' 0)"
check 'with the limit' found fail socket 107

case_is '5: a folder that others may enter'
mkdir -m 700 "$XDG_RUNTIME_DIR/actop"
socket=$XDG_RUNTIME_DIR/actop/actopd.sock start
chmod 755 "$XDG_RUNTIME_DIR/actop"
check 'is something to look at' doctor 10
check 'and named' found warn socket 'not yours alone'
end
rm -r "$XDG_RUNTIME_DIR/actop"

case_is '6: a configuration that is wrong'
mkdir "$XDG_CONFIG_HOME/actop"
printf 'interval = 1s\nintervall = 2s\n' >"$XDG_CONFIG_HOME/actop/actopd.conf"
check 'is found' doctor 11
check 'with its line' found fail config 'actopd.conf:2'
rm -r "$XDG_CONFIG_HOME/actop"

case_is '7: no actopd beside actopctl'
mkdir "$dir/bin"
cp "$build/actopctl" "$dir/bin/"
exits_with 11 "$dir/bin/actopctl" doctor --json
check 'is something to look at' found warn programs 'neither beside it'

case_is '8: an actopd of another version'
printf '#!/bin/sh\necho actopd 0.0.9\n' >"$dir/bin/actopd"
chmod +x "$dir/bin/actopd"
exits_with 11 "$dir/bin/actopctl" doctor --json
check 'is something to look at' found warn programs 0.0.9

case_is '9: a store that is no store'
mkdir "$dir/bad"
printf 'not a database, but long enough to be taken for one by its size alone\n' >"$dir/bad/history.db"
mkfifo "$dir/hold"
start --state "$dir/bad"
check 'does not keep the daemon from being well' doctor 0 -S "$socket"
end
: >"$dir/file"
start --state "$dir/file/below"
check 'one that cannot be made is found' doctor 11 -S "$socket"
check 'as a history in memory' found fail store 'memory only'
end

case_is '10: a history that nobody asked to keep'
start
check 'is something to look at' doctor 10 -S "$socket"
check 'and named' found warn store 'as was asked for'
end

case_is '11: a sampler that hangs'
pretend daemon "{$sane,\"status\":{\"uptime_ms\":1,\"sampler\":{\"base_ms\":1000,\"errors\":{\"cpu\":0}},\"store\":{\"state\":\"ok\"}},\"get\":{\"sample\":{\"mono_ms\":40000}}}"
check 'is found' doctor 11 -S "$socket"
check 'by the age of its sample' found fail sampling '1m00s old'
end

case_is '12: a sensor that failed, one that only root may read'
pretend daemon "{$sane,\"status\":{\"uptime_ms\":1,\"sampler\":{\"base_ms\":1000,\"errors\":{\"smc\":7,\"gpu\":1},\"faults\":{\"gpu\":\"no such device\"}},\"store\":{\"state\":\"ok\"}},\"get\":{\"sample\":{\"mono_ms\":99500}},\"schema\":{\"metrics\":[{\"name\":\"cpu_watts\",\"avail\":\"needs_root\",\"reason\":\"energy_uj is for root\"},{\"name\":\"load_1m\",\"avail\":\"ok\"}]}}"
check 'is something to look at' doctor 10 -S "$socket"
check 'by its count' found warn sources 'smc: 7 reads failed'
check 'by its reason' found warn sources 'gpu: no such device'
check 'by its metrics' found warn unknown 'energy_uj is for root (cpu_watts)'
end

case_is '13: a daemon of another version, its clock, full of clients, leaking'
pretend daemon '{"hello":{"proto":1,"version":"9.9.9","pid":1,"ts_ms":1700000000000,"mono_ms":1000},"status":{"uptime_ms":1,"rss_bytes":999999999,"clients":{"now":15,"max":16},"sampler":{"base_ms":1000,"taken":50,"missed":50,"errors":{}},"store":{"state":"full","error":"no space left","memory_bound":1,"bad_blocks":2}},"get":{"sample":{"mono_ms":1000}},"schema":{"metrics":[]}}'
check 'is found' doctor 11 -S "$socket"
check 'by its version' found warn daemon 9.9.9
check 'by its clock' found warn clock 'apart'
check 'by its clients' found warn limits '15 of 16'
check 'by its memory' found warn limits 'memory'
check 'by its missed samples' found warn sampling '50 of 100'
check 'by its full disk' found fail store 'no space left'
check 'by its bad blocks' found warn store '2 stored blocks'
check 'by knowing nothing' found fail unknown '0 metrics'
check 'and for each there is something to do' all_advised
end

case_is '14: something that is no actopd'
pretend stranger
check 'is found' doctor 11 -S "$socket"
check 'as such' found fail socket 'no actopd'
end
rm -f "$socket"

case_is '15: a daemon without a place for another client'
start --max-clients 1
(printf '{"op":"ping"}\n' && exec sleep 30) | nc -U "$socket" >/dev/null &
holder=$!
is_taken() {
	ask '{"op":"ping"}' | grep -q busy
}
until_true 5 is_taken
check 'is found' doctor 11 -S "$socket"
check 'with what it said' found fail socket 'clients'
kill "$holder" 2>/dev/null
end
rm -f "$socket"

case_is '16: a machine that is not this one'
daemon=
ACTOP_WORLD=tests/fixtures/apple/m4-pro.json "$build"/actopd-apple --socket "$socket" --state none 2>>"$dir/log" &
daemon=$!
until_true 10 has_sample
check 'is something to look at' doctor 10 -S "$socket"
check 'and named' found warn daemon 'not this machine'
end
finish
