/* SPDX-License-Identifier: MIT */
#ifndef VIEW_H
#define VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/body.h"
#include "daemon/history/history.h"
#include "proto/json.h"
#include "proto/schema.h"

#define VIEW_LINE_MAX 262144 /* bytes of one line that the daemon sends, LF included */
#define VIEW_AGGS_MAX 4

/* What the lines of one view say of every daemon: where rows and names come from. */
struct timeline {
	const struct schema *schema;
	struct history *history;
	char epoch[17]; /* 16 hex digits */
	unsigned base_ms;
	unsigned boot;		 /* of this run */
	struct archive *archive; /* coarser tiers; NULL = none */
};

/*
 * A way to look at the history: which series, in windows of how many ticks, summed up how, in
 * which form.  Subscriptions with the same spec share one view, and so one text per window.
 */
struct view_spec {
	unsigned *columns; /* indices of series, ascending; owned by the view once it is made */
	unsigned count;
	uint64_t ticks; /* in a window, at least 1 */
	enum agg aggs[VIEW_AGGS_MAX];
	unsigned agg_count; /* at least 1 */
	bool lists;	    /* each gauge becomes an array, one entry per aggregation */
	bool array;	    /* "v" is an array in the order of columns */
};

struct view;
struct gathered;
struct span;
struct query_column;

/* Whether a line of it, and a list of its names, never takes more than VIEW_LINE_MAX bytes. */
bool view_fits(const struct timeline *timeline, const struct view_spec *spec);

/* Takes over spec->columns. */
struct view *view_new(const struct timeline *timeline, const struct view_spec *spec);
void view_free(struct view *view);

/* Whether the view is the one of that spec. */
bool view_is(const struct view *view, const struct view_spec *spec);
const struct view_spec *view_spec(const struct view *view);

/* Rows first to last, all of one window; complete when no further row can belong to it. */
struct window {
	uint64_t first, last;
	bool complete;
};

/* The window of the row behind "after", restricted to rows behind it.  False when there is
 * none. */
bool view_window(const struct view *view, uint64_t after, struct window *out);

/* Last row before the newest complete window, or before the unfinished one when no other is
 * there: where a snapshot begins. */
uint64_t view_before_newest(const struct view *view);

/*
 * The window as it stands in a line, from "epoch" to the LF.  The newest whole window is kept,
 * so that all who ask for it share it.  The caller gets a reference.  *encoded counts texts
 * made.
 */
struct body *view_body(struct view *view, const struct window *window, uint64_t *encoded);

/* The same from rows of a coarser tier: what each row of the window covers, then what was
 * gathered of them. */
void view_needs(const struct view *view, struct query_column *needs);
void view_begin(struct view *view);
void view_add(struct view *view, const struct span *span);
void view_write_gathered(struct view *view, const struct gathered *values, struct buf *out);

/* The same appended to out, never kept. */
void view_write(struct view *view, const struct window *window, struct buf *out);

/* "metrics":[...]: the names of its series, in order. */
void view_write_names(const struct view *view, struct json *j);

#endif
