#!/bin/sh
# The units under a real systemd, with the programs of this build: readiness, watchdog, socket
# activation, take-over, reload, for the system and for a user.  See machine.sh for what it needs.
#     sudo BUILD=build/plain sh tests/systemd/units.sh [FOLDER]
# shellcheck source=tests/systemd/machine.sh
. tests/systemd/machine.sh

build=${BUILD:-build/plain}

property() {
	"$1" systemctl $3 show -P "$2" actopd.service
}

# Holds all threads but the first: the loop goes on, the sampler does not.
hold_sampler() {
	python3 - "$1" <<'EOF' &
import ctypes, os, sys, time
libc = ctypes.CDLL(None, use_errno=True)
pid = int(sys.argv[1])
for tid in map(int, os.listdir(f"/proc/{pid}/task")):
    if tid != pid:
        assert libc.ptrace(0x4206, tid, None, None) == 0  # PTRACE_SEIZE
        assert libc.ptrace(0x4207, tid, None, None) == 0  # PTRACE_INTERRUPT
while os.path.exists(f"/proc/{pid}/task/{pid}"):
    try:
        os.waitpid(-1, os.WNOHANG | 0x40000000)  # __WALL
    except ChildProcessError:
        pass
    time.sleep(0.05)
EOF
	holder=$!
}

# Pids as this machine counts them: the container's processes are below its leader.
outer_pid() {
	for proc in /proc/[0-9]*; do
		[ "$(awk '/^NSpid:/ { print $NF }' "$proc/status" 2>/dev/null)" = "$1" ] &&
			grep -q actopd "$proc/comm" && echo "${proc#/proc/}"
	done
}

has_restarted() {
	[ "$(property "$1" NRestarts "$2")" -gt "$3" ] && [ "$(property "$1" ActiveState "$2")" = active ]
}

# A short watchdog, so that its end can be seen.
hurry() {
	mkdir -p "$root/$1"
	printf '[Service]\nWatchdogSec=4\nTimeoutAbortSec=4\n' >"$root/$1/test.conf"
}

try_watchdog() {
	before=$(property "$1" NRestarts "$2")
	pid=$(outer_pid "$(property "$1" MainPID "$2")")
	hold_sampler "$pid"
	check "$3: a loop without a sampler is ended by the watchdog" \
		until_true 30 has_restarted "$1" "$2" "$before"
	wait "$holder"
	check "$3: systemd says why" sh -c "nsenter -t $leader -a journalctl -b | grep -q 'Watchdog timeout'"
	before=$(property "$1" NRestarts "$2")
	kill -STOP "$(outer_pid "$(property "$1" MainPID "$2")")"
	check "$3: a process that is stopped is, too" until_true 30 has_restarted "$1" "$2" "$before"
}

try_restart() {
	before=$(property "$1" NRestarts "$2")
	kill -KILL "$(outer_pid "$(property "$1" MainPID "$2")")"
	check "$3: kill -9 is followed by a restart" until_true 15 has_restarted "$1" "$2" "$before"
}

# READY comes with the first sample: what follows at once is answered.
try_start() {
	check "$3: starts, ready" "$1" systemctl $2 start actopd.service
	check "$3: has a sample then" "$1" actopctl now -f ram_total_bytes -o plain
	check "$3: status says ready" test "$(property "$1" SubState "$2")" = running
}

# 40 questions while the service is restarted: the socket is systemd's, so all are answered.
try_takeover() {
	"$1" sh -c 'for i in $(seq 40); do actopctl --timeout 10s ping >/dev/null || echo no; done' \
		>"$work/asked" 2>&1 &
	asker=$!
	first=$("$1" actopctl status -o json | sed 's/.*"head_seq":\([0-9]*\).*/\1/')
	"$1" systemctl $2 restart actopd.service
	wait "$asker"
	# Who is being answered just then is told; to connect never fails.
	check "$3: nobody is refused during a restart" exits_quietly grep -v -e 'is stopping' -e '^no$' "$work/asked"
	again=$("$1" actopctl status -o json | sed 's/.*"head_seq":\([0-9]*\).*/\1/')
	check "$3: sample numbers go on ($first, $again)" test "${again:-0}" -gt "${first:-0}"
}

try_reload() {
	check "$3: reload is a HUP" "$1" systemctl $2 reload actopd.service
	check "$3: and the daemon goes on" "$1" actopctl ping
}

socket_is_there() {
	"$1" test -S "$2"
}

activate() {
	"$1" systemctl $2 stop actopd.service 2>/dev/null
	check "$4: the socket stays when the service ends" socket_is_there "$1" "$3"
	check "$4: a client starts the service" "$1" actopctl --timeout 20s ping
	check "$4: which then runs" test "$(property "$1" ActiveState "$2")" = active
}

has_limit() {
	inside cat "/proc/$(property inside MainPID '')/status" | tr '\t' ' ' | grep -qx "$1"
}

dynamic() {
	user=$(property inside User ''; inside ps -o user:20= -p "$(property inside MainPID '')")
	check 'system: runs as a dynamic user, not root' sh -c "echo '$user' | grep -q actopd"
	check 'system: no such user remains in passwd' sh -c "! grep -q actopd '$root/etc/passwd'"
	for limit in 'NoNewPrivs: 1' 'Seccomp: 2' 'CapEff: 0000000000000000' 'CapBnd: 0000000000000000'; do
		check "system: runs with $limit" has_limit "$limit"
	done
	check 'system: sees no home' exits_quietly inside nsenter -m -t "$(property inside MainPID '')" \
		ls -d /home/ann 2>/dev/null
	check 'system: no line of the unit is ignored' exits_quietly sh -c \
		"nsenter -t $leader -a journalctl -b | grep -iE 'actop.*(ignoring|not supported)'"
	check 'system: its state is private' inside test -s /var/lib/private/actop/history.db
	check 'system: everybody may ask' as_user actopctl -S /run/actop/actopd.sock ping
	check 'system: nobody else may replace the socket' sh -c \
		"! nsenter -t $leader -a setpriv --reuid ann --regid ann --clear-groups rm -f /run/actop/actopd.sock 2>/dev/null"
	check 'system: no error is logged' sh -c \
		"! nsenter -t $leader -a journalctl -b -u actopd.service | grep -E ' (error|warn) '"
}

