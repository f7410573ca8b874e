#!/bin/sh
exec python3 tests/e2e/workflow.py
