/* SPDX-License-Identifier: MIT */
#ifndef TRACE_H
#define TRACE_H

#include "proto/buf.h"
#include "proto/sample.h"

/*
 * A recording: NDJSON of what a source read, before anything was derived, so that playing it
 * back runs all rules again.
 *
 *   {"actop_trace":1,"base_ms":1000,"machine":{...},"entities":{"core":[{"name":"0",...}],...},
 *    "notes":{"cpu_watts":{"avail":"needs_root","reason":"..."}}}
 *   {"wall_ms":...,"mono_ns":...,"awake_ns":...,"v":{"load_1m":[0.5],"core.busy_ticks":[10,null]}}
 *
 * Metrics go by name: those that a reader does not know are skipped, those that are missing are
 * absent, so that recordings outlive changes of the table.
 */
#define TRACE_VERSION 1
#define TRACE_LINE_MAX (1 << 20)
#define TRACE_ERROR_MAX 160

void trace_write_header(struct buf *out, const struct layout *layout, unsigned base_ms);
void trace_write_sample(struct buf *out, const struct sample *s);

/* A new, sealed layout, or NULL with why it is none in error. */
struct layout *trace_read_header(
	const char *line, size_t len, unsigned *base_ms, char error[TRACE_ERROR_MAX]);

/* Fills s, which was cleared.  0, or -EBADMSG with why in error. */
int trace_read_sample(
	const char *line, size_t len, struct sample *s, char error[TRACE_ERROR_MAX]);

#endif
