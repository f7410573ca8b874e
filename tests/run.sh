#!/bin/sh
# Runs test programs and scripts, as many at once as there are processors (JOBS says otherwise;
# sanitizers make them slow enough to disturb each other's clocks, so there it is one).  Each
# prints what it prints in one piece when it ends; one line at the end counts them.  BUILD names
# the folder of the programs.
set -u
# Tests abort programs on purpose. All shells that we meet know it.
# shellcheck disable=SC3045
ulimit -c 0

jobs=${JOBS:-$(getconf _NPROCESSORS_ONLN)}
[ -n "${SANITIZE:-}" ] && jobs=${JOBS:-1}
results=$(mktemp -d) || exit 1
trap 'rm -rf "$results"' EXIT

# Cases that need what is not here write a line into it.
ACTOP_NOT_RUN=$results/not-run
export ACTOP_NOT_RUN
: >"$ACTOP_NOT_RUN"

printf '%s\n' "$@" | xargs -P "$jobs" -n 1 sh tests/run-one.sh "$results"

cat "$ACTOP_NOT_RUN"
passed=$(find "$results" -name '*.passed' | wc -l)
failed=$(($# - passed))
echo "slowest: $(cat "$results"/*.time | sort -rn | head -n 5 | paste -s -d, - | sed 's/,/, /g')"
cat "$results"/*.failed 2>/dev/null
echo "programs: $((passed)) passed, $failed failed"
[ "$failed" -eq 0 ]
