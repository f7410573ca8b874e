/* SPDX-License-Identifier: MIT */
#ifndef WALKER_H
#define WALKER_H

#include <uv.h>

#include "daemon/hub.h"

struct server;

/*
 * Walks the processes of this machine on a thread of libuv's pool, while somebody asks
 * (daemon/survey.h).  NULL, and the daemon goes without, where processes cannot be read or what
 * is shown is a recording.
 */
struct walker *walker_open(uv_loop_t *loop, struct server *server, const char *source);

/* After the loop has run out. */
void walker_close(struct walker *walker); /* NULL is allowed */

#endif
