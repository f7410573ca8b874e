/* SPDX-License-Identifier: MIT */
#include "tests/apple/world.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/apple/script.h"

/* How long the machine has been up when a world begins, and when that was. */
#define BOOT_AGE_S 1000.0
#define TEST_WALL_NS 1764000000000000000ULL

static struct {
	cJSON *json;
	struct script script;
	bool real; /* on the real clocks */
	struct timespec began;
	uint64_t wall_began_ns;
	double ran_s; /* time that went by, sleeping left out */
	double slept_s;
	double applied_s; /* awake time up to which the script has been applied */
} world;

static pthread_mutex_t world_mutex = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

int world_enter(void)
{
	return pthread_mutex_lock(&world_mutex);
}

void world_leave(const int *unused)
{
	(void)unused;
	pthread_mutex_unlock(&world_mutex);
}

/* ---- loading ---- */

static char *file_read(const char *file, char *error, size_t size)
{
	FILE *f = fopen(file, "rb");
	char *text = NULL;
	size_t used = 0, cap = 0, n;

	if (!f) {
		snprintf(error, size, "%s: %s", file, strerror(errno));
		return NULL;
	}
	do {
		if (cap - used < 65536)
			text = realloc(text, cap += 1 << 20);
		n = fread(text + used, 1, cap - used - 1, f);
		used += n;
	} while (n > 0);
	text[used] = '\0';
	fclose(f);
	return text;
}

/*
 * ioreg prints signed numbers as unsigned 64 bit.  A double cannot hold those, so an integer
 * from 2^63 up is rewritten in place as the negative number that it is.
 */
static void unsigned_to_signed(char *text)
{
	bool quoted = false;

	for (char *p = text; *p; p++) {
		if (*p == '\\' && quoted && p[1]) {
			p++;
		} else if (*p == '"') {
			quoted = !quoted;
		} else if (!quoted && *p >= '1' && *p <= '9' && p[-1] != '.' && p[-1] != '-') {
			size_t n = strspn(p, "0123456789");
			char digits[32];

			if (n >= 19 && n <= 20 && !strchr(".eE", p[n] ? p[n] : ' ')) {
				unsigned long long u = strtoull(p, NULL, 10);

				if (u > (unsigned long long)INT64_MAX) {
					snprintf(digits, sizeof(digits), "%-*lld", (int)n,
						(long long)u);
					memcpy(p, digits, n);
				}
			}
			p += n - 1;
		}
	}
}

static int world_take(char *text, char *error, size_t size)
{
	const char *end = NULL;

	unsigned_to_signed(text);
	world.json = cJSON_ParseWithOpts(text, &end, 0);
	if (!world.json) {
		snprintf(error, size, "not JSON near byte %zu", (size_t)(end - text));
		return -EINVAL;
	}
	if (world_check(world.json, error, size) < 0) {
		cJSON_Delete(world.json);
		world.json = NULL;
		return -EINVAL;
	}
	script_init(&world.script, world.json);
	world.wall_began_ns = TEST_WALL_NS;
	return 0;
}

int world_load_text(const char *text, char *error, size_t size)
{
	/* One byte in front, so that looking back from the first character is allowed. */
	char *copy = malloc(strlen(text) + 2);
	int rc;

	world_unload();
	copy[0] = ' ';
	memcpy(copy + 1, text, strlen(text) + 1);
	rc = world_take(copy, error, size);
	free(copy);
	return rc;
}

int world_load(const char *file, char *error, size_t size)
{
	char detail[200];
	char *text = file_read(file, error, size);
	int rc;

	if (!text)
		return -ENOENT;
	rc = world_load_text(text, detail, sizeof(detail));
	free(text);
	if (rc < 0)
		snprintf(error, size, "%s: %s", file, detail);
	return rc;
}

void world_unload(void)
{
	script_fini(&world.script);
	cJSON_Delete(world.json);
	memset(&world, 0, sizeof(world));
	world_fail_at(0);
	world_reset_calls();
}

int world_open_from_environment(char *error, size_t size)
{
	const char *file = getenv("ACTOP_WORLD");
	struct timespec wall;
	int rc;

	if (!file || !*file) {
		snprintf(error, size, "ACTOP_WORLD names no world file");
		return -ENOENT;
	}
	rc = world_load(file, error, size);
	if (rc < 0)
		return rc;
	world.real = true;
	clock_gettime(CLOCK_MONOTONIC, &world.began);
	clock_gettime(CLOCK_REALTIME, &wall);
	world.wall_began_ns = (uint64_t)wall.tv_sec * 1000000000ULL + (uint64_t)wall.tv_nsec;
	return 0;
}

