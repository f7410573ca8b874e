/* SPDX-License-Identifier: MIT */
#ifndef DOCTOR_H
#define DOCTOR_H

#include "client/doctor/finding.h"
#include "client/doctor/interview.h"
#include "client/self.h"
#include "client/service/plan.h"

/*
 * Looks at everything that can keep somebody from seeing what the machine does, from the
 * programs to the disk, each on its own, so that one fault does not hide another.
 */

#define DOCTOR_RUN_MS 10000	/* that actopd --test and the like may take */
#define DOCTOR_OUTPUT_MAX 65536 /* bytes of what they print */

struct doctor {
	const struct options *options;
	struct interview interview;
	struct service service;
	struct findings findings;
	char actopd[SELF_PATH_MAX]; /* the program; "" = not found */
	unsigned skipped;	    /* checks that need the answers of a daemon */
};

/* Asks the daemon and makes every check. */
void doctor_examine(struct doctor *d, const struct options *options);
void doctor_fini(struct doctor *d);

#define CHECK(name, daemon) void doctor_check_##name(struct doctor *d);
#include "client/doctor/checks.def"
#undef CHECK

/* Whether the daemon that was asked, or that would be, is that of the whole machine. */
bool doctor_is_system(const struct doctor *d);

/* A line of what a program printed, without what follows; NULL where it printed nothing. */
const char *doctor_first_line(struct buf *out);

/* How to start a daemon here. */
const char *doctor_start(const struct doctor *d);

#endif
