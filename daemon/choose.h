/* SPDX-License-Identifier: MIT */
#ifndef CHOOSE_H
#define CHOOSE_H

#include "daemon/view.h"
#include "proto/request.h"

/*
 * Fills spec->columns (allocated) and count with the series that the patterns match, in the
 * order of the schema; no patterns means all.  NULL, or the exact name that does not exist:
 * then nothing was allocated.
 */
const char *choose_columns(const struct schema *schema, const struct request_patterns *patterns,
	struct view_spec *spec);

/* The spec of a subscription or a history request: columns, ticks, aggregation, format. */
const char *choose_view(const struct timeline *timeline, const struct request *r,
	int64_t interval_ms, struct view_spec *spec);

#endif
