/* SPDX-License-Identifier: MIT */
#include "daemon/crowd.h"

#include <stdlib.h>

#include "proto/alloc.h"

/* ---- from one walk to the next ---- */

static uint64_t crowd_time_ns(const struct crowd *crowd, uint32_t at_us)
{
	return at_us ? crowd->at_ns + (at_us - 1) * UINT64_C(1000) : 0;
}

/* What is unknown now stays as it was known before. */
static struct crowd_past crowd_remember(const struct crowd *crowd, uint32_t row)
{
	const struct process *p = &crowd->table.rows[row];
	const struct crowd_row *r = &crowd->rows[row];
	struct crowd_past past = { 0 };

	if (r->past != CROWD_NOBODY)
		past = crowd->pasts[r->past];
	past.pid = p->pid;
	past.start = p->start;
	past.cpu_ns = p->cpu_ns;
	past.energy_nj = p->energy_nj;
	past.cpu_at_ns = p->taken_ns == PROCESS_UNKNOWN ? 0 : p->taken_ns;
	if (r->gpu_at_us) {
		past.gpu_ns = p->gpu_ns;
		past.gpu_at_ns = crowd_time_ns(crowd, r->gpu_at_us);
	}
	if (r->disk_at_us) {
		past.read_bytes = p->read_bytes;
		past.written_bytes = p->written_bytes;
		past.disk_at_ns = crowd_time_ns(crowd, r->disk_at_us);
	}
	return past;
}

static int past_compare(const void *a, const void *b)
{
	int32_t x = ((const struct crowd_past *)a)->pid,
		y = ((const struct crowd_past *)b)->pid;

	return (x > y) - (x < y);
}

static int process_compare(const void *a, const void *b)
{
	int32_t x = ((const struct process *)a)->pid, y = ((const struct process *)b)->pid;

	return (x > y) - (x < y);
}

/* A pid that was used again within the walk may stand there twice: the one that began last is
 * it. */
static void crowd_drop_twins(struct process_table *table)
{
	struct process *rows = table->rows;
	unsigned kept = 0;

	for (unsigned i = 1; i < table->count; i++) {
		if (rows[kept].pid != rows[i].pid)
			rows[++kept] = rows[i];
		else if (rows[kept].start < rows[i].start)
			rows[kept] = rows[i];
	}
	table->count = kept + 1;
}

/* Most systems list processes by pid already. */
static void crowd_sort(struct crowd *crowd)
{
	struct process *rows = crowd->table.rows;
	unsigned i = 1;

	while (i < crowd->table.count && rows[i - 1].pid < rows[i].pid)
		i++;
	if (i >= crowd->table.count)
		return;
	qsort(rows, crowd->table.count, sizeof(*rows), process_compare);
	crowd_drop_twins(&crowd->table);
}

/* Closes the gaps that processes have left which are gone. */
static void crowd_close_ranks(struct crowd *crowd, uint32_t count)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < count; i++) {
		struct crowd_row *r = &crowd->rows[i];

		if (r->past == CROWD_NOBODY)
			continue;
		crowd->pasts[kept] = crowd->pasts[r->past];
		r->past = kept++;
	}
}

/*
 * The new pasts take the place of the old: rows and pasts both stand by pid, so that no past
 * stands, once the gaps are closed, behind the row that it is of.  From the last row on
 * nothing is overwritten that is still to be read.
 */
void crowd_begin(struct crowd *crowd)
{
	unsigned count = crowd->walked ? crowd->table.count : 0;

	crowd_close_ranks(crowd, count);
	if (crowd->past_capacity < count) {
		crowd->past_capacity = count;
		crowd->pasts = xrealloc(crowd->pasts, count, sizeof(*crowd->pasts));
	}
	for (uint32_t i = count; i-- > 0;)
		crowd->pasts[i] = crowd_remember(crowd, i);
	crowd->past_count = count;
	process_table_clear(&crowd->table);
}

static uint32_t crowd_find_past(const struct crowd *crowd, const struct process *p)
{
	struct crowd_past key = { .pid = p->pid };
	const struct crowd_past *past = NULL;

	if (crowd->past_count)
		past = bsearch(
			&key, crowd->pasts, crowd->past_count, sizeof(key), past_compare);
	return past && past->start == p->start ? (uint32_t)(past - crowd->pasts) : CROWD_NOBODY;
}

