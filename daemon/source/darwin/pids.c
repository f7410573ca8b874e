/* SPDX-License-Identifier: MIT */
#include "daemon/source/darwin/pids.h"

#include <errno.h>
#include <libproc.h>
#include <stdlib.h>

#include "daemon/source/process.h"
#include "proto/alloc.h"

#define PIDS_FIRST 1024
#define PIDS_MAX (2 * PROCESS_MAX)

static int pid_compare(const void *a, const void *b)
{
	int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;

	return (x > y) - (x < y);
}

static void pids_grow(struct pids *pids)
{
	pids->capacity = pids->capacity ? 2 * pids->capacity : PIDS_FIRST;
	pids->list = xrealloc(pids->list, pids->capacity, sizeof(*pids->list));
}

/* A list that fills its buffer may have been cut: the kernel does not say. */
int pids_read(struct pids *pids)
{
	int bytes;

	pids->count = 0;
	do {
		if (pids->count == pids->capacity)
			pids_grow(pids);
		errno = 0;
		bytes = proc_listpids(PROC_ALL_PIDS, 0, pids->list,
			(int)(pids->capacity * sizeof(*pids->list)));
		if (bytes <= 0) {
			pids->count = 0;
			return errno ? -errno : -EIO;
		}
		pids->count = (unsigned)bytes / sizeof(*pids->list);
	} while (pids->count >= pids->capacity && pids->capacity < PIDS_MAX);
	qsort(pids->list, pids->count, sizeof(*pids->list), pid_compare);
	return 0;
}

void pids_fini(struct pids *pids)
{
	free(pids->list);
	*pids = (struct pids){ 0 };
}
