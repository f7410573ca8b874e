/* SPDX-License-Identifier: MIT */
#ifndef REPLY_H
#define REPLY_H

#include "daemon/session.h"
#include "proto/json.h"

/* The frame of a reply: {"type":"reply","id":I,"op":O, what the caller adds, } and LF. */
void reply_begin(struct session *s, const struct request *r, struct json *j);
bool reply_end(struct json *j); /* true, for the caller to return */

#endif
