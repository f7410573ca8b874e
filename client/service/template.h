/* SPDX-License-Identifier: MIT */
#ifndef TEMPLATE_H
#define TEMPLATE_H

#include "client/service/plan.h"
#include "proto/buf.h"

/*
 * Fills the template of launchd's job, launchd/actopd.plist.in: lines that begin with @AGENT@
 * or
 * @DAEMON@ stay only in that one, and @NAMES@ become what they are here, escaped for XML.
 * Appends to out.  Pure.
 */
void template_fill(struct buf *out, const char *template, size_t n, const struct service *s);

/* Where the template was installed. */
void template_path(const struct service *s, char to[SELF_PATH_MAX]);

#endif
