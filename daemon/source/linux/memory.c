/* SPDX-License-Identifier: MIT */
#include "daemon/source/linux/parts.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "daemon/source/linux/file.h"
#include "daemon/source/linux/procfile.h"
#include "proto/alloc.h"

/*
 * cached is Cached + Buffers + SReclaimable, the "buff/cache" of free(1); files in tmpfs are
 * inside.  compressed is what zswap and zram hold in memory, after compression.  wired has no
 * counterpart: Unevictable and Mlocked leave out what the kernel itself holds.
 */
#define MEMORY_ZRAM_MAX 8

struct memory {
	char *root; /* owned */
	struct file meminfo, vmstat;
	struct file zram[MEMORY_ZRAM_MAX]; /* mm_stat of those that have a size */
	unsigned zrams;
	uint64_t swap_total; /* when the zram devices were last looked for */
	long page;
	bool swap_known;
	uint64_t swap_in, swap_out; /* pages */
	char buf[8192];		    /* all of meminfo; a page and more of vmstat */
};

static void memory_forget_zram(struct memory *memory)
{
	while (memory->zrams > 0)
		file_close(&memory->zram[--memory->zrams]);
}

/* Devices get their size before they become swap space, so a new swap size is when to look. */
static void memory_find_zram(struct memory *memory)
{
	memory_forget_zram(memory);
	for (unsigned i = 0; i < MEMORY_ZRAM_MAX; i++) {
		int64_t size;

		if (file_load_number(&size, "%s/sys/block/zram%u/disksize", memory->root, i) <
				0 ||
			size <= 0)
			continue;
		file_open(&memory->zram[memory->zrams++], "%s/sys/block/zram%u/mm_stat",
			memory->root, i);
	}
}

static int memory_open(void **self, const struct source_options *options, struct fault *why)
{
	struct memory *memory = xcalloc(1, sizeof(*memory));
	int rc = file_open(&memory->meminfo, "%s/proc/meminfo", options->root);

	(void)why;
	if (rc < 0) {
		file_close(&memory->meminfo);
		free(memory);
		return rc;
	}
	memory->root = xstrdup(options->root);
	memory->page = sysconf(_SC_PAGESIZE);
	file_open(&memory->vmstat, "%s/proc/vmstat", options->root);
	memory_find_zram(memory);
	*self = memory;
	return 0;
}

static int memory_describe(void *self, struct layout *layout)
{
	static const enum metric_id bandwidth[] = { METRIC_BANDWIDTH_GBPS,
		METRIC_BANDWIDTH_READ_GBPS, METRIC_BANDWIDTH_WRITE_GBPS,
		METRIC_BANDWIDTH_QUALITY, METRIC_BANDWIDTH_PCT };

	(void)self;
	layout_note(layout, METRIC_MEM_PRESSURE, AVAIL_UNSUPPORTED,
		"Linux has no such level; see psi_memory_some_pct");
	layout_note(layout, METRIC_RAM_WIRED_BYTES, AVAIL_UNSUPPORTED,
		"Linux does not count what the kernel holds together with locked memory");
	for (unsigned i = 0; i < sizeof(bandwidth) / sizeof(*bandwidth); i++)
		layout_note(layout, bandwidth[i], AVAIL_UNSUPPORTED,
			"Linux has no counter of memory traffic for everyone");
	return 0;
}

static int memory_read_zram(struct file *file, uint64_t *bytes)
{
	char buf[256];
	int n = file_read(file, buf, sizeof(buf));

	if (n < 0)
		return n;
	return procfile_parse_zram(text_of(buf, (size_t)n), bytes) ? 0 : -EBADMSG;
}

static int memory_read_compressed(
	struct memory *memory, const struct procfile_meminfo *m, struct sample *s)
{
	uint64_t bytes = m->bytes[MEMINFO_ZSWAP];

	for (unsigned i = 0; i < memory->zrams; i++) {
		uint64_t device;
		int rc = memory_read_zram(&memory->zram[i], &device);

		if (rc < 0)
			return rc;
		bytes += device;
	}
	if (m->has[MEMINFO_ZSWAP] || memory->zrams > 0)
		sample_set(s, METRIC_RAM_COMPRESSED_BYTES, 0, (double)bytes);
	return 0;
}

