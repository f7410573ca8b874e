/* SPDX-License-Identifier: MIT */
#ifndef SOURCE_H
#define SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "proto/sample.h"

/*
 * Where readings come from.  A source fills a sample with raw readings: it does not derive,
 * keep history, log or know who listens.  It may set any metric that it measures itself; what
 * it leaves absent and has a rule in proto/metrics.def is computed afterwards
 * (daemon/derive.h).
 *
 * A platform ("linux", "darwin") is made of parts, each failing alone: a part that does not
 * open is reported once and skipped, and one whose read fails leaves its values absent.
 *
 * Calls come from one thread at a time, which need not be the one that opened the source.
 */

#define FAULT_TEXT_MAX 384 /* a path, and what is said of it */

/* Why something did not open, for people.  text is "" when nothing is known. */
struct fault {
	int code; /* -errno */
	char text[FAULT_TEXT_MAX];
};

/* Sets both and returns code, so that open functions can end with it. */
__attribute__((format(printf, 3, 4))) int fault_set(
	struct fault *why, int code, const char *format, ...);

struct source_options {
	const char *root; /* the path in front of /proc and /sys; "" = the machine itself */
};

/* One part of a platform.  Results are 0 or -errno. */
struct part {
	const char *name; /* "cpu", "memory": the key in status.sampler.errors */

	/* Sets *self to what the other calls get (NULL is allowed).  Nothing is to be released
	 * after a failure.  -ENODEV or -ENOENT: this machine does not have it, no fault. */
	int (*open)(void **self, const struct source_options *options, struct fault *why);

	/* Adds entities and notes to the layout.  Called once, after open; parts in the order
	 * of platform_parts[], so cores come before what refers to them. */
	int (*describe)(void *self, struct layout *layout);

	/* Reads once.  A value that cannot be read stays absent; the result is that of the last
	 * failure, for the error counters.  Must not allocate in steady state. */
	int (*read)(void *self, struct sample *s);

	void (*close)(void *self);
};

/* Defined by the one platform folder that is linked in; ends with NULL. */
extern const struct part *const platform_parts[];

/* Name of that platform ("linux", "darwin"), for --source and hello. */
extern const char platform_name[];

/* Reads the platform's clocks; never fails. */
void platform_now(struct instant *now);

/* Fills what is known of the machine. */
void platform_machine(const struct source_options *options, struct machine *machine);

/*
 * Writes what this machine answers as a file that the doubles of the tests can play, without
 * serial numbers and names of hosts and users.  Watches the machine for some seconds.  0, or
 * -ENOTSUP with why filled on a platform that has no such format.
 */
int platform_dump(FILE *f, struct fault *why);

/* ---- what the sampler uses ---- */

#define SOURCE_PARTS_MAX 24

struct source;

/*
 * spec: "auto" or "" (the linked platform), "linux[:ROOT]", "darwin", or
 * "replay:FILE[,speed=N|max]". NULL on failure, with why filled.  The layout is sealed and
 * owned by the source.
 */
struct source *source_open(const char *spec, struct fault *why);
void source_close(struct source *source);

/* The root in "linux:/path", "" in "auto" and "linux"; NULL when spec names no platform here,
 * but a recording. */
const char *source_root(const char *spec);

struct layout *source_layout(struct source *source);

/*
 * Takes the time and reads every part into s.  0; -ENODATA at the end of a recording (s is then
 * not to be used).
 */
int source_read(struct source *source, struct sample *s);

/*
 * How the sampler is to wait before the next read: 0 = its own schedule (live sources);
 * otherwise nanoseconds until the next recorded sample is due, 1 = at once.
 */
uint64_t source_pace(struct source *source);

/* The period that the recording was made with, in ms; 0 for live sources. */
unsigned source_base_ms(const struct source *source);

/* When the recording begins; NULL for live sources, and where it has no sample.  It stays the
 * same, whoever reads meanwhile. */
const struct instant *source_begin(const struct source *source);

/* For status: the name and the count of failed reads of part i; NULL beyond the last. */
const char *source_part(const struct source *source, unsigned i, unsigned long *errors);

/* Why part i did not open; "" when it did, or when this machine does not have it. */
const char *source_part_fault(const struct source *source, unsigned i);

#endif
