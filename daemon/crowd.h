/* SPDX-License-Identifier: MIT */
#ifndef CROWD_H
#define CROWD_H

#include <math.h>

#include "daemon/source/process.h"

/*
 * The processes of the newest walk, and of each what was known of it before: differences are
 * taken between the same process (pid and start) over the time measured between its own two
 * readings.  Counters that are read only for rows that are sent keep the time of their last
 * reading, however many walks ago that was.  Pure.
 */

#define CROWD_NOBODY UINT32_MAX

/* What is kept of a process from one walk to the next.  Times are awake nanoseconds; 0 = that
 * was never read. */
struct crowd_past {
	int32_t pid;
	uint64_t start;
	uint64_t cpu_ns, energy_nj, cpu_at_ns;
	uint64_t gpu_ns, gpu_at_ns;
	uint64_t read_bytes, written_bytes, disk_at_ns;
};

/* What goes with a row of the table. */
struct crowd_row {
	uint32_t past;	 /* index among the pasts, or CROWD_NOBODY */
	uint32_t chosen; /* a mark of daemon/roster.h */
	/* When these were read: microseconds after the walk, and one; 0 = not in this walk. */
	uint32_t gpu_at_us, disk_at_us;
};

struct crowd {
	struct process_table table;
	struct crowd_row *rows;
	struct crowd_past *pasts; /* by pid, of the walk before */
	unsigned row_capacity, past_count, past_capacity;
	uint64_t at_ns; /* when the walk was made */
	bool walked;	/* the table holds a walk */
};

/* Memory for each process, with what is kept of it; the table is a little ahead of its rows. */
#define CROWD_PROCESS_BYTES \
	(sizeof(struct process) + sizeof(struct crowd_row) + sizeof(struct crowd_past))
_Static_assert(CROWD_PROCESS_BYTES + sizeof(struct process) / 32 <= 256,
	"a process takes more memory than was promised");

/* The table becomes the past, and is empty; fill it, then call crowd_settle(). */
void crowd_begin(struct crowd *crowd);

/* Puts the rows in order of their pids and finds for each what was known of it.  at_ns: when
 * the walk was made. */
void crowd_settle(struct crowd *crowd, uint64_t at_ns);

/* Frees everything; the next walk is a first one. */
void crowd_forget(struct crowd *crowd);

/* Index of the row of that pid; CROWD_NOBODY when there is none. */
uint32_t crowd_find(const struct crowd *crowd, int32_t pid);

/* Rows of which detail was read after the walk: when.  Sets what has come to be known. */
void crowd_note_detail(struct crowd *crowd, uint32_t row, uint64_t at_ns);

/*
 * Differences of a row per time; NaN before the first one, where a counter is unknown, and
 * where it went down (then it began anew).  cpu and gpu: seconds of it per second, so 1 is one
 * core.
 */
double crowd_cpu_rate(const struct crowd *crowd, uint32_t row);
double crowd_gpu_rate(const struct crowd *crowd, uint32_t row);
double crowd_measured_watts(const struct crowd *crowd, uint32_t row);
double crowd_read_rate(const struct crowd *crowd, uint32_t row);
double crowd_write_rate(const struct crowd *crowd, uint32_t row);

/* Memory that it holds now. */
size_t crowd_bytes(const struct crowd *crowd);

#endif
