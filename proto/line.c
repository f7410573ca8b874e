/* SPDX-License-Identifier: MIT */
#include "proto/line.h"

#include <string.h>

#include "proto/alloc.h"

void line_init(struct line_reader *r, size_t max)
{
	*r = (struct line_reader){ .max = max };
}

static void line_release(struct line_reader *r)
{
	free(r->data);
	r->data = NULL;
	r->len = r->cap = r->next = r->scanned = 0;
}

void line_fini(struct line_reader *r)
{
	line_release(r);
}

/* Moves the unread rest to the front. */
static void line_compact(struct line_reader *r)
{
	if (r->next == 0)
		return;
	memmove(r->data, r->data + r->next, r->len - r->next);
	r->len -= r->next;
	r->scanned -= r->next;
	r->next = 0;
}

void line_feed(struct line_reader *r, const char *data, size_t len)
{
	if (r->too_long || len == 0)
		return;
	line_compact(r);
	if (r->cap - r->len <= len) {
		r->cap = r->len + len + 1; /* a NUL goes behind a last line without LF */
		r->data = xrealloc(r->data, r->cap, 1);
	}
	memcpy(r->data + r->len, data, len);
	r->len += len;
}

void line_eof(struct line_reader *r)
{
	r->eof = true;
}

/* Finds the end of the line at next; false when it is not there yet. */
static bool line_find_end(struct line_reader *r, size_t *end)
{
	const char *lf = r->scanned < r->len
		? memchr(r->data + r->scanned, '\n', r->len - r->scanned)
		: NULL;

	*end = lf ? (size_t)(lf - r->data) : r->len;
	r->scanned = *end;
	return lf || (r->eof && r->len > r->next);
}

static bool line_is_blank(const char *line, size_t len)
{
	while (len > 0 && strchr(" \t\r", line[len - 1]) && line[len - 1])
		len--;
	return len == 0;
}

/* Takes the line that ends before end, with what ended it, off the input. */
static size_t line_take(struct line_reader *r, size_t end, char **line)
{
	size_t len = end - r->next;

	*line = r->data + r->next;
	r->next = r->scanned = end < r->len ? end + 1 : end;
	if (len > 0 && (*line)[len - 1] == '\r')
		len--;
	(*line)[len] = '\0';
	return len;
}

enum line_status line_next(struct line_reader *r, char **line, size_t *len)
{
	size_t end;

	while (!r->too_long) {
		bool found = line_find_end(r, &end);

		if (end - r->next >= r->max) {
			r->too_long = true;
			break;
		}
		if (!found)
			break;
		*len = line_take(r, end, line);
		if (!line_is_blank(*line, *len))
			return LINE_READY;
	}
	if (r->too_long || r->next == r->len)
		line_release(r);
	return r->too_long ? LINE_TOO_LONG : LINE_NONE;
}