struct memory_swap {
	struct memory *memory;
	unsigned found;
};

static bool memory_find_swap(void *arg, struct text line)
{
	struct memory_swap *swap = arg;

	if (procfile_parse_swap(line, &swap->memory->swap_in, &swap->memory->swap_out))
		swap->found++;
	return swap->found < 2;
}

/* vmstat is dear (22 us).  Without swap space its counters stand still, so once is enough. */
static int memory_read_swap(struct memory *memory, bool configured, struct sample *s)
{
	struct memory_swap swap = { memory, 0 };

	if (configured || !memory->swap_known) {
		int rc = file_read_lines(&memory->vmstat, memory->buf, sizeof(memory->buf),
			memory_find_swap, &swap);

		memory->swap_known = rc == 0 && swap.found == 2;
		if (!memory->swap_known)
			return rc < 0 ? rc : -EBADMSG;
	}
	sample_set(s, METRIC_SWAP_IN_BYTES, 0, (double)memory->swap_in * (double)memory->page);
	sample_set(
		s, METRIC_SWAP_OUT_BYTES, 0, (double)memory->swap_out * (double)memory->page);
	return 0;
}

static void memory_set_ram(const struct procfile_meminfo *m, struct sample *s)
{
	const uint64_t *b = m->bytes;
	bool cache = m->has[MEMINFO_CACHED] && m->has[MEMINFO_BUFFERS] &&
		m->has[MEMINFO_SRECLAIMABLE];

	if (m->has[MEMINFO_TOTAL])
		sample_set(s, METRIC_RAM_TOTAL_BYTES, 0, (double)b[MEMINFO_TOTAL]);
	if (m->has[MEMINFO_AVAILABLE])
		sample_set(s, METRIC_RAM_AVAILABLE_BYTES, 0, (double)b[MEMINFO_AVAILABLE]);
	if (m->has[MEMINFO_TOTAL] && m->has[MEMINFO_AVAILABLE] &&
		b[MEMINFO_TOTAL] >= b[MEMINFO_AVAILABLE])
		sample_set(s, METRIC_RAM_USED_BYTES, 0,
			(double)(b[MEMINFO_TOTAL] - b[MEMINFO_AVAILABLE]));
	if (cache)
		sample_set(s, METRIC_RAM_CACHED_BYTES, 0,
			(double)(b[MEMINFO_CACHED] + b[MEMINFO_BUFFERS] +
				b[MEMINFO_SRECLAIMABLE]));
}

static void memory_set_swap(const struct procfile_meminfo *m, struct sample *s)
{
	uint64_t total = m->bytes[MEMINFO_SWAP_TOTAL], unused = m->bytes[MEMINFO_SWAP_FREE];

	if (!m->has[MEMINFO_SWAP_TOTAL])
		return;
	sample_set(s, METRIC_SWAP_TOTAL_BYTES, 0, (double)total);
	if (m->has[MEMINFO_SWAP_FREE] && unused <= total)
		sample_set(s, METRIC_SWAP_USED_BYTES, 0, (double)(total - unused));
}

static int memory_read(void *self, struct sample *s)
{
	struct memory *memory = self;
	struct procfile_meminfo m;
	int n = file_read(&memory->meminfo, memory->buf, sizeof(memory->buf)), rc, result;

	if (n < 0)
		return n;
	procfile_parse_meminfo(text_of(memory->buf, (size_t)n), &m);
	memory_set_ram(&m, s);
	memory_set_swap(&m, s);
	if (m.bytes[MEMINFO_SWAP_TOTAL] != memory->swap_total) {
		memory->swap_total = m.bytes[MEMINFO_SWAP_TOTAL];
		memory_find_zram(memory);
	}
	rc = memory_read_compressed(memory, &m, s);
	result = memory_read_swap(memory, memory->swap_total > 0, s);
	if (!m.has[MEMINFO_TOTAL])
		return -EBADMSG;
	return rc < 0 ? rc : result;
}

static void memory_close(void *self)
{
	struct memory *memory = self;

	file_close(&memory->meminfo);
	file_close(&memory->vmstat);
	memory_forget_zram(memory);
	free(memory->root);
	free(memory);
}

const struct part memory_part = { "memory", memory_open, memory_describe, memory_read,
	memory_close };
