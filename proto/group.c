/* SPDX-License-Identifier: MIT */
#include "proto/group.h"

#include <math.h>
#include <string.h>

#define GROUP_ROW(id, name, unit, decimals) { name, unit, decimals },

static const struct {
	const char *name;
	enum unit unit;
	int decimals;
} group_rows[GROUP_FUNCTION_COUNT] = { GROUP_FUNCTIONS(GROUP_ROW) };

const char *group_function_name(enum group_function function)
{
	return group_rows[function].name;
}

enum unit group_unit(enum group_function function)
{
	return group_rows[function].unit;
}

int group_decimals(enum group_function function)
{
	return group_rows[function].decimals;
}

enum group_function group_function_find(const char *name, size_t length)
{
	unsigned i = 0;

	while (i < GROUP_FUNCTION_COUNT &&
		!(strlen(group_rows[i].name) == length &&
			memcmp(group_rows[i].name, name, length) == 0))
		i++;
	return (enum group_function)i;
}

bool group_is_rate(enum group_function function)
{
	return function == GROUP_CPU || function == GROUP_GPU || function == GROUP_WATTS;
}

void group_count_add(struct group_count *count, double value)
{
	count->all++;
	if (isnan(value))
		return;
	count->known++;
	count->sum += value;
}

struct group_sum group_count_end(const struct group_count *count, bool complete)
{
	if (count->all && !count->known)
		return (struct group_sum){ NAN, false };
	return (struct group_sum){ count->sum, count->known < count->all || !complete };
}
