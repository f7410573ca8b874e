#!/bin/sh
exec python3 tests/e2e/clients.py "${BUILD:-build/plain}"