void crowd_settle(struct crowd *crowd, uint64_t at_ns)
{
	if (crowd->row_capacity < crowd->table.count) {
		crowd->row_capacity = crowd->table.count;
		crowd->rows = xrealloc(crowd->rows, crowd->row_capacity, sizeof(*crowd->rows));
	}
	crowd->at_ns = at_ns;
	crowd_sort(crowd);
	for (uint32_t i = 0; i < crowd->table.count; i++) {
		crowd->rows[i] = (struct crowd_row){ .past = CROWD_NOBODY };
		crowd->rows[i].past = crowd_find_past(crowd, &crowd->table.rows[i]);
		crowd_note_detail(crowd, i, at_ns);
	}
	crowd->walked = true;
}

void crowd_forget(struct crowd *crowd)
{
	process_table_fini(&crowd->table);
	free(crowd->rows);
	free(crowd->pasts);
	*crowd = (struct crowd){ .walked = false };
}

uint32_t crowd_find(const struct crowd *crowd, int32_t pid)
{
	const struct process key = { .pid = pid }, *rows = crowd->table.rows, *found = NULL;

	if (crowd->table.count)
		found = bsearch(&key, rows, crowd->table.count, sizeof(key), process_compare);
	return found ? (uint32_t)(found - rows) : CROWD_NOBODY;
}

void crowd_note_detail(struct crowd *crowd, uint32_t row, uint64_t at_ns)
{
	const struct process *p = &crowd->table.rows[row];
	struct crowd_row *r = &crowd->rows[row];
	uint64_t us = (at_ns - crowd->at_ns) / 1000 + 1;
	uint32_t at_us = us > UINT32_MAX ? UINT32_MAX : (uint32_t)us;

	if (!r->gpu_at_us && p->gpu_ns != PROCESS_UNKNOWN)
		r->gpu_at_us = at_us;
	if (!r->disk_at_us && p->read_bytes != PROCESS_UNKNOWN)
		r->disk_at_us = at_us;
}

size_t crowd_bytes(const struct crowd *crowd)
{
	return crowd->table.capacity * sizeof(struct process) +
		crowd->row_capacity * sizeof(struct crowd_row) +
		crowd->past_capacity * sizeof(struct crowd_past);
}

/* ---- differences ---- */

/* Growth of a counter per nanosecond. */
static double crowd_rate(uint64_t now, uint64_t then, uint64_t at_ns, uint64_t then_ns)
{
	if (now == PROCESS_UNKNOWN || then == PROCESS_UNKNOWN || now < then || !at_ns ||
		!then_ns || at_ns <= then_ns)
		return NAN;
	return (double)(now - then) / (double)(at_ns - then_ns);
}

static const struct crowd_past *crowd_past_of(const struct crowd *crowd, uint32_t row)
{
	static const struct crowd_past nothing;
	uint32_t past = crowd->rows[row].past;

	return past == CROWD_NOBODY ? &nothing : &crowd->pasts[past];
}

double crowd_cpu_rate(const struct crowd *crowd, uint32_t row)
{
	const struct process *p = &crowd->table.rows[row];
	const struct crowd_past *past = crowd_past_of(crowd, row);

	return crowd_rate(p->cpu_ns, past->cpu_ns, p->taken_ns, past->cpu_at_ns);
}

/* Nanojoules per nanosecond are watts. */
double crowd_measured_watts(const struct crowd *crowd, uint32_t row)
{
	const struct process *p = &crowd->table.rows[row];
	const struct crowd_past *past = crowd_past_of(crowd, row);

	return crowd_rate(p->energy_nj, past->energy_nj, p->taken_ns, past->cpu_at_ns);
}

double crowd_gpu_rate(const struct crowd *crowd, uint32_t row)
{
	const struct crowd_past *past = crowd_past_of(crowd, row);

	return crowd_rate(crowd->table.rows[row].gpu_ns, past->gpu_ns,
		crowd_time_ns(crowd, crowd->rows[row].gpu_at_us), past->gpu_at_ns);
}

double crowd_read_rate(const struct crowd *crowd, uint32_t row)
{
	const struct crowd_past *past = crowd_past_of(crowd, row);

	return 1e9 *
		crowd_rate(crowd->table.rows[row].read_bytes, past->read_bytes,
			crowd_time_ns(crowd, crowd->rows[row].disk_at_us), past->disk_at_ns);
}

double crowd_write_rate(const struct crowd *crowd, uint32_t row)
{
	const struct crowd_past *past = crowd_past_of(crowd, row);

	return 1e9 *
		crowd_rate(crowd->table.rows[row].written_bytes, past->written_bytes,
			crowd_time_ns(crowd, crowd->rows[row].disk_at_us), past->disk_at_ns);
}
