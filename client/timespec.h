/* SPDX-License-Identifier: MIT */
#ifndef TIMESPEC_H
#define TIMESPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The one grammar of times and durations on the command line.  Pure: the current time is given.
 *
 *   time     = "now" | "today" | "yesterday" | "boot" | "@" seconds | duration ["ago"]
 *            | "-" duration | date [("T" | " ") clock [zone]] | clock
 *   duration = 1*(number ("ms" | "s" | "m" | "h" | "d" | "w"))      1h30m, 1.5h, 90s
 *   date     = YYYY-MM-DD        clock = HH:MM[:SS[.fraction]]      zone = "Z" | ("+"|"-")HH:MM
 *
 * A date or clock without a zone is local time (TZ), or UTC where that is asked for.  A clock
 * alone is the latest such moment that is not in the future: at 00:10, "23:50" is yesterday's.
 */

enum timespec_kind {
	TIMESPEC_AGO,  /* ms before now; "now" is 0 */
	TIMESPEC_AT,   /* Unix time in ms */
	TIMESPEC_BOOT, /* when the machine was started */
};

struct timespec_value {
	enum timespec_kind kind;
	int64_t ms;
};

struct timespec_now {
	int64_t wall_ms; /* Unix time */
	bool utc;
};

/* What is said about text that is no time: "did you mean 5s or 5m?". */
#define TIMESPEC_WHY_MAX 160

/* 0, or -EINVAL with why filled. */
int timespec_parse(const char *text, const struct timespec_now *now,
	struct timespec_value *value, char why[TIMESPEC_WHY_MAX]);

/* The same for a duration alone, in ms.  At most 100 years. */
int timespec_parse_duration(const char *text, int64_t *ms, char why[TIMESPEC_WHY_MAX]);

#endif
