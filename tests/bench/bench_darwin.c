/* SPDX-License-Identifier: MIT */
/*
 * What one read of a Mac costs over the doubles: CPU time (most of it the doubles'),
 * allocations of the source itself, and the calls into Apple's frameworks, each by name.
 * bench_darwin [WORLD]
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "proto/alloc.h"
#include "tests/apple/scene.h"
#include "tests/apple/world.h"

#define ROUNDS 200
#define WORLD "tests/fixtures/apple/m4-max.json"

extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *p, size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *p, size_t size);

static unsigned long allocations;

/* The source allocates by proto/alloc.h alone; what the doubles allocate stands for what
 * CoreFoundation returns. */
static void count(const void *caller, const void *function)
{
	const char *at = caller, *begin = function;

	if (at >= begin && at < begin + 256)
		allocations++;
}

void *calloc(size_t n, size_t size)
{
	count(__builtin_return_address(0), (const void *)xcalloc);
	return __libc_calloc(n, size);
}

void *realloc(void *p, size_t size)
{
	count(__builtin_return_address(0), (const void *)xrealloc);
	return __libc_realloc(p, size);
}

static double cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void print_calls(void)
{
	const char *name;
	unsigned long n;

	printf("  framework calls a read: %lu\n", world_calls());
	for (unsigned i = 0; (name = world_call_name(i, &n)) != NULL; i++)
		if (n > 0)
			printf("    %4lu %s\n", n, name);
}

int main(int argc, char **argv)
{
	const char *file = argc > 1 ? argv[1] : WORLD;
	struct scene scene;
	char error[256];
	double began;

	if (world_load(file, error, sizeof(error)) < 0) {
		fprintf(stderr, "bench_darwin: %s\n", error);
		return 1;
	}
	scene_open(&scene);
	scene_run(&scene, 3);
	allocations = 0;
	began = cpu_ns();
	scene_run(&scene, ROUNDS);
	printf("darwin read, %s: %.0f ns with the doubles, %.2f allocations of its own\n", file,
		(cpu_ns() - began) / ROUNDS, (double)allocations / ROUNDS);
	world_reset_calls();
	scene_read(&scene);
	print_calls();
	scene_close(&scene);
	world_unload();
	return allocations > 0;
}
