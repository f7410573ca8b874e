/* SPDX-License-Identifier: MIT */
#include "client/muster.h"

#include <math.h>
#include <string.h>

#define MUSTER_OWN_MAX 16 /* shells in shells */

/* Members of a process that functions are the sum of; NULL = it counts as one. */
static const char *const muster_members[GROUP_FUNCTION_COUNT] = {
	[GROUP_FOOTPRINT] = "mem_bytes",
	[GROUP_RSS] = "rss_bytes",
	[GROUP_CPU] = "cpu_pct",
	[GROUP_GPU] = "gpu_pct",
	[GROUP_WATTS] = "watts",
};

static const struct node *muster_rows(const struct message *list)
{
	const struct node *rows = message_at(list, "rows");

	return rows ? node_first(rows) : NULL;
}

static int64_t muster_pid(const struct node *row)
{
	return node_int(node_get(row, "pid"), 0);
}

static const struct node *muster_find(const struct message *list, int64_t pid)
{
	const struct node *row = muster_rows(list);

	while (row && muster_pid(row) != pid)
		row = node_next(row);
	return row;
}

/* This process and those above it, as far as the list has them without a break. */
struct muster_own {
	int64_t pids[MUSTER_OWN_MAX];
	unsigned count;
};

static void muster_find_own(struct muster_own *own, const struct message *list, int64_t self)
{
	const struct node *row = self > 0 ? muster_find(list, self) : NULL;

	own->count = 0;
	while (row && own->count < MUSTER_OWN_MAX) {
		own->pids[own->count++] = muster_pid(row);
		row = muster_find(list, node_int(node_get(row, "ppid"), 0));
	}
}

static bool muster_is_own(const struct muster_own *own, int64_t pid)
{
	for (unsigned i = 0; i < own->count; i++)
		if (own->pids[i] == pid)
			return true;
	return false;
}

static double muster_value(const struct node *row, const char *member)
{
	double x;

	if (!member)
		return 1;
	return node_number(node_get(row, member), &x) ? x : NAN;
}

struct group_sum muster_sum(
	const struct message *list, enum group_function function, int64_t self)
{
	struct group_count count = { 0 };
	struct muster_own own;
	bool truncated = false;

	muster_find_own(&own, list, self);
	for (const struct node *row = muster_rows(list); row; row = node_next(row))
		if (!muster_is_own(&own, muster_pid(row)))
			group_count_add(&count, muster_value(row, muster_members[function]));
	node_bool(message_at(list, "truncated"), &truncated);
	return group_count_end(&count,
		!truncated && message_int(list, "total", 0) <= message_int(list, "shown", 0));
}

bool muster_has_rates(const struct message *list)
{
	double dt_ms;

	return node_number(message_at(list, "dt_ms"), &dt_ms);
}
