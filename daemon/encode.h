/* SPDX-License-Identifier: MIT */
#ifndef ENCODE_H
#define ENCODE_H

#include "daemon/view.h"

/*
 * Writes windows of the history as JSON (PROTOCOL.md 2.8, 2.13): a window of one row as it
 * stands, longer ones summed up by each series' aggregation.  Means weigh by the time that a
 * row covers, a row that does not know it by base_ms; absent values are left out.  A mean of a
 * state or a bool has no meaning, so with "mean" these keep their own aggregation.
 */
struct encoder;

/* Both must outlive the encoder. */
struct encoder *encoder_new(const struct timeline *timeline, const struct view_spec *spec);
void encoder_free(struct encoder *encoder);

/* Appends from "epoch" to the closing brace of the line and its LF. */
void encoder_write(struct encoder *encoder, uint64_t first, uint64_t last, struct buf *out);

/* What it needs of the rows of a coarser tier: fills one for each column of the spec. */
void encoder_needs(const struct encoder *encoder, struct query_column *needs);

/* The same of rows of a coarser tier: what each covers, one after the other, at least one, and
 * what was gathered of all of them. */
void encoder_begin(struct encoder *encoder);
void encoder_add(struct encoder *encoder, const struct span *span);
void encoder_write_gathered(
	struct encoder *encoder, const struct gathered *values, struct buf *out);

/* Most bytes of one value of a series. */
size_t encode_value_max(const struct series *series);

/* "flags":["wake"], with the comma before it; nothing where no flag is set. */
void encode_flags(unsigned flags, struct buf *out);

#endif
