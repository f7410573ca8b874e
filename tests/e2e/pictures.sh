#!/bin/sh
# The script that makes the pictures of README.md, with a file of its own.
# shellcheck source=tests/e2e/lib.sh
. tests/e2e/lib.sh

pictures() {
	BUILD=$build sh tests/pictures/pictures.sh "$1" "$dir/file"
}
# Below a line that asks for a picture stands an old one.
page() {
	printf 'before\n%s\n```\nold\n```\nafter\n' "$1" >"$dir/file"
}

case_is 'a picture of what is printed'
page '<!-- picture: actopctl now -f ram_total_bytes -o plain -->'
check 'that is old is noticed' exits_with 1 pictures check
check 'is made' exits_with 0 pictures write
check 'and nothing else is changed' equal "$(cat "$dir/file")" \
	"before
<!-- picture: actopctl now -f ram_total_bytes -o plain -->
\`\`\`
\$ actopctl now -f ram_total_bytes -o plain
51539607552
\`\`\`
after"
check 'that is new is right' exits_with 0 pictures check

case_is 'a picture of a terminal'
if command -v tmux >/dev/null 2>&1; then
	page '<!-- picture 60x5: actopctl history -n 9 -f load_1m | tail -n 9; tput cols -->'
	check 'is made' exits_with 0 pictures write
	check 'in the size that is asked for' grep -qx 60 "$dir/file"
	check 'of as many lines as it has' equal "$(sed -n '/^\$/,/^```/p' "$dir/file" | wc -l | tr -d ' ')" 6
else
	echo 'pictures: tmux is not here' >>"${ACTOP_NOT_RUN:-/dev/null}"
fi
finish
