/* SPDX-License-Identifier: MIT */
#ifndef TIERS_H
#define TIERS_H

#include <stddef.h>

#include "daemon/history/archive.h"
#include "daemon/options.h"

/* The list in "history = 1s:1h, 10s:24h": each tier a step and the span that it is kept for. */

#define TIERS_ROWS_MAX 1000000 /* span / step of one tier, which bounds its memory */
#define TIERS_TEXT_MAX (OPTIONS_TIERS_MAX * 2 * DURATION_TEXT_MAX)

/* Sets tiers and tier_count.  Steps must grow, each a multiple of its former; spans must grow,
 * and are rounded up to whole steps.  0 or -EINVAL. */
int tiers_parse(struct options *options, const char *text, struct message *why);

/* Is the first step the interval?  0 or -EINVAL. */
int tiers_check(const struct options *options, struct message *why);

/* Makes tiers that nobody chose fit the interval: the first step becomes it, the others are
 * rounded up to multiples, and a tier that no longer adds anything is dropped. */
void tiers_fit(struct options *options);

/* Rows of the first tier, at the interval at which samples really come: a recording has its
 * own. */
size_t tiers_rows(const struct options *options, unsigned base_ms);

/* All tiers but the first, which is the history itself; those that do not fit the interval are
 * left out. */
struct archive *tiers_archive(
	const struct options *options, struct schema *schema, unsigned base_ms);

void tiers_format(const struct options *options, char *to, size_t size);

#endif
