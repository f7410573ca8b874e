/* SPDX-License-Identifier: MIT */
#include "daemon/encode.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "daemon/history/query.h"
#include "proto/alloc.h"
#include "proto/json.h"

/* Keys up to this length are copied as so many bytes whatever they have, which takes one or two
 * instructions; there is room for a number behind. */
#define KEY_CHUNK JSON_NUMBER_MAX

/* What the encoder needs of a series, close together: it is touched for every line. */
struct column {
	unsigned index; /* in a row */
	unsigned key, key_length;
	enum kind kind;
	int decimals;
	enum agg agg, single; /* its own; the one that takes effect where there is no list */
	unsigned state_count;
	const char *const *states;
};

struct encoder {
	const struct timeline *timeline;
	const struct view_spec *spec;
	struct column *columns;
	struct buf keys;	       /* "name": of each column, with the comma before it */
	size_t values_max;	       /* bytes of all keys and values of a line */
	struct gathered *gathered;     /* one per column; NULL until a window needs it */
	const struct gathered *values; /* of the window: these, or what a query gathered */
	struct span span; /* what was gathered covers; nothing while last_seq is 0 */
};

size_t encode_value_max(const struct series *s)
{
	size_t longest = JSON_NUMBER_MAX;

	for (unsigned i = 0; i < s->state_count; i++)
		if (strlen(s->states[i]) + 2 > longest)
			longest = strlen(s->states[i]) + 2;
	return longest;
}

/* The aggregation that takes effect. */
static enum agg effective(const struct column *s, enum agg agg)
{
	if (s->kind == KIND_COUNTER)
		return AGG_LAST;
	return agg == AGG_OWN || (agg == AGG_MEAN && s->kind != KIND_GAUGE) ? s->agg : agg;
}

static void encoder_add_column(struct encoder *e, unsigned i)
{
	const struct series *s = &e->timeline->schema->series[e->spec->columns[i]];
	struct column *c = &e->columns[i];

	*c = (struct column){ e->spec->columns[i], (unsigned)e->keys.len, 0, s->kind,
		s->decimals, s->agg, AGG_OWN, s->state_count, s->states };
	c->single = effective(c, e->spec->lists ? AGG_OWN : e->spec->aggs[0]);
	buf_puts(&e->keys, i ? "," : "");
	if (!e->spec->array) {
		buf_puts(&e->keys, "\"");
		buf_puts(&e->keys, s->name);
		buf_puts(&e->keys, "\":");
	}
	c->key_length = (unsigned)e->keys.len - c->key;
	e->values_max += c->key_length + 1 +
		(e->spec->lists ? e->spec->agg_count : 1) * (encode_value_max(s) + 1);
}

struct encoder *encoder_new(const struct timeline *timeline, const struct view_spec *spec)
{
	static const char padding[KEY_CHUNK];
	struct encoder *e = xcalloc(1, sizeof(*e));

	e->timeline = timeline;
	e->spec = spec;
	e->columns = xcalloc(spec->count, sizeof(*e->columns));
	buf_init(&e->keys, (size_t)spec->count * (SERIES_NAME_MAX + 4) + KEY_CHUNK);
	for (unsigned i = 0; i < spec->count; i++)
		encoder_add_column(e, i);
	buf_add(&e->keys, padding, sizeof(padding));
	e->values_max += KEY_CHUNK;
	return e;
}

void encoder_free(struct encoder *e)
{
	buf_fini(&e->keys);
	free(e->columns);
	free(e->gathered);
	free(e);
}

void encode_flags(unsigned flags, struct buf *out)
{
	static const char *const names[] = { "start", "restart", "boot", "wake", "late",
		"clock_step" };
	const char *separator = ",\"flags\":[\"";

	if (!flags)
		return;
	for (unsigned i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (!(flags & 1u << i))
			continue;
		buf_puts(out, separator);
		buf_puts(out, names[i]);
		separator = "\",\"";
	}
	buf_puts(out, "\"]");
}

static void put_int(struct buf *out, const char *key, int64_t value)
{
	char digits[JSON_NUMBER_MAX];

	buf_puts(out, key);
	buf_add(out, digits, json_format_int(digits, value));
}

/* ---- values: written to where there is room for all of them ---- */

static char *put_text(char *to, const char *text)
{
	size_t length = strlen(text);

	memcpy(to, text, length);
	return to + length;
}

static char *put_state(char *to, const struct column *s, double x)
{
	unsigned i = x >= 0 && x < s->state_count ? (unsigned)x : s->state_count;

	if (i == s->state_count)
		return put_text(to, "null");
	*to++ = '"';
	to = put_text(to, s->states[i]);
	*to++ = '"';
	return to;
}

static char *put_value(char *to, const struct column *s, double x)
{
	if (isnan(x))
		return put_text(to, "null");
	if (s->kind == KIND_STATE)
		return put_state(to, s, x);
	if (s->kind == KIND_BOOL)
		return put_text(to, x != 0 ? "true" : "false");
	return to + json_format_fixed(to, x, s->decimals);
}

static void gather(struct encoder *e, uint64_t first, uint64_t last)
{
	const struct history *h = e->timeline->history;
	const struct view_spec *spec = e->spec;

	if (!e->gathered)
		e->gathered = xcalloc(e->spec->count, sizeof(*e->gathered));
	e->values = e->gathered;
	for (unsigned i = 0; i < spec->count; i++)
		e->gathered[i] = GATHERED_NOTHING;
	for (uint64_t seq = first; seq <= last; seq++) {
		const struct row *row = history_row(h, seq);
		double weight = row->dt_ns ? (double)row->dt_ns : e->timeline->base_ms * 1e6;

		for (unsigned i = 0; i < spec->count; i++)
			gather_value(&e->gathered[i], history_value(h, row, spec->columns[i]),
				weight);
	}
}

