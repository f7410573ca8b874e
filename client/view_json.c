/* SPDX-License-Identifier: MIT */
#include "client/escape.h"
#include "client/pretty.h"
#include "client/view.h"

/* What the daemon sent, byte for byte; only a terminal is protected from control characters. */
static void view_json_line(struct view *v, const struct message *m)
{
	struct buf text;

	buf_init(&text, VIEW_LINE_MAX);
	if (v->options->pretty)
		pretty_json(&text, m->line, m->length);
	else
		buf_add(&text, m->line, m->length);
	if (text.len > 0 && v->screen.terminal)
		escape_json(&v->out, text.data, text.len);
	else if (text.len > 0)
		buf_add(&v->out, text.data, text.len);
	buf_puts(&v->out, "\n");
	buf_fini(&text);
}

const struct view_class view_json = {
	.line = view_json_line,
	.gap = view_json_line,
	.event = view_json_line,
};
