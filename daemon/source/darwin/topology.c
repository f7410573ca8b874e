/* SPDX-License-Identifier: MIT */
#include "daemon/source/darwin/topology.h"

#include <stdlib.h>
#include <string.h>

/* A core with a channel, while the list is being put in order. */
struct slot {
	struct core_name name;
	int channel;
	bool taken;
};

static int compare_slots(const void *left, const void *right)
{
	const struct slot *a = left, *b = right;
	int d = channel_tier(a->name.letter) - channel_tier(b->name.letter);

	if (d == 0)
		d = a->name.die - b->name.die;
	if (d == 0)
		d = (int)a->name.cluster - (int)b->name.cluster;
	return d ? d : (int)a->name.number - (int)b->name.number;
}

static unsigned fill_slots(struct slot *slots, const struct core_name *names, unsigned count)
{
	unsigned n = count < TOPOLOGY_CORES_MAX ? count : TOPOLOGY_CORES_MAX;

	for (unsigned i = 0; i < n; i++)
		slots[i] = (struct slot){ names[i], (int)i, false };
	qsort(slots, n, sizeof(*slots), compare_slots);
	return n;
}

static bool tree_is_whole(const struct topology_facts *facts, unsigned cpus)
{
	if (facts->tree_count == 0 || facts->tree_count != cpus)
		return false;
	for (unsigned i = 0; i < cpus; i++)
		if (!facts->tree[i].letter)
			return false;
	return true;
}

static struct slot *take_letter(struct slot *slots, unsigned n, char letter)
{
	for (unsigned i = 0; i < n; i++) {
		if (!slots[i].taken && slots[i].name.letter == letter) {
			slots[i].taken = true;
			return &slots[i];
		}
	}
	return NULL;
}

/* ---- kinds ---- */

/* The letters in use, slow to fast. */
static unsigned letters_used(const struct topology *t, char letters[4])
{
	unsigned used[4] = { 0 }, n = 0;

	for (unsigned i = 0; i < t->count; i++)
		if (channel_tier(t->cores[i].letter) >= 0)
			used[channel_tier(t->cores[i].letter)]++;
	for (unsigned tier = 0; tier < 4; tier++)
		if (used[tier])
			letters[n++] = "EMPS"[tier];
	return n;
}

/* Without levels only E says what it is: P may be Performance or Super. */
static char kind_of_letter(const struct topology_facts *facts, const char *letters,
	unsigned letter_count, char letter)
{
	unsigned rank = 0;

	if (facts->level_count != letter_count)
		return letter == 'E' ? 'E' : 0;
	while (rank < letter_count && letters[rank] != letter)
		rank++;
	return (char)(rank < letter_count ? facts->levels[letter_count - 1 - rank].kind : 0);
}

static unsigned levels_total(const struct topology_facts *facts)
{
	unsigned n = 0;

	for (unsigned i = 0; i < facts->level_count; i++)
		n += facts->levels[i].cores;
	return n;
}

/*
 * Neither channels nor a device tree: the slowest level has the lowest CPU numbers, as on all
 * chips so far, provided that the levels account for every CPU.
 */
static void kinds_by_level(struct topology *t, const struct topology_facts *facts)
{
	unsigned cpu = 0;

	if (levels_total(facts) != t->count)
		return;
	for (unsigned level = facts->level_count; level > 0; level--)
		for (unsigned i = 0; i < facts->levels[level - 1].cores; i++)
			t->cores[cpu++].kind = facts->levels[level - 1].kind;
}

static void set_kinds(struct topology *t, const struct topology_facts *facts)
{
	char letters[4];
	unsigned n = letters_used(t, letters);

	if (n == 0) {
		kinds_by_level(t, facts);
		return;
	}
	t->top_letter = letters[n - 1];
	for (unsigned i = 0; i < t->count; i++)
		if (t->cores[i].letter)
			t->cores[i].kind =
				kind_of_letter(facts, letters, n, t->cores[i].letter);
}

/* ---- clusters ---- */

/* What tells one cluster from another, before they are numbered. */
struct cluster_key {
	char letter;
	int die, id;
};

static int compare_keys(const void *left, const void *right)
{
	const struct cluster_key *a = left, *b = right;
	int d = channel_tier(a->letter) - channel_tier(b->letter);

	if (d == 0)
		d = a->die - b->die;
	return d ? d : a->id - b->id;
}

