/* SPDX-License-Identifier: MIT */
#include "daemon/event.h"

#include <assert.h>
#include <string.h>

#include "proto/alloc.h"

struct events {
	uint64_t head, first; /* first: nothing before it was ever here */
	struct event ring[EVENTS_MAX];
};

/* Behind the JSON of a string or of another scalar. */
static const char *scalar_end(const char *p)
{
	if (*p != '"')
		return p + strcspn(p, ",");
	for (p++; *p && *p != '"'; p++)
		p += p[0] == '\\' && p[1];
	return p + (*p == '"');
}

const char *event_member(const struct event *event, const char *key, size_t *length)
{
	size_t n = strlen(key);
	const char *p = event->details;

	while (p[0] == ',' && p[1] == '"') {
		const char *name = p + 2, *end = scalar_end(p + 1),
			   *value = end + (*end == ':');

		p = scalar_end(value);
		*length = (size_t)(p - value);
		if ((size_t)(end - name) == n + 1 && memcmp(name, key, n) == 0)
			return value;
	}
	return NULL;
}

struct events *events_new(void)
{
	struct events *events = xcalloc(1, sizeof(*events));

	events->first = 1;
	return events;
}

void events_free(struct events *events)
{
	if (!events)
		return;
	for (unsigned i = 0; i < EVENTS_MAX; i++)
		free((char *)events->ring[i].details);
	free(events);
}

static void events_put(struct events *events, const struct event *event)
{
	struct event *slot = &events->ring[(event->eseq - 1) % EVENTS_MAX];

	free((char *)slot->details);
	*slot = *event;
	slot->details = xstrdup(event->details);
	events->head = event->eseq;
}

uint64_t events_add(struct events *events, const struct event *event)
{
	struct event numbered = *event;

	if (strlen(event->details) > EVENT_DETAILS_MAX)
		return 0;
	numbered.eseq = events->head + 1;
	events_put(events, &numbered);
	return numbered.eseq;
}

void events_restore(struct events *events, const struct event *event)
{
	if (event->eseq <= events->head || strlen(event->details) > EVENT_DETAILS_MAX)
		return;
	if (events->head == 0)
		events->first = event->eseq;
	events_put(events, event);
}

void events_continue(struct events *events, uint64_t next)
{
	if (next <= events->head + 1)
		return;
	if (events->head == 0)
		events->first = next;
	events->head = next - 1;
}

uint64_t events_head(const struct events *events)
{
	return events->head;
}

uint64_t events_oldest(const struct events *events)
{
	uint64_t kept = events->head < EVENTS_MAX ? 1 : events->head - EVENTS_MAX + 1;

	return kept > events->first ? kept : events->first;
}

bool events_has(const struct events *events, uint64_t eseq)
{
	return eseq >= events_oldest(events) && eseq <= events->head &&
		events->ring[(eseq - 1) % EVENTS_MAX].eseq == eseq;
}

const struct event *events_get(const struct events *events, uint64_t eseq)
{
	assert(events_has(events, eseq));
	return &events->ring[(eseq - 1) % EVENTS_MAX];
}

uint64_t events_since_wall(const struct events *events, int64_t ts_ms)
{
	uint64_t eseq = events_oldest(events);

	while (eseq <= events->head &&
		(!events_has(events, eseq) || events_get(events, eseq)->ts_ms < ts_ms))
		eseq++;
	return eseq;
}

uint64_t events_since_mono(const struct events *events, int64_t mono_ms)
{
	uint64_t eseq = events_oldest(events);

	while (eseq <= events->head &&
		(!events_has(events, eseq) || events_get(events, eseq)->mono_ms < mono_ms))
		eseq++;
	return eseq;
}
