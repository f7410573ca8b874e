#!/bin/sh
# Completion in the shells themselves: what a tab makes of a line that was typed.
# shellcheck source=tests/e2e/lib.sh
. tests/e2e/lib.sh

here=$(pwd)
case $build in /*) ;; *) build=$here/$build ;; esac
program=$build/actopctl
export PATH="$build:$dir/bin:$PATH" ACTOPD_SOCKET="$socket"
mkdir "$dir/bin" "$dir/home"
export HOME="$dir/home"
printf '#!/bin/sh\n' >"$dir/bin/actop-of-this-test"
chmod +x "$dir/bin/actop-of-this-test"
: >"$dir/home/measured.csv"

# What is typed, and what a tab makes of it.  Names with a number are the daemon's: the table in
# actopctl has core.* only.
cat >"$dir/live" <<'CASES'
actopctl hist|actopctl history 
actopctl now --fie|actopctl now --fields 
actopctl now -f load_15|actopctl now -f load_15m
actopctl now -f cpu_util_pct,load_15|actopctl now -f cpu_util_pct,load_15m
actopctl now -f core.0.act|actopctl now -f core.0.active_pct
actopctl now --fields=core.0.act|actopctl now --fields=core.0.active_pct
actopctl now -f 'core.0.act|actopctl now -f 'core.0.active_pct
actopctl check ram_tot|actopctl check ram_total_bytes 
actopctl events --since tod|actopctl events --since today 
actopctl events -k mark,thr|actopctl events -k mark,throttle
actopctl ps --sort=wa|actopctl ps --sort=watts 
actopctl help ba|actopctl help bars 
actopctl export -o meas|actopctl export -o measured.csv 
actopctl run -- actop-of-th|actopctl run -- actop-of-this-test 
actopctl energy --between 'epoch o|actopctl energy --between 'epoch one
CASES

# completes SHELL CASES: every line of the file.
completes() {
	sed 's/|.*//' "$2" >"$dir/typed"
	sed 's/^[^|]*|//' "$2" >"$dir/wanted"
	(cd "$dir/home" && timeout 120 python3 "$here/tests/e2e/completion.py" "$1" "$program") \
		<"$dir/typed" >"$dir/got" 2>"$dir/err"
	# Whether a quote is closed is the shell's taste.
	sed "/'/s/'* *\$//" "$dir/got" | diff "$dir/wanted" - >&2 || {
		cat "$dir/err" >&2
		return 1
	}
}

fish_completes() {
	rc=0
	while IFS='|' read -r typed wanted; do
		case $wanted in
		*\'*) last=${wanted##*\'} ;;
		*' ') last=${wanted% } last=${last##* } ;;
		*) last=${wanted##* } ;;
		esac
		(cd "$dir/home" && fish -c "source (actopctl completion fish | psub); complete -C \"$typed\"") >"$dir/out" 2>"$dir/err" </dev/null
		cut -f 1 "$dir/out" | grep -qxF -- "$last" || {
			echo "fish: '$typed' is not completed to '$last' but to:" >&2
			cat "$dir/out" "$dir/err" >&2
			rc=1
		}
	done <"$1"
	return $rc
}

start --interval 100ms
"$program" -q mark 'epoch one' >/dev/null
case_is 'completion of names that the daemon has'
for shell in bash zsh fish; do
	if ! command -v "$shell" >/dev/null 2>&1; then
		echo "completion: $shell is not here" >>"${ACTOP_NOT_RUN:-/dev/null}"
	elif [ "$shell" = fish ]; then
		check 'works in fish' fish_completes "$dir/live"
	else
		check "works in $shell" completes "$shell" "$dir/live"
	fi
done

words() {
	"$program" completion words "$@" | cut -f 1
}
check 'tells what a name means' equal \
	"$("$program" completion words now -f ram_total_by)" ":more
ram_total_bytes	B, Memory of the machine"
check 'says nothing of words that are no command' equal "$(words nonsense '')" ''
check 'takes the socket that is typed' equal "$(words -S /nowhere now -f core.0.act)" :more

stop
case_is 'completion without a daemon'
cat >"$dir/dead" <<'CASES'
actopctl now -f psi_cpu_som|actopctl now -f psi_cpu_some_pct
actopctl check ram_tot|actopctl check ram_total_bytes 
CASES
check 'has the names of the table' completes bash "$dir/dead"
check 'and patterns for those of many' equal "$(words now -f core. | sed -n '2p' | cut -c 1-7)" 'core.*.'
check 'which no condition takes' equal "$(words check core.)" ''
check 'is quiet' equal "$(words now -f psi_cpu_som 2>&1)" ':more
psi_cpu_some_pct'

case_is 'the scripts'
for shell in bash zsh fish; do
	check "for $shell are printed" exits_with 0 "$program" completion "$shell"
	check 'and are not empty' test -s "$dir/out"
done
check 'of another shell do not exist' exits_with 2 "$program" completion tcsh
check 'which is said' says 'no shell "tcsh": it is bash, zsh or fish'
check 'of no shell neither' exits_with 2 "$program" completion
finish
