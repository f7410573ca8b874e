/* SPDX-License-Identifier: MIT */
#ifndef BODY_H
#define BODY_H

#include "proto/buf.h"

/*
 * Bytes that several connections send at the same time: written once, then only read, and freed
 * with the last reference.  Belongs to the loop's thread, so the count is a plain number.
 */
struct body {
	unsigned refs;
	struct buf text;
};

/* One reference, no bytes yet; at most limit of them. */
struct body *body_new(size_t limit);
struct body *body_ref(struct body *body);
void body_unref(struct body *body); /* NULL is allowed */

/* Nobody but the caller holds it: it may be written again. */
bool body_is_mine(const struct body *body);

#endif
