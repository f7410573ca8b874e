/* SPDX-License-Identifier: MIT */
#ifndef JSONFILE_H
#define JSONFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * JSON written to a file, one element a line, for the description of a machine.  Keys are NULL
 * inside arrays.  Write errors are those of the stream (ferror).
 */
struct jsonfile {
	FILE *f;
	unsigned depth;
	bool follows; /* something stands before, on this level */
};

void jsonfile_open(struct jsonfile *j, const char *key, char bracket); /* '{' or '[' */
void jsonfile_close(struct jsonfile *j, char bracket);		       /* '}' or ']' */
void jsonfile_text(struct jsonfile *j, const char *key, const char *text);
/* The same for a text of any length; the one above is cut. */
void jsonfile_long_text(struct jsonfile *j, const char *key, const char *text);
void jsonfile_number(struct jsonfile *j, const char *key, double value); /* NaN: null */
void jsonfile_bool(struct jsonfile *j, const char *key, bool value);
void jsonfile_hex(struct jsonfile *j, const char *key, const uint8_t *bytes, size_t size);

/* {"value": value, "per_s": per_s}, or the plain number when it does not grow. */
void jsonfile_growing(struct jsonfile *j, const char *key, double value, double per_s);

#endif
