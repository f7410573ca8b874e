#!/bin/sh
# The daemon of another machine through ssh, whose part a script plays that runs what it is told here.
# shellcheck source=tests/e2e/lib.sh
. tests/e2e/lib.sh

mkdir "$dir/bin"
cat >"$dir/bin/ssh" <<'END'
#!/bin/sh
printf '%s\n' "$*" >>"$SSH_SEEN"
[ "$1" = -T ] && shift
[ "$1" = -p ] && shift 2
shift # --
case $1 in
away) echo 'ssh: connect to host away port 22: No route to host' >&2 && exit 255 ;;
bare) exit 127 ;;
stuck) exec sleep 60 ;;
esac
shift
PATH=$SSH_PATH exec sh -c "$1"
END
chmod +x "$dir/bin/ssh"
SSH_SEEN=$dir/seen
SSH_PATH=$(cd "$build" && pwd):$PATH
PATH=$dir/bin:$PATH
export SSH_SEEN SSH_PATH PATH
: >"$SSH_SEEN"

there() {
	timeout 20 "$build"/actopctl -H ssh://me@there -S "$socket" "$@" >"$dir/out" 2>"$dir/err"
}
exits() {
	wanted=$1
	shift
	"$@"
	got=$?
	[ "$got" -eq "$wanted" ] || {
		echo "exit $got" >&2
		cat "$dir/err" >&2
		return 1
	}
}
start --interval 100ms

case_is 'a daemon elsewhere'
check 'is asked' exits 0 there now -f load_1m -o json
check 'and answers' grep -q '"load_1m":[0-9]' "$dir/out"
check 'through one command' equal "$(cat "$SSH_SEEN")" "-T -- me@there actopctl proxy --socket '$socket'"
check 'tells the past, then goes on' exits 0 there watch --since 300ms --interval 100ms -n 6 -f load_1m -o json
check 'without a gap' equal "$(jq -s '[.[] | select(.type == "sample") | .seq] | .[-1] - .[0]' "$dir/out")" 5
check 'is scraped' exits 0 there metrics
check 'with its samples' grep -q '^actop_sample_age_seconds ' "$dir/out"
check 'at the port that is named' exits 0 timeout 20 "$build"/actopctl -H 'ssh://[::1]:2222' \
	-S "$socket" ping
check 'as ssh takes it' equal "$(tail -n 1 "$SSH_SEEN")" "-T -p 2222 -- ::1 actopctl proxy --socket '$socket'"

case_is 'what can go wrong'
elsewhere() {
	timeout 20 "$build"/actopctl -H "ssh://$1" --timeout 300ms ping >"$dir/out" 2>"$dir/err"
}
check 'no way there' exits 3 elsewhere away
check 'is told by ssh and by us' equal "$(wc -l <"$dir/err")" 2
check 'nor for metrics' exits 3 timeout 20 "$build"/actopctl -H ssh://away metrics
check 'no actopctl there' exits 3 elsewhere bare
check 'is told' grep -q 'bare: actopctl is not there' "$dir/err"
check 'an ssh that is stuck ends with the timeout' exits 124 elsewhere stuck
check 'no daemon there' exits 3 sh -c "timeout 20 '$build/actopctl' -H ssh://there -S '$dir/none' ping 2>'$dir/err'"
check 'is told by both' grep -q 'no actopd answers on ssh://there' "$dir/err"
for url in ssh:// http://there ssh://-oProxyCommand=x 'ssh://a b' ssh://a:0 ssh://a:99999 'ssh://a;b'; do
	check "$url is a usage error" exits 2 sh -c "'$build/actopctl' -H '$url' ping 2>'$dir/err'"
done

case_is 'proxy'
check 'carries requests and answers until the end' equal \
	"$(printf '{"op":"ping","id":1}\n{"op":"ping","id":2}\n' | "$build"/actopctl -S "$socket" proxy | jq -c .id | tr '\n' ,)" 1,2,
check 'ends with its reader' exits 0 sh -c "(echo '{\"op\":\"subscribe\",\"interval_ms\":100}' && sleep 2) |
	timeout 10 '$build/actopctl' -S '$socket' proxy 2>'$dir/err' | head -n 3 >/dev/null"
check 'leaves nobody connected' until_true 5 sh -c "'$build/actopctl' -S '$socket' status -o json | jq -e '.clients.now == 1'"
check 'ends' stop
daemon=
finish
