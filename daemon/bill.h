/* SPDX-License-Identifier: MIT */
#ifndef BILL_H
#define BILL_H

#include "daemon/hub.h"
#include "proto/json.h"
#include "proto/request.h"

/*
 * The op "energy": what a stretch of time cost.  Appends the members of its reply; false, with
 * error filled, where its marks or its cursor name nothing.
 */
bool bill_write(const struct hub *hub, const struct request *r, struct json *j,
	struct request_error *error);

#endif
