/* SPDX-License-Identifier: MIT */
#include "daemon/roster.h"

#include <stdlib.h>
#include <string.h>

#include "proto/alloc.h"

/* ---- queries ---- */

bool roster_query_equals(const struct roster_query *a, const struct roster_query *b)
{
	bool same_match =
		a->match && b->match ? strcmp(a->match, b->match) == 0 : a->match == b->match;

	return same_match && a->sort == b->sort && a->limit == b->limit && a->pid == b->pid &&
		a->tree == b->tree && a->user == b->user && a->viewer == b->viewer;
}

void roster_query_fini(struct roster_query *query)
{
	matcher_free(query->matcher);
	free(query->match);
	query->matcher = NULL;
	query->match = NULL;
}

unsigned roster_wants(const struct roster_query *query)
{
	unsigned want = query->tree ? PROCESS_WANT_RESPONSIBLE : 0;

	if (query->match)
		want |= PROCESS_WANT_NAME;
	if (query->sort == SORT_MEM)
		want |= PROCESS_WANT_MEMORY;
	if (query->sort == SORT_GPU || query->sort == SORT_WATTS)
		want |= PROCESS_WANT_GPU;
	return want;
}

bool roster_may_see(const struct roster_query *query, const struct process *p)
{
	return query->viewer == 0 || query->viewer == p->uid;
}

/* ---- the choice ---- */

static bool roster_fits(const struct roster_query *query, const struct process *p,
	const struct roster_commands *commands)
{
	const char *command;

	if (query->pid != ROSTER_ANY_PID && query->pid != p->pid)
		return false;
	if (query->user != PROCESS_UNKNOWN_UID && query->user != p->uid)
		return false;
	if (!query->matcher || matcher_matches(query->matcher, p->name))
		return true;
	command = roster_may_see(query, p) ? commands->get(commands->arg, p) : NULL;
	return command && matcher_matches(query->matcher, command);
}

/* Marks a process that is not yet, when the one that it belongs to is. */
static bool roster_mark_child(struct crowd *crowd, uint32_t row, int32_t of)
{
	uint32_t parent = of > 0 ? crowd_find(crowd, of) : CROWD_NOBODY;

	if (parent == CROWD_NOBODY || parent == row || !crowd->rows[parent].chosen)
		return false;
	crowd->rows[row].chosen = 1;
	return true;
}

/* Again until nothing comes to it: children mostly stand behind their parents. */
static void roster_mark_descendants(struct crowd *crowd)
{
	bool more = true;

	while (more) {
		more = false;
		for (uint32_t i = 0; i < crowd->table.count; i++) {
			const struct process *p = &crowd->table.rows[i];

			if (!crowd->rows[i].chosen)
				more |= roster_mark_child(crowd, i, p->ppid) ||
					roster_mark_child(crowd, i, p->responsible);
		}
	}
}

/* ---- the order ---- */

/* A counter as a number from -1 to 0: below everything that is known, and in order. */
static double roster_last(uint64_t counter)
{
	return counter == PROCESS_UNKNOWN ? -2 : (double)counter / 18446744073709551616.0 - 1;
}

static double roster_key(
	const struct crowd *crowd, const struct share *share, enum sort sort, uint32_t row)
{
	const struct process *p = &crowd->table.rows[row];
	enum share_quality quality;
	double key = NAN;

	switch (sort) {
	case SORT_CPU:
		key = crowd_cpu_rate(crowd, row);
		break;
	case SORT_WATTS:
		key = share_watts(share, crowd, row, &quality);
		break;
	case SORT_GPU:
		key = crowd_gpu_rate(crowd, row);
		return isnan(key) ? roster_last(p->gpu_ns) : key;
	case SORT_MEM:
		return p->footprint_bytes == PROCESS_UNKNOWN ? roster_last(p->rss_bytes)
							     : (double)p->footprint_bytes;
	default:
		return 0;
	}
	return isnan(key) ? roster_last(p->cpu_ns) : key;
}

static int pick_compare(const void *a, const void *b)
{
	const struct roster_pick *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? 1 : -1;
	return (x->pid > y->pid) - (x->pid < y->pid);
}

/* Of twice as many as are wanted the better half stays. */
static void roster_add(struct roster *roster, const struct roster_pick *pick, unsigned limit)
{
	if (roster->count == roster->capacity) {
		qsort(roster->picks, roster->count, sizeof(*roster->picks), pick_compare);
		roster->count = limit;
	}
	roster->picks[roster->count++] = *pick;
}

static void roster_sort(struct roster *roster, const struct crowd *crowd,
	const struct share *share, const struct roster_query *query)
{
	for (uint32_t i = 0; i < crowd->table.count; i++) {
		const struct process *p = &crowd->table.rows[i];
		struct roster_pick pick = { 0, p->pid, i };

		if (!crowd->rows[i].chosen)
			continue;
		roster->total++;
		roster->restricted += p->restricted;
		pick.key = roster_key(crowd, share, query->sort, i);
		roster_add(roster, &pick, query->limit);
	}
	qsort(roster->picks, roster->count, sizeof(*roster->picks), pick_compare);
	if (roster->count > query->limit)
		roster->count = query->limit;
}

void roster_choose(struct roster *roster, struct crowd *crowd, const struct share *share,
	const struct roster_query *query, const struct roster_commands *commands)
{
	*roster = (struct roster){ .capacity = 2 * query->limit };
	roster->picks = xcalloc(roster->capacity, sizeof(*roster->picks));
	for (uint32_t i = 0; i < crowd->table.count; i++)
		crowd->rows[i].chosen = roster_fits(query, &crowd->table.rows[i], commands);
	if (query->tree)
		roster_mark_descendants(crowd);
	roster_sort(roster, crowd, share, query);
}

void roster_fini(struct roster *roster)
{
	free(roster->picks);
	*roster = (struct roster){ 0 };
}
