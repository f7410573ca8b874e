/* SPDX-License-Identifier: MIT */
#ifndef RAILS_H
#define RAILS_H

#include "daemon/view.h"

/* What the machine drew and how busy it was over a stretch of its samples; NaN = not known. */
struct rails {
	double cpu_watts, gpu_watts;
	double cpu_busy; /* cores: 2.5 is two and a half of them, all the time */
	double gpu_busy; /* 0 to 1 */
};

#define RAILS_ROWS_MAX 3600 /* the newest ones of a longer stretch */

/*
 * Means over the rows behind after up to the newest one, weighted by the time that each covers
 * (so watts are the joules of the rows over their time); where there is no such row, those of
 * the newest row.  cores: of the machine, 0 = unknown.
 */
void rails_read(
	const struct timeline *timeline, uint64_t after, unsigned cores, struct rails *rails);

#endif
