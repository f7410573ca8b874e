/* SPDX-License-Identifier: MIT */
#include "daemon/crowd.h"

#include <stdlib.h>

#include "proto/alloc.h"

/* ---- from one walk to the next ---- */

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
	if (r->gpu_at_ns) {
		past.gpu_ns = p->gpu_ns;
		past.gpu_at_ns = r->gpu_at_ns;
	}
	if (r->disk_at_ns) {
		past.read_bytes = p->read_bytes;
		past.written_bytes = p->written_bytes;
		past.disk_at_ns = r->disk_at_ns;
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

/* Most systems list processes by pid already. */
static void crowd_sort(struct crowd *crowd)
{
	const struct process *rows = crowd->table.rows;
	unsigned i = 1;

	while (i < crowd->table.count && rows[i - 1].pid <= rows[i].pid)
		i++;
	if (i < crowd->table.count)
		qsort(crowd->table.rows, crowd->table.count, sizeof(*rows), process_compare);
}

void crowd_begin(struct crowd *crowd)
{
	unsigned count = crowd->walked ? crowd->table.count : 0;
	struct crowd_past *pasts = count ? xcalloc(count, sizeof(*pasts)) : NULL;

	for (uint32_t i = 0; i < count; i++)
		pasts[i] = crowd_remember(crowd, i);
	free(crowd->pasts);
	crowd->pasts = pasts;
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

	if (!r->gpu_at_ns && p->gpu_ns != PROCESS_UNKNOWN)
		r->gpu_at_ns = at_ns;
	if (!r->disk_at_ns && p->read_bytes != PROCESS_UNKNOWN)
		r->disk_at_ns = at_ns;
}

size_t crowd_bytes(const struct crowd *crowd)
{
	return crowd->table.capacity * sizeof(struct process) +
		crowd->row_capacity * sizeof(struct crowd_row) +
		crowd->past_count * sizeof(struct crowd_past);
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
		crowd->rows[row].gpu_at_ns, past->gpu_at_ns);
}

double crowd_read_rate(const struct crowd *crowd, uint32_t row)
{
	const struct crowd_past *past = crowd_past_of(crowd, row);

	return 1e9 *
		crowd_rate(crowd->table.rows[row].read_bytes, past->read_bytes,
			crowd->rows[row].disk_at_ns, past->disk_at_ns);
}

double crowd_write_rate(const struct crowd *crowd, uint32_t row)
{
	const struct crowd_past *past = crowd_past_of(crowd, row);

	return 1e9 *
		crowd_rate(crowd->table.rows[row].written_bytes, past->written_bytes,
			crowd->rows[row].disk_at_ns, past->disk_at_ns);
}
