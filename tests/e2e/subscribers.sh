#!/bin/sh
# A hundred subscribers, one of them stopped.
# shellcheck source=tests/e2e/lib.sh
. tests/e2e/lib.sh

start --interval 100ms --history 100ms:1m
case_is 'a hundred subscribers of which one is stopped'
check 'get every sample, and the stopped one what it missed' \
	timeout 60 python3 tests/e2e/subscribers.py "$socket" "$daemon"
check 'leave a daemon that ends in order' stop
finish
