/* SPDX-License-Identifier: MIT */
#include "daemon/source/darwin/residency.h"

bool residency_add_state(struct residency *r, const char *name)
{
	unsigned entry;

	if (r->count == RESIDENCY_STATES_MAX)
		return false;
	r->class[r->count] = channel_parse_state(name, &entry);
	r->entry[r->count] = entry < UINT8_MAX ? (uint8_t)entry : UINT8_MAX;
	r->count++;
	return true;
}

unsigned residency_actives(const struct residency *r)
{
	unsigned n = 0;

	for (unsigned i = 0; i < r->count; i++)
		n += r->class[i] == STATE_ACTIVE;
	return n;
}

void residency_feed(struct residency *r, const int64_t *ticks)
{
	bool readable = true;

	r->valid = r->started;
	for (unsigned i = 0; i < r->count; i++) {
		readable = readable && ticks[i] >= 0;
		r->valid = r->valid && ticks[i] >= r->last[i];
		r->spent[i] = readable && r->valid ? ticks[i] - r->last[i] : 0;
		r->last[i] = ticks[i];
	}
	r->valid = r->valid && readable;
	r->started = readable;
}

void residency_drop(struct residency *r)
{
	r->started = r->valid = false;
}

/* Thirds of the table by place: of 5 entries 0 and 1 are low, 2 and 3 middle, 4 high. */
static unsigned third_of(unsigned entry, unsigned entries)
{
	unsigned third = entry * 3 / entries;

	return third > 2 ? 2 : third;
}

static void sum_state(const struct residency *r, unsigned i, const struct dvfs_table *table,
	struct residency_sum *sum)
{
	unsigned entries = table && table->count ? table->count : residency_actives(r);
	double spent = (double)r->spent[i];

	sum->total += spent;
	if (r->class[i] != STATE_ACTIVE)
		return;
	sum->active += spent;
	sum->thirds[third_of(r->entry[i], entries)] += spent;
	if (table && r->entry[i] < table->count)
		sum->weighted += table->mhz[r->entry[i]] * spent;
	else if (r->spent[i] > 0)
		sum->outside = true;
}

bool residency_sum(
	const struct residency *r, const struct dvfs_table *table, struct residency_sum *sum)
{
	double before = sum->total;

	if (!r->valid)
		return false;
	for (unsigned i = 0; i < r->count; i++)
		sum_state(r, i, table, sum);
	return sum->total > before;
}

bool residency_has_idled(const struct residency *r)
{
	for (unsigned i = 0; i < r->count; i++)
		if (r->class[i] == STATE_IDLE && r->last[i] > 0)
			return true;
	return false;
}
