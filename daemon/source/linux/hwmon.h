/* SPDX-License-Identifier: MIT */
#ifndef HWMON_H
#define HWMON_H

#include "daemon/source/linux/file.h"

/* The chips of /sys/class/hwmon (Documentation/hwmon/sysfs-interface.rst). */
#define HWMON_NAME_MAX 48

struct hwmon_chip {
	char dir[FILE_PATH_MAX - 64]; /* leaves room for the names of files */
	char name[HWMON_NAME_MAX];    /* of the driver: "coretemp" */
};

/* A channel of a chip: channel "temp" number 1 is temp1_input and its companions. */
struct hwmon_channel {
	const struct hwmon_chip *chip;
	unsigned number;
	char label[HWMON_NAME_MAX]; /* of temp1_label, else "temp1" */
};

/* Calls each() for every channel of that kind whose _input (or, of power, _average) file is
 * there, chip by chip in natural order. */
typedef void (*hwmon_each)(void *arg, const struct hwmon_channel *channel);
void hwmon_list(const char *root, const char *kind, hwmon_each each, void *arg);

/* The same for the chip in one folder. */
void hwmon_list_chip(
	const struct hwmon_chip *chip, const char *kind, hwmon_each each, void *arg);

/* Fills a chip from its folder; false when there is no name. */
bool hwmon_load_chip(struct hwmon_chip *chip, const char *dir);

/* Whether a chip of that name is there. */
bool hwmon_has(const char *root, const char *name);

#endif
