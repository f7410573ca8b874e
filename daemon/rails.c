/* SPDX-License-Identifier: MIT */
#include "daemon/rails.h"

#include <math.h>

#include "daemon/history/history.h"

/* The mean of one series; rows of no known length, the first of a run, have no rates. */
static double rails_mean(const struct timeline *timeline, const char *name, uint64_t after)
{
	const struct history *h = timeline->history;
	int column = schema_find(timeline->schema, name);
	double sum = 0, time = 0;

	for (uint64_t seq = after + 1; column >= 0 && seq <= history_head(h); seq++) {
		const struct row *row = history_row(h, seq);
		double x =
			row->flags & ROW_LOST ? NAN : history_value(h, row, (unsigned)column);

		if (isnan(x) || row->dt_ns == 0)
			continue;
		sum += x * (double)row->dt_ns;
		time += (double)row->dt_ns;
	}
	return time > 0 ? sum / time : NAN;
}

void rails_read(
	const struct timeline *timeline, uint64_t after, unsigned cores, struct rails *rails)
{
	uint64_t head = history_head(timeline->history);
	uint64_t oldest = history_oldest(timeline->history);

	if (after >= head)
		after = head ? head - 1 : 0;
	if (after + RAILS_ROWS_MAX < head)
		after = head - RAILS_ROWS_MAX;
	if (after + 1 < oldest)
		after = oldest - 1;
	rails->cpu_watts = rails_mean(timeline, "cpu_watts", after);
	rails->gpu_watts = rails_mean(timeline, "gpu_watts", after);
	rails->cpu_busy = rails_mean(timeline, "cpu_util_pct", after) / 100 *
		(cores ? (double)cores : NAN);
	rails->gpu_busy = rails_mean(timeline, "gpu_util_pct", after) / 100;
}
