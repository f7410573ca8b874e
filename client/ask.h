/* SPDX-License-Identifier: MIT */
#ifndef ASK_H
#define ASK_H

#include "client/options.h"
#include "proto/buf.h"

/* Writes requests, one line each. */

#define ASK_MAX 65536 /* bytes of the requests that are sent at once */
#define ASK_CURSOR_MAX 64

enum ask_start { ASK_NO_START, ASK_AFTER, ASK_SINCE, ASK_LAST };

/* What history and watch ask for. */
struct ask_range {
	enum ask_start start;
	int64_t start_ms;	    /* of ASK_SINCE and ASK_LAST */
	char after[ASK_CURSOR_MAX]; /* of ASK_AFTER */
	bool has_until;
	int64_t until_ms;
};

/* Which metrics: count 0 = all. */
struct ask_metrics {
	const char *const *patterns;
	unsigned count;
};

void ask_hello(struct buf *out);
void ask_plain(struct buf *out, const char *op);
void ask_status(struct buf *out, bool clients);
void ask_schema(struct buf *out, const struct ask_metrics *metrics);
void ask_get(struct buf *out, const struct ask_metrics *metrics);

void ask_history(struct buf *out, const struct options *options,
	const struct ask_metrics *metrics, const struct ask_range *range, int64_t limit);

/* limit 0 = as many as the daemon sends at once. */
void ask_events(struct buf *out, const struct options *options, const struct ask_range *range,
	int64_t limit);
void ask_mark(struct buf *out, const char *text);

/* What energy measures: a range, or from one mark to another (NULL = as the range says). */
struct ask_window {
	struct ask_range range;
	const char *from_mark, *to_mark; /* "#12" is an eseq */
	bool has_boot;
	int64_t boot;
};

void ask_energy(struct buf *out, const struct ask_window *window);

/* The stream of events; count 0 = without end. */
void ask_follow(struct buf *out, const struct options *options, const struct ask_range *range,
	int64_t count);

/* count 0 = without end. */
void ask_subscribe(struct buf *out, const struct options *options,
	const struct ask_metrics *metrics, const struct ask_range *range, int64_t count);

/* Processes, at most limit of them: once, or as a stream. */
void ask_processes(struct buf *out, const struct options *options, int64_t limit);
void ask_process_stream(
	struct buf *out, const struct options *options, int64_t limit, int64_t interval_ms);

/* The processes of a group: once, or as a stream of that name. */
void ask_group(struct buf *out, const char *match, int64_t limit);
void ask_group_stream(struct buf *out, const char *match, int64_t limit, const char *sub,
	int64_t interval_ms);

#endif
