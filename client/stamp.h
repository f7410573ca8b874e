/* SPDX-License-Identifier: MIT */
#ifndef STAMP_H
#define STAMP_H

#include <stdbool.h>
#include <stdint.h>

/* Moments and spans as people read them. */

#define STAMP_MAX 40

/* "14:02:10", with millis "14:02:10.250". */
void stamp_clock(char to[STAMP_MAX], int64_t ts_ms, bool utc, bool millis);

/* "2026-01-31" */
void stamp_date(char to[STAMP_MAX], int64_t ts_ms, bool utc);

/* "2026-01-31 14:02:10 CET" */
void stamp_full(char to[STAMP_MAX], int64_t ts_ms, bool utc);

/* "2026-01-31 14:02:10" */
void stamp_moment(char to[STAMP_MAX], int64_t ts_ms, bool utc);

/* "250 ms", "0.4 s", "12 s", "4m30s", "3h12m", "2d04h" */
void stamp_span(char to[STAMP_MAX], int64_t ms);

/* The wall clock. */
int64_t stamp_now(void);

#endif
