#!/bin/sh
# The n-th call fails.
BUILD=${BUILD:-build/plain} exec python3 tests/e2e/fault.py
