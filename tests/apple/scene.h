/* SPDX-License-Identifier: MIT */
#ifndef SCENE_H
#define SCENE_H

#include "daemon/source/source.h"

/*
 * The Darwin source over the world that is loaded, as tests use it: each read is followed by
 * the rules of the metric table, as in the daemon.
 */
struct scene {
	struct source *source;
	struct deriver *deriver;
	struct sample *s, *before;
	bool started;
};

void scene_open(struct scene *scene);
void scene_close(struct scene *scene);
void scene_read(struct scene *scene);

/* Lets the machine run for so long and reads. */
void scene_step(struct scene *scene, double seconds);

/* The same in steps of one second. */
void scene_run(struct scene *scene, unsigned seconds);

/* The value of a series by its name ("core.0.active_pct"); NaN = absent or no such series. */
double scene_get(const struct scene *scene, const char *series);

/* The same in any sample of the source. */
double scene_value(const struct sample *s, const char *series);

/* The entity of a name; NULL when there is none. */
const struct entity *scene_entity(
	const struct scene *scene, enum scope scope, const char *name);

/* Why a host metric is not there; "" when nothing is said. */
const char *scene_reason(const struct scene *scene, const char *metric);

#endif