/* The name of the channel, or else the device tree, tells the cluster. */
static struct cluster_key key_of(const struct topology *t, const struct topology_facts *facts,
	const struct core_name *names, unsigned cpu)
{
	const struct topology_core *core = &t->cores[cpu];
	struct cluster_key key = { core->letter, 0, 0 };

	if (core->channel >= 0)
		key.die = names[core->channel].die;
	if (core->channel >= 0 && names[core->channel].has_cluster)
		key.id = (int)names[core->channel].cluster;
	else if (facts->tree_count == t->count && facts->tree[cpu].cluster >= 0 &&
		(t->ordered || core->channel < 0))
		key.id = facts->tree[cpu].cluster;
	return key;
}

static int find_key(const struct cluster_key *keys, unsigned n, const struct cluster_key *key)
{
	for (unsigned i = 0; i < n; i++)
		if (compare_keys(&keys[i], key) == 0)
			return (int)i;
	return -1;
}

static void number_clusters(struct topology *t, const struct cluster_key *keys, unsigned n)
{
	t->cluster_count = n;
	for (unsigned i = 0; i < n; i++) {
		bool same = i > 0 && keys[i - 1].letter == keys[i].letter &&
			keys[i - 1].die == keys[i].die;

		t->clusters[i] = (struct topology_cluster){ .letter = keys[i].letter,
			.die = keys[i].die,
			.rank = same ? t->clusters[i - 1].rank + 1 : 0 };
	}
}

static void set_clusters(
	struct topology *t, const struct topology_facts *facts, const struct core_name *names)
{
	struct cluster_key keys[TOPOLOGY_CLUSTERS_MAX] = { 0 }, key;
	unsigned n = 0;

	for (unsigned i = 0; i < t->count; i++) {
		t->cores[i].cluster = -1;
		key = key_of(t, facts, names, i);
		if (key.letter && n < TOPOLOGY_CLUSTERS_MAX && find_key(keys, n, &key) < 0)
			keys[n++] = key;
	}
	qsort(keys, n, sizeof(*keys), compare_keys);
	number_clusters(t, keys, n);
	for (unsigned i = 0; i < t->count; i++) {
		key = key_of(t, facts, names, i);
		t->cores[i].cluster = key.letter ? find_key(keys, n, &key) : -1;
		if (t->cores[i].cluster >= 0)
			t->clusters[t->cores[i].cluster].kind = t->cores[i].kind;
	}
}

/* ---- all together ---- */

static void place_core(struct topology *t, unsigned cpu, const struct slot *slot, char letter)
{
	t->cores[cpu].channel = slot ? slot->channel : -1;
	t->cores[cpu].letter = (char)(slot ? slot->name.letter : letter);
}

static void place_cores(
	struct topology *t, const struct topology_facts *facts, struct slot *slots, unsigned n)
{
	bool tree = tree_is_whole(facts, t->count);

	t->ordered = tree;
	for (unsigned cpu = 0; cpu < t->count; cpu++) {
		char letter = (char)(tree ? facts->tree[cpu].letter : 0);
		struct slot *slot = tree ? take_letter(slots, n, letter)
			: cpu < n	 ? &slots[cpu]
					 : NULL;

		place_core(t, cpu, slot, letter);
		t->ordered = t->ordered && slot;
	}
}

void topology_build(struct topology *t, const struct topology_facts *facts,
	const struct core_name *names, unsigned count)
{
	struct slot slots[TOPOLOGY_CORES_MAX] = { 0 };
	unsigned n = fill_slots(slots, names, count);

	memset(t, 0, sizeof(*t));
	t->count = facts->cpus ? facts->cpus : n;
	if (t->count == 0 && facts->tree_count <= TOPOLOGY_CORES_MAX)
		t->count = facts->tree_count;
	place_cores(t, facts, slots, n);
	set_kinds(t, facts);
	set_clusters(t, facts, names);
}

int topology_find_cluster(const struct topology *t, const struct core_name *name)
{
	for (unsigned i = 0; i < t->cluster_count; i++)
		if (t->clusters[i].letter == name->letter && t->clusters[i].die == name->die &&
			t->clusters[i].rank == name->cluster)
			return (int)i;
	return -1;
}
