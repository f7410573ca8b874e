/* SPDX-License-Identifier: MIT */
#include "daemon/source/process.h"

#include <errno.h>

/* Only open is ever called. */
static int process_open(void **self, const struct source_options *options, struct fault *why)
{
	(void)self;
	(void)options;
	return fault_set(why, -ENOTSUP, "not on this system");
}

const struct process_source platform_processes = { .open = process_open };
