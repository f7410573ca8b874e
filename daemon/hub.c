/* SPDX-License-Identifier: MIT */
#include "daemon/hub.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#include "daemon/event.h"
#include "proto/alloc.h"

/* A view and how many subscriptions use it. */
struct hub_view {
	struct hub_view *next;
	struct view *view;
	unsigned users;
};

static void hub_set_epoch(struct hub *hub, uint64_t epoch)
{
	hub->epoch = epoch;
	snprintf(hub->timeline.epoch, sizeof(hub->timeline.epoch), "%016" PRIx64, epoch);
}

void hub_continue(struct hub *hub, uint64_t epoch, unsigned boot, struct archive *archive)
{
	hub_set_epoch(hub, epoch);
	hub->timeline.boot = boot;
	hub->timeline.archive = archive;
	hub->first_seq = history_head(hub->timeline.history) + 1;
}

void hub_init(struct hub *hub, struct schema *schema, struct history *history, uint64_t epoch,
	unsigned base_ms, const struct hub_shell *shell)
{
	*hub = (struct hub){ .shell = *shell, .next_cid = 1 };
	hub->timeline.schema = schema;
	hub->timeline.history = history;
	hub->timeline.base_ms = base_ms;
	hub->events = events_new();
	hub->first_seq = history_head(history) + 1;
	hub_set_epoch(hub, epoch);
}

void hub_fini(struct hub *hub)
{
	assert(!hub->sessions && !hub->views);
	firing_fini(&hub->firing);
	events_free(hub->events);
}

bool hub_is_ready(const struct hub *hub)
{
	return history_head(hub->timeline.history) >= hub->first_seq;
}

int64_t hub_now_mono_ms(const struct hub *hub)
{
	struct instant now;

	hub->shell.now(hub->shell.arg, &now);
	return (int64_t)(now.mono_ns / 1000000);
}

struct view *hub_view_get(struct hub *hub, struct view_spec *spec)
{
	struct hub_view *v = hub->views;

	while (v && !view_is(v->view, spec))
		v = v->next;
	if (v) {
		free(spec->columns);
	} else {
		v = xcalloc(1, sizeof(*v));
		v->view = view_new(&hub->timeline, spec);
		v->next = hub->views;
		hub->views = v;
	}
	spec->columns = NULL;
	v->users++;
	return v->view;
}

void hub_view_put(struct hub *hub, struct view *view)
{
	struct hub_view **link = &hub->views;
	struct hub_view *v;

	while ((*link)->view != view)
		link = &(*link)->next;
	v = *link;
	if (--v->users > 0)
		return;
	*link = v->next;
	view_free(v->view);
	free(v);
}

void hub_report_fault(struct hub *hub, const char *what, char ref[HUB_REF_MAX])
{
	snprintf(ref, HUB_REF_MAX, "%04x", (unsigned)(++hub->counters.faults & 0xffffff));
	if (hub->shell.fault)
		hub->shell.fault(hub->shell.arg, ref, what);
}

void hub_stop(struct hub *hub)
{
	hub->stopping = true;
}
