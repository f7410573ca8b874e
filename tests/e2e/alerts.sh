#!/bin/sh
# Alerts over the end of a daemon: what fired then is closed in the timeline at the next start.
# shellcheck source=tests/e2e/lib.sh
. tests/e2e/lib.sh

conf=$dir/actopd.conf
state=$dir/state
begin() {
	"$build"/actopd --socket "$socket" --state "$state" --config "$conf" --interval 100ms \
		2>>"$dir/log" &
	daemon=$!
	until_true 10 has_sample
}
end() {
	kill "-$1" "$daemon"
	wait "$daemon" 2>/dev/null
}
alerts() {
	ask '{"op":"events","kinds":["alert","start"],"last_ms":3600000,"close":true}' |
		jq -r 'select(.type == "event") | [.kind, .rule // .reason, .state // "", .reason // ""] | join(" ")'
}
fires() {
	ask '{"op":"alerts","close":true}' | jq -e '.alerts | any(.rule == "always")'
}

case_is 'an alert that fires when the daemon stops'
printf '[alert always]\nwhen = load_1m >= 0\n' >"$conf"
begin
check 'fires' until_true 10 fires
end TERM
: >"$conf"
begin
check 'is closed before the next start, for the reason that it was one' equal "$(alerts | tail -n 2)" \
	'alert always resolved restart
start restart  restart'
check 'says that its last value is not known' equal \
	"$(ask '{"op":"events","kinds":["alert"],"last_ms":3600000,"close":true}' |
		jq -c 'select(.state == "resolved") | [.metric, .value, .held_ms, .severity]')" \
	'["load_1m",null,null,"warn"]'
check 'is shown as over' sh -c "'$build/actopctl' -S '$socket' alerts --since 1h -o table |
	grep -q '^resolved *always'"
end TERM
begin
check 'is closed once' equal "$(alerts | grep -c resolved)" 1
end KILL

case_is 'an alert that goes on behind a restart'
printf '[alert always]\nwhen = load_1m >= 0\n' >"$conf"
begin
check 'fires' until_true 10 fires
end TERM
begin
check 'is pending or fires, by the list of rules' sh -c "'$build/actopctl' -S '$socket' alerts --rules -o table |
	grep -Eq '^(pending|firing|ok) +always +warn +- +- +load_1m >= 0$'"
check 'fires anew' until_true 10 fires
check 'as an alert of its own' equal "$(alerts | tail -n 3 | cut -d ' ' -f 1-3)" \
	'alert always resolved
start restart 
alert always firing'
check 'fires in the list of rules' sh -c "'$build/actopctl' -S '$socket' alerts --rules --json |
	jq -e '.rules | length == 7 and (.[] | select(.rule == \"always\") | .state == \"firing\")'"
end TERM
daemon=
finish
