/* SPDX-License-Identifier: MIT */
#include "daemon/body.h"

#include <assert.h>

#include "proto/alloc.h"

struct body *body_new(size_t limit)
{
	struct body *body = xcalloc(1, sizeof(*body));

	body->refs = 1;
	buf_init(&body->text, limit);
	return body;
}

struct body *body_ref(struct body *body)
{
	body->refs++;
	return body;
}

void body_unref(struct body *body)
{
	if (!body)
		return;
	assert(body->refs > 0);
	if (--body->refs > 0)
		return;
	buf_fini(&body->text);
	free(body);
}

bool body_is_mine(const struct body *body)
{
	return body->refs == 1;
}
