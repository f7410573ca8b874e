#!/bin/sh
# Compares the JSON validator with Python's json.  BUILD names the folder of the programs.
set -eu

if ! command -v python3 >/dev/null 2>&1; then
	echo 'validate_vs_python: left out, there is no python3'
	exit 0
fi
python3 tests/fuzz/validate_vs_python.py "$BUILD/corpus_validate" tests/fuzz/corpus/validate/* \
	tests/fuzz/corpus/request/*
