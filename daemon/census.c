/* SPDX-License-Identifier: MIT */
#include "daemon/census.h"

#include <string.h>

#include "proto/alloc.h"

struct census_group {
	char match[GROUP_MATCH_MAX + 1];
	struct matcher *matcher;
	struct group_count counts[GROUP_FUNCTION_COUNT];
	struct group_sum counted[GROUP_FUNCTION_COUNT], told[GROUP_FUNCTION_COUNT];
};

struct census {
	struct census_group groups[CENSUS_GROUPS_MAX];
	unsigned count, wants;
	uint64_t told_ns; /* awake time of the walk behind what is told */
};

struct census *census_new(void)
{
	return xcalloc(1, sizeof(struct census));
}

void census_free(struct census *census)
{
	for (unsigned i = 0; census && i < census->count; i++)
		matcher_free(census->groups[i].matcher);
	free(census);
}

/* ---- groups ---- */

/* Index of the group; count when it is not there. */
static unsigned census_find(const struct census *census, const char *match)
{
	unsigned i = 0;

	while (i < census->count && strcmp(census->groups[i].match, match) != 0)
		i++;
	return i;
}

static void group_forget(struct group_sum sums[GROUP_FUNCTION_COUNT])
{
	for (unsigned f = 0; f < GROUP_FUNCTION_COUNT; f++)
		sums[f] = (struct group_sum){ NAN, false };
}

static unsigned group_wants(enum group_function function)
{
	if (function == GROUP_FOOTPRINT)
		return PROCESS_WANT_MEMORY;
	return function == GROUP_GPU || function == GROUP_WATTS ? PROCESS_WANT_GPU : 0;
}

static bool census_add_group(struct census *census, const struct group *group)
{
	struct census_group *to = &census->groups[census_find(census, group->match)];
	char why[MATCHER_WHY_MAX];

	census->wants |= PROCESS_WANT_NAME | group_wants(group->function);
	if (to < census->groups + census->count)
		return true;
	if (census->count == CENSUS_GROUPS_MAX)
		return false;
	memcpy(to->match, group->match, sizeof(to->match));
	to->matcher = matcher_new(group->match, why); /* the condition was read with it */
	group_forget(to->counted);
	group_forget(to->told);
	census->count += to->matcher != NULL;
	return true;
}

bool census_add(struct census *census, const struct expr *expr)
{
	const struct group *group;
	bool room = true;

	for (unsigned i = 0; expr && (group = expr_group(expr, i)) != NULL; i++)
		room = census_add_group(census, group) && room;
	return room;
}

void census_adopt(struct census *fresh, const struct census *old)
{
	fresh->told_ns = old->told_ns;
	for (unsigned i = 0; i < fresh->count; i++) {
		unsigned at = census_find(old, fresh->groups[i].match);

		if (at < old->count)
			memcpy(fresh->groups[i].told, old->groups[at].told,
				sizeof(fresh->groups[i].told));
	}
}

bool census_is_empty(const struct census *census)
{
	return census->count == 0;
}

unsigned census_wants(const struct census *census)
{
	return census->wants;
}

/* ---- counting ---- */

static double counter(uint64_t value)
{
	return value == PROCESS_UNKNOWN ? (double)NAN : (double)value;
}

static void group_add(struct census_group *group, const struct census_walk *walk, uint32_t row)
{
	const struct process *p = &walk->crowd->table.rows[row];
	enum share_quality quality;
	const double values[GROUP_FUNCTION_COUNT] = {
		[GROUP_FOOTPRINT] = counter(p->footprint_bytes),
		[GROUP_RSS] = counter(p->rss_bytes),
		[GROUP_CPU] = 100 * crowd_cpu_rate(walk->crowd, row),
		[GROUP_GPU] = 100 * crowd_gpu_rate(walk->crowd, row),
		[GROUP_WATTS] = share_watts(walk->share, walk->crowd, row, &quality),
		[GROUP_COUNT] = 1,
	};

	for (unsigned f = 0; f < GROUP_FUNCTION_COUNT; f++)
		group_count_add(&group->counts[f], values[f]);
}

static bool group_has(
	const struct census_group *group, const struct census_walk *walk, uint32_t row)
{
	const struct process *p = &walk->crowd->table.rows[row];
	const char *command;

	if (matcher_matches(group->matcher, p->name))
		return true;
	command = walk->commands->get(walk->commands->arg, p);
	return command && matcher_matches(group->matcher, command);
}

/* By process, whose command line is read once for all groups. */
void census_count(struct census *census, const struct census_walk *walk)
{
	for (unsigned i = 0; i < census->count; i++)
		memset(census->groups[i].counts, 0, sizeof(census->groups[i].counts));
	for (uint32_t row = 0; row < walk->crowd->table.count; row++)
		for (unsigned i = 0; i < census->count; i++)
			if (group_has(&census->groups[i], walk, row))
				group_add(&census->groups[i], walk, row);
	for (unsigned i = 0; i < census->count; i++) {
		struct census_group *group = &census->groups[i];

		for (unsigned f = 0; f < GROUP_FUNCTION_COUNT; f++)
			group->counted[f] = group_count_end(&group->counts[f], walk->complete);
	}
}

/* ---- telling ---- */

void census_tell(struct census *census, uint64_t at_ns)
{
	census->told_ns = at_ns;
	for (unsigned i = 0; i < census->count; i++)
		memcpy(census->groups[i].told, census->groups[i].counted,
			sizeof(census->groups[i].told));
}

void census_forget(struct census *census)
{
	for (unsigned i = 0; i < census->count; i++)
		group_forget(census->groups[i].told);
}

void census_fill(const struct census *census, struct expr *expr, uint64_t now_ns)
{
	const struct group *group;
	bool stale = now_ns > census->told_ns + CENSUS_STALE_MS * UINT64_C(1000000);

	for (unsigned i = 0; (group = expr_group(expr, i)) != NULL; i++) {
		unsigned at = census_find(census, group->match);
		struct group_sum sum = { NAN, false };

		if (at < census->count && !stale)
			sum = census->groups[at].told[group->function];
		expr_set_group(expr, i, sum);
	}
}
