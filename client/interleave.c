/* SPDX-License-Identifier: MIT */
#include "client/interleave.h"

#include <string.h>

#define INTERLEAVE_MAX 100000 /* the newest so many events */

void interleave_init(struct interleave *i, struct view *view)
{
	*i = (struct interleave){ .view = view };
	tail_init(&i->lines, INTERLEAVE_MAX);
}

void interleave_fini(struct interleave *i)
{
	tail_fini(&i->lines);
}

static int interleave_take(void *arg, const struct message *m)
{
	struct interleave *i = arg;

	tail_add(&i->lines, m->line, m->length);
	return 0;
}

int interleave_fetch(struct interleave *i, const struct pages *rows)
{
	struct pages events = *rows;

	if (!i->view)
		return 0;
	events.range = i->range;
	events.events = true;
	events.take = interleave_take;
	events.arg = i;
	return pages_walk(&events);
}

/* Takes the events up to a moment from the list, and prints those that are not before from. */
static void interleave_until(struct interleave *i, int64_t from_ms, int64_t until_ms)
{
	for (; i->next < i->lines.count; i->next++) {
		const char *line = tail_get(&i->lines, i->next);
		struct message m;
		int64_t ts_ms;

		if (message_parse(&m, line, strlen(line)) < 0)
			continue;
		ts_ms = message_int(&m, "ts_ms", 0);
		if (ts_ms >= from_ms && ts_ms <= until_ms)
			view_event(i->view, &m);
		message_free(&m);
		if (ts_ms > until_ms)
			break;
	}
}

void interleave_row(struct interleave *i, const struct message *row)
{
	int64_t ts_ms = message_int(row, "ts_ms", 0);
	double dt_ms = 0;

	if (!i->view)
		return;
	if (!i->begun)
		node_number(message_at(row, "dt_ms"), &dt_ms);
	interleave_until(i, i->begun ? INT64_MIN : ts_ms - (int64_t)dt_ms, ts_ms);
	i->begun = true;
}

void interleave_end(struct interleave *i)
{
	if (i->view && i->begun)
		interleave_until(i, INT64_MIN, INT64_MAX);
}
