#!/bin/sh
# An item of SketchyBar.  In sketchybarrc, with this file in $PLUGIN_DIR:
#
#   sketchybar --add item actop right \
#              --set actop update_freq=5 icon=CPU script="$PLUGIN_DIR/sketchybar.sh"
PATH=/opt/homebrew/bin:/usr/local/bin:$PATH

# Three words, "-" for what is not known; none when no daemon runs.
# shellcheck disable=SC2046
set -- $(actopctl now -q -f cpu_util_pct,gpu_util_pct,package_watts -o plain 2>/dev/null)
if [ $# -eq 3 ]; then
	sketchybar --set "$NAME" drawing=on label="${1%.*}%  GPU ${2%.*}%  ${3}W"
else
	sketchybar --set "$NAME" drawing=off
fi
