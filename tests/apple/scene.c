/* SPDX-License-Identifier: MIT */
#include "tests/apple/scene.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/derive.h"
#include "tests/apple/world.h"

void scene_open(struct scene *scene)
{
	struct fault why;

	scene->source = source_open("darwin", &why);
	if (!scene->source) {
		fprintf(stderr, "scene: %s\n", why.text);
		abort();
	}
	scene->s = sample_new(source_layout(scene->source));
	scene->before = sample_new(source_layout(scene->source));
	scene->deriver = deriver_new(source_layout(scene->source));
	scene->started = false;
}

void scene_close(struct scene *scene)
{
	sample_free(scene->s);
	sample_free(scene->before);
	deriver_free(scene->deriver);
	source_close(scene->source);
}

void scene_read(struct scene *scene)
{
	uint64_t awake, mono;

	sample_copy(scene->before, scene->s);
	source_read(scene->source, scene->s);
	awake = scene->s->time.awake_ns - scene->before->time.awake_ns;
	mono = scene->s->time.mono_ns - scene->before->time.mono_ns;
	derive(scene->deriver, scene->s, scene->started ? scene->before : NULL,
		mono - awake > 500000000 ? 0 : awake);
	scene->started = true;
}

void scene_step(struct scene *scene, double seconds)
{
	world_advance(seconds);
	scene_read(scene);
}

void scene_run(struct scene *scene, unsigned seconds)
{
	for (unsigned i = 0; i < seconds; i++)
		scene_step(scene, 1);
}

/* "scope.entity.metric", or the name of a host metric. */
static bool series_split(
	const struct layout *layout, const char *series, enum metric_id *id, unsigned *entity)
{
	const char *first = strchr(series, '.'), *last = strrchr(series, '.');
	char name[LAYOUT_NAME_MAX];
	enum scope scope = SCOPE_HOST;
	int index = 0;

	if (first) {
		for (scope = 0; scope < SCOPE_COUNT; scope++)
			if (strlen(scope_name(scope)) == (size_t)(first - series) &&
				strncmp(scope_name(scope), series, (size_t)(first - series)) ==
					0)
				break;
		if (scope == SCOPE_COUNT)
			return false;
		snprintf(name, sizeof(name), "%.*s", (int)(last - first - 1), first + 1);
		index = layout_find(layout, scope, name);
	}
	*id = metric_find(scope, last ? last + 1 : series);
	*entity = (unsigned)index;
	return *id != METRIC_COUNT && index >= 0;
}

double scene_value(const struct sample *s, const char *series)
{
	enum metric_id id;
	unsigned entity;

	return series_split(s->layout, series, &id, &entity) ? sample_get(s, id, entity) : NAN;
}

double scene_get(const struct scene *scene, const char *series)
{
	return scene_value(scene->s, series);
}

const struct entity *scene_entity(const struct scene *scene, enum scope scope, const char *name)
{
	const struct layout *layout = scene->s->layout;
	int i = layout_find(layout, scope, name);

	return i < 0 ? NULL : &layout->entities[scope][i];
}

const char *scene_reason(const struct scene *scene, const char *metric)
{
	for (enum metric_id id = 0; id < METRIC_COUNT; id++)
		if (strcmp(metrics[id].name, metric) == 0)
			return scene->s->layout->notes[id].reason;
	return "";
}
