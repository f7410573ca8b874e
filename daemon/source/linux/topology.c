/* SPDX-License-Identifier: MIT */
#include "daemon/source/linux/topology.h"

#include <string.h>

#include "daemon/source/linux/file.h"
#include "daemon/source/linux/procfile.h"
#include "proto/alloc.h"

#define TOPOLOGY_CPU "%s/sys/devices/system/cpu/cpu%u/"
#define TOPOLOGY_TIER_PERCENT 95 /* of the top capacity, still the top tier */
#define TOPOLOGY_STAT_MAX 262144 /* of /proc/stat, to find CPUs in */

/* Numbers come in rising order from the kernel; what does not rise is left out. */
static void topology_add(void *arg, unsigned number)
{
	struct topology *t = arg;

	if (t->count == TOPOLOGY_MAX || (t->count > 0 && t->number[t->count - 1] >= number))
		return;
	t->cluster[t->count] = -1;
	t->number[t->count++] = number;
}

static void topology_load_stat(struct topology *t, const char *root)
{
	char *buf = xcalloc(1, TOPOLOGY_STAT_MAX);
	int n = file_load(buf, TOPOLOGY_STAT_MAX, "%s/proc/stat", root);
	struct text file = text_of(buf, n < 0 ? 0 : (size_t)n), line;
	struct procfile_cpu cpu;

	while (text_take_line(&file, &line, true))
		if (procfile_parse_cpu(line, &cpu))
			topology_add(t, cpu.number);
	free(buf);
}

struct topology_mark {
	struct topology *topology;
	char kind;
};

static void topology_mark(void *arg, unsigned number)
{
	struct topology_mark *mark = arg;
	int core = topology_find(mark->topology, number);

	if (core >= 0)
		mark->topology->kind[core] = mark->kind;
}

/* Marks the cores of one PMU of a hybrid Intel; false when there is no such PMU. */
static bool topology_mark_pmu(struct topology *t, const char *root, const char *pmu, char kind)
{
	struct topology_mark mark = { t, kind };
	char list[4096];
	int n = file_load(list, sizeof(list), "%s/sys/devices/%s/cpus", root, pmu);

	if (n <= 0)
		return false;
	procfile_parse_list(text_of(list, (size_t)n), TOPOLOGY_NUMBERS, topology_mark, &mark);
	return true;
}

static bool topology_mark_hybrid(struct topology *t, const char *root)
{
	if (!file_exists("%s/sys/devices/cpu_core/cpus", root) ||
		!topology_mark_pmu(t, root, "cpu_atom", 'E'))
		return false;
	topology_mark_pmu(t, root, "cpu_lowpower", 'E');
	return topology_mark_pmu(t, root, "cpu_core", 'P');
}

static void topology_mark_capacity(struct topology *t, const char *root)
{
	int64_t *capacity = xcalloc(t->count + 1, sizeof(*capacity)), top = 0, low = INT64_MAX;
	unsigned known = 0;

	for (; known < t->count; known++) {
		if (file_load_number(&capacity[known], TOPOLOGY_CPU "cpu_capacity", root,
			    t->number[known]) < 0)
			break;
		if (capacity[known] <= 0 || capacity[known] > INT32_MAX)
			break;
		top = capacity[known] > top ? capacity[known] : top;
		low = capacity[known] < low ? capacity[known] : low;
	}
	if (known > 0 && known == t->count && low * 100 < top * TOPOLOGY_TIER_PERCENT)
		for (unsigned i = 0; i < t->count; i++)
			t->kind[i] =
				capacity[i] * 100 < top * TOPOLOGY_TIER_PERCENT ? 'E' : 'P';
	free(capacity);
}

unsigned topology_load(struct topology *t, const char *root)
{
	char list[4096];
	int n = file_load(list, sizeof(list), "%s/sys/devices/system/cpu/present", root);

	memset(t, 0, sizeof(*t));
	if (n > 0)
		procfile_parse_list(
			text_of(list, (size_t)n), TOPOLOGY_NUMBERS, topology_add, t);
	if (t->count == 0)
		topology_load_stat(t, root);
	if (!topology_mark_hybrid(t, root))
		topology_mark_capacity(t, root);
	return t->count;
}

static int topology_find_cluster(
	const struct topology *t, const int group[TOPOLOGY_MAX], unsigned core)
{
	for (unsigned i = 0; i < core; i++)
		if (t->kind[i] == t->kind[core] && group[i] == group[core])
			return t->cluster[i];
	return -1;
}

void topology_group(struct topology *t, const int group[TOPOLOGY_MAX])
{
	for (unsigned i = 0; i < t->count; i++) {
		if (!t->kind[i])
			continue;
		t->cluster[i] = topology_find_cluster(t, group, i);
		if (t->cluster[i] >= 0)
			continue;
		t->cluster_kind[t->clusters] = t->kind[i];
		t->cluster[i] = (int)t->clusters++;
	}
}

void topology_load_packages(const struct topology *t, const char *root, int group[TOPOLOGY_MAX])
{
	for (unsigned i = 0; i < t->count; i++) {
		int64_t package;
		int rc = file_load_number(&package, TOPOLOGY_CPU "topology/physical_package_id",
			root, t->number[i]);

		group[i] = rc == 0 && package >= 0 && package < INT32_MAX ? (int)package : -1;
	}
}

int topology_find(const struct topology *t, unsigned number)
{
	unsigned low = 0, high = t->count;

	while (low < high) {
		unsigned middle = (low + high) / 2;

		if (t->number[middle] < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low < t->count && t->number[low] == number ? (int)low : -1;
}
