# shellcheck shell=sh
# The dashboard in a terminal of tmux's, for tests of the real programs.
# shellcheck source=tests/e2e/lib.sh
. tests/e2e/lib.sh

# Each window has a server of its own: one that is ending takes no new window.
windows=0
server=actop-$$-0
close_screen() {
	tmux -L "$server" kill-server 2>/dev/null
}
cleanup_tmux() {
	close_screen
	cleanup
}
trap cleanup_tmux EXIT

new_window() {
	close_screen
	windows=$((windows + 1))
	server=actop-$$-$windows
}

in_tmux() {
	tmux -L "$server" -f /dev/null "$@"
}

# open_screen WIDTH HEIGHT ENVIRONMENT OPTION...: actopctl watch in a window of that size; when it has
# ended a shell is there, which says with which status.
open_screen() {
	width=$1 height=$2 environment=$3
	shift 3
	new_window
	rm -f "$dir/ended" "$dir/after"
	cat >"$dir/start" <<START
trap : INT
stty -a >$dir/before
env TZ=UTC $environment "$PWD/$build/actopctl" --socket $socket watch $* 2>$dir/err
echo "ended \$?" >$dir/ended
stty -a >$dir/after
PS1='prompt: ' exec sh -i
START
	in_tmux new-session -d -x "$width" -y "$height" "sh $dir/start"
	in_tmux set -g status off
	in_tmux resize-window -x "$width" -y "$height"
}

press() {
	in_tmux send-keys "$@"
}

screen() {
	in_tmux capture-pane -p
}

colored_screen() {
	in_tmux capture-pane -p -e
}

shows() {
	screen | grep -qF -- "$1"
}

# sees TEXT: it shows up, within ten seconds.
sees() {
	until_true 10 shows "$1" || {
		screen >&2
		return 1
	}
}

looks_like() {
	screen | grep -q -- "$1"
}

# sees_like PATTERN: of grep's.
sees_like() {
	until_true 10 looks_like "$1" || {
		screen >&2
		return 1
	}
}

misses() {
	! shows "$1"
}

# The program is over and the terminal is as it was before.
is_restored() {
	until_true 10 test -s "$dir/ended" && until_true 10 test -s "$dir/after" &&
		cmp "$dir/before" "$dir/after" && until_true 10 shows 'prompt:' &&
		equal "$(in_tmux display -p '#{alternate_on} #{cursor_flag}')" '0 1'
}

ended_with() {
	until_true 10 test -s "$dir/ended" && equal "$(cat "$dir/ended")" "ended $1"
}
