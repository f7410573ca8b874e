/* SPDX-License-Identifier: MIT */
#ifndef TALLY_H
#define TALLY_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/source/linux/procfile.h"

/*
 * The sum of two counters over devices that come and go, which itself never goes back.  What a
 * vanished device has counted stays in the sum.  The devices of the first round enter with all
 * that they have counted since boot; a device that appears later, and one whose counter fell
 * (the name stands for another device now), counts from what it shows at first sight.
 */
#define TALLY_DEVICES_MAX 4096 /* devices beyond are left out */

/* Whether a device that was not there in the last round is to be counted.  Asked once each time
 * it appears; may read files. */
typedef bool (*tally_judge)(void *arg, const char *name);

struct tally_device {
	char name[PROCFILE_NAME_MAX];
	uint64_t in, out;
	unsigned round; /* when it was last seen; 0 = free */
	bool counted;
};

struct tally {
	tally_judge judge;
	void *arg;
	struct tally_device *devices;
	unsigned count, cap;
	unsigned round;
	unsigned next; /* where the next device stood last time */
	bool any;      /* whether a counted device was ever seen */
	uint64_t in, out;
};

void tally_init(struct tally *tally, tally_judge judge, void *arg);
void tally_fini(struct tally *tally);

/* One round: begin, then each device once. */
void tally_begin(struct tally *tally);
void tally_add(struct tally *tally, const struct procfile_device *device);

#endif
