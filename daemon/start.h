/* SPDX-License-Identifier: MIT */
#ifndef START_H
#define START_H

#include "daemon/hub.h"
#include "proto/json.h"
#include "proto/request.h"

/* Samples that a reader will not get. */
struct gap {
	const char *reason; /* "evicted", "slow", "lost", "epoch"; NULL = no gap */
	uint64_t from, to;  /* both 0 with "epoch": they are another epoch's */
};

/* Where a subscription or a history request begins in the timeline. */
struct start {
	uint64_t cursor;    /* the last sample not wanted */
	struct gap gap;	    /* between what was asked for and that */
	bool timed;	    /* from since_ms or last_ms: */
	struct moment from; /* each sample before it is not wanted, wherever it stands */
	bool in_boot;	    /* only what happened in that boot; of events alone */
	unsigned boot;
};

/*
 * Resolves after, since_ms or last_ms of a request; given says whether any was there.  On
 * failure (a cursor ahead of the newest sample; on_gap "fail" and the start is not in the
 * history) error is filled, with texts that live in gone.
 */
struct gone_text {
	char oldest[40], head[40];
};
bool start_resolve(const struct hub *hub, const struct request *r, struct start *start,
	struct request_error *error, struct gone_text *gone);

/* Fills error for a start that is no longer there; places are those of the finest tier. */
bool start_fail_gone(const struct hub *hub, const char *reason, struct request_error *error,
	struct gone_text *gone);

/* The same in the timeline of events; the cursor is an eseq. */
bool start_resolve_events(const struct hub *hub, const struct request *r, struct start *start,
	struct request_error *error, struct gone_text *gone);

/* The monotonic time from which on events are wanted with last_ms. */
int64_t start_event_mono_ms(const struct hub *hub, int64_t last_ms);

/* Says that there is no such boot as the request names. */
bool start_fail_boot(struct request_error *error);

bool start_is_given(const struct request *r);

/* The members from_seq, to_seq (or from_eseq, to_eseq: unit is "seq" or "eseq"), count and
 * reason; numbers are null with "epoch". */
void gap_write_members(const struct gap *gap, const char *unit, struct json *j);

#endif
