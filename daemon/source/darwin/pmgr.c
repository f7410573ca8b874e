/* SPDX-License-Identifier: MIT */
#include "daemon/source/darwin/pmgr.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "daemon/source/darwin/cf.h"
#include "daemon/source/darwin/registry.h"

static bool read_table(io_registry_entry_t entry, const char *key, struct dvfs_table *table)
{
	CFDataRef data = registry_copy_named(entry, key, CFDataGetTypeID());
	int rc;

	table->count = 0;
	if (!data)
		return false;
	rc = dvfs_parse(CFDataGetBytePtr(data), (size_t)CFDataGetLength(data), table);
	CFRelease(data);
	return rc == 0;
}

/* Only "-sram" tables of cores hold frequencies; the others hold periods on newer chips. */
static bool add_core_table(
	io_registry_entry_t entry, unsigned number, struct pmgr_tables *tables)
{
	char key[40];

	snprintf(key, sizeof(key), "voltage-states%u-sram", number);
	if (tables->count == PMGR_TABLES_MAX ||
		!read_table(entry, key, &tables->table[tables->count]))
		return false;
	tables->count++;
	return true;
}

static bool read_clusters(io_registry_entry_t entry, struct dvfs_clusters *clusters)
{
	CFDataRef data = registry_copy(entry, CFSTR("acc-clusters"), CFDataGetTypeID());

	clusters->count = 0;
	if (!data)
		return false;
	dvfs_parse_clusters(CFDataGetBytePtr(data), (size_t)CFDataGetLength(data), clusters);
	CFRelease(data);
	return true;
}

/*
 * Where acc-clusters names the tables it is believed: the highest tier is the top, and a tier
 * with a table that is missing is not known, instead of being the table of an older chip.
 */
static void read_tiers(
	io_registry_entry_t entry, const struct dvfs_clusters *clusters, struct pmgr *pmgr)
{
	bool top_broken = clusters->count == 0, lower_broken = clusters->count == 0;
	uint8_t top = 0;

	for (unsigned i = 0; i < clusters->count; i++)
		top = clusters->tier[i] > top ? clusters->tier[i] : top;
	for (unsigned i = 0; i < clusters->count; i++) {
		bool is_top = clusters->tier[i] == top;

		if (!add_core_table(
			    entry, clusters->table[i], is_top ? &pmgr->top : &pmgr->lower))
			*(is_top ? &top_broken : &lower_broken) = true;
	}
	if (top_broken)
		pmgr->top.count = 0;
	if (lower_broken)
		pmgr->lower.count = 0;
}

static void read_entry(io_registry_entry_t entry, struct pmgr *pmgr)
{
	struct dvfs_clusters clusters;

	if (read_clusters(entry, &clusters)) {
		read_tiers(entry, &clusters, pmgr);
	} else {
		/* 13 is the twin of 5 for the second performance cluster. */
		add_core_table(entry, 1, &pmgr->lower);
		if (add_core_table(entry, 5, &pmgr->top))
			add_core_table(entry, 13, &pmgr->top);
	}
	if (!read_table(entry, "voltage-states9", &pmgr->gpu))
		read_table(entry, "voltage-states9-sram", &pmgr->gpu);
}

void pmgr_read(struct pmgr *pmgr)
{
	io_registry_entry_t entry = registry_find_named("AppleARMIODevice", "pmgr");

	memset(pmgr, 0, sizeof(*pmgr));
	if (!entry)
		return;
	read_entry(entry, pmgr);
	IOObjectRelease(entry);
}

const struct dvfs_table *pmgr_choose(const struct pmgr_tables *tables, unsigned states)
{
	for (unsigned i = 0; i < tables->count; i++)
		if (tables->table[i].count == states)
			return &tables->table[i];
	return tables->count > 0 ? &tables->table[0] : NULL;
}
