/* SPDX-License-Identifier: MIT */
#include "client/print.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "client/escape.h"
#include "client/view.h"

bool print_wants_json(const struct options *options)
{
	return options_output(options, isatty(STDOUT_FILENO)) == OUTPUT_JSON;
}

int print_reply(const struct options *options, const struct message *m)
{
	struct view v;
	int rc = view_open(&v, options);

	if (rc == 0) {
		v.class = &view_json;
		view_line(&v, m);
		rc = view_flush();
	}
	view_close(&v);
	return rc;
}

void print_text(const char *text)
{
	struct buf out;

	buf_init(&out, VIEW_LINE_MAX);
	if (text)
		escape_text(&out, text, strlen(text));
	else
		buf_puts(&out, "-");
	if (out.len > 0)
		fwrite(out.data, 1, out.len, stdout);
	buf_fini(&out);
}
