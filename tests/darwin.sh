#!/bin/sh
# Links for macOS with lld, and tells what the result takes from where:
#   darwin.sh link SDK PROGRAM OBJECT...
#   darwin.sh symbols PROGRAM...
#   darwin.sh private SDK
set -eu

tool() {
	for name in "$@"; do
		if command -v "$name" >/dev/null 2>&1; then
			echo "$name"
			return
		fi
	done
	echo "darwin.sh: none of these is here: $*" >&2
	exit 1
}

link() {
	sdk=$1
	program=$2
	shift 2
	echo "   LINK $program"
	# What macOS brings itself; a library that nothing is taken from is left out.
	for library in sqlite3 ncurses z; do
		if [ -e "$sdk/usr/lib/lib$library.tbd" ]; then
			set -- "$@" "-l$library"
		fi
	done
	"$(tool ld64.lld ld64.lld-14 ld64.lld-15 ld64.lld-16)" -arch arm64 \
		-platform_version macos 12.0 12.0 -syslibroot "$sdk" -undefined dynamic_lookup \
		-dead_strip -dead_strip_dylibs -o "$program" "$@" -lSystem -framework CoreFoundation -framework IOKit
}

# Everything that no library of the SDK has must be of libuv, cJSON, SQLite, ncurses or libmicrohttpd.
symbols() {
	nm=$(tool llvm-nm llvm-nm-14 llvm-nm-15 llvm-nm-16)
	for program in "$@"; do
		echo "$program: $(file -b "$program" 2>/dev/null)"
		echo "  resolved in frameworks and libraries of the SDK:"
		"$nm" -m "$program" | sed -n 's/.*(undefined).* _\(.*\) (from \([A-Za-z0-9]*\))$/    \2 \1/p' |
			sed '/^    libSystem/d' | sort
		echo "  resolved in libSystem: $("$nm" -m "$program" | grep -c '(from libSystem)')"
		echo "  left to other libraries: $("$nm" -m "$program" | grep -c 'dynamically looked up')"
		if "$nm" -m "$program" | sed -n 's/.* \(_[^ ]*\) (dynamically looked up)$/\1/p' |
			grep -vE '^_(uv_|cJSON_|sqlite3_|MHD_)' | grep -vE "$curses"; then
			echo "darwin.sh: $program: these are in no library" >&2
			exit 1
		fi
	done
}

# What ncurses exports without a prefix of its own, as the client uses it.
curses='^_(LINES|COLS|stdscr|curscr|acs_map|wadd|waddn|wmove|wattr|wclr|wclear|werase|wrefresh|wnout|doupdate|initscr|newterm|endwin|delscreen|set_term|cbreak|noecho|nonl|raw|keypad|nodelay|wtimeout|wget|curs_set|start_color|use_default|init_pair|init_extended|has_colors|COLOR|color|tiget|setupterm|resizeterm|resize_term|whline|wvline|wborder|wbkgd|newwin|delwin|mvw|mousemask|getmouse|define_key|set_escdelay|notimeout|leaveok|idlok|scrollok|clearok|intrflush|meta|typeahead|flushinp|isendwin|beep|flash|wcolor_set|copywin|wredrawln|redrawwin|untouchwin|wtouchln|can_change_color|wprintw|vw_printw|def_prog_mode|reset_prog_mode)'

# Functions without a header are looked up by name at run time: the SDK's stubs must have them.
private() {
	iokit=$1/System/Library/Frameworks/IOKit.framework/IOKit.tbd
	echo "  looked up at run time, and in the SDK:"
	grep -ohE '"(IOReport|IOHID|objc_|sel_|responsibility_)[A-Za-z_]+"' daemon/source/darwin/*.c | tr -d '"' | sort -u |
		grep -v '^IOReportChannels$' | while read -r name; do
		for stub in "$1"/usr/lib/libIOReport.tbd "$1"/usr/lib/libobjc.A.tbd "$1"/usr/lib/libSystem.B.tbd \
			"$iokit"; do
			if grep -qw "_$name" "$stub"; then
				echo "    $(basename "$stub" .tbd) $name"
				continue 2
			fi
		done
		echo "darwin.sh: no stub of the SDK has $name" >&2
		exit 1
	done
}

mode=$1
shift
case $mode in
link) link "$@" ;;
symbols) symbols "$@" ;;
private) private "$@" ;;
*) exit 2 ;;
esac
