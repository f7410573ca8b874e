/* SPDX-License-Identifier: MIT */
#ifndef REQUEST_ERROR_H
#define REQUEST_ERROR_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/buf.h"

struct request;

enum error_code {
	ERROR_NONE,
#define ERROR(id, ...) ERROR_##id,
#include "proto/errors.def"
#undef ERROR
	ERROR_COUNT
};

/*
 * One failure.  Only code, message and fatal are always written; a detail that is NULL (or
 * negative, for the numbers) is left out.  Texts are borrowed: static, or of the request, or of
 * whoever filled them in until the line is written.
 */
struct request_error {
	enum error_code code; /* ERROR_NONE: no failure */
	const char *message;
	const char *reason, *field, *name, *sub;
	const char *limit;	   /* name of the limit that was met, with max its value */
	int64_t max, retry_ms;	   /* -1 = left out */
	const char *oldest, *head; /* cursors */
	const char *ref;
	bool supported; /* lists the protocol versions that this server speaks */
	bool fatal;
};

/* An error with the code's own message and fatality, and no details. */
struct request_error request_error_make(enum error_code code);

/*
 * Set r->error and return false, for the caller to return; field may be NULL.  The text that is
 * said is kept in the request, cut at REQUEST_MESSAGE_MAX.
 */
bool request_fail(struct request *r, enum error_code code, const char *field);
bool request_fail_saying(struct request *r, enum error_code code, const char *field,
	const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Appends the error line, with its LF.  r may be NULL: id and op are null. */
void request_error_write(
	struct buf *out, const struct request *r, const struct request_error *error);

const char *error_name(enum error_code code); /* not for ERROR_NONE */

#endif
