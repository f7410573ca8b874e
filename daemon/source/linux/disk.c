/* SPDX-License-Identifier: MIT */
#include "daemon/source/linux/parts.h"

#include <string.h>

#include "daemon/source/linux/file.h"
#include "daemon/source/linux/tally.h"
#include "proto/alloc.h"

/*
 * Whole disks only.  A partition has no entry of its own in /sys/block; what is made of other
 * disks or of memory (dm, md, loop, zram, ram, nbd) hangs under /devices/virtual/.
 */
struct disk {
	char *root; /* owned */
	struct file diskstats;
	struct tally tally;
	char buf[8192];
};

/*
 * A namespace that several controllers reach is one disk, nvme0n1, with a hidden path nvme0c1n1
 * per controller.  Kernels before 6.4 count I/O at the paths alone (the disk says iostats 0),
 * later ones at both.
 */
static bool disk_is_counted_at_head(const struct disk *disk, const char *path)
{
	char head[PROCFILE_NAME_MAX];
	const char *c = strchr(path, 'c'), *n = c ? strchr(c, 'n') : NULL;
	int64_t iostats;

	if (strncmp(path, "nvme", 4) != 0 || !n)
		return true;
	text_copy(text_of(path, (size_t)(c - path)), head, sizeof(head));
	strncat(head, n, sizeof(head) - strlen(head) - 1);
	return file_load_number(&iostats, "%s/sys/block/%s/queue/iostats", disk->root, head) <
		0 ||
		iostats != 0;
}

static bool disk_judge(void *arg, const char *name)
{
	const struct disk *disk = arg;
	char link[FILE_PATH_MAX];
	int64_t hidden;

	if (file_load_link(link, sizeof(link), "%s/sys/block/%s", disk->root, name) < 0)
		return false;
	if (strstr(link, "/virtual/") && !strstr(link, "/virtual/nvme-subsystem/"))
		return false;
	if (file_load_number(&hidden, "%s/sys/block/%s/hidden", disk->root, name) == 0 &&
		hidden == 1)
		return !disk_is_counted_at_head(disk, name);
	return true;
}

static void disk_close(void *self)
{
	struct disk *disk = self;

	file_close(&disk->diskstats);
	tally_fini(&disk->tally);
	free(disk->root);
	free(disk);
}

static int disk_open(void **self, const struct source_options *options, struct fault *why)
{
	struct disk *disk = xcalloc(1, sizeof(*disk));
	int rc = file_open(&disk->diskstats, "%s/proc/diskstats", options->root);

	(void)why;
	disk->root = xstrdup(options->root);
	tally_init(&disk->tally, disk_judge, disk);
	if (rc < 0)
		disk_close(disk);
	else
		*self = disk;
	return rc;
}

static int disk_describe(void *self, struct layout *layout)
{
	(void)self;
	(void)layout;
	return 0;
}

static bool disk_add(void *arg, struct text line)
{
	struct disk *disk = arg;
	struct procfile_device device;

	if (procfile_parse_disk(line, &device))
		tally_add(&disk->tally, &device);
	return true;
}

static int disk_read(void *self, struct sample *s)
{
	struct disk *disk = self;
	int rc;

	tally_begin(&disk->tally);
	rc = file_read_lines(&disk->diskstats, disk->buf, sizeof(disk->buf), disk_add, disk);
	if (rc < 0 || !disk->tally.any)
		return rc;
	sample_set(s, METRIC_DISK_READ_BYTES, 0, (double)disk->tally.in);
	sample_set(s, METRIC_DISK_WRITE_BYTES, 0, (double)disk->tally.out);
	return 0;
}

const struct part disk_part = { "disk", disk_open, disk_describe, disk_read, disk_close };
