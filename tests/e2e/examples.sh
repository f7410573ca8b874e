#!/bin/sh
# The examples of every command's help and of help bars, run as they are written: on a terminal,
# against a daemon over a pretended Mac; ps against one of this machine, whose processes exist.
# shellcheck source=tests/e2e/lib.sh
. tests/e2e/lib.sh

here=$(pwd)
case $build in /*) ;; *) build=$here/$build ;; esac
mkdir "$dir/bin" "$dir/cwd" "$dir/home"
# What the examples need of the machine: something to make, a program to tell.
printf '#!/bin/sh\necho made\n' >"$dir/bin/make"
printf '#!/bin/sh\nprintf "%%s\\n" "$*"\n' >"$dir/bin/sketchybar"
chmod +x "$dir/bin/make" "$dir/bin/sketchybar"
echo 0123456789abcdef >"$dir/cwd/token"
chmod 600 "$dir/cwd/token"
export PATH="$build:$dir/bin:$PATH" HOME="$dir/home" ACTOPD_SOCKET="$socket"
unset XDG_CONFIG_HOME

ACTOP_WORLD=tests/fixtures/apple/m4.json "$build/actopd-apple" --socket "$socket" --state none \
	--interval 100ms --history 100ms:10m 2>>"$dir/log" &
daemon=$!
until_true 10 has_sample
"$build/actopd" --socket "$dir/native" --state none 2>>"$dir/log" &
native=$!
mkfifo "$dir/fifo"
python3 -c 'import sys; sys.stdin.read()' <"$dir/fifo" &
exec 3>"$dir/fifo"
until_true 10 "$build/actopctl" -S "$dir/native" now -f load_1m
"$build/actopctl" -q mark begin >/dev/null
"$build/actopctl" -q mark end >/dev/null

commands=$("$build/actopctl" completion words '' | cut -f 1)
# What help prints below "Examples:".
examples_of() {
	"$build/actopctl" help "$1" | sed '1,/^Examples:$/d; s/^  //'
}
# examples_end COMMAND STATUS...
examples_end() {
	command=$1
	shift
	examples_of "$command" >"$dir/lines"
	[ -s "$dir/lines" ] && (cd "$dir/cwd" && python3 "$here/tests/e2e/examples.py" "$@" <"$dir/lines") >&2
}
examples_run() {
	case $1 in
	ps) ACTOPD_SOCKET=$dir/native examples_end ps 0 ;;
	# What they find is not for this test to say.
	check | doctor) examples_end "$1" 0 10 11 ;;
	# Refused where no service manager runs, as in tests; tests/soak/systemd.sh has one.
	service) [ -d /run/systemd/system ] || examples_end service 0 1 ;;
	*) examples_end "$1" 0 ;;
	esac
}
case_is 'the examples'
for command in $commands; do
	check "of help $command do what they say" examples_run "$command"
done

# block NAME: the lines that help bars has for it.
block() {
	"$build/actopctl" help bars | sed -n "/^$1,/,/^\$/s/^  //p"
}
two_numbers='[0-9][0-9.]* [0-9][0-9.]*'
case_is 'a status bar'
block SketchyBar >"$dir/actop.sh"
check 'of SketchyBar is given a label' sh -c \
	"NAME=actop sh '$dir/actop.sh' | grep -qx -- '--set actop label=$two_numbers'"
block xbar >"$dir/actop.5s.sh"
check 'of xbar has a line' sh -c "sh '$dir/actop.5s.sh' | grep -qx '[0-9.]* %  [0-9.]* W'"
{
	echo '{'
	block waybar
	echo '}'
} >"$dir/waybar.json"
program=$(jq -r '."custom/actop".exec' "$dir/waybar.json")
check 'of waybar is told' sh -c "timeout 20 $program | head -n 1 | grep -qx '$two_numbers'"
if command -v tmux >/dev/null 2>&1; then
	block tmux >"$dir/tmux.conf"
	inner() {
		env -u TMUX tmux -S "$dir/inner" "$@"
	}
	outer() {
		env -u TMUX tmux -S "$dir/outer" -f /dev/null "$@"
	}
	inner -f "$dir/tmux.conf" new-session -d -x 80 -y 10 cat
	outer new-session -d -x 80 -y 10 "env -u TMUX tmux -S '$dir/inner' attach"
	shown() {
		outer capture-pane -p | tail -n 1 | grep -q " $two_numbers *\$"
	}
	check 'of tmux shows the numbers' until_true 20 shown
	inner kill-server
	outer kill-server 2>/dev/null
else
	echo 'examples: tmux is not here' >>"${ACTOP_NOT_RUN:-/dev/null}"
fi
exec 3>&-
kill "$native"
wait "$native" 2>/dev/null
finish
