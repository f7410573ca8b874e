/* SPDX-License-Identifier: MIT */
#ifndef GROUP_H
#define GROUP_H

#include <stdbool.h>
#include <stddef.h>

#include "proto/metric.h"

/*
 * What a condition may ask of a group of processes: those whose name, or else command line, a
 * regular expression matches (proto/matcher.h).  "footprint(ollama|mlx)" is the sum over all of
 * them.
 */

/* GROUP_FUNCTIONS(X) is X(id, "name", unit, decimals). */
#define GROUP_FUNCTIONS(X) \
	X(GROUP_FOOTPRINT, "footprint", UNIT_BYTE, \
		0) /* their own, that of the GPU included */ \
	X(GROUP_RSS, "rss", UNIT_BYTE, 0) \
	X(GROUP_CPU, "cpu", UNIT_PERCENT, 2) /* of one core */ \
	X(GROUP_GPU, "gpu", UNIT_PERCENT, 2) \
	X(GROUP_WATTS, "watts", UNIT_WATT, 3) \
	X(GROUP_COUNT, "count", UNIT_ONE, 0) /* how many there are */
#define GROUP_ID(id, name, unit, decimals) id,
enum group_function { GROUP_FUNCTIONS(GROUP_ID) GROUP_FUNCTION_COUNT };

#define GROUP_MATCH_MAX 128		      /* bytes of the expression */
#define GROUP_TEXT_MAX (GROUP_MATCH_MAX + 16) /* with the function around it, NUL included */

/*
 * A sum.  NaN when it is not known; 0 when there is nobody to be counted.  partial: of some of
 * them it is not known, so that the sum is at least so much.
 */
struct group_sum {
	double value;
	bool partial;
};

struct group {
	enum group_function function;
	char match[GROUP_MATCH_MAX + 1];
	char text[GROUP_TEXT_MAX]; /* as a condition names it */
	struct group_sum sum;	   /* the newest */
};

const char *group_function_name(enum group_function function);
enum unit group_unit(enum group_function function);
int group_decimals(enum group_function function);

/* The function of that name, length bytes; GROUP_FUNCTION_COUNT = there is none. */
enum group_function group_function_find(const char *name, size_t length);

/* Whether differences between two looks at the processes are needed for it. */
bool group_is_rate(enum group_function function);

/* A sum while it is made, zeroed at first. */
struct group_count {
	double sum;
	unsigned known, all;
};

/* Adds one process; NaN = it is not known of that one. */
void group_count_add(struct group_count *count, double value);

/* complete: there is nobody who was not looked at. */
struct group_sum group_count_end(const struct group_count *count, bool complete);

#endif
