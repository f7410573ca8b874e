/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "tests/apple/world.h"

#define CALLS_MAX 128

static struct {
	const char *names[CALLS_MAX];
	unsigned long counts[CALLS_MAX];
	unsigned count;
	unsigned long total;
	unsigned long fail_at; /* of total; 0 = none */
	const char *fail_next, *failed;
	unsigned long skip; /* calls of fail_next that still succeed */
	int held;
} calls;

void world_fail_nth(const char *call, unsigned long n)
{
	calls.fail_next = call;
	calls.failed = NULL;
	calls.skip = n - 1;
}

void world_fail_next(const char *call)
{
	world_fail_nth(call, 1);
}

void world_fail_at(unsigned long n)
{
	calls.fail_at = n ? calls.total + n : 0;
	calls.fail_next = NULL;
	calls.failed = NULL;
}

const char *world_failed(void)
{
	return calls.failed;
}

void world_reset_calls(void)
{
	memset(calls.counts, 0, sizeof(calls.counts));
	calls.total = 0;
}

unsigned long world_calls(void)
{
	return calls.total;
}

const char *world_call_name(unsigned i, unsigned long *count)
{
	if (i >= calls.count)
		return NULL;
	*count = calls.counts[i];
	return calls.names[i];
}

static unsigned call_index(const char *name)
{
	for (unsigned i = 0; i < calls.count; i++)
		if (calls.names[i] == name || strcmp(calls.names[i], name) == 0)
			return i;
	if (calls.count == CALLS_MAX)
		abort();
	calls.names[calls.count] = name;
	return calls.count++;
}

bool world_call(const char *name)
{
	WORLD_ALONE;

	world_apply();
	calls.counts[call_index(name)]++;
	calls.total++;
	if (calls.total != calls.fail_at &&
		!(calls.fail_next && strcmp(calls.fail_next, name) == 0 && calls.skip-- == 0))
		return false;
	calls.fail_next = NULL;
	calls.failed = name;
	return true;
}

int world_held(void)
{
	return calls.held;
}

void world_hold(int change)
{
	WORLD_ALONE;

	calls.held += change;
}
