/* SPDX-License-Identifier: MIT */
#ifndef SCRIPT_H
#define SCRIPT_H

#include <stddef.h>

#include <cjson/cJSON.h>

/*
 * Values over time, and the script that changes them.  Times are seconds of awake time since
 * the start of the world.  What changes is kept in the JSON itself, under keys that begin with
 * '_'.
 */
struct script {
	cJSON *pristine;   /* the world as it was loaded */
	const cJSON *next; /* the next event */
	double began_s;	   /* wall time at which this round of the script began */
	double woke_s;	   /* wall time of the last end of sleep */
};

void script_init(struct script *script, const cJSON *world);
void script_fini(struct script *script);

/*
 * Applies what happens up to ran_s (awake time); adds to slept_s what the machine sleeps on the
 * way.  Returns the awake time up to which the script has been applied.
 */
double script_run(
	struct script *script, cJSON *world, double from_s, double ran_s, double *slept_s);

/* Takes value (NULL = remove).  0, or -ENOENT when the path leads nowhere. */
int script_set(cJSON *world, const char *path, cJSON *value, double now_s);

double script_number(const cJSON *node, double now_s, double missing);
double script_published(const cJSON *channel, double now_s, double *stamp_s);
double script_residency(const cJSON *channel, int i, double now_s, double *stamp_s);
double script_state_rate(const cJSON *channel, int i); /* ticks per second */

/* 0, or -EINVAL with the path of the value of the wrong type in error. */
int world_check(const cJSON *world, char *error, size_t size);

#endif
