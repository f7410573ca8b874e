/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <math.h>

#include "daemon/source/darwin/dvfs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Any bytes as a table of frequencies and as a list of clusters. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dvfs_table table;
	struct dvfs_clusters clusters;

	if (dvfs_parse(data, size, &table) == 0) {
		assert(table.count == size / 8 && table.count <= DVFS_ENTRIES_MAX);
		assert(dvfs_max_mhz(&table) > 0 && dvfs_max_mhz(&table) <= 10000);
		for (unsigned i = 0; i < table.count; i++)
			assert(table.mhz[i] == 0 || table.mhz[i] >= 100);
	} else {
		assert(table.count == 0 && isnan(dvfs_max_mhz(&table)));
	}
	if (dvfs_parse_clusters(data, size, &clusters) == 0)
		assert(clusters.count == size / 8 && clusters.count <= DVFS_CLUSTERS_MAX);
	else
		assert(clusters.count == 0);
	return 0;
}
