#!/bin/sh
# The keys of the dashboard, how it lives with its daemon, and that the terminal is given back.
# shellcheck source=tests/watch/tmux.sh
. tests/watch/tmux.sh

plain='TERM=tmux-256color NO_COLOR=1 LC_ALL=C.UTF-8'
python3 tests/watch/trace.py 700 >"$dir/trace"

replay() {
	start --source "replay:$dir/trace,speed=max"
	until_true 20 has_all
}

has_all() {
	ask '{"op":"hello","close":true}' | grep -q '"head_seq":700'
}

case_is 'time travel'
check 'the recording is there' replay
open_screen 120 40 "$plain" --utc
check 'begins now' sees '12:11:39  ● live'
press Left
check 'one step back' sees '2026-03-01 12:11:38  ◂ past 1 s ago'
press Up
check 'ten' sees '12:11:28  ◂ past 11 s ago'
press Right
check 'one on' sees '12:11:29  ◂ past 10 s ago'
press PPage
check 'a chart back' sees '12:09:29  ◂ past'
check 'with the values of that time' sees '0.0 W'
press Home
check 'the oldest' sees '12:00:00  ◂ past 11m39s ago'
press NPage
check 'a chart on' sees '12:02:00  ◂ past'
press End
check 'now' sees '12:11:39  ● live'
press Down
check 'not beyond it' sees '12:11:39  ● live'

case_is 'zoom'
press -
check 'more time in a step' sees 'every 2 s'
press - -
check 'and more' sees 'every 10 s'
check 'filled from the past' sees 'span 11m'
press + + +
check 'and less' sees 'every 1 s'
press +
check 'not less than there is' sees 'every 1 s'
press Left
press -
check 'in the past too' sees 'every 2 s'
check 'where it is' sees '12:11:37  ◂ past'
press +
press End
check 'back to now' sees '12:11:39  ● live'

case_is 'choices'
press c
check 'without cores' sees 'P-CPU'
press l
check 'a layout' sees 'layout grid'
press L
check 'and the next, by a capital' sees 'layout stack'
press t
check 'a palette' sees 'palette viridis'
press w
check 'a scale' sees 'power scale auto'
press g
check 'blocks' sees '█'
press '?'
check 'help' sees 'set a mark in the timeline'
press Escape
check 'closes' until_true 5 misses 'set a mark in the timeline'
press p
check 'a recording has no processes' sees 'does not list processes'

case_is 'marks'
press l
check 'in borders' sees 'layout auto'
press m
check 'asks for its text' sees 'mark  ▏'
press -l 'epoch 3 é'
check 'shows it' sees 'mark  epoch 3 é▏'
press Enter
check 'it is in the timeline' sees 'mark epoch 3 é'
check 'and at the charts' sees '▼'
check 'and the daemon knows it' sh -c "'$build/actopctl' --socket '$socket' events --json | grep -q 'epoch 3 é'"
press m
press -l 'not this'
press Escape
check 'is forgotten' until_true 5 misses 'not this'
press q
check 'quits' ended_with 0
check 'the terminal is as before' is_restored

case_is 'since'
open_screen 120 40 "$plain" --utc --since 5m
check 'begins there' sees '12:06:39  ◂ past 5m00s ago'
press Q
check 'quits' ended_with 0

case_is 'resizing'
open_screen 120 40 "$plain" --utc
check 'is there' sees '● live'
for size in 40x10 200x60 61x17 300x80 20x5 80x24 1x1 100x30 120x40; do
	in_tmux resize-window -x "${size%x*}" -y "${size#*x}"
done
check 'it is as before' sees 'P-CPU'
in_tmux resize-window -x 80 -y 24
check 'and in the new size' until_true 5 sh -c "tmux -L $server capture-pane -p | head -1 | grep -q '● live$'"
in_tmux resize-window -x 30 -y 5
check 'too small' sees 'too small'
in_tmux resize-window -x 120 -y 40
check 'large again' sees '● live'

