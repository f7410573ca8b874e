/* SPDX-License-Identifier: MIT */
#include "daemon/source/linux/parts.h"

#include <stdio.h>

#include "daemon/source/linux/gauge.h"
#include "daemon/source/linux/hwmon.h"
#include "proto/alloc.h"
#include "proto/utf8.h"

/* Fans of hwmon chips, numbered from 0 in the order of the chips. */
#define FANS_MAX 64

struct fan {
	char label[LAYOUT_LABEL_MAX];
	struct gauge gauge;
	int64_t max_rpm; /* 0 = not known */
};

struct fans {
	struct fan fans[FANS_MAX];
	unsigned count;
	bool eager; /* a fixture tree: nothing is dear */
};

static void fans_add(void *arg, const struct hwmon_channel *channel)
{
	struct fans *fans = arg;
	struct fan *fan = &fans->fans[fans->count];

	if (fans->count == FANS_MAX)
		return;
	fans->count++;
	snprintf(fan->label, sizeof(fan->label), "%.31s %.31s", channel->chip->name,
		channel->label);
	file_open(&fan->gauge.file, "%s/fan%u_input", channel->chip->dir, channel->number);
	if (file_load_number(
		    &fan->max_rpm, "%s/fan%u_max", channel->chip->dir, channel->number) < 0)
		fan->max_rpm = 0;
}

static int fans_open(void **self, const struct source_options *options, struct fault *why)
{
	struct fans *fans = xcalloc(1, sizeof(*fans));

	(void)why;
	fans->eager = options->root[0] != '\0';
	hwmon_list(options->root, "fan", fans_add, fans);
	*self = fans;
	return 0;
}

static int fans_describe(void *self, struct layout *layout)
{
	const struct fans *fans = self;

	for (unsigned i = 0; i < fans->count; i++) {
		char name[LAYOUT_NAME_MAX];
		struct entity *e;

		snprintf(name, sizeof(name), "%u", i);
		e = layout_add(layout, SCOPE_FAN, name);
		if (e)
			utf8_clean(e->label, sizeof(e->label), fans->fans[i].label);
	}
	return 0;
}

static int fans_read(void *self, struct sample *s)
{
	struct fans *fans = self;
	int result = 0;

	for (unsigned i = 0; i < fans->count; i++) {
		struct fan *fan = &fans->fans[i];
		int64_t rpm = 0;
		int rc = gauge_read(&fan->gauge, fans->eager ? 0 : s->time.awake_ns, &rpm);

		if (rc < 0)
			result = rc;
		else if (rpm >= 0)
			sample_set(s, METRIC_FAN_RPM, i, (double)rpm);
		if (fan->max_rpm > 0)
			sample_set(s, METRIC_FAN_MAX_RPM, i, (double)fan->max_rpm);
	}
	return result;
}

static void fans_close(void *self)
{
	struct fans *fans = self;

	for (unsigned i = 0; i < fans->count; i++)
		file_close(&fans->fans[i].gauge.file);
	free(fans);
}

const struct part fans_part = { "fans", fans_open, fans_describe, fans_read, fans_close };
