#!/bin/sh
# The formula of Homebrew: held against the Makefile, installed and tested as Homebrew would.
# shellcheck source=tests/e2e/lib.sh
. tests/e2e/lib.sh

formula=launchd/actopd.rb
version=$(sed -n 's/^VERSION *= *//p' Makefile)

# The formula of each library that pkg-config is asked for; without one the build fails on a Mac.
formula_of() {
	case $1 in
	libuv | sqlite3 | libmicrohttpd | zlib) echo "${1%3}" ;;
	libcjson) echo cjson ;;
	ncurses*) echo ncurses ;;
	*) echo "$1" ;;
	esac
}
depends_on() {
	grep -qE "^  (depends_on|uses_from_macos) \"$1\"$" $formula
}

case_is 'the formula'
check 'is of the version of the Makefile' grep -q "/v$version/actopd-$version.tar.gz\"\$" $formula
libraries=$(sed -n 's/^pkgs *:= *//p; s/.*pkg-config --libs \([a-z][a-z0-9 ]*\) 2.*/\1/p' Makefile | tr ' ' '\n' | grep -vx check)
check 'knows libraries of the Makefile' [ "$(echo "$libraries" | wc -l)" -ge 6 ]
for library in $libraries; do
	check "depends on $library" depends_on "$(formula_of "$library")"
done
check 'has arguments that the daemon knows' "$build/actopd" --wait --log-file "$dir/log" --test -c launchd/actopd.conf

if ! command -v ruby >/dev/null 2>&1; then
	echo 'formula: without ruby it was not read, installed nor tested' >>"${ACTOP_NOT_RUN:-/dev/null}"
	finish
fi
check 'is Ruby' sh -c "ruby -wc $formula >/dev/null"
mkdir "$dir/tree"
ln -s "$PWD"/* "$dir/tree"
BUILD=$build
export BUILD
check 'installs, and its test passes' sh -c "ruby -W0 tests/e2e/formula.rb $formula '$dir/tree' '$dir' >'$dir/said'"
for file in bin/actopd bin/actopctl bin/actopctl-serve share/man/man1/actopctl.1 share/man/man8/actopd.8 \
	etc/bash_completion.d/actopctl share/zsh/site-functions/_actopctl \
	share/fish/vendor_completions.d/actopctl.fish share/doc/actopd/examples/actopd.conf; do
	check "brings $file" [ -s "$dir/Cellar/$file" ]
done
check 'names a configuration that is there' sh -c \
	"[ -s \"\$(sed -n 's/.* cp \(.*\) ~.*/\1/p' '$dir/said')\" ]"
check 'has a description that brew audit takes: at most 80 characters, no article, no full stop' \
	grep -qE '^desc: [B-Z][^.]{9,79}$' "$dir/said"
check 'runs the daemon with a log that keeps itself short' \
	grep -qx "service run: $dir/Cellar/bin/actopd --wait --log-file $dir/var/log/actopd.log" "$dir/said"
finish
