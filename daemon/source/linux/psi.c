/* SPDX-License-Identifier: MIT */
#include "daemon/source/linux/parts.h"

#include <errno.h>

#include "daemon/source/linux/file.h"
#include "daemon/source/linux/procfile.h"
#include "proto/alloc.h"

/* Pressure stalls: a kernel may lack them, or have them built in and switched off (psi=1). */

enum psi_file { PSI_CPU, PSI_MEMORY, PSI_IO, PSI_FILES };

static const char *const psi_names[PSI_FILES] = { "cpu", "memory", "io" };

static const struct psi_total {
	enum psi_file file;
	const char *line;
	enum metric_id id, share;
} psi_totals[] = {
	{ PSI_CPU, "some", METRIC_PSI_CPU_SOME_US, METRIC_PSI_CPU_SOME_PCT },
	{ PSI_MEMORY, "some", METRIC_PSI_MEMORY_SOME_US, METRIC_PSI_MEMORY_SOME_PCT },
	{ PSI_MEMORY, "full", METRIC_PSI_MEMORY_FULL_US, METRIC_PSI_MEMORY_FULL_PCT },
	{ PSI_IO, "some", METRIC_PSI_IO_SOME_US, METRIC_PSI_IO_SOME_PCT },
	{ PSI_IO, "full", METRIC_PSI_IO_FULL_US, METRIC_PSI_IO_FULL_PCT },
};
#define PSI_TOTALS (sizeof(psi_totals) / sizeof(*psi_totals))

struct psi {
	struct file files[PSI_FILES];
	int state; /* 0, or why there is nothing to read */
};

static int psi_open(void **self, const struct source_options *options, struct fault *why)
{
	struct psi *psi = xcalloc(1, sizeof(*psi));
	char buf[256];

	(void)why;
	for (unsigned i = 0; i < PSI_FILES; i++)
		file_open(&psi->files[i], "%s/proc/pressure/%s", options->root, psi_names[i]);
	psi->state = file_read(&psi->files[PSI_CPU], buf, sizeof(buf));
	*self = psi;
	return 0;
}

static int psi_describe(void *self, struct layout *layout)
{
	const struct psi *psi = self;
	const char *reason = "the kernel has no pressure stall information (/proc/pressure)";

	if (psi->state == -EOPNOTSUPP)
		reason = "pressure stall information is off; boot with psi=1";
	for (unsigned i = 0; psi->state < 0 && i < PSI_TOTALS; i++)
		layout_note(layout, psi_totals[i].share, AVAIL_UNSUPPORTED, reason);
	return 0;
}

static int psi_read_file(struct psi *psi, enum psi_file file, struct sample *s)
{
	char buf[256];
	int n = file_read(&psi->files[file], buf, sizeof(buf));
	uint64_t total;

	if (n < 0)
		return n;
	for (unsigned i = 0; i < PSI_TOTALS; i++)
		if (psi_totals[i].file == file &&
			procfile_parse_pressure(
				text_of(buf, (size_t)n), psi_totals[i].line, &total))
			sample_set(s, psi_totals[i].id, 0, (double)total);
	return 0;
}

static int psi_read(void *self, struct sample *s)
{
	struct psi *psi = self;
	int result = 0;

	for (unsigned i = 0; psi->state >= 0 && i < PSI_FILES; i++) {
		int rc = psi_read_file(psi, i, s);

		if (rc < 0)
			result = rc;
	}
	return result;
}

static void psi_close(void *self)
{
	struct psi *psi = self;

	for (unsigned i = 0; i < PSI_FILES; i++)
		file_close(&psi->files[i]);
	free(psi);
}

const struct part psi_part = { "psi", psi_open, psi_describe, psi_read, psi_close };
