#!/bin/sh
# The units under a real systemd: boots a small Debian in systemd-nspawn, with the programs of this
# build in it.  Needs root, debootstrap, systemd-container and a mirror; so it is run by hand:
#     sudo BUILD=build/plain sh tests/soak/systemd.sh [FOLDER]
# FOLDER keeps the Debian for the next run (/var/tmp/actop-soak).
set -u

build=${BUILD:-build/plain}
work=${1:-/var/tmp/actop-soak}
root=$work/root
leader=
container=
passed=0
failed=0

cleanup() {
	[ -z "$container" ] && return
	kill -TERM "$container" 2>/dev/null # nspawn: powers the system off
	wait "$container" 2>/dev/null
}
trap cleanup EXIT
trap 'exit 130' INT TERM

check() {
	message=$1
	shift
	if "$@"; then
		passed=$((passed + 1))
		echo "ok      $message"
	else
		failed=$((failed + 1))
		echo "FAILED  $message ($*)" >&2
	fi
}

# Prints what was found, and then fails.
exits_quietly() {
	! "$@" >&2
}

# until_true SECONDS COMMAND...
until_true() {
	tries=$(($1 * 10))
	shift
	while ! "$@" >/dev/null 2>&1; do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || return 1
		sleep 0.1
	done
}

inside() {
	nsenter -t "$leader" -a "$@"
}

# as_user COMMAND...: with the environment of a session of "ann"
as_user() {
	inside setpriv --reuid ann --regid ann --init-groups env HOME=/home/ann USER=ann \
		XDG_RUNTIME_DIR=/run/user/1000 DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/1000/bus "$@"
}

property() {
	"$1" systemctl $3 show -P "$2" actopd.service
}

make_system() {
	packages=systemd,systemd-sysv,dbus,dbus-user-session,libpam-systemd,libuv1,libcjson1,libsqlite3-0
	packages=$packages,libmicrohttpd12,zlib1g,netcat-openbsd,procps
	mkdir -p "$work"
	debootstrap --variant=minbase --include="$packages" bookworm "$root" >"$work/debootstrap.log" &&
		chroot "$root" useradd -m -u 1000 ann
}

boot() {
	SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 systemd-nspawn --register=no --keep-unit --quiet \
		--directory="$root" --boot --console=pipe </dev/null >"$work/boot.log" 2>&1 &
	container=$!
	until_true 20 pgrep -P "$container" || return 1
	leader=$(pgrep -P "$container")
	until_true 60 runs
}

runs() {
	inside systemctl is-system-running | grep -q -e running -e degraded
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

dynamic() {
	user=$(property inside User ''; inside ps -o user:20= -p "$(property inside MainPID '')")
	check 'system: runs as a dynamic user, not root' sh -c "echo '$user' | grep -q actopd"
	check 'system: no such user remains in passwd' sh -c "! grep -q actopd '$root/etc/passwd'"
	check 'system: its state is private' inside test -s /var/lib/private/actop/history.db
	check 'system: everybody may ask' as_user actopctl -S /run/actop/actopd.sock ping
	check 'system: nobody else may replace the socket' sh -c \
		"! nsenter -t $leader -a setpriv --reuid ann --regid ann --clear-groups rm -f /run/actop/actopd.sock 2>/dev/null"
	check 'system: no error is logged' sh -c \
		"! nsenter -t $leader -a journalctl -b -u actopd.service | grep -E ' (error|warn) '"
}

[ -x "$root/usr/bin/nc" ] || make_system || exit 1
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
inside systemctl stop actopd.socket actopd.service

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
as_user systemctl --user stop actopd.socket actopd.service
as_user systemctl --user start actopd.service
check 'user: does without the socket unit' as_user actopctl ping

inside journalctl -b --no-pager >"$work/journal.log"
echo "systemd: $passed passed, $failed failed; journal in $work/journal.log"
[ "$failed" -eq 0 ]
