/* SPDX-License-Identifier: MIT */
#include "client/watch/events.h"

#include <stdio.h>
#include <string.h>

#include "client/event.h"

static struct happened *events_slot(struct events *e)
{
	if (e->count < HAPPENED_MAX)
		return &e->items[e->count++];
	e->first = (e->first + 1) % HAPPENED_MAX;
	return &e->items[(e->first + HAPPENED_MAX - 1) % HAPPENED_MAX];
}

const struct happened *events_at(const struct events *e, unsigned i)
{
	return &e->items[(e->first + i) % HAPPENED_MAX];
}

static bool events_has(const struct events *e, int64_t eseq)
{
	for (unsigned i = e->count; i-- > 0;)
		if (events_at(e, i)->eseq == eseq)
			return true;
	return false;
}

static void events_describe(struct happened *h, const struct message *m)
{
	struct buf text;
	const char *word = message_text(m, "kind");

	snprintf(h->kind, sizeof(h->kind), "%.*s", (int)sizeof(h->kind) - 1, word ? word : "");
	word = message_text(m, "rule");
	snprintf(h->rule, sizeof(h->rule), "%.*s", RULE_MAX - 1, word ? word : "");
	word = message_text(m, "state");
	h->firing = word && strcmp(word, "firing") == 0;
	h->what = strcmp(h->kind, "alert") == 0 ? HAPPENING_ALERT
		: strcmp(h->kind, "mark") == 0	? HAPPENING_MARK
						: HAPPENING_OTHER;
	buf_init(&text, 1024);
	event_describe(m, &text);
	snprintf(h->text, sizeof(h->text), "%.*s", (int)text.len, text.data ? text.data : "");
	buf_fini(&text);
}

/* What fires is told first, also where what happened before it is yet to come. */
static void events_sort(struct events *e)
{
	for (unsigned i = e->count; i-- > 1;) {
		struct happened *newer = &e->items[(e->first + i) % HAPPENED_MAX];
		struct happened *older = &e->items[(e->first + i - 1) % HAPPENED_MAX];
		struct happened swap = *older;

		if (older->eseq <= newer->eseq)
			return;
		*older = *newer;
		*newer = swap;
	}
}

void events_take(struct events *e, const struct message *m)
{
	int64_t eseq = message_int(m, "eseq", 0);
	struct happened *h;

	if (events_has(e, eseq))
		return;
	h = events_slot(e);
	*h = (struct happened){ .eseq = eseq, .ts_ms = message_int(m, "ts_ms", 0) };
	events_describe(h, m);
	events_sort(e);
}

unsigned events_until(const struct events *e, int64_t ts_ms)
{
	unsigned n = e->count;

	while (n > 0 && events_at(e, n - 1)->ts_ms > ts_ms)
		n--;
	return n;
}

/* Whether nothing newer than the one at place i, before n, says how its rule stands. */
static bool events_is_last(const struct events *e, unsigned i, unsigned n)
{
	for (unsigned k = i + 1; k < n; k++)
		if (events_at(e, k)->what == HAPPENING_ALERT &&
			strcmp(events_at(e, k)->rule, events_at(e, i)->rule) == 0)
			return false;
	return true;
}

unsigned events_firing(
	const struct events *e, int64_t ts_ms, const struct happened **to, unsigned max)
{
	unsigned n = events_until(e, ts_ms), found = 0;

	for (unsigned i = n; i-- > 0 && found < max;) {
		const struct happened *h = events_at(e, i);

		if (h->what == HAPPENING_ALERT && h->firing && events_is_last(e, i, n))
			to[found++] = h;
	}
	return found;
}
