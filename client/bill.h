/* SPDX-License-Identifier: MIT */
#ifndef BILL_H
#define BILL_H

#include <stdbool.h>
#include <stdint.h>

#include "client/child.h"
#include "client/message.h"
#include "client/meter.h"
#include "client/tally.h"
#include "proto/buf.h"

/*
 * What a command has cost: put together from the child's own figures, the energy of its window
 * and the rows of the history that lie in it.  Pure.
 */

/* What of the rows is looked at. */
enum bill_total { BILL_SOC, BILL_PACKAGE, BILL_SYSTEM, BILL_TOTALS };

struct bill {
	struct child child;
	const char *command;	/* its name; borrowed */
	double units;		/* 0 = not told */
	int64_t from_ms, to_ms; /* the window, on the daemon's wall clock */
	bool measured;		/* energy was asked for and answered */
	bool rows;		/* the history was read */
	struct meter meter;
	bool tallied, treed;	  /* what follows is there */
	struct tally tally, tree; /* a group of processes; the command's own */
	double idle_watts; /* of the total, before the command; NaN = not asked or not known */
	/* From rows; NaN = unknown. */
	double peak_watts[BILL_TOTALS], peak_temp_c, throttled_s;
	double traffic_gb, traffic_s; /* GB over so many seconds */
};

/* The metrics that rows are to have, as patterns. */
#define BILL_PATTERNS 7
extern const char *const bill_patterns[BILL_PATTERNS];

void bill_init(struct bill *b);

/* Takes a row; only what of it lies within the window counts. */
void bill_take_row(struct bill *b, const struct message *row);

/* The rail that stands for all: soc, else package, else system; NULL = no power is measured. */
const struct meter_rail *bill_total(const struct bill *b);

/* Joules above those of an idle machine in the same time; NaN = not known. */
double bill_above_idle(const struct bill *b);

/* Most memory of the tree, or of its largest process where that is more. */
int64_t bill_memory(const struct bill *b);

/* Appends it for people, each line beginning "actopctl: " or indented; or as one line of JSON.
 */
void bill_write(const struct bill *b, struct buf *out);
void bill_write_json(const struct bill *b, struct buf *out);

#endif