case_is 'a daemon that goes and comes'
kill -KILL "$daemon"
wait "$daemon" 2>/dev/null
check 'is stale' sees '○ stale'
check 'with its last frame' sees 'P-CPU'
check 'and its age' sees_like '○ stale [1-9][0-9]* s'
rm -f "$socket"
check 'comes back' replay
check 'is live again' sees '● live'
check 'the daemon ends' stop
check 'is stale again' sees '○ stale'
press q
check 'quits' ended_with 0
check 'the terminal is as before' is_restored

case_is 'no daemon'
open_screen 80 24 "$plain" --utc
check 'says so' ended_with 3
check 'and how to start one' grep -q actopd "$dir/err"

case_is 'far back'
check 'the recording is there' start --source "replay:$dir/trace,speed=max" --history 1s:3m,10s:24h
check 'all of it' until_true 20 has_all
open_screen 120 40 "$plain" --utc
check 'begins now' sees 'every 1 s'
press Home
check 'what is summed up is shown as it is' sees 'every 10 s'
check 'from its beginning' sees '2026-03-01 12:00:09  ◂ past'
press Right
check 'in its steps' sees '12:00:19  ◂ past'
press End
check 'now it is fine again' sees 'every 1 s'
check 'and now' sees '12:11:39  ● live'
press q
check 'quits' ended_with 0
open_screen 120 40 "$plain" --utc -i 5s
check 'a slower one' sees 'every 5 s'
press q
check 'quits' ended_with 0

case_is 'a terminal that cannot'
open_screen 80 24 'TERM=dumb LC_ALL=C.UTF-8' --utc --since 10s
check 'gets rows' sees '12:11:38'
press C-c
check 'ends' ended_with 130
open_screen 80 24 "$plain" --utc --since 10s -o table
check 'so it does on demand' sees '12:11:38'
check 'the daemon ends' stop

case_is 'a daemon that does not answer'
check 'starts' start
kill -STOP "$daemon"
open_screen 80 24 "$plain" --timeout 1s
check 'is told within the time' ended_with 124
check 'on the screen that was there' is_restored
kill -CONT "$daemon"
check 'the daemon ends' stop
check 'averages have a limit' exits_with 2 ctl watch --avg 2h

case_is 'a machine that lives'
check 'starts' start
open_screen 120 40 "$plain" --utc
check 'is live' sees '● live'
press Space
check 'pauses' sees '‖ paused'
check 'for how long' sees_like '‖ paused [2-9][0-9]* s ago'
press Space
check 'goes on' sees '● live'
kill -STOP "$daemon"
check 'says that nothing comes' sees_like '○ silent [3-9][0-9]* s'
kill -CONT "$daemon"
check 'is live again' sees '● live'
press P
check 'processes' sees 'Processes'
check 'by CPU' sees 'by cpu'
check 'this one is there' sees 'actopd'
press s
check 'sorted by another' sees 'by gpu'
press s s
check 'by memory' sees 'by mem'
press /
press -l '^actopd$'
check 'filters while it is typed' sees 'filter  ^actopd$▏'
check 'and only they are left' until_true 10 misses 'actopctl'
press BSpace
press -l '('
check 'takes no wrong expression' sees 'is no regular expression yet'
press Escape
check 'restores what there was' until_true 10 misses '^actopd'
press /
press -l actopd
press Enter
check 'keeps it' sees '/actopd'
press p
check 'without processes' until_true 5 misses 'Processes'

case_is 'every end gives the terminal back'
press q
check 'q' is_restored
for signal in INT TERM HUP QUIT ABRT; do
	open_screen 80 24 "$plain"
	check 'is live' sees '● live'
	kill -"$signal" "$(pgrep -f "actopctl --socket $socket watch" | tail -1)"
	check "SIG$signal" is_restored
done
open_screen 80 24 "$plain"
check 'is live' sees '● live'
press C-c
check 'Ctrl-C' is_restored
check 'with its status' ended_with 130

case_is 'stopped and continued'
new_window
in_tmux new-session -d -x 100 -y 30 "PS1='prompt: ' sh -i"
press "$plain $build/actopctl --socket $socket watch" Enter
check 'is live' sees '● live'
press C-z
check 'the shell is back' sees 'prompt:'
check 'on its own screen' equal "$(in_tmux display -p '#{alternate_on}')" 0
press fg Enter
check 'is live again' sees '● live'
press q
check 'quits' sees 'prompt:'
check 'the daemon ends' stop
finish
