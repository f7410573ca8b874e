#!/bin/sh
# Tools that nobody wrote for this: each gets a whole answer, and a stream that ends by its count.
# shellcheck source=tests/e2e/lib.sh
. tests/e2e/lib.sh

printf '%s\n' '{"op":"schema","id":1,"close":true}' >"$dir/schema"
printf '%s\n' '{"op":"subscribe","sub":"s","metrics":["load_1m"],"interval_ms":100,"count":3,"close":true}' >"$dir/stream"

# Every line is JSON, and there is a last one.
is_the_schema() {
	jq -es 'length == 1 and .[0].op == "schema" and (.[0].metrics | length > 20)' "$dir/got" >/dev/null
}
is_the_stream() {
	jq -es 'map(.type) == ["reply", "sample", "sample", "sample", "end"]' "$dir/got" >/dev/null
}

# gets NAME COMMAND...: what the command writes for each of the two requests
gets() {
	name=$1
	shift
	for what in schema stream; do
		timeout 20 "$@" <"$dir/$what" >"$dir/got"
		check "$name: the whole $what" "is_the_$what"
	done
}

start --interval 100ms --history 100ms:1m

case_is 'interop'
cat >"$dir/streams.py" <<'PYTHON'
import asyncio, sys
async def main():
    reader, writer = await asyncio.open_unix_connection(sys.argv[1])
    writer.write(sys.stdin.buffer.read())
    writer.write_eof()
    sys.stdout.buffer.write(await reader.read())
asyncio.run(main())
PYTHON
gets 'nc, which waits for the end' nc -U "$socket"
if nc -h 2>&1 | grep -q -e '-N'; then
	gets 'nc that closes its side' nc -N -U "$socket"
else
	echo 'NOT RUN: interop: nc -N, which this nc does not have' >>"${ACTOP_NOT_RUN:-/dev/stderr}"
fi
gets 'socat, which may go early' socat -t 20 - "UNIX-CONNECT:$socket"
gets 'asyncio' python3 "$dir/streams.py" "$socket"
finish
