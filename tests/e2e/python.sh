#!/bin/sh
# The Python package over a real daemon, its wheel, and its types.
set -eu
build=${BUILD:-build/plain}
dir=$(mktemp -d /tmp/actop-python.XXXXXX)
trap 'rm -rf "$dir"' EXIT
status=0
ACTOPD=$PWD/$build/actopd-apple ACTOP_WORLD=tests/fixtures/apple/m4-pro.json PYTHONPATH=client/python/src \
	PYTHONDONTWRITEBYTECODE=1 python3 -W error -m unittest client/python/tests/test_actopd.py >"$dir/log" 2>&1 || status=$?
passed=$(sed -n 's/^Ran \([0-9]*\) tests.*/\1/p' "$dir/log")
if [ "$status" -ne 0 ] || [ "${passed:-0}" -eq 0 ]; then
	cat "$dir/log" >&2
	echo "python: 0 passed, ${passed:-1} failed"
	exit 1
fi
failed=0
not_run() {
	echo "python: $1" >>"${ACTOP_NOT_RUN:-/dev/null}"
}

# From a copy: building leaves folders beside the sources.
wheel() {
	cp -r client/python "$dir/source"
	"$1" -m pip --disable-pip-version-check wheel -q --no-index --no-deps --no-build-isolation \
		-w "$dir/wheel" "$dir/source" >"$dir/log" 2>&1 &&
		"$1" -m zipfile -e "$dir"/wheel/actopd-*-py3-none-any.whl "$dir/installed" &&
		[ -f "$dir/installed/actopd/py.typed" ] &&
		PYTHONPATH=$dir/installed "$1" -c 'import actopd; print(actopd.__version__)' >"$dir/version" &&
		grep -qx "$(sed -n 's/^version = "\(.*\)"/\1/p' client/python/pyproject.toml)" "$dir/version"
}
builder=
for python in python3 /usr/bin/python3; do
	if [ -z "$builder" ] && "$python" -c 'import sys, setuptools, wheel, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
		builder=$python
	fi
done
if [ -z "$builder" ]; then
	not_run 'no Python with pip, setuptools and wheel is here: no wheel was built'
elif wheel "$builder"; then
	passed=$((passed + 1))
else
	cat "$dir/log" >&2
	echo 'python: the wheel cannot be built, or does not work' >&2
	failed=$((failed + 1))
fi

if ! command -v mypy >/dev/null 2>&1; then
	not_run 'no mypy is here: the types were not checked'
elif mypy --strict --python-version 3.11 --cache-dir "$dir/mypy" --config-file client/python/pyproject.toml client/python/src >"$dir/log" 2>&1; then
	passed=$((passed + 1))
else
	cat "$dir/log" >&2
	failed=$((failed + 1))
fi
echo "python: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
