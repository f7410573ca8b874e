/* SPDX-License-Identifier: MIT */
#ifndef REACH_H
#define REACH_H

#include "daemon/history/archive.h"
#include "daemon/start.h"

/* What a history request asks for: which tier, from where, to where. */
struct reach {
	int tier; /* of the archive; -1 = samples as they are */
	struct start start;
	uint64_t until; /* the last sample wanted; there may be others before it that are not */
	bool has_until_ms;
	int64_t until_ms; /* rows from here on are not wanted */
};

/* Whether a row of that time is within what was asked for. */
static inline bool reach_wants(
	const struct reach *reach, unsigned boot, uint64_t mono_ns, int64_t ts_ms)
{
	return (!reach->start.timed ||
		       moment_is_before(&reach->start.from, boot, mono_ns, ts_ms)) &&
		(!reach->has_until_ms || ts_ms < reach->until_ms);
}

/* As start_resolve(); a boot that is not in the history is an error as well. */
bool reach_resolve(const struct hub *hub, const struct request *r, struct reach *reach,
	struct request_error *error, struct gone_text *gone);

/* Makes windows whole steps of the tier. */
void reach_fit(const struct hub *hub, const struct reach *reach, struct view_spec *spec);

#endif
