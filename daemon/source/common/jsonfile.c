/* SPDX-License-Identifier: MIT */
#include "daemon/source/common/jsonfile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "proto/alloc.h"
#include "proto/utf8.h"

#define TEXT_MAX 256

static void put_clean(struct jsonfile *j, const char *clean)
{
	fputc('"', j->f);
	for (const char *p = clean; *p; p++) {
		if (*p == '"' || *p == '\\')
			fputc('\\', j->f);
		if ((unsigned char)*p < 0x20)
			fprintf(j->f, "\\u%04x", (unsigned)*p);
		else
			fputc(*p, j->f);
	}
	fputc('"', j->f);
}

static void put_text(struct jsonfile *j, const char *text)
{
	char clean[TEXT_MAX];

	utf8_clean(clean, sizeof(clean), text);
	put_clean(j, clean);
}

static void put_key(struct jsonfile *j, const char *key)
{
	if (j->follows)
		fputc(',', j->f);
	if (j->depth > 0)
		fputc('\n', j->f);
	for (unsigned i = 0; i < j->depth; i++)
		fputc(' ', j->f);
	if (key) {
		put_text(j, key);
		fputs(": ", j->f);
	}
	j->follows = true;
}

/* Whole numbers without a point, so that counters keep every digit that a double has. */
static void put_number(struct jsonfile *j, double value)
{
	if (!isfinite(value))
		fputs("null", j->f);
	else if (value == floor(value) && fabs(value) < 9e15)
		fprintf(j->f, "%.0f", value);
	else
		fprintf(j->f, "%.15g", value);
}

void jsonfile_open(struct jsonfile *j, const char *key, char bracket)
{
	put_key(j, key);
	fputc(bracket, j->f);
	j->depth++;
	j->follows = false;
}

void jsonfile_close(struct jsonfile *j, char bracket)
{
	fputc(bracket, j->f);
	j->depth--;
	j->follows = true;
	if (j->depth == 0)
		fputc('\n', j->f);
}

void jsonfile_text(struct jsonfile *j, const char *key, const char *text)
{
	put_key(j, key);
	put_text(j, text);
}

void jsonfile_long_text(struct jsonfile *j, const char *key, const char *text)
{
	/* Each byte may become a replacement of three. */
	size_t size = 3 * strlen(text) + 4;
	char *clean = xcalloc(size, 1);

	utf8_clean(clean, size, text);
	put_key(j, key);
	put_clean(j, clean);
	free(clean);
}

void jsonfile_number(struct jsonfile *j, const char *key, double value)
{
	put_key(j, key);
	put_number(j, value);
}

void jsonfile_bool(struct jsonfile *j, const char *key, bool value)
{
	put_key(j, key);
	fputs(value ? "true" : "false", j->f);
}

void jsonfile_hex(struct jsonfile *j, const char *key, const uint8_t *bytes, size_t size)
{
	put_key(j, key);
	fputc('"', j->f);
	for (size_t i = 0; i < size; i++)
		fprintf(j->f, "%02x", bytes[i]);
	fputc('"', j->f);
}

void jsonfile_growing(struct jsonfile *j, const char *key, double value, double per_s)
{
	if (!(per_s > 0)) {
		jsonfile_number(j, key, value);
		return;
	}
	put_key(j, key);
	fputs("{\"value\": ", j->f);
	put_number(j, value);
	fputs(", \"per_s\": ", j->f);
	put_number(j, per_s);
	fputc('}', j->f);
}
