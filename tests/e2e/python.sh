#!/bin/sh
# The Python package over a real daemon.  Its tests say themselves how many passed.
set -eu
build=${BUILD:-build/plain}
log=$(mktemp /tmp/actop-python.XXXXXX)
trap 'rm -f "$log"' EXIT
status=0
ACTOPD=$PWD/$build/actopd-apple ACTOP_WORLD=tests/fixtures/apple/m4-pro.json PYTHONPATH=client/python/src \
	PYTHONDONTWRITEBYTECODE=1 python3 -W error -m unittest client/python/tests/test_actopd.py >"$log" 2>&1 || status=$?
run=$(sed -n 's/^Ran \([0-9]*\) tests.*/\1/p' "$log")
if [ "$status" -ne 0 ] || [ "${run:-0}" -eq 0 ]; then
	cat "$log" >&2
	echo "python: 0 passed, ${run:-1} failed"
	exit 1
fi
echo "python: $run passed, 0 failed"
