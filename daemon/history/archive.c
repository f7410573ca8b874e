/* SPDX-License-Identifier: MIT */
#include "daemon/history/archive.h"

#include <assert.h>
#include <string.h>

#include "proto/alloc.h"

/* What the blocks of a tier may take; one there is always room for. */
static size_t archive_tier_bytes(uint64_t rows, unsigned width)
{
	size_t row =
		(size_t)width * COLUMN_STREAMS * ARCHIVE_VALUE_QUARTERS / 4 + ARCHIVE_ROW_BYTES;
	size_t block = block_bytes_max(TIER_BLOCK_ROWS, width * COLUMN_STREAMS);

	return (size_t)rows * row > block ? (size_t)rows * row : block;
}

struct archive *archive_new(const struct schema *schema, unsigned base_ms,
	const struct archive_tier *tiers, unsigned count, unsigned width)
{
	struct archive *a = xcalloc(1, sizeof(*a));

	assert(count <= ARCHIVE_TIERS_MAX);
	a->schema = schema;
	a->base_ms = base_ms;
	a->tier_count = count;
	a->boots = xcalloc(ARCHIVE_BOOTS_MAX, sizeof(*a->boots));
	for (unsigned i = 0; i < count; i++) {
		uint64_t rows = tiers[i].span_ms / tiers[i].step_ms;

		tier_init(&a->tiers[i], (unsigned)tiers[i].step_ms, base_ms, rows,
			archive_tier_bytes(rows, width));
		a->tiers[i].coarser = i + 1 < count ? &a->tiers[i + 1] : NULL;
	}
	return a;
}

void archive_free(struct archive *a)
{
	if (!a)
		return;
	for (unsigned i = 0; i < a->tier_count; i++)
		tier_fini(&a->tiers[i]);
	while (a->columns) {
		struct columns *next = a->columns->next;

		columns_free(a->columns);
		a->columns = next;
	}
	free(a->boots);
	free(a);
}

/* ---- columns ---- */

void archive_add_columns(struct archive *a, struct columns *columns)
{
	columns->next = a->columns;
	a->columns = columns;
	if (columns->id > a->last_id)
		a->last_id = columns->id;
}

struct columns *archive_columns(const struct archive *a, unsigned id)
{
	struct columns *c = a->columns;

	while (c && c->id != id)
		c = c->next;
	return c;
}

/* Takes what fits out of the list, to put it in front again. */
static struct columns *archive_take_fitting(struct archive *a)
{
	struct columns **link = &a->columns;
	struct columns *c;

	while (*link && !columns_fit(*link, a->schema))
		link = &(*link)->next;
	c = *link;
	if (c)
		*link = c->next;
	return c;
}

void archive_renew(struct archive *a)
{
	struct columns *fitting;

	if (a->tier_count > 0 && a->tiers->columns &&
		a->tiers->columns->count == a->schema->count)
		return;
	fitting = archive_take_fitting(a);
	archive_add_columns(a, fitting ? fitting : columns_new(a->last_id + 1, a->schema));
	for (unsigned i = 0; i < a->tier_count; i++)
		tier_set_columns(&a->tiers[i], a->columns);
}

void archive_add(struct archive *a, const struct row *row)
{
	if (a->tier_count == 0)
		return;
	if (!a->tiers->columns || a->tiers->columns->count != a->schema->count)
		archive_renew(a);
	tier_add(a->tiers, row);
}

/* ---- boots ---- */

void archive_add_boot(struct archive *a, unsigned boot, uint64_t first_seq)
{
	if (a->boot_count == ARCHIVE_BOOTS_MAX)
		memmove(a->boots, a->boots + 1, --a->boot_count * sizeof(*a->boots));
	a->boots[a->boot_count++] = (struct archive_boot){ boot, first_seq };
	a->boot = boot;
}

const struct archive_boot *archive_boot_of(const struct archive *a, int64_t boot)
{
	if (boot > 0 || -boot >= a->boot_count)
		return NULL;
	return &a->boots[a->boot_count - 1 - (unsigned)-boot];
}

bool archive_find_boot(const struct archive *a, int64_t boot, uint64_t *first, uint64_t *last)
{
	const struct archive_boot *found = archive_boot_of(a, boot);

	if (!found)
		return false;
	*first = found->first_seq;
	*last = boot < 0 ? found[1].first_seq - 1 : UINT64_MAX;
	return true;
}

/* ---- tiers ---- */

struct tier *archive_tier_of(struct archive *a, unsigned step_ms)
{
	for (unsigned i = 0; i < a->tier_count; i++)
		if (a->tiers[i].step_ms == step_ms)
			return &a->tiers[i];
	return NULL;
}

uint64_t archive_kept(const struct archive *a)
{
	uint64_t kept = UINT64_MAX;

	for (unsigned i = 0; i < a->tier_count; i++)
		kept = a->tiers[i].kept < kept ? a->tiers[i].kept : kept;
	return kept;
}

uint64_t archive_open_samples(const struct archive *a)
{
	if (a->tier_count == 0)
		return 0;
	return a->tiers[a->tier_count - 1].ticks * (TIER_BLOCK_ROWS + 2);
}

size_t archive_blocks_bound(const struct archive *a)
{
	size_t bytes = 0;

	for (unsigned i = 0; i < a->tier_count; i++)
		bytes += a->tiers[i].shelf.bytes_max;
	return bytes;
}

static size_t archive_bytes_fixed(const struct archive *a)
{
	size_t bytes = sizeof(*a) + ARCHIVE_BOOTS_MAX * sizeof(*a->boots);

	for (unsigned i = 0; i < a->tier_count; i++)
		bytes += tier_bytes(&a->tiers[i]);
	return bytes;
}

size_t archive_bound(const struct archive *a)
{
	size_t bytes = archive_bytes_fixed(a);

	for (unsigned i = 0; i < a->tier_count; i++)
		bytes += shelf_bound(&a->tiers[i].shelf);
	return bytes;
}

size_t archive_bytes(const struct archive *a)
{
	size_t bytes = archive_bytes_fixed(a);

	for (unsigned i = 0; i < a->tier_count; i++)
		bytes += shelf_bytes(&a->tiers[i].shelf);
	return bytes;
}

/* A row tells of the time before it as well: the newest 3600 of a second each are an hour. */
static bool reaches(uint64_t oldest_seq, int64_t begin_ms, uint64_t seq, int64_t ts_ms)
{
	return seq ? oldest_seq <= seq : begin_ms <= ts_ms;
}

static int64_t history_begin_ms(const struct archive *a, const struct history *h)
{
	const struct row *oldest = history_row(h, history_oldest(h));
	int64_t ms = (int64_t)(oldest->dt_ns / 1000000);

	return oldest->ts_ms - (ms ? ms : a->base_ms);
}

int archive_choose(
	const struct archive *a, const struct history *h, uint64_t from_seq, int64_t from_ts_ms)
{
	uint64_t furthest = history_oldest(h);
	int best = -1;

	if (furthest <= history_head(h) &&
		reaches(furthest, history_begin_ms(a, h), from_seq, from_ts_ms))
		return -1;
	for (unsigned i = 0; i < a->tier_count; i++) {
		uint64_t oldest = tier_oldest_seq(&a->tiers[i]);

		if (oldest == 0 || oldest >= furthest)
			continue;
		furthest = oldest;
		best = (int)i;
		if (reaches(oldest, tier_oldest_ts_ms(&a->tiers[i]) - a->tiers[i].step_ms,
			    from_seq, from_ts_ms))
			break;
	}
	return best;
}
