/* SPDX-License-Identifier: MIT */
#include "daemon/source/source.h"

#include <errno.h>
#include <time.h>

/* A platform without parts: what a new one starts from, and proof that the rest needs none. */
const char platform_name[] = "unsupported";

const struct part *const platform_parts[] = { NULL };

static uint64_t platform_clock_ns(clockid_t clock)
{
	struct timespec ts = { 0, 0 };

	clock_gettime(clock, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

void platform_now(struct instant *now)
{
	now->wall_ms = (int64_t)(platform_clock_ns(CLOCK_REALTIME) / 1000000u);
	now->mono_ns = platform_clock_ns(CLOCK_MONOTONIC);
	now->awake_ns = now->mono_ns;
}

void platform_machine(const struct source_options *options, struct machine *machine)
{
	machine->simulated = options->root[0] != '\0';
}

int platform_dump(FILE *f, struct fault *why)
{
	(void)f;
	return fault_set(why, -ENOTSUP, "only a Mac can be described as a world");
}
