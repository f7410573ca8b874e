#!/bin/sh
# Older versions of both programs, as they were recorded.
PYTHONPATH=tests/compat PYTHONDONTWRITEBYTECODE=1 exec python3 tests/compat/compat.py "${BUILD:-build/plain}"
