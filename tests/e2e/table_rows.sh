#!/bin/sh
# Every row of the table in PROTOCOL.md 2.17 has a test that bears its number, and every error code
# a test that expects it.
set -u
missing=0
rows=$(sed -n '/^### 2.17/,$s/^| \([0-9][0-9]*b\{0,1\}\) |.*/\1/p' proto/PROTOCOL.md)
for row in $rows; do
	grep -q "^case $row: " tests/conform/*.txt && continue
	grep -q "^    \"\"\"$row: " tests/e2e/table.py && continue
	grep -qi "[ *]case ${row}[,:]" tests/conform/*.h && continue
	echo "FAILED: no test is named after case $row" >&2
	missing=$((missing + 1))
done
codes=$(sed -n 's/^ERROR([A-Z_]*, *"\([a-z_]*\)".*/\1/p' proto/errors.def)
for code in $codes; do
	grep -q "code[^a-z]*$code\\\\*\"" tests/conform/* tests/unit/*.c && continue
	echo "FAILED: no test expects the error $code" >&2
	missing=$((missing + 1))
done
echo "table_rows: $(echo "$rows" | wc -l | tr -d ' ') cases, $(echo "$codes" | wc -l | tr -d ' ') codes, $missing without a test"
[ "$missing" -eq 0 ]
