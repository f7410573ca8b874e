/* SPDX-License-Identifier: MIT */
#ifndef PROM_H
#define PROM_H

#include <stdbool.h>

#include "proto/buf.h"

/*
 * The text formats that Prometheus scrapes: its own, version 0.0.4, and OpenMetrics 1.0.0,
 * which names a counter's family without "_total" and ends with "# EOF".
 */

enum prom_format { PROM_TEXT, PROM_OPENMETRICS };

enum prom_type { PROM_GAUGE, PROM_COUNTER };

#define PROM_NAME_MAX 96
#define PROM_LABEL_MAX 256 /* bytes of a label, which is cut between characters */

struct prom {
	struct buf *out;
	enum prom_format format;
	char name[PROM_NAME_MAX]; /* of the family */
	const char *help;	  /* told with the first sample */
	enum prom_type type;
	unsigned families, labels;
};

void prom_begin(struct prom *p, struct buf *out, enum prom_format format);

/* Begins a family of that name, which for a counter ends with "_total".  One without samples is
 * not written.  help is borrowed until the next family. */
void prom_family(struct prom *p, const char *name, enum prom_type type, const char *help);

/* One sample: sample, any number of labels, value.  Labels without text are left out, bytes
 * that are no UTF-8 replaced.  A value that is unknown must not be written at all. */
void prom_sample(struct prom *p);
void prom_label(struct prom *p, const char *key, const char *text);
void prom_value(struct prom *p, double value, int decimals);

/* Ends the text. */
void prom_end(struct prom *p);

#endif
