#!/bin/sh
# The dashboard over a recording, compared with the screens that are checked in.  After a change that
# is meant: RENEW=1 BUILD=build/plain sh tests/e2e/watch_screens.sh, and look at what git diff says.
# shellcheck source=tests/watch/tmux.sh
. tests/watch/tmux.sh

screens=tests/fixtures/screens
RENEW=${RENEW:-}

# The same screen twice, so that nothing is being painted.
is_still() {
	screen >"$dir/one"
	sleep 0.05
	screen | cmp -s - "$dir/one"
}

# matches NAME CAPTURE: within ten seconds.  When this daemon started, and its version, are not looked
# at; and blanks have the colour that was last used, so that everything must have been painted at once.
is_like() {
	$2 | sed 's/[0-9:]* start \(.*\)actopd [0-9][0-9.]*/TIME start \1actopd VERSION/' >"$dir/screen"
	cmp -s "$dir/screen" "$screens/$1"
}

is_live() {
	screen | head -n 1 | grep -q ' live$'
}

matches() {
	until_true 10 is_live
	press C-l
	if [ -n "$RENEW" ]; then
		until_true 5 is_still
		is_like "$1" "$2"
		mkdir -p "$screens" && cp "$dir/screen" "$screens/$1"
	fi
	until_true 10 is_like "$1" "$2" || {
		diff -u "$screens/$1" "$dir/screen" >&2
		return 1
	}
}

python3 tests/watch/trace.py 700 >"$dir/trace"
start --source "replay:$dir/trace,speed=max"

has_all() {
	ask '{"op":"hello","close":true}' | grep -q '"head_seq":700'
}
check 'the recording is there' until_true 20 has_all

color='TERM=tmux-256color COLORTERM=truecolor LC_ALL=C.UTF-8'
for size in 60x20 80x24 120x40 200x60; do
	case_is "$size"
	width=${size%x*} height=${size#*x}
	open_screen "$width" "$height" "$color" --utc
	check 'in colour' matches "$size-color" colored_screen
	open_screen "$width" "$height" "$color NO_COLOR=1" --utc
	check 'without colours' matches "$size" colored_screen
	open_screen "$width" "$height" 'TERM=tmux-256color COLORTERM=truecolor LC_ALL=C' --utc
	check 'without UTF-8, in colour' matches "$size-ascii-color" colored_screen
	open_screen "$width" "$height" 'TERM=tmux-256color NO_COLOR=1 LC_ALL=C' --utc
	check 'without UTF-8 and colours' matches "$size-ascii" colored_screen
done

case_is 'fewer colours'
open_screen 80 24 'TERM=tmux-256color COLORTERM= LC_ALL=C.UTF-8' --utc
check '256' matches 80x24-256 colored_screen
open_screen 80 24 'TERM=screen COLORTERM= LC_ALL=C.UTF-8' --utc
check '16' matches 80x24-16 colored_screen

case_is 'options'
open_screen 120 40 "$color NO_COLOR=1" --utc --layout stack --chart-glyph block --no-cores --power-scale auto --avg 2m
check 'a stack of blocks' matches stack-block screen
open_screen 80 24 "$color" --utc --palette viridis
check 'viridis' matches viridis colored_screen
open_screen 80 24 "$color" --utc --palette mono
check 'mono' matches mono colored_screen
open_screen 300 50 "$color NO_COLOR=1" --utc
check 'wide' matches 300x50 screen
open_screen 40 16 "$color NO_COLOR=1" --utc
check 'narrow' matches 40x16 screen

case_is 'help'
press '?'
check 'lists the keys' sees 'Keys'
press q
check 'ends' ended_with 0

check 'the daemon ends' stop
finish
