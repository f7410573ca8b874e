/* SPDX-License-Identifier: MIT */
#include "client/tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proto/alloc.h"

#define STAT_MAX 1024 /* bytes of /proc/PID/stat that matter */

/* A process of a walk over /proc. */
struct tree_entry {
	pid_t pid, parent;
	int64_t bytes;
	bool inside;
};

struct tree {
	struct tree_entry *items;
	size_t count, cap;
};

#ifdef __linux__
#define TREE_PROC "/proc"
#define TREE_RUSAGE_UNIT 1024
#else
#define TREE_PROC NULL
#define TREE_RUSAGE_UNIT 1
#endif

/* The fields behind the name, which may hold anything: "S ppid pgrp ... rss" (proc(5)). */
static bool tree_parse(struct tree_entry *entry, const char *text)
{
	const char *behind = strrchr(text, ')');
	long long rss = 0;
	int parent = 0;

	if (!behind ||
		sscanf(behind + 1,
			" %*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d "
			"%*d %*d %*u %*u %lld",
			&parent, &rss) != 2)
		return false;
	entry->parent = parent;
	entry->bytes = rss * sysconf(_SC_PAGESIZE);
	return true;
}

static bool tree_read(struct tree_entry *entry, const char *name)
{
	char path[64], text[STAT_MAX];
	ssize_t n;
	int fd;

	*entry = (struct tree_entry){ .pid = (pid_t)atoi(name) };
	snprintf(path, sizeof(path), "/proc/%.20s/stat", name);
	fd = entry->pid > 0 ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	if (fd < 0)
		return false;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (n <= 0)
		return false;
	text[n] = '\0';
	return tree_parse(entry, text);
}

static void tree_add(struct tree *t, const struct tree_entry *entry)
{
	if (t->count == t->cap) {
		t->cap = t->cap ? t->cap * 2 : 256;
		t->items = xrealloc(t->items, t->cap, sizeof(*t->items));
	}
	t->items[t->count++] = *entry;
}

static void tree_walk(struct tree *t)
{
	DIR *dir = TREE_PROC ? opendir(TREE_PROC) : NULL;
	const struct dirent *d;

	if (!dir)
		return;
	while ((d = readdir(dir))) {
		struct tree_entry entry;

		if (d->d_name[0] >= '1' && d->d_name[0] <= '9' && tree_read(&entry, d->d_name))
			tree_add(t, &entry);
	}
	closedir(dir);
}

/* Takes in the children of those that are inside; whether there were any. */
static bool tree_spread(struct tree *t)
{
	bool any = false;

	for (size_t i = 0; i < t->count; i++) {
		for (size_t k = 0; !t->items[i].inside && k < t->count; k++)
			if (t->items[k].inside && t->items[k].pid == t->items[i].parent)
				t->items[i].inside = any = true;
	}
	return any;
}

int64_t tree_memory(pid_t root)
{
	struct tree t = { NULL, 0, 0 };
	int64_t sum = -1;

	tree_walk(&t);
	for (size_t i = 0; i < t.count; i++)
		t.items[i].inside = t.items[i].pid == root;
	while (tree_spread(&t))
		continue;
	for (size_t i = 0; i < t.count; i++)
		if (t.items[i].inside)
			sum = (sum < 0 ? 0 : sum) + t.items[i].bytes;
	free(t.items);
	return sum;
}

int64_t tree_rusage_unit(void)
{
	return TREE_RUSAGE_UNIT;
}
