#!/bin/sh
exec python3 tests/e2e/plist.py "${BUILD:-build/plain}"
