#!/bin/sh
# Runs test programs and scripts one after the other, lets each print what it prints, and closes
# with one line that counts them.  BUILD names the folder of the programs.
set -u
# Tests abort programs on purpose. All shells that we meet know it.
# shellcheck disable=SC3045
ulimit -c 0

# Cases that need what is not here write a line into it.
ACTOP_NOT_RUN=$(mktemp) || exit 1
export ACTOP_NOT_RUN
trap 'rm -f "$ACTOP_NOT_RUN"' EXIT

passed=0
failed=0
for test in "$@"; do
	case $test in
	*/corpus_*) name=${test##*/corpus_} && "$test" tests/fuzz/corpus/"$name"/* ;;
	*.sh) sh "$test" ;;
	*) "$test" ;;
	esac
	if [ $? -eq 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED: $test" >&2
	fi
done
cat "$ACTOP_NOT_RUN"
echo "programs: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
