/* SPDX-License-Identifier: MIT */
#include "client/holes.h"

#include <string.h>

static const struct {
	const char *flag, *why;
	bool boot; /* the monotonic clock began anew */
} hole_flags[] = {
	{ "boot", "boot", true }, { "restart", "restart", false }, { "wake", "sleep", false },
	{ "start", NULL, true }, /* nothing is known of the time before */
};

#define HOLE_FLAGS (sizeof(hole_flags) / sizeof(*hole_flags))

/* HOLE_FLAGS = none. */
static size_t hole_find(const struct message *row)
{
	size_t found = HOLE_FLAGS;

	for (const struct node *n = node_first(message_at(row, "flags")); n; n = node_next(n))
		for (size_t i = 0; i < found; i++)
			if (node_text(n) && strcmp(node_text(n), hole_flags[i].flag) == 0)
				found = i;
	return found;
}

bool holes_has_flag(const struct message *row)
{
	return hole_find(row) < HOLE_FLAGS;
}

bool holes_take(struct holes *holes, const struct message *row, struct hole *hole)
{
	struct holes before = *holes;
	size_t i = hole_find(row);
	double covered_ms = 0;

	*holes = (struct holes){ true, message_int(row, "ts_ms", 0),
		message_int(row, "mono_ms", 0) };
	if (i == HOLE_FLAGS || !before.has_last || !hole_flags[i].why)
		return false;
	if (!node_number(message_at(row, "dt_ms"), &covered_ms))
		covered_ms = 0;
	hole->why = hole_flags[i].why;
	hole->ms = hole_flags[i].boot ? holes->ts_ms - before.ts_ms
				      : holes->mono_ms - before.mono_ms;
	hole->ms -= (int64_t)covered_ms;
	if (hole->ms < 0)
		hole->ms = 0;
	return true;
}
