/* SPDX-License-Identifier: MIT */
#include "tests/apple/script.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TICKS_PER_S 24000000.0
#define PATH_MAX_LENGTH 512

static const cJSON *item(const cJSON *object, const char *key)
{
	return cJSON_IsObject(object) ? cJSON_GetObjectItemCaseSensitive(object, key) : NULL;
}

static double plain(const cJSON *node, double missing)
{
	return cJSON_IsNumber(node) ? node->valuedouble : missing;
}

static bool grows(const cJSON *node)
{
	return item(node, "value") || item(node, "per_s");
}

static void put(cJSON *object, const char *key, double value)
{
	cJSON *old = cJSON_GetObjectItemCaseSensitive(object, key);

	if (old)
		cJSON_SetNumberHelper(old, value);
	else
		cJSON_AddNumberToObject(object, key, value);
}

/* ---- values ---- */

double script_number(const cJSON *node, double now_s, double missing)
{
	double since = plain(item(node, "_since"), 0);

	if (cJSON_IsNumber(node))
		return node->valuedouble;
	if (!grows(node))
		return missing;
	return plain(item(node, "value"), 0) + plain(item(node, "per_s"), 0) * (now_s - since);
}

/* The moment of the last publication at or before now. */
static double channel_stamp(const cJSON *channel, double now_s)
{
	double every = plain(item(channel, "publish_every_s"), 0);

	if (cJSON_IsTrue(item(channel, "frozen")))
		return plain(item(channel, "_published_at"), 0);
	/* A little more than now, so that a multiple that was rounded down is a multiple. */
	return every > 0 ? floor(now_s / every + 1e-9) * every : now_s;
}

double script_published(const cJSON *channel, double now_s, double *stamp_s)
{
	double since = plain(item(channel, "_since"), 0);
	double stamp = channel_stamp(channel, now_s);

	*stamp_s = stamp;
	if (cJSON_IsTrue(item(channel, "invalid")))
		return NAN;
	if (stamp <= since && item(channel, "_published_at")) {
		*stamp_s = plain(item(channel, "_published_at"), 0);
		return plain(item(channel, "_published"), 0);
	}
	return script_number(channel, stamp, 0);
}

static const cJSON *state_at(const cJSON *channel, int i)
{
	return cJSON_GetArrayItem(cJSON_GetArrayItem(item(channel, "states"), i), 1);
}

double script_state_rate(const cJSON *channel, int i)
{
	const cJSON *share = state_at(channel, i);

	if (cJSON_IsObject(share))
		return 0;
	return plain(share, 0) * TICKS_PER_S;
}

double script_residency(const cJSON *channel, int i, double now_s, double *stamp_s)
{
	const cJSON *share = state_at(channel, i);
	const cJSON *ticks = cJSON_GetArrayItem(item(channel, "_ticks"), i);
	double since = plain(item(channel, "_since"), 0);
	double rate = script_state_rate(channel, i);
	double stamp = channel_stamp(channel, now_s);

	*stamp_s = stamp;
	if (cJSON_IsTrue(item(channel, "invalid")))
		return NAN;
	if (cJSON_IsObject(share))
		rate = plain(item(share, "ticks_per_s"), 0);
	if (stamp < since)
		stamp = since;
	return plain(ticks, plain(item(share, "ticks"), 0)) + rate * (stamp - since);
}

/* ---- changing values without a jump ---- */

static void fold_states(cJSON *channel, double now_s)
{
	cJSON *ticks = cJSON_CreateArray();
	int n = cJSON_GetArraySize(item(channel, "states"));
	double stamp;

	for (int i = 0; i < n; i++) {
		double t = script_residency(channel, i, now_s, &stamp);

		cJSON_AddItemToArray(ticks, cJSON_CreateNumber(isnan(t) ? 0 : t));
	}
	cJSON_DeleteItemFromObjectCaseSensitive(channel, "_ticks");
	cJSON_AddItemToObject(channel, "_ticks", ticks);
	put(channel, "_since", now_s);
}

