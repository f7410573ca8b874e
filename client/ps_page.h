/* SPDX-License-Identifier: MIT */
#ifndef PS_PAGE_H
#define PS_PAGE_H

#include "client/processes.h"
#include "client/view.h"
#include "client/workload.h"

/* What ps prints of one list of processes, in the format that was asked for. */

#define PS_LIMIT_MAX 1000 /* rows that the daemon sends at most */

struct ps_page {
	const struct options *options;
	enum output output;
	struct view view; /* for the screen, and for JSON */
	struct processes processes;
	struct workload workload; /* with --pid */
	uint64_t printed;	  /* lists so far */
	struct buf out;
};

/* 0 or an exit code: options that do not go together. */
int ps_page_open(struct ps_page *p, const struct options *options);
void ps_page_close(struct ps_page *p);

/* How many rows to ask for; 0 = as many as the daemon sends unasked. */
int64_t ps_page_limit(const struct ps_page *p);

/* Prints a line of the daemon.  On a terminal with --watch it takes the place of the one
 * before.  0 or EXIT_FAILED. */
int ps_page_print(struct ps_page *p, const struct message *m);

#endif