void encoder_begin(struct encoder *e)
{
	e->span = (struct span){ 0 };
}

void encoder_add(struct encoder *e, const struct span *span)
{
	struct span *s = &e->span;

	if (s->last_seq == 0)
		s->first_seq = span->first_seq;
	s->last_seq = span->last_seq;
	s->flags |= span->flags;
	s->ts_ms = span->ts_ms;
	s->mono_us = span->mono_us;
	s->dt_us += span->dt_us;
}

void encoder_needs(const struct encoder *e, struct query_column *needs)
{
	static const unsigned parts[] = { [AGG_MEAN] = 1u << COLUMN_BASE,
		[AGG_LAST] = 1u << COLUMN_LAST,
		[AGG_MAX] = 1u << COLUMN_ABOVE,
		[AGG_MIN] = 1u << COLUMN_BELOW };
	const struct view_spec *spec = e->spec;

	for (unsigned i = 0; i < spec->count; i++) {
		const struct column *c = &e->columns[i];
		bool own = spec->lists && c->kind != KIND_GAUGE;

		needs[i] = (struct query_column){ c->index, 1u << COLUMN_BASE };
		for (unsigned a = 0; a < spec->agg_count; a++)
			needs[i].needs |= parts[effective(c, own ? AGG_OWN : spec->aggs[a])];
	}
}

static double summed(const struct gathered *g, enum agg agg)
{
	switch (agg) {
	case AGG_MIN:
		return g->min;
	case AGG_MAX:
		return g->max;
	case AGG_MEAN:
		return gathered_mean(g);
	default:
		return g->last;
	}
}

static char *put_key(char *to, const struct encoder *e, const struct column *c)
{
	const char *key = e->keys.data + c->key;

	if (c->key_length <= KEY_CHUNK)
		memcpy(to, key, KEY_CHUNK);
	else
		memcpy(to, key, c->key_length);
	return to + c->key_length;
}

static char *put_list(char *to, const struct encoder *e, unsigned i)
{
	const struct view_spec *spec = e->spec;
	const struct column *c = &e->columns[i];
	char separator = '[';

	for (unsigned a = 0; a < spec->agg_count; a++) {
		*to++ = separator;
		to = put_value(to, c, summed(&e->values[i], effective(c, spec->aggs[a])));
		separator = ',';
	}
	*to++ = ']';
	return to;
}

static void put_values(struct encoder *e, const struct row *single, struct buf *out)
{
	const struct history *h = e->timeline->history;
	const struct view_spec *spec = e->spec;
	char *to = buf_reserve(out, e->values_max);

	for (unsigned i = 0; to && i < spec->count; i++) {
		const struct column *c = &e->columns[i];

		to = put_key(to, e, c);
		if (single && !spec->lists)
			to = put_value(to, c, history_value(h, single, c->index));
		else if (!spec->lists || c->kind != KIND_GAUGE)
			to = put_value(to, c, summed(&e->values[i], c->single));
		else
			to = put_list(to, e, i);
	}
	if (to)
		out->len = (size_t)(to - out->data);
}

/* dt_ms: the time covered, up to 3 decimals; null when no row of the window knows it. */
static void put_time(const struct encoder *e, const struct span *s, struct buf *out)
{
	buf_puts(out, "\"epoch\":\"");
	buf_puts(out, e->timeline->epoch);
	put_int(out, "\",\"seq\":", (int64_t)s->last_seq);
	put_int(out, ",\"n\":", (int64_t)(s->last_seq - s->first_seq + 1));
	put_int(out, ",\"ts_ms\":", s->ts_ms);
	put_int(out, ",\"mono_ms\":", (int64_t)(s->mono_us / 1000));
	buf_puts(out, ",\"dt_ms\":");
	if (s->dt_us) {
		char number[JSON_NUMBER_MAX];

		buf_add(out, number, json_format_fixed(number, (double)s->dt_us / 1e3, 3));
	} else {
		buf_puts(out, "null");
	}
	encode_flags(s->flags, out);
}

static struct span span_of(const struct encoder *e, uint64_t first, uint64_t last)
{
	const struct row *end = history_row(e->timeline->history, last);
	struct span s = { .first_seq = first,
		.last_seq = last,
		.ts_ms = end->ts_ms,
		.mono_us = end->mono_ns / 1000 };

	for (uint64_t seq = first; seq <= last; seq++) {
		const struct row *row = history_row(e->timeline->history, seq);

		s.dt_us += row->dt_ns / 1000;
		s.flags |= row->flags;
	}
	return s;
}

static void put_line(
	struct encoder *e, const struct span *span, const struct row *single, struct buf *out)
{
	put_time(e, span, out);
	buf_puts(out, e->spec->array ? ",\"v\":[" : ",\"v\":{");
	put_values(e, single, out);
	buf_puts(out, e->spec->array ? "]}\n" : "}}\n");
}

void encoder_write(struct encoder *e, uint64_t first, uint64_t last, struct buf *out)
{
	const struct row *single =
		first == last ? history_row(e->timeline->history, last) : NULL;
	struct span span = span_of(e, first, last);

	if (!single || e->spec->lists)
		gather(e, first, last);
	put_line(e, &span, single, out);
}

void encoder_write_gathered(struct encoder *e, const struct gathered *values, struct buf *out)
{
	e->values = values;
	put_line(e, &e->span, NULL, out);
}
