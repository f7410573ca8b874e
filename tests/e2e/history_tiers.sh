#!/bin/sh
# Answers from coarser tiers: which tier, no hole, no row twice, the same rows as a subscription.
# shellcheck source=tests/e2e/lib.sh
. tests/e2e/lib.sh

state=$dir/state
begin() {
	"$build"/actopd --socket "$socket" --state "$1" --interval 100ms \
		--history '100ms:4s, 1s:1m, 2s:10m' 2>>"$dir/log" &
	daemon=$!
	until_true 10 has_sample
}

history() {
	ask "{\"op\":\"history\",\"close\":true,\"limit\":10000,$1}"
}

epoch_of() {
	ask '{"op":"hello","close":true}' | jq -r .epoch
}

tier_of() {
	history "$1" | grep '"reply"' | jq .tier_ms
}

# Rows cover every number from the first to the last, each once.
covers_all() {
	jq -s '[.[] | select(.type == "row")] | . as $r |
		([range(1; length)] | all($r[.].seq - $r[.].n == $r[. - 1].seq)) and length > 2' "$1" |
		grep -q true
}

case_is 'a range longer than the finest tier'
begin "$state"
epoch=$(epoch_of)
printf '%s\n' '{"op":"subscribe","interval_ms":1000,"count":9,"close":true}' |
	timeout 20 nc -U "$socket" >"$dir/stream"
check 'comes from the next one' equal "$(tier_of '"last_ms":50000')" 1000
check 'one as long as that from it, once it is full' equal "$(tier_of '"last_ms":4000')" 100
check 'a short one from the finest' equal "$(tier_of '"last_ms":2000,"step_ms":1000')" 100
history "\"after\":\"$epoch:0\",\"step_ms\":1000" >"$dir/rows"
check 'is without a hole' covers_all "$dir/rows"
check 'from the first sample on' equal "$(head -1 "$dir/rows" | jq '.seq - .n')" 0
sed -n 's/.*"epoch"/"epoch"/p' "$dir/stream" | grep '"v"' | grep '"n":10' | sed 1,2d >"$dir/lines"
sed -n 's/.*"epoch"/"epoch"/p' "$dir/rows" | grep -Fxf "$dir/lines" >"$dir/same"
check 'and its rows are what a subscription was sent' cmp "$dir/lines" "$dir/same"
check 'several of them' test "$(wc -l <"$dir/lines")" -ge 5
history "\"after\":\"$epoch:0\",\"step_ms\":2000,\"agg\":[\"min\",\"mean\",\"max\"],\"metrics\":[\"cpu_util_pct\"]" |
	grep '"row"' >"$dir/rows"
check 'with min, mean and max in order' equal "$(jq -c '.v.cpu_util_pct | select(.[0] > .[1] or .[1] > .[2])' \
	"$dir/rows" | wc -l)" 0

case_is 'pages'
after=$epoch:0
: >"$dir/rows"
while [ "$after" != null ]; do
	ask "{\"op\":\"history\",\"close\":true,\"step_ms\":1000,\"limit\":2,\"metrics\":[\"load_1m\"],\"after\":\"$after\"}" \
		>"$dir/page"
	grep '"row"' "$dir/page" >>"$dir/rows"
	after=$(grep '"reply"' "$dir/page" | jq -r .next)
done
check 'cover everything, across tiers' covers_all "$dir/rows"

case_is 'until'
middle=$(sed -n 3p "$dir/rows" | jq .ts_ms)
check 'leaves out what is not before it' equal \
	"$(history "\"since_ms\":0,\"until_ms\":$middle,\"step_ms\":1000" | grep -c '"row"')" 2
check 'and says that nothing remains' equal \
	"$(history "\"since_ms\":0,\"until_ms\":$middle,\"step_ms\":1000" | grep '"reply"' | jq .next)" null

case_is 'people'
first_of() {
	ctl history -f load_1m --json "$@" | head -1 | jq '.seq - .n'
}
check 'with a step are told everything' equal "$(first_of --step 1s)" 0
check 'with one that fits too' equal "$(first_of --step auto --stat)" 0
check 'and up to an end' equal "$(first_of --until 1s)" 0
check 'the last rows of a step reach back' equal "$(ctl history -n 7 --step 1s -f load_1m -o plain | wc -l)" 7
check 'yesterday is everything' equal "$(first_of --since yesterday)" 0
check 'without either each sample' equal "$(ctl history -f load_1m --json | jq -s 'all(.n == 1)')" true
check 'a file has everything too' ctl export --quiet --step 1s -f load_1m -o "$dir/x.ndjson"
check 'each once' covers_all "$dir/x.ndjson"

case_is 'a boot'
check 'this one has all rows' equal "$(history '"boot":0,"step_ms":1000' | head -1 | jq '.seq - .n')" 0
check 'one that was not is an error' equal "$(history '"boot":-1' | jq -r .code)" bad_value
check 'tiers are listed' equal "$(ask '{"op":"hello","close":true}' | jq -c '[.tiers[].step_ms]')" '[100,1000,2000]'
check 'how full they are is told' equal \
	"$(ask '{"op":"status","close":true}' | jq -c '[.store.tiers[] | .rows > 0, .rows_max] | tostring')" \
	'"[true,40,true,60,true,300]"'
ctl status -o table >"$dir/status"
check 'and to people' grep -q '^history   40 of 40 samples .*, [0-9]* of 60 rows of 1 s, [0-9]* of 300 rows of 2 s$' "$dir/status"
check 'and the store is described' equal "$(ask '{"op":"status","close":true}' | jq -r .store.state)" ok
check 'ends in order' stop

case_is 'the same after a restart'
begin "$state"
history "\"after\":\"$epoch:0\",\"step_ms\":1000" | grep '"row"' >"$dir/again"
grep '"n":10,' "$dir/again" | sed -n 's/.*"epoch"/"epoch"/p' | grep -Fxf "$dir/lines" >"$dir/same"
check 'row by row' cmp "$dir/lines" "$dir/same"
check 'without a hole' covers_all "$dir/again"
check 'people are told of the hole' sh -c \
	"'$build/actopctl' -S '$socket' history --step 1s -f load_1m -o table | grep -q '^gap .*, restart\$'"
check 'ends in order again' stop

case_is 'without a store'
begin none
long() {
	[ "$(tier_of '"last_ms":50000')" -eq 1000 ]
}
check 'there are tiers all the same' until_true 10 long
check 'in memory, as it says' equal "$(ask '{"op":"status","close":true}' | jq -r .store.state)" memory
check 'in another epoch' test "$(epoch_of)" != "$epoch"
check 'ends in order too' stop
finish
