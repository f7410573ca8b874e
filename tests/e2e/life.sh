#!/bin/sh
# Signals, sockets and files of a daemon.
BUILD=${BUILD:-build/plain} exec timeout 300 python3 tests/e2e/life.py
