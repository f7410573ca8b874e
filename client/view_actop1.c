/* SPDX-License-Identifier: MIT */
#include "client/actop1.h"
#include "client/view.h"

static void view_actop1_line(struct view *v, const struct message *m)
{
	actop1_write(&v->out, &v->all, m);
	buf_puts(&v->out, "\n");
}

const struct view_class view_actop1 = {
	.needs_schema = true,
	.line = view_actop1_line,
};
