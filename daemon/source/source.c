/* SPDX-License-Identifier: MIT */
#include "daemon/source/source.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "daemon/source/replay.h"
#include "proto/alloc.h"

struct opened {
	const struct part *part;
	void *self;
	bool open;
	unsigned long errors;
	struct fault fault; /* why it did not open */
};

/* Either the parts of the linked platform or a recording. */
struct source {
	struct layout *layout;
	struct replay *replay;
	struct opened parts[SOURCE_PARTS_MAX];
	unsigned count;
};

int fault_set(struct fault *why, int code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why->text, sizeof(why->text), format, args);
	va_end(args);
	why->code = code;
	return code;
}

/* A part that this machine does not have is no fault; any other is told once, by status. */
static void source_open_part(
	struct source *source, const struct part *part, const struct source_options *options)
{
	struct opened *o = &source->parts[source->count++];
	int rc;

	o->part = part;
	rc = part->open(&o->self, options, &o->fault);
	if (rc == 0) {
		o->open = true;
		part->describe(o->self, source->layout);
	} else if (rc == -ENODEV || rc == -ENOENT) {
		o->fault.text[0] = '\0';
	} else if (!o->fault.text[0]) {
		fault_set(&o->fault, rc, "%s: %s", part->name, strerror(-rc));
	}
}

static void source_open_platform(struct source *source, const char *root)
{
	struct source_options options = { root };

	source->layout = layout_new();
	platform_machine(&options, &source->layout->machine);
	for (unsigned i = 0; i < SOURCE_PARTS_MAX && platform_parts[i]; i++)
		source_open_part(source, platform_parts[i], &options);
	layout_seal(source->layout);
}

const char *source_root(const char *spec)
{
	size_t length = strlen(platform_name);

	if (*spec == '\0' || strcmp(spec, "auto") == 0 || strcmp(spec, platform_name) == 0)
		return "";
	if (strncmp(spec, platform_name, length) == 0 && spec[length] == ':' &&
		spec[length + 1])
		return spec + length + 1;
	return NULL;
}

struct source *source_open(const char *spec, struct fault *why)
{
	struct source *source = xcalloc(1, sizeof(*source));
	const char *root = source_root(spec);

	if (strncmp(spec, "replay:", 7) == 0) {
		source->replay = replay_open(spec + 7, why);
		if (source->replay)
			source->layout = replay_take_layout(source->replay);
	} else if (root) {
		source_open_platform(source, root);
	} else {
		fault_set(why, -EINVAL, "no source '%s'; there are auto, %s and replay:FILE",
			spec, platform_name);
	}
	if (source->layout)
		return source;
	source_close(source);
	return NULL;
}

void source_close(struct source *source)
{
	for (unsigned i = 0; i < source->count; i++)
		if (source->parts[i].open)
			source->parts[i].part->close(source->parts[i].self);
	if (source->replay)
		replay_close(source->replay);
	layout_free(source->layout);
	free(source);
}

struct layout *source_layout(struct source *source)
{
	return source->layout;
}

int source_read(struct source *source, struct sample *s)
{
	sample_clear(s);
	if (source->replay)
		return replay_read(source->replay, s);
	platform_now(&s->time);
	for (unsigned i = 0; i < source->count; i++) {
		struct opened *o = &source->parts[i];

		if (o->open && o->part->read(o->self, s) < 0)
			o->errors++;
	}
	return 0;
}

uint64_t source_pace(struct source *source)
{
	return source->replay ? replay_pace(source->replay) : 0;
}

unsigned source_base_ms(const struct source *source)
{
	return source->replay ? replay_base_ms(source->replay) : 0;
}

const struct instant *source_begin(const struct source *source)
{
	return source->replay ? replay_begin(source->replay) : NULL;
}

const char *source_part(const struct source *source, unsigned i, unsigned long *errors)
{
	if (source->replay && i == 0) {
		*errors = replay_bad_lines(source->replay);
		return "replay";
	}
	if (i >= source->count)
		return NULL;
	*errors = source->parts[i].errors;
	return source->parts[i].part->name;
}

const char *source_part_fault(const struct source *source, unsigned i)
{
	return i < source->count ? source->parts[i].fault.text : "";
}
