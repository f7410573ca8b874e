/* SPDX-License-Identifier: MIT */
#ifndef DEVPOWER_H
#define DEVPOWER_H

#include "daemon/source/linux/file.h"

/*
 * Whether a device sleeps.  Reading the sensors or the load of a sleeping GPU or disk wakes it
 * up and keeps it awake, at several watts, so nothing else of such a device is to be read. Only
 * devices that the kernel lets sleep (power/control is "auto") are asked each time.
 */
struct devpower {
	struct file status;
};

/* dir is the folder of the device. */
void devpower_open(struct devpower *power, const char *dir);
void devpower_close(struct devpower *power);
bool devpower_is_asleep(struct devpower *power);

#endif
