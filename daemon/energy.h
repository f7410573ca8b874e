/* SPDX-License-Identifier: MIT */
#ifndef ENERGY_H
#define ENERGY_H

#include <stdint.h>

#include "daemon/history/history.h"
#include "daemon/past.h"
#include "proto/schema.h"

/*
 * The energy of a stretch of time, from the cumulative counters of the rows.
 *
 * Between two rows that follow each other a rail used the difference of its counter; where that
 * is not known for a while, from the last row before to the first one behind.  Where a window
 * begins or ends within such an interval it takes the share of the time, as if the power had
 * been the same all through; what that may be wrong by is its error_joules.  Nothing is said
 * about holes: sleep and restarts (ROW_FIRST), counters that are not known at an end of the
 * window or of a hole or went back (were reset), and time of which there are no rows.  What is
 * older than the rows of the history is measured by those of coarser tiers; in the step behind
 * a hole by the power, and not at all where that step reaches from one tier into the next.
 * Pure.
 */

#define ENERGY_NAME_MAX LAYOUT_NAME_MAX

/* What part of the history to measure; made by one of the functions below. */
struct energy_window {
	/* The intervals that end with these rows, both included; none when first > last. */
	uint64_t first, last;
	double head, tail; /* shares of the first and the last one, above 0 to 1 */
	double missing_s;  /* of the window, before the oldest or after the newest row */
	int64_t from_ts_ms, to_ts_ms; /* Unix time of the edges; 0 = not known yet */
	struct past past;	      /* the part before the oldest row */
};

/* From one row to another; of what is no longer known only the rest is measured, and
 * energy.from_ts_ms says from when. */
void energy_window_seq(struct energy_window *window, const struct history *history,
	uint64_t from_seq, uint64_t to_seq);

/* From one Unix time to another. */
void energy_window_wall(struct energy_window *window, const struct history *history,
	int64_t from_ts_ms, int64_t to_ts_ms);

/*
 * From one time since this boot to another, in ms, sleep included; negative ones reach behind
 * the boot, where rows are placed by their Unix time.  Clocks that are set do not matter.
 */
void energy_window_mono(struct energy_window *window, const struct history *history,
	int64_t from_mono_ms, int64_t to_mono_ms);

struct energy_rail {
	char name[ENERGY_NAME_MAX]; /* "cpu", "package", or any other rail */
	unsigned series;	    /* its counter */
	double joules;
	double mean_watts;   /* over covered_s */
	double error_joules; /* joules is off by no more than this */
	double covered_s;
};

struct energy {
	int64_t from_ts_ms, to_ts_ms;
	double covered_s;   /* in which every rail listed was measured */
	double uncovered_s; /* the rest of the window */
	struct energy_rail *rails;
	unsigned count; /* those that were measured at all, in the order of the schema */
};

/* Measures the rails of the schema over the window.  archive: NULL = there are no coarser
 * tiers. To be finished with energy_fini(). */
void energy_measure(struct energy *energy, const struct history *history,
	struct archive *archive, const struct schema *schema,
	const struct energy_window *window);
void energy_fini(struct energy *energy);

#endif
