/* SPDX-License-Identifier: MIT */
#ifndef PROCESSES_H
#define PROCESSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/message.h"
#include "proto/words.h"

/* Processes as the daemon lists them, and what may be made of the list. */

/* One process, or the sum of a group.  Texts are borrowed from the message; numbers are NAN
 * where they are not known. */
struct process {
	int64_t pid, ppid;
	int64_t responsible;	 /* pid of the application that it works for; 0 = itself */
	int64_t start_ms;	 /* 0 = not known; with pid its identity */
	int64_t uid;		 /* -1 = not known, or several */
	const char *user, *name; /* "" = not known */
	const char *command;	 /* "" = it has none, NULL = it may not be seen */
	double cpu_pct;		 /* of one core */
	double gpu_pct, watts, mem_bytes, read_bytes_per_s, write_bytes_per_s, threads;
	double cpu_ms, children_cpu_ms; /* cumulative */
	bool estimated;			/* watts, as a share of what the rail draws */
	unsigned depth;			/* below the root of a tree */
	unsigned members; /* processes that it stands for: 1, or those of a group */
};

struct processes {
	struct process *items;
	size_t count;
	int64_t ts_ms;
	double dt_ms;		     /* what differences span; NAN = there are none yet */
	double cpu_watts, gpu_watts; /* of the rails; NAN = not known */
	int64_t total, restricted;
	bool truncated; /* some are missing that were asked for */
};

/* Replaces what is there (zeroed at first) by the rows of a line, which must outlive it. */
void processes_read(struct processes *to, const struct message *m);
void processes_fini(struct processes *p);

/* Children behind their parents, siblings in the order they had.  A process whose parent is not
 * in the list stands below the one that is responsible for it, or is a root. */
void processes_make_tree(struct processes *p);

/* Leaves the first n and all above them, as many as fit into room rows (0 = any number). */
void processes_keep_branches(struct processes *p, size_t n, size_t room);

/*
 * Sums by application: that of a process is its responsible process, else the farthest ancestor
 * that is not there to start others (init, service managers, shells, terminals).  Applications
 * of the same name are one group.  Sorted, what is not known last; pid is the lowest.
 */
void processes_make_groups(struct processes *p, enum sort sort);

/* The order that a word of the protocol names; NULL = the default. */
enum sort processes_sort(const char *word);

#endif
