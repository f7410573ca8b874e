/* SPDX-License-Identifier: MIT */
#ifndef METER_H
#define METER_H

#include "client/ask.h"
#include "client/talk.h"

/* The daemon's measurement of a window (PROTOCOL.md, decision 8). */

#define METER_J_PER_WH 3600.0
#define METER_J_PER_KWH 3600000.0
#define METER_RAILS_MAX 128
#define METER_NAME_MAX 64

struct meter_rail {
	char name[METER_NAME_MAX];
	double joules, mean_watts, error_joules; /* NaN = not told */
};

struct meter {
	int64_t from_ms, to_ms; /* Unix times */
	double covered_s, uncovered_s;
	struct meter_rail rails[METER_RAILS_MAX];
	unsigned count;
};

/* The rails that a person looks at first; the first one that is there is the whole machine, as
 * far as it is measured. */
#define METER_MAIN_COUNT 7
#define METER_TOTALS 3
extern const char *const meter_main[METER_MAIN_COUNT];

/* Asks for a window.  0 (free m) or an exit code. */
int meter_ask(struct talk *t, const struct ask_window *window, struct message *m);

void meter_read(struct meter *meter, const struct message *m);

/* NULL = not measured. */
const struct meter_rail *meter_find(const struct meter *meter, const char *name);

/* The rail of system, soc or package, whichever is the first there; NULL = none is. */
const struct meter_rail *meter_total(const struct meter *meter);

#endif
