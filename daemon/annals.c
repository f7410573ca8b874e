/* SPDX-License-Identifier: MIT */
#include "daemon/annals.h"

#include "daemon/source/source.h"

void annals_keep(struct keeper *keeper, unsigned boot, const struct event *event)
{
	struct store_event stored = { event->eseq, event->seq, event->ts_ms, boot,
		event_words[event->kind], event->details };

	keeper_add_event(keeper, &stored);
}

/* Events of earlier boots are placed by wall time. */
static int annals_take(void *arg, const struct store_event *stored)
{
	struct event event = { .eseq = stored->eseq,
		.seq = stored->seq,
		.ts_ms = stored->ts_ms,
		.boot = stored->boot,
		.details = stored->text };
	unsigned kind = words_find(event_words, EVENT_COUNT, stored->kind);
	struct instant now;

	platform_now(&now);
	event.mono_ms = (int64_t)(now.mono_ns / 1000000) - (now.wall_ms - stored->ts_ms);
	event.kind = (enum event_kind)kind;
	if (kind < EVENT_COUNT)
		events_restore(arg, &event);
	return 0;
}

void annals_load(struct keeper *keeper, struct events *events, uint64_t eseq)
{
	keeper_each_event(keeper, 0, EVENTS_MAX, annals_take, events);
	events_continue(events, eseq + 1);
}
