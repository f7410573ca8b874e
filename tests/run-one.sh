#!/bin/sh
# run-one.sh RESULTS TEST: for tests/run.sh, one test.  Leaves TEST.passed or, with a line that
# says so, TEST.failed in the folder RESULTS, and prints while nobody else does.
set -u
results=$1 test=$2
mine=$results/$(printf '%s' "$test" | tr / _)

case $test in
*/corpus_*) "$test" tests/fuzz/corpus/"${test##*/corpus_}"/* ;;
*.sh) sh "$test" ;;
*) "$test" ;;
esac >"$mine.out" 2>&1 </dev/null
if [ $? -eq 0 ]; then
	: >"$mine.passed"
else
	echo "FAILED: $test" >"$mine.failed"
fi

until mkdir "$results/printing" 2>/dev/null; do
	sleep 0.1
done
cat "$mine.out"
rmdir "$results/printing"
