#!/bin/sh
# The daemon's table of PROTOCOL.md 2.17.
BUILD=${BUILD:-build/plain} exec timeout 300 python3 tests/e2e/table.py
