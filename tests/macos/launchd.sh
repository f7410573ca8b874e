#!/bin/sh
# The agent under the real launchd, from installation to removal:  launchd.sh BUILD FOLDER
# On a Mac only, where no actopd is installed.  FOLDER gets what launchd says of it.
# shellcheck source=tests/e2e/lib.sh
. tests/e2e/lib.sh

build=$1 folder=$2
prefix=$HOME/actop-launchd-test
socket=$HOME/.actop/run/actopd.sock

case_is launchd
mkdir -p "$folder"
remove() {
	ctl service uninstall >/dev/null 2>&1
	rm -rf "$prefix"
	cleanup
}
trap remove EXIT

ctl() {
	"$prefix/bin/actopctl" "$@"
}
pid() {
	ctl status -o json | sed 's/.*"pid":\([0-9]*\).*/\1/'
}
is_another() {
	now=$(pid) && [ -n "$now" ] && [ "$now" != "$1" ]
}

[ "$(uname -s)" = Darwin ] || {
	echo 'launchd: only a Mac has it' >&2
	exit 1
}
BUILD=$build PREFIX=$prefix sh launchd/install.sh install || exit 1
check 'service install says what it calls' ctl service install
check 'the daemon answers' until_true 30 ctl ping
check 'at the path where clients look' [ "$(ctl socket)" = "$socket" ]
check 'on a socket of this user only' [ "$(stat -f %Lp "$socket")" = 600 ]
check 'launchd has taken the plist' plutil -lint "$HOME/Library/LaunchAgents/actopd.plist"
ctl service status >"$folder/launchd.txt" 2>&1

first=$(pid)
check 'kill -9' kill -9 "$first"
# Who asks now waits at launchd's socket; it starts again 10 s after the last start at the earliest.
check 'is followed by an answer, not a refusal' ctl ping --timeout 30s
check 'of another process' is_another "$first"

second=$(pid)
check 'SIGTERM' kill -TERM "$second"
check 'is an orderly end; a client starts it anew' ctl ping --timeout 30s
check 'service restart' ctl service restart
check 'is answered' until_true 30 ctl ping
ctl service logs >"$folder/launchd.log" 2>&1
check 'service uninstall' ctl service uninstall
check 'leaves no plist' [ ! -e "$HOME/Library/LaunchAgents/actopd.plist" ]
check 'and no daemon' sh -c "! '$prefix/bin/actopctl' ping 2>/dev/null"
finish
