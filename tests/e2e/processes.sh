#!/bin/sh
# Processes of this machine, through the daemon.
# shellcheck source=tests/e2e/lib.sh
. tests/e2e/lib.sh

start
case_is 'a steady load, fifty subscribers, command lines, pids that come and go'
check 'all as it should be' timeout 120 python3 tests/e2e/processes.py "$socket" "$daemon"
check 'the daemon ends well' stop
finish