/* What grew up to now becomes the value that it grows from. */
static void fold(cJSON *object, double now_s)
{
	double stamp, published, value;

	if (item(object, "states")) {
		fold_states(object, now_s);
		return;
	}
	if (!grows(object))
		return;
	published = script_published(object, now_s, &stamp);
	value = cJSON_IsTrue(item(object, "frozen")) ? published
						     : script_number(object, now_s, 0);
	if (!isnan(published)) {
		put(object, "_published", published);
		put(object, "_published_at", stamp);
	}
	put(object, "value", isnan(value) ? 0 : value);
	put(object, "_since", now_s);
}

/* ---- paths ---- */

struct path {
	cJSON *parent, *grows; /* where the last part stands; the nearest thing that grows */
	char last[128];
};

/* The next part, unescaped; the rest of the path. */
static const char *path_part(const char *path, char *part, size_t size)
{
	size_t n = 0;

	for (; *path && *path != '/'; path++) {
		char c = *path;

		if (c == '~' && (path[1] == '1' || path[1] == '0'))
			c = *++path == '1' ? '/' : '~';
		if (n + 1 < size)
			part[n++] = c;
	}
	part[n] = '\0';
	return *path ? path + 1 : NULL;
}

static bool is_index(const char *part)
{
	return *part && part[strspn(part, "0123456789")] == '\0';
}

static cJSON *child(cJSON *node, const char *part)
{
	cJSON *each;

	if (!cJSON_IsArray(node))
		return (cJSON *)item(node, part);
	if (is_index(part))
		return cJSON_GetArrayItem(node, atoi(part));
	/* A state by its name. */
	cJSON_ArrayForEach(each, node)
	{
		const char *name = cJSON_GetStringValue(cJSON_GetArrayItem(each, 0));

		if (name && strcmp(name, part) == 0)
			return each;
	}
	return NULL;
}

static bool text_is(const cJSON *object, const char *key, const char *text)
{
	const char *value = cJSON_GetStringValue(item(object, key));

	return strcmp(value ? value : "", text) == 0;
}

/* "GROUP/SUBGROUP/NAME/rest" below ioreport; moves *path to the rest. */
static cJSON *find_channel(cJSON *ioreport, const char **path)
{
	char group[128], subgroup[128], name[128];
	cJSON *each;
	const char *rest = path_part(*path, group, sizeof(group));

	rest = rest ? path_part(rest, subgroup, sizeof(subgroup)) : NULL;
	rest = rest ? path_part(rest, name, sizeof(name)) : NULL;
	cJSON_ArrayForEach(each, item(ioreport, "channels"))
	{
		if (rest && text_is(each, "group", group) &&
			text_is(each, "subgroup", subgroup) && text_is(each, "name", name)) {
			*path = rest;
			return each;
		}
	}
	return NULL;
}

static bool path_is_plain(const char *path)
{
	return strncmp(path, "channels", 8) == 0 || strncmp(path, "refuse_", 7) == 0;
}

static int path_find(cJSON *world, const char *path, struct path *found)
{
	cJSON *node = world;
	const char *rest = path;

	memset(found, 0, sizeof(*found));
	if (strncmp(rest, "ioreport/", 9) == 0 && !path_is_plain(rest + 9)) {
		rest += 9;
		node = find_channel((cJSON *)item(world, "ioreport"), &rest);
	}
	while (node) {
		if (grows(node) || item(node, "states"))
			found->grows = node;
		found->parent = node;
		rest = path_part(rest, found->last, sizeof(found->last));
		if (!rest)
			return 0;
		node = child(node, found->last);
	}
	return -ENOENT;
}

