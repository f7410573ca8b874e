#!/bin/sh
# Installs what building and testing (linting, testing the page, packaging, booting systemd) needs:
#     deps.sh build|test|lint|web|deb|systemd [--if-missing]
# Debian and Ubuntu by apt-get, macOS by Homebrew.  Says what it runs before it runs it.
set -eu

what=$1
mode=${2:-}

# lacks TOOL...: whether one of them is not there
lacks() {
	for tool in "$@"; do
		command -v "$tool" >/dev/null 2>&1 || return 0
	done
	return 1
}

missing_build() {
	lacks cc make pkg-config || ! pkg-config --exists libuv libcjson sqlite3 libmicrohttpd zlib ||
		{ [ "$(uname -s)" != Darwin ] && ! pkg-config --exists ncursesw; } # macOS brings its own
}

missing_test() {
	lacks nc socat jq python3 ps tmux zsh fish git ruby || ! pkg-config --exists check
}

missing_lint() {
	lacks clang clang-format clang-tidy cppcheck shellcheck mandoc
}

missing_web() {
	lacks chromium prometheus promtool python3 ||
		{ [ "$(uname -s)" != Darwin ] && ! /usr/bin/python3 -c 'import prometheus_client' 2>/dev/null; }
}

missing_deb() {
	lacks dpkg-buildpackage dh dh_python3 lintian ||
		! dpkg -s pybuild-plugin-pyproject python3-all python3-setuptools >/dev/null 2>&1
}

missing_systemd() {
	lacks debootstrap systemd-nspawn python3
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
	build) set -- gcc make libc6-dev pkg-config libuv1-dev libcjson-dev libsqlite3-dev \
		libmicrohttpd-dev zlib1g-dev libncurses-dev ;;
	test) set -- check netcat-openbsd socat jq python3 procps tmux zsh fish git ruby systemd ;;
	web) set -- chromium prometheus python3 python3-prometheus-client ;;
	lint) set -- clang clang-format clang-tidy cppcheck shellcheck mandoc ;;
	deb) set -- debhelper dh-python dpkg-dev lintian pybuild-plugin-pyproject python3-all \
		python3-setuptools systemd ;;
	systemd) set -- debootstrap debian-archive-keyring systemd-container python3 ;;
	esac
	as_root apt-get update -qq
	as_root apt-get install -y -qq --no-install-recommends "$@"
elif command -v brew >/dev/null 2>&1; then
	case $what in
	build) set -- libuv cjson sqlite libmicrohttpd pkg-config ;;
	test) set -- check jq socat tmux fish ;; # the rest comes with macOS
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
