/* SPDX-License-Identifier: MIT */
#include "daemon/alarm.h"

#include "daemon/log.h"
#include "daemon/survey.h"
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

/* ---- groups of processes ---- */

/* What the rules ask of the processes is asked from now on. */
static void alarm_ask(struct alarm *alarm)
{
	struct survey *survey = alarm->hub->survey;
	struct census *census = census_new();
	const struct alert *alert;

	for (unsigned i = 0; (alert = alerts_get(alarm->alerts, i)) != NULL; i++) {
		census_add(census, alert->rule->when);
		census_add(census, alert->rule->clear);
	}
	if (census_is_empty(census)) {
		census_free(census);
		census = NULL;
	}
	if (survey && census && survey_census(survey))
		census_adopt(census, survey_census(survey));
	if (survey)
		survey_set_census(survey, census);
	else if (census)
		log_warn("alert",
			"rules ask for processes, which cannot be read here: not known");
	if (!survey)
		census_free(census);
}

static void alarm_fill(struct alarm *alarm, const struct row *row)
{
	struct survey *survey = alarm->hub->survey;
	struct census *census = survey ? survey_census(survey) : NULL;
	const struct alert *alert;
	struct instant now;

	if (!census)
		return;
	if (row->flags & ROW_FIRST)
		census_forget(census);
	alarm->hub->shell.now(alarm->hub->shell.arg, &now);
	for (unsigned i = 0; (alert = alerts_get(alarm->alerts, i)) != NULL; i++) {
		census_fill(census, alert->rule->when, now.awake_ns);
		if (alert->rule->clear)
			census_fill(census, alert->rule->clear, now.awake_ns);
	}
}

/* ---- life ---- */

void alarm_attach(struct alarm *alarm, struct hub *hub, uv_loop_t *loop)
{
	alarm->hub = hub;
	hub->alerts = alarm->alerts;
	alarm->hooks = hooks_new(loop);
	alarm_ask(alarm);
}

void alarm_step(struct alarm *alarm, uint64_t seq)
{
	const struct row *row = history_row(alarm->hub->timeline.history, seq);
	const struct transition *changes;
	unsigned count;

	chronicle_row(alarm->hub, seq);
	alarm_fill(alarm, row);
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
	alarm_ask(alarm);
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
