/* SPDX-License-Identifier: MIT */
#include "daemon/event.h"

#include <assert.h>
#include <string.h>

#include "proto/alloc.h"

struct events {
	uint64_t head;
	struct event ring[EVENTS_MAX];
};

struct events *events_new(void)
{
	return xcalloc(1, sizeof(struct events));
}

void events_free(struct events *events)
{
	if (!events)
		return;
	for (unsigned i = 0; i < EVENTS_MAX; i++)
		free((char *)events->ring[i].details);
	free(events);
}

uint64_t events_add(struct events *events, const struct event *event)
{
	struct event *slot = &events->ring[events->head % EVENTS_MAX];

	if (strlen(event->details) > EVENT_DETAILS_MAX)
		return 0;
	free((char *)slot->details);
	*slot = *event;
	slot->details = xstrdup(event->details);
	slot->eseq = ++events->head;
	return slot->eseq;
}

uint64_t events_head(const struct events *events)
{
	return events->head;
}

uint64_t events_oldest(const struct events *events)
{
	return events->head <= EVENTS_MAX ? 1 : events->head - EVENTS_MAX + 1;
}

const struct event *events_get(const struct events *events, uint64_t eseq)
{
	assert(eseq >= events_oldest(events) && eseq <= events->head);
	return &events->ring[(eseq - 1) % EVENTS_MAX];
}

uint64_t events_since_wall(const struct events *events, int64_t ts_ms)
{
	uint64_t eseq = events_oldest(events);

	while (eseq <= events->head && events_get(events, eseq)->ts_ms < ts_ms)
		eseq++;
	return eseq;
}

uint64_t events_since_mono(const struct events *events, uint64_t mono_ms)
{
	uint64_t eseq = events_oldest(events);

	while (eseq <= events->head && events_get(events, eseq)->mono_ms < mono_ms)
		eseq++;
	return eseq;
}
