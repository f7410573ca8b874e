/* SPDX-License-Identifier: MIT */
#include "daemon/firing.h"

#include <string.h>

#include "proto/alloc.h"

static void alert_fini(struct firing_alert *alert)
{
	free(alert->rule);
	free((char *)alert->event.details);
}

void firing_fini(struct firing *firing)
{
	for (unsigned i = 0; i < firing->count; i++)
		alert_fini(&firing->alerts[i]);
	free(firing->alerts);
	*firing = (struct firing){ 0 };
}

/* Index of the rule; count when it does not fire. */
static unsigned firing_find(const struct firing *firing, const char *rule)
{
	unsigned i = 0;

	while (i < firing->count && strcmp(firing->alerts[i].rule, rule) != 0)
		i++;
	return i;
}

void firing_add(struct firing *firing, const char *rule, const struct event *event)
{
	struct firing_alert *alert;

	if (firing_find(firing, rule) < firing->count || firing->count == FIRING_MAX)
		return;
	firing->alerts = xrealloc(firing->alerts, firing->count + 1, sizeof(*firing->alerts));
	alert = &firing->alerts[firing->count++];
	alert->rule = xstrdup(rule);
	alert->event = *event;
	alert->event.details = xstrdup(event->details);
	firing->generation++;
}

void firing_remove(struct firing *firing, const char *rule)
{
	unsigned i = firing_find(firing, rule);

	if (i == firing->count)
		return;
	alert_fini(&firing->alerts[i]);
	memmove(&firing->alerts[i], &firing->alerts[i + 1],
		(firing->count - i - 1) * sizeof(*firing->alerts));
	firing->count--;
	firing->generation++;
}
