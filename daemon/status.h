/* SPDX-License-Identifier: MIT */
#ifndef STATUS_H
#define STATUS_H

#include <uv.h>

#include "daemon/hub.h"
#include "daemon/keeper.h"
#include "daemon/sampler.h"
#include "daemon/server.h"

/* What only the shell can tell about the daemon: its own cost, the sampler, the loop. */
struct status {
	uv_loop_t *loop;
	struct source *source;
	struct sampler *sampler; /* NULL before the start */
	const struct server *server;
	const struct keeper *keeper;
	uint64_t begun_ns; /* uv_hrtime() */
};

/* Before the loop runs for the first time: it is to measure how busy it is. */
void status_init(struct status *status, uv_loop_t *loop, struct source *source,
	const struct server *server);

/* Appends its members to the reply of "status". */
void status_write(const struct status *status, struct json *reply);

/* The whole reply of "status" into the log. */
void status_log(const struct hub *hub);

#endif
