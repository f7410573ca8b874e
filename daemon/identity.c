/* SPDX-License-Identifier: MIT */
#include "daemon/identity.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include <uv.h>

#include "daemon/source/source.h"

uint64_t identity_random(void)
{
	uint64_t id = 0;

	while (id == 0)
		if (uv_random(NULL, NULL, &id, sizeof(id), 0, NULL) < 0)
			id = (uint64_t)getpid() << 32 ^ uv_hrtime();
	return id;
}

void identity_fill(struct hub_identity *id, const struct machine *machine)
{
	struct instant now;

	platform_now(&now);
	snprintf(id->version, sizeof(id->version), "%s", ACTOP_VERSION);
	snprintf(id->run, sizeof(id->run), "%016" PRIx64, identity_random());
	snprintf(id->boot_id, sizeof(id->boot_id), "%s", machine->boot_id);
	id->pid = getpid();
	id->uid = geteuid();
	id->started_ts_ms = now.wall_ms;
	id->started_mono_ms = (int64_t)(now.mono_ns / 1000000);
}
