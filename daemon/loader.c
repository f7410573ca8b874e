/* SPDX-License-Identifier: MIT */
#include "daemon/loader.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "daemon/history/samples.h"

struct loader {
	const struct keeper_parts *parts;
	struct store *store;
	struct loaded *loaded;
	struct tier *tier;
	uint64_t kept; /* rows behind it are not in closed blocks */
};

static int loader_take_columns(void *arg, unsigned id, const char *text)
{
	struct loader *l = arg;
	struct columns *columns = columns_parse(id, text);

	if (!columns)
		return -EBADMSG;
	archive_add_columns(l->parts->archive, columns);
	l->loaded->columns = id;
	return 0;
}

static int loader_take_boot(void *arg, unsigned boot, uint64_t first_seq)
{
	struct loader *l = arg;

	archive_add_boot(l->parts->archive, boot, first_seq);
	return 0;
}

static int loader_take_counter(void *arg, const struct store_counter *counter)
{
	struct loader *l = arg;
	struct ledger_entry entry = { .total = counter->total, .raw = counter->raw };

	snprintf(entry.name, sizeof(entry.name), "%s", counter->name);
	ledger_restore(l->parts->ledger, &entry, l->loaded->same_boot);
	return 0;
}

static int loader_take_coarse(void *arg, const struct shelf_block *block)
{
	struct loader *l = arg;

	shelf_add(&l->tier->shelf, block);
	l->tier->kept = block->last_seq;
	return 0;
}

static void loader_take_row(void *arg, const struct row *row)
{
	struct loader *l = arg;
	struct history *h = l->parts->history;

	if (history_head(h) == 0 && row->seq > 1)
		history_begin(h, row->seq - 1);
	if (row->seq <= history_head(h))
		return;
	history_lose(h, row->seq - 1 - history_head(h));
	history_append(h, row);
	if (row->seq > l->kept)
		archive_add(l->parts->archive, row);
}

/* A block that is not what it was is a hole; the rest is good. */
static int loader_take_samples(void *arg, const struct shelf_block *block)
{
	struct loader *l = arg;
	struct buf bytes;
	int rc;

	buf_init(&bytes, BLOCK_BYTES_MAX);
	rc = store_get_block(l->store, STORE_SAMPLES, block->first_seq, &bytes);
	if (rc == 0 &&
		samples_read(l->parts->archive, l->parts->width, bytes.data, bytes.len,
			loader_take_row, l) < 0)
		l->parts->archive->bad_blocks++;
	buf_fini(&bytes);
	return rc;
}

static int loader_read_blocks(struct loader *l)
{
	struct archive *a = l->parts->archive;
	int rc = 0;

	for (unsigned i = 0; i < a->tier_count && rc == 0; i++) {
		l->tier = &a->tiers[i];
		rc = store_each_block(l->store, a->tiers[i].step_ms, loader_take_coarse, l);
	}
	l->kept = archive_kept(a);
	return rc ? rc : store_each_block(l->store, STORE_SAMPLES, loader_take_samples, l);
}

int loader_read(struct store *store, const struct keeper_parts *parts, struct loaded *loaded)
{
	struct loader l = { .parts = parts, .store = store, .loaded = loaded };
	int rc;

	*loaded = (struct loaded){ 0 };
	rc = store_get_meta(store, &loaded->meta);
	loaded->same_boot = strcmp(loaded->meta.boot_id, parts->boot_id) == 0;
	if (rc == 0)
		rc = store_each_columns(store, loader_take_columns, &l);
	if (rc == 0)
		rc = store_each_boot(store, loader_take_boot, &l);
	if (rc == 0)
		rc = store_each_counter(store, loader_take_counter, &l);
	return rc ? rc : loader_read_blocks(&l);
}
