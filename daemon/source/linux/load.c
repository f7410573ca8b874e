/* SPDX-License-Identifier: MIT */
#include "daemon/source/linux/parts.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "daemon/source/linux/file.h"
#include "daemon/source/linux/procfile.h"
#include "proto/alloc.h"

/*
 * The number of processes costs one fstat: the link count of /proc is that of a folder with its
 * fixed subfolders plus the number of processes (fs/proc/root.c, proc_root_getattr).  That
 * number is the whole machine's, so it is taken only in the first PID namespace, whose inode
 * number is fixed (include/linux/proc_ns.h), and only if it is not below a count by readdir at
 * open (above it may be: the mount option hidepid hides processes from readdir).  Elsewhere, in
 * containers and fixture trees, the folders are counted on each reading, about 1 us per
 * process, unless there are more than LOAD_WALK_MAX of them.
 */
#define LOAD_WALK_MAX 500
#define LOAD_RACE_SLACK 16 /* processes that end between two counts */
#define LOAD_FIRST_PID_NAMESPACE "pid:[4026531836]"

enum load_way { LOAD_ABSENT, LOAD_LINKS, LOAD_WALK };

struct load {
	struct file loadavg;
	DIR *proc; /* NULL = not there */
	enum load_way way;
	unsigned fixed; /* links of /proc that are no process */
};

struct load_folders {
	unsigned numeric, other;
};

static struct load_folders load_count(DIR *dir)
{
	struct load_folders folders = { 0, 0 };
	const struct dirent *entry;

	rewinddir(dir);
	while ((entry = readdir(dir))) {
		if (isdigit((unsigned char)entry->d_name[0]))
			folders.numeric++;
		else if (entry->d_type == DT_DIR && entry->d_name[0] != '.')
			folders.other++;
	}
	return folders;
}

/* Processes by the link count of /proc; 0 = not known. */
static unsigned load_links(const struct load *load)
{
	struct stat st;

	if (fstat(dirfd(load->proc), &st) < 0 || st.st_nlink < load->fixed)
		return 0;
	return (unsigned)st.st_nlink - load->fixed;
}

static void load_choose(struct load *load, const char *root)
{
	char namespace[FILE_NUMBER_MAX];
	struct load_folders folders;

	if (!load->proc)
		return;
	folders = load_count(load->proc);
	load->fixed = 2 + folders.other;
	load->way = folders.numeric <= LOAD_WALK_MAX ? LOAD_WALK : LOAD_ABSENT;
	if (*root || file_load_link(namespace, sizeof(namespace), "/proc/self/ns/pid") < 0)
		return;
	if (strcmp(namespace, LOAD_FIRST_PID_NAMESPACE) == 0 &&
		load_links(load) + LOAD_RACE_SLACK >= folders.numeric)
		load->way = LOAD_LINKS;
}

static int load_open(void **self, const struct source_options *options, struct fault *why)
{
	struct load *load = xcalloc(1, sizeof(*load));
	char path[FILE_PATH_MAX];

	(void)why;
	file_open(&load->loadavg, "%s/proc/loadavg", options->root);
	snprintf(path, sizeof(path), "%s/proc", options->root);
	load->proc = opendir(path);
	load_choose(load, options->root);
	*self = load;
	return 0;
}

static int load_describe(void *self, struct layout *layout)
{
	const struct load *load = self;

	if (load->way == LOAD_ABSENT)
		layout_note(layout, METRIC_PROCESS_COUNT, AVAIL_UNSUPPORTED,
			"too many processes to count in this PID namespace");
	return 0;
}

static void load_read_processes(const struct load *load, struct sample *s)
{
	unsigned n = 0;

	if (load->way == LOAD_LINKS)
		n = load_links(load);
	else if (load->way == LOAD_WALK)
		n = load_count(load->proc).numeric;
	if (n > 0)
		sample_set(s, METRIC_PROCESS_COUNT, 0, n);
}

static int load_read(void *self, struct sample *s)
{
	struct load *load = self;
	char buf[128];
	double averages[3];
	int n = file_read(&load->loadavg, buf, sizeof(buf));

	load_read_processes(load, s);
	if (n < 0)
		return n;
	if (!procfile_parse_load(text_of(buf, (size_t)n), averages))
		return -EBADMSG;
	sample_set(s, METRIC_LOAD_1M, 0, averages[0]);
	sample_set(s, METRIC_LOAD_5M, 0, averages[1]);
	sample_set(s, METRIC_LOAD_15M, 0, averages[2]);
	return 0;
}

static void load_close(void *self)
{
	struct load *load = self;

	file_close(&load->loadavg);
	if (load->proc)
		closedir(load->proc);
	free(load);
}

const struct part load_part = { "load", load_open, load_describe, load_read, load_close };