/* EX_CONFIG of sysexits.h: the world is this program's configuration. */
static cJSON *world_json(void)
{
	char error[512];

	if (!world.json && world_open_from_environment(error, sizeof(error)) < 0) {
		fprintf(stderr, "actopd-apple: %s\n", error);
		exit(78);
	}
	return world.json;
}

/* ---- the clock ---- */

static double world_ran_s(void)
{
	WORLD_ALONE;
	struct timespec now;

	if (!world_json() || !world.real)
		return world.ran_s;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - world.began.tv_sec) +
		(double)(now.tv_nsec - world.began.tv_nsec) / 1e9;
}

void world_apply(void)
{
	WORLD_ALONE;
	double ran_s = world_ran_s();

	world.applied_s =
		script_run(&world.script, world.json, world.applied_s, ran_s, &world.slept_s);
}

double world_awake_s(void)
{
	return world_ran_s();
}

static double world_slept_s(void)
{
	WORLD_ALONE;

	return world.slept_s;
}

void world_advance(double seconds)
{
	world_json();
	world.ran_s += seconds;
	world_apply();
}

uint64_t world_absolute_ns_at(double awake_s)
{
	return (uint64_t)llround((BOOT_AGE_S + awake_s) * 1e9);
}

uint64_t world_absolute_ns(void)
{
	return world_absolute_ns_at(world_awake_s());
}

uint64_t world_continuous_ns(void)
{
	double slept = world_slept_s();

	return world_absolute_ns_at(world_awake_s() + slept);
}

uint64_t world_wall_ns(void)
{
	double slept = world_slept_s();

	return world.wall_began_ns + (uint64_t)llround((world_awake_s() + slept) * 1e9);
}

void world_timebase(uint32_t *numer, uint32_t *denom)
{
	WORLD_ALONE;
	const cJSON *timebase = world_find("timebase", NULL);

	*numer = (uint32_t)world_number(cJSON_GetArrayItem(timebase, 0), 125);
	*denom = (uint32_t)world_number(cJSON_GetArrayItem(timebase, 1), 3);
}

uint64_t world_to_ticks(uint64_t ns)
{
	uint32_t numer, denom;

	world_timebase(&numer, &denom);
	return numer && denom ? (uint64_t)((__uint128_t)ns * denom / numer) : ns;
}

void world_wait_until(uint64_t absolute_ns)
{
	uint64_t now = world_absolute_ns();
	uint64_t wait = absolute_ns > now ? absolute_ns - now : 0;
	struct timespec left = { (time_t)(wait / 1000000000), (long)(wait % 1000000000) };

	if (world.real)
		nanosleep(&left, NULL);
	else
		world_advance((double)wait / 1e9);
}

/* ---- values ---- */

const cJSON *world_find(const char *key, ...)
{
	const cJSON *node = world_json();
	va_list keys;

	va_start(keys, key);
	for (; key && node; key = va_arg(keys, const char *))
		node = cJSON_GetObjectItemCaseSensitive(node, key);
	va_end(keys);
	return node;
}

double world_number(const cJSON *node, double missing)
{
	return node ? script_number(node, world_awake_s(), missing) : missing;
}

bool world_is_number(const cJSON *node)
{
	return !isnan(world_number(node, NAN));
}

const char *world_text(const cJSON *object, const char *key, const char *missing)
{
	const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));

	return text ? text : missing;
}

double world_published(const cJSON *channel, double *stamp_s)
{
	return script_published(channel, world_awake_s(), stamp_s);
}

double world_residency(const cJSON *channel, int i, double *stamp_s)
{
	return script_residency(channel, i, world_awake_s(), stamp_s) +
		script_state_rate(channel, i) * BOOT_AGE_S;
}

int world_set(const char *path, const char *json)
{
	cJSON *value = json ? cJSON_Parse(json) : NULL;

	if (json && !value)
		return -EINVAL;
	world_json();
	return script_set(world.json, path, value, world_awake_s());
}

size_t world_unhex(const char *hex, uint8_t *bytes, size_t size)
{
	size_t n = 0;
	unsigned byte;

	while (n < size && sscanf(hex + 2 * n, "%2x", &byte) == 1 && hex[2 * n + 1])
		bytes[n++] = (uint8_t)byte;
	return n;
}
