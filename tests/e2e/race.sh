#!/bin/sh
# Many starters, many kills.
BUILD=${BUILD:-build/plain} exec python3 tests/e2e/race.py
