/* SPDX-License-Identifier: MIT */
#include "daemon/alarm.h"

#include "daemon/log.h"
#include "proto/alloc.h"

struct alarm {
	const struct schema *schema;
	struct alerts *alerts;
	struct hub *hub; /* NULL until attached, and so are the hooks */
	struct hooks *hooks;
};

struct alarm *alarm_new(
	const struct schema *schema, const struct config *config, struct message *why)
{
	struct alarm *alarm = xcalloc(1, sizeof(*alarm));
	struct rules rules;

	alarm->schema = schema;
	if (rules_load(&rules, config, why) < 0) {
		rules_fini(&rules);
		free(alarm);
		return NULL;
	}
	if (rules_bind(&rules, schema, why) < 0)
		log_debug("alert", "%s", why->text);
	alarm->alerts = alerts_new(&rules, schema);
	return alarm;
}

void alarm_attach(struct alarm *alarm, struct hub *hub, uv_loop_t *loop)
{
	alarm->hub = hub;
	hub->alerts = alarm->alerts;
	alarm->hooks = hooks_new(loop);
}

void alarm_step(struct alarm *alarm, uint64_t seq)
{
	const struct row *row = history_row(alarm->hub->timeline.history, seq);
	const struct transition *changes;
	unsigned count;

	chronicle_row(alarm->hub, seq);
	changes = alerts_step(alarm->alerts, row, &count);
	for (unsigned i = 0; i < count; i++) {
		chronicle_transition(alarm->hub, seq, &changes[i]);
		if (changes[i].kind == EVENT_ALERT && changes[i].rule->exec)
			hooks_run(alarm->hooks, &changes[i], alarm->schema, row);
	}
}

/* What fires in alerts that are on their way out is over: nobody looks after it any more. */
static void alarm_resolve(struct alarm *alarm, struct alerts *alerts)
{
	uint64_t seq = history_head(alarm->hub->timeline.history);
	const struct alert *alert;

	for (unsigned i = 0; (alert = alerts_get(alerts, i)) != NULL; i++) {
		struct transition over = { .kind = EVENT_ALERT,
			.rule = alert->rule,
			.held_ms = alert->held_ns / 1000000 };

		if (!alert->firing || seq == 0)
			continue;
		over.reading = alert_reading(alert);
		chronicle_transition(alarm->hub, seq, &over);
	}
}

void alarm_renew(struct alarm *alarm, const struct config *config)
{
	struct alerts *old = alarm->alerts;
	struct rules rules;
	struct message why;

	if (rules_load(&rules, config, &why) < 0) {
		log_error("alert", "%s; the old rules stay", why.text);
		rules_fini(&rules);
		return;
	}
	alarm->alerts = alerts_new(&rules, alarm->schema);
	alerts_adopt(alarm->alerts, old);
	alarm->hub->alerts = alarm->alerts;
	alarm_resolve(alarm, old);
	alerts_free(old);
}

void alarm_stop(struct alarm *alarm)
{
	if (alarm && alarm->hooks)
		hooks_stop(alarm->hooks);
}

void alarm_free(struct alarm *alarm)
{
	if (!alarm)
		return;
	alerts_free(alarm->alerts);
	hooks_free(alarm->hooks);
	free(alarm);
}
