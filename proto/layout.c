/* SPDX-License-Identifier: MIT */
#include "proto/layout.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "proto/alloc.h"
#include "proto/utf8.h"

struct layout *layout_new(void)
{
	struct layout *layout = xcalloc(1, sizeof(*layout));

	layout->notes = xcalloc(METRIC_COUNT, sizeof(*layout->notes));
	layout_add(layout, SCOPE_HOST, "host");
	return layout;
}

void layout_free(struct layout *layout)
{
	if (!layout)
		return;
	for (enum scope s = 0; s < SCOPE_COUNT; s++)
		free(layout->entities[s]);
	free(layout->notes);
	free(layout);
}

static bool layout_make_room(struct layout *layout, enum scope scope)
{
	unsigned cap = layout->cap[scope];

	if (layout->count[scope] < cap)
		return true;
	if (layout->width || cap >= LAYOUT_ENTITIES_MAX)
		return false;
	cap = cap ? cap * 2 : 4;
	layout->entities[scope] =
		xrealloc(layout->entities[scope], cap, sizeof(*layout->entities[scope]));
	layout->cap[scope] = cap;
	return true;
}

static void wire_name(char *name, size_t size, const char *label)
{
	static const char allowed[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

	snprintf(name, size, "%.*s", (int)size - 1, *label ? label : "_");
	for (char *p = name; *p; p++)
		if (!strchr(allowed, *p))
			*p = '_';
}

/* Makes e->name unique: "name", "name_2", "name_3"... */
static void entity_name(struct layout *layout, enum scope scope, struct entity *e)
{
	char base[LAYOUT_NAME_MAX - 6]; /* room for "_1024" */

	wire_name(e->name, sizeof(e->name), e->label);
	snprintf(base, sizeof(base), "%.*s", (int)sizeof(base) - 1, e->name);
	for (unsigned n = 2; layout_find(layout, scope, e->name) >= 0; n++)
		snprintf(e->name, sizeof(e->name), "%s_%u", base, n % 10000);
}

struct entity *layout_add(struct layout *layout, enum scope scope, const char *label)
{
	struct entity *e;

	if (!layout_make_room(layout, scope))
		return NULL;
	e = &layout->entities[scope][layout->count[scope]];
	*e = (struct entity){ .cluster = -1 };
	utf8_clean(e->label, sizeof(e->label), label);
	entity_name(layout, scope, e);
	if (strcmp(e->name, e->label) == 0)
		e->label[0] = '\0';
	layout->count[scope]++;
	return e;
}

int layout_find(const struct layout *layout, enum scope scope, const char *name)
{
	for (unsigned i = 0; i < layout->count[scope]; i++)
		if (strcmp(layout->entities[scope][i].name, name) == 0)
			return (int)i;
	return -1;
}

void layout_note(struct layout *layout, enum metric_id id, enum avail avail, const char *reason)
{
	layout->notes[id].avail = avail;
	utf8_clean(layout->notes[id].reason, sizeof(layout->notes[id].reason), reason);
}

void layout_promise(struct layout *layout, enum metric_id id)
{
	layout->promised[id] = true;
}

void layout_seal(struct layout *layout)
{
	assert(layout->width == 0);
	for (enum scope s = 0; s < SCOPE_COUNT; s++) {
		layout->cap[s] = layout->count[s] + scope_spare(s);
		layout->entities[s] = xrealloc(
			layout->entities[s], layout->cap[s], sizeof(*layout->entities[s]));
	}
	for (enum metric_id id = 0; id < METRIC_COUNT; id++) {
		layout->base[id] = layout->width;
		layout->width += layout->cap[metrics[id].scope];
	}
}

const char *quality_name(enum quality quality)
{
	static const char *const names[] = { NULL, "measured", "estimated" };

	return names[quality];
}

const char *domain_name(enum domain domain)
{
	static const char *const names[] = { "other", "cpu", "gpu", "soc", "memory", "battery",
		"ssd" };

	return names[domain];
}

const char *avail_name(enum avail avail)
{
	static const char *const names[] = { "ok", "unsupported", "needs_root", "error" };

	return names[avail];
}
