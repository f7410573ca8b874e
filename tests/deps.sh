#!/bin/sh
# Installs what building and testing (linting, testing the page, packaging, booting systemd) needs:
#     deps.sh build|lint|web|deb|systemd [--if-missing]
# Debian and Ubuntu by apt-get, macOS by Homebrew.  Says what it runs before it runs it.
set -eu

what=$1
mode=${2:-}

missing_build() {
	for tool in cc pkg-config tmux; do
		command -v "$tool" >/dev/null 2>&1 || return 0
	done
	! pkg-config --exists libuv libcjson sqlite3 check libmicrohttpd zlib ||
		{ [ "$(uname -s)" != Darwin ] && ! pkg-config --exists ncursesw; } # macOS brings its own
}

missing_lint() {
	for tool in clang-format clang-tidy cppcheck shellcheck mandoc; do
		command -v "$tool" >/dev/null 2>&1 || return 0
	done
	return 1
}

missing_web() {
	for tool in chromium prometheus promtool python3; do
		command -v "$tool" >/dev/null 2>&1 || return 0
	done
	return 1
}

missing_deb() {
	for tool in dpkg-buildpackage dh dh_python3 lintian; do
		command -v "$tool" >/dev/null 2>&1 || return 0
	done
	! dpkg -s pybuild-plugin-pyproject python3-all python3-setuptools >/dev/null 2>&1
}

missing_systemd() {
	for tool in debootstrap systemd-nspawn python3; do
		command -v "$tool" >/dev/null 2>&1 || return 0
	done
	return 1
}

if [ "$mode" = --if-missing ] && ! "missing_$what"; then
	exit 0
fi

run() {
	echo "deps: $*"
	"$@"
}

as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		run "$@"
	else
		run sudo "$@"
	fi
}

if command -v apt-get >/dev/null 2>&1; then
	case $what in
	build) set -- gcc make libc6-dev pkg-config libuv1-dev libcjson-dev libsqlite3-dev libmicrohttpd-dev zlib1g-dev libncurses-dev check netcat-openbsd \
		socat jq python3 procps tmux zsh fish git ruby ;;
	web) set -- chromium prometheus python3 python3-prometheus-client ;;
	lint) set -- clang clang-format clang-tidy cppcheck shellcheck mandoc ;;
	deb) set -- debhelper dh-python dpkg-dev lintian pybuild-plugin-pyproject python3-all \
		python3-setuptools systemd ;;
	systemd) set -- debootstrap systemd-container python3 ;;
	esac
	as_root apt-get update -qq
	as_root apt-get install -y -qq --no-install-recommends "$@"
elif command -v brew >/dev/null 2>&1; then
	case $what in
	build) set -- libuv cjson sqlite libmicrohttpd check pkg-config jq socat tmux fish ;;
	web) set -- prometheus ;; # and a Chromium or Chrome of the user's
	lint) set -- clang-format llvm cppcheck shellcheck mandoc ;;
	*) echo "deps: $what needs a Debian" >&2 && exit 1 ;;
	esac
	run brew install "$@"
else
	echo "deps: neither apt-get nor brew is here; install by hand: libuv, cJSON, SQLite, libmicrohttpd, zlib, ncurses, check" \
		"(headers included), pkg-config" >&2
	exit 1
fi
