/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <sys/types.h>
#include <sys/sysctl.h>

#include "daemon/source/darwin/ctl.h"
#include "daemon/source/darwin/parts.h"

/* Load averages. */

static int load_open(void **self, const struct source_options *options, struct fault *why)
{
	(void)options, (void)why;
	*self = NULL;
	return 0;
}

static int load_describe(void *self, struct layout *layout)
{
	(void)self, (void)layout;
	return 0;
}

static int load_read(void *self, struct sample *s)
{
	static const enum metric_id ids[] = { METRIC_LOAD_1M, METRIC_LOAD_5M, METRIC_LOAD_15M };
	struct loadavg load;

	(void)self;
	if (ctl_struct("vm.loadavg", &load, sizeof(load)) < 0 || load.fscale <= 0)
		return -EIO;
	for (unsigned i = 0; i < 3; i++)
		sample_set(s, ids[i], 0, (double)load.ldavg[i] / (double)load.fscale);
	return 0;
}

static void load_close(void *self)
{
	(void)self;
}

const struct part darwin_load = { "load", load_open, load_describe, load_read, load_close };
