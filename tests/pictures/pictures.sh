#!/bin/sh
# The pictures in README.md:  pictures.sh check|write [FILE]
# Each is a block of code behind a line that says what it shows:
#
#   <!-- picture: COMMAND LINE -->            what the command prints into a pipe
#   <!-- picture 100x30: COMMAND LINE -->     a terminal of that size, once it is still
#
# COMMAND LINE runs over the recording that workday.py prints, in UTC.  check compares, for make
# lint; write puts what is right into the file, for make pictures.
set -eu

verb=$1
file=${2:-README.md}
: "${BUILD:=build/plain}"
case $BUILD in /*) ;; *) BUILD=$(pwd)/$BUILD ;; esac
dir=$(mktemp -d /tmp/actop-pictures.XXXXXX)
daemon=
export ACTOPD_SOCKET="$dir/s" TZ=UTC LC_ALL=C.UTF-8 PATH="$BUILD:$PATH"
unset ACTOP_FIELDS NO_COLOR TMUX

cleanup() {
	tmux -S "$dir/tmux" kill-server 2>/dev/null || :
	if [ -n "$daemon" ]; then
		kill "$daemon" 2>/dev/null || :
	fi
	rm -rf "$dir"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

# until_true SECONDS COMMAND...
until_true() {
	tries=$(($1 * 20))
	shift
	until "$@"; do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || {
			echo "pictures: in vain: $*" >&2
			return 1
		}
		sleep 0.05
	done
}

# The recording is played without waiting; its last sample stays the newest.
played() {
	[ "$(actopctl now --json -f load_1m 2>/dev/null | jq .seq)" = "$samples" ]
}

# Whether the terminal shows something, the same for a second.
still() {
	for _ in 1 2 3; do
		mv "$dir/after" "$dir/before"
		sleep 0.3
		tmux -S "$dir/tmux" capture-pane -p >"$dir/after"
		cmp -s "$dir/before" "$dir/after" || return 1
	done
	grep -q '[^ ]' "$dir/after"
}

# screen COLUMNSxROWS COMMAND: what a terminal shows, without the empty lines at its end.
screen() {
	: >"$dir/after"
	tmux -S "$dir/tmux" -f /dev/null new-session -d -x "${1%x*}" -y "${1#*x}" "$2; exec cat" \; \
		set -g status off
	until_true 15 still
	tmux -S "$dir/tmux" kill-server
	sed -e 's/ *$//' "$dir/after" | sed -e :a -e '/^\n*$/{$d;N;ba' -e '}'
}

# picture LINE: what belongs behind that line.
picture() {
	command=${1#*: }
	command=${command% -->}
	case $1 in
	'<!-- picture: '*) sh -c "$command" | sed 's/ *$//' ;;
	*)
		size=${1#<!-- picture }
		screen "${size%%:*}" "$command"
		;;
	esac
}

python3 tests/pictures/workday.py >"$dir/workday"
samples=$(($(wc -l <"$dir/workday") - 1))
actopd --socket "$dir/s" --state none --source "replay:$dir/workday,speed=max" --interval 5s --history 5s:1h \
	2>"$dir/log" &
daemon=$!
until_true 20 played

# The block of code behind a picture's line is replaced.
inside=
while IFS= read -r line; do
	case $inside$line in
	'<!-- picture'*)
		printf '%s\n```\n$ ' "$line"
		shown=${line#*: }
		printf '%s\n' "${shown% -->}"
		picture "$line"
		printf '```\n'
		inside=fence:
		;;
	fence:'```') inside=block: ;;
	block:'```') inside= ;;
	fence:* | block:*) ;;
	*) printf '%s\n' "$line" ;;
	esac
done <"$file" >"$dir/file"

case $verb in
write) cat "$dir/file" >"$file" ;;
check) diff -u "$file" "$dir/file" || {
	echo "$file is stale: make pictures" >&2
	exit 1
} ;;
esac
