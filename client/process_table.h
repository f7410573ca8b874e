/* SPDX-License-Identifier: MIT */
#ifndef PROCESS_TABLE_H
#define PROCESS_TABLE_H

#include "client/processes.h"
#include "client/workload.h"
#include "proto/buf.h"

/* Processes as people read them.  Pure. */

struct process_style {
	unsigned width; /* columns of the terminal; 0 = no limit */
	size_t rows;	/* at most; 0 = all */
	bool groups;	/* rows are sums: how many processes, not a pid */
	bool bold;	/* the header, by ANSI sequences */
};

/*
 * PID USER CPU% GPU% WATTS MEM READ/s WRITE/s THR COMMAND: numbers to the right, "-" what is
 * not known, "~" before watts that are estimated, a tree indented.  Where the terminal is too
 * narrow columns are left out (the rates, threads, GPU and user, in this order) and then the
 * command is cut.  Control characters of texts are escaped.  Each line ends with LF.
 */
void process_table_write(
	struct buf *out, const struct processes *p, const struct process_style *style);

/*
 * "shown 12.3 W of 45.1 W (cpu rail) - 12 restricted - 14 of 312 shown", for the rows that
 * process_table_write() has written.
 */
void process_table_foot(
	struct buf *out, const struct processes *p, const struct process_style *style);

/* "workload: 12 processes, CPU 153.2 % (20.1 % of them gone), 18 s so far, 3.2 GiB, ~4.2 W"
 */
void process_table_workload(
	struct buf *out, const struct processes *p, const struct workload *w);

/* One line each without a header, for programs: PID USER CPU% GPU% WATTS MEM READ/s WRITE/s THR
 * NAME, bytes as numbers, "-" what is not known. */
void process_table_plain(
	struct buf *out, const struct processes *p, const struct process_style *style);

#endif