static void array_set(cJSON *array, const char *part, cJSON *value)
{
	cJSON *at = child(array, part);
	int i = 0;

	/* A state named: its share is the second of the pair. */
	if (at && !is_index(part)) {
		cJSON_ReplaceItemInArray(at, 1, value);
		return;
	}
	i = atoi(part);
	if (at && value)
		cJSON_ReplaceItemInArray(array, i, value);
	else if (at)
		cJSON_DeleteItemFromArray(array, i);
	else
		cJSON_Delete(value);
}

int script_set(cJSON *world, const char *path, cJSON *value, double now_s)
{
	struct path found;

	if (path_find(world, path, &found) < 0) {
		cJSON_Delete(value);
		return -ENOENT;
	}
	if (found.grows)
		fold(found.grows, now_s);
	if (cJSON_IsArray(found.parent)) {
		array_set(found.parent, found.last, value);
		return 0;
	}
	cJSON_DeleteItemFromObjectCaseSensitive(found.parent, found.last);
	if (value)
		cJSON_AddItemToObject(found.parent, found.last, value);
	return 0;
}

/* ---- the script ---- */

void script_init(struct script *script, const cJSON *world)
{
	script->pristine = cJSON_Duplicate(world, 1);
	script->began_s = script->woke_s = 0;
	script->next = cJSON_GetArrayItem(item(script->pristine, "script"), 0);
}

void script_fini(struct script *script)
{
	cJSON_Delete(script->pristine);
	memset(script, 0, sizeof(*script));
}

/* Rates and gauges get back what they were; counters go on from where they are. */
static void restore_path(const cJSON *pristine, cJSON *world, const char *path, double now_s)
{
	struct path old;
	cJSON *value;

	if (path_find((cJSON *)pristine, path, &old) < 0)
		return;
	if (old.grows == old.parent && strcmp(old.last, "value") == 0)
		return;
	value = child(old.parent, old.last);
	if (value && cJSON_IsArray(old.parent) && !is_index(old.last))
		value = cJSON_GetArrayItem(value, 1);
	if (item(value, "per_s"))
		return;
	script_set(world, path, value ? cJSON_Duplicate(value, 1) : NULL, now_s);
}

static void script_restart(struct script *script, cJSON *world, double wall_s, double now_s)
{
	const cJSON *event, *change;

	cJSON_ArrayForEach(event, item(script->pristine, "script"))
	{
		cJSON_ArrayForEach(change, item(event, "set"))
			restore_path(script->pristine, world, change->string, now_s);
	}
	script->began_s = wall_s > script->woke_s ? wall_s : script->woke_s;
	script->next = cJSON_GetArrayItem(item(script->pristine, "script"), 0);
}

static void script_event(struct script *script, cJSON *world, double now_s, double *slept_s)
{
	const cJSON *event = script->next, *change;
	double sleep = plain(item(event, "sleep_s"), 0);

	cJSON_ArrayForEach(change, item(event, "set"))
	{
		if (script_set(world, change->string, cJSON_Duplicate(change, 1), now_s) < 0)
			fprintf(stderr, "script: %s is not in this world\n", change->string);
	}
	if (sleep > 0) {
		*slept_s += sleep;
		script->woke_s = now_s + *slept_s;
	}
	script->next = event->next;
}

double script_run(
	struct script *script, cJSON *world, double from_s, double ran_s, double *slept_s)
{
	double every = plain(item(script->pristine, "repeat_s"), 0);

	for (;;) {
		double at = INFINITY, again = INFINITY, wall;

		if (script->next)
			at = script->began_s + plain(item(script->next, "at_s"), 0);
		if (every > 0)
			again = script->began_s + every;
		wall = at <= again ? at : again;
		if (!(wall <= ran_s + *slept_s + 1e-9))
			return ran_s;
		/* What was due while the machine slept happens when it wakes. */
		if (wall - *slept_s > from_s)
			from_s = wall - *slept_s;
		if (at <= again)
			script_event(script, world, from_s, slept_s);
		else
			script_restart(script, world, wall, from_s);
	}
}
