#!/bin/sh
# actopctl metrics: what it prints, and the file for node_exporter's collector.
# shellcheck source=tests/e2e/lib.sh
. tests/e2e/lib.sh

exits() {
	wanted=$1
	shift
	"$@"
	[ $? -eq "$wanted" ]
}
metrics() {
	ctl metrics "$@" >"$dir/out" 2>"$dir/err"
}
file=$dir/actop.prom
whole() {
	# The last family stands at the end of the text.
	tail -n 1 "$file" | grep -q '^actop_self_resident_bytes '
}

start --interval 100ms

case_is 'on stdout'
check 'is the newest sample' exits 0 metrics
check 'with up' grep -qx 'actop_up 1' "$dir/out"
check 'with each family once' equal "$(grep '^# TYPE' "$dir/out" | sort | uniq -d)" ''
check 'with a HELP for each TYPE' equal "$(grep -c '^# HELP' "$dir/out")" "$(grep -c '^# TYPE' "$dir/out")"
check 'with counters that end in total' equal \
	"$(awk '$1 == "#" && $2 == "TYPE" && $4 == "counter" && $3 !~ /_total$/' "$dir/out")" ''
check 'says no process' exits 1 grep -q '^actop_process_' "$dir/out"
check 'says processes that are asked for' exits 0 metrics --processes 2 --sort mem
check 'at most so many' equal "$(grep -c '^actop_process_memory_bytes' "$dir/out")" 2
check 'never more than 50' exits 2 metrics --processes 51
check 'knows OpenMetrics' exits 0 metrics -o openmetrics
check 'which has an end' equal "$(tail -n 1 "$dir/out")" '# EOF'

case_is 'a text file'
check 'is written' exits 0 ctl metrics --textfile "$file"
check 'as a whole' whole
check 'for others to read' equal "$(ls -l "$file" | cut -c 1-10)" -rw-r--r--
# Whoever reads while it is written again and again sees a whole one, old or new.
(
	n=0
	while [ $n -lt 40 ] && ctl metrics --textfile "$file"; do n=$((n + 1)); done
	touch "$dir/done"
) &
writer=$!
torn=0
reads=0
while [ ! -e "$dir/done" ]; do
	whole || torn=$((torn + 1))
	reads=$((reads + 1))
done
wait "$writer"
check 'is never seen in part' equal "$torn" 0
check 'though it was read' [ "$reads" -gt 20 ]
check 'leaves nothing beside it' equal "$(find "$dir" -name '*actop.prom*')" "$file"
check 'in a folder that is not there is an error' exits 1 ctl metrics --textfile "$dir/none/x" 2>"$dir/err"

case_is 'without a daemon'
check 'ends' stop
check 'is exit 3' exits 3 metrics
check 'prints nothing' [ ! -s "$dir/out" ]
check 'the file says so' exits 3 ctl metrics --textfile "$file" 2>"$dir/err"
check 'in one line' equal "$(grep -v '^#' "$file")" 'actop_up 0'
finish
