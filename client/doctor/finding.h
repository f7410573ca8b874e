/* SPDX-License-Identifier: MIT */
#ifndef FINDING_H
#define FINDING_H

#include "client/options.h"

/* What a check of the doctor has found: how good that is, what, and what to do about it. */

#define FINDING_TEXT_MAX 1024 /* bytes of a text; what is longer is cut */

enum grade { GRADE_PASS, GRADE_WARN, GRADE_FAIL, GRADE_COUNT };

struct finding {
	enum grade grade;
	const char *check; /* borrowed: the name of the check */
	char *text;
	char *advice; /* NULL = nothing to do */
};

struct findings {
	struct finding *items;
	unsigned count, cap;
	const char *check; /* what is being checked now; set by the caller */
};

void findings_fini(struct findings *f);

/* Adds one of the present check. */
__attribute__((format(printf, 3, 4))) void findings_add(
	struct findings *f, enum grade grade, const char *format, ...);

/* What to do about the newest one. */
__attribute__((format(printf, 2, 3))) void findings_advise(
	struct findings *f, const char *format, ...);

/* How many have that grade. */
unsigned findings_count(const struct findings *f, enum grade grade);

/* EXIT_OK, EXIT_WARNING or EXIT_ALARM: as the worst one is. */
int findings_exit(const struct findings *f);

/* Writes bytes as people read them, "1.5 GiB", and returns to. */
#define FINDING_BYTES_MAX 32
const char *finding_bytes(char to[FINDING_BYTES_MAX], int64_t bytes);

const char *grade_name(enum grade grade); /* "pass", "warn", "fail" */

/* Appends {"grade":...,"check":...,"text":...,"advice":...} without LF. */
void finding_write(const struct finding *f, struct buf *out);

/* Prints them on stdout: a line each, what to do below it, and a line that counts. */
void findings_print(const struct findings *f, bool color);

#endif