# Its own listener, behind a token that only root can read, with the loopback that others have.
serve_to_all() {
	mkdir -p "$root/etc/actop" "$root/etc/systemd/system/actopctl-serve.service.d"
	printf 'a-token-of-24-characters\n' >"$root/etc/actop/token"
	chmod 600 "$root/etc/actop/token"
	printf '[Service]\nLoadCredential=token:/etc/actop/token\nIPAddressAllow=any\n%s\n' \
		'Environment="OPTIONS=--listen 0.0.0.0:9464 --host-name studio --token-file %d/token"' \
		>"$root/etc/systemd/system/actopctl-serve.service.d/all.conf"
	inside systemctl daemon-reload
	inside systemctl restart actopctl-serve.service
}

page=http://127.0.0.1:9464
try_serve() {
	check "$3: the page is served" "$1" systemctl $2 start actopctl-serve.service
	check "$3: with the numbers of this machine" until_true 10 serves_numbers
}

serves_numbers() {
	fetch $page/metrics | grep -q '^actop_memory_available_bytes [1-9]'
}

try_serve_to_all() {
	check 'system: by HTTP a dynamic user, too' \
		[ "$(inside ps -o uid= -p "$(inside systemctl show -P MainPID actopctl-serve.service)")" -ge 61184 ]
	serve_to_all
	check 'system: who has the token of the credential is let in' \
		until_true 10 fetch $page/metrics a-token-of-24-characters
	check 'system: who has none is not' exits_quietly fetch $page/metrics 2>/dev/null
	check 'system: the server logs no error' sh -c \
		"! nsenter -t $leader -a journalctl -b -u actopctl-serve.service | grep -i -E 'error|fail'"
	inside systemctl stop actopctl-serve.service
}

is_active() {
	[ "$(property "$1" ActiveState "$2")" = "$3" ]
}

# All verbs of actopctl service: WHO SYSTEMCTL-OPTION NAME SERVICE-OPTION
try_service() {
	check "$3: actopctl service install starts it" "$1" actopctl -q service install $4
	check "$3: and it answers" "$1" actopctl ping
	check "$3: and will at the next start" "$1" systemctl $2 is-enabled -q actopd.service
	"$1" actopctl service status $4 >"$work/service" 2>&1
	check "$3: status is what systemd says" grep -q 'Active: active (running)' "$work/service"
	"$1" actopctl service logs $4 >"$work/service" 2>&1
	check "$3: logs are the journal's" grep -q 'daemon: ready' "$work/service"
	check "$3: stop ends it" "$1" actopctl -q service stop $4
	check "$3: and it is" is_active "$1" "$2" inactive
	check "$3: start starts it" "$1" actopctl -q service start $4
	check "$3: restart starts it anew" "$1" actopctl -q service restart $4
	check "$3: and it runs" is_active "$1" "$2" active
	check "$3: doctor finds nothing that is wrong" doctor_is_content "$1"
	check "$3: uninstall ends it" "$1" actopctl -q service uninstall $4
	check "$3: and it does not come back" exits_quietly "$1" systemctl $2 is-enabled -q actopd.service
}

# 10 is something to look at, such as what only root may read.
doctor_is_content() {
	"$1" actopctl doctor -o table >"$work/doctor"
	[ $? -le 10 ] || {
		cat "$work/doctor" >&2
		return 1
	}
}

make_root || exit 1
BUILD=$build PREFIX=/usr DESTDIR=$root sh launchd/install.sh install || exit 1
hurry etc/systemd/system/actopd.service.d
hurry etc/systemd/user/actopd.service.d
check 'systemd boots' boot || exit 1

inside systemctl enable -q actopd.service
inside systemctl start actopd.socket
check 'system: the socket listens before the service runs' socket_is_there inside /run/actop/actopd.sock
try_start inside '' system
dynamic
try_takeover inside '' system
try_reload inside '' system
try_watchdog inside '' system
try_restart inside '' system
activate inside '' /run/actop/actopd.sock system
try_serve inside '' system
try_serve_to_all
inside systemctl stop actopd.socket actopd.service
inside systemctl disable -q actopd.service actopd.socket
try_service inside '' system --system

inside loginctl enable-linger ann
check 'user: has a manager' until_true 20 socket_is_there inside /run/user/1000/bus
as_user systemctl --user enable -q actopd.service
as_user systemctl --user start actopd.socket
try_start as_user --user user
check 'user: the daemon answers at the path of the user' \
	test "$(as_user actopctl socket)" = /run/user/1000/actop/actopd.sock
try_takeover as_user --user user
try_reload as_user --user user
try_watchdog as_user --user user
try_restart as_user --user user
activate as_user --user /run/user/1000/actop/actopd.sock user
try_serve as_user --user user
as_user systemctl --user stop actopctl-serve.service actopd.socket actopd.service
as_user systemctl --user start actopd.service
check 'user: does without the socket unit' as_user actopctl ping
as_user systemctl --user stop actopd.service
as_user systemctl --user disable -q actopd.service actopd.socket
try_service as_user --user user ''

finish
