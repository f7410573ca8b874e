/* SPDX-License-Identifier: MIT */
#include "daemon/source/linux/hwmon.h"

#include <stdio.h>
#include <string.h>

bool hwmon_load_chip(struct hwmon_chip *chip, const char *dir)
{
	int length = snprintf(chip->dir, sizeof(chip->dir), "%s", dir);

	return length < (int)sizeof(chip->dir) &&
		file_load(chip->name, sizeof(chip->name), "%s/name", dir) > 0;
}

/* "temp12_input" or "power1_average" of kind "temp", "power"; 0 when name is no such file. */
static unsigned hwmon_parse_channel(const char *name, const char *kind)
{
	struct text text = text_of(name, strlen(name));
	uint64_t number;

	if (!text_take_prefix(&text, kind) || !text_take_digits(&text, &number) ||
		number > UINT16_MAX)
		return 0;
	if (!text_equals(text, "_input") && !text_equals(text, "_average"))
		return 0;
	return (unsigned)number;
}

void hwmon_list_chip(
	const struct hwmon_chip *chip, const char *kind, hwmon_each each, void *arg)
{
	struct hwmon_channel channel = { .chip = chip };
	unsigned last = 0;
	struct names names;

	if (names_load(&names, "%s", chip->dir) < 0)
		return;
	for (unsigned i = 0; i < names.count; i++) {
		channel.number = hwmon_parse_channel(names.at[i], kind);
		if (channel.number == 0 || channel.number == last)
			continue;
		last = channel.number;
		if (file_load(channel.label, sizeof(channel.label), "%s/%s%u_label", chip->dir,
			    kind, channel.number) <= 0)
			snprintf(channel.label, sizeof(channel.label), "%s%u", kind,
				channel.number);
		each(arg, &channel);
	}
	names_free(&names);
}

void hwmon_list(const char *root, const char *kind, hwmon_each each, void *arg)
{
	char dir[FILE_PATH_MAX];
	struct hwmon_chip chip;
	struct names names;

	if (names_load(&names, "%s/sys/class/hwmon", root) < 0)
		return;
	for (unsigned i = 0; i < names.count; i++) {
		snprintf(dir, sizeof(dir), "%s/sys/class/hwmon/%s", root, names.at[i]);
		if (hwmon_load_chip(&chip, dir))
			hwmon_list_chip(&chip, kind, each, arg);
	}
	names_free(&names);
}

bool hwmon_has(const char *root, const char *name)
{
	struct names names;
	bool found = false;

	if (names_load(&names, "%s/sys/class/hwmon", root) < 0)
		return false;
	for (unsigned i = 0; i < names.count && !found; i++) {
		char chip[HWMON_NAME_MAX];

		file_load(chip, sizeof(chip), "%s/sys/class/hwmon/%s/name", root, names.at[i]);
		found = strcmp(chip, name) == 0;
	}
	names_free(&names);
	return found;
}
