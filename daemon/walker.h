/* SPDX-License-Identifier: MIT */
#ifndef WALKER_H
#define WALKER_H

#include <uv.h>

#include "daemon/hub.h"

struct server;

/*
 * Walks the processes of this machine on a thread of its own, while somebody asks
 * (daemon/survey.h).  NULL, and the daemon goes without, where processes cannot be read or what
 * is shown is a recording.
 */
struct walker *walker_open(uv_loop_t *loop, struct server *server, const char *source);

/* Waits for a walk under way and closes the handle; nobody may ask behind it. */
void walker_stop(struct walker *walker); /* NULL is allowed */

/* After the loop has run out. */
void walker_close(struct walker *walker); /* NULL is allowed */

#endif
