/* SPDX-License-Identifier: MIT */
#include "daemon/alert.h"
#include "daemon/describe.h"

/* "pending": its condition holds, but not for long enough yet. */
static const char *alert_state(const struct alert *alert)
{
	return alert->firing ? "firing" : alert->since_ts_ms ? "pending" : "ok";
}

static void put_rule(const struct alert *alert, struct json *j)
{
	const struct rule *rule = alert->rule;

	json_object_open(j);
	json_kv_string(j, "rule", rule->name);
	json_kv_string(j, "state", alert_state(alert));
	json_kv_string(j, "severity", severity_words[rule->severity]);
	json_kv_string(j, "when", rule->when_text);
	json_kv_string(j, "clear", rule->clear_text);
	json_kv_uint(j, "for_ms", rule->for_ms);
	json_kv_uint(j, "hold_ms", rule->hold_ms);
	/* Whether, not what: its words may not be for everybody who may ask. */
	json_kv_bool(j, "exec", rule->exec != NULL);
	json_object_close(j);
}

void describe_rules(const struct alerts *alerts, struct json *j)
{
	const struct alert *alert;

	json_key(j, "rules");
	json_array_open(j);
	for (unsigned i = 0; (alert = alerts_get(alerts, i)) != NULL; i++)
		put_rule(alert, j);
	json_array_close(j);
}
