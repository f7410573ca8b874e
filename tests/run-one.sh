#!/bin/sh
# run-one.sh RESULTS TEST: for tests/run.sh, one test.  Leaves TEST.passed or, with a line that
# says so, TEST.failed in the folder RESULTS, and prints while nobody else does.
set -u
limit=900 # seconds, far beyond any: a test that hangs fails instead
[ -n "${ACTOP_SOAK:-}" ] && limit=7200
# Who started us in the background had SIGINT ignored, and no shell can take that back.
start() {
	perl -e '$SIG{INT} = $SIG{QUIT} = "DEFAULT"; alarm shift; exec @ARGV or exit 127' "$limit" "$@"
}

results=$1 test=$2
mine=$results/$(printf '%s' "$test" | tr / _)

began=$(date +%s)
case $test in
*/corpus_*) start "$test" tests/fuzz/corpus/"${test##*/corpus_}"/* ;;
*.sh) start sh "$test" ;;
*) start "$test" ;;
esac >"$mine.out" 2>&1 </dev/null
if [ $? -eq 0 ]; then
	: >"$mine.passed"
else
	echo "FAILED: $test" >"$mine.failed"
fi
echo "$(($(date +%s) - began)) s $test" >"$mine.time"

until mkdir "$results/printing" 2>/dev/null; do
	sleep 0.1
done
cat "$mine.out"
rmdir "$results/printing"
