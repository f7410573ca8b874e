# shellcheck shell=sh
# A small Debian in systemd-nspawn, for tests of units and packages under a real systemd.  Each script
# sources this, calls `boot` and `check MESSAGE COMMAND...`, and ends with `finish`.  Needs root,
# debootstrap, systemd-container and a mirror of Debian.  FOLDER, the script's first argument, keeps
# the Debian for the next run (/var/tmp/actop-systemd).

set -u

work=${1:-/var/tmp/actop-systemd}
base=$work/debian # as it was made
root=$work/root	  # of this run
leader=
container=
passed=0
failed=0

cleanup() {
	[ -z "$container" ] && return
	kill -TERM "$container" 2>/dev/null # nspawn: powers the system off
	wait "$container" 2>/dev/null
	container=
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

finish() {
	inside journalctl -b --no-pager >"$work/journal.log"
	[ "$failed" -eq 0 ] || echo "the journal is in $work/journal.log" >&2
	echo "$(basename "$0" .sh): $passed passed, $failed failed"
	[ "$failed" -eq 0 ]
	exit
}

# Prints what was found, and then fails.
exits_quietly() {
	! "$@" >&2
}

equal() {
	[ "$1" = "$2" ] || {
		echo "'$1' is not '$2'" >&2
		return 1
	}
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

# fetch URL [TOKEN]: prints what is there, or fails
fetch() {
	inside python3 - "$@" <<'PYTHON'
import sys, urllib.request
request = urllib.request.Request(sys.argv[1])
if len(sys.argv) > 2:
    request.add_header("Authorization", "Bearer " + sys.argv[2])
print(urllib.request.urlopen(request, timeout=10).read().decode())
PYTHON
}

make_base() {
	wanted=systemd,systemd-sysv,dbus,dbus-user-session,libpam-systemd,libuv1,libcjson1,libsqlite3-0
	wanted=$wanted,libmicrohttpd12,zlib1g,netcat-openbsd,procps,python3
	mkdir -p "$work"
	debootstrap --variant=minbase --include="$wanted" bookworm "$base.new" >"$work/debootstrap.log" &&
		chroot "$base.new" useradd -m -u 1000 ann && mv "$base.new" "$base"
}

# A fresh copy of the Debian, not yet running.
make_root() {
	for tool in debootstrap systemd-nspawn; do
		command -v "$tool" >/dev/null || {
			echo "$tool is missing: sh tests/deps.sh systemd" >&2
			return 1
		}
	done
	[ -d "$base" ] || make_base || return 1
	rm -rf "$root"
	cp -a --reflink=auto "$base" "$root"
}

boot() {
	SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 systemd-nspawn --register=no --keep-unit --quiet --private-network \
		--directory="$root" --boot --console=pipe </dev/null >"$work/boot.log" 2>&1 &
	container=$!
	until_true 20 pgrep -P "$container" || return 1
	leader=$(pgrep -P "$container")
	until_true 60 runs
}

runs() {
	inside systemctl is-system-running | grep -q -e running -e degraded
}
