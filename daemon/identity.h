/* SPDX-License-Identifier: MIT */
#ifndef IDENTITY_H
#define IDENTITY_H

#include "daemon/hub.h"

/* Never 0, and never the same twice. */
uint64_t identity_random(void);

/* Who this run of the daemon is; max_clients and system are left alone. */
void identity_fill(struct hub_identity *id, const struct machine *machine);

#endif
