/* SPDX-License-Identifier: MIT */
#ifndef GATHER_H
#define GATHER_H

#include <math.h>

/*
 * What is gathered of one series over a stretch of time.  Absent values are left out; a mean
 * weighs each by the time it stands for.  Inline: one call per value of every sample.
 */
struct gathered {
	double weighted, weight, min, max, last;
};

/* A macro, so that an array can be filled as fast as it goes. */
#define GATHERED_NOTHING ((struct gathered){ 0, 0, NAN, NAN, NAN })

static inline void gather_value(struct gathered *g, double x, double weight)
{
	if (isnan(x))
		return;
	if (g->weight == 0 || x < g->min)
		g->min = x;
	if (g->weight == 0 || x > g->max)
		g->max = x;
	g->last = x;
	g->weighted += x * weight;
	g->weight += weight;
}

/* Adds what was gathered over a later stretch. */
static inline void gather_more(struct gathered *g, const struct gathered *more)
{
	if (more->weight == 0)
		return;
	if (g->weight == 0 || more->min < g->min)
		g->min = more->min;
	if (g->weight == 0 || more->max > g->max)
		g->max = more->max;
	g->last = more->last;
	g->weighted += more->weighted;
	g->weight += more->weight;
}

static inline double gathered_mean(const struct gathered *g)
{
	return g->weight > 0 ? g->weighted / g->weight : NAN;
}

#endif
