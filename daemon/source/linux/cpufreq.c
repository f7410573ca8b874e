/* SPDX-License-Identifier: MIT */
#include "daemon/source/linux/cpufreq.h"

#include <math.h>
#include <time.h>

#include "daemon/source/linux/procfile.h"
#include "proto/alloc.h"

#define CPUFREQ_PATH "%s/sys/devices/system/cpu/cpufreq"
#define CPUFREQ_KHZ 1000.0 /* the unit of the files, per MHz */

struct cpufreq_member {
	struct cpufreq *freq;
	const struct topology *topology;
};

static void cpufreq_add_core(void *arg, unsigned number)
{
	struct cpufreq_member *member = arg;
	int core = topology_find(member->topology, number);

	if (core < 0)
		return;
	member->freq->of[core] = (int)member->freq->count;
	member->freq->policies[member->freq->count].cores++;
}

static void cpufreq_add_policy(struct cpufreq *freq, const struct topology *topology,
	const char *root, const char *name)
{
	struct cpufreq_policy *policy = &freq->policies[freq->count];
	struct cpufreq_member member = { freq, topology };
	char list[4096];
	int64_t khz;
	int n = file_load(list, sizeof(list), CPUFREQ_PATH "/%s/related_cpus", root, name);

	*policy = (struct cpufreq_policy){ .max_mhz = NAN, .mhz = NAN };
	if (n < 0)
		return;
	procfile_parse_list(
		text_of(list, (size_t)n), TOPOLOGY_NUMBERS, cpufreq_add_core, &member);
	if (policy->cores == 0)
		return;
	file_open(&policy->cur, CPUFREQ_PATH "/%s/scaling_cur_freq", root, name);
	if (file_load_number(&khz, CPUFREQ_PATH "/%s/cpuinfo_max_freq", root, name) == 0 &&
		khz > 0)
		policy->max_mhz = (double)khz / CPUFREQ_KHZ;
	freq->shared = freq->shared || policy->cores > 1;
	freq->count++;
}

void cpufreq_open(struct cpufreq *freq, const struct topology *topology, const char *root)
{
	struct names names;

	*freq = (struct cpufreq){ 0 };
	for (unsigned i = 0; i < TOPOLOGY_MAX; i++)
		freq->of[i] = -1;
	if (names_load(&names, CPUFREQ_PATH, root) < 0)
		return;
	freq->policies = xcalloc(names.count + 1, sizeof(*freq->policies));
	for (unsigned i = 0; i < names.count; i++)
		cpufreq_add_policy(freq, topology, root, names.at[i]);
	names_free(&names);
}

void cpufreq_close(struct cpufreq *freq)
{
	for (unsigned i = 0; i < freq->count; i++)
		file_close(&freq->policies[i].cur);
	free(freq->policies);
}

static uint64_t cpufreq_now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

void cpufreq_read(struct cpufreq *freq)
{
	uint64_t start = freq->count ? cpufreq_now_ns() : 0;
	unsigned round = freq->count < CPUFREQ_ROUND_MAX ? freq->count : CPUFREQ_ROUND_MAX;

	for (unsigned i = 0; i < round; i++) {
		struct cpufreq_policy *policy = &freq->policies[freq->next];
		int64_t khz;
		int rc = file_read_number(&policy->cur, &khz);

		policy->mhz = rc == 0 && khz > 0 ? (double)khz / CPUFREQ_KHZ : NAN;
		freq->next = (freq->next + 1) % freq->count;
		if (cpufreq_now_ns() - start > CPUFREQ_BUDGET_NS)
			return;
	}
}

double cpufreq_mhz(const struct cpufreq *freq, unsigned core)
{
	return freq->of[core] < 0 ? NAN : freq->policies[freq->of[core]].mhz;
}

double cpufreq_max_mhz(const struct cpufreq *freq, unsigned core)
{
	return freq->of[core] < 0 ? NAN : freq->policies[freq->of[core]].max_mhz;
}
