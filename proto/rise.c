/* SPDX-License-Identifier: MIT */
#include "proto/rise.h"

#include <math.h>

#include "proto/alloc.h"

/* Values closer together than this share of the window are not kept, which bounds how many are:
 * those of the window, the one before it, and the newest. */
#define RISE_SHARES 256
#define RISE_POINTS (RISE_SHARES + 4)

struct rise_point {
	uint64_t mono_ns;
	double value;
};

struct rise {
	uint64_t window_ns;
	unsigned first, count;
	struct rise_point points[RISE_POINTS];
};

struct rise *rise_new(uint64_t window_ns)
{
	struct rise *r = xcalloc(1, sizeof(*r));

	r->window_ns = window_ns;
	return r;
}

void rise_free(struct rise *r)
{
	free(r);
}

static const struct rise_point *rise_at(const struct rise *r, unsigned i)
{
	return &r->points[(r->first + i) % RISE_POINTS];
}

static void rise_keep(struct rise *r, struct rise_point point)
{
	if (r->count > 0 &&
		point.mono_ns - rise_at(r, r->count - 1)->mono_ns < r->window_ns / RISE_SHARES)
		return;
	r->points[(r->first + r->count) % RISE_POINTS] = point;
	r->count++;
}

/* Forgets all but one of the values that are not younger than the edge of the window. */
static void rise_forget(struct rise *r, uint64_t edge_ns)
{
	while (r->count > 1 && rise_at(r, 1)->mono_ns <= edge_ns) {
		r->first = (r->first + 1) % RISE_POINTS;
		r->count--;
	}
}

static double rise_before(const struct rise *r, uint64_t edge_ns, struct rise_point newest)
{
	const struct rise_point *a = rise_at(r, 0);
	const struct rise_point *b = r->count > 1 ? rise_at(r, 1) : &newest;
	double share;

	if (b->mono_ns == a->mono_ns)
		return a->value;
	share = (double)(edge_ns - a->mono_ns) / (double)(b->mono_ns - a->mono_ns);
	return a->value + share * (b->value - a->value);
}

uint64_t rise_window_ns(const struct rise *rise)
{
	return rise->window_ns;
}

double rise_add(struct rise *r, uint64_t mono_ns, double value, bool gap)
{
	struct rise_point newest = { mono_ns, value };
	uint64_t edge_ns;
	double rise = NAN;

	if (gap || isnan(value))
		r->count = 0;
	if (isnan(value))
		return NAN;
	if (mono_ns >= r->window_ns && r->count > 0) {
		edge_ns = mono_ns - r->window_ns;
		rise_forget(r, edge_ns);
		if (rise_at(r, 0)->mono_ns <= edge_ns)
			rise = value - rise_before(r, edge_ns, newest);
	}
	rise_keep(r, newest);
	return rise;
}
