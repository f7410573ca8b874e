#!/bin/sh
exec python3 tests/e2e/serve.py "${BUILD:-build/plain}"
